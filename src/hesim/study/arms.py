"""Turn `study.levers` into arms: named sets of levers with their settings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

from hesim.config import ConfigErrors, Problem, Settings
from hesim.input.problems import nearest
from hesim.levers.arms import BASELINE
from hesim.levers.catalogue import catalogue, packages, texts
from hesim.levers.dates import years_before
from hesim.scenario import compose
from hesim.study.dose import DOSE, dose_arms, dose_problems, lever_problems

LEVERS = "levers"


@dataclass(frozen=True)
class Arm:
    """One set of levers.

    Attributes:
        name: As written in `study.levers`, as `single_cao+meet_and_greet`.
        levers: Names of its levers and ready packages.
        settings: The mapping `levers` of its settings.
    """

    name: str
    levers: tuple[str, ...] = ()
    settings: dict[str, Any] = field(default_factory=dict)


def years_of_means(
    arms: Mapping[str, Mapping[str, Mapping[str, Any]]], start: str, years: int
) -> tuple[int, int]:
    """First and last year over which a study's means are taken: from the first lever's start.

    The same for all arms and the baseline, so that they can be compared.

    Args:
        arms: Settings of the levers of each arm.
        start: First recorded month.
        years: Simulated years.
    """
    first = int(start[:4])
    bodies = [body for levers in arms.values() for body in levers.values()]
    return first + years_before(bodies, start, years), first + years - 1


def compose_study(
    overrides: Sequence[str], folder: str | Path | None = None
) -> tuple[Settings, list[Arm]]:
    """Compose the settings of a study and those of each arm.

    Naming a lever in `study.levers` chooses it, so `levers.single_cao.start=2015-01` works.

    Args:
        overrides: As for a run.
        folder: The user's own configuration files.

    Returns:
        The settings without levers, and the arms, baseline first.

    Raises:
        ConfigErrors: with every problem there is.
    """
    own = [line for line in overrides if line.startswith(f"{LEVERS}.")]
    rest = [line for line in overrides if line not in own]
    try:
        first = compose(rest, folder)
    except ConfigErrors as error:
        raise ConfigErrors(
            [*error.problems, *_unknown_names(_names_as_written(rest), folder)]
        ) from None
    given = first.mapping(LEVERS)
    sets = _sets(first, list(given))
    names = list(dict.fromkeys(name for chosen in sets for name in chosen))
    dose = first[DOSE]
    problems = _unknown_names(names, folder, "study.levers" if dose is None else DOSE)
    problems += dose_problems(first)
    members = {name: _members(name, folder) for name in names}
    problems += _contradictions(sets, members, folder)
    if dose is not None and members.get(str(dose), (dose,)) != (dose,):
        problems.append(Problem(DOSE, dose, "must be one lever; this is a ready package"))
    chosen_levers = {lever for held in members.values() for lever in held}
    for line in own:
        lever = line.split(".")[1].partition("=")[0]
        if lever not in chosen_levers:
            words = f"{lever} is not chosen; add it to study.levers"
            problems.append(Problem(line.partition("=")[0], line.partition("=")[2], words))
    if problems:
        raise ConfigErrors(problems)
    plain = [line for line in rest if not line.startswith(f"{LEVERS}=")]
    parts: dict[str, dict[str, Any]] = {}
    # An experiment that sets dials needs all its levers chosen at once.
    for group in [names] if given and names else _compatible(names, members, folder):
        held = {lever for name in group for lever in members[name]}
        mine = [line for line in own if line.split(".")[1].partition("=")[0] in held]
        listed = f"{LEVERS}=[{','.join(group)}]"
        mapping = compose([*plain, *mine, listed], folder).mapping(LEVERS)
        for name in group:
            parts[name] = {lever: mapping[lever] for lever in members[name]}
    arms = [Arm(BASELINE)]
    for chosen in sets:
        settings: dict[str, Any] = {}
        for name in chosen:
            settings |= parts[name]
        arms.append(Arm("+".join(chosen), chosen, settings))
    if dose is not None:
        unfit = lever_problems(first, arms[1])
        if unfit:
            raise ConfigErrors(unfit)
        arms = dose_arms(first, *arms)
    return first.with_values({LEVERS: {}}), arms


def with_all_levers(settings: Settings, arms: Iterable[Arm]) -> Settings:
    """The settings with the levers of all arms, to look dials up."""
    merged: dict[str, Any] = {}
    for arm in arms:
        merged |= arm.settings
    return settings.with_values({LEVERS: merged})


def _sets(settings: Settings, given: list[str]) -> list[tuple[str, ...]]:
    """The names in each arm; without `study.levers` the levers of the settings are one arm."""
    asked = settings["study.levers"] if settings[DOSE] is None else settings[DOSE]
    listed = asked if isinstance(asked, list | tuple) else [asked]
    sets = [tuple(_split(str(name))) for name in listed]
    if not sets and given:
        sets = [tuple(given)]
    if settings.text("study.design") == "grid":
        singles = list(dict.fromkeys(name for chosen in sets for name in chosen))
        sizes = range(1, len(singles) + 1)
        sets = [chosen for size in sizes for chosen in combinations(singles, size)]
    return list(dict.fromkeys(chosen for chosen in sets if chosen))


def _names_as_written(overrides: Iterable[str]) -> list[str]:
    """Names in `study.levers` as written, for when the settings cannot be composed."""
    values = [line.partition("=")[2] for line in overrides if line.startswith("study.levers=")]
    return re.findall(r"\w+", values[-1]) if values else []


def _split(name: str) -> list[str]:
    return [part.strip() for part in name.split("+") if part.strip()]


def _unknown_names(
    names: Iterable[str], folder: str | Path | None, path: str = "study.levers"
) -> list[Problem]:
    try:
        known = set(texts(None if folder is None else Path(folder)))
    except ConfigErrors:
        # Told by whoever composes the settings.
        known = set(texts())
    words = "no such lever; `hesim levers` lists them"
    return [Problem(path, name, words, nearest(name, known)) for name in names if name not in known]


def _members(name: str, folder: str | Path | None) -> tuple[str, ...]:
    """The levers that a name stands for: itself, or those of a ready package."""
    return packages(None if folder is None else Path(folder)).get(name, (name,))


def _opposites(folder: str | Path | None) -> set[frozenset[str]]:
    """Pairs of levers that contradict each other."""
    known = catalogue(None if folder is None else Path(folder))
    return {frozenset((lever.key, other)) for lever in known for other in lever.contradicts}


def _contradictions(
    sets: list[tuple[str, ...]], members: Mapping[str, tuple[str, ...]], folder: str | Path | None
) -> list[Problem]:
    opposed = _opposites(folder)
    problems = []
    for chosen in sets:
        held = sorted({lever for name in chosen for lever in members[name]})
        for pair in combinations(held, 2):
            if frozenset(pair) in opposed:
                words = f"{pair[0]} and {pair[1]} contradict each other: they cannot be combined"
                problems.append(Problem("study.levers", "+".join(chosen), words))
    return problems


def _compatible(
    names: list[str], members: Mapping[str, tuple[str, ...]], folder: str | Path | None
) -> list[list[str]]:
    """Names in groups that can be composed together: no contradictions, packages apart.

    A ready package may set dials of its levers otherwise than they are alone.
    """
    opposed = _opposites(folder)
    made: list[tuple[list[str], set[str]]] = []
    for name in names:
        mine = set(members[name])
        for group, held in made:
            clash = any(frozenset((a, b)) in opposed for a in mine for b in held)
            if not clash and mine == {name} and all(members[n] == (n,) for n in group):
                group.append(name)
                held |= mine
                break
        else:
            made.append(([name], mine))
    return [group for group, _ in made]
