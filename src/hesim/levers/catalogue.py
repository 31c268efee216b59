"""Read what the levers are from their files, without composing a run."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from hesim.config.checks import DESCRIBING, WORDS
from hesim.config.defaults import package_of
from hesim.config.folders import user_files
from hesim.input.document import parse
from hesim.input.problems import ConfigErrors, Problem, shortened
from hesim.levers.cost import Cost, read_costs
from hesim.levers.expectation import Expectation, read_expectation
from hesim.levers.prior import Prior, read_prior
from hesim.levers.registry import GRADES, MECHANISMS, OWN
from hesim.sources import packaged

HEADER = "levers."
"""How the package in the first line of a lever's file begins; a ready package has none."""
TEXTS = ("title", "group", "about", "section", "must_not", "taking_part")
"""Those that are texts."""
COSTS = "costs"
"""Entry with the items of a lever's cost."""
EXPECT = "expect"
"""Entry that says what a reader may expect of a lever."""
OF_DIAL = ("acts", "min", "max", "unit", "grade", "source", "about")
"""Entries of a dial."""


@dataclass(frozen=True)
class Dial:
    """One dial of a lever.

    Attributes:
        name: Its name in the lever's file.
        default: Its value there.
        low: Lowest value allowed.
        high: Highest value allowed.
        unit: Unit.
        grade: Key of `registry.GRADES`: what the default rests on.
        source: Where the default comes from.
        about: What it is.
        acts: Mechanism and parameter, as `awareness.gain`.
        prior: What is believed of it before anybody has measured it.
        scaled: Whether `strength` scales it; lengths and limits are not scaled.
    """

    name: str
    default: float
    low: float
    high: float
    unit: str
    grade: str
    source: str
    about: str
    acts: str
    prior: Prior
    scaled: bool = True

    @property
    def mechanism(self) -> str:
        """Name of the mechanism that it acts on."""
        return self.acts.partition(".")[0]


@dataclass(frozen=True)
class Description:
    """What one lever is.

    Attributes:
        key: Name in `levers=A,B`.
        title: Title.
        group: Key of `registry.GROUPS`.
        about: How it works in the model.
        section: Section of the report, or of appendix D.
        must_not: What the report describes that must emerge and is not typed in.
        contradicts: Levers that it cannot be combined with.
        taking_part: Key of `registry.TAKING_PART`.
        dials: Its dials.
        settings: Dates, reach and strength by default.
        costs: What it takes, item by item.
        expectation: What a reader may expect of it; None where its file does not say.
        process: Name of its process where that is no part of the package; else empty.
    """

    key: str
    title: str
    group: str
    about: str
    section: str
    must_not: str
    contradicts: tuple[str, ...]
    taking_part: str
    dials: tuple[Dial, ...]
    settings: Mapping[str, object]
    costs: tuple[Cost, ...] = ()
    expectation: Expectation | None = None
    process: str = ""

    @property
    def grade(self) -> str:
        """The weakest grade of its dials."""
        return max((dial.grade for dial in self.dials), key=list(GRADES).index)

    @property
    def mechanisms(self) -> tuple[str, ...]:
        """Names of the mechanisms that it acts on, in the order of its dials."""
        return tuple(dict.fromkeys(dial.mechanism for dial in self.dials))

    @property
    def volume(self) -> Dial | None:
        """The dial that says how many take part; None where `reach.share` says it alone.

        A lever that does something else beside has none: that would not grow with the dial.
        """
        acting = [name for name in self.mechanisms if name == OWN or not MECHANISMS[name].modifies]
        if len(acting) != 1 or acting[0] == OWN or not MECHANISMS[acting[0]].volume:
            return None
        acts = f"{acting[0]}.{MECHANISMS[acting[0]].volume}"
        found = [dial for dial in self.dials if dial.acts == acts]
        return found[0] if len(found) == 1 else None


def describe(key: str, body: Mapping[str, object]) -> Description:
    """Read a lever's file, or the lever's part of a run's settings.

    Raises:
        ValueError: something is missing or unknown; all faults are named at once.
    """
    faults = [f"levers.{key}: {name} is missing" for name in WORDS if name not in body]
    faults += [
        f"levers.{key}.{name}: {body[name]!r} must be a text"
        for name in TEXTS
        if name in body and not isinstance(body[name], str)
    ]
    process = body.get("process") or ""
    if not isinstance(process, str) or (process and not process.isidentifier()):
        faults.append(f"levers.{key}.process: {process!r} must be the name of a process")
        process = ""
    contradicts = body.get("contradicts") or []
    if not isinstance(contradicts, list) or not all(isinstance(n, str) for n in contradicts):
        faults.append(f"levers.{key}.contradicts: {contradicts!r} must be a list of levers")
    dials: list[Dial] = []
    given = body.get("dials") or {}
    if not isinstance(given, dict):
        faults.append(f"levers.{key}.dials: {given!r} must be a mapping, with an entry a dial")
        given = {}
    for name, about in given.items():
        try:
            dials.append(_dial(str(name), body, about))
        except ValueError as error:
            faults.append(f"levers.{key}.dials.{name}: {error}")
    costs, more = read_costs(body.get("costs"))
    faults += [f"levers.{key}.{COSTS}{fault}" for fault in more]
    expectation, more = read_expectation(body.get(EXPECT))
    faults += [f"levers.{key}.{EXPECT}{fault}" for fault in more]
    if faults:
        raise ValueError("\n".join(faults))
    assert isinstance(contradicts, list)
    return Description(
        key=key,
        title=str(body["title"]),
        group=str(body["group"]),
        about=str(body["about"]),
        section=str(body["section"]),
        must_not=str(body["must_not"]),
        contradicts=tuple(contradicts),
        taking_part=str(body["taking_part"]),
        dials=tuple(dials),
        settings={
            k: v
            for k, v in body.items()
            if k not in (*DESCRIBING, COSTS, EXPECT) and k not in given
        },
        costs=costs,
        expectation=expectation,
        process=process,
    )


def _dial(name: str, body: Mapping[str, object], about: object) -> Dial:
    """Read one dial.

    Raises:
        ValueError: something about it is missing or wrong.
    """
    if not isinstance(about, Mapping):
        raise ValueError(f"{about!r} must be a mapping with {', '.join(OF_DIAL)}")
    missing = [key for key in OF_DIAL if key not in about]
    if missing:
        raise ValueError(f"{', '.join(missing)} is missing")
    if name not in body:
        raise ValueError(f"has no value: the file needs {name}: with its default")
    default, low, high = (_number(each) for each in (body[name], about["min"], about["max"]))
    mechanism, _, parameter = str(about["acts"]).partition(".")
    if mechanism == OWN:
        if not parameter.isidentifier() or not body.get("process"):
            raise ValueError(
                f"acts on {about['acts']!r}: {OWN}.NAME is for a lever that names its own process"
            )
    elif mechanism not in MECHANISMS or parameter not in MECHANISMS[mechanism].parameters:
        raise ValueError(f"acts on {about['acts']!r}, which is no mechanism.parameter")
    scaled = bool(about.get("scaled", True))
    if low > 0 or (scaled and high < 0):
        raise ValueError("its range must include 0")
    if low > high:
        raise ValueError(f"its min, {low:g}, is above its max, {high:g}")
    if about["grade"] not in GRADES:
        raise ValueError(f"grade must be one of {', '.join(GRADES)}")
    return Dial(
        name,
        default,
        low,
        high,
        str(about["unit"]),
        str(about["grade"]),
        str(about["source"]),
        str(about["about"]),
        str(about["acts"]),
        read_prior(about.get("prior"), default, low, high),
        scaled,
    )


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{value!r} must be a number")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ValueError(f"{shortened(value)} must be a finite number")
    return number


def is_package(text: str) -> bool:
    """Whether the text of a file of conf/levers is a ready package of levers."""
    return not (package_of(text) or "").startswith(HEADER)


def texts(folder: Path | None = None) -> dict[str, str]:
    """The text of all files of conf/levers by the name of the lever or package, sorted.

    Args:
        folder: The user's own configuration folder; its files come beside, or instead of, those of
            the package.

    Raises:
        ConfigErrors: the folder has files that cannot be read.
    """
    found = {
        file.stem: file.read_text(encoding="utf-8")
        for file in (packaged() / "levers").glob("*.yaml")
    }
    own = user_files(folder) if folder is not None else {}
    for place, file in own.items():
        group, _, name = place.partition("/")
        if group == "levers":
            found[name.removesuffix(".yaml")] = file.text
    return {name: found[name] for name in sorted(found)}


def catalogue(folder: Path | None = None) -> tuple[Description, ...]:
    """Describe all levers, in the order of their names; `folder`: see `texts`.

    Raises:
        ConfigErrors: a lever of the user lacks something, or cannot be read.
    """
    found, problems = [], []
    for name, text in texts(folder).items():
        if is_package(text):
            continue
        try:
            found.append(_description(name, text))
        except ValueError as error:
            problems += [Problem(f"levers/{name}.yaml", None, f) for f in str(error).splitlines()]
    if problems:
        raise ConfigErrors(problems)
    return tuple(found)


@lru_cache(maxsize=256)
def _description(name: str, text: str) -> Description:
    """Describe the lever of a file; the files of the package are asked for again and again."""
    return describe(name, parse(text) or {})


def packages(folder: Path | None = None) -> dict[str, tuple[str, ...]]:
    """Ready packages with the levers in each."""
    found = {}
    for name, text in texts(folder).items():
        if is_package(text):
            members = (parse(text) or {}).get("defaults", [])
            found[name] = tuple(str(member) for member in members if member != "_self_")
    return found
