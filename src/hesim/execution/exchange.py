"""Hand chunks of tasks to an engine, and take what comes back as it comes."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import Future
from contextlib import closing
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


def piece_size(engine: Engine, seconds: float, target: float, tasks: int) -> int:
    """Tasks to hand over to an engine in one piece.

    Args:
        engine: Does the tasks.
        seconds: Of a task.
        target: Seconds that a piece should take; 0 makes each task a piece.
        tasks: Tasks that are left.
    """
    return chunk_size(seconds, target, tasks, engine.chunks_a_worker * engine.workers)


def reports_in_pieces(
    engine: Engine,
    tasks: Sequence[Task],
    target: float,
    react: Callable[[Month | Loss], None] = deaf,
) -> Generator[Report, None, None]:
    """Yield the report of each of tasks that have nothing to do with one another, in pieces.

    Where pieces are to take some time, the first task by itself tells how many make one.

    Args:
        engine: Does the tasks.
        tasks: The tasks.
        target: Seconds that a piece should take; 0 makes each task a piece.
        react: Told in this thread of months and losses.

    Raises:
        EngineFailed: the engine is gone, or a worker has another hesim.
    """
    size = 1
    if target > 0:
        [first] = reports_of(engine, [tasks[:1]], react=react)
        yield first
        tasks = tasks[1:]
        size = piece_size(engine, first.seconds, target, len(tasks))
    pieces = [tasks[start : start + size] for start in range(0, len(tasks), size)]
    with closing(reports_of(engine, pieces, AHEAD * engine.workers, react)) as reports:
        yield from reports


def _reports(future: Future[list[Report]]) -> list[Report]:
    try:
        return future.result()
    except EngineFailed:
        raise
    except Exception as error:
        raise EngineFailed(f"the engine is gone: {type(error).__name__}: {error}") from error
