"""Say in plain words what is odd about a `key=value` word that cannot be read."""

from __future__ import annotations

import re

_QUOTED = re.compile(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"")
_USUAL = re.compile(r"[\w\s.,+\-*/\\%@?|:\[\]{}()~]")
"""Characters that a value may have without quotes."""
_PAIRS = (("[", "]"), ("{", "}"), ("(", ")"))


def word_fault(line: str) -> str:
    """What is odd about a word, in a few words.

    Args:
        line: The word as it was written.
    """
    key, equals, value = line.partition("=")
    if not equals:
        return "it has no ="
    if re.search(r"\s", key.strip()):
        return "a name has no spaces"
    bare = _QUOTED.sub("", value)
    for quote in ("'", '"'):
        if quote in bare:
            return f"a {quote} is not closed"
    for first, last in _PAIRS:
        if bare.count(first) != bare.count(last):
            return f"{first} and {last} do not pair"
    odd = next((sign for sign in bare if not _USUAL.match(sign)), None)
    return "the value is not understood" if odd is None else f"the value holds {odd}"
