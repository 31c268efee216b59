"""A run as an analyst reads it in Python: counts at full scale, whole years, figures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Literal, Self, get_args

from hesim.input.problems import ConfigErrors, Problem, nearest
from hesim.levers.arms import BASELINE, DIFFERENCE, POLICY
from hesim.levers.dates import years_before, years_in_words
from hesim.outcomes.breakdown import known_dimension, outcome_entry
from hesim.outcomes.registry import OUTCOMES
from hesim.outcomes.summary import ALL, IN_FORCE, interval
from hesim.record.outputs import BREAKDOWNS
from hesim.record.run_folder import Run
from hesim.report.run_page import answer_of_run
from hesim.report.run_plots import RunPlots

if TYPE_CHECKING:
    import pandas as pd

Scale = Literal["full", "model"]
FULL, MODEL = get_args(Scale)
"""Counts as if everybody had been simulated, or as they were simulated."""
WEIGHT = "weight"
"""Column of tables with a row for each person or vacancy: how many of them it stands for."""
KEY_OUTCOMES = ("wo_to_hbo", "wo_to_hbo_direct", "hbo_to_wo", "hbo_to_wo_direct", "hbo_phd_share")
"""Outcomes that a notebook shows."""


@dataclass(frozen=True)
class RunResults(Run):
    """What a run left behind, with counts at full scale.

    Tables are pandas frames, read when asked for. `frame.attrs` says at which scale their counts
    are, and the unit of each column.

    Attributes:
        folder: The run's folder.
        arm: The one arm that is looked at; None for all.
        scale: `full` divides numbers of persons by `population.scale`; `model` leaves them as they
            were simulated. `at_scale` changes it.
    """

    scale: Scale = FULL

    def at_scale(self, scale: Scale) -> Self:
        """The same run with counts at another scale: `full`, or `model` for as simulated.

        Raises:
            ConfigErrors: there is no such scale.
        """
        if scale not in (FULL, MODEL):
            words = "must be full or model"
            raise ConfigErrors([Problem("scale", scale, words, nearest(scale, (FULL, MODEL)))])
        return replace(self, scale=scale)

    @cached_property
    def stocks(self) -> pd.DataFrame:
        """Persons and fte by month and group."""
        return self._scaled(super().stocks, ("persons", "fte"))

    @cached_property
    def flows(self) -> pd.DataFrame:
        """Changes of job by month, origin and destination; `crossing` says who crosses."""
        return self._scaled(super().flows, ("persons",))

    @cached_property
    def margins(self) -> pd.DataFrame:
        """Staff each December by age, contract, hours and jobs, beside role, field and region."""
        return self._scaled(super().margins, ("persons",))

    @cached_property
    def movers(self) -> pd.DataFrame:
        """One row for each move in or out of hbo and wo, with how many it stands for."""
        return self._weighted(super().movers)

    @cached_property
    def vacancies(self) -> pd.DataFrame:
        """One row for each vacancy, with how many it stands for."""
        return self._weighted(super().vacancies)

    @cached_property
    def by_year(self) -> pd.DataFrame:
        """Outcomes by year with 95% intervals; `year` is a whole number.

        Columns arm, outcome, year, mean, low, high, replications, unit and grade, as in
        summary.csv.
        """
        rows = self.summary[~self.summary["year"].isin([ALL, IN_FORCE])].copy()
        rows["year"] = rows["year"].astype(int)
        return self._outcomes_at_scale(rows)

    @cached_property
    def means(self) -> pd.DataFrame:
        """Means over the years with 95% intervals, as the screen shows them.

        They are over the years from the first lever's start, or over all years without levers:
        `from_year` to `to_year`, which stand where `by_year` has `year`.
        """
        whole = self.summary
        mean = IN_FORCE if (whole["year"] == IN_FORCE).any() else ALL
        rows = whole[whole["year"] == mean].copy()
        first, last = self.years_of_means
        place = list(rows.columns).index("year")
        rows = rows.drop(columns="year")
        rows.insert(place, "from_year", first)
        rows.insert(place + 1, "to_year", last)
        return self._outcomes_at_scale(rows)

    @property
    def years_of_means(self) -> tuple[int, int]:
        """First and last year of `means`."""
        settings = self.settings
        start, years = str(settings["start"]), int(settings["years"])
        first = int(start[:4])
        before = years_before((settings.get("levers") or {}).values(), start, years)
        return first + before, first + years - 1

    def by(self, dimension: str, yearly: bool = False) -> pd.DataFrame:
        """Crossings and staff by region, age, sex, field or role, with 95% intervals.

        The categories of an outcome add up to the outcome itself, except of shares. Staff and fte
        are those at the end of a year. With levers the arm `difference` is policy less baseline,
        paired by replication.

        Args:
            dimension: `region` or `role` (of crossings those of the job that is left), `age` (of
                crossings and entrants in the month of joining), `sex` or `field`.
            yearly: A row for each year; else means over the years of `means`.

        Returns:
            Columns arm, outcome, the dimension, year (or from_year and to_year), mean, low, high,
            replications and unit.

        Raises:
            ConfigErrors: there is no such dimension, or the run did not record any.
        """
        known_dimension(dimension)
        if f"{BREAKDOWNS}.parquet" not in self.manifest.get("files", ()):
            words = "this run did not record it: it is older, or of a model of your own"
            raise ConfigErrors([Problem("by", dimension, words)])
        import pandas as pd

        first, last = self.years_of_means
        rows: list[dict[str, object]] = []
        for arm, wide in self._parts_of_arms(dimension).items():
            over = wide[wide.index.get_level_values("year") >= first]
            means = over.groupby(level=["outcome", "category"], observed=True, sort=False).mean()
            for key, cells in (wide if yearly else means).iterrows():
                assert isinstance(key, tuple)
                entry = outcome_entry(str(key[0]))
                years = {"year": key[2]} if yearly else {"from_year": first, "to_year": last}
                # Only counts depend on the scale, and they are stored at full scale.
                factor = entry.divisor(self._factor)
                mean, low, high = (
                    round(x * factor, 4) for x in interval(cells.to_numpy(dtype=float))
                )
                rows.append(
                    {"arm": arm, "outcome": key[0], dimension: key[1], **years}
                    | {"mean": mean, "low": low, "high": high, "replications": cells.size}
                    | {"unit": entry.unit}
                )
        return self._told(pd.DataFrame(rows))

    def _parts_of_arms(self, dimension: str) -> dict[str, pd.DataFrame]:
        """The parts of each arm that is looked at: a row for each part and year, by replication."""
        whole = replace(self, arm=None).breakdowns
        mine = whole[whole["dimension"] == dimension]
        keys = ["outcome", "category", "year", "replication"]
        arms = {
            str(arm): rows.set_index(keys)["value"].unstack("replication")
            for arm, rows in mine.groupby("arm", observed=True, sort=False)
        }
        if POLICY in arms:
            arms[DIFFERENCE] = arms[POLICY] - arms[BASELINE]
        return {arm: values for arm, values in arms.items() if self.arm in (None, arm)}

    @property
    def plot(self) -> RunPlots:
        """The figures of the run: `run.plot.flows()` and so on, as matplotlib figures."""
        return RunPlots(Run(self.folder))

    def __str__(self) -> str:
        """The answer of the run in words."""
        return " ".join([self._what, *answer_of_run(Run(self.folder)).sentences])

    def _repr_html_(self) -> str:
        """What a notebook shows: what was simulated, and key results with intervals."""
        answer = answer_of_run(Run(self.folder))
        shown = self.means[self.means["outcome"].isin(KEY_OUTCOMES)]
        lines = [
            f"<h4>hesim run {escape(self.folder.resolve().name)}</h4>",
            f"<p>{escape(self._what)}</p>",
            *(f"<p>{escape(sentence)}</p>" for sentence in answer.sentences),
            shown.to_html(index=False, na_rep="", float_format=lambda x: f"{x:,.1f}"),
        ]
        if self.shortfall:
            lines.insert(1, f"<p><b>{escape(self.shortfall)}</b></p>")
        return "\n".join(lines)

    @property
    def _what(self) -> str:
        """What was simulated, in words."""
        settings, first = self.settings, int(str(self.settings["start"])[:4])
        done = len(self.manifest["replications"]["done"])
        levers = ", ".join(settings.get("levers") or {})
        counts = "at full scale" if self.scale == FULL else "as simulated"
        return (
            f"Simulated {years_in_words(first, first + int(settings['years']) - 1)}, {done} "
            f"{'replication' if done == 1 else 'replications'} at scale {self._share:g}, "
            f"{f'with {levers} beside the baseline' if levers else 'without levers'}; "
            f"calibration {settings.get('calibration', 'none')}. Counts are {counts}."
        )

    @property
    def _share(self) -> float:
        return float(self.settings["population"]["scale"])

    @property
    def _factor(self) -> float:
        """What counts at full scale are multiplied by."""
        return 1.0 if self.scale == FULL else self._share

    def _scaled(self, frame: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
        """The same table, its counts divided by the scale unless asked otherwise."""
        if self.scale == FULL and self._share != 1.0:
            frame = frame.assign(**{name: frame[name] / self._share for name in columns})
        return self._told(frame)

    def _weighted(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The same table; at full scale with how many persons or vacancies each row stands for."""
        if self.scale == FULL:
            frame = frame.assign(**{WEIGHT: 1.0 / self._share})
        return self._told(frame)

    def _outcomes_at_scale(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Rows of outcomes, counts multiplied by the scale where they are asked as simulated."""
        if self._factor != 1.0:
            counted = rows["outcome"].isin(
                [name for name, each in OUTCOMES.items() if each.kind == "count"]
            )
            rows.loc[counted, ["mean", "low", "high"]] *= self._factor
        return self._told(rows.reset_index(drop=True))

    def _told(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The same table; its attributes say at which scale counts are."""
        frame.attrs["counts"] = (
            f"at full scale: as simulated, divided by population.scale={self._share:g}"
            if self.scale == FULL
            else f"as simulated, at population.scale={self._share:g}"
        )
        return frame
