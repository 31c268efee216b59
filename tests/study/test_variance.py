"""Where the uncertainty about an effect comes from: dose, parameters, structure and chance."""

from __future__ import annotations

import numpy as np
import pytest

from hesim.study.answers.effects import Table
from hesim.study.answers.variance import variance_shares, variances_of

DRAWS = 4000


def effects(
    dose: float, parameters: float, noise: float, both: float = 0.0, seed: int = 1, mean: float = 9
) -> Table:
    """Effects of draws with two sets of dials each; world w of draw d has set d + w."""
    rng = np.random.default_rng(seed)
    dial, parameter = rng.normal(size=DRAWS), rng.normal(size=DRAWS)
    cells, rows = [], []
    for world in (0, 1):
        for draw in range(DRAWS):
            a, b = dial[(draw + world) % DRAWS], parameter[draw]
            middle = mean + dose * a + parameters * b + both * a * b
            cells.append((world, draw))
            rows.append(middle + noise * rng.normal(size=2))
    return Table(cells, np.array(rows))


@pytest.mark.parametrize(
    ("dose", "parameters", "noise"), [(3.0, 1.0, 2.0), (0.0, 2.0, 1.0), (2.0, 0.0, 4.0)]
)
def test_each_part_is_found_again(dose: float, parameters: float, noise: float) -> None:
    found = variances_of(effects(dose, parameters, noise))
    assert found is not None and found.draws == DRAWS
    assert found.mean == pytest.approx(9.0, abs=0.2)
    assert found.dose == pytest.approx(dose**2, abs=0.6)
    assert found.parameters == pytest.approx(parameters**2, abs=0.6)
    assert found.chance == pytest.approx(noise**2, rel=0.1)
    assert found.together == pytest.approx(0.0, abs=0.6)


def test_what_dials_do_otherwise_with_other_parameters_stands_apart() -> None:
    found = variances_of(effects(1.0, 1.0, 0.5, both=2.0))
    assert found is not None
    assert found.together == pytest.approx(4.0, abs=0.8)
    assert found.dose == pytest.approx(1.0, abs=0.5)


def test_shares_add_up_and_structures_have_theirs() -> None:
    one, other = effects(2.0, 1.0, 1.0), effects(2.0, 1.0, 1.0, seed=2, mean=15)
    found = variance_shares({"a": {("x", "central"): one}, "b": {("x", "central"): other}})
    assert found is not None
    row = found.iloc[0]
    parts = ["dose", "parameters", "together", "structure", "chance"]
    assert sum(row[f"{part}_percent"] for part in parts) == pytest.approx(100.0)
    # Means 9 and 15 lie 3 from their middle: a variance of 9 beside 4, 1 and 1.
    assert row["structure_percent"] == pytest.approx(60.0, abs=3.0)
    assert row["dose_percent"] == pytest.approx(100 * 4 / 15, abs=3.0)
    assert row["sd"] == pytest.approx(15**0.5, rel=0.05)


def test_runs_that_are_missing_are_left_out_and_too_few_tell_nothing() -> None:
    table = effects(2.0, 1.0, 1.0)
    table.values[5] = np.nan
    table.values[7, 1] = np.nan
    found = variances_of(table)
    assert found is not None and found.dose == pytest.approx(4.0, abs=0.6)
    few = Table([(w, d) for w in (0, 1) for d in range(3)], np.ones((6, 2)))
    assert variances_of(few) is None
    one_world = Table([(0, d) for d in range(9)], np.ones((9, 2)))
    assert variances_of(one_world) is None
    assert variance_shares({"a": {("x", "central"): few}}) is None


def test_one_replication_has_no_chance_of_its_own() -> None:
    table = effects(2.0, 1.0, 0.0)
    found = variances_of(Table(table.cells, table.values[:, :1]))
    assert found is not None and np.isnan(found.chance)
    assert found.dose == pytest.approx(4.0, abs=0.6)
