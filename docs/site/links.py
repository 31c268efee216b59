"""List the links of the texts that lead elsewhere, and find those within that lead nowhere.

    uv run python -m docs.site.links

Nothing is fetched. Sphinx checks the links of docs/ too, as the site resolves them; this looks at
them as a code forge does, and at the texts outside of docs/ as well.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from docs.site.navigation import ROOT
from markdown_it import MarkdownIt
from markdown_it.token import Token

_PARSER = MarkdownIt("commonmark").enable("table")
_ID = re.compile(r"""<[a-z][^>]*?\s(?:id|name)=["']([^"']+)["']""")
ELSEWHERE = ("http://", "https://", "mailto:")


class Link(NamedTuple):
    """One link, or one picture.

    Attributes:
        file: The text that it stands in.
        target: Where it leads, as it is written.
    """

    file: Path
    target: str


def texts(root: Path = ROOT) -> list[Path]:
    """The Markdown at the top of the checkout, and in docs/ and experiments/."""
    found = [*root.glob("*.md"), *root.glob("docs/**/*.md"), *root.glob("experiments/**/*.md")]
    return sorted(found)


def links(file: Path) -> Iterator[Link]:
    """All links and pictures of a text."""
    for token in tokens_of(file):
        for name in ("href", "src"):
            if name in token.attrs:
                yield Link(file, str(token.attrs[name]))


@cache
def tokens_of(file: Path) -> tuple[Token, ...]:
    """What a text is made of, in its order: blocks, and what stands in each."""
    whole = _PARSER.parse(file.read_text(encoding="utf-8"))
    return tuple(each for token in whole for each in (token, *(token.children or ())))


@cache
def anchors(file: Path) -> frozenset[str]:
    """Anchors of a text: those of its headings, as code forges make them, and those in HTML."""
    tokens = tokens_of(file)
    markup = [token.content for token in tokens if "html" in token.type]
    found = {name for content in markup for name in _ID.findall(content)}
    times: Counter[str] = Counter()
    for token, following in pairwise(tokens):
        if token.type == "heading_open":
            slug = heading_anchor(_plain(following))
            found.add(f"{slug}-{times[slug]}" if times[slug] else slug)
            times[slug] += 1
    return frozenset(found)


def _plain(heading: Token) -> str:
    return "".join(
        token.content for token in heading.children or () if token.type in ("text", "code_inline")
    )


def heading_anchor(title: str) -> str:
    """The anchor of a heading: small letters, hyphens for blanks, no marks."""
    return re.sub(r"[^\w\- ]", "", title.lower().strip()).replace(" ", "-")


def broken(link: Link, root: Path = ROOT) -> str:
    """Why a link within the checkout leads nowhere; empty where it leads somewhere."""
    if link.target.startswith(ELSEWHERE):
        return ""
    path, _, anchor = unquote(link.target).partition("#")
    place = (link.file.parent / path).resolve() if path else link.file
    if not place.exists():
        return "there is no such file"
    if not place.is_relative_to(root):
        return "leaves the checkout"
    if anchor and (place.suffix != ".md" or anchor not in anchors(place)):
        return "there is no such heading"
    return ""


def main() -> int:
    """Print both lists; 1 if a link leads nowhere."""
    found = [link for file in texts() for link in links(file)]
    outward = {link.target for link in found if link.target.startswith(ELSEWHERE)}
    for target in sorted(outward):
        places = {link.file.relative_to(ROOT).as_posix() for link in found if link.target == target}
        print(f"{target}  ({', '.join(sorted(places))})")
    print(f"{len(outward)} addresses elsewhere, none of them fetched")
    faults = [(link, broken(link)) for link in found if broken(link)]
    for link, why in faults:
        print(f"{link.file.relative_to(ROOT)}: {link.target}: {why}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
