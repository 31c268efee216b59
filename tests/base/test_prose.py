"""The documents can be read once: short paragraphs, limits of length. Links: `tests/docs`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [*sorted((ROOT / "docs").glob("*.md")), *sorted(ROOT.glob("*.md"))]
LONGEST = 120
"""Words of a paragraph."""
LENGTHS = {"odd.md": 5000, "trace.md": 3000}
"""Words that a document must stay below, tables included."""
ITEM = re.compile(r"\s*([-*]|\d+\.) ")
APART = ("|", "#", "<!--", "![")


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


@pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: file.name)
def test_no_paragraph_is_too_long_to_be_read_once(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert [part for part in paragraphs(text) if len(part.split()) > LONGEST] == []


@pytest.mark.parametrize(("name", "words"), LENGTHS.items(), ids=LENGTHS)
def test_the_protocols_stay_short(name: str, words: int) -> None:
    assert len((ROOT / "docs" / name).read_text(encoding="utf-8").split()) < words


def test_paragraphs_are_told_from_tables_code_and_items() -> None:
    text = "# A\n\none\ntwo\n\n| a | b |\n|---|---|\n\n    code\n\n- x\n  y\n- z\n\n"
    text += "```\nin\n```\nthree\n"
    assert list(paragraphs(text)) == ["one two", "- x y", "- z", "three"]
