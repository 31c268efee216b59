"""Print the result of a command for people or, with --json, for programs."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Mapping
from dataclasses import asdict, is_dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hesim.study.console import Show

JSON, QUIET = "--json", "--quiet"


def show_of(flags: Collection[str]) -> Show:
    """What a command prints: with --json nothing on stdout but that, with --quiet no progress."""
    if JSON in flags:
        return "warnings" if QUIET in flags else "progress"
    return "results" if QUIET in flags else True


def print_json(body: object) -> None:
    """Print one JSON document; what is no number is null, and what JSON has no word for is text."""
    print(json.dumps(_plain(body), indent=1, ensure_ascii=False, allow_nan=False), flush=True)


def table_rows(frame: Any) -> list[dict[str, Any]]:
    """The rows of a table of pandas, as JSON takes them."""
    found: list[dict[str, Any]] = [
        {str(key): value for key, value in row.items()} for row in frame.to_dict("records")
    ]
    return found


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(each) for each in value]
    item = getattr(value, "item", None)
    if callable(item):
        # A number of NumPy.
        value = item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return str(value)
