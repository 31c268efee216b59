"""Simulate whole replications in a process of its own, for the intervals and the stories."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Literal

from hesim.execution.engines.processes import Processes
from hesim.execution.limits import Limits
from hesim.execution.task import OK, Calls, Report, Task

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.model.higher_education import HigherEducation
    from hesim.record.archive import RecordCopy
    from hesim.record.live import Logbook
    from hesim.story.person import Watching
    from hesim.tables import ReportTables


Lane = Literal["whole", "quick"]
"""Which process does a task: `quick` is for worlds so small that somebody waits for them."""


@dataclass(frozen=True)
class World:
    """What one replication of one arm is made from; travels to the worker.

    Attributes:
        overrides: Settings as `key=value`.
        config: Folder of the user's settings files.
        extra: Further settings by dotted path, as JSON.
        changes: Words of the levers by month of change, see `levers.overrides`; none for the
            baseline.
        replication: Number of the replication.
    """

    overrides: tuple[str, ...]
    config: str | None
    extra: str
    changes: tuple[tuple[int, tuple[str, ...]], ...]
    replication: int


@lru_cache(maxsize=4)
def composed_world(
    overrides: tuple[str, ...], config: str | None, extra: str
) -> tuple[Settings, ReportTables]:
    """Settings and tables of a world, from what `World` holds under these names."""
    from pathlib import Path

    from hesim.scenario import compose
    from hesim.tables import read

    settings = compose(overrides, config, json.loads(extra))
    data = settings["data"]
    return settings, read(None if data is None else Path(str(data)))


def lever_change(world: World, month: int) -> tuple[Any, ...] | None:
    """Levers that a world takes over in a month, or None where nothing changes."""
    for at, words in world.changes:
        if at == month:
            return _levers(world.overrides, world.config, world.extra, words) if words else ()
    return None


@lru_cache(maxsize=64)
def _levers(
    overrides: tuple[str, ...], config: str | None, extra: str, words: tuple[str, ...]
) -> tuple[Any, ...]:
    from hesim.app.levers import settings_with_levers

    return settings_with_levers(overrides, config, json.loads(extra), words)[1]


def take_over(world: World, model: HigherEducation) -> None:
    """Let a model have the levers that its world takes over in the month to come, if any."""
    from hesim.app.session import act

    levers = lever_change(world, model.month)
    if levers is not None:
        act(model, levers)


def play(world: World, months: int | None = None, watching: Iterable[Watching] = ()) -> Logbook:
    """Simulate a world, whose levers change in the months that it says.

    Args:
        world: What to simulate.
        months: Recorded months; None is all of them.
        watching: Who looks at the world between its events.
    """
    from hesim.app.session import newborn
    from hesim.execution.simulate import pass_months
    from hesim.record.live import Logbook
    from hesim.story.person import watched_month

    settings, tables = composed_world(world.overrides, world.config, world.extra)
    until = 12 * settings.integer("years") if months is None else months
    book = Logbook(newborn(settings, tables, world.replication))
    watchers = list(watching)

    def step(model: HigherEducation) -> None:
        take_over(world, model)
        if watchers:
            watched_month(model, watchers)
        else:
            model.step()

    pass_months(book.model, book, until, step=step)
    return book


def replicate(world: World) -> RecordCopy:
    """Simulate a world to its end."""
    from hesim.record.archive import stored_copy

    return stored_copy(play(world).record())


class WorkerFailed(RuntimeError):
    """What the worker was to do went wrong; the message says why."""


@dataclass(frozen=True)
class Courtesy(Calls):
    """Calls functions in a process that may let others go first.

    Attributes:
        niceness: By how much; whoever plays, and quick answers, go first where it is above 0.
    """

    niceness: int = 10

    def prepare(self) -> None:
        """Be nice."""
        os.nice(self.niceness)


def _carry_out(shared: None, content: tuple[Callable[..., Any], tuple[Any, ...]]) -> Any:
    task, given = content
    return task(*given)


NICENESS: dict[Lane, int] = {"whole": 10, "quick": 0}
"""How far the process of each lane lets others go first: somebody waits for quick answers."""


class Workers:
    """Two processes that serve all visitors in turn; each starts with its first task."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._engines: dict[Lane, Processes] = {}
        self._closed = False
        self._lock = threading.Lock()

    @property
    def closed(self) -> bool:
        """Whether the server is about to end, and what was at work was ended with it."""
        return self._closed

    def submit(self, task: Callable[..., Any], *given: Any, lane: Lane = "whole") -> Future[Any]:
        """Let a worker carry out a task; one that was killed is replaced.

        Args:
            task: A function that can be imported.
            *given: Its arguments.
            lane: Which process does it.

        Returns:
            Its result to come; after `close` one that is cancelled.
        """
        future: Future[Any] = Future()
        with self._lock:
            if self._closed:
                future.cancel()
                return future
            if lane not in self._engines:
                self._engines[lane] = Processes(
                    Courtesy(_carry_out, niceness=NICENESS[lane]), 1, Limits()
                )
            sent = self._engines[lane].send([Task(0, (task, given))])
        future.add_done_callback(lambda ended: ended.cancelled() and sent.cancel())
        sent.add_done_callback(partial(_settle, future))
        return future

    def close(self) -> None:
        """End the workers, what they are at included, and wait until nothing of them is left."""
        with self._lock:
            self._closed = True
            for engine in self._engines.values():
                engine.close()


def _settle(future: Future[Any], sent: Future[list[Report]]) -> None:
    """Pass on what came of a task."""
    if sent.cancelled():
        future.cancel()
        return
    if not future.set_running_or_notify_cancel():
        return
    if (error := sent.exception()) is not None:
        future.set_exception(error)
        return
    [report] = sent.result()
    if report.status == OK:
        future.set_result(report.made)
        return
    failure = WorkerFailed(report.error.strip().splitlines()[-1])
    failure.add_note(report.error)
    future.set_exception(failure)
