"""Give a run or a study one number, which a sweep compares jobs by and Optuna improves."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from hesim.levers.arms import BASELINE, DIFFERENCE, POLICY
from hesim.outcomes.registry import UNITS
from hesim.outcomes.summary import ALL, IN_FORCE
from hesim.study.answers import effects as e
from hesim.study.answers.barriers import barriers_of
from hesim.study.answers.effects import records
from hesim.study.answers.question import blank_answers, main_rows
from hesim.study.answers.worth import COST, FREE, OF_COSTS

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.record.run_folder import Run
    from hesim.study.folder import Study

PER_EURO = "per_euro"
"""The choice of `study.objective` that divides by what levers cost."""
MILLION = 1e6


class NoObjective(Exception):
    """A run or study has no such number; the message says why."""


class Objective(NamedTuple):
    """What a job is worth.

    Attributes:
        value: The number.
        unit: Its unit.
        arm: The arm that it belongs to.
    """

    value: float
    unit: str
    arm: str


def objective_of_run(run: Run, settings: Settings) -> Objective:
    """The outcome of a run, or per million euros what its levers add to it.

    The outcome is that of the world with levers, as a mean over replications and the years from the
    first lever's start. Without levers it is the baseline's over all years.

    Args:
        run: A run with at least one whole replication.
        settings: Its settings; `study.outcome` and `study.objective` say what is asked.

    Raises:
        NoObjective: the number asked for does not exist.
    """
    outcome = settings.text("study.outcome")
    per_euro = settings["study.objective"] == PER_EURO
    rows = {
        (str(row["arm"]), str(row["outcome"]), str(row["year"])): row
        for row in records(run.summary)
    }
    arms = {arm for arm, _, _ in rows}
    arm, year = (POLICY, IN_FORCE) if POLICY in arms else (BASELINE, ALL)
    if (arm, outcome, year) not in rows:
        raise NoObjective(f"a run has no outcome {outcome}")
    if not per_euro:
        row = rows[arm, outcome, year]
        return Objective(float(row["mean"]), str(row["unit"]), arm)
    if arm == BASELINE:
        raise NoObjective(f"there are no levers: {FREE}")
    effect, cost = (float(rows[DIFFERENCE, name, year]["mean"]) for name in (outcome, COST))
    return _per_million(POLICY, outcome, UNITS[outcome], effect, cost)


def objective_of_study(study: Study) -> Objective:
    """The effect of the best arm of a study, or of the arm that brings most per euro.

    Of several structures an arm counts by the one in which it does worst. Without levers it is the
    mean of the outcome.

    Args:
        study: A study; `study.outcome`, `study.better` and `study.objective` say what is asked.

    Raises:
        NoObjective: the number asked for does not exist.
    """
    if barriers_of(study):
        raise NoObjective("a study of barriers has no best arm")
    parts = list(study.of_structures().values()) or [study]
    found = [_of_arms(part) for part in parts]
    better = study.settings["study"]["better"]
    best, worst = (max, min) if better == "more" else (min, max)
    whole = [
        worst((one[arm] for one in found), key=lambda each: each.value)
        for arm in found[0]
        if all(arm in one for one in found)
    ]
    if not whole:
        raise NoObjective("no arm has an effect in all structures")
    return best(whole, key=lambda each: each.value)


def _of_arms(study: Study) -> dict[str, Objective]:
    """The objective of each arm in one structure; of the baseline where there is no other arm."""
    asked = blank_answers(study, [], UNITS)
    per_euro = study.settings["study"].get("objective") == PER_EURO
    names = {asked.outcome: asked.unit, **({COST: UNITS[COST]} if per_euro else {})}
    table = e.comparison(study, names)
    if table.empty:
        raise NoObjective("no run is whole")
    rows = records(main_rows(table, asked.outcome))
    if not rows or "difference_mean" not in table:
        if per_euro:
            raise NoObjective(f"there are no levers: {FREE}")
        level = _only(records(table[table["outcome"] == asked.outcome]), asked.outcome)
        return {BASELINE: Objective(level, asked.unit, BASELINE)}
    effects = {str(row["arm"]): float(row["difference_mean"]) for row in rows}
    if not per_euro:
        return {
            arm: Objective(value, asked.unit, arm)
            for arm, value in effects.items()
            if not math.isnan(value)
        }
    costs = {str(r["arm"]): float(r["difference_mean"]) for r in records(main_rows(table, COST))}
    made, reasons = {}, []
    for arm, effect in effects.items():
        try:
            made[arm] = _per_million(arm, asked.outcome, asked.unit, effect, costs.get(arm, 0.0))
        except NoObjective as error:
            reasons.append(str(error))
    if not made:
        raise NoObjective("; ".join(reasons))
    return made


def _only(rows: list[dict[str, Any]], outcome: str) -> float:
    levels = [float(row["level"]) for row in rows if row["arm"] == BASELINE]
    if not levels or math.isnan(levels[0]):
        raise NoObjective(f"the study has no {outcome}")
    return levels[0]


def _per_million(arm: str, outcome: str, unit: str, effect: float, cost: float) -> Objective:
    if outcome in OF_COSTS:
        raise NoObjective(f"{outcome} is a cost itself")
    if math.isnan(effect) or math.isnan(cost) or cost <= 0.0:
        raise NoObjective(f"{arm}: {FREE}")
    return Objective(MILLION * effect / cost, f"{unit} per million euros", arm)


def better_of(values: Mapping[int, float], better: str) -> int | None:
    """The job with the best objective; None without any."""
    whole = {job: value for job, value in values.items() if not math.isnan(value)}
    if not whole:
        return None
    best = max if better == "more" else min
    return best(whole, key=lambda job: whole[job])
