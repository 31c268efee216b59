"""Say in plain words why a text is no valid YAML, and in which line."""

from __future__ import annotations

import re
from typing import Any

_LONGEST = 60
"""Characters of a line that a message shows."""
_UNFIT = (
    "does not fit the lines above it: is it indented otherwise, or does a colon or a dash lack?"
)
_OPEN = {"]": "[", "}": "{"}


def yaml_fault(error: Any, text: str) -> str:
    """Why YAML text cannot be read, as `line 3: must be valid YAML: ...`.

    Args:
        error: What PyYAML raised, from its own reader or from the compiled one.
        text: The text.
    """
    mark = getattr(error, "problem_mark", None)
    lines = text.splitlines() or [""]
    if mark is None:
        return _of_characters(error, text)
    # What ends too early is told at the end of the text, behind the last line.
    number = min(mark.line, len(lines) - 1)
    begin = getattr(error, "context_mark", None)
    start = number if begin is None else min(begin.line, len(lines) - 1)
    words = _words(str(error.problem or ""), lines, number, mark.column, start)
    return f"line {number + 1}: must be valid YAML: {words}"


def _of_characters(error: Any, text: str) -> str:
    """The words for a character that no YAML text may hold, such as a control character."""
    code = getattr(error, "character", None)
    sign = chr(code) if isinstance(code, int) else str(code)
    place = text.find(sign) if code is not None else -1
    if place < 0:
        return "must be valid YAML: it holds characters that no text may hold"
    line = text.count("\n", 0, place) + 1
    return (
        f"line {line}: must be valid YAML: it holds a character that cannot be seen "
        f"(U+{ord(sign):04X}); delete it"
    )


def _words(problem: str, lines: list[str], number: int, column: int, start: int) -> str:
    """The words for a problem by what the reader says of it and by what stands there.

    Args:
        problem: What the reader says.
        lines: The text.
        number: Where it stumbled, from 0.
        column: The same, in the line.
        start: Where the part began that it stumbled in, from 0.
    """
    line = lines[number]
    sign = line[column : column + 1]
    if sign == "\t" or line[:column].strip(" ") == "\t" or re.match(r" *\t", line):
        return "a tab stands at the beginning; indent with spaces"
    closing = re.search(r"expected (?:',' or )?'([\]}])'|',' or '([\]}])'", problem)
    if closing:
        bracket = closing[1] or closing[2]
        return f"the {_OPEN[bracket]} in line {start + 1} is not closed by a {bracket}"
    if "cannot start any token" in problem:
        return f"a value cannot begin with {sign}; put the text in quotes"
    if "unexpected end of stream" in problem or "unexpected document separator" in problem:
        return f"the quote that opens in line {start + 1} is not closed"
    if "escape" in problem:
        return "a \\ in double quotes needs a second one; or use single quotes"
    if "mapping values are not allowed" in problem:
        return _of_colon(lines, number, column)
    if line.lstrip().startswith("%"):
        return "a line cannot begin with %"
    if "':'" in problem:
        return f"{_short(lines[start])} has no colon; settings are written `key: value`"
    if "expected" in problem:
        return f"{_short(line)} {_UNFIT}"
    return f"{_short(line)} is not understood; settings are written `key: value`"


def _of_colon(lines: list[str], number: int, column: int) -> str:
    """The words for a colon where none may stand."""
    line = lines[number]
    if re.search(r":\s", line[:column]):
        return f"{_short(line)} has two colons; put a text that holds a colon in quotes"
    above = next((each for each in reversed(lines[:number]) if each.strip()), "")
    if above and ":" not in above:
        return f"the line above, {_short(above)}, has no colon; settings are written `key: value`"
    return f"{_short(line)} {_UNFIT}"


def _short(line: str) -> str:
    stripped = line.strip()
    return repr(stripped if len(stripped) <= _LONGEST else stripped[:_LONGEST] + "...")
