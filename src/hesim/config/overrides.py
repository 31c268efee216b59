"""Read `key=value` words with Hydra's grammar, after refusing what it would stumble over."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, NamedTuple

from hesim.config.defaults import EXPERIMENT
from hesim.config.word_faults import word_fault
from hesim.input.document import DEEPEST, BadDocument, parse, scalar, with_point
from hesim.input.problems import Problem

LONGEST_LINE = 20_000
"""Characters of one override."""


class Override(NamedTuple):
    """One override.

    Attributes:
        key: What it sets.
        value: To what.
        line: As it was written.
    """

    key: str
    value: Any
    line: str


def read_overrides(
    lines: Sequence[str], paths: Collection[str], is_list: Callable[[str], bool]
) -> tuple[list[Override], dict[str, object], list[Problem]]:
    """Read overrides.

    Args:
        lines: As they were written.
        paths: Settings that are paths; their values are taken as they stand.
        is_list: Says whether a setting holds a list, which may stand without its brackets.

    Returns:
        Overrides for Hydra; values by path that Hydra's grammar has no words for (paths, and names
        that begin with a digit, as bands do); and the problems of what cannot be read.
    """
    read: list[Override] = []
    plain: dict[str, object] = {}
    problems: list[Problem] = []
    for line in lines:
        key, equals, word = line.partition("=")
        fault = _too_much(line)
        if fault:
            problems.append(Problem(line, None, fault))
        elif equals and not key.strip():
            problems.append(Problem(line, None, "must be written key=value"))
        elif key in paths and equals and word[:1] not in ("'", '"'):
            plain[key] = None if word == "null" else word
        elif key.rpartition(".")[2][:1].isdigit() and word:
            try:
                plain[key] = parse(word)
            except BadDocument as error:
                problems.append(Problem(key, word, error.without_line()))
        else:
            found = _parsed(line, is_list)
            if isinstance(found, Override):
                read.append(found)
            else:
                problems.append(found)
    return read, plain, problems


def ambiguity(override: Override) -> Problem | None:
    """The problem of a value that could be read in two ways, such as 010 or 1_000."""
    word = override.line.partition("=")[2].strip()
    try:
        scalar(word)
    except BadDocument as error:
        return Problem(override.key, word, error.without_line())
    return None


def _too_much(line: str) -> str:
    """Why a line is not even parsed: parsers go as deep as the brackets do."""
    if len(line) > LONGEST_LINE:
        return f"has {len(line):,} characters; {LONGEST_LINE:,} are read"
    depth = 0
    for letter in line:
        depth += (letter in "([{") - (letter in ")]}")
        if depth > DEEPEST:
            return f"is nested deeper than {DEEPEST} levels"
    return ""


def _parsed(line: str, is_list: Callable[[str], bool]) -> Override | Problem:
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.core.override_parser.types import OverrideType
    from hydra.errors import HydraException

    try:
        override = OverridesParser.create().parse_override(line)
        value = override.value()
    except (HydraException, ValueError):
        key, equals, word = line.partition("=")
        unclear = ambiguity(Override(key, word, line)) if equals else None
        if unclear:
            return unclear
        why = word_fault(line)
        allowed = f"must be written key=value, odd characters as \"key='value'\" ({why})"
        return Problem(line, None, allowed)
    key = override.key_or_group
    adds = override.type == OverrideType.ADD and key == EXPERIMENT
    if not (adds or override.type == OverrideType.CHANGE) or override.package:
        return Problem(line, None, "keys are only set, as key=value: no +, ~ or @")
    if override.is_sweep_override():
        word = line.partition("=")[2]
        close = with_point(word)
        if is_list(key) and close is None and getattr(value, "simple_form", False):
            bare = _parsed(f"{key}=[{word}]", is_list)
            return bare._replace(line=line) if isinstance(bare, Override) else bare
        words = "must be one value, not a sweep"
        if close:
            words = "numbers have a decimal point, no comma"
        return Problem(key, word, words, close)
    return Override(key, value, line)
