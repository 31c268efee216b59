"""Where the uncertainty about an effect comes from: dose, parameters, structure and chance."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest

from hesim.study.answers.effects import ArmValues
from hesim.study.answers.variance import variance_shares, variances_of

DRAWS = 4000


def effects(
    dose: float, parameters: float, noise: float, both: float = 0.0, seed: int = 1, mean: float = 9
) -> ArmValues:
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
    return ArmValues(cells, np.array(rows))


@pytest.mark.parametrize(
    ("dose", "parameters", "noise"), [(3.0, 1.0, 2.0), (0.0, 2.0, 1.0), (2.0, 0.0, 4.0)]
)
def test_each_part_is_found_again(dose: float, parameters: float, noise: float) -> None:
    found = variances_of(effects(dose, parameters, noise), DRAWS)
    assert found is not None and found.draws == DRAWS
    assert found.mean == pytest.approx(9.0, abs=0.2)
    assert found.dose == pytest.approx(dose**2, abs=0.6)
    assert found.parameters == pytest.approx(parameters**2, abs=0.6)
    assert found.chance == pytest.approx(noise**2, rel=0.1)
    assert found.together == pytest.approx(0.0, abs=0.6)


def test_what_dials_do_otherwise_with_other_parameters_stands_apart() -> None:
    found = variances_of(effects(1.0, 1.0, 0.5, both=2.0), DRAWS)
    assert found is not None
    assert found.together == pytest.approx(4.0, abs=0.8)
    assert found.dose == pytest.approx(1.0, abs=0.5)


def test_shares_add_up_and_structures_have_theirs() -> None:
    one, other = effects(2.0, 1.0, 1.0), effects(2.0, 1.0, 1.0, seed=2, mean=15)
    found = variance_shares({"a": {("x", "central"): one}, "b": {("x", "central"): other}}, DRAWS)
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
    found = variances_of(table, DRAWS)
    assert found is not None and found.dose == pytest.approx(4.0, abs=0.6)
    few = ArmValues([(w, d) for w in (0, 1) for d in range(3)], np.ones((6, 2)))
    assert variances_of(few, 3) is None
    one_world = ArmValues([(0, d) for d in range(9)], np.ones((9, 2)))
    assert variances_of(one_world, 9) is None
    assert variance_shares({"a": {("x", "central"): few}}, 3) is None


def test_one_replication_has_no_chance_of_its_own() -> None:
    table = effects(2.0, 1.0, 0.0)
    found = variances_of(ArmValues(table.cells, table.values[:, :1]), DRAWS)
    assert found is not None and np.isnan(found.chance)
    assert found.dose == pytest.approx(4.0, abs=0.6)


@pytest.mark.parametrize("whole", [range(0, 60, 2), (0, 1, 2, 5, 6, 9, 10, 11)])
def test_only_worlds_that_have_the_same_dials_are_laid_beside_one_another(
    whole: Iterable[int],
) -> None:
    """Dials alone make the effect, and each set has one of its own: that is told or nothing is."""
    sets = 60
    dials = np.random.default_rng(3).normal(size=sets)
    cells = [(world, draw) for draw in whole for world in (0, 1)]
    made = np.array([[dials[(draw + world) % sets]] * 2 for world, draw in cells])
    found = variances_of(ArmValues(cells, made), sets)
    # Of every second draw no two worlds share their dials; of the others 0 and 1 do, and so on.
    shared = sum(draw + 1 in whole for draw in whole)
    assert (found is None) == (shared < 4)
    if found is not None:
        assert found.dose > found.parameters


def test_a_world_whose_dials_nobody_else_has_stands_by_itself() -> None:
    """Of six sets the first and the last have the effect 6, and the others none."""
    dials = [6.0, 0.0, 0.0, 0.0, 0.0, 6.0]
    cells = [(world, draw) for world in (0, 1) for draw in range(6)]
    made = np.array([[dials[(draw + world) % 6]] * 2 for world, draw in cells])
    found = variances_of(ArmValues(cells, made), 6)
    assert found is not None and found.dose > 0.0
    # A structure with five of the six draws has the last set once, and the first set once. Laid
    # beside one another they would be the variance; the four pairs that are left differ in nothing.
    rest = [k for k, (_, draw) in enumerate(cells) if draw < 5]
    fewer = variances_of(ArmValues([cells[k] for k in rest], made[rest]), 6)
    assert fewer is not None and fewer.dose == 0.0
