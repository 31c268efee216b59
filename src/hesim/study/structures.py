"""Compose a study that asks several structures, each with a calibration of its own.

A structure says how the model is built where the report cannot choose (`conf/structure/`). Levers
and seeds are the same in all. Worlds are not, so answers stand beside one another, and no mean is
taken over structures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from hesim.config import Problem, Settings
from hesim.config.folders import CALIBRATION, STRUCTURE, options, packaged_places
from hesim.config.own_folder import settings_folder
from hesim.config.points import calibration_of, points, usual_calibration
from hesim.config.writing import override_of
from hesim.input.problems import nearest
from hesim.study.arms import Arm, compose_study

ASKED = "study.structures"
"""The setting that names them."""
IN_COMMON = ("start", "years", "burn_in", "seed", "data", "population.scale")
"""Settings that must be the same in all structures, for answers to stand beside one another."""


class Composed(NamedTuple):
    """A study as it was composed.

    Attributes:
        settings: The settings without levers; those of the first structure where it asks several.
        arms: Baseline first.
        structures: Settings of each structure that it asks, by name as it stands in the setting;
            empty where it asks none.
        problems: What is wrong with the structures; the rest can be checked all the same.
    """

    settings: Settings
    arms: list[Arm]
    structures: dict[str, Settings]
    problems: list[Problem]


def compose_structures(overrides: Sequence[str], folder: str | Path | None = None) -> Composed:
    """Compose a study once, or once for each structure that it asks.

    Args:
        overrides: As for a run, with `study.*`.
        folder: The user's own configuration files.

    Raises:
        ConfigErrors: a part of the study cannot be composed.
    """
    typed = any(_key(line) == ASKED for line in overrides)
    # A calibration that is typed need not be one of the structure that is usual.
    plain = [line for line in overrides if not (typed and _key(line) == CALIBRATION)]
    settings, arms = compose_study(plain, folder)
    names = _names(settings)
    if not names:
        if len(plain) < len(overrides):
            settings, arms = compose_study(overrides, folder)
        return Composed(settings, arms, {}, [])
    usual = _wanted(overrides, settings)
    wanted = {name: name.partition(":")[2] or usual for name in names}
    calibrations = {name: calibration_of(plain_name(name), wanted[name]) for name in names}
    problems = [*_refused(overrides), *_unknown(names, folder)]
    for name, found in calibrations.items():
        if found is None and not any(problem.value == name for problem in problems):
            words = _uncalibrated(plain_name(name), wanted[name])
            problems.append(Problem(ASKED, name, words))
    if problems:
        return Composed(settings, arms, {}, problems)
    rest = [line for line in overrides if _key(line) not in (STRUCTURE, CALIBRATION)]
    made: dict[str, Settings] = {}
    for name, found in calibrations.items():
        chosen = found if found in (*points(), "none") else None
        of_own = f"{CALIBRATION}={chosen}" if chosen else override_of(CALIBRATION, found)
        made[name], others = compose_study(
            [*rest, f"{STRUCTURE}={plain_name(name)}", of_own], folder
        )
        if others != arms:
            problems.append(Problem(ASKED, name, "sets dials of levers otherwise than the others"))
    return Composed(made[names[0]], arms, made, [*problems, *_apart(made)])


def plain_name(name: str) -> str:
    """The structure that is asked, without the calibration that may be named behind it."""
    return name.partition(":")[0]


def own_values(structures: Mapping[str, Mapping[str, object]]) -> set[str]:
    """Paths of settings in which structures differ, or that not all of them have.

    Args:
        structures: Values by path of each structure.
    """
    paths = {path for values in structures.values() for path in values}
    first, *others = structures.values() or [{}]
    absent = object()
    return {
        path
        for path in paths
        if any(values.get(path, absent) != first.get(path, absent) for values in others)
    }


def _key(line: str) -> str:
    return line.partition("=")[0]


def _names(settings: Settings) -> list[str]:
    """The structures that are asked, each once."""
    given = settings[ASKED]
    listed = given if isinstance(given, list | tuple) else [given]
    return list(dict.fromkeys(str(name) for name in listed))


def _wanted(overrides: Sequence[str], settings: Settings) -> str | None:
    """The calibration that somebody asks for; None where each structure takes its usual one."""
    typed = [line.partition("=")[2] for line in overrides if _key(line) == CALIBRATION]
    if typed:
        return typed[-1].strip("\"'")
    found = settings.text(CALIBRATION)
    return None if found == usual_calibration(settings.text(STRUCTURE)) else found


def _refused(overrides: Sequence[str]) -> list[Problem]:
    words = f"is named by {ASKED} here; leave {STRUCTURE} out"
    return [
        Problem(STRUCTURE, line.partition("=")[2], words)
        for line in overrides
        if _key(line) == STRUCTURE
    ]


def _unknown(names: Sequence[str], folder: str | Path | None) -> list[Problem]:
    own = (
        []
        if folder is None
        else [
            f"{STRUCTURE}/{file.name}"
            for file in (settings_folder(Path(folder)) / STRUCTURE).glob("*.yaml")
        ]
    )
    known = options([*packaged_places(), *own])[STRUCTURE]
    words = "must be one of " + ", ".join(known)
    return [
        Problem(ASKED, name, words, nearest(plain_name(name), known))
        for name in names
        if plain_name(name) not in known
    ]


def _uncalibrated(name: str, wanted: str | None) -> str:
    """Why a structure has no calibration, and how it gets one."""
    if wanted is None or wanted in points():
        kind = "" if wanted is None else f" of the kind of {wanted}"
        return (
            f"has no calibration{kind} yet: make one with `hesim calibrate {STRUCTURE}={name}`, "
            f"leave it out, or ask it without one: {name}:none"
        )
    return (
        f"{wanted} holds no calibration for it: make one with "
        f"`hesim calibrate {STRUCTURE}={name} data=FOLDER output={wanted}`, or leave it out"
    )


def _apart(made: Mapping[str, Settings]) -> list[Problem]:
    """Settings that must be the same in all structures and are not."""
    first, *others = made
    return [
        Problem(ASKED, name, f"has {path} = {made[name][path]}, {first} has {made[first][path]}")
        for name in others
        for path in IN_COMMON
        if made[name][path] != made[first][path]
    ]
