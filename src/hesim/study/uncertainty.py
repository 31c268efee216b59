"""Read which settings vary and between what: `path`, `path:low:high` or `path:a|b|c`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hesim.config import Problem
from hesim.config.trees import leaves
from hesim.input.document import BadDocument, parse, scalar
from hesim.input.problems import nearest
from hesim.levers.registry import GRADES

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.config.schema import Schema


@dataclass(frozen=True)
class Uncertainty:
    """A setting that varies over the worlds of a study.

    Attributes:
        path: Dotted path of the setting.
        low: Lower end; the first index for a choice between values.
        high: Upper end.
        values: The values to choose between, when there is no range.
        usual: What the setting is in the central world.
        whole: Whether only whole numbers are meant.
        unit: Its unit.
        label: Its grade: data, derived, prior or assumed.
        source: Where its value comes from.
        about: What it means.
    """

    path: str
    low: float
    high: float
    values: tuple[Any, ...]
    usual: Any
    whole: bool = False
    unit: str = ""
    label: str = "assumed"
    source: str = ""
    about: str = ""

    def at(self, share: float) -> Any:
        """The value at a share (0 to 1) of the way from low to high."""
        if self.values:
            return self.values[min(int(share * len(self.values)), len(self.values) - 1)]
        value = self.low + share * (self.high - self.low)
        return round(value) if self.whole else float(value)

    def ends(self) -> tuple[Any, ...]:
        """The values that a one-at-a-time design takes."""
        return self.values or (self.at(0.0), self.at(1.0))

    def levels(self, count: int) -> tuple[Any, ...]:
        """The values that a grid takes: evenly spaced over a range, ends included."""
        if self.values:
            return self.values
        if count == 1:
            return (self.usual,)
        return tuple(dict.fromkeys(self.at(k / (count - 1)) for k in range(count)))


def usual_in(settings: Settings, one: Uncertainty) -> Any:
    """What an uncertain setting is in the central world of a structure, from its settings."""
    try:
        return settings[one.path]
    except KeyError:
        # A dial of a lever, which is the same in all structures.
        return one.usual


def read_uncertainties(
    specs: Iterable[str], settings: Settings, schema: Schema, dials: Mapping[str, Mapping[str, Any]]
) -> tuple[list[Uncertainty], list[Problem]]:
    """Read the specifications of a study's uncertainties.

    Args:
        specs: What the user wrote, each one setting.
        settings: The composed config, levers of all arms included.
        schema: What each setting means.
        dials: Facts of the levers' dials by path: `min`, `max`, `unit`, `grade`, `source`.

    Returns:
        The uncertainties, and what is wrong with those that cannot be read.
    """
    known = dict(leaves(settings.resolved()))
    found: list[Uncertainty] = []
    problems: list[Problem] = []
    for spec in specs:
        path, _, rest = spec.partition(":")
        if path not in known:
            allowed = "no such setting; `hesim config` lists them"
            problems.append(Problem("study.uncertainties", spec, allowed, nearest(path, known)))
            continue
        if any(one.path == path for one in found):
            problems.append(Problem("study.uncertainties", spec, "names a setting twice"))
            continue
        made = _read(path, rest, known[path], schema, dials.get(path, {}))
        if isinstance(made, str):
            problems.append(Problem("study.uncertainties", spec, made))
            continue
        meaning = schema.find(path)
        if meaning is not None:
            problems += [each for value in made.ends() for each in meaning.problems(path, value)]
        problems.extend(outside_range(path, made.ends(), dials.get(path, {})))
        found.append(made)
    return found, problems


def _read(
    path: str, rest: str, usual: Any, schema: Schema, dial: Mapping[str, Any]
) -> Uncertainty | str:
    meaning = schema.find(path)
    number = isinstance(usual, int | float) and not isinstance(usual, bool)
    facts: dict[str, Any] = {"path": path, "usual": usual, "values": ()}
    if dial:
        facts |= {"unit": str(dial.get("unit", "")), "source": str(dial.get("source", ""))}
        grade = GRADES.get(str(dial.get("grade")), "assumed")
        facts |= {"label": grade, "about": str(dial.get("about", ""))}
    elif meaning is not None:
        facts |= {"unit": meaning.unit, "source": meaning.source, "label": meaning.label}
        facts |= {"about": meaning.about, "whole": meaning.type == "int"}
    if "|" in rest or (rest and not number):
        try:
            values = tuple(parse(word) for word in rest.split("|"))
        except BadDocument as error:
            return error.without_line()
        if any(isinstance(value, dict) for value in values):
            return "must have plain values, as path:a|b|c"
        return Uncertainty(low=0.0, high=float(len(values) - 1), **{**facts, "values": values})
    if not number:
        return "is no number: give its values, as path:a|b|c"
    if rest:
        try:
            low, high = (float(scalar(word)) for word in rest.split(":"))
        except BadDocument as error:
            return error.without_line()
        except (TypeError, ValueError):
            return "must be path, path:low:high or path:a|b|c; numbers have a decimal point"
    elif dial:
        low, high = float(dial["min"]), float(dial["max"])
    elif meaning is not None and meaning.min is not None and meaning.max is not None:
        low, high = meaning.min, meaning.max
    else:
        return "has no range of its own: give one, as path:low:high"
    if low >= high:
        return "must have a low end below its high end"
    return Uncertainty(low=low, high=high, **facts)


def outside_range(path: str, values: Iterable[Any], dial: Mapping[str, Any]) -> Iterator[Problem]:
    """Values that lie outside the range of a lever's dial.

    Args:
        path: Path of the setting.
        values: Its values.
        dial: Facts of the dial, `min` and `max` among them; none where the path is no dial.
    """
    if not dial:
        return
    low, high = float(dial["min"]), float(dial["max"])
    for value in values:
        if isinstance(value, int | float) and not low <= value <= high:
            yield Problem(path, value, f"must be a number from {low:g} to {high:g}")
