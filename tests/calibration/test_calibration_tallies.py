"""Tallies of cells: a true model lies in its band, a wrong one below; chi-squares are Pearson's."""

from __future__ import annotations

import numpy as np
import pytest

from hesim.calibration import tallies
from hesim.calibration import targets as t
from hesim.calibration.assessment import CellComparison
from hesim.calibration.tallies import Group, cell_groups, tally
from hesim.tables import ReportTables

pytestmark = pytest.mark.once


def _group(
    found: np.ndarray, true: np.ndarray, n: int, one: bool = True, draws: np.ndarray | None = None
) -> Group:
    error = np.sqrt(np.maximum(true * (1 - true), 1e-4) / n)
    cells = tuple(
        CellComparison(f"t|b|{k}|g", float(a), float(p), float(e))
        for k, (a, p, e) in enumerate(zip(found, true, error, strict=True))
    )
    return Group("t b g", cells, n, one, draws)


def _surveys(rng: np.random.Generator, n: int, effect: float) -> list[Group]:
    listed = []
    for size in (3, 4, 5, 6, 4, 3, 9):
        true = rng.dirichlet(np.full(size, 4.0))
        people = round(n / effect)
        listed.append(_group(rng.multinomial(people, true) / people, true, n))
    return listed


@pytest.mark.parametrize("effect", [1.0, 2.0])
def test_surveys_of_a_true_model_lie_in_the_band_of_their_design_effect(effect: float) -> None:
    rng = np.random.default_rng(1)
    held = []
    for _ in range(60):
        found = tally(_surveys(rng, 200, effect))
        low, high = found["bands"][f"{effect:g}"]
        held.append(low <= found["inside_95"] <= high)
    # 90% by construction, or a little more, as shares inside come in steps of a cell.
    assert 0.86 <= np.mean(held) <= 1.0


def test_a_wrong_model_lies_below_all_bands() -> None:
    rng = np.random.default_rng(2)
    listed = [
        _group(
            np.roll([x.reported for x in g.cells], 1), np.array([x.simulated for x in g.cells]), g.n
        )
        for g in _surveys(rng, 400, 1.0)
    ]
    found = tally(listed)
    assert found["inside_95"] < found["bands"]["2"][0]
    assert found["effect_size_mean_h"] > tally(_surveys(rng, 400, 1.0))["effect_size_mean_h"]
    assert [x["standard_errors_off"] for x in found["worst"]] == sorted(
        (x["standard_errors_off"] for x in found["worst"]), reverse=True
    )


def test_a_model_unsure_of_itself_is_further_off_by_right() -> None:
    true = np.array([0.5, 0.3, 0.2])
    rng = np.random.default_rng(3)
    sure, unsure = (
        _group(true, true, 150),
        _group(true, true, 150, draws=rng.dirichlet(true * 9, 500)),
    )
    assert tally([unsure])["bands"]["1"][0] < tally([sure])["bands"]["1"][0]


def test_chi_square_is_pearsons() -> None:
    from scipy.stats import chisquare

    counts, true = np.array([30, 50, 15, 5]), np.array([0.25, 0.5, 0.15, 0.1])
    row = tally([_group(counts / 100, true, 100)])["chi_square"][0]
    assert row["over_1"] == pytest.approx(chisquare(counts, true * 100).statistic)
    assert row["degrees_of_freedom"] == 3 and row["over_2"] == pytest.approx(row["over_1"] / 2)
    # One category that is not printed is one more; questions are each of their own.
    short = tally([_group(counts[:3] / 100, true[:3], 100)])["chi_square"][0]
    assert short["over_1"] == pytest.approx(row["over_1"]) and short["degrees_of_freedom"] == 3
    apart = tally([_group(counts / 100, true, 100, one=False)])["chi_square"][0]
    assert apart["degrees_of_freedom"] == 4
    assert apart["over_1"] == pytest.approx(
        sum(100 * (c / 100 - p) ** 2 / (p * (1 - p)) for c, p in zip(counts, true, strict=True))
    )


def test_every_cell_of_a_class_is_tallied_once(tables: ReportTables) -> None:
    shares = {"|".join(t.key_of(x)): 0.2 for x in tables.cells}
    for kind, cells in (("input", 122), ("derived", 51), ("held_out", 36)):
        listed = cell_groups(tables, shares, kind)
        names = [x.name for group in listed for x in group.cells]
        assert len(names) == len(set(names)) == cells
        assert all(group.one != group.name.startswith("3.4") for group in listed)
        assert all(group.n > 50 for group in listed)
    text = "\n".join(tallies.tally_lines(tally(cell_groups(tables, shares, "held_out"))))
    assert "chi-square 3.1 sector wo_out" in text and "all blocks" in text
