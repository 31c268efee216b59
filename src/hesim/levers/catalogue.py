"""Read what the levers are from their files, without composing a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hesim.config.folders import packaged
from hesim.levers.registry import GRADES, MECHANISMS

HEADER = "# @package levers."
"""First line of a lever's file; a ready package has none."""
WORDS = ("title", "group", "about", "section", "must_not", "contradicts", "taking_part", "dials")
"""Entries of a lever's file that describe it; all others are settings."""


@dataclass(frozen=True)
class Dial:
    """One dial of a lever.

    Attributes:
        name: Its name in the lever's file.
        default: Its value there.
        low: Lowest value allowed.
        high: Highest value allowed.
        unit: Unit.
        grade: R (report), T (transfer evidence from elsewhere) or A (assumed).
        source: Where the default comes from.
        about: What it is.
        acts: Mechanism and parameter, as `awareness.gain`.
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
    scaled: bool = True

    @property
    def mechanism(self) -> str:
        """Name of the mechanism that it acts on."""
        return self.acts.partition(".")[0]


@dataclass(frozen=True)
class Description:
    """What one lever is.

    Attributes:
        key: Name in `levers=[...]`.
        title: Title.
        group: Key of `registry.GROUPS`.
        about: How it works in the model.
        section: Section of the report, or of appendix D.
        must_not: What the report describes that must emerge and is not typed in.
        contradicts: Levers that it cannot be combined with.
        taking_part: Key of `registry.TAKING_PART`.
        dials: Its dials.
        settings: Dates, reach, strength and costs by default.
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

    @property
    def grade(self) -> str:
        """The weakest grade of its dials."""
        return max((dial.grade for dial in self.dials), key=list(GRADES).index)

    @property
    def mechanisms(self) -> tuple[str, ...]:
        """Names of the mechanisms that it acts on, in the order of its dials."""
        return tuple(dict.fromkeys(dial.mechanism for dial in self.dials))


def describe(key: str, body: Mapping[str, object]) -> Description:
    """Read a lever's file, or the lever's part of a run's settings.

    Raises:
        ValueError: something is missing or unknown; all faults are named at once.
    """
    faults = [f"levers.{key}: {name} is missing" for name in WORDS if name not in body]
    dials: list[Dial] = []
    given = body.get("dials")
    for name, about in given.items() if isinstance(given, dict) else ():
        try:
            dials.append(_dial(str(name), body[name], about))
        except (KeyError, TypeError, ValueError) as error:
            faults.append(f"levers.{key}.dials.{name}: {error}")
    if faults:
        raise ValueError("\n".join(faults))
    contradicts = body["contradicts"]
    return Description(
        key=key,
        title=str(body["title"]), group=str(body["group"]), about=str(body["about"]),
        section=str(body["section"]), must_not=str(body["must_not"]),
        contradicts=tuple(str(name) for name in contradicts)  # type: ignore[attr-defined]
        if contradicts else (),
        taking_part=str(body["taking_part"]),
        dials=tuple(dials),
        settings={k: v for k, v in body.items() if k not in WORDS and k not in (given or {})},  # type: ignore[operator]
    )  # fmt: skip


def _dial(name: str, default: object, about: Mapping[str, object]) -> Dial:
    low, high = (float(str(about[edge])) for edge in ("min", "max"))
    mechanism, _, parameter = str(about["acts"]).partition(".")
    if mechanism not in MECHANISMS or parameter not in MECHANISMS[mechanism].parameters:
        raise ValueError(f"acts on {about['acts']!r}, which is no mechanism.parameter")
    scaled = bool(about.get("scaled", True))
    if low > 0 or (scaled and high < 0):
        raise ValueError("its range must include 0")
    if about["grade"] not in GRADES:
        raise ValueError(f"grade must be one of {', '.join(GRADES)}")
    return Dial(
        name, float(str(default)), low, high, str(about["unit"]), str(about["grade"]),
        str(about["source"]), str(about["about"]), str(about["acts"]), scaled,
    )  # fmt: skip


def is_package(file: Path) -> bool:
    """Whether a file of conf/levers is a ready package of levers."""
    return not file.read_text(encoding="utf-8").startswith(HEADER)


def files(folder: Path | None = None) -> list[Path]:
    """All files of conf/levers, in the order of their names.

    Args:
        folder: The user's own configuration folder; its files come beside, or instead of, those of
            the package.
    """
    places = [packaged(), *([folder] if folder else [])]
    found = {file.name: file for place in places for file in (place / "levers").glob("*.yaml")}
    return [found[name] for name in sorted(found)]


def catalogue(folder: Path | None = None) -> tuple[Description, ...]:
    """Describe all levers, in the order of their names; `folder`: see `files`."""
    import yaml

    found = []
    for file in files(folder):
        if not is_package(file):
            body = yaml.safe_load(file.read_text(encoding="utf-8"))
            found.append(describe(file.stem, body))
    return tuple(found)


def packages(folder: Path | None = None) -> dict[str, tuple[str, ...]]:
    """Ready packages with the levers in each."""
    import yaml

    found = {}
    for file in files(folder):
        if is_package(file):
            body = yaml.safe_load(file.read_text(encoding="utf-8"))
            members = body.get("defaults", [])
            found[file.stem] = tuple(str(name) for name in members if name != "_self_")
    return found
