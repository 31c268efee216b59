"""The documents can be read once: short paragraphs, links that lead somewhere, limits of length."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md"]
LONGEST = 120
"""Words of a paragraph."""
WAITING = {"glossary.md"}
"""Documents that are not yet rewritten. Take one out when it is; no other may come in."""
LENGTHS = {"odd.md": 5000, "trace.md": 3000}
"""Words that a document must stay below, tables included."""
ITEM = re.compile(r"\s*([-*]|\d+\.) ")
APART = ("|", "#", "<!--", "![")
LINK = re.compile(r"\]\(([^()\s]+)\)")


def without_code(text: str) -> str:
    """A text without what stands between fences."""
    return re.sub(r"^ *```.*?^ *```$", "", text, flags=re.MULTILINE | re.DOTALL)


def paragraphs(text: str) -> Iterator[str]:
    """Paragraphs and items of lists; no tables, headings, pictures or indented code."""
    part: list[str] = []
    for line in [*without_code(text).splitlines(), ""]:
        code = not part and line.startswith("    ") and not ITEM.match(line)
        ends = not line.strip() or line.lstrip().startswith(APART) or code
        if part and (ends or ITEM.match(line)):
            yield " ".join(part)
            part = []
        if not ends:
            part.append(line.strip())


@cache
def anchors(file: Path) -> set[str]:
    """What a link may name in a document, as GitHub and Sphinx make it of headings."""
    text = without_code(file.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in headings}


def lost(file: Path) -> list[str]:
    """Links of a document to files or headings that are not there."""
    text = without_code(file.read_text(encoding="utf-8"))
    found = []
    for link in LINK.findall(text):
        place, _, anchor = link.partition("#")
        if re.match(r"\w+:", place):
            continue
        goal = (file.parent / place).resolve() if place else file
        if not goal.exists() or (anchor and anchor not in anchors(goal)):
            found.append(link)
    return found


@pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: file.name)
def test_no_paragraph_is_too_long_to_be_read_once(file: Path) -> None:
    if file.name in WAITING:
        pytest.skip("not yet rewritten")
    text = file.read_text(encoding="utf-8")
    assert [part for part in paragraphs(text) if len(part.split()) > LONGEST] == []


@pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: file.name)
def test_links_lead_to_files_and_headings_that_exist(file: Path) -> None:
    assert lost(file) == []


@pytest.mark.parametrize(("name", "words"), LENGTHS.items(), ids=LENGTHS)
def test_the_protocols_stay_short(name: str, words: int) -> None:
    assert len((ROOT / "docs" / name).read_text(encoding="utf-8").split()) < words


def test_documents_that_wait_exist() -> None:
    assert {file.name for file in DOCUMENTS} >= WAITING


def test_paragraphs_are_told_from_tables_code_and_items() -> None:
    text = "# A\n\none\ntwo\n\n| a | b |\n|---|---|\n\n    code\n\n- x\n  y\n- z\n\n"
    text += "```\nin\n```\nthree\n"
    assert list(paragraphs(text)) == ["one two", "- x y", "- z", "three"]


def test_lost_links_are_found(tmp_path: Path) -> None:
    there = tmp_path / "there.md"
    there.write_text("## What, and why\n\n```\n# no heading\n```\n", encoding="utf-8")
    here = tmp_path / "here.md"
    here.write_text(
        "[a](there.md#what-and-why) [b](there.md#no-heading) [c](gone.md) [d](https://x.nl/#e)\n",
        encoding="utf-8",
    )
    assert lost(here) == ["there.md#no-heading", "gone.md"]
