"""Start, signal and watch processes in tests: wait for events, and leave nothing behind."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

HANG = 900.0
"""Seconds after which a test that waits in vain fails instead of hanging; it measures nothing."""


def until(
    event: Callable[[], object], process: subprocess.Popen | None = None, hang: float = HANG
) -> None:
    """Wait until an event has happened, while a process lives."""
    end = time.monotonic() + hang
    while not event():
        if process is not None and process.poll() is not None and not event():
            raise AssertionError(f"ended with {process.returncode}: {process.communicate()}")
        assert time.monotonic() < end, "the event never came"
        time.sleep(0.02)


@contextmanager
def python(
    code: str, ignored: tuple[int, ...] = (), terminal: int | None = None, **given: object
) -> Iterator[subprocess.Popen]:
    """Run Python code in a session of its own; whatever it started ends with the block.

    Args:
        code: What to run; modules of the tests can be imported.
        ignored: Signals that it is deaf to from the start.
        terminal: File descriptor of the terminal that the session belongs to.
        **given: For `Popen`.
    """

    def prepare() -> None:
        if terminal is not None:
            fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
        # A shell's background job, and all it starts, is deaf to Ctrl-C; under nohup to SIGHUP.
        for number in (signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        for number in ignored:
            signal.signal(number, signal.SIG_IGN)

    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, **given}
    code = f"import sys; sys.path[:0] = {sys.path!r}\n{code}"
    process = subprocess.Popen(
        [sys.executable, "-c", code], start_new_session=True, preexec_fn=prepare, **options
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()
        for each in session(process.pid):
            end(each)


def descendants(pid: int) -> list[psutil.Process]:
    """All processes that a process has started, and those that they have."""
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def session(pid: int) -> list[psutil.Process]:
    """All processes of the session that a process leads or led, also when it has ended."""
    found = []
    for each in psutil.process_iter():
        try:
            if os.getsid(each.pid) == pid and alive(each):
                found.append(each)
        except ProcessLookupError:
            continue
    return found


def gone(processes: list[psutil.Process]) -> bool:
    """Wait until processes have ended by themselves."""
    until(lambda: not any(map(alive, processes)))
    return True


def alive(process: psutil.Process) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def end(process: psutil.Process) -> None:
    """Kill a process if it is still there."""
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return


def mark(name: str) -> None:
    """Leave an event for another process to see, in the folder that both know."""
    (Path(os.environ["HESIM_TEST_FOLDER"]) / name).touch()


def marked(name: str) -> bool:
    """Whether an event has been left."""
    return (Path(os.environ["HESIM_TEST_FOLDER"]) / name).exists()
