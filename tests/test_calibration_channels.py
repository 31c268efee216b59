"""Stage A: the channels' shifts make movers name each channel as often as table 3.4 has it."""

from __future__ import annotations

import numpy as np
import pytest

from hesim import categories as c
from hesim.calibration.channels import LEAST, PATH, improved, shifts_of
from hesim.config import compose
from hesim.model.rates.market import channel_chances, channel_shift
from hesim.tables import ReportTables


def _logistic(odds: float) -> float:
    return float(1.0 / (1.0 + np.exp(-odds)))


def test_the_iteration_finds_the_shares_of_a_world_that_answers_to_it(tables: ReportTables) -> None:
    """In a made-up world where half of wo's leavers name nothing, the shares still come out."""
    shift = dict.fromkeys(shifts_of(compose(["calibration=none"])), 0.0)
    silent = {"hbo_in": 0.0, "wo_in": 0.0, "hbo_out": 0.3, "wo_out": 0.4}

    def world() -> dict[str, float]:
        return {
            f"3.4|search_channel|{x}|{g}": (1.0 - silent[g]) * _logistic(
                -1.0 + 0.7 * shift[f"{PATH}.{g}.{x}"]
            )
            for g in c.MOVER_GROUPS
            for x in c.CHANNELS
        }  # fmt: skip

    for _ in range(25):
        shift = improved(shift, world(), tables)
    for name, share in world().items():
        _, _, channel, group = name.split("|")
        percent = tables.percent("3.4", channel, group)
        if percent is None:
            assert shift[f"{PATH}.{group}.{channel}"] == 0.0
        else:
            assert share == pytest.approx(max(percent / 100, LEAST), abs=2e-3), name


def test_a_shift_raises_its_channel_from_and_to_its_group_alone(tables: ReportTables) -> None:
    settings = compose(["calibration=none"])
    nothing = channel_shift(settings)
    moved = {group: odds.copy() for group, odds in nothing.items()}
    fair = c.CHANNELS.index("job_fair")
    moved["wo_out"][fair] += 1.0
    before, after = channel_chances(tables, nothing), channel_chances(tables, moved)
    changed = ~np.isclose(before[:, :, fair], after[:, :, fair])
    # Moves between neither hbo nor wo take the mean of all groups.
    expected = np.zeros((4, 3), bool)
    expected[c.WO], expected[2:, 2] = True, True
    np.testing.assert_array_equal(changed, expected)
    assert (after[:, :, fair] >= before[:, :, fair]).all()
