"""Read a YAML document of a user: plain settings, each with one meaning only.

YAML 1.1 reads `010` as 8, `1:30` as 90 and `no` as false, lets a few lines grow to gigabytes by
aliases, and the last of two keys wins. Here each of those is refused in words.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import Any

from hesim.input.yaml_faults import yaml_fault

DEEPEST = 20
"""Levels that lists and mappings may be nested."""
MOST_VALUES = 20_000
"""Values that one document may hold."""
LONGEST_NUMBER = 40
"""Characters of a number."""

_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+)([eE][-+]?[0-9]+)?")
_COMMA = re.compile(r"[-+]?[0-9]+,[0-9]+")
_NULL, _TRUE, _FALSE = (
    ("", "~", "null", "Null", "NULL"),
    ("true", "True", "TRUE"),
    (
        "false",
        "False",
        "FALSE",
    ),
)
_SWITCH = re.compile(r"(yes|no|on|off)", re.IGNORECASE)
_OTHER_NUMBER = re.compile(
    r"[-+]?(0[0-9_]+|0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|[0-9][0-9_]*_[0-9_]*(\.[0-9_]*)?"
    r"|[0-9]+(:[0-5]?[0-9])+(\.[0-9]*)?)"
)
_NOT_FINITE = re.compile(r"[-+]?\.?(nan|inf|infinity)", re.IGNORECASE)
_DATE_OR_TIME = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt \t].*)?")


class BadDocument(ValueError):
    """A document that cannot be read; `faults` says each reason, with its line."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("; ".join(faults))

    def without_line(self) -> str:
        """The faults of what is one line anyway."""
        return "; ".join(fault.removeprefix("line 1: ") for fault in self.faults)


def parse(text: str) -> Any:
    """What YAML text means.

    Raises:
        BadDocument: it cannot be read, or holds what could be read in two ways.
    """
    import yaml

    try:
        _weigh(text)
        node = yaml.compose(text, Loader=_reader())
    except yaml.YAMLError as error:
        raise BadDocument([yaml_fault(error, text)]) from error
    faults: list[str] = []
    value = None if node is None else _value(node, faults)
    if faults:
        raise BadDocument(faults)
    return value


def scalar(word: str) -> Any:
    """What a plain word means: null, true, false, a number, or itself as text.

    Raises:
        BadDocument: it could be read in two ways, or is no finite number.
    """
    if word in _NULL:
        return None
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    fault = _doubt(word)
    if fault:
        raise BadDocument([fault])
    if _INT.fullmatch(word):
        return int(word)
    return float(word) if _FLOAT.fullmatch(word) else word


def with_point(word: object) -> str | None:
    """The number that was meant by one with a decimal comma; None if it is none."""
    found = isinstance(word, str) and _COMMA.fullmatch(word.strip())
    return str(word).strip().replace(",", ".") if found else None


def _doubt(word: str) -> str:
    """Why a plain word may not stand as it is; empty when all is well."""
    shown = repr(word if len(word) <= LONGEST_NUMBER else word[:LONGEST_NUMBER] + "...")
    if _SWITCH.fullmatch(word):
        return f"{shown} must be written true or false (or in quotes, as a text)"
    if _OTHER_NUMBER.fullmatch(word):
        return f"{shown} can be read as several numbers; write it in plain digits, as 10 or 0.5"
    if _NOT_FINITE.fullmatch(word):
        return f"{shown} must be a finite number"
    if _DATE_OR_TIME.fullmatch(word):
        return f"{shown} is a day; months are written as 2014-01 (other texts in quotes)"
    if word == "???":
        return f"{shown} must be a value"
    if _INT.fullmatch(word) or _FLOAT.fullmatch(word):
        if len(word) > LONGEST_NUMBER:
            return f"{shown} is a number of {len(word)} characters; it may have {LONGEST_NUMBER}"
        if not math.isfinite(float(word)):
            return f"{shown} is too large a number"
    return ""


@lru_cache(maxsize=1)
def _reader() -> Any:
    import yaml

    # The compiled reader where there is one; both read the same.
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _weigh(text: str) -> None:
    """Refuse what is too deep, too much or refers to itself, before any of it is built."""
    import yaml

    depth = documents = 0
    for count, event in enumerate(yaml.parse(text, Loader=_reader())):
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            words = "anchors and aliases (&name, *name) are not read; write the value out"
            raise BadDocument([f"line {line}: {words}"])
        if getattr(event, "tag", None):
            raise BadDocument([f"line {line}: tags (!name) are not read"])
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.DocumentStartEvent):
            documents += 1
        if depth > DEEPEST:
            raise BadDocument([f"line {line}: is nested deeper than {DEEPEST} levels"])
        if count > MOST_VALUES:
            raise BadDocument([f"holds more than {MOST_VALUES:,} values"])
        if documents > 1:
            raise BadDocument([f"line {line}: a second document begins here; one is read"])


def _value(node: Any, faults: list[str]) -> Any:
    import yaml

    if isinstance(node, yaml.MappingNode):
        return _mapping(node, faults)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, faults) for item in node.value]
    line = node.start_mark.line + 1
    if "${" in node.value:
        faults.append(f"line {line}: {_short(node.value)}: interpolations are not resolved")
        return node.value
    if node.style:
        return node.value
    try:
        return scalar(node.value)
    except BadDocument as error:
        faults.extend(f"line {line}: {fault}" for fault in error.faults)
        return node.value


def _mapping(node: Any, faults: list[str]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, item in node.value:
        line = key.start_mark.line + 1
        name = key.value if isinstance(key.value, str) else None
        if name is None or "${" in name or name == "<<":
            faults.append(f"line {line}: a key must be a plain name")
            continue
        if not key.style and not _is_name(name):
            faults.append(f"line {line}: the key {_short(name)} must be a name, or in quotes")
        if name in made:
            faults.append(f"line {line}: the key {_short(name)} stands twice")
        made[name] = _value(item, faults)
    return made


def _is_name(word: str) -> bool:
    try:
        return isinstance(scalar(word), str)
    except BadDocument:
        return False


def _short(word: str) -> str:
    return repr(word if len(word) <= 60 else word[:60] + "...")
