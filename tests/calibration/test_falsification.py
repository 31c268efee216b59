"""Surveys that never were: how they are made, and what is asked of a calibration to them."""

from __future__ import annotations

import csv
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from hesim.calibration import falsification as f
from hesim.calibration.targets import contrasts
from hesim.tables import ReportTables, read

CELLS = Path(str(files("hesim.tables"))) / "data" / f.FILE


def rows() -> f.Rows:
    with CELLS.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def survey(name: str, folder: Path) -> ReportTables:
    f.write_survey(f.SURVEYS[name], CELLS, folder)
    return read(folder)


def test_after_the_constant_survey_no_contrast_is_left(tmp_path: Path) -> None:
    report, constant = read(), survey("constant", tmp_path)
    assert np.ptp([x.shares[0] - x.shares[1] for x in contrasts(constant)]) < 1e-6
    assert len(contrasts(constant)) == len(contrasts(report))
    for before, after in zip(contrasts(report), contrasts(constant), strict=True):
        assert after.pooled == pytest.approx(before.pooled, abs=1e-6)
    others = [x for x in report.cells if x.table != "3.5"]
    assert [x for x in constant.cells if x.table != "3.5"] == others


def test_the_swapped_survey_turns_every_contrast_upside_down(tmp_path: Path) -> None:
    report, turned = read(), survey("swapped", tmp_path)
    for before, after in zip(contrasts(report), contrasts(turned), strict=True):
        assert after.shares == before.shares[::-1] and after.n == before.n[::-1]
    for table, group, other in (("3.2", "hbo_in", "wo_in"), ("3.3", "hbo_out", "wo_out")):
        before, after = report.shares, turned.shares
        there = "3.3" if table == "3.2" else "3.2"
        assert after(table, "age", group) == before(there, "age", other)
    for table in ("2.1", "2.2", "3.1"):
        same = [x for x in report.cells if x.table == table]
        assert [x for x in turned.cells if x.table == table] == same


def test_swapping_twice_and_the_report_itself_change_nothing() -> None:
    assert f.SURVEYS["report"](rows()) == rows()
    odd = {(x.block, x.group) for x in read().cells if "sums to 105" in x.note}
    odd |= {(block, f.OPPOSITE[group]) for block, group in odd}
    for before, after in zip(rows(), f.sector_swap(f.sector_swap(rows())), strict=True):
        assert before == after or (before["block"], before["group"]) in odd


def shown(mean: list[float], error: float = 0.1) -> f.SurveyContrasts:
    report = np.array([3.0, -2.0, 5.0, -6.0])
    return f.SurveyContrasts(np.array(mean), np.full(4, error), report, report)


def test_noise_is_taken_off_the_spread() -> None:
    found = shown([1.0, -1.0, 2.0, -2.0], error=0.5)
    assert found.noise == pytest.approx(0.5)
    assert found.spread == pytest.approx(np.sqrt(10.0 / 3.0 - 0.25))
    assert shown([0.1, -0.1, 0.1, -0.1], error=0.5).spread == 0.0
    assert shown([-3.0, 2.0, -5.0, 6.0]).following == pytest.approx(-1.0)


@pytest.mark.parametrize(
    ("spread", "following", "noise", "kept"),
    [
        (1.9, -0.7, 0.2, [True, True, True]),
        (2.1, -0.7, 0.2, [False, True, True]),
        (1.9, -0.5, 0.2, [True, False, True]),
        (1.9, -0.7, 0.4, [True, True, False]),
    ],
)
def test_each_bar_is_asked(spread: float, following: float, noise: float, kept: list[bool]) -> None:
    row = {"spread": spread, "following": following, "noise": noise}
    found = f.bars({"report": row, "constant": row, "swapped": row})
    assert list(found.values()) == kept
