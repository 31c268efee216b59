"""The glossary has every name that the tool needs, once, in order, and points at what is there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple, get_args

import pytest
import yaml

from hesim import categories as c
from hesim.app.glossary import glossary
from hesim.config.meaning import LABELS
from hesim.config.schema import read_schema
from hesim.levers.registry import GRADES
from hesim.outcomes import registry
from hesim.record.participant_table import TABLE
from hesim.sources import packaged
from hesim.study.answers.barriers import TABLES
from hesim.study.answers.structures import RANGES

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "hesim"
GLOSSARY = ROOT / "docs" / "glossary.md"
HEAD = "Term"
ANSWERS = sorted((PACKAGE / "study" / "answers").glob("*.py"))


class Entry(NamedTuple):
    """A row of the glossary, and the letter that it stands under."""

    letter: str
    term: str
    dutch: str
    meaning: str
    where: str


def entries_in(text: str) -> list[Entry]:
    """The rows of all tables."""
    found, letter = [], ""
    for line in text.splitlines():
        if line.startswith("## "):
            letter = line.removeprefix("## ")
        if line.startswith("| ") and not line.startswith(f"| {HEAD} "):
            found.append(Entry(letter, *(cell.strip() for cell in line.strip("|").split("|"))))
    return found


@cache
def entries() -> list[Entry]:
    return entries_in(GLOSSARY.read_text(encoding="utf-8"))


def names_in(text: str) -> list[str]:
    """Names as they stand in files and settings: between backticks."""
    return re.findall(r"`([^`]+)`", text)


def is_missing(name: str, rows: list[Entry]) -> bool:
    """Whether a name is no term, and stands in the meaning of none."""
    terms = {row.term.casefold() for row in rows}
    return name.replace("_", " ") not in terms and all(
        name not in names_in(row.meaning) for row in rows
    )


def rooms() -> Iterator[str]:
    """The rooms that the table of docs/architecture.md lists."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = text.partition("| Room | Holds |")[2].partition("\n\n")[0]
    for line in table.splitlines()[2:]:
        yield line.split("|")[1].strip(" `")


def sections() -> set[str]:
    """Parts of the configuration, and groups of settings of the model."""
    paths = [meaning.path.split(".") for meaning in read_schema(packaged()).meanings]
    return {path[0] for path in paths if len(path) > 1} | {
        path[1] for path in paths if path[0] == "model" and len(path) > 2
    }


def tables_in(source: str) -> set[str]:
    """Names with which a source puts tables among the answers of a study."""
    return {
        str(node.slice.value)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Subscript)
        and isinstance(node.ctx, ast.Store)
        and isinstance(node.value, ast.Attribute)
        and node.value.attr == "tables"
        and isinstance(node.slice, ast.Constant)
    }


def answers() -> set[str]:
    """Names of all tables that a study can answer with."""
    found = {name for file in ANSWERS for name in tables_in(file.read_text(encoding="utf-8"))}
    return found | {*TABLES, TABLE, RANGES}


NEEDED: dict[str, set[str]] = {
    "rooms": set(rooms()),
    "settings": sections(),
    "flow kinds": set(c.FLOW_KINDS),
    "sectors": set(c.SECTORS),
    "roles": set(c.ROLES),
    "contracts": set(c.CONTRACTS),
    "education": set(c.EDUCATION),
    "channels": set(c.CHANNELS),
    "labels": set(LABELS),
    "grades of levers": set(GRADES),
    "grades of outcomes": set(get_args(registry.Grade)),
    "tables of a study": answers(),
}


@pytest.mark.parametrize("names", NEEDED.values(), ids=NEEDED)
def test_every_name_that_the_tool_needs_is_there(names: set[str]) -> None:
    assert names
    missing = sorted(name for name in names if is_missing(name, entries()))
    assert not missing, f"docs/glossary.md lacks {', '.join(missing)}"


def test_a_name_is_there_as_a_term_or_in_backticks() -> None:
    rows = [Entry("S", "second job", "", "Or `dual`.", "")]
    names = ["second_job", "dual", "second", "or"]
    assert [name for name in names if is_missing(name, rows)] == ["second", "or"]


def test_needed_names_are_read_where_they_stand() -> None:
    assert {"population", "app", "top"} < NEEDED["rooms"]
    assert {"levers", "survey", "careers", "vacancies"} < NEEDED["settings"]
    source = 'made.tables["one"] = found\nkind, made.tables["two"] = f(made.tables["three"])\n'
    assert tables_in(source) == {"one", "two"}


def test_no_term_stands_twice() -> None:
    terms = [row.term.casefold() for row in entries()]
    assert len(terms) > 100
    assert sorted(terms) == sorted(set(terms))


def test_terms_stand_in_alphabetical_order_under_their_letter() -> None:
    terms = [row.term.casefold() for row in entries()]
    assert terms == sorted(terms)
    assert [row.term for row in entries() if row.term[0].upper() != row.letter] == []


def test_every_entry_says_what_it_means() -> None:
    assert [row.term for row in entries() if not row.meaning.endswith(".")] == []


def test_files_and_settings_that_are_named_exist() -> None:
    paths = [meaning.path for meaning in read_schema(packaged()).meanings]
    wrong = [
        (row.term, name)
        for row in entries()
        for name in names_in(row.where)
        if not any((folder / name).exists() for folder in (PACKAGE, ROOT))
        and not any(path == name or path.startswith(f"{name}.") for path in paths)
    ]
    assert wrong == []


def test_dutch_words_are_those_of_the_page() -> None:
    page = yaml.safe_load((PACKAGE / "app" / "words.yaml").read_text(encoding="utf-8"))
    dutch = {english.casefold(): word.casefold() for english, word in page.values()}
    other = {
        row.term: row.dutch
        for row in entries()
        if row.dutch and dutch.get(row.term.casefold(), row.dutch) != row.dutch
    }
    assert other == {}
    sources = [PACKAGE / "app" / "words.yaml", PACKAGE / "app" / "levers_nl.yaml"]
    text = " ".join(file.read_text(encoding="utf-8") for file in sources)
    text += " ".join(outcome.dutch for outcome in registry.OUTCOMES.values())
    text = " ".join(text.casefold().split())
    assert [row.dutch for row in entries() if row.dutch not in text] == []


def plain(meaning: str) -> str:
    """A meaning of docs/glossary.md without what is for readers of files."""
    without = re.sub(r" \([^()]*`[^()]*\)", "", meaning)
    return " ".join(part for part in re.split(r"(?<=\.) ", without) if "`" not in part)


def test_english_meanings_are_those_of_the_glossary_and_dutch_terms_too() -> None:
    documented = {each.term: each for each in entries()}
    dutch = glossary("nl")
    for key, term in glossary("en").items():
        assert term.meaning == plain(documented[key].meaning), key
        # An article may stand before the term where it is looked for in a text.
        assert not documented[key].dutch or any(
            documented[key].dutch in form for form in dutch[key].forms
        ), key
