"""Find the arms of a study with levers of which no cost is known, and say so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from hesim.levers.catalogue import COSTS
from hesim.levers.titles import arm_title
from hesim.study.answers.speaker import ENGLISH, Note, Speaker, arm_in

if TYPE_CHECKING:
    from hesim.study.folder import Study

AT_LEAST = "at least "
"""What stands before a cost that is only a part."""


def unpriced_levers(arms: Mapping[str, Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    """Levers of which no cost is known, by arm; arms of which all costs are known are left out.

    Args:
        arms: Settings of each lever of each arm, as in the manifest of a study.
    """
    found = {
        arm: tuple(lever for lever, body in levers.items() if not body.get(COSTS))
        for arm, levers in arms.items()
    }
    return {arm: levers for arm, levers in found.items() if levers}


def unpriced_of(study: Study) -> dict[str, tuple[str, ...]]:
    """The same of a study."""
    return unpriced_levers(study.manifest["facts"]["arms"])


def partly_priced(arms: Mapping[str, Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    """Levers of which no cost is known, of arms with others of which it is known.

    Args:
        arms: As for `unpriced_levers`.
    """
    found = unpriced_levers(arms)
    return {arm: levers for arm, levers in found.items() if len(levers) < len(arms[arm])}


def least_sentences(partly: Mapping[str, Iterable[str]]) -> list[str]:
    """Say that a cost is the least that an arm costs, for each arm with a lever of unknown cost.

    Args:
        partly: Levers of which no cost is known, by arm.
    """
    return [
        Note(
            "{arm} costs at least what is told, as no cost of {levers} is known",
            arm=partial(arm_in, arm),
            levers=partial(_named, tuple(levers)),
        )
        for arm, levers in partly.items()
    ]


def left_out_sentences(unpriced: Mapping[str, Iterable[str]]) -> list[str]:
    """Say that arms are no choice where costs count, as what they cost is not known.

    Args:
        unpriced: Levers of which no cost is known, by arm.
    """
    return [
        f"{arm_title(arm)} is left out, as no cost of {_named(levers, ENGLISH)} is known"
        for arm, levers in unpriced.items()
    ]


def _named(levers: Iterable[str], say: Speaker) -> str:
    return say.enumeration([say.arm(lever) for lever in levers])
