"""Compare a run with figures that others have published (`check=true`).

Each figure stands with its source in `public_facts.csv` and `context_facts.csv`; the bands are
declared in `hesim.outcomes.bars`, not fitted. None is of tables 3.1 or 1.1. A line is printed only
where the run's files hold what it needs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from hesim.outcomes import bars
from hesim.study.arithmetic import Check
from hesim.study.destinations import destinations

if TYPE_CHECKING:
    import pandas as pd

    from hesim.config import Settings
    from hesim.record.run_folder import Run

INSIDE = ("hbo", "wo")
HEADING = "figures that others have published"


def published(run: Run, settings: Settings) -> list[Check]:
    """Compare a run with what is published of its years.

    Args:
        run: The run.
        settings: Its settings.
    """
    scale = settings.number("population.scale") * run.stocks["replication"].nunique()
    return [
        *_theses(run, scale),
        *_hours(run, scale),
        *_second_jobs(run),
        *_vacancies(run, settings),
        *(Check.of(bar, value) for bar, value in destinations(run, settings)),
    ]


def _persons(rows: pd.DataFrame) -> float:
    return float(rows["persons"].sum())


def _theses(run: Run, scale: float) -> Iterator[Check]:
    starts = run.flows
    starts = starts[starts["destination_role"] == "phd_candidate"]
    begun = _persons(starts[starts["kind"].isin(["hire", "move", "step"])]) / scale
    years = run.stocks["month"].astype(str).str[:4].nunique()
    defences = run.summary.set_index(["outcome", "year"])["mean"]["phd_completions", "all"]
    yield Check.of(bars.THESES, 100.0 * float(defences) * years / max(begun, 1.0))


def _hours(run: Run, scale: float) -> Iterator[Check]:
    staff = run.stocks[run.stocks["sector"] == "hbo"]
    year = staff["month"].astype(str).str[:4]
    for name, bar in bars.FTE.items():
        mine = staff[year == name]
        if mine.empty:
            continue
        value = float(mine["fte"].sum()) / float(mine["month"].nunique()) / scale
        yield Check.of(bar, value)


def _second_jobs(run: Run) -> Iterator[Check]:
    mine = run.margins[(run.margins["what"] == "jobs") & (run.margins["role"] == "lecturer")]
    if not mine.empty:
        share = 100.0 * _persons(mine[mine["band"] == "second_job"]) / _persons(mine)
        yield Check.of(bars.SECOND_JOBS, share)


def advertised(run: Run, settings: Settings) -> pd.DataFrame:
    """Vacancies of hbo and wo that were open to all, not those of a direct hire.

    Where some posts are filled without one, a vacancy stands open for a month at least.
    """
    rows = run.vacancies[run.vacancies["sector"].isin(INSIDE)]
    if min(map(float, settings.mapping("model.vacancies.direct").values())) >= 1.0:
        return rows
    return rows[(rows["months"] > 0) | (rows["outcome"] != "filled")]


def _vacancies(run: Run, settings: Settings) -> Iterator[Check]:
    rows = advertised(run, settings)
    staff = _persons(run.stocks[run.stocks["sector"].isin(INSIDE)])
    entrants = int(np.count_nonzero(run.movers["group"].isin(["hbo_in", "wo_in"])))
    waited = float(rows["months"].to_numpy().sum())
    yield Check.of(bars.VACANCY_MONTHS, waited / max(float(len(rows)), 1.0))
    yield Check.of(bars.VACANCIES_OPEN, 100.0 * waited / max(staff, 1.0))
    created = 100.0 * float(len(rows)) / max(float(entrants), 1.0)
    yield Check.of(bars.VACANCIES_CREATED, created)
