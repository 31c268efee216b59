"""Plan a study of barriers: every combination of them, over draws of the posterior and structures.

A coalition is a set of barriers that are switched off; its number has a bit for each of them. All
coalitions of one structure and draw have the same random numbers. Each draw has random numbers of
its own, so that the spread over draws holds Monte Carlo noise too. With a single replication some
draws are simulated again with other random numbers, so that this noise can be told apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from hesim.config import ConfigErrors, Problem
from hesim.config.trees import leaves
from hesim.scenario import compose
from hesim.study.barriers import Barrier, barriers_named, coalition_off
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
OF_WORLDS = ("structure", "calibration", "model", "population", "survey")
"""Settings in which structures differ: these, and those that lie under them."""
NOT_BESIDE = ("levers", "uncertainties", "scenarios")
"""What a study of barriers cannot vary besides."""


class Start(NamedTuple):
    """From where coalitions begin: a structure and draw, with random numbers of its own.

    Attributes:
        structure: Its name, with the calibration where one was named.
        draw: Number of the draw; -1 is the calibrated point.
        repeat: How many times it has been simulated before.
        values: All settings of the world with all barriers, by path.
    """

    structure: str
    draw: int
    repeat: int
    values: World


def plan_barriers(settings: Settings, arms: list[Arm]) -> StudyPlan:
    """Expand a study of barriers from its settings and arms alone.

    Raises:
        ConfigErrors: with every problem there is.
    """
    barriers, problems = barriers_named(names_of(settings["study.barriers"]))
    problems += [
        Problem(f"study.{key}", settings[f"study.{key}"], "cannot be asked beside study.barriers")
        for key in NOT_BESIDE
        if settings[f"study.{key}"]
    ]
    if len(arms) > 1 and not settings["study.levers"]:
        named = [arm.name for arm in arms[1:]]
        problems.append(Problem("levers", named, "cannot be asked beside study.barriers"))
    years = settings.integer("years")
    if years < LEAST_YEARS:
        allowed = f"must be at least {LEAST_YEARS} with study.barriers: the first is left out"
        problems.append(Problem("years", years, allowed))
    starts, more = _starts(settings)
    problems += more
    if problems:
        raise ConfigErrors(problems)
    count = 1 << len(barriers)
    repeats = 1 + max(start.repeat for start in starts)
    off = [[each.name for each in coalition_off(barriers, number)] for number in range(count)]
    points, rows = _expand(settings, arms[0], barriers, starts)
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
    )


def names_of(value: object) -> list[str]:
    """The words of a setting that is a list, or one word."""
    return [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]


def _expand(
    settings: Settings, arm: Arm, barriers: list[Barrier], starts: list[Start]
) -> tuple[list[Point], list[DesignRow]]:
    """Points without doubles, and the design; coalitions that are one world are one point."""
    usual, text = dict(leaves(settings.resolved())), canonical(arm.settings)
    points: dict[str, Point] = {}
    rows = []
    count = 1 << len(barriers)
    for place, start in enumerate(starts):
        seeded = {**start.values, "seed": settings.integer("seed") + place}
        here = {path: value for path, value in seeded.items() if usual[path] != value}
        off = [barrier.without(start.values) for barrier in barriers]
        for coalition in range(count):
            merged = dict(here)
            for k, values in enumerate(off):
                merged |= values if coalition >> k & 1 else {}
            mine = {path: value for path, value in merged.items() if usual[path] != value}
            identity = point_id(text, mine)
            point = Point(len(points), identity, arm.name, tuple(mine.items()))
            number = points.setdefault(identity, point).number
            world = coalition + count * start.repeat
            rows.append(DesignRow(arm.name, start.structure, world, start.draw, number, number))
    return list(points.values()), rows


def _starts(settings: Settings) -> tuple[list[Start], list[Problem]]:
    """Every structure and draw, draw by draw, so that a stopped study is balanced."""
    problems: list[Problem] = []
    made: dict[int, list[Start]] = {}
    for name, world in _structures(settings, problems):
        here = settings.with_values(world)
        draws, more = draws_of(here)
        problems += more
        usual = dict(leaves(here.resolved()))
        for number, drawn in enumerate(draws):
            draw = -1 if drawn is None else number
            start = Start(name, draw, 0, {**usual, **(drawn or {})})
            made.setdefault(number, []).append(start)
    starts = [start for number in sorted(made) for start in made[number]]
    asked = settings["study.replications"]
    if (settings["replications"] if asked is None else asked) == 1:
        starts += [start._replace(repeat=1) for start in starts if start.draw < TWICE]
    return starts, problems


def _structures(settings: Settings, problems: list[Problem]) -> Iterator[tuple[str, World]]:
    """Name of each structure that is asked, and what its world sets otherwise than the settings.

    What the user set holds in all of them.

    Args:
        settings: Those of the study.
        problems: Gets what is wrong with the structures asked.
    """
    names = names_of(settings["study.structures"])
    own = [settings.text("structure"), settings.text("calibration")]
    if not names:
        yield own[0], {}
        return
    usual = _of_worlds(compose([f"structure={own[0]}", f"calibration={own[1]}"]))
    now = _of_worlds(settings)
    changed = {path for path in now if usual.get(path) != now[path]}
    for name in dict.fromkeys(names):
        structure, _, calibration = name.partition(":")
        asked = [f"structure={structure}"]
        asked += [f"calibration={calibration}"] if calibration else []
        try:
            theirs = _of_worlds(compose(asked))
        except ConfigErrors as error:
            problems += [Problem("study.structures", name, str(one)) for one in error.problems]
            continue
        yield name, {p: v for p, v in theirs.items() if p not in changed and now[p] != v}


def _of_worlds(settings: Settings) -> World:
    """Settings in which worlds differ, by path."""
    found = leaves(settings.resolved())
    return {path: value for path, value in found if path.partition(".")[0] in OF_WORLDS}
