"""Say what an outcome means wherever its name stands: on hover, and when it is reached by key.

What it means stands in `words.yaml`; its title, unit and grade are those of `outcomes.registry`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hesim.app.glossary import with_meaning
from hesim.outcomes.registry import OUTCOMES

if TYPE_CHECKING:
    from hesim.app.words import Words

ENDINGS = ("_difference",)
"""What stands behind the name of an outcome in the names of further charts of it."""


def outcome_meaning(name: str, words: Words) -> str:
    """What an outcome is, counted in what, and what it rests on; empty for anything else.

    Args:
        name: Its name, or that of a chart of it.
        words: Language.
    """
    for ending in ENDINGS:
        name = name.removesuffix(ending)
    outcome = OUTCOMES.get(name)
    if outcome is None:
        return ""
    unit = words("meaning_unit", unit=words.unit(outcome.unit))
    return f"{words(f'meaning_{name}')} {unit} {words(f'meaning_{outcome.grade}')}"


def outcome_html(name: str, words: Words) -> str:
    """The title of an outcome with what it means, as HTML."""
    return with_meaning(words(name), outcome_meaning(name, words))
