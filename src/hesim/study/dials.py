"""Draw the dials of a study's levers from what is believed of them, together with its draws.

Each draw of the posterior is simulated with two sets of dials, and each set of dials with two
draws. So what differs with the dials alone, and with the parameters alone, can be told apart
(`answers.variance`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hesim.config import Problem
from hesim.levers.catalogue import describe
from hesim.levers.prior import Prior
from hesim.study.arms import LEVERS, Arm, with_all_levers
from hesim.study.design import World
from hesim.study.dose import DOSE
from hesim.study.effort import effort_of
from hesim.study.shares import DIAL, paths_of_shares

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hesim.config import Settings

DIALS = "study.dials"
PRIOR = "prior"
SETS = 2
"""Sets of dials that each draw is simulated with."""
LEAST = 4
"""Draws that it needs at least: with fewer no share of a variance can be told."""


def draws_dials(settings: Settings) -> bool:
    """Whether a study draws the dials of its levers."""
    return settings.text(DIALS) == PRIOR


def dial_problems(settings: Settings, arms: Sequence[Arm]) -> list[Problem]:
    """What stands in the way of drawing dials."""
    if not draws_dials(settings):
        return []
    found = []
    if settings["study.uncertainties"]:
        words = "must be typed in a study of uncertainties: choose one of the two"
        found.append(Problem(DIALS, PRIOR, words))
    if settings.integer("study.draws") < LEAST:
        words = f"must be at least {LEAST} where {DIALS}={PRIOR}: dials are drawn with parameters"
        found.append(Problem("study.draws", settings["study.draws"], words))
    if not dials_of(settings, arms):
        found.append(Problem(DIALS, PRIOR, "needs levers with a dial that is not fixed"))
    return found


def dials_of(settings: Settings, arms: Sequence[Arm]) -> dict[str, Prior]:
    """Priors of all dials that vary, by the path of the dial.

    A dial that says how many take part does not, where the study itself sets that.
    """
    full = with_all_levers(settings, list(arms))
    sets = effort_of(settings) is not None or settings[DOSE] is not None
    stays = paths_of_shares(arms) if sets else set()
    found = {}
    for key, body in full.mapping(LEVERS).items():
        for dial in describe(key, body).dials:
            path = DIAL.format(key, dial.name)
            if dial.prior.is_drawn and path not in stays:
                found[path] = dial.prior
    return found


def set_of(world: int, draw: int, sets: int) -> int:
    """Number of the set of dials that a world of a draw takes; see the top of this file.

    Args:
        world: Number of the world, below `SETS`.
        draw: Number of the draw.
        sets: How many sets there are.
    """
    return (draw + world) % sets


def dial_sets(settings: Settings, arms: Sequence[Arm], count: int) -> list[World]:
    """Sets of dials, spread evenly over what is believed (a Latin hypercube).

    Args:
        settings: The composed config.
        arms: Baseline first; a lever has the same dials in all arms.
        count: How many sets.

    Returns:
        Values by path, one set for each draw.
    """
    from scipy.stats import qmc

    priors = dials_of(settings, arms)
    # In the order of their names, so that the order of levers on the command line is no matter.
    paths = sorted(priors)
    shares = qmc.LatinHypercube(d=len(paths), rng=settings.integer("seed")).random(count)
    made = []
    for row in shares.tolist():
        values: World = {
            path: float(f"{priors[path].at(share):.6g}")
            for path, share in zip(paths, row, strict=True)
        }
        made.append(values)
    return made
