"""Show how far a study is: a bar on a terminal, else a line every minute."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

PAUSE = 60.0
"""Seconds between two lines where there is no terminal."""


class StudyProgress:
    """Counts runs and failures; says how many a second and how long it will still take."""

    def __init__(
        self,
        total: int,
        done: int,
        show: bool,
        say: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare.

        Args:
            total: Runs in all.
            done: Runs that were done before.
            show: Whether to show anything.
            say: Prints a line.
            clock: Seconds from any start.
        """
        self.total, self.done, self.failed = total, done, 0
        self._show, self._say, self._clock = show, say, clock
        self._before = done
        self._began = self._said = clock()
        self._bar: Any = None
        self._task: Any = None

    def start(self) -> None:
        """Start the clock; draw a bar on a terminal."""
        self._began = self._said = self._clock()
        if self._show and sys.stdout.isatty() and os.environ.get("TERM") != "dumb":
            self._bar = _bar()
            self._task = self._bar.add_task("", total=self.total, completed=self.done, words="")
            self._bar.start()

    def stop(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            # A terminal that is gone, as after a logout, has no bar to take away.
            with suppress(OSError):
                self._bar.stop()
            self._bar = None

    def ended(self, failed: bool, why: str = "") -> None:
        """Note that a run has ended; a failure is told at once."""
        self.done += 1
        self.failed += failed
        if failed and self._show and self.failed <= 10:
            self._tell(f"  failed: {why}")
            if self.failed == 10:
                self._tell("  more failures are not told here; the table at the end has them all")
        self.tick()

    def more(self, runs: int) -> None:
        """Note that more runs are to be done."""
        self.total += runs

    def tick(self) -> None:
        """Bring the bar up to date; print a line when its time has come."""
        if self._bar is not None:
            self._bar.update(self._task, completed=self.done, total=self.total, words=self.words())
        elif self._show and self._clock() - self._said >= PAUSE:
            self._said = self._clock()
            self._say(f"  {self.done:,} of {self.total:,} runs, {self.words()}")

    def words(self) -> str:
        """Runs a second, failures and time left."""
        spent, runs = self._clock() - self._began, self.done - self._before
        failed = f"{self.failed} failed" if self.failed else "none failed"
        if runs < 1 or spent <= 0:
            return failed
        left = (self.total - self.done) * spent / runs
        return f"{runs / spent:.3g} a second, {failed}, {duration(left)} left"

    def _tell(self, line: str) -> None:
        if self._bar is not None:
            self._bar.console.print(line, highlight=False, markup=False)
        else:
            self._say(line)


def duration(seconds: float) -> str:
    """Seconds in words that fit their size."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    if seconds < 48 * 3600:
        return f"{seconds / 3600:.1f} hours"
    return f"{seconds / 86400:.1f} days"


def _bar() -> Any:
    from rich import progress

    return progress.Progress(
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TextColumn("runs, {task.fields[words]}"),
        transient=True,
    )
