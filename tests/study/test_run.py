"""A run's files: the same bytes on one worker and two, and books that balance on disk."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import hesim
from hesim.model.higher_education import HigherEducation
from hesim.scenario import compose
from hesim.study.arithmetic import arithmetic
from hesim.tables import ReportTables

SMALL = {"years": 1, "scale": 0.02, "burn_in": 3, "replications": 2, "figures": False}
APART = "manifest.json"


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    base = tmp_path_factory.mktemp("runs")
    folders = []
    for workers in (1, 2):
        folder = base / f"with_{workers}"
        hesim.run(**SMALL, workers=workers, output=str(folder))
        folders.append(folder)
    return folders


def test_same_bytes_on_one_worker_and_two(runs: list[Path]) -> None:
    one, two = runs
    names = sorted(str(p.relative_to(one)) for p in one.rglob("*") if p.is_file())
    assert names == sorted(str(p.relative_to(two)) for p in two.rglob("*") if p.is_file())
    assert {"config.yaml", "stocks.parquet", "survey.csv", "summary.csv"} <= set(names)
    for name in names:
        if name != APART:
            assert (one / name).read_bytes() == (two / name).read_bytes(), name


def test_stocks_on_disk_follow_from_flows_on_disk(runs: list[Path]) -> None:
    run = hesim.load(runs[0])
    stocks, flows = run.stocks, run.flows
    flows = flows[~flows["kind"].isin(["second_job_start", "second_job_end"])]
    for column in ("month", "sector", "role"):
        stocks[column] = stocks[column].astype(str)
    keys = ["replication", "month", "sector", "role"]
    level = stocks.groupby(keys)["persons"].sum()
    change = level * 0
    for side, sign in (("origin", -1), ("destination", 1)):
        part = flows.rename(columns={f"{side}_sector": "sector", f"{side}_role": "role"})
        part = part[part["sector"] != "outside_model"].astype({"sector": str, "role": str})
        part["month"] = part["month"].astype(str)
        change = change.add(sign * part.groupby(keys)["persons"].sum(), fill_value=0)
    months = sorted(stocks["month"].unique())
    assert len(months) == 12
    for before, after in pairwise(months):
        first = level.xs(before, level="month")
        second = level.xs(after, level="month")
        moved = change.xs(after, level="month")
        expected = first.add(moved, fill_value=0)
        gap = second.sub(expected, fill_value=0)
        assert np.all(gap == 0), gap[gap != 0]


def test_every_table_begins_with_arm_and_replication(runs: list[Path]) -> None:
    run = hesim.load(runs[0])
    for name in ("stocks", "flows", "vacancies", "movers", "survey"):
        assert list(getattr(run, name).columns[:2]) == ["arm", "replication"], name
    assert list(run.summary.columns[:3]) == ["arm", "outcome", "year"]


def test_rates_do_not_depend_on_scale(tables: ReportTables) -> None:
    def turnover(scale: float, replications: int) -> float:
        moved, heads = 0.0, 0.0
        for number in range(replications):
            settings = compose([f"population.scale={scale}", "years=1", "burn_in=12"])
            model = HigherEducation(settings, tables, number)
            for _ in range(24):
                model.step()
            used = int(model.ledger.used[1])
            left = model.ledger.m_left[:used]
            wo = model.employers.sector[model.ledger.m_from[:used]] == 1
            known = model.ledger.m_from[:used] >= 0
            moved += float(np.count_nonzero(wo & known & (left >= 0)))
            heads += float(np.count_nonzero(model.employers.sector[model.persons.employer] == 1))
        return 100 * moved / heads

    # About 1,500 leavers a side: the difference has a standard error of about 0.6 points.
    assert abs(turnover(0.05, 5) - turnover(0.25, 1)) < 2.5


DECLARED = "wo_out: contract temporary_with_prospect, percent"
"""What is reported of wo's leavers does not go with permanent posts that stand (docs/odd.md)."""


@pytest.mark.parametrize(
    "more",
    [
        pytest.param(("population.scale=0.3", "replications=1", "workers=1"), id="small"),
        pytest.param((), id="usual", marks=pytest.mark.long),
    ],
)
def test_a_decade_meets_the_arithmetic(
    tables: ReportTables, tmp_path: Path, more: tuple[str, ...]
) -> None:
    settings = compose([f"output={tmp_path / 'run'}", "figures=false", *more])
    run = hesim.run(settings=settings).at_scale("model")
    checks = arithmetic(run, settings, tables)
    assert len(checks) > 20
    assert {check.name for check in checks if not check.holds} <= {DECLARED}
