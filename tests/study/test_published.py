"""What others have published, beside the figures of a run."""

from __future__ import annotations

import pytest

from hesim.config import Settings
from hesim.record.run_folder import Run
from hesim.study.published import advertised, published


def test_vacancies_are_those_that_were_advertised(standing_run: Run, two_years: Settings) -> None:
    run = standing_run
    rows, inside = advertised(run, two_years), run.vacancies["sector"].isin(["hbo", "wo"])
    direct = inside & (run.vacancies["months"] == 0) & (run.vacancies["outcome"] == "filled")
    assert 0 < len(rows) == inside.sum() - direct.sum()
    # Where every post is a vacancy, all count.
    everything = {f"model.vacancies.direct.{sector}": 1.0 for sector in ("hbo", "wo")}
    assert len(advertised(run, two_years.with_values(everything))) == inside.sum()


def test_figures_are_those_of_the_files(standing_run: Run, two_years: Settings) -> None:
    run = standing_run
    found = {check.name: check.value for check in published(run, two_years)}
    stocks = run.stocks
    year = (stocks["sector"] == "hbo") & stocks["month"].astype(str).str.startswith("2012")
    assert found["hbo fte in 2012"] == pytest.approx(stocks[year]["fte"].sum() / 12 / 0.02)
    counted = run.margins
    counted = counted[(counted["what"] == "jobs") & (counted["role"] == "lecturer")]
    second = counted[counted["band"] == "second_job"]["persons"].sum()
    share = 100 * second / counted["persons"].sum()
    assert found["hbo lecturers with a second job, percent"] == pytest.approx(share) and share > 0
    rows = advertised(run, two_years)
    assert found["vacancies: months open"] == pytest.approx(rows["months"].mean())
    staff = stocks[stocks["sector"].isin(["hbo", "wo"])]["persons"].sum()
    percent = 100.0 * rows["months"].sum() / staff
    assert found["vacancies: open, percent of staff"] == pytest.approx(percent)
    defences = run.summary.set_index(["outcome", "year"])["mean"]["phd_completions", "all"]
    assert found["theses defended, percent of PhDs begun"] > 0.0 < defences
