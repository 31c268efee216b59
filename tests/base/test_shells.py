"""Commands that bash, PowerShell and cmd read alike, in all that is printed; simulated shells."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hesim.input.shells import command_line, quoted, unquoted

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = r"(?:hesim|uv run|uv sync|pip install)"
COMMAND = re.compile(rf"{PROGRAMS} \S.*")
SYNOPSIS = re.compile(r" \[|\.\.\.\]|\|-|\w\|\w+\|")
"""What says how a command is written, such as `hesim check [key=value ...]`, and is none."""


INTO_A_FILE = re.compile(r" > [\w./-]+(?= |$)")
"""Each of the shells sends what is printed into a file so."""
OF_ONE_SHELL = "completion.py"
"""It writes what one shell alone reads."""


def bash(line: str) -> list[str]:
    bare = re.sub(r'"[^"]*"', "", line.partition(" #")[0])
    wrong = set(bare) & set("$`\\!*?[]{}();<>|&~'")
    inside = set("".join(re.findall(r'"([^"]*)"', line.partition(" #")[0]))) & set("$`\\!")
    assert not wrong | inside, f"bash reads {wrong | inside} otherwise: {line}"
    return shlex.split(line, comments=True)


def powershell(line: str) -> list[str]:
    bare = re.sub(r'"[^"]*"', "", line.partition(" #")[0])
    wrong = set(bare) & set("$`@(){};<>|&'")
    assert not wrong and " ," not in bare and ", " not in bare, f"PowerShell: {wrong} in {line}"
    words = (each.group() for each in re.finditer(r'(?:[^\s"]|"[^"]*")+', line.partition(" #")[0]))
    return [word.replace('"', "") for word in words]


def cmd(line: str) -> list[str]:
    wrong = set(re.sub(r'"[^"]*"', "", line)) & set("&|<>^")
    wrong |= set(re.findall(r"%\w+%", line))
    assert not wrong, f"cmd reads {wrong} otherwise: {line}"
    words = (each.group() for each in re.finditer(r'(?:[^\s"]|"[^"]*"?)+', line))
    return unquoted(word.replace('"', "") for word in words)


def commands(text: str, markdown: bool) -> Iterator[str]:
    """Commands in a text: lines of their own, between back quotes, and after a colon."""
    spans = re.findall(r"`([^`\n]+)`", text)
    lines = [line.strip() for line in text.splitlines() if not markdown or line[:4] == " " * 4]
    lines += [line.rpartition(": ")[2] for line in lines if ": hesim" in line and not markdown]
    for found in (*lines, *(each.replace("\\|", "|") for each in spans)):
        # Behind a command of a listing stands what it does.
        line = found if markdown else re.split(r"\s{2,}(?!#)", found)[0]
        if COMMAND.fullmatch(line) and not SYNOPSIS.search(line):
            yield line


def printed() -> Iterator[tuple[str, str]]:
    """All commands that somebody may copy, each with the file that it stands in."""
    for folder in ("docs", "experiments", "."):
        place = ROOT / folder
        for file in place.glob("*.md") if folder == "." else place.rglob("*.md"):
            for line in commands(file.read_text(encoding="utf-8"), markdown=True):
                yield file.relative_to(ROOT).as_posix(), line
    for file in (*(ROOT / "conf").rglob("*.yaml"), *(ROOT / "src").rglob("*.yaml")):
        for line in commands(file.read_text(encoding="utf-8"), markdown=False):
            yield file.relative_to(ROOT).as_posix(), re.sub(r"\{\w+\}", "WORD", sentence(line))
    for file in (ROOT / "src").rglob("*.py"):
        if file.name == OF_ONE_SHELL:
            continue
        for text in texts(ast.parse(file.read_text(encoding="utf-8"))):
            for line in commands(text, markdown=False):
                yield file.relative_to(ROOT).as_posix(), sentence(line)


def sentence(line: str) -> str:
    """A command without the rest of the sentence that it stands in."""
    return line if ' "' in line else re.split(r"[,;.)](?:[ \"]|$)", line)[0]


def texts(tree: ast.AST) -> Iterator[str]:
    """Texts of a module; what is put into them is a word."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(
                str(each.value) if isinstance(each, ast.Constant) else "WORD"
                for each in node.values
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_every_command_that_is_printed_is_read_alike_by_all_shells() -> None:
    found = list(printed())
    assert len(found) > 150
    wrong = []
    for file, typed in found:
        line = INTO_A_FILE.sub("", typed)
        try:
            assert bash(line) == powershell(line) == cmd(line), line
        except (AssertionError, ValueError) as error:
            wrong.append(f"{file}: {error}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "line",
    [
        "hesim run 'levers=[a,b]'",
        "hesim run levers=[a,b]",
        "hesim run levers=a, b",
        "hesim query S \"select '$x'\"",
        "hesim study study.uncertainties=a:1|2",
        "hesim run years=1 \\",
        "hesim run years=1   # faster & smaller",
        "hesim run output=~/x",
    ],
)
def test_a_command_that_some_shell_reads_otherwise_is_refused(line: str) -> None:
    assert list(commands(f"    {line}", markdown=True)) == [line]
    with pytest.raises((AssertionError, ValueError)):
        assert bash(line) == powershell(line) == cmd(line)


@pytest.mark.parametrize(
    ("left", "meant"),
    [
        (["'levers=[a,b]'"], ["levers=[a,b]"]),
        (["'levers=[a,", "b]'", "years=1"], ["levers=[a, b]", "years=1"]),
        (['"seed=1"'], ["seed=1"]),
        (["question='Why", "so", "few'"], ["question='Why so few'"]),
        (["question='Why'"], ["question='Why'"]),
        (["years=1", "#", "it's", "a", "comment"], ["years=1"]),
        (["select 'a' = 'b'"], ["select 'a' = 'b'"]),
        (["'a' = 'b'"], ["'a' = 'b'"]),
        (["'open", "years=1"], ["'open", "years=1"]),
        (["question=What's up"], ["question=What's up"]),
        (["'", "''", '"'], ["'", "", '"']),
        ([r"data=C:\my data"], [r"data=C:\my data"]),
    ],
)
def test_what_cmd_leaves_in_words_is_taken_away(left: list[str], meant: list[str]) -> None:
    assert unquoted(left) == meant


@pytest.mark.parametrize(
    ("word", "typed"),
    [
        ("levers=a,b", "levers=a,b"),
        ("levers=[a,b]", '"levers=[a,b]"'),
        (r"C:\my data", r'"C:\my data"'),
        ('question="Why so few"', "\"question='Why so few'\""),
        ("a b", '"a b"'),
        ("~x", '"~x"'),
        ("", "''"),
    ],
)
def test_a_word_is_quoted_only_where_it_must_be(word: str, typed: str) -> None:
    assert quoted(word) == typed


@given(st.lists(st.text("ab1_=,:./[]{}()|&;<>*?~ '-+", min_size=1), min_size=1))
def test_what_is_written_is_read_as_it_was_meant_by_bash(words: list[str]) -> None:
    assert shlex.split(command_line(words)) == words
