"""Answer a dose-response study: the effect of a lever against the effort that it takes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hesim.levers.arms import BASELINE
from hesim.levers.catalogue import describe
from hesim.study.answers.effects import records
from hesim.study.answers.worth import COST, DAYS, HIGH, LOW, TRANSFERS
from hesim.study.dose import share_in_arm
from hesim.study.points import CENTRAL
from hesim.study.shares import dial_beyond

if TYPE_CHECKING:
    import pandas as pd

    from hesim.study.folder import Study

COLUMNS = (
    "lever",
    "share",
    "usual",
    "dial",
    "effect",
    "effect_low",
    "effect_high",
    "unit",
    "distinguishable",
    "euros",
    "euros_low",
    "euros_high",
    "days",
    "transfers",
    "grade",
)
"""Columns of dose.csv."""
UNKNOWN = math.nan


def lever_of_doses(study: Study) -> str:
    """The lever whose doses a study compares; empty if it is about something else."""
    return str(study.settings["study"].get("dose") or "")


def dose_table(study: Study, comparison: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """What the lever does at each share, and what that takes.

    Args:
        study: The study.
        comparison: Rows of `effects.comparison` of one structure.
        outcome: Whose change is the effect.

    Returns:
        Rows with the columns `COLUMNS`, from the smallest share to the largest: the effect against
        the baseline with its 95% interval, whether it is distinguishable from zero, euros a year
        with the range of costs, working days and transfers a year; no numbers where no cost of the
        lever is known. `usual` marks the share that
        the lever has as a rule, and `dial` names the dial that makes a share above 1.
    """
    import pandas as pd

    lever = lever_of_doses(study)
    if "difference_mean" not in comparison:
        return pd.DataFrame(columns=list(COLUMNS))
    central = comparison[comparison["scenario"] == CENTRAL]
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for row in records(central[central["arm"] != BASELINE]):
        found.setdefault(str(row["arm"]), {})[str(row["outcome"])] = row
    rows = []
    for arm, of in found.items():
        body = study.manifest["facts"]["arms"][arm][lever]
        about, share = describe(lever, body), share_in_arm(arm, body)
        effect = of[outcome]
        # Zero would say that it is free.
        spent = of if about.costs else {}
        rows.append(
            {
                "lever": lever,
                "share": share,
                "usual": arm == lever,
                "dial": dial_beyond(about, share),
                "effect": effect["difference_mean"],
                "effect_low": effect["difference_low"],
                "effect_high": effect["difference_high"],
                "unit": effect["unit"],
                "distinguishable": bool(effect["difference_distinguishable"]),
                "euros": _mean(spent, COST),
                "euros_low": _mean(spent, LOW),
                "euros_high": _mean(spent, HIGH),
                "days": _mean(spent, DAYS),
                "transfers": _mean(spent, TRANSFERS),
                "grade": effect["grade"],
            }
        )
    return pd.DataFrame(rows, columns=list(COLUMNS)).sort_values("share", ignore_index=True)


def _mean(of: Mapping[str, Mapping[str, Any]], outcome: str) -> float:
    """The mean difference of an outcome; not a number where it is not known."""
    return float(of[outcome]["difference_mean"]) if outcome in of else UNKNOWN
