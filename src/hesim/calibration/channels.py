"""Set the channels in closed form: movers name each as often as table 3.4 has it.

Stage A of the calibration. The published shares of four groups make the chances of a channel from
kind to kind of employer (`hesim.model.rates.market.channel_chances`), but who is asked differs from
who is hired: people without a new job name no channel, and a step between the sectors belongs to
two groups. One shift a group and channel, in log-odds, is found by fixed-point iteration over runs
with common random numbers. These are inputs: they say nothing about how people choose.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.calibration.design import FIRST
from hesim.calibration.observe import names
from hesim.calibration.pool import run_points
from hesim.config.folders import packaged
from hesim.run.files import put

if TYPE_CHECKING:
    from hesim.calibration.plan import Plan
    from hesim.config import Settings
    from hesim.tables import ReportTables

Floats = NDArray[np.float64]
ROUNDS = 6
LEAST = 0.0005
"""Share that a channel aims at, at least, in a group that never named it."""
GAIN = 1.2
"""More than 1, as a step between the sectors takes half of its log-odds from either group."""
WIDEST = 12.0
PATH = "model.search.channel_shift"


def shifts_of(settings: Settings) -> dict[str, float]:
    """The shifts that settings hold, by path."""
    given = settings.mapping(PATH)
    return {f"{PATH}.{g}.{x}": float(given[g][x]) for g in c.MOVER_GROUPS for x in c.CHANNELS}


def improved(
    shift: Mapping[str, float], shown: Mapping[str, float], tables: ReportTables
) -> dict[str, float]:
    """Shifts after one step of the iteration.

    Args:
        shift: Log-odds by path.
        shown: Shares of cells of table 3.4 among simulated movers, by name of the cell.
        tables: The report's tables. Cells without a figure keep their shift.
    """
    after = dict(shift)
    for group in c.MOVER_GROUPS:
        for channel in c.CHANNELS:
            percent = tables.percent("3.4", channel, group)
            if percent is None:
                continue
            aim = max(percent / 100.0, LEAST)
            found = min(max(shown[f"3.4|search_channel|{channel}|{group}"], LEAST / 2), 0.999)
            gap = np.log(aim / (1.0 - aim)) - np.log(found / (1.0 - found))
            path = f"{PATH}.{group}.{channel}"
            after[path] = float(np.clip(shift[path] + GAIN * gap, -WIDEST, WIDEST))
    return after


def solve(
    plan: Plan, stage: str, point: Floats, offset: int, runs: int, tell: Callable[[str], None],
    changed: Mapping[str, object] | None = None,
) -> dict[str, float]:  # fmt: skip
    """Find the shifts at a point, from those that the plan's settings have.

    Args:
        plan: The calibration.
        stage: Name of its folders, one a round.
        point: In standard units.
        offset: Added to the replication numbers.
        runs: Runs a round; every round takes the same random numbers.
        tell: Called with words.
        changed: Other settings by path, such as the scale.
    """
    from hesim.tables import read

    tables, points = read(), np.repeat(point[None], runs, axis=0)
    shift = shifts_of(plan.base)
    for round_ in range(ROUNDS):
        given: dict[str, object] = {**(changed or {}), **shift}
        first = FIRST["channels"] + offset
        shown = run_points(plan, f"{stage}_{round_ + 1}", points, first, tell, changed=given)
        mean = dict(zip(names(tables), shown.values.mean(axis=0).tolist(), strict=True))
        shift = improved(shift, mean, tables)
    return shift


def write_default(shift: Mapping[str, float]) -> None:
    """Write shifts as the packaged default, `conf/model/channels.yaml`."""
    lines = [
        "# @package model.search",
        "# Log-odds that make table 3.4 come out at the middle of the prior: written by",
        "# `hesim calibrate name=blind stage=channels`. Calibrations bring their own.",
        "channel_shift:",
    ]
    for group in c.MOVER_GROUPS:
        each = (f"{x}: {shift[f'{PATH}.{group}.{x}']:.3f}" for x in c.CHANNELS)
        lines.append(f"  {group}: {{{', '.join(each)}}}")
    put(packaged() / "model" / "channels.yaml", ("\n".join(lines) + "\n").encode())
