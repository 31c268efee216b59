"""Read and write the page's state as the address holds it; everything read is checked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, urlencode

from hesim.app.levers import ready_packages, write_choice
from hesim.app.scenarios import MINE, MOST_SCENARIOS, ScenarioText, safe_name
from hesim.app.scenarios import NAME as SCENARIO_NAME
from hesim.app.selection import CHOICES, Selection
from hesim.app.words import LANGUAGES, speak
from hesim.levers.arms import BASELINE

TABS = (
    "answer",
    "flows",
    "outcomes",
    "staff",
    "market",
    "why",
    "participants",
    "person",
    "institution",
    "info",
)
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
LONGEST = 16000
"""Characters of an address that are read."""
MOST_CHANGES = 24
"""Changes of levers in an address, over all scenarios."""


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
        replications: Replications for the intervals, None for as many as the page takes by itself.
        scenarios: Name of each scenario, and month and text of each change of its levers, see
            `hesim.app.levers`.
        open: Name of the scenario that is open.
        against: Name of the scenario that it is compared with.
        person: Identity of the person followed.
        institution: Code of the institution pointed out.
        outcome: Outcome of a study that is looked at.
        arm: Arm of a study that is looked at.
        other: Arm that it is compared with.
    """

    language: str = "en"
    tab: str = TABS[0]
    month: int = 0
    back: int | None = None
    period: str = "12"
    chosen: Selection = field(default_factory=Selection)
    seed: int | None = None
    scale: float | None = None
    years: int | None = None
    replications: int | None = None
    scenarios: tuple[ScenarioText, ...] = ((MINE, ()),)
    open: str = MINE
    against: str = BASELINE
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

    `package=NAME` stands for a scenario with the levers of a ready package; it is written as such
    a scenario afterwards.

    Args:
        query: What stands after the question mark.

    Returns:
        The view, and the names of the parts that were not understood or out of range: those keep
        their defaults.
    """
    view, wrong = DEFAULT, []
    if len(query) > LONGEST:
        return view, ["address"]
    scenarios: dict[str, list[tuple[int, str]]] = {}
    name, named, packages = MINE, dict[str, str](), list[str]()
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
            if number is None or sum(map(len, scenarios.values())) >= MOST_CHANGES:
                wrong.append(key)
            else:
                scenarios.setdefault(name, []).append((int(number), text))
        elif key == "scenario":
            # The levers that follow are its own; those before the first name belong to "mine".
            if not _is_new(value, scenarios):
                wrong.append(key)
            else:
                name = value
                scenarios[name] = []
        elif key == "package" and value in ready_packages():
            packages.append(value)
        elif key in ("open", "against") and SCENARIO_NAME.fullmatch(value):
            named[key] = value
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
    words = speak(view.language)
    for package in packages:
        # A package is a scenario of its own name whose levers are on from the first month.
        called = safe_name(words(f"package_{package}"))
        if _is_new(called, scenarios):
            scenarios[called] = [(0, write_choice({key: {} for key in ready_packages()[package]}))]
        else:
            wrong.append("package")
    if scenarios:
        read = tuple((name, tuple(sorted(given))) for name, given in scenarios.items())
        view = replace(view, scenarios=read)
    known = {BASELINE, *(name for name, _ in view.scenarios)}
    wrong += [key for key, value in named.items() if value not in known]
    named = {key: value for key, value in named.items() if value in known}
    opened, against = named.get("open", view.scenarios[0][0]), named.get("against", BASELINE)
    view = replace(view, open=opened, against=against)
    return view, list(dict.fromkeys(wrong))


def _is_new(name: str, scenarios: Mapping[str, object]) -> bool:
    """Whether a scenario of the address has a name of its own that can be."""
    taken = {BASELINE, *(each.casefold() for each in scenarios)}
    free = name.casefold() not in taken and len(scenarios) < MOST_SCENARIOS
    return free and SCENARIO_NAME.fullmatch(name) is not None


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
    for at, (name, changes) in enumerate(view.scenarios):
        plain = at == 0 and name == MINE and (changes or len(view.scenarios) == 1)
        if not plain:
            pairs.append(("scenario", name))
        pairs.extend(("levers", f"{month}:{text}") for month, text in changes)
    return urlencode(pairs, safe=":,()=;")


def _plain(view: View) -> Iterable[tuple[str, object, object]]:
    yield "lang", view.language, DEFAULT.language
    for name in ("tab", "month", "back", "period", "seed", "scale", "years", "replications"):
        yield name, getattr(view, name), getattr(DEFAULT, name)
    yield "open", view.open, view.scenarios[0][0]
    yield "against", view.against, DEFAULT.against
    yield "person", view.person, None
    yield "institution", view.institution, None
    yield "outcome", view.outcome, None
    yield "arm", view.arm, None
    yield "other", view.other, None
