"""Hold what is asked of a study and what it answers."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hesim.config import ConfigErrors, Problem
from hesim.input.document import BadDocument, scalar, with_point
from hesim.input.problems import nearest
from hesim.levers.arms import BASELINE
from hesim.study.answers.effects import Tables, records
from hesim.study.folder import Study
from hesim.study.observation import FLOWS
from hesim.study.points import CENTRAL

if TYPE_CHECKING:
    import pandas as pd

    from hesim.study.answers.best import Worlds

ASKED = ("outcome", "better", "threshold")
"""Settings of a study that it can be asked with otherwise."""


@dataclass(frozen=True)
class Sensitivity:
    """What the table `sensitivity` holds.

    Attributes:
        kind: `tornado`, `regression`, `sobol`, `morris`, or `nothing` where all worlds are alike.
        of_effect: Whether it is about the effect of the best arm, else about the baseline.
    """

    kind: str
    of_effect: bool


@dataclass
class Answer:
    """What a study says.

    Attributes:
        study: The study.
        outcome: What it is about.
        unit: Unit of the outcome.
        better: `more` or `less`.
        threshold: Effect above which an arm satisfices.
        tables: By name.
        figures: Charts, by name; `report.figures` adds them.
        notes: What could not be answered, and why.
        best: The arm with the largest effect in the good direction; the baseline without arms.
        by_year: The outcome of each run by arm and year, for the best arms.
        sensitivity: What the table of that name holds, where there is one.
        regret: What each arm loses in each world, where arms differ.
        flow_arms: Arms of which the change of flows is known.
        effects: Paired differences of the outcome, by arm and scenario.
        worlds: Effects and costs of all arms, world by world, where there are enough worlds.
        parts: What each structure answers by itself, in a study that asks several; tables begin
            with a column `structure` then.
    """

    study: Study
    outcome: str
    unit: str
    better: str
    threshold: float
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    figures: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    best: str = BASELINE
    by_year: dict[str, dict[int, NDArray[np.float64]]] = field(default_factory=dict)
    sensitivity: Sensitivity | None = None
    regret: pd.DataFrame | None = None
    flow_arms: list[str] = field(default_factory=list)
    effects: Tables = field(default_factory=dict)
    worlds: Worlds | None = None
    parts: dict[str, Answer] = field(default_factory=dict)

    @property
    def comparison(self) -> pd.DataFrame:
        """The table of that name; empty in a study of barriers, which compares no arms."""
        import pandas as pd

        return self.tables.get("comparison", pd.DataFrame())


def blank_answers(study: Study, overrides: Sequence[str], outcomes: dict[str, str]) -> Answer:
    """Empty answers about the outcome of the study, or another if asked.

    Raises:
        ConfigErrors: overrides that cannot hold.
    """
    given = dict(study.settings["study"])
    problems: list[Problem] = []
    for line in overrides:
        key, _, value = line.partition("=")
        name = key.removeprefix("study.")
        if name not in ASKED:
            allowed = "must be study.outcome, study.better or study.threshold"
            close = nearest(key, [f"study.{each}" for each in ASKED])
            problems.append(Problem(key, value, allowed, close))
        else:
            given[name] = value
    known = [*outcomes, *(FLOWS if given["flows"] else ())]
    if given["outcome"] not in known:
        allowed = "must be one of " + ", ".join(outcomes)
        close = nearest(str(given["outcome"]), known)
        problems.append(Problem("study.outcome", given["outcome"], allowed, close))
    if given["better"] not in ("more", "less"):
        problems.append(Problem("study.better", given["better"], "must be more or less"))
    threshold = finite_number(given["threshold"])
    if threshold is None:
        asked_for = given["threshold"]
        close = with_point(asked_for)
        problems.append(Problem("study.threshold", asked_for, "must be a number", close))
    if problems:
        raise ConfigErrors(problems)
    assert threshold is not None
    outcome = str(given["outcome"])
    unit = outcomes.get(outcome, "persons a year")
    return Answer(study, outcome, unit, str(given["better"]), threshold)


def finite_number(given: object) -> float | None:
    """A finite number, as somebody types it; None for all else."""
    try:
        value = scalar(given) if isinstance(given, str) else given
    except BadDocument:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def best_arm(comparison: pd.DataFrame, made: Answer) -> str:
    """The arm with the largest effect in the good direction; the baseline without arms."""
    rows = main_rows(comparison, made.outcome)
    if rows.empty or "difference_mean" not in rows:
        return BASELINE
    sign = 1.0 if made.better == "more" else -1.0
    best = max(records(rows), key=lambda row: sign * float(row["difference_mean"]))
    return str(best["arm"])


def main_rows(comparison: pd.DataFrame, outcome: str, scenario: str = CENTRAL) -> pd.DataFrame:
    """Rows of the arms for one outcome, largest difference first."""
    if comparison.empty:
        return comparison
    rows = comparison[
        (comparison["outcome"] == outcome)
        & (comparison["scenario"] == scenario)
        & (comparison["arm"] != BASELINE)
    ]
    if "difference_mean" not in rows:
        return rows
    rows = rows[rows["difference_mean"].notna()]
    return rows.sort_values("difference_mean", ascending=False, kind="stable")


def name_words(name: str) -> str:
    """A name as words."""
    return name.replace("flow.", "flow ").replace(".", " to ").replace("_", " ")


def file_name(name: str) -> str:
    """A name as part of a file's name."""
    return re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_")
