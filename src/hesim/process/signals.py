"""Treat what asks a process to end alike: Ctrl-C, SIGTERM and SIGHUP all become one interrupt.

Slurm, systemd and `docker stop` send SIGTERM, a logout sends SIGHUP. Python ends at once on both,
and would lose what Ctrl-C keeps.
"""

from __future__ import annotations

import math
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

ASKING = tuple(
    getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
    if hasattr(signal, name)
)
"""Signals that ask a process to end; Windows has no SIGHUP, and alone has SIGBREAK."""

REPEAT = 10.0
"""Seconds in which further signals are the same request: systemd and terminals send two at once,
and the second must not stop the first from saving what is there."""

_last: int = signal.SIGINT
_asked = -math.inf
_depth = 0
_waiting = False


@contextmanager
def interrupts() -> Iterator[None]:
    """Raise KeyboardInterrupt in the main thread on any of `ASKING` while the block runs.

    A signal that is ignored, as SIGHUP under `nohup`, stays ignored; a handler of the caller's own
    stays too.
    """
    global _asked
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    usual = (signal.SIG_DFL, signal.default_int_handler)
    before = {each: signal.getsignal(each) for each in ASKING}
    own = [each for each in ASKING if before[each] in usual]
    if own:
        _asked = -math.inf
    try:
        for each in own:
            signal.signal(each, _interrupt)
        yield
    finally:
        for each in own:
            signal.signal(each, before[each])


@contextmanager
def deferred() -> Iterator[None]:
    """Let an interrupt wait until the block is done, as while a file and its index are written.

    It holds where `interrupts` does.
    """
    global _depth, _waiting
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _depth += 1
    try:
        yield
    finally:
        _depth -= 1
        if _depth == 0 and _waiting:
            _waiting = False
            raise KeyboardInterrupt


@contextmanager
def blocked() -> Iterator[None]:
    """Let signals of `ASKING` wait while a child starts, which inherits that; not on Windows."""
    mask = getattr(signal, "pthread_sigmask", None)
    if mask is None:
        yield
        return
    before = mask(signal.SIG_BLOCK, ASKING)
    try:
        yield
    finally:
        mask(signal.SIG_SETMASK, before)


def exit_code() -> int:
    """128 and the number of the last signal: 130 of Ctrl-C, 143 of SIGTERM, 129 of SIGHUP."""
    return 128 + _last


def words() -> str:
    """Say what interrupted the process."""
    by = "" if _last == signal.SIGINT else f" by {signal.Signals(_last).name}"
    return f"interrupted{by}"


def ignore() -> None:
    """Be deaf to all of `ASKING`, as a worker is: they are for its parent, which ends it."""
    for each in ASKING:
        signal.signal(each, signal.SIG_IGN)


def _interrupt(number: int, frame: FrameType | None) -> None:
    global _last, _asked, _waiting
    now = time.monotonic()
    if now - _asked < REPEAT:
        return
    _last, _asked = number, now
    if _depth:
        _waiting = True
        return
    raise KeyboardInterrupt
