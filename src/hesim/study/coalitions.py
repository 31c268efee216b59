"""Plan a study of barriers: every combination of them, over draws of the posterior and structures.

A coalition is a set of barriers that are switched off; its number has a bit for each of them. All
coalitions of one structure and draw have the same random numbers. Each draw has random numbers of
its own, so that the spread over draws holds Monte Carlo noise too. With a single replication some
draws are simulated again with other random numbers, so that this noise can be told apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from hesim.config import ConfigErrors, Problem
from hesim.config.folders import STRUCTURE
from hesim.config.trees import leaves
from hesim.study.barriers import Barrier, barriers_named, coalition_off
from hesim.study.dials import DIALS, PRIOR, draws_dials
from hesim.study.draws import draws_of
from hesim.study.points import DesignRow, Point, StudyPlan, canonical, point_id

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.study.arms import Arm
    from hesim.study.design import World

TWICE = 2
"""Draws of each structure that are simulated again where there is one replication."""
LEAST_YEARS = 2
"""The first recorded year is left out of all means: posts grow from the second on."""
NOT_BESIDE = ("levers", "uncertainties", "scenarios", "budget", "days", "dose", "participants")
"""What a study of barriers cannot vary besides."""


class CoalitionStart(NamedTuple):
    """From where coalitions begin: a structure and draw, with random numbers of its own.

    Attributes:
        structure: Its name, with the calibration where one was named; see `study.structures`.
        draw: Number of the draw; -1 is the calibrated point.
        repeat: How many times it has been simulated before.
        usual: All settings of the structure, by path.
        values: The same of the world with all barriers, of this draw.
    """

    structure: str
    draw: int
    repeat: int
    usual: World
    values: World


def plan_barriers(
    settings: Settings, arms: list[Arm], structures: Mapping[str, Settings]
) -> StudyPlan:
    """Expand a study of barriers from its settings and arms alone.

    Args:
        settings: The composed config.
        arms: The baseline; other arms are refused.
        structures: Settings of each structure that is asked, by name; empty where none is.

    Raises:
        ConfigErrors: with every problem there is.
    """
    barriers, problems = barriers_named(names_of(settings["study.barriers"]))
    problems += [
        Problem(f"study.{key}", settings[f"study.{key}"], "cannot be asked beside study.barriers")
        for key in NOT_BESIDE
        if settings[f"study.{key}"]
    ]
    if draws_dials(settings):
        words = "must be typed beside study.barriers, which has no levers"
        problems.append(Problem(DIALS, PRIOR, words))
    if len(arms) > 1 and not settings["study.levers"]:
        named = [arm.name for arm in arms[1:]]
        problems.append(Problem("levers", named, "cannot be asked beside study.barriers"))
    years = settings.integer("years")
    if years < LEAST_YEARS:
        allowed = f"must be at least {LEAST_YEARS} with study.barriers: the first is left out"
        problems.append(Problem("years", years, allowed))
    starts, more = _starts(settings, structures)
    problems += more
    if problems:
        raise ConfigErrors(problems)
    count = 1 << len(barriers)
    repeats = 1 + max(start.repeat for start in starts)
    off = [[each.name for each in coalition_off(barriers, number)] for number in range(count)]
    points, rows = _expand(settings, arms[0], barriers, starts, bool(structures))
    asked = settings["study.replications"]
    replications = settings.integer("replications" if asked is None else "study.replications")
    return StudyPlan(
        settings,
        arms[:1],
        [],
        [{"off": names} for names in off] * repeats,
        points,
        rows,
        replications,
        structures,
    )


def names_of(value: object) -> list[str]:
    """The words of a setting that is a list, or one word."""
    return [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]


def _expand(
    settings: Settings, arm: Arm, barriers: list[Barrier], starts: list[CoalitionStart], named: bool
) -> tuple[list[Point], list[DesignRow]]:
    """Points without doubles, and the design; coalitions that are one world are one point.

    Args:
        settings: Those of the study.
        arm: The baseline.
        barriers: What is taken apart.
        starts: From where coalitions begin.
        named: Whether the study names its structures; each row then says which is its own.
    """
    text = canonical(arm.settings)
    points: dict[str, Point] = {}
    rows = []
    count = 1 << len(barriers)
    for place, start in enumerate(starts):
        structure = start.structure if named else ""
        own = {STRUCTURE: structure} if named else {}
        seeded = {**start.values, "seed": settings.integer("seed") + place}
        off = [barrier.without(start.values) for barrier in barriers]
        for coalition in range(count):
            merged = dict(seeded)
            for k, values in enumerate(off):
                merged |= values if coalition >> k & 1 else {}
            mine = own | {
                path: value for path, value in merged.items() if start.usual[path] != value
            }
            identity = point_id(text, mine)
            point = Point(len(points), identity, arm.name, tuple(mine.items()))
            number = points.setdefault(identity, point).number
            world = coalition + count * start.repeat
            cell = (arm.name, start.structure, world, start.draw)
            rows.append(DesignRow(*cell, number, number, structure))
    return list(points.values()), rows


def _starts(
    settings: Settings, structures: Mapping[str, Settings]
) -> tuple[list[CoalitionStart], list[Problem]]:
    """Every structure and draw, draw by draw, so that a stopped study is balanced."""
    problems: list[Problem] = []
    made: dict[int, list[CoalitionStart]] = {}
    each = dict(structures) or {settings.text(STRUCTURE): settings}
    for name, here in each.items():
        draws, more = draws_of(here)
        problems += more
        usual = dict(leaves(here.resolved()))
        for number, drawn in enumerate(draws):
            draw = -1 if drawn is None else number
            start = CoalitionStart(name, draw, 0, usual, {**usual, **(drawn or {})})
            made.setdefault(number, []).append(start)
    starts = [start for number in sorted(made) for start in made[number]]
    asked = settings["study.replications"]
    if (settings["replications"] if asked is None else asked) == 1:
        starts += [start._replace(repeat=1) for start in starts if start.draw < TWICE]
    return starts, problems
