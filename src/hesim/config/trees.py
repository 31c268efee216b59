"""Handle nested mappings of settings: their leaves and paths, and one laid over another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Tree = dict[str, object]


def leaves(values: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, object]]:
    """Every leaf as dotted path and value; a list and an empty mapping are leaves."""
    for key, value in values.items():
        path = f"{prefix}{key}"
        if isinstance(value, Mapping) and value:
            yield from leaves(value, f"{path}.")
        else:
            yield path, value


def branches(values: Mapping[str, object], prefix: str = "") -> Iterator[str]:
    """The dotted path of every nested mapping."""
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield f"{prefix}{key}"
            yield from branches(value, f"{prefix}{key}.")


def laid_over(below: Mapping[str, object], above: Mapping[str, object]) -> Tree:
    """Values with others laid over them: mappings are merged, all else is replaced."""
    merged = dict(below)
    for key, value in above.items():
        old = merged.get(key)
        if isinstance(old, Mapping) and isinstance(value, Mapping):
            merged[key] = laid_over(old, value)
        else:
            merged[key] = value
    return merged


def tree_at(path: str, body: Mapping[str, object]) -> Tree:
    """A mapping that holds another one at a dotted path; an empty path is the mapping itself."""
    made = dict(body)
    for part in reversed(path.split(".") if path else []):
        made = {part: made}
    return made


def tree_of(values: Mapping[str, object]) -> Tree:
    """Values by dotted path as a nested mapping."""
    made: Tree = {}
    for path, value in values.items():
        *parents, last = path.split(".")
        node: dict[str, Any] = made
        for part in parents:
            node = node.setdefault(part, {})
        node[last] = value
    return made


def without(values: Mapping[str, object], paths: frozenset[str], prefix: str = "") -> Tree:
    """The values but for the leaves at some paths."""
    left: Tree = {}
    for key, value in values.items():
        path = f"{prefix}{key}"
        if isinstance(value, Mapping) and value:
            inside = without(value, paths, f"{path}.")
            if inside:
                left[key] = inside
        elif path not in paths:
            left[key] = value
    return left
