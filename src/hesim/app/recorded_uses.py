"""Read what may be quoted of each calibration that the package ships.

The page must not look at the tables that were held out, so the verdicts are recorded.
`python -m benchmarks.recorded_uses` writes them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from hesim.calibration.uses import KEYS, Language, read_reason, reason_in_words

if TYPE_CHECKING:
    from hesim.app.words import Words

FILE = "recorded_uses.json"


@dataclass(frozen=True)
class RecordedUses:
    """Verdicts on one calibration.

    Attributes:
        calibration: Its name.
        date: When it was made.
        rows: Rows as `hesim.calibration.uses.uses` has them, without words and rules.
    """

    calibration: str
    date: str
    rows: tuple[Mapping[str, Any], ...]


@cache
def _read() -> Mapping[str, Mapping[str, Any]]:
    text = resources.files("hesim.app").joinpath(FILE).read_text(encoding="utf-8")
    found: Mapping[str, Mapping[str, Any]] = json.loads(text)
    return found


def recorded_uses(calibration: str) -> RecordedUses | None:
    """The verdicts on a calibration by name; None where the package has none."""
    found = _read().get(calibration)
    return None if found is None else RecordedUses(calibration, found["date"], tuple(found["uses"]))


def use_in_words(row: Mapping[str, Any], words: Words) -> tuple[str, str, str]:
    """A verdict in the reader's language: the use, whether it may be quoted, and why."""
    language = Language(
        lambda key: words(key) if key == "and" else words(f"reason_{key}"),
        words.written,
        lambda key: words.known(f"way_{key}", words(f"parameter_{key}")),
    )
    quote = words(f"quote_{row['quote'].replace(' ', '_')}")
    reason = reason_in_words(read_reason(row["reason"]), language)
    return words(f"use_{KEYS[row['use']]}"), quote, reason
