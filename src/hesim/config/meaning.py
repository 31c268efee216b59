"""Hold what one setting means, and check a value against it."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cached_property

from hesim import categories
from hesim.input.document import with_point
from hesim.input.problems import Problem, nearest
from hesim.input.userfile import LONGEST_NAME

LABELS = ("data", "derived", "prior", "assumed", "setting")
TYPES = ("float", "int", "bool", "str", "month", "choice", "path", "list")
CATEGORIES: dict[str, tuple[str, ...]] = {
    name: value
    for name, value in vars(categories).items()
    if isinstance(value, tuple) and all(isinstance(each, str) for each in value)
}
"""Tuples of names that an entry may point at by their name."""
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Meaning:
    """What one setting is; `path` may hold `*` for the keys of a mapping.

    `machine` settings are never stored with results, `sparse` ones only where they hold something.
    """

    path: str
    type: str
    optional: bool = False
    min: float | None = None
    max: float | None = None
    choices: tuple[str, ...] = ()
    keys: tuple[tuple[str, ...], ...] = ()
    of: str = "float"
    length: int | None = None
    sum: float | None = None
    scalar: bool = False
    machine: bool = False
    sparse: bool = False
    unit: str = ""
    label: str = ""
    source: str = ""
    about: str = ""

    def fits(self, path: str) -> bool:
        """Whether this describes the path."""
        return self._pattern.fullmatch(path) is not None

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(re.escape(self.path).replace(r"\*", "[^.]*"))

    def range(self) -> str:
        """What is allowed, in words."""
        kind = self.of if self.type == "list" else self.type
        if kind == "choice":
            text = "one of " + ", ".join(self.choices)
        elif kind == "month":
            text = "a month such as 2014-01"
        elif kind in ("float", "int"):
            text = "a number" if kind == "float" else "a whole number"
            if self.min is not None and self.max is not None:
                text += f" from {self.min:g} to {self.max:g}"
            elif self.min is not None:
                text += f" of at least {self.min:g}"
            elif self.max is not None:
                text += f" of at most {self.max:g}"
        else:
            text = {"bool": "true or false", "path": "a path"}.get(kind, "a text")
        if self.type == "list":
            count = "" if self.length is None else f"{self.length} "
            total = "" if self.sum is None else f", {self.sum:g} in total"
            text = f"a list of {count}values, each {text}{total}"
        return text + (", or null" if self.optional else "")

    def problems(self, path: str, value: object) -> Iterator[Problem]:
        """What is wrong with a value at a path that fits, its keys included."""
        stars = [
            part
            for own, part in zip(self.path.split("."), path.split("."), strict=True)
            if own == "*"
        ]
        for part, names in zip(stars, self.keys, strict=False):
            if names and part not in names:
                yield Problem(path, None, "unknown key; " + _names(names), nearest(part, names))
        if not self._accepts(value):
            close = nearest(value, self.choices) if isinstance(value, str) else None
            if "float" in (self.type, self.of if self.type == "list" else ""):
                close = with_point(value)
            yield Problem(
                path, "null" if value is None else value, f"must be {self.range()}", close
            )

    def _accepts(self, value: object) -> bool:
        if value is None:
            return self.optional
        if self.type != "list":
            return self._accepts_one(self.type, value)
        if not isinstance(value, list):
            return self.scalar and self._accepts_one(self.of, value)
        if self.length is not None and len(value) != self.length:
            return False
        if not all(self._accepts_one(self.of, item) for item in value):
            return False
        return self.sum is None or abs(math.fsum(value) - self.sum) < 1e-6

    def _accepts_one(self, kind: str, value: object) -> bool:
        if kind == "bool":
            return isinstance(value, bool)
        if kind in ("int", "float"):
            if isinstance(value, bool) or not isinstance(value, int | float):
                return False
            if isinstance(value, float) and (kind == "int" or not math.isfinite(value)):
                return False
            low, high = self.min, self.max
            return (low is None or value >= low) and (high is None or value <= high)
        if not isinstance(value, str) or (kind == "path" and not is_path(value)):
            return False
        if kind == "month":
            return _MONTH.fullmatch(value) is not None
        return value in self.choices if kind == "choice" else bool(value)


def is_path(value: str) -> bool:
    """Whether a disk could have such a path."""
    names = re.split(r"[/\\]" if os.name == "nt" else "/", value)
    return "\0" not in value and all(len(os.fsencode(name)) <= LONGEST_NAME for name in names)


FIELDS = frozenset(entry.name for entry in fields(Meaning)) - {"path"}


def meaning_of(path: str, described: Mapping[str, object]) -> Meaning:
    """The meaning of a setting, from the fields of its entry."""
    given = dict(described)
    kind = str(given.pop("type", "float"))
    optional = bool(given.pop("optional", False)) or kind.endswith("?")
    stars = path.split(".").count("*")
    keys = given.pop("keys", None)
    if keys is not None and stars == 0:
        path, stars = f"{path}.*", 1
    per_star = _of_stars(path, keys)
    return Meaning(
        path=path,
        type=kind.removesuffix("?"),
        optional=optional,
        choices=_tuple(given.pop("choices", ())),
        keys=tuple(_tuple(entry) for entry in per_star),
        **given,  # type: ignore[arg-type]
    )


def _of_stars(path: str, keys: object) -> list[object]:
    """What an entry says of the keys of each star of its path."""
    if path.count("*") > 1:
        return keys if isinstance(keys, list) else []
    return [keys]


def unknown_categories(path: str, described: Mapping[str, object]) -> Iterator[str]:
    """Yield what is wrong with names of `hesim.categories` that an entry points at."""
    pointers = [("choices", described.get("choices"))]
    pointers += [("keys", one) for one in _of_stars(path, described.get("keys"))]
    for field, name in pointers:
        if isinstance(name, str) and name not in CATEGORIES:
            close = nearest(name, CATEGORIES)
            hint = f"; did you mean {close}?" if close else ""
            yield f"{field}: {name} is no list of names of hesim.categories{hint}"


def _tuple(names: object) -> tuple[str, ...]:
    """Names given as such, or as the name of a tuple in `hesim.categories`."""
    if isinstance(names, str):
        return CATEGORIES.get(names, ())
    return tuple(str(name) for name in names) if isinstance(names, list | tuple) else ()


def _names(names: tuple[str, ...]) -> str:
    return "allowed: " + ", ".join(names)
