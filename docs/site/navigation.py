"""Say in which part of the site each page stands, and which pages say the same in two languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
"""The checkout."""
DOCS = ROOT / "docs"
HOME = "index"
DUTCH = "nl/"
"""Folder of the Dutch pages."""
REST = "*"
"""Takes the pages that no other part has named, so that a new page needs no entry here."""


@dataclass(frozen=True)
class Part:
    """One part of the navigation.

    Attributes:
        title: What it is called.
        pages: Its pages without their endings, in their order; patterns take several, by name.
    """

    title: str
    pages: tuple[str, ...]


PARTS = (
    Part("First hour", ("first-hour", "first-walk")),
    Part("Tutorials", ("tutorials/*", "notebooks/*", "modelling", "mesa", "recipes", "cluster")),
    Part(
        "Reference",
        (
            "reference/settings",
            "levers",
            "reference/outcomes",
            "outputs",
            "reference/commands",
            "reference/python",
            "reference/*",
            "studies",
            "view",
        ),
    ),
    Part("Explanation", ("ten-minutes", "odd", "trace", "reading", "limits", REST)),
    Part("Gallery", ("gallery", "gallery/*")),
    Part("Glossary", ("glossary",)),
    Part("Questions", ("faq",)),
    Part("Changes", ("changelog", "history")),
    Part("Model card", ("model-card",)),
    Part("The project", ("contributing", "architecture", "publishing")),
    Part("Nederlands", ("nl/index", "nl/eerste-uur", "nl/*")),
)

TRANSLATIONS = {"nl/eerste-uur": "first-hour", "nl/modelkaart": "model-card"}
"""Dutch pages and the English ones that say the same, where their names differ."""

BORROWED = {"changelog": "CHANGELOG.md", "contributing": "CONTRIBUTING.md"}
"""Pages that are read from a file at the top of the checkout, where code forges look for it."""


def site_pages(docs: Path = DOCS) -> list[str]:
    """Names of all pages but the first one, without endings, sorted."""
    files = [*docs.rglob("*.md"), *docs.rglob("*.ipynb")]
    names = {file.relative_to(docs).with_suffix("").as_posix() for file in files}
    return sorted(
        name
        for name in names - {HOME}
        if not any(part.startswith((".", "_")) for part in name.split("/"))
    )


def parted_pages(pages: Sequence[str]) -> dict[str, list[str]]:
    """Pages by the title of their part, in the order of the navigation; each stands in one part.

    Args:
        pages: Names of pages without endings.
    """
    found: dict[str, list[str]] = {part.title: [] for part in PARTS}
    left = sorted(pages)
    for rest in (False, True):
        for part in PARTS:
            for pattern in part.pages:
                if (pattern == REST) == rest:
                    chosen = [page for page in left if fnmatchcase(page, pattern)]
                    found[part.title] += chosen
                    left = [page for page in left if page not in chosen]
    return {title: names for title, names in found.items() if names}


def toctrees(pages: Sequence[str]) -> str:
    """The navigation as Sphinx reads it, a directive for each part that has pages."""
    parts = []
    for title, names in parted_pages(pages).items():
        lines = (f":caption: {title}", ":maxdepth: 1", "", *names)
        parts.append("\n".join(("```{toctree}", *lines, "```")))
    return "\n\n".join(parts)


def translation_of(page: str, pages: Sequence[str]) -> str | None:
    """The page that says the same in the other language; None where there is none.

    Args:
        page: Name of a page.
        pages: Names of all pages.
    """
    if page.startswith(DUTCH):
        translation = TRANSLATIONS.get(page, page.removeprefix(DUTCH))
    else:
        english = {value: key for key, value in TRANSLATIONS.items()}
        translation = english.get(page, f"{DUTCH}{page}")
    return translation if translation in {*pages, HOME} else None
