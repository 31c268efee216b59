"""Turn `study.levers` into arms: named sets of levers with their settings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

from hesim.config import ConfigErrors, Problem, Settings, compose
from hesim.config.folders import groups, packaged
from hesim.config.problems import nearest

BASELINE = "baseline"
"""Name of the arm without levers."""

LEVERS = "levers"


@dataclass(frozen=True)
class Arm:
    """One set of levers.

    Attributes:
        name: As written in `study.levers`, as `single_cao+meet_and_greet`.
        levers: Names of its levers.
        settings: The mapping `levers` of its settings.
    """

    name: str
    levers: tuple[str, ...] = ()
    settings: dict[str, Any] = field(default_factory=dict)


def compose_study(overrides: Sequence[str], folder: str | Path | None) -> tuple[Settings, Settings]:
    """Compose the settings of a study with all levers that it names.

    So `levers.single_cao.start=2015-01` works for a lever that only `study.levers` names.

    Returns:
        The settings with the levers of all arms, and those without any.

    Raises:
        ConfigErrors: with every problem there is.
    """
    if not _has_levers():
        made = compose(overrides, folder)
        _refuse_levers(made)
        return made, made
    # First without the levers' own settings, which are errors until the levers are chosen.
    own = [line for line in overrides if line.lstrip("+").startswith(f"{LEVERS}.")]
    try:
        first = compose([line for line in overrides if line not in own], folder)
    except ConfigErrors:
        if not own:
            raise
        # Composed whole, to report everything at once.
        first = compose(overrides, folder)
    names = _names(first)
    known = groups(packaged()).get(LEVERS, ())
    problems = [
        Problem("study.levers", name, "no such lever; `hesim levers` lists them", close)
        for name in names
        if name not in known and folder is None
        for close in [nearest(name, known)]
    ]
    if problems:
        raise ConfigErrors(problems)
    if names:
        given = [line for line in overrides if not line.startswith(f"{LEVERS}=")]
        full = compose([*given, f"{LEVERS}=[{','.join(names)}]"], folder)
    else:
        full = compose(overrides, folder)
    return full, full.with_values({LEVERS: {}})


def read_arms(full: Settings, folder: str | Path | None) -> list[Arm]:
    """The arms of a study, baseline first.

    Args:
        full: Settings with the levers of all arms.
        folder: The user's own configuration files.
    """
    if not _has_levers():
        return [Arm(BASELINE)]
    parts = {name: _part(name, full, folder) for name in _names(full)}
    asked = _texts(full["study.levers"]) or ["+".join(parts)] * bool(parts)
    if full.text("study.design") == "grid":
        singles = list(parts)
        sets: Iterable[tuple[str, ...]] = (
            chosen for size in range(1, len(singles) + 1) for chosen in combinations(singles, size)
        )
    else:
        sets = (tuple(_split(name)) for name in dict.fromkeys(asked))
    arms = [Arm(BASELINE)]
    for chosen in sets:
        settings: dict[str, Any] = {}
        for name in chosen:
            settings |= parts[name]
        arms.append(Arm("+".join(chosen), chosen, settings))
    return arms


def _part(name: str, full: Settings, folder: str | Path | None) -> dict[str, Any]:
    """The mapping `levers` that one name stands for: itself, or those of a ready package."""
    mapping = full.mapping(LEVERS)
    if name in mapping:
        return {name: mapping[name]}
    package = compose([f"{LEVERS}=[{name}]"], folder).mapping(LEVERS)
    # What the study sets for a lever holds for the package's lever too.
    return {lever: mapping.get(lever, body) for lever, body in package.items()}


def _names(settings: Settings) -> list[str]:
    """Each name that occurs in `study.levers`, or else the levers of the settings."""
    names = [part for name in _texts(settings["study.levers"]) for part in _split(name)]
    chosen = settings[LEVERS]
    return list(dict.fromkeys(names or (chosen if isinstance(chosen, dict) else ())))


def _split(name: str) -> list[str]:
    return [part.strip() for part in name.split("+") if part.strip()]


def _texts(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]


def _has_levers() -> bool:
    return LEVERS in groups(packaged())


def _refuse_levers(settings: Settings) -> None:
    asked = _texts(settings["study.levers"])
    if asked:
        raise ConfigErrors([Problem("study.levers", asked, "this version has no levers yet")])
