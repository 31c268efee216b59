"""What others have published, beside the figures of a run."""

from __future__ import annotations

from pathlib import Path

import pytest

import hesim
from hesim.record.run_folder import Run
from hesim.scenario import compose
from hesim.study.published import advertised, published

WORLD = [
    "population.scale=0.02",
    "burn_in=0",
    "years=2",
    "replications=1",
    "workers=1",
    "figures=false",
    "model.vacancies.direct={hbo: 0.7, wo: 0.7}",
]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder: Path = tmp_path_factory.mktemp("runs") / "run"
    return hesim.run(settings=compose([*WORLD, f"output={folder}"]))


def test_vacancies_are_those_that_were_advertised(run: Run) -> None:
    rows, inside = advertised(run, compose(WORLD)), run.vacancies["sector"].isin(["hbo", "wo"])
    direct = inside & (run.vacancies["months"] == 0) & (run.vacancies["outcome"] == "filled")
    assert 0 < len(rows) == inside.sum() - direct.sum()
    # Where every post is a vacancy, all count.
    assert len(advertised(run, compose(WORLD[:-1]))) == inside.sum()


def test_figures_are_those_of_the_files(run: Run) -> None:
    found = {check.name: check.value for check in published(run, compose(WORLD))}
    stocks = run.stocks
    year = (stocks["sector"] == "hbo") & stocks["month"].astype(str).str.startswith("2012")
    assert found["hbo fte in 2012"] == pytest.approx(stocks[year]["fte"].sum() / 12 / 0.02)
    first = stocks[(stocks["role"] == "lecturer") & (stocks["month"] == "2011-01")]
    share = first[first["education"] == "phd"]["persons"].sum() / first["persons"].sum()
    assert found["hbo lecturers with a PhD, percent, first month"] == pytest.approx(100 * share)
    counted = run.margins
    counted = counted[(counted["what"] == "jobs") & (counted["role"] == "lecturer")]
    second = counted[counted["band"] == "second_job"]["persons"].sum()
    share = 100 * second / counted["persons"].sum()
    assert found["hbo lecturers with a second job, percent"] == pytest.approx(share) and share > 0
    rows = advertised(run, compose(WORLD))
    assert found["vacancies: months open"] == pytest.approx(rows["months"].mean())
    staff = stocks[stocks["sector"].isin(["hbo", "wo"])]["persons"].sum()
    percent = 100.0 * rows["months"].sum() / staff
    assert found["vacancies: open, percent of staff"] == pytest.approx(percent)
    defences = run.summary.set_index(["outcome", "year"])["mean"]["phd_completions", "all"]
    assert found["theses defended, percent of PhDs begun"] > 0.0 < defences
