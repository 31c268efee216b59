"""Add to pages what only the site shows, so that docs/ stays plain Markdown for code forges.

Sphinx loads this. The first page gets the navigation, the page of the Python interface the whole
docstrings, and every page its language, a link to the same page in the other one, and the edition.
"""

from __future__ import annotations

import html
import os
import re
import subprocess
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docs.site.navigation import (
    BORROWED,
    DOCS,
    DUTCH,
    HOME,
    ROOT,
    site_pages,
    toctrees,
    translation_of,
)
from docs.site.reference import RESULTS, public_names

from hesim import __version__
from hesim.record.manifest import commit, dirty

if TYPE_CHECKING:
    from sphinx.application import Sphinx

PYTHON = "reference/python"
_UPWARDS = re.compile(r"\]\((?P<path>(?:\.\./)+[^)#\s]+\.md)")
"""A link to a text above the folder of a page."""
_RELATIVE = re.compile(r"\]\((?![a-z]+:|#)")
"""Where a link begins that leads to a file."""
OTHER = {"en": ("nl", "Nederlands"), "nl": ("en", "English")}
"""The other language of each, and what it calls itself."""
DUTCH_WORDS = {
    "Search": "Zoeken",
    "On this page": "Op deze pagina",
    "Next": "Volgende",
    "Previous": "Vorige",
    "Home": "Begin",
    "Back to top": "Naar boven",
}
"""Words that the theme shows around a page. It has them in one language only."""


@cache
def edition() -> str:
    """Of which version and commit the site is, and whether code or texts differ from the commit."""
    found = commit()
    if found is None:
        return f"hesim {__version__}"
    asked = ("git", "-C", str(DOCS), "status", "--porcelain", ".")
    texts = subprocess.run(asked, capture_output=True, check=False).stdout.strip()
    return f"hesim {__version__}, commit {found[:10]}{', with changes' if dirty() or texts else ''}"


def supplement(page: str, text: str, docs: Path = DOCS) -> str:
    """The text of a page as the site reads it.

    Args:
        page: Its name.
        text: As it stands in the folder of the pages.
        docs: That folder.
    """
    if page == HOME:
        return f"{text}\n\n{toctrees(site_pages(docs))}\n"
    if page == PYTHON:
        text = f"{text}\n{_docstrings()}\n"
    if page in BORROWED and (ROOT / BORROWED[page]).is_file():
        borrowed = (ROOT / BORROWED[page]).read_text(encoding="utf-8")
        text = _RELATIVE.sub("](../", borrowed).replace("](../docs/", "](")
    return _outward(text, page)


def _outward(text: str, page: str) -> str:
    """Let links to texts outside of docs/ lead to the page that shows them, or to a copy."""

    def target(found: re.Match[str]) -> str:
        path = found["path"]
        place = (DOCS / page).parent.joinpath(path).resolve()
        if place.is_relative_to(DOCS):
            return found[0]
        for name, borrowed in BORROWED.items():
            if place == ROOT / borrowed and name in site_pages():
                return f"]({os.path.relpath(DOCS / name, (DOCS / page).parent)}.md"
        return f"](path:{path}"

    return _UPWARDS.sub(target, text)


def _docstrings() -> str:
    """Directives that show the docstring of each function and class."""
    lines = ["## Functions and the model", "", "```{eval-rst}"]
    for name in public_names():
        kind = "autoclass" if name == "hesim.Model" else "autofunction"
        members = ["   :members:", ""] if kind == "autoclass" else [""]
        lines += [f".. {kind}:: {name}", *members]
    lines += ["```", "", "## Results and errors", "", "```{eval-rst}"]
    for name in RESULTS:
        lines += [f".. autoclass:: {name}", "   :members:", "   :inherited-members: object", ""]
    return "\n".join([*lines, "```"])


def _read_source(app: Sphinx, page: str, source: list[str]) -> None:
    source[0] = supplement(page, source[0], Path(app.srcdir))


def _fill_page(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object
) -> None:
    language = "nl" if page.startswith(DUTCH) else "en"
    context["language"] = language
    if language == "nl":
        context["_"] = context["gettext"] = _in_dutch
    if "body" not in context:
        return
    translation = translation_of(page, site_pages(Path(app.srcdir)))
    if translation is not None:
        code, name = OTHER[language]
        target = html.escape(context["pathto"](translation))
        link = f'<a href="{target}" hreflang="{code}" lang="{code}">{name}</a>'
        context["body"] = f'<p class="other-language">{link}</p>\n{context["body"]}'
    context["body"] += f'\n<p class="edition">{html.escape(edition())}</p>'


def _in_dutch(words: str) -> str:
    return DUTCH_WORDS.get(words, words)


def _inline_formula(writer: Any, node: Any) -> None:
    _write_formula(writer, node, displayed=False)


def _displayed_formula(writer: Any, node: Any) -> None:
    _write_formula(writer, node, displayed=True)


def _write_formula(writer: Any, node: Any, displayed: bool) -> None:
    """Write a formula as browsers read it by themselves: the usual script comes from elsewhere."""
    from docutils.nodes import SkipNode
    from docutils.utils.math.latex2mathml import tex2mathml

    writer.body.append(tex2mathml(node.astext(), as_block=displayed))
    raise SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.add_html_math_renderer("mathml", (_inline_formula, None), (_displayed_formula, None))
    app.connect("source-read", _read_source)
    app.connect("html-page-context", _fill_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
