"""Find what a built site would ask of other servers; it should ask nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

LOADED = {
    "script": ("src",),
    "img": ("src", "srcset"),
    "iframe": ("src",),
    "source": ("src", "srcset"),
    "video": ("src", "poster"),
    "audio": ("src",),
    "object": ("data",),
    "embed": ("src",),
    "image": ("href", "xlink:href"),
    "use": ("href", "xlink:href"),
}
"""Attributes by which a page loads something without a click."""
LINKS = ("stylesheet", "icon", "preload", "prefetch", "preconnect", "dns-prefetch", "modulepreload")
"""Kinds of `<link>` that a browser follows by itself."""
_FOREIGN = re.compile(r"^\s*(https?:)?//", re.IGNORECASE)
_IN_STYLE = re.compile(r"""(?:url\(\s*|@import\s+)["']?((?:https?:)?//[^"')\s]+)""", re.IGNORECASE)


class _Page(HTMLParser):
    """Reads a page, and notes what it would load from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one tag."""
        values = {name: value or "" for name, value in attrs}
        names = LOADED.get(tag, ())
        if tag == "link" and set(values.get("rel", "").lower().split()) & {*LINKS, "shortcut"}:
            names = ("href",)
        self.found += [values[n] for n in names if _FOREIGN.match(values.get(n, ""))]
        self.found += _IN_STYLE.findall(values.get("style", ""))
        self.style = tag == "style"

    def handle_data(self, data: str) -> None:
        """Look at a sheet of styles within the page."""
        if self.style:
            self.found += _IN_STYLE.findall(data)


def foreign_requests(folder: Path) -> list[str]:
    """A line for each file and address that the site would load from another server."""
    return sorted(set(_requests(folder)))


def _requests(folder: Path) -> Iterator[str]:
    for file in folder.rglob("*"):
        if file.suffix not in (".html", ".css", ".svg"):
            continue
        text = file.read_text(encoding="utf-8")
        if file.suffix == ".css":
            addresses = _IN_STYLE.findall(text)
        else:
            page = _Page()
            page.feed(text)
            addresses = page.found
        for address in addresses:
            yield f"{file.relative_to(folder).as_posix()}: {address}"
