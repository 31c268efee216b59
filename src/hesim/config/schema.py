"""Read what each setting means, from its entry, and find the meaning of a path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from hesim.config.defaults import package_at
from hesim.config.entries import OF_VALUE, entries_of
from hesim.config.folders import SCHEMA, packaged_file, read_settings
from hesim.config.meaning import FIELDS, LABELS, TYPES, Meaning, meaning_of, unknown_categories
from hesim.input.problems import ConfigErrors, Problem
from hesim.sources import packaged


@dataclass(frozen=True)
class Schema:
    """The meaning of every setting."""

    meanings: tuple[Meaning, ...]

    def find(self, path: str) -> Meaning | None:
        """What a path means: by its own name first, then by pattern, the one with fewest stars."""
        named = self._named.get(path)
        if named is not None:
            return named
        fitting = [each for each in self._patterns.get(path.count("."), ()) if each.fits(path)]
        return min(fitting, key=lambda meaning: meaning.path.count("*"), default=None)

    @cached_property
    def _named(self) -> dict[str, Meaning]:
        return {meaning.path: meaning for meaning in self.meanings}

    @cached_property
    def _patterns(self) -> dict[int, list[Meaning]]:
        """Meanings of several paths by the number of points in those."""
        found: dict[int, list[Meaning]] = {}
        for meaning in self.meanings:
            if "*" in meaning.path:
                found.setdefault(meaning.path.count("."), []).append(meaning)
        return found

    def machine(self) -> frozenset[str]:
        """Paths that belong to a machine, not to a result."""
        return frozenset(m.path for m in self.meanings if m.machine or m.type == "path")

    def sparse(self) -> frozenset[str]:
        """Paths that are stored only where they hold something."""
        return frozenset(m.path for m in self.meanings if m.sparse)


def read_schema(folder: Path) -> Schema:
    """Read the meanings of all settings of a folder: from its entries, and from `schema/`.

    What every lever has stands in `schema/`, since its values stand in the levers' own files.

    Raises:
        ConfigErrors: an entry has an unknown field, type or label; all are named at once.
    """
    return _packaged_schema() if folder == packaged() else _schema(folder)


@cache
def _packaged_schema() -> Schema:
    return _schema(packaged())


def _schema(folder: Path) -> Schema:
    meanings: dict[str, Meaning] = {}
    wrong: list[Problem] = []
    read = packaged_file if folder == packaged() else lambda place: read_settings(folder / place)
    files = {place: read(place) for place in _places(folder)}
    for place, file in files.items():
        of_schema = place.startswith(f"{SCHEMA}/")
        found: Mapping[str, Any] = file.body if of_schema else entries_of(file.body)
        package = "" if of_schema else package_at(place, file.text)
        for name, entry in found.items():
            path = f"{package}.{name}" if package else name
            given = {k: v for k, v in entry.items() if k not in OF_VALUE}
            unknown = sorted(set(given) - FIELDS)
            meaning = meaning_of(path, {k: v for k, v in given.items() if k in FIELDS})
            faults = list(unknown_categories(path, given))
            if unknown:
                faults.append(f"has unknown fields: {', '.join(unknown)}")
            if meaning.type not in TYPES or meaning.of not in TYPES:
                faults.append(f"type must be one of {', '.join(TYPES)}")
            if meaning.label not in LABELS:
                faults.append(f"label must be one of {', '.join(LABELS)}")
            if path in meanings:
                faults.append("is described twice")
            wrong.extend(Problem(path, None, f"{fault} ({place})") for fault in faults)
            meanings[path] = meaning
    if wrong:
        raise ConfigErrors(wrong)
    return Schema(tuple(meanings.values()))


def _places(folder: Path) -> Iterator[str]:
    for file in sorted([*folder.glob("*.yaml"), *folder.glob("*/*.yaml")]):
        place = file.relative_to(folder)
        if place.parts[0] not in ("levers", "experiment"):
            yield place.as_posix()
