"""Compare two runs: the outcomes of both, and what differs, paired by replication."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hesim.input.problems import ConfigErrors, Problem
from hesim.levers.arms import BASELINE, DIFFERENCE, POLICY
from hesim.levers.dates import years_before, years_in_words
from hesim.outcomes.registry import OUTCOMES
from hesim.outcomes.summary import interval

if TYPE_CHECKING:
    import pandas as pd

    from hesim.record.run_folder import Run

    Values = NDArray[np.float64]

TABLE = "outcomes"
"""The file of a run that holds its outcomes by replication and year."""
_COLUMNS = (
    "outcome",
    "unit",
    "first",
    "second",
    "difference",
    "low",
    "high",
    "distinguishable",
    "replications",
)
BY_YEAR_COLUMNS = ("year", *_COLUMNS)
"""Columns of a comparison by year."""
MEANS_COLUMNS = ("from_year", "to_year", *_COLUMNS)
"""Columns of a comparison of means over years."""
_SAME = {
    "seed": "random numbers are shared only by runs with the same seed",
    "start": "years and months are shared only by runs that start in the same month",
    "population.scale": "persons are shared only by runs of the same scale",
}
"""Settings that must be equal for runs to be paired, and why."""


@dataclass(frozen=True)
class RunComparison:
    """The second of two runs less the first, paired by replication.

    Attributes:
        first: The run that is compared with, and its arm.
        second: The run that is compared, and its arm.
        by_year: One row for each outcome and year, columns of `BY_YEAR_COLUMNS`. `year` is a whole
            number. `first`, `second` and `difference` are means over the replications in `unit`,
            at full scale. `low` and `high` are the ends of the 95% t interval of the difference,
            not a number with one replication. `distinguishable` says whether it leaves out zero.
        means: The same for the means over the years `from_year` to `to_year`. They begin with the
            year in which the first lever of either run starts.
    """

    first: Run
    second: Run
    by_year: pd.DataFrame
    means: pd.DataFrame

    def __str__(self) -> str:
        """The means as a table of text, with what was compared."""
        return f"{self.sentence}\n\n{self.means.to_string(index=False)}"

    @property
    def sentence(self) -> str:
        """What was compared, in words."""
        row = self.means.iloc[0]
        years = years_in_words(int(row["from_year"]), int(row["to_year"]))
        runs = int(row["replications"])
        return (
            f"{_name(self.second)} less {_name(self.first)}: simulated means of {years}, "
            f"{runs} {'pair' if runs == 1 else 'pairs'} of replications with the same random "
            "numbers, counts at full scale."
        )


def compare_runs(first: Run, second: Run) -> RunComparison:
    """Compare two runs, replication by replication.

    A run with levers is compared by its policy, any other by its baseline; `Run.of_arm` chooses
    another arm. Years and replications that only one run has are left out.

    Args:
        first: The run to compare with.
        second: The run that is compared.

    Raises:
        ConfigErrors: The runs share no random numbers, years or replications, or one of them was
            made before hesim kept outcomes by replication.
        NoRun: A folder holds no run, or a file in it is damaged.
    """
    problems = [
        Problem(
            str(run.folder),
            None,
            f"holds no {TABLE}.parquet, as hesim did not keep outcomes by replication when it was "
            f"made; make it again to compare it",
        )
        for run in dict.fromkeys((first, second))
        if f"{TABLE}.parquet" not in run.manifest.get("files", ())
    ]
    problems += [
        Problem(
            key,
            _setting(second, key),
            f"must be {_setting(first, key)!r} as in {first.folder}: {why}",
        )
        for key, why in _SAME.items()
        if _setting(first, key) != _setting(second, key)
    ]
    if problems:
        raise ConfigErrors(problems)
    ours, theirs = _cubes(first), _cubes(second)
    numbers = [n for n in ours.numbers if n in theirs.numbers]
    years = [year for year in ours.years if year in theirs.years]
    if not numbers:
        words = f"have no replication in common with those of {first.folder}: {ours.numbers}"
        raise ConfigErrors([Problem(f"replications of {second.folder}", theirs.numbers, words)])
    before = _years_before(first, second, len(years))
    by_year: list[dict[str, object]] = []
    means: list[dict[str, object]] = []
    for outcome in OUTCOMES:
        if outcome not in ours.values or outcome not in theirs.values:
            continue
        one, two = ours.part(outcome, numbers, years), theirs.part(outcome, numbers, years)
        by_year += [
            {"year": year, **_row(outcome, one[:, k], two[:, k])} for k, year in enumerate(years)
        ]
        over = {"from_year": years[before], "to_year": years[-1]}
        one, two = one[:, before:].mean(axis=1), two[:, before:].mean(axis=1)
        means.append({**over, **_row(outcome, one, two)})
    import pandas as pd

    return RunComparison(
        first,
        second,
        pd.DataFrame(by_year, columns=list(BY_YEAR_COLUMNS)),
        pd.DataFrame(means, columns=list(MEANS_COLUMNS)),
    )


def compared_arm(run: Run) -> str:
    """The arm of a run that is compared: the one that was chosen, else its policy if it has one."""
    if run.arm is not None:
        return run.arm
    return POLICY if POLICY in run.manifest.get("arms", ()) else BASELINE


@dataclass(frozen=True)
class _Cubes:
    """Outcomes of one arm.

    Attributes:
        numbers: Replications.
        years: Calendar years.
        values: By outcome, shape (replications, years), in its unit at full scale.
    """

    numbers: list[int]
    years: list[int]
    values: dict[str, Values]

    def part(self, outcome: str, numbers: list[int], years: list[int]) -> Values:
        """The values of some replications and years."""
        rows = [self.numbers.index(n) for n in numbers]
        columns = [self.years.index(year) for year in years]
        return self.values[outcome][np.ix_(rows, columns)]


def _cubes(run: Run) -> _Cubes:
    arm = compared_arm(run)
    if arm == DIFFERENCE:
        policy, base = _cubes(run.of_arm(POLICY)), _cubes(run.of_arm(BASELINE))
        less = {name: policy.values[name] - base.values[name] for name in policy.values}
        return _Cubes(policy.numbers, policy.years, less)
    rows = run.of_arm(arm).outcomes
    if rows.empty:
        arms = [*run.manifest.get("arms", ()), DIFFERENCE]
        words = f"{run.folder} has no such arm; its arms: {', '.join(map(str, arms))}"
        raise ConfigErrors([Problem("arm", arm, words)])
    values = {}
    for name, group in rows.groupby("outcome", sort=False, observed=True):
        wide = group.pivot(index="replication", columns="year", values="value")
        values[str(name)] = wide.to_numpy(np.float64)
    return _Cubes([int(n) for n in wide.index], [int(year) for year in wide.columns], values)


def _row(outcome: str, first: Values, second: Values) -> dict[str, object]:
    """What one outcome is in both runs; the difference is rounded as in summary.csv."""
    mean, low, high = (round(x, 4) for x in interval(second - first))
    return {
        "outcome": outcome,
        "unit": OUTCOMES[outcome].unit,
        "first": round(float(first.mean()), 4),
        "second": round(float(second.mean()), 4),
        "difference": mean,
        "low": low,
        "high": high,
        "distinguishable": bool(low > 0 or high < 0),
        "replications": first.size,
    }


def _years_before(first: Run, second: Run, years: int) -> int:
    """Years before the first lever of either run starts, of the years that both have."""
    bodies = [
        body for run in (first, second) for body in (run.settings.get("levers") or {}).values()
    ]
    return years_before(bodies, str(first.settings["start"]), years)


def _setting(run: Run, key: str) -> object:
    found: object = run.settings
    for name in key.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found


def _name(run: Run) -> str:
    return f"{run.folder.name} ({compared_arm(run)})"
