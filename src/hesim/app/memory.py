"""Give memory back to the system when visitors have left."""

from __future__ import annotations

import ctypes
import gc
import logging
import queue
import sys
import threading
import weakref
from collections.abc import Callable
from typing import Any

LOG = logging.getLogger(__name__)
PAUSE, TRIES = 0.25, 40
"""Seconds between two looks at whether a visitor's part is gone, and how many looks."""


def give_back() -> None:
    """Let go of what nobody uses, and of what libraries keep for later."""
    gc.collect()
    arrow = sys.modules.get("pyarrow")
    if arrow is not None:
        arrow.default_memory_pool().release_unused()
    trim = _trim()
    if trim is not None:
        trim(0)


def _trim() -> Callable[[int], int] | None:
    """The function of glibc that returns freed memory to the system; elsewhere None."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        return ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError):
        return None


class Departures:
    """Gives memory back after visitors left, in one thread; several at once are one time."""

    def __init__(self, release: Callable[[], None] = give_back) -> None:
        """Begin to watch.

        Args:
            release: Gives memory back.
        """
        self._release = release
        self._gone: queue.SimpleQueue[tuple[threading.Event, weakref.ref[Any]]]
        self._gone = queue.SimpleQueue()
        threading.Thread(target=self._run, daemon=True, name="hesim-memory").start()

    def watch(self) -> Callable[[], None]:
        """Watch the visitor who comes; Solara calls what is returned when the visitor leaves."""
        from solara.server.kernel_context import get_current_context

        context = weakref.ref(get_current_context())

        def leave() -> None:
            one = context()
            if one is not None:
                self._gone.put((one.closed_event, context))

        return leave

    def _run(self) -> None:
        while True:
            waiting = [self._gone.get()]
            while not self._gone.empty():
                waiting.append(self._gone.get())
            for closed, _ in waiting:
                closed.wait()
            self._release()
            # Whoever closed it may have held on to it for a moment.
            for _ in range(TRIES):
                if all(context() is None for _, context in waiting):
                    break
                threading.Event().wait(PAUSE)
                gc.collect()
            self._release()


def close_with_kernel(close: Callable[[], None]) -> None:
    """Have a visitor's run closed with Solara's part of the visit, whatever went wrong in between.

    Args:
        close: May be called twice.
    """
    from solara.server.kernel_context import get_current_context, has_current_context

    if has_current_context():
        get_current_context().on_close(close)
