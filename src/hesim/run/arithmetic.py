"""Check the arithmetic that the model must meet, on the files of a run (`check=true`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.run.opened import Run
    from hesim.tables import ReportTables


@dataclass(frozen=True)
class Check:
    """One figure and the band it must lie in."""

    name: str
    value: float
    low: float
    high: float

    @property
    def holds(self) -> bool:
        """Whether the figure lies in its band."""
        return self.low <= self.value <= self.high


def _shares(run: Run, group: str, column: str, value: str) -> float:
    frame = run.movers
    mine = frame[(frame["group"] == group) & frame["surveyed"]]
    return float(100.0 * (mine[column] == value).mean())


def arithmetic(run: Run, settings: Settings, tables: ReportTables) -> list[Check]:
    """Check a run against design section 1, item by item; bands are declared, not fitted.

    Args:
        run: The run.
        settings: Its settings.
        tables: The report's tables.
    """
    stocks = run.stocks
    persons = stocks.groupby(["replication", "month", "sector"], observed=True)["persons"].sum()
    checks: list[Check] = []
    scale = settings.number("population.scale")
    for sector in ("wo", "hbo"):
        target = settings.number(f"population.{sector}_staff") * scale
        heads = persons.xs(sector, level="sector").to_numpy() / target * 100.0
        worst = float(heads[np.argmax(np.abs(heads - 100.0))])
        checks.append(Check(f"{sector} heads, percent of target, worst month", worst, 98, 102))
    summary = run.summary.set_index(["outcome", "year"])["mean"]
    for sector in ("wo", "hbo"):
        given = tables.macro_value("turnover", sector)
        value = float(summary[f"turnover_{sector}", "all"])
        checks.append(Check(f"turnover {sector}, percent a year", value, given - 1, given + 1))
    wo = stocks[stocks["sector"] == "wo"]
    candidates = wo[wo["role"] == "phd_candidate"]["persons"].sum() / wo["persons"].sum()
    checks.append(Check("PhD candidates, percent of wo staff", 100.0 * float(candidates), 30, 40))
    movers, years = run.movers, settings.integer("years") * stocks["replication"].nunique()
    leavers = movers[(movers["group"] == "wo_out")]
    professors = (leavers["origin_role"] == "professor").sum() / years / scale
    share = wo[wo["role"] == "professor"]["persons"].sum() / wo["persons"].sum()
    staff = share * settings.number("population.wo_staff")
    turnover = 100.0 * float(professors / staff)
    checks.append(Check("professors who leave, percent a year", turnover, 3, 5))
    for group, column, item, low, high in (
        ("wo_out", "contract", "permanent", 6, 14),
        ("wo_out", "reason", "resigned", 18, 28),
        ("wo_in", "contract", "temporary_with_prospect", 13, 21),
        ("wo_out", "contract", "temporary_with_prospect", 3, 9),
        ("hbo_in", "contract", "temporary_with_prospect", 55, 66),
        ("hbo_out", "contract", "temporary_with_prospect", 16, 28),
        ("wo_in", "weekly_hours", "under_24", 13, 23),
    ):
        value = _shares(run, group, column, item)
        checks.append(Check(f"{group}: {column} {item}, percent", value, low, high))
    return checks


def text_of(checks: list[Check]) -> str:
    """Print checks as lines, each with its band and whether it holds."""
    lines = ["", f"{'arithmetic that the model must meet':52}{'value':>9}  band"]
    for check in checks:
        verdict = "" if check.holds else "   MISSED"
        lines.append(f"{check.name:52}{check.value:9.2f}  {check.low:g} to {check.high:g}{verdict}")
    return "\n".join(lines)
