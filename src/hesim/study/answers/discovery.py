"""Find the worlds in which an arm does well: the patient rule induction method (PRIM).

The peeling is that of the EMA workbench (extra `discovery`), after Friedman and Fisher (1999)
and Bryant and Lempert (2010).
"""

from __future__ import annotations

import warnings
from inspect import signature
from typing import TYPE_CHECKING, Any

import numpy as np

from hesim.sources import extra_command
from hesim.study.answers.speaker import Note

if TYPE_CHECKING:
    import pandas as pd

LEAST_WORLDS = 40
"""Fewer worlds say too little about where an arm does well."""


class NoDiscovery(RuntimeError):
    """Scenario discovery cannot be done; the message says why."""


def discover(worlds: pd.DataFrame, good: Any, threshold: float = 0.8) -> pd.DataFrame:
    """Limits of the uncertainties within which an arm does well.

    Args:
        worlds: A column for each uncertainty, a row for each world.
        good: Whether the arm does well in each world.
        threshold: Density that the box should reach at least.

    Returns:
        A row for each limited uncertainty, with the box's coverage (share of the good worlds
        that lie inside) and density (share of the worlds inside that are good), and the chance
        that the limit is mere luck (quasi-p).

    Raises:
        NoDiscovery: too few worlds, all alike, or the EMA workbench is not installed.
    """
    import pandas as pd

    good = np.asarray(good, bool)
    if good.size < LEAST_WORLDS:
        few = "needs {least} worlds at least, there are {count}"
        raise NoDiscovery(Note(few, least=LEAST_WORLDS, count=good.size))
    if good.all() or not good.any():
        alike = (
            "the worlds are alike: it does well in all of {count}"
            if good.all()
            else "the worlds are alike: it does well in none of {count}"
        )
        raise NoDiscovery(Note(alike, count=good.size))
    try:
        with warnings.catch_warnings():
            # It misses parts that are not used here.
            warnings.simplefilter("ignore")
            from ema_workbench.analysis import prim
    except ImportError:
        words = f"needs the EMA workbench: {extra_command('discovery')}"
        raise NoDiscovery(words) from None
    # Version 2 stops at a density of its own, version 3 does not ask for one.
    asked = {"threshold": threshold} if "threshold" in signature(prim.Prim).parameters else {}
    box = prim.Prim(worlds, good, **asked).find_box()
    if box is None:
        raise NoDiscovery(Note("no box was found"))
    tried = box.peeling_trajectory
    dense = tried[tried["density"] >= threshold]
    worth = dense["coverage"] * dense["density"] if len(dense) else tried["density"]
    chosen = int(worth.idxmax())
    limits = box.box_lims[chosen]
    chances = (box.qp if hasattr(box, "qp") else box.p_values)[chosen]
    rows = [
        {
            "uncertainty": name,
            "from": limits[name].iloc[0],
            "to": limits[name].iloc[1],
            "quasi_p": _chance(chances[name]),
            "coverage": float(tried["coverage"][chosen]),
            "density": float(tried["density"][chosen]),
            "worlds": good.size,
            "good": int(good.sum()),
        }
        for name in worlds.columns
        if name in chances
    ]
    return pd.DataFrame(rows)


def _chance(found: Any) -> float:
    """The larger chance of both limits; below zero the method could not reckon it."""
    known = [float(one) for one in np.ravel(found) if one >= 0]
    return max(known) if known else float("nan")
