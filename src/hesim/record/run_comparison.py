"""Compare two runs: the outcomes of both, and what differs.

Where both have the same seed and population, each replication is compared with the same one of the
other run: common random numbers make such pairs alike in all that the settings do not change.
Otherwise the runs are two independent samples, and the interval is Welch's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hesim.input.problems import ConfigErrors, Problem
from hesim.levers.arms import BASELINE, DIFFERENCE, POLICY
from hesim.levers.dates import years_before, years_in_words
from hesim.outcomes.breakdown import known_dimension, outcome_entry, parts_of
from hesim.outcomes.registry import OUTCOMES
from hesim.outcomes.summary import independent_interval, interval
from hesim.record.outputs import BREAKDOWNS
from hesim.tables.schema import TOLD

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
    "start": "years and months are shared only by runs that start in the same month",
    "population.scale": "rates of a thin population are off by an amount of their own",
}
"""Settings that must be equal for runs to be compared, and why."""
_OF_POPULATION = ("population", "burn_in")
"""Settings that decide who is there in the first month."""


@dataclass(frozen=True)
class RunComparison:
    """The second of two runs less the first.

    Attributes:
        first: The run that is compared with, and its arm.
        second: The run that is compared, and its arm.
        by_year: One row for each outcome and year, columns of `BY_YEAR_COLUMNS`. `year` is a whole
            number. `first`, `second` and `difference` are means over the replications in `unit`,
            at full scale. `low` and `high` are the ends of the 95% t interval of the difference,
            not a number with one replication. `distinguishable` says whether it leaves out zero.
        means: The same for the means over the years `from_year` to `to_year`. They begin with the
            year in which the first lever of either run starts.
        unpaired: Why replications are not paired, in words; empty if they are.
        dimension: What outcomes are broken down by, a column after `outcome`; empty for none.
    """

    first: Run
    second: Run
    by_year: pd.DataFrame
    means: pd.DataFrame
    unpaired: str = ""
    dimension: str = ""

    def __str__(self) -> str:
        """The means as a table of text, with what was compared."""
        return f"{self.sentence}\n\n{self.means.to_string(index=False)}"

    @property
    def sentence(self) -> str:
        """What was compared, in words."""
        row = self.means.iloc[0]
        years = years_in_words(int(row["from_year"]), int(row["to_year"]))
        runs = int(row["replications"])
        many = (
            f"{runs} {'replication' if runs == 1 else 'replications'} of each, not paired since "
            f"{self.unpaired}"
            if self.unpaired
            else f"{runs} {'pair' if runs == 1 else 'pairs'} of replications with the same random "
            "numbers"
        )
        return (
            f"{_name(self.second)} less {_name(self.first)}: simulated means of {years}, {many}, "
            "counts at full scale."
        )


def compare_runs(first: Run, second: Run, dimension: str = "") -> RunComparison:
    """Compare two runs, replication by replication where they share random numbers.

    A run with levers is compared by its policy, any other by its baseline; `Run.of_arm` chooses
    another arm. Years that only one run has are left out, and so are replications of pairs.

    Args:
        first: The run to compare with.
        second: The run that is compared.
        dimension: `region`, `age`, `sex`, `field` or `role`, to compare crossings and staff by it
            instead of the headline outcomes.

    Raises:
        ConfigErrors: There is no such dimension, the runs share no years or have other scales, or
            one of them was made before hesim kept outcomes by replication.
        NoRun: A folder holds no run, or a file in it is damaged.
    """
    table = TABLE
    if dimension:
        table = BREAKDOWNS
        known_dimension(dimension)
    problems = [
        Problem(
            str(run.folder),
            None,
            f"holds no {table}.parquet, as hesim did not keep {table} by replication when it was "
            f"made; make it again to compare it",
        )
        for run in dict.fromkeys((first, second))
        if f"{table}.parquet" not in run.manifest.get("files", ())
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
    ours, theirs = _cubes(first, dimension), _cubes(second, dimension)
    numbers = [n for n in ours.numbers if n in theirs.numbers]
    years = [year for year in ours.years if year in theirs.years]
    unpaired = why_unpaired(first, second)
    if not unpaired and not numbers:
        unpaired = "they have no replication in common"
    chosen = (ours.numbers, theirs.numbers) if unpaired else (numbers, numbers)
    before = _years_before(first, second, len(years))
    by_year: list[dict[str, object]] = []
    means: list[dict[str, object]] = []
    parts = parts_of((dimension,)) if dimension else []
    keys = [(part.outcome, part.category) for part in parts] or [(name, "") for name in OUTCOMES]
    for key in keys:
        if key not in ours.values or key not in theirs.values:
            continue
        outcome, named = key[0], {dimension: key[1]} if dimension else {}
        one = ours.part(key, chosen[0], years)
        two = theirs.part(key, chosen[1], years)
        by_year += [
            {"year": year, **named, **_row(outcome, one[:, k], two[:, k], not unpaired)}
            for k, year in enumerate(years)
        ]
        over = {"from_year": years[before], "to_year": years[-1], **named}
        one, two = one[:, before:].mean(axis=1), two[:, before:].mean(axis=1)
        means.append({**over, **_row(outcome, one, two, not unpaired)})
    import pandas as pd

    def framed(rows: list[dict[str, object]], columns: tuple[str, ...]) -> pd.DataFrame:
        place = columns.index("outcome") + 1
        names = [*columns[:place], *((dimension,) if dimension else ()), *columns[place:]]
        return pd.DataFrame(rows, columns=names)

    return RunComparison(
        first,
        second,
        framed(by_year, BY_YEAR_COLUMNS),
        framed(means, MEANS_COLUMNS),
        unpaired,
        dimension,
    )


def same_model(first: Run, second: Run) -> bool:
    """Whether two runs were made by the same code of the model, processes of levers included.

    Manifests of before December 2026 have a hash of the whole package alone, which is taken then.
    """
    one, other = first.manifest, second.manifest
    key = "model_sha256" if {"model_sha256"} <= one.keys() & other.keys() else "code_sha256"
    processes = [each.get("processes_sha256") or {} for each in (one, other)]
    return one.get(key) == other.get(key) and processes[0] == processes[1]


def same_tables(first: Run, second: Run) -> bool:
    """Whether two runs were made from the same tables; those that are only told do not count."""
    one, other = (each.manifest["data_sha256"] for each in (first, second))
    return all(one.get(name) == other.get(name) for name in {*one, *other} - set(TOLD))


def why_unpaired(first: Run, second: Run) -> str:
    """Why replications of two runs have no random numbers in common; empty if they have."""
    seeds = [_setting(run, "seed") for run in (first, second)]
    if seeds[0] != seeds[1]:
        return f"the seeds are {seeds[0]} and {seeds[1]}"
    if any(_setting(first, key) != _setting(second, key) for key in _OF_POPULATION):
        return "the population at the start differs"
    if not same_tables(first, second):
        return "the population is made from other tables"
    if not same_model(first, second):
        return "the model is another version"
    return ""


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
        values: By outcome and category (empty for the whole of it), shape (replications, years), in
            its unit at full scale.
    """

    numbers: list[int]
    years: list[int]
    values: dict[tuple[str, str], Values]

    def part(self, key: tuple[str, str], numbers: list[int], years: list[int]) -> Values:
        """The values of some replications and years."""
        rows = [self.numbers.index(n) for n in numbers]
        columns = [self.years.index(year) for year in years]
        return self.values[key][np.ix_(rows, columns)]


def _cubes(run: Run, dimension: str) -> _Cubes:
    arm = compared_arm(run)
    if arm == DIFFERENCE:
        policy, base = (_cubes(run.of_arm(each), dimension) for each in (POLICY, BASELINE))
        less = {name: policy.values[name] - base.values[name] for name in policy.values}
        return _Cubes(policy.numbers, policy.years, less)
    mine = run.of_arm(arm)
    if dimension:
        rows = mine.breakdowns
        rows = rows[rows["dimension"] == dimension]
    else:
        rows = mine.outcomes.assign(category="")
    if rows.empty:
        arms = [*run.manifest.get("arms", ()), DIFFERENCE]
        words = f"{run.folder} has no such arm; its arms: {', '.join(map(str, arms))}"
        raise ConfigErrors([Problem("arm", arm, words)])
    values = {}
    for (name, category), group in rows.groupby(["outcome", "category"], sort=False, observed=True):
        wide = group.pivot(index="replication", columns="year", values="value")
        values[str(name), str(category)] = wide.to_numpy(np.float64)
    return _Cubes([int(n) for n in wide.index], [int(year) for year in wide.columns], values)


def _row(outcome: str, first: Values, second: Values, paired: bool) -> dict[str, object]:
    """What one outcome is in both runs; the difference is rounded as in summary.csv."""
    found = interval(second - first) if paired else independent_interval(first, second)
    mean, low, high = (round(x, 4) for x in found)
    return {
        "outcome": outcome,
        "unit": outcome_entry(outcome).unit,
        "first": round(float(first.mean()), 4),
        "second": round(float(second.mean()), 4),
        "difference": mean,
        "low": low,
        "high": high,
        "distinguishable": bool(low > 0 or high < 0),
        "replications": min(first.size, second.size),
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
