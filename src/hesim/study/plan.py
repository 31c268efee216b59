"""Plan a study: expand it into worlds, and these into points."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hesim.config import ConfigErrors, Problem
from hesim.config.folders import CALIBRATION, STRUCTURE
from hesim.config.schema import read_schema
from hesim.config.trees import leaves
from hesim.input.problems import nearest
from hesim.levers.arms import BASELINE
from hesim.scenario import check_scale
from hesim.sources import packaged
from hesim.study.arms import LEVERS, Arm, with_all_levers
from hesim.study.coalitions import plan_barriers
from hesim.study.design import SIZES, World, worlds
from hesim.study.dials import SETS, dial_problems, dial_sets, draws_dials, set_of
from hesim.study.draws import draws_of
from hesim.study.effort import effort_problems
from hesim.study.points import DesignRow, Point, StudyPlan, canonical, point_id
from hesim.study.scenarios import read_scenarios
from hesim.study.structures import ASKED, compose_structures
from hesim.study.uncertainty import Uncertainty, read_uncertainties

if TYPE_CHECKING:
    from hesim.config import Settings

MOST_POINTS = 10_000
"""More need `force=true`."""
CHOICE_OF_FILES = re.compile(rf"(?:^|[+=])(?:{STRUCTURE}|{CALIBRATION}):")
"""A setting, alone or one of several, that names files which are composed."""


def plan_study(overrides: Sequence[str], folder: str | Path | None = None) -> StudyPlan:
    """Compose a study and expand it.

    Args:
        overrides: As for a run, with `study.*` and `+experiment=NAME`.
        folder: The user's own configuration files.

    Raises:
        ConfigErrors: with every problem there is.
    """
    try:
        settings, arms, structures, problems = compose_structures(overrides, folder)
    except ConfigErrors as error:
        others = _further_problems(overrides, folder, error.problems)
        raise ConfigErrors(_once([*error.problems, *others])) from error
    try:
        plan = plan_settings(settings, arms, structures)
    except ConfigErrors as error:
        raise ConfigErrors([*problems, *error.problems]) from error
    if problems:
        raise ConfigErrors(problems)
    return plan


def _further_problems(
    overrides: Sequence[str], folder: str | Path | None, problems: Sequence[Problem]
) -> list[Problem]:
    """What else is wrong with what was typed, found by leaving out what cannot be composed."""
    wrong = {problem.path for problem in problems}
    rest = [line for line in overrides if line.partition("=")[0] not in wrong]
    if len(rest) == len(overrides):
        return []
    try:
        plan_study(rest, folder)
    except ConfigErrors as error:
        typed = {line.partition("=")[0] for line in rest}
        found = [problem for problem in error.problems if problem.path in typed]
        if wrong & {"study.levers", "study.dose", LEVERS}:
            # Without the levers that were left out, their dials are unknown.
            found = [each for each in found if not str(each.value).startswith(f"{LEVERS}.")]
        return found
    return []


def plan_settings(
    settings: Settings, arms: list[Arm], structures: Mapping[str, Settings] | None = None
) -> StudyPlan:
    """Expand a study from its settings and arms alone.

    Args:
        settings: The composed config without levers.
        arms: Baseline first.
        structures: Settings of each structure that it asks, by name; the first's stand above.

    Raises:
        ConfigErrors: with every problem there is.
    """
    if settings["study.barriers"]:
        return _within_limit(plan_barriers(settings, arms, structures or {}))
    each = dict(structures or {"": settings})
    known = [_varied(one, arms) for one in each.values()]
    uncertainties, scenarios, _ = known[0]
    problems = [problem for *_, found in known for problem in found]
    design = settings.text("study.design")
    n = settings["study.n"]
    size = SIZES[design] if n is None else settings.integer("study.n")
    if design == "sobol" and size & (size - 1):
        problems.append(Problem("study.n", size, "must be a power of 2 for a Sobol sample"))
    if design not in ("list", "grid") and not uncertainties:
        problems.append(Problem("study.uncertainties", None, f"design {design} needs some"))
    problems += _known_outcome(settings)
    problems += _too_thin(uncertainties, settings)
    draws: dict[str, list[World | None]] = {}
    for name, one in each.items():
        draws[name], more = draws_of(one)
        problems += more
    problems += dial_problems(settings, arms)
    problems += effort_problems(settings, arms)
    if problems:
        raise ConfigErrors(_once(problems))
    found = worlds(design, uncertainties, size, settings.integer("seed"))
    sets: list[World] = []
    if draws_dials(settings):
        found = [{}] * SETS
        sets = dial_sets(settings, arms, max(map(len, draws.values())))
    cells = len(arms) * len(found) * len(scenarios) * sum(map(len, draws.values()))
    _refuse_many(cells, settings)
    asked = settings["study.replications"]
    count = settings.integer("replications" if asked is None else "study.replications")
    points, rows = expand(each, arms, scenarios, found, draws, sets)
    return StudyPlan(
        settings, arms, uncertainties, found, points, rows, count, dict(structures or {})
    )


def _within_limit(plan: StudyPlan) -> StudyPlan:
    """The plan itself, if it has not too many points."""
    _refuse_many(len(plan.rows), plan.settings)
    return plan


def _refuse_many(cells: int, settings: Settings) -> None:
    if cells > MOST_POINTS and not settings.flag("force"):
        allowed = f"makes {cells:,} points; more than {MOST_POINTS:,} need force=true"
        raise ConfigErrors([Problem("study", None, allowed)])


def expand(
    each: Mapping[str, Settings],
    arms: list[Arm],
    scenarios: dict[str, World],
    found: list[World],
    draws: Mapping[str, list[World | None]],
    sets: Sequence[World] = (),
) -> tuple[list[Point], list[DesignRow]]:
    """Make points without doubles and the rows of the design.

    Values that change nothing in an arm are left out of its points: dials of levers that it does
    not have, and what a setting is anyway.

    Args:
        each: Settings of each structure by name; an empty name in a study that asks none.
        arms: Baseline first.
        scenarios: Values of each structural scenario by its name.
        found: Values of each world.
        draws: Values of each draw, by structure.
        sets: Sets of dials, of which `dials.set_of` chooses for each world and draw.
    """
    made: dict[str, tuple[Arm, World]] = {}
    order: dict[str, None] = {}
    cells: list[tuple[Arm, tuple[str, str, int, int], str]] = []
    texts = {arm.name: canonical(arm.settings) for arm in arms}
    for arm, (structure, settings) in product(arms, each.items()):
        usual = dict(leaves(settings.with_values({LEVERS: arm.settings}).resolved()))
        of_structure = {STRUCTURE: structure} if structure else {}
        for (name, scenario), (world, values), (draw, drawn) in product(
            scenarios.items(), enumerate(found), enumerate(draws[structure])
        ):
            dials = sets[set_of(world, draw, len(sets))] if sets else {}
            merged = {**(drawn or {}), **scenario, **values, **dials}
            mine = of_structure | {
                path: value
                for path, value in merged.items()
                if path in usual and usual[path] != value
            }
            identity = point_id(texts[arm.name], mine)
            made.setdefault(identity, (arm, mine))
            order.setdefault(identity)
            number = -1 if drawn is None else draw
            cells.append((arm, (structure, name, world, number), identity))
    numbers = {identity: number for number, identity in enumerate(order)}
    points = [
        Point(number, identity, made[identity][0].name, tuple(made[identity][1].items()))
        for identity, number in numbers.items()
    ]
    base = {cell: numbers[identity] for arm, cell, identity in cells if arm.name == BASELINE}
    rows = [
        DesignRow(arm.name, name, world, draw, numbers[identity], base[cell], structure)
        for arm, cell, identity in cells
        for structure, name, world, draw in (cell,)
    ]
    return points, rows


def _varied(
    settings: Settings, arms: list[Arm]
) -> tuple[list[Uncertainty], dict[str, World], list[Problem]]:
    """Uncertainties and structural scenarios of a study in one structure, and what is wrong."""
    full = with_all_levers(settings, arms)
    schema = read_schema(packaged())
    uncertain, scenarios = (_texts(full[f"study.{key}"]) for key in ("uncertainties", "scenarios"))
    dials = _dials(full)
    uncertainties, problems = read_uncertainties(uncertain, full, schema, dials)
    found, more = read_scenarios(scenarios, full, schema, dials)
    words = f"names files that are composed, no value of its own; ask structures by {ASKED}"
    for key, specs in (("uncertainties", uncertain), ("scenarios", scenarios)):
        chosen = [spec for spec in specs if CHOICE_OF_FILES.search(spec)]
        more += [Problem(f"study.{key}", spec, words) for spec in chosen]
    return uncertainties, found, [*problems, *more]


def _once(problems: Iterable[Problem]) -> list[Problem]:
    """Problems without those that are the same in several structures."""
    return list({str(problem): problem for problem in problems}.values())


def _dials(settings: Settings) -> dict[str, Mapping[str, Any]]:
    """Facts of each dial of the chosen levers, by the dial's path."""
    levers = settings.mapping(LEVERS)
    return {
        f"{LEVERS}.{lever}.{dial}": facts
        for lever, body in levers.items()
        for dial, facts in (body.get("dials") or {}).items()
        if isinstance(facts, Mapping)
    }


def _too_thin(uncertainties: Sequence[Uncertainty], settings: Settings) -> list[Problem]:
    """Scales among the uncertainties that would be refused for a run."""
    found: list[Problem] = []
    for one in uncertainties:
        if one.path == "population.scale":
            for scale in one.values or (one.low,):
                given = {"population": {"scale": scale}, "force": settings.flag("force")}
                found += check_scale(given)
    return found


def _known_outcome(settings: Settings) -> Iterator[Problem]:
    from hesim.outcomes.registry import OUTCOMES
    from hesim.study.observation import FLOWS

    known = [*OUTCOMES, *(FLOWS if settings.flag("study.flows") else ())]
    name = settings.text("study.outcome")
    if name not in known:
        allowed = "must be one of " + ", ".join(OUTCOMES)
        yield Problem("study.outcome", name, allowed, nearest(name, known))


def _texts(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]
