"""Check the arithmetic that the model must meet, on the files of a run (`check=true`).

The items are those of the design, section 1; the bands are declared here, not fitted. Items that
say what a naive model gets wrong, such as how many contracts are converted, are checked by the
figure that shows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hesim.model.demand import times_grown, years_of_growth
from hesim.outcomes.bars import PERMANENT, Bar
from hesim.study.permanence import worst_gaps

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.record.run_folder import Run
    from hesim.tables import ReportTables


HEADING = "arithmetic that the model must meet"


@dataclass(frozen=True)
class Check:
    """One figure and the band it must lie in; `goal` is a narrower one that is aimed at."""

    name: str
    value: float
    low: float
    high: float
    goal: tuple[float, float] | None = None

    @classmethod
    def of(cls, bar: Bar, value: float) -> Check:
        """A figure whose bar is declared."""
        return cls(bar.name, value, bar.low, bar.high, bar.goal)

    @property
    def bar(self) -> Bar:
        """What the figure has to be."""
        return Bar(self.name, self.low, self.high, self.goal)

    @property
    def holds(self) -> bool:
        """Whether the figure lies in its band."""
        return self.low <= self.value <= self.high


class _Figures:
    """The run's tables, and numbers of persons a year at full scale."""

    def __init__(self, run: Run, settings: Settings) -> None:
        self.stocks, movers = run.stocks, run.movers
        self.summary = run.summary.set_index(["outcome", "year"])["mean"]
        self.movers = movers[movers["surveyed"]]
        self.all_movers = movers
        self.settings, self.scale = settings, settings.number("population.scale")
        self.years = settings.integer("years") * self.stocks["replication"].nunique()

    def a_year(self, rows: Any) -> float:
        """Persons a year at full scale, of as many rows."""
        return float(np.count_nonzero(rows)) / self.years / self.scale

    def group(self, name: str) -> Any:
        """Surveyed movers of a group."""
        return self.movers[self.movers["group"] == name]

    def percent(self, group: str, column: str, value: str) -> float:
        """Percent of a surveyed group."""
        return float(100.0 * (self.group(group)[column] == value).mean())

    def check(self, group: str, column: str, value: str, low: float, high: float) -> Check:
        """Check a percentage of a surveyed group."""
        name = f"{group}: {column} {value}, percent"
        return Check(name, self.percent(group, column, value), low, high)


def arithmetic(run: Run, settings: Settings, tables: ReportTables) -> list[Check]:
    """Check a run against design section 1, item by item.

    Args:
        run: The run.
        settings: Its settings.
        tables: The report's tables.
    """
    figures = _Figures(run, settings)
    return [
        *_stocks(figures),
        *_turnover(figures, tables),
        *_careers(figures),
        *_contracts_and_hours(figures),
        *_pool(figures),
        *_permanence(run, settings, tables),
    ]


def posts_wanted(settings: Settings, sector: str, months: Iterable[str]) -> NDArray[np.float64]:
    """Staff that a sector is to have at full scale in months like 2012-03: it grows with posts."""
    staff = settings.number(f"population.{sector}_staff")
    growth = 1.0 + settings.number(f"model.vacancies.growth.{sector}")
    first, years = _number(settings.text("start")), years_of_growth(settings)
    passed = [times_grown(_number(month) - first, years) for month in map(str, months)]
    return staff * np.power(growth, passed)


def _number(month: str) -> int:
    """Months since the year 0 of a month like 2012-03."""
    return 12 * int(month[:4]) + int(month[5:7])


def _stocks(f: _Figures) -> Iterator[Check]:
    persons = f.stocks.groupby(["replication", "month", "sector"], observed=True)["persons"].sum()
    for sector in ("wo", "hbo"):
        mine = persons.xs(sector, level="sector")
        posts = posts_wanted(f.settings, sector, mine.index.get_level_values("month")) * f.scale
        heads = mine.to_numpy() / posts * 100.0
        worst = float(heads[np.argmax(np.abs(heads - 100.0))])
        yield Check(f"{sector} heads, percent of target, worst month", worst, 98, 102)
    wo = f.stocks[f.stocks["sector"] == "wo"]
    candidates = wo[wo["role"] == "phd_candidate"]["persons"].sum() / wo["persons"].sum()
    yield Check("PhD candidates, percent of wo staff", 100.0 * float(candidates), 30, 40)


def _turnover(f: _Figures, tables: ReportTables) -> Iterator[Check]:
    for sector in ("wo", "hbo"):
        given = tables.macro_value("turnover", sector)
        value = float(f.summary[f"turnover_{sector}", "all"])
        yield Check(f"turnover {sector}, percent a year", value, given - 1, given + 1)
    wo = f.stocks[f.stocks["sector"] == "wo"]
    months = f.years * 12 * f.scale
    professors = float(wo[wo["role"] == "professor"]["persons"].sum() / months)
    others = float(wo["persons"].sum() / months) - professors
    leavers = f.all_movers[f.all_movers["group"] == "wo_out"]
    gone = f.a_year(leavers["origin_role"] == "professor")
    yield Check("professors who leave, percent a year", 100 * gone / professors, 3, 5)
    moved = (len(f.group("wo_out")) + len(f.group("wo_in"))) / 2 / f.years / f.scale
    yield Check("surveyed wo grades, turnover, percent a year", 100 * moved / others, 17, 21)
    for sector, sojourn in (("wo", 5.3), ("hbo", 9.8)):
        between = f.group(f"{sector}_out")["age"].mean() - f.group(f"{sector}_in")["age"].mean()
        name = f"{sector}, years between mean ages at entry and exit"
        yield Check(name, float(between), sojourn - 2, sojourn + 2)


def _careers(f: _Figures) -> Iterator[Check]:
    for column, item, low, high in (
        ("contract", "permanent", 6, 14),
        ("reason", "resigned", 18, 28),
    ):
        yield f.check("wo_out", column, item, low, high)
    left = f.group("wo_out")
    midway = (left["reason"] == "resigned") & (left["contract"] != "permanent")
    yield Check("wo temporaries who resign, a year", f.a_year(midway), 300, 1200)
    candidates = (left["origin_role"] == "phd_candidate")[midway].mean()
    yield Check("of them PhD candidates, percent", 100.0 * float(candidates), 50, 95)
    doctors = f.group("hbo_in")
    doctors = doctors[doctors["education_level"] == "phd"]
    yield Check("PhDs who enter hbo, a year", len(doctors) / f.years / f.scale, 450, 750)
    yield Check(
        "of them straight from wo, a year", f.a_year(doctors["origin_sector"] == "wo"), 50, 120
    )


def _contracts_and_hours(f: _Figures) -> Iterator[Check]:
    for group, item, low, high in (
        ("wo_in", "temporary_with_prospect", 13, 21),
        ("wo_out", "temporary_with_prospect", 3, 9),
        ("hbo_in", "temporary_with_prospect", 55, 66),
        ("hbo_out", "temporary_with_prospect", 16, 28),
    ):
        yield f.check(group, "contract", item, low, high)
    entrants = f.group("wo_in")
    yield Check("wo entrants under 25, a year", f.a_year(entrants["age"] < 25), 1200, 2000)
    small = f.a_year(entrants["weekly_hours"] == "under_24")
    yield Check("wo entrants under 24 hours, a year", small, 600, 1150)
    shrunk = f.percent("hbo_out", "weekly_hours", "under_24")
    shrunk -= f.percent("hbo_in", "weekly_hours", "under_24")
    leavers = len(f.group("hbo_out")) / f.years / f.scale
    yield Check("hbo staff whose hours shrank below 24, a year", shrunk / 100 * leavers, 200, 550)


def _pool(f: _Figures) -> Iterator[Check]:
    outside = f.stocks[~f.stocks["sector"].isin(["hbo", "wo"])]
    by_month = outside.groupby("month", observed=True)["persons"].sum()
    change = 100.0 * float(by_month.iloc[-1] / by_month.iloc[0])
    yield Check("outside pool, percent of its first month at the end", change, 92, 108)


def _permanence(run: Run, settings: Settings, tables: ReportTables) -> Iterator[Check]:
    for role, gap in worst_gaps(run, settings, tables).items():
        yield Check.of(PERMANENT._replace(name=f"{role}: {PERMANENT.name}"), gap)


def arithmetic_text(checks: list[Check], heading: str = HEADING) -> str:
    """Print checks as lines, each with its band and whether it holds."""
    wide = max([52, *(len(check.name) + 1 for check in checks)])
    lines = ["", f"{heading:{wide}}{'value':>9}  band"]
    for check in checks:
        verdict = "" if check.holds else "   MISSED"
        lines.append(f"{check.name:{wide}}{check.value:9.2f}  {check.bar.band()}{verdict}")
    return "\n".join(lines)
