"""Hand chunks of tasks to an engine, and take what comes back as it comes."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import Future
from queue import Empty, SimpleQueue

from hesim.execution.engines.engine import Engine, EngineFailed
from hesim.execution.task import Loss, Month, Report, Task, deaf

LOOK = 0.5
"""Seconds between two looks whether a signal has come."""

AHEAD = 3
"""Chunks for each worker that are handed out and not yet back, where there are many."""

Event = Month | Loss | Future[list[Report]]


def reports_of(
    engine: Engine,
    chunks: Iterable[Sequence[Task]],
    most: float = math.inf,
    react: Callable[[Month | Loss], None] = deaf,
    wait: Callable[[], None] = lambda: None,
) -> Generator[Report, None, None]:
    """Yield the report of each task as it comes; close the iterator to give up the rest.

    Args:
        engine: Does the tasks.
        chunks: Each is done in one place; asked for as they are handed out.
        most: Chunks that are handed out and not yet back.
        react: Told in this thread of months and losses.
        wait: Called from time to time while nothing comes.

    Raises:
        EngineFailed: the engine is gone, or a worker has another hesim.
    """
    events: SimpleQueue[Event] = SimpleQueue()
    here = threading.get_ident()

    def hear(event: Month | Loss) -> None:
        if threading.get_ident() == here:
            react(event)
        else:
            events.put(event)

    out: set[Future[list[Report]]] = set()
    waiting = iter(chunks)
    try:
        while True:
            while len(out) < most and (chunk := next(waiting, None)) is not None:
                future = engine.send(chunk, hear)
                if future.done():
                    yield from _reports(future)
                else:
                    out.add(future)
                    future.add_done_callback(events.put)
            if not out:
                return
            try:
                # Never for ever: a signal just before the wait begins is looked at only after it.
                event = events.get(timeout=LOOK)
            except Empty:
                wait()
                continue
            if isinstance(event, Future):
                out.remove(event)
                yield from _reports(event)
            else:
                react(event)
    finally:
        for future in out:
            future.cancel()


def chunk_size(seconds: float, target: float, tasks: int, least: int) -> int:
    """Tasks to hand over in one piece.

    Args:
        seconds: Of a task.
        target: Seconds that a piece should take; 0 makes each task a piece.
        tasks: Tasks that are left.
        least: Pieces that the work is cut into at least, for a level end.
    """
    if target <= 0:
        return 1
    wanted = target / max(seconds, 1e-4)
    most = math.ceil(tasks / least)
    return max(1, min(int(wanted), most))


def _reports(future: Future[list[Report]]) -> list[Report]:
    try:
        return future.result()
    except EngineFailed:
        raise
    except Exception as error:
        raise EngineFailed(f"the engine is gone: {type(error).__name__}: {error}") from error
