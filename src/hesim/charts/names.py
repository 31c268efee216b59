"""Say in words what charts show: categories, values and how counts were scaled up."""

from __future__ import annotations

import textwrap
from typing import Any

from hesim.levers.titles import titles_of

LEVER_WIDTH = 40
"""Letters in a line of an arm's label."""

NAMES = {
    "po_vo_mbo": "po, vo, mbo",
    "health_welfare": "health, welfare",
    "none": "no job",
    "hbo_then_no_job": "hbo, then no job",
    "wo_then_no_job": "wo, then no job",
    "elsewhere": "other sectors",
    "outside": "outside the model",
    "under_25": "under 25",
    "25_35": "25 to 34",
    "35_54": "35 to 54",
    "55_plus": "55 or over",
    "10_20": "10 to 20",
    "24_31": "24 to 31",
    "32_35": "32 to 35",
    "36_plus": "36 or over",
    "temporary_with_prospect": "temporary,\nwith prospect",
    "temporary_without_prospect": "temporary,\nno prospect",
    "hbo_in": "joined hbo",
    "hbo_out": "left hbo",
    "wo_in": "joined wo",
    "wo_out": "left wo",
}
"""Words of categories whose name is no words; a band of ages ends where the next begins."""


def readable(name: str) -> str:
    """A category's name as words."""
    return NAMES.get(name, name.replace("_", " "))


def arm_label(arm: str) -> str:
    """An arm of a study: the titles of its levers, one below the other.

    Args:
        arm: Its name, as `single_cao+meet_and_greet`; see `titles_of`.
    """
    return "\n+ ".join(textwrap.fill(title, LEVER_WIDTH) for title in titles_of(arm))


def outcome_title(outcome: str) -> str:
    """An outcome's title; a flow between two places, as `flow.wo.hbo`, has only its name."""
    from hesim.outcomes.registry import OUTCOMES

    known = OUTCOMES.get(outcome)
    if known:
        return known.english
    return readable(outcome.replace("flow.", "flow ").replace(".", " to ")).capitalize()


def number(value: Any) -> str:
    """A value of a setting: numbers as short as they are."""
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def scale_note(scale: float) -> str:
    """Say how counts were scaled up; nothing at full scale."""
    return "" if scale == 1 else f"; simulated at scale {scale:g}, counts divided by it"
