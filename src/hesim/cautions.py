"""Say what of valid settings may mislead: not wrong, so not refused, but never silent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hesim.config import Settings


class Caution(UserWarning):
    """Settings that hold but may mislead; the message says how."""


def cautions(settings: Settings, arms: Mapping[str, Mapping[str, Any]] | None = None) -> list[str]:
    """What a reader of the results must be warned of, a line each.

    Args:
        settings: Those of a run, or of a study without levers.
        arms: Settings of the levers of each arm of a study.
    """
    from hesim.levers.dates import outside_the_run
    from hesim.outcomes.scale_bias import caution

    first, years = settings.text("start"), settings.integer("years")
    of_scale = caution(settings.number("population.scale"))
    if arms is None:
        of_levers = list(outside_the_run(settings.mapping("levers"), first, years))
    else:
        of_levers = by_arm(
            {name: outside_the_run(levers, first, years) for name, levers in arms.items()}
        )
    return [*([of_scale] if of_scale else []), *of_calibration(settings), *of_levers]


def by_arm(said: Mapping[str, Iterable[str]]) -> list[str]:
    """Say each line once, with all the arms that it holds for.

    Args:
        said: Lines by the name of the arm.
    """
    arms: dict[str, list[str]] = {}
    for name, lines in said.items():
        for line in lines:
            arms.setdefault(line, []).append(name)
    return [f"{_arm_words(names)}: {line}" for line, names in arms.items()]


def _arm_words(names: Sequence[str]) -> str:
    if len(names) == 1:
        return f"arm {names[0]}"
    rest = len(names) - MOST_NAMED
    if rest > 0:
        return f"arms {', '.join(names[:MOST_NAMED])} and {rest} more"
    return f"arms {', '.join(names[:-1])} and {names[-1]}"


MOST_NAMED = 3
"""Settings, or arms, that a caution names one by one."""


def of_calibration(settings: Settings) -> list[str]:
    """What to say of fitted settings that somebody set to other values: one line, or none."""
    moved = settings.departures()
    if not moved:
        return []
    named = [
        f"{path} = {settings[path]} (the calibration says {fitted})"
        for path, fitted in list(moved.items())[:MOST_NAMED]
    ]
    rest = len(moved) - len(named)
    words = ", ".join(named) + (f" and {rest} more" if rest else "")
    return [
        f"fitted settings have values of yours: {words}; the calibration "
        f"{settings['calibration']} was fitted and validated without them"
    ]


def of_burn_in(settings: Settings) -> list[str]:
    """What to say of a burn-in that somebody chose and that is longer than the run."""
    months, years = settings.integer("burn_in"), settings.integer("years")
    if "burn_in" not in settings.changed() or months <= 12 * years:
        return []
    return [
        f"burn_in={months}: {months} months are simulated and thrown away, and only {12 * years} "
        "are recorded; a shorter burn-in or more years make better use of the time"
    ]


FEWEST = 3
"""Replications from which an interval over them says something."""


def of_replications(path: str, count: int) -> list[str]:
    """What to say of replications that are too few for an interval: one line, or none.

    Args:
        path: The setting that says how many there are.
        count: How many.
    """
    if count >= FEWEST:
        return []
    if count == 1:
        return [f"{path}=1: one replication gives no interval; take {FEWEST} at least, better 8"]
    # Student's t at 0.975: 12.7 with one degree of freedom, 2.4 with seven.
    return [
        f"{path}={count}: the 95% interval of two replications reaches 12.7 standard errors to "
        "either side, and says little; with 8 it is 2.4"
    ]
