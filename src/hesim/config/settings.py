"""Hold the validated settings of a run: read by dotted path, never changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from hesim.config.process_files import ProcessFile
from hesim.config.trees import laid_over


@dataclass(frozen=True)
class Settings:
    """Settings of a run; make them with `hesim.scenario.compose`."""

    _values: dict[str, object]
    _changed: tuple[str, ...] = ()
    _machine: frozenset[str] = frozenset()
    _departures: tuple[tuple[str, object], ...] = ()
    _make_policy: Callable[[Settings], Any] | None = None
    _processes: tuple[ProcessFile, ...] = ()
    _sparse: frozenset[str] = frozenset()

    def __getitem__(self, path: str) -> object:
        """The value or the nested mapping at a dotted path; `KeyError` with the path if none."""
        node: object = self._values
        for part in path.split("."):
            if not isinstance(node, dict) or part not in node:
                raise KeyError(path)
            node = node[part]
        return deepcopy(node)

    def number(self, path: str) -> float:
        """A number."""
        value = self[path]
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise TypeError(f"{path} is {value!r}, not a number")
        return float(value)

    def integer(self, path: str) -> int:
        """A whole number."""
        value = self[path]
        if isinstance(value, bool) or not isinstance(value, int):
            raise TypeError(f"{path} is {value!r}, not a whole number")
        return value

    def text(self, path: str) -> str:
        """A text."""
        value = self[path]
        if not isinstance(value, str):
            raise TypeError(f"{path} is {value!r}, not a text")
        return value

    def flag(self, path: str) -> bool:
        """True or false."""
        value = self[path]
        if not isinstance(value, bool):
            raise TypeError(f"{path} is {value!r}, not true or false")
        return value

    def mapping(self, path: str) -> dict[str, Any]:
        """A nested plain dictionary, the caller's own copy."""
        value = self[path]
        if not isinstance(value, dict):
            raise TypeError(f"{path} is {value!r}, not a mapping")
        return value

    def resolved(self) -> dict[str, Any]:
        """Everything as nested plain dictionaries, the caller's own copy."""
        return deepcopy(self._values)

    def with_values(self, values: Mapping[str, object]) -> Settings:
        """The same settings with other values at dotted paths that exist; they are not checked.

        Only what lies above a path is copied: a study does this for each of its runs.
        """
        top: dict[str, object] = dict(self._values)
        for path, value in values.items():
            *parents, last = path.split(".")
            node: dict[str, object] = top
            for part in parents:
                below = node.get(part)
                if not isinstance(below, dict):
                    raise KeyError(path)
                node[part] = below = dict(below)
                node = below
            if last not in node:
                raise KeyError(path)
            node[last] = deepcopy(value)
        return replace(self, _values=top)

    def with_settings(self, stored: Mapping[str, object]) -> Settings:
        """The same settings with stored ones in their place; what is not stored stays.

        Machine's own settings are never stored, see `yaml`, and so are those of here and now.
        """
        return replace(self, _values=laid_over(self._values, stored))

    def policy(self) -> Any:
        """What the levers make of a world, with accounts of its own; None without levers.

        The model takes its policy from here, so that it knows no lever and can forget none. What
        makes the policy was handed in when the settings were composed.
        """
        if not self._values.get("levers"):
            return None
        if self._make_policy is None:
            raise ValueError("settings with levers are composed by hesim.scenario.compose")
        return self._make_policy(self)

    def with_processes(self, files: tuple[ProcessFile, ...]) -> Settings:
        """The same settings with other files of processes, see `process_files`."""
        return replace(self, _processes=files)

    def process_files(self) -> tuple[ProcessFile, ...]:
        """Python files with processes of levers, from the user's folder; their code has not run."""
        return self._processes

    def changed(self) -> tuple[str, ...]:
        """Dotted paths whose value differs from the packaged default."""
        return self._changed

    def departures(self) -> dict[str, object]:
        """Fitted settings that somebody set to another value, with what the calibration says."""
        return dict(self._departures)

    def yaml(self) -> str:
        """The settings as YAML, sorted, without paths, worker count or anything of the machine.

        Sparse settings are written only where they hold something: files of those who do not use
        them stay as they were before there were such settings.
        """
        import yaml

        kept = self.resolved()
        for path in self._machine | self._sparse:
            node: object = kept
            *parents, last = path.split(".")
            for part in parents:
                node = node.get(part) if isinstance(node, dict) else None
            if isinstance(node, dict) and (path in self._machine or not node.get(last)):
                node.pop(last, None)
        # The compiled writer where there is one; both write the same.
        writer = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
        text: str = yaml.dump(kept, Dumper=writer, sort_keys=True, allow_unicode=True)
        return text
