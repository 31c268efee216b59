"""Measure the share of a run's CPU time that goes into recording and the survey.

Each round is `hesim.run` of one replication of ten years at full scale in this process, figures
apart (they are drawn once a run, however many replications). Counted as recording and survey:

- the event `record` of every month, and the count of staff by age, contract and hours each year;
- everything in `simulate` after the last month: sorting the movers, asking and drawing the
  respondents, outcomes, and making the columns of the tables;
- everything after the replication: writing tables, summary and manifest;
- the ledger, which is written in the midst of other events: rows times the time that a row takes
  in a loop of its own (approximate).

The whole is all CPU time of the run, building the population included.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks import worlds
from benchmarks.clock import Spent, share, spend
from benchmarks.part import Bar, Figure, Measured, Options, Part

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.model.higher_education import HigherEducation
    from hesim.record.replication import Replication

BARS = (Bar("share", "recording and survey, of a run's CPU", 15, 8, "%"),)


class Stopwatch:
    """Simulates a replication and notes when the last month and the replication ended."""

    def __init__(self) -> None:
        """Hold nothing yet."""
        self.made: Any = None
        self.last_month = self.end = self.counting = 0.0

    def __call__(self, settings: Settings, number: int) -> Replication:
        """Simulate; `hesim.run` takes this as its model."""
        from hesim.execution.replication import simulate_replication
        from hesim.survey import margins
        from hesim.tables import read

        count = margins.count

        def counted(model: HigherEducation) -> margins.Cubes:
            begin = time.process_time()
            made = count(model)
            self.counting += time.process_time() - begin
            return made

        margins.count = counted
        try:
            self.made = simulate_replication(settings, read(), number, self._month)
        finally:
            margins.count = count
        self.end = time.process_time()
        made: Replication = self.made
        return made

    def _month(self, done: int, total: int) -> None:
        if done == total:
            self.last_month = time.process_time()


def measure(options: Options) -> Measured:
    """Time whole runs, and the rows of a ledger apart."""
    worlds.world(0.01, 2)
    make = partial(
        worlds.settings,
        options.pick(1.0, 0.02),
        years=options.whole(10, 1),
        replications=1,
        workers=1,
        figures=False,
    )
    flow, spell = row_seconds()
    parts: dict[str, list[float]] = {}
    spent: list[Spent] = []
    for _ in range(options.rounds):
        spent.append(_one_run(make, flow, spell, parts))
    whole = [one.cpu for one in spent]
    totals = [sum(values) for values in zip(*parts.values(), strict=True)]
    shares = tuple(100.0 * a / b for a, b in zip(totals, whole, strict=True))
    facts: dict[str, str | float] = {
        name: f"{1000.0 * float(np.median(values)):.4g} ms, "
        f"{100.0 * float(np.median(np.divide(values, whole))):.2f}% of the run"
        for name, values in parts.items()
    }
    facts["a whole run, CPU seconds"] = float(np.median(whole))
    return Measured({"share": Figure(shares, share(spent))}, facts)


def _one_run(
    make: Callable[..., Settings], flow: float, spell: float, parts: dict[str, list[float]]
) -> Spent:
    from hesim.api import run

    watch = Stopwatch()
    with tempfile.TemporaryDirectory() as folder:
        settings = make(output=str(Path(folder) / "run"))
        spent = spend(lambda: run(settings=settings, simulate=watch))
        ended = time.process_time()
    made = watch.made
    months = settings.integer("burn_in") + 12 * settings.integer("years")
    # Tables hold recorded months only; the burn-in writes the ledger too.
    more = months / (12 * settings.integer("years"))
    flows = float(np.sum(made.flows["persons"])) * more
    spells = float(made.movers["surveyed"].size) * more
    for name, seconds in (
        ("event record", made.profile["record"]),
        ("staff counted each year", watch.counting),
        ("ledger (approximate)", flows * flow + spells * spell),
        ("survey and tables in memory", watch.end - watch.last_month),
        ("writing of files", ended - watch.end),
    ):
        parts.setdefault(name, []).append(seconds)
    return spent


def row_seconds(rows: int = 500_000) -> tuple[float, float]:
    """Seconds that one flow takes in the ledger, and one spell: as long for each of its columns."""
    from numba import njit

    from hesim.model.ledger import Ledger, empty_ledger, note_flow

    @njit
    def flows(ledger: Ledger, count: int) -> None:
        for _ in range(count):
            note_flow(ledger, 1, 0, 1, 1, 2, 1, 1, 1)

    flows(empty_ledger(rows, 1), rows)
    book = empty_ledger(rows, 1)
    flow = spend(partial(flows, book, rows)).cpu / rows
    columns = [sum(name.startswith(kind) for name in Ledger._fields) for kind in ("f_", "m_")]
    return flow, flow * columns[1] / columns[0]


PART = Part("recording", "share of recording and survey in a run", BARS, measure)
