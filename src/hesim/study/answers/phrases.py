"""Put parts of an answer into words: an interval, a change, and what keeps it from being sure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hesim.calibration.titles import path_title
from hesim.levers.titles import arm_title

if TYPE_CHECKING:
    import pandas as pd

OF_LEVERS = ("arm", "lever")
"""Columns that hold names of arms and levers."""


def titled(frame: pd.DataFrame) -> pd.DataFrame:
    """A table for people: titles of arms, levers and parameters, also where they head a column."""
    shown = frame.drop(columns=["title"], errors="ignore")
    for column in OF_LEVERS:
        if column in shown:
            shown = shown.assign(**{column: shown[column].map(lambda name: arm_title(str(name)))})
    if "parameter" in shown:
        shown = shown.assign(parameter=shown["parameter"].map(lambda path: path_title(str(path))))
    arms = {str(name) for name in frame["arm"]} if "arm" in frame else set()
    return shown.rename(columns={name: arm_title(name) for name in arms if name in shown})


def doubt(row: Mapping[str, Any]) -> str:
    """What keeps the effect of a row of a comparison from being sure; empty when nothing does."""
    if math.isnan(row["difference_low"]):
        return ", without an interval: that takes more replications"
    return "" if row["difference_distinguishable"] else ", not distinguishable from zero"


def change_words(mean: float) -> str:
    """What an effect does to an outcome."""
    if mean == 0:
        return "changes nothing"
    return f"{'raises' if mean > 0 else 'lowers'} it by {abs(mean):,.1f}"


def ends_in_words(low: float, high: float) -> str:
    """An interval in brackets; nothing where there is none."""
    return "" if math.isnan(low) else f" (95% interval {low:,.1f} to {high:,.1f})"


def beyond_everybody(rows: Iterable[Mapping[str, Any]]) -> str:
    """What a share above 1 means, and by which dial it comes about; empty where there is none.

    Args:
        rows: `lever` and `dial`, the dial that makes the share of a row; empty up to a share of 1.
    """
    # Studies of older versions have no shares above 1, and no such column.
    dials = dict.fromkeys(
        f"{row['dial']} of {arm_title(str(row['lever']))}" for row in rows if row.get("dial")
    )
    if not dials:
        return ""
    which = "dial that rises is" if len(dials) == 1 else "dials that rise are"
    return (
        "A share above 1 offers places to more people: at 2, to twice as many as at 1. "
        f"The {which} {enumeration(list(dials))}."
    )


def beyond_credible(rows: Iterable[Mapping[str, Any]]) -> str:
    """Say which dials were scaled beyond what is credible of them; empty where none was.

    Args:
        rows: Rows of effort.csv, also those of older versions, which say nothing of it.
    """
    named = [_dial_beyond(row) for row in rows if row.get("beyond_credible")]
    return f"Beyond what is credible: {'; '.join(named)}." if named else ""


def _dial_beyond(row: Mapping[str, Any]) -> str:
    """How far a dial lies beyond what is credible, and in which arm where that has others too."""
    arm = "" if row["arm"] == row["lever"] else f" in {arm_title(str(row['arm']))}"
    return (
        f"{row['dial']} of {arm_title(str(row['lever']))}{arm} is {row['dial_value']:.3g}, and "
        f"97.5% of what is believed of it lies below {row['dial_credible']:.3g}"
    )


def enumeration(names: Sequence[str]) -> str:
    """Names in a row, as `first, standing and growing`."""
    *before, last = names
    return f"{', '.join(before)} and {last}" if before else last
