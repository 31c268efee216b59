"""Make the gallery of all pages: one picture and one sentence for each."""

from __future__ import annotations

from pathlib import Path

from hesim.experiments.page_file import FIGURES, FILE, README, read_pages
from hesim.experiments.page_text import fill_page

GALLERY = "README.md"


def gallery_text(folder: Path) -> str:
    """The gallery as Markdown, from the tables of the pages that are made.

    Args:
        folder: The folder of all pages.

    Raises:
        ConfigErrors: with what is wrong with the pages.
    """
    pages = [page for page in read_pages(folder).values() if (page.folder / README).is_file()]
    lines = [
        "# What hesim answers",
        "",
        "One page for each question. Each is made from stored studies by a template, so that its "
        "numbers are those of its tables. `hesim reproduce NAME` makes a page again and compares "
        "every number.",
    ]
    for page in pages:
        sentence = fill_page(page, page.folder).sentence
        lines += ["", f"## [{page.title}]({page.name}/{README})", "", sentence]
        if page.figures:
            picture = f"{page.name}/{FIGURES}/{next(iter(page.figures))}.png"
            lines += ["", f"[![{page.question}]({picture})]({page.name}/{README})"]
    others = sorted(
        file.parent.name
        for file in folder.glob(f"*/{README}")
        if not (file.parent / FILE).is_file()
    )
    if others:
        named = ", ".join(f"[{name}]({name}/{README})" for name in others)
        lines += ["", f"Older experiments, made by hand: {named}."]
    return "\n".join(lines) + "\n"
