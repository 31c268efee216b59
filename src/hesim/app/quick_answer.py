"""Say soon what a scenario changes: paired runs at a small scale first, then at the run's own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from hesim.app.errands import Errands
from hesim.app.levers import Changes, month_text
from hesim.app.outcome_store import SMALL, OutcomesOfArm, OutcomeStore, simulate_worlds
from hesim.levers.arms import DIFFERENCE
from hesim.levers.dates import years_before
from hesim.levers.registry import GRADES
from hesim.outcomes.summary import IN_FORCE, is_year, summarise

if TYPE_CHECKING:
    from hesim.app.worker import Lane, Workers, World

LEAST, MORE = 4, 8
"""Pairs of replications with which an answer begins, and to which it is sharpened."""

Row = Mapping[str, Any]
MakeWorlds = Callable[[float, int], tuple["World", "World"]]
"""Gives the world that is compared with and the other, at a scale, by replication."""


@dataclass(frozen=True)
class Stage:
    """One step by which an answer is sharpened.

    Attributes:
        scale: `population.scale` of its worlds.
        runs: Pairs of replications.
    """

    scale: float
    runs: int


def stages(scale: float, replications: int | None = None) -> tuple[Stage, ...]:
    """The steps of an answer: few pairs at a small scale, more, then the same at the run's scale.

    Args:
        scale: Scale of the run.
        replications: Pairs that the visitor chose; None for 4, then 8.
    """
    runs = (LEAST, MORE) if replications is None else (replications,)
    scales = dict.fromkeys((min(SMALL, scale), scale))
    return tuple(Stage(each, many) for each in scales for many in runs)


@dataclass(frozen=True)
class QuickAnswer:
    """What one scenario is beside another.

    Attributes:
        rows: Rows as in summary.csv: `baseline` is the scenario that is compared with, `policy`
            the other, `difference` the second less the first, paired.
        scale: `population.scale` of the worlds.
        runs: Pairs.
        years: First and last year of the means: from the first lever's start on.
    """

    rows: tuple[Row, ...]
    scale: float
    runs: int
    years: tuple[int, int]

    def mean(self, outcome: str, arm: str = DIFFERENCE) -> Row:
        """The mean of an outcome over the years in which levers are in force."""
        return next(
            row
            for row in self.rows
            if (row["outcome"], row["arm"], row["year"]) == (outcome, arm, IN_FORCE)
        )

    def by_year(self) -> list[Row]:
        """Rows of single years."""
        return [row for row in self.rows if is_year(row)]


def years_before_changes(scenarios: Sequence[Changes], start: str, years: int) -> int:
    """Simulated years before the first lever of some scenarios starts.

    Args:
        scenarios: Changes of levers of each.
        start: First recorded month, as `2011-01`.
        years: Simulated years.
    """
    months = [m for changes in scenarios for m, chosen in changes.items() if chosen]
    return years_before([{"start": month_text(m, start)} for m in months], start, years)


def answer_of(
    pairs: Sequence[OutcomesOfArm], scale: float, start: str, before: int, grade: str = ""
) -> QuickAnswer:
    """Compare two scenarios, pair by pair, as a run compares policy and baseline.

    Args:
        pairs: Outcomes of both worlds of each pair.
        scale: `population.scale` of the worlds; outcomes read as at full scale already.
        start: First recorded month.
        before: Years that the means leave out.
        grade: What the size of the levers rests on: a key of `levers.registry.GRADES`.
    """
    first = int(start[:4])
    rows = summarise(pairs, first, 1.0, GRADES.get(grade, ""), before=before)
    last = max(int(str(row["year"])) for row in rows if is_year(row))
    return QuickAnswer(tuple(rows), scale, len(pairs) // 2, (first + before, last))


class QuickAnswers(Errands):
    """Has the worlds of one visitor's scenarios simulated, two by two.

    Attributes:
        wanted: Pairs that are asked for, over all stages.
    """

    def __init__(self, workers: Workers, store: OutcomeStore, show: Callable[[], None]) -> None:
        """Prepare, see `Errands`.

        Args:
            workers: Where the work is done.
            store: Remembers outcomes.
            show: Draws the present state.
        """
        super().__init__(workers, show)
        self.store = store
        self._waiting: list[Future[Any]] = []
        self._turn = 0
        self._lock = threading.Lock()
        self.wanted = 0
        self._stages: tuple[Stage, ...] = ()
        self._worlds: MakeWorlds | None = None
        self._key: object = None
        self._last: tuple[object, QuickAnswer] | None = None

    @property
    def pending(self) -> int:
        """Tasks that are still to come."""
        return sum(not future.done() for future in self._waiting)

    def ask(self, asked: tuple[Stage, ...], worlds: MakeWorlds) -> None:
        """Have two scenarios simulated; what is known already is not simulated again.

        Args:
            asked: The stages.
            worlds: The worlds of both.
        """
        key = asked, *(worlds(stage.scale, 0) for stage in asked)
        if key == self._key and self.failed is None:
            return
        self.stop()
        self._key = key
        groups: list[tuple[Lane, tuple[World, ...]]] = []
        due: set[World] = set()
        for stage in asked:
            for replication in range(stage.runs):
                new = dict.fromkeys(worlds(stage.scale, replication))
                missing = tuple(x for x in new if x not in due and self.store.get(x) is None)
                due.update(missing)
                if missing:
                    groups.append(("quick" if stage.scale <= SMALL else "whole", missing))
        self._stages, self._worlds = asked, worlds
        self.wanted = sum(stage.runs for stage in asked)
        self._simulate(groups)

    def _simulate(self, groups: Sequence[tuple[Lane, tuple[World, ...]]]) -> None:
        """Have groups of worlds simulated, and remember their outcomes as they come."""
        with self._lock:
            turn = self._turn
        tasks = []
        for lane, group in groups:
            future = self._workers.submit(simulate_worlds, group, lane=lane)
            self._waiting.append(future)
            tasks.append((group, future))
        self.failed = None
        if tasks:
            receive = partial(self._receive, tasks, turn)
            self._await(receive, "a quick answer could not be simulated")

    def _receive(self, tasks: Sequence[tuple[tuple[World, ...], Future[Any]]], turn: int) -> None:
        for group, future in tasks:
            for world, outcomes in zip(group, future.result(), strict=True):
                self.store.put(world, outcomes)
            with self._lock:
                if turn != self._turn:
                    return
            self._show()

    def answer(self, start: str, before: int, grade: str = "") -> QuickAnswer | None:
        """The sharpest answer that is known; None before there is one.

        Args:
            start: First recorded month.
            before: Years that the means leave out.
            grade: As for `answer_of`.
        """
        if self._worlds is None or not self._stages:
            return None
        fewest = min(stage.runs for stage in self._stages)
        for stage in reversed(self._stages):
            worlds = [self._worlds(stage.scale, k) for k in range(stage.runs)]
            pairs = self.store.pairs(*zip(*worlds, strict=True))
            if len(pairs) // 2 >= fewest:
                key = tuple(worlds), len(pairs), start, before, grade
                if self._last is None or self._last[0] != key:
                    self._last = key, answer_of(pairs, stage.scale, start, before, grade)
                return self._last[1]
        return None

    def come(self) -> tuple[int, int]:
        """Pairs of the first stage that are there, and how many it needs."""
        if self._worlds is None or not self._stages:
            return 0, 0
        stage = self._stages[0]
        worlds = [self._worlds(stage.scale, k) for k in range(stage.runs)]
        return len(self.store.pairs(*zip(*worlds, strict=True))) // 2, stage.runs

    def stop(self) -> None:
        """Give up what has not begun."""
        with self._lock:
            self._turn += 1
        for future in self._waiting:
            future.cancel()
        self._waiting = []
        self._key = None

    def close(self) -> None:
        """Let everything go."""
        self.stop()
        self._worlds = None
