"""Put parts of an answer into words: an interval, a change, and what keeps it from being sure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any


def doubt(row: Mapping[str, Any]) -> str:
    """What keeps the effect of a row of a comparison from being sure; empty when nothing does."""
    if math.isnan(row["difference_low"]):
        return ", without an interval: that takes more replications"
    return "" if row["difference_distinguishable"] else ", not distinguishable from zero"


def changes(mean: float) -> str:
    """What an effect does to an outcome."""
    if mean == 0:
        return "changes nothing"
    return f"{'raises' if mean > 0 else 'lowers'} it by {abs(mean):,.1f}"


def ends_in_words(low: float, high: float) -> str:
    """An interval in brackets; nothing where there is none."""
    return "" if math.isnan(low) else f" (95% interval {low:,.1f} to {high:,.1f})"


def listed(names: Sequence[str]) -> str:
    """Names in a row, as `first, standing and growing`."""
    *before, last = names
    return f"{', '.join(before)} and {last}" if before else last
