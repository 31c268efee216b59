"""Read and write the page's state as the address holds it; everything read is checked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, urlencode

from hesim.app.selection import CHOICES, Selection
from hesim.app.words import LANGUAGES

TABS = ("flows", "outcomes", "staff", "market", "participants", "person", "institution", "study")
PERIODS = ("1", "12", "all")
MOST: dict[str, tuple[float, float]] = {
    "seed": (0, 2**63 - 1),
    "scale": (0.01, 1.0),
    "years": (1, 30),
    "month": (0, 360),
    "replications": (1, 16),
    "institution": (0, 199),
    "person": (0, 2**64 - 1),
}
"""Smallest and largest value of each number; the page simulates for every visitor."""
NAME = re.compile(r"[a-z0-9_+]{1,200}")
"""Names of outcomes and of a study's arms."""
LONGEST = 4000
"""Characters of an address that are read."""


@dataclass(frozen=True)
class View:
    """What one visitor looks at.

    Attributes:
        language: Language.
        tab: Name of the page.
        month: Months simulated when the link was made; the page simulates up to it.
        back: Month looked back at, None for the latest.
        period: Months of the flows: `1`, `12` or `all`.
        chosen: Sector, role, field and region.
        seed: Run seed, None for that of the server's settings; likewise scale and years.
        scale: `population.scale`.
        years: Simulated years.
        replications: Replications for the intervals.
        levers: Changes of levers: (month, text), see `hesim.app.levers`.
        person: Identity of the person followed.
        institution: Code of the institution pointed out.
        outcome: Outcome of a study that is looked at.
        arm: Arm of a study that is looked at.
        other: Arm that it is compared with.
    """

    language: str = "en"
    tab: str = "flows"
    month: int = 0
    back: int | None = None
    period: str = "12"
    chosen: Selection = field(default_factory=Selection)
    seed: int | None = None
    scale: float | None = None
    years: int | None = None
    replications: int = 1
    levers: tuple[tuple[int, str], ...] = ()
    person: int | None = None
    institution: int | None = None
    outcome: str | None = None
    arm: str | None = None
    other: str | None = None

    def at(self, now: int) -> int:
        """The month looked at, where so many are simulated; months count up to their end."""
        return now if self.back is None or not now else max(1, min(self.back, now))


DEFAULT = View()


def read_address(query: str) -> tuple[View, list[str]]:
    """Read an address.

    Args:
        query: What stands after the question mark.

    Returns:
        The view, and the names of the parts that were not understood or out of range: those keep
        their defaults.
    """
    view, wrong = DEFAULT, []
    if len(query) > LONGEST:
        return view, ["address"]
    levers: list[tuple[int, str]] = []
    for key, value in parse_qsl(query.lstrip("?"), keep_blank_values=True):
        if key in CHOICES and value in CHOICES[key]:
            view = replace(view, chosen=replace(view.chosen, **{key: value}))
        elif key == "lang" and value in LANGUAGES:
            view = replace(view, language=value)
        elif key == "tab" and value in TABS:
            view = replace(view, tab=value)
        elif key == "period" and value in PERIODS:
            view = replace(view, period=value)
        elif key == "levers":
            month, _, text = value.partition(":")
            number = _number("month", month)
            if number is None or len(levers) >= 24:
                wrong.append(key)
            else:
                levers.append((int(number), text))
        elif key in ("outcome", "arm", "other") and NAME.fullmatch(value):
            view = replace(view, **{key: value})  # type: ignore[arg-type]
        elif key in MOST or key == "back":
            number = _number("month" if key == "back" else key, value)
            if number is None:
                wrong.append(key)
            else:
                whole = number if key == "scale" else int(number)
                view = replace(view, **{key: whole})  # type: ignore[arg-type]
        else:
            wrong.append(key[:40])
    return replace(view, levers=tuple(sorted(levers))), list(dict.fromkeys(wrong))


def _number(name: str, text: str) -> float | int | None:
    """A number within `MOST`, or None."""
    low, high = MOST[name]
    try:
        value: float | int = float(text) if name == "scale" else int(text, 10)
    except ValueError:
        return None
    # Also refuses "nan", which is not between anything.
    return value if low <= value <= high else None


def write_address(view: View) -> str:
    """Write a view as the part of an address after the question mark; defaults are left out."""
    pairs: list[tuple[str, object]] = []
    for key, value, usual in _plain(view):
        if value != usual and value is not None:
            pairs.append((key, value))
    for key in CHOICES:
        value = getattr(view.chosen, key)
        if value is not None:
            pairs.append((key, value))
    pairs.extend(("levers", f"{month}:{text}") for month, text in view.levers)
    return urlencode(pairs, safe=":,()=;")


def _plain(view: View) -> Iterable[tuple[str, object, object]]:
    yield "lang", view.language, DEFAULT.language
    for name in ("tab", "month", "back", "period", "seed", "scale", "years", "replications"):
        yield name, getattr(view, name), getattr(DEFAULT, name)
    yield "person", view.person, None
    yield "institution", view.institution, None
    yield "outcome", view.outcome, None
    yield "arm", view.arm, None
    yield "other", view.other, None
