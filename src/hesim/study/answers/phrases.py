"""Put parts of an answer into words: an interval, a change, and what keeps it from being sure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hesim.calibration.titles import STRUCTURES, path_title, structure_title
from hesim.config.folders import STRUCTURE
from hesim.levers.titles import arm_title
from hesim.study.answers.speaker import ENGLISH, Speaker

if TYPE_CHECKING:
    import pandas as pd

OF_LEVERS = ("arm", "lever")
"""Columns that hold names of arms and levers."""


def titled(frame: pd.DataFrame) -> pd.DataFrame:
    """A table for people: titles for the names of arms, levers, structures and parameters.

    They stand in its cells, and in the heads of columns that are about one of them.
    """
    shown = frame.drop(columns=["title"], errors="ignore")
    for column in OF_LEVERS:
        if column in shown:
            shown = shown.assign(**{column: shown[column].map(lambda name: arm_title(str(name)))})
    if STRUCTURE in shown:
        named = shown[STRUCTURE].map(lambda name: structure_title(str(name)))
        shown = shown.assign(**{STRUCTURE: named})
    if "parameter" in shown:
        shown = shown.assign(parameter=shown["parameter"].map(lambda path: path_title(str(path))))
    arms = {str(name) for name in frame["arm"]} if "arm" in frame else set()
    heads = {name: arm_title(name) for name in arms if name in shown}
    for name in map(str, shown):
        rank, _, structure = name.rpartition("rank_")
        if not rank and structure.partition(":")[0] in STRUCTURES:
            of = "rank: " if name != structure else ""
            heads[name] = f"{of}{structure_title(structure)}"
    return shown.rename(columns=heads)


def doubt(row: Mapping[str, Any], say: Speaker = ENGLISH) -> str:
    """What keeps the effect of a row of a comparison from being sure; empty when nothing does."""
    if math.isnan(row["difference_low"]):
        return say(", without an interval: that takes more replications")
    sure = row["difference_distinguishable"]
    return "" if sure else say(", not distinguishable from zero")


def change_words(mean: float, say: Speaker = ENGLISH) -> str:
    """What an effect does to an outcome."""
    if mean == 0:
        return say("changes nothing")
    size = say.write(abs(mean), ",.1f")
    return say("raises it by {size}" if mean > 0 else "lowers it by {size}", size=size)


def beyond_everybody(rows: Iterable[Mapping[str, Any]], say: Speaker = ENGLISH) -> str:
    """What a share above 1 means, and by which dial it comes about; empty where there is none.

    Args:
        rows: `lever` and `dial`, the dial that makes the share of a row; empty up to a share of 1.
        say: Language.
    """
    # Studies of older versions have no shares above 1, and no such column.
    dials = dict.fromkeys(_dial_of(row, say) for row in rows if row.get("dial"))
    if not dials:
        return ""
    named = say.enumeration(list(dials))
    which = (
        say("The dial that rises is {dials}.", dials=named)
        if len(dials) == 1
        else say("The dials that rise are {dials}.", dials=named)
    )
    more = "A share above 1 offers places to more people: at 2, to twice as many as at 1."
    return f"{say(more)} {which}"


def beyond_credible(rows: Iterable[Mapping[str, Any]], say: Speaker = ENGLISH) -> str:
    """Say which dials were scaled beyond what is credible of them; empty where none was.

    Args:
        rows: Rows of effort.csv, also those of older versions, which say nothing of it.
        say: Language.
    """
    named = [_dial_beyond(row, say) for row in rows if row.get("beyond_credible")]
    return say("Beyond what is credible: {dials}.", dials="; ".join(named)) if named else ""


def _dial_of(row: Mapping[str, Any], say: Speaker) -> str:
    lever = str(row["lever"])
    return say("{dial} of {lever}", dial=say.dial(lever, row["dial"]), lever=say.arm(lever))


def _dial_beyond(row: Mapping[str, Any], say: Speaker) -> str:
    """How far a dial lies beyond what is credible, and in which arm where that has others too."""
    arm = str(row["arm"])
    return say(
        "{dial}{arm} is {value}, and 97.5% of what is believed of it lies below {credible}",
        dial=_dial_of(row, say),
        arm="" if arm == row["lever"] else say(" in {arm}", arm=say.arm(arm)),
        value=say.write(row["dial_value"], ".3g"),
        credible=say.write(row["dial_credible"], ".3g"),
    )


def enumeration(names: Sequence[str]) -> str:
    """Names in a row, as `first, standing and growing`."""
    return ENGLISH.enumeration(names)
