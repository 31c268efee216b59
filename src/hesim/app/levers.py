"""Read and write which levers are on, as text of the address and as settings of a run."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.levers.catalogue import Description
    from hesim.levers.lever import Lever

Choice = Mapping[str, Mapping[str, float]]
"""Levers that are on, each with the dials that differ from their defaults."""
Changes = Mapping[int, Choice]
"""Months from which on other levers are on; the month 0 is the first recorded one."""

STRENGTH = "strength"
_LEVER = re.compile(r"([a-z_0-9]+)(?:\(([^()]*)\))?")
GRADES = ("R", "P", "T", "A")
"""Grades from the best to the weakest: report, published of the same
instrument, transfer evidence, assumed."""


@cache
def controls() -> dict[str, Description]:
    """All levers by name."""
    from hesim.levers import catalogue

    return {lever.key: lever for lever in catalogue()}


@cache
def ready_packages() -> dict[str, tuple[str, ...]]:
    """The ready packages with the levers in each."""
    from hesim.levers.catalogue import packages as found

    return found()


def whole(chosen: Choice) -> str:
    """The ready package whose levers, and no others, are on; empty when there is none."""
    return next((key for key, levers in ready_packages().items() if set(levers) == set(chosen)), "")


def read_choice(text: str) -> tuple[Choice, list[str]]:
    """Read `single_cao,meet_and_greet(contacts=3;strength=0.5)`.

    Returns:
        The levers, and what was no lever, no dial or out of its range: that is left out.
    """
    chosen: dict[str, dict[str, float]] = {}
    wrong: list[str] = []
    for part in filter(None, re.split(r",(?![^(]*\))", text)):
        match = _LEVER.fullmatch(part)
        lever = controls().get(match.group(1)) if match else None
        if match is None or lever is None:
            wrong.append(part[:60])
            continue
        dials = chosen.setdefault(lever.key, {})
        for given in filter(None, (match.group(2) or "").split(";")):
            name, _, value = given.partition("=")
            number = _within(lever, name, value)
            if number is None:
                wrong.append(f"{lever.key}.{given[:40]}")
            else:
                dials[name] = number
    return chosen, wrong


def _within(lever: Description, name: str, text: str) -> float | None:
    low, high = bounds(lever, name) or (1.0, 0.0)
    try:
        value = float(text)
    except ValueError:
        return None
    return value if low <= value <= high else None


def bounds(lever: Description, name: str) -> tuple[float, float] | None:
    """Lowest and highest value of a dial, or of the strength."""
    if name == STRENGTH:
        return 0.0, 1.0
    return next(((dial.low, dial.high) for dial in lever.dials if dial.name == name), None)


def default(lever: Description, name: str) -> float:
    """Value of a dial, or of the strength, when it is not changed."""
    if name == STRENGTH:
        return 1.0
    return next(dial.default for dial in lever.dials if dial.name == name)


def opposed_levers(chosen: Choice) -> list[tuple[str, str]]:
    """Pairs of levers that contradict each other, in the order of their names."""
    names = sorted(chosen)
    return [
        (one, other)
        for k, one in enumerate(names)
        for other in names[k + 1 :]
        if other in controls()[one].contradicts or one in controls()[other].contradicts
    ]


def write_choice(chosen: Choice) -> str:
    """Write levers as `read_choice` reads them."""
    parts = []
    for key, dials in sorted(chosen.items()):
        given = ";".join(f"{name}={value:g}" for name, value in sorted(dials.items()))
        parts.append(f"{key}({given})" if given else key)
    return ",".join(parts)


def overrides(changes: Changes, month: int, first: str) -> list[str]:
    """Settings of the levers that are on in a month: each starts when it was last switched on.

    Args:
        changes: Levers by month of change.
        month: The month, counted from the first recorded one.
        first: The first recorded month, as `2011-01`.
    """
    chosen = on_in(changes, month)
    if not chosen:
        return []
    words = [f"levers=[{','.join(sorted(chosen))}]"]
    for key, dials in sorted(chosen.items()):
        start = month
        for earlier in sorted((m for m in changes if m <= month), reverse=True):
            if key not in changes[earlier]:
                break
            start = earlier
        words.append(f"levers.{key}.start='{month_text(start, first)}'")
        words += [f"levers.{key}.{name}={value:g}" for name, value in sorted(dials.items())]
    return words


def recorded_words(levers: Mapping[str, Mapping[str, object]]) -> list[str]:
    """Settings of the levers of a run, as words: what its config.yaml holds of them.

    Args:
        levers: The mapping `levers` of the run's settings.
    """
    from hesim.config.checks import DESCRIBING
    from hesim.config.trees import leaves
    from hesim.levers.catalogue import COSTS, EXPECT

    if not levers:
        return []
    words = [f"levers=[{','.join(sorted(levers))}]"]
    words_only = (*DESCRIBING, COSTS, EXPECT)
    for key, body in sorted(levers.items()):
        settings = {name: value for name, value in body.items() if name not in words_only}
        words += [f"levers.{key}.{path}={_hydra(value)}" for path, value in leaves(settings)]
    return words


def _hydra(value: object) -> str:
    """A value as Hydra's overrides write it."""
    if isinstance(value, list | tuple):
        return "[" + ",".join(_hydra(item) for item in value) + "]"
    if isinstance(value, str):
        escaped = value.replace("'", "\\'")
        return f"'{escaped}'"
    return (
        "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    )


def on_in(changes: Changes, month: int) -> Choice:
    """Levers that are on in a month."""
    before = [at for at in changes if at <= month]
    return changes[max(before)] if before else {}


def month_text(month: int, first: str) -> str:
    """A month counted from the first recorded one, as `2014-01`."""
    whole = int(first[:4]) * 12 + int(first[5:7]) - 1 + month
    return f"{whole // 12}-{whole % 12 + 1:02d}"


def settings_with_levers(
    base: Sequence[str], folder: str | None, extra: Mapping[str, object], words: Sequence[str]
) -> tuple[Settings, tuple[Lever, ...]]:
    """Compose the settings with levers, and read the levers from them.

    Raises:
        ConfigErrors: Levers that contradict each other, or dials that cannot be.
    """
    from hesim.levers.policy import read_levers
    from hesim.scenario import compose

    plain = [word for word in base if word.partition("=")[0].partition(".")[0] != "levers"]
    settings = compose([*plain, *words], folder, extra)
    return settings, read_levers(settings)


def weakest(chosen: Collection[str]) -> str | None:
    """The weakest grade of some levers; None without any."""
    grades = [controls()[key].grade for key in chosen]
    return max(grades, key=GRADES.index) if grades else None
