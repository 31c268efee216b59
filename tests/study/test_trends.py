"""Trends of a run's figures over its years, and whether they are told from chance."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from hesim.config import Settings
from hesim.outcomes.bars import TREND
from hesim.scenario import compose
from hesim.study.arithmetic import Check, posts_wanted
from hesim.study.trends import trend, trends

YEARS = range(2011, 2021)


def test_a_steady_fall_is_found_and_chance_widens_its_error() -> None:
    years = np.arange(2012, 2021)
    steady = pd.Series(1000.0 * 0.97 ** (years - 2012), index=years)
    found = trend(steady)
    assert found.slope == pytest.approx(100.0 * np.log(0.97)) and found.error < 1e-6
    shaken = steady * np.where(years % 2, 1.02, 0.98)
    assert trend(shaken).slope == pytest.approx(-3.0, abs=0.3) and trend(shaken).error > 0.5


def worlds(falls: float, settings: Settings) -> Any:
    """A run whose leavers of wo become fewer, and whose stocks stand still."""
    left = [round(1000 * (1.0 - falls) ** (year - 2011)) for year in YEARS]
    month = np.repeat([f"{year}-06" for year in YEARS], left)
    movers = pd.DataFrame({"month": month, "group": "wo_out", "origin_role": "postdoc"})
    movers["crossing"] = np.where(np.arange(len(movers)) % 20 == 0, "wo_to_hbo", "")
    cells = [("wo", "postdoc", 5000), ("industry", "professional", 9000)]
    rows = [
        {"month": f"{y}-{m:02d}", "sector": s, "role": r, "persons": n, "replication": 0}
        for y in YEARS
        for m in range(1, 13)
        for s, r, n in cells
    ]
    return SimpleNamespace(movers=movers, stocks=pd.DataFrame(rows))


@pytest.mark.parametrize(("falls", "holds"), [(0.0, True), (0.004, True), (0.02, False)])
def test_a_drift_of_two_percent_misses_its_bar(falls: float, holds: bool) -> None:
    settings = compose(["population.scale=1"])
    checks = [Check.of(bar, value) for bar, value in trends(worlds(falls, settings), settings)]
    by_name = {check.name.partition(":")[0]: check for check in checks}
    assert set(by_name) == {"wo's leavers", "crossings", "people outside", "postdoc, turnover"}
    for name in ("wo's leavers", "postdoc, turnover"):
        assert by_name[name].value == pytest.approx(-100.0 * falls, abs=0.1)
        assert by_name[name].holds is holds
    assert by_name["wo's leavers"].goal == TREND.goal
    assert by_name["people outside"].value == pytest.approx(0.0, abs=1e-6)


def test_small_roles_and_short_runs_have_no_trend() -> None:
    settings = compose(["population.scale=1"])
    run = worlds(0.0, settings)
    run.movers = run.movers.iloc[::3]
    names = [bar.name for bar, _ in trends(run, settings)]
    assert names and not any(name.startswith("postdoc") for name in names)
    run.movers, run.stocks = (x[x["month"] < "2014"] for x in (run.movers, run.stocks))
    assert list(trends(run, settings)) == []


def test_staff_is_held_to_posts_which_grow_each_january_up_to_a_year() -> None:
    months = ["2010-06", "2011-12", "2012-01", "2013-06"]
    grows = compose(["structure=standing", "calibration=none"])
    staff = grows.number("population.hbo_staff")
    wanted = posts_wanted(grows, "hbo", months)
    assert wanted == pytest.approx(np.array([1.0, 1.0, 1.027, 1.027]) * staff)
    # With no last year they grow on, and without growth they stay.
    on = compose(["structure=standing", "calibration=none", "model.vacancies.growth_until=0"])
    assert posts_wanted(on, "hbo", months)[-1] == pytest.approx(1.027**2 * staff)
    still = compose(["calibration=none", "model.vacancies.growth.hbo=0"])
    assert posts_wanted(still, "hbo", months) == pytest.approx(np.full(4, staff))
