"""Hold a worker process: start it, give it tasks, listen to it, end it.

A worker is a fresh Python that imports hesim, not the script that called `hesim.run`, so that
such a script needs no `if __name__ == "__main__"`. It talks over one pipe: that a task begins, its
months as they pass, then its report. When the pipe breaks, each side knows that the other is gone.
A worker whose parent was killed ends by itself within a second, whatever it is at.
"""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
import traceback
from contextlib import suppress
from multiprocessing import Pipe
from typing import NamedTuple

from hesim.execution.task import FAILED, Month, Procedure, Report, Task, perform
from hesim.process import signals
from hesim.process.child import inherited, start_python

START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[3]); "
    "from hesim.process import signals; signals.ignore(); "
    "from hesim.process.parent import watch_parent; watch_parent(int(sys.argv[2])); "
    "from hesim.execution.worker import work_on; work_on(int(sys.argv[1]))"
)
"""What a worker runs: deaf to Ctrl-C and its like, which are for its parent, and with its path."""

GRACE = 2.0
"""Seconds that a worker has to end before it is killed."""


class Start(NamedTuple):
    """The process is warm, and a task begins."""

    number: int


class Death(NamedTuple):
    """The process is gone, and the task that it was at is lost."""

    number: int
    words: str


class Worker:
    """A worker process, seen from its parent."""

    def __init__(self, procedure: bytes) -> None:
        """Start the process.

        Args:
            procedure: Pickled `Procedure`.
        """
        self.pipe, theirs = Pipe()
        self.number = -1
        arguments = [str(os.getpid()), json.dumps(sys.path)]
        try:
            # No Ctrl-C of its parent's terminal ends the child before it can ignore it. The parent
            # gets the signal when the block ends, and by then knows its child.
            with signals.blocked():
                try:
                    self.process = start_python(START, theirs, arguments)
                finally:
                    theirs.close()
            self._send(procedure)
        except BaseException:
            # Whoever called has no worker yet to dismiss, so that it would outlive the parent.
            if hasattr(self, "process"):
                self.process.kill()
                self.process.wait()
            raise

    def begin(self, task: Task) -> None:
        """Give it a task."""
        self.number = task.number
        self._send(pickle.dumps(task))

    def listen(self) -> Start | Month | Report | Death:
        """Receive what it has to say, or find that it has died."""
        try:
            message: Start | Month | Report = self.pipe.recv()
        except (EOFError, OSError):
            self.dismiss()
            return Death(self.number, _cause(self.process.returncode))
        return message

    def dismiss(self) -> None:
        """End the process, at once if it is at work."""
        self.release()
        try:
            self.process.wait(GRACE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def release(self) -> None:
        """Break the pipe, at which the process ends by itself, without waiting for it."""
        self.pipe.close()

    def stop(self) -> None:
        """End the process at once, without waiting for it; it is deaf to anything milder."""
        self.release()
        self.process.kill()

    def _send(self, content: bytes) -> None:
        # A worker that is gone is noticed when it is listened to.
        with suppress(OSError):
            self.pipe.send_bytes(content)


def work_on(handle: int) -> None:
    """Do tasks as they come: what the worker process does.

    Args:
        handle: File descriptor of its end of the pipe.
    """
    pipe = inherited(handle)
    warm = False
    # Without a parent there is nobody to work for: EOFError on reading, OSError on writing.
    with suppress(EOFError, OSError):
        procedure: Procedure = pipe.recv()
        while True:
            task: Task = pipe.recv()
            if not warm:
                try:
                    procedure.prepare()
                except Exception:  # noqa: BLE001 - it is told where results are kept
                    pipe.send(Report(task.number, FAILED, None, 0.0, traceback.format_exc()))
                    continue
                warm = True

            def on_month(done: int, total: int, number: int = task.number) -> None:
                pipe.send(Month(number, done, total))

            pipe.send(Start(task.number))
            pipe.send(perform(procedure, task, on_month))


def _cause(code: int) -> str:
    """Words of an exit code; below zero it is a signal."""
    if code >= 0:
        return f"the worker process died: it ended with exit code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = "no known name"
    guess = ", out of memory?" if name == "SIGKILL" else ""
    return f"the worker process died: killed by signal {-code} ({name}{guess})"
