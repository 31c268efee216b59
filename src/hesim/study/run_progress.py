"""Show how far a run is and how long it still takes: a bar on a terminal, lines elsewhere."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

PAUSE = 5.0
"""Seconds at least between two lines about months."""


class Progress:
    """Counts months over all replications; silent unless asked to show."""

    def __init__(
        self,
        replications: int,
        months: int,
        show: bool,
        say: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare.

        Args:
            replications: How many there are to do.
            months: Months of one replication, burn-in included.
            show: Whether to show anything.
            say: Prints a line.
            clock: Seconds from any start.
        """
        self.replications, self.months, self.show = replications, months, show
        self._say, self._clock = say, clock
        self._done = dict.fromkeys(range(replications), 0)
        self._ended = self._failed = 0
        self._began = self._said = clock()
        self._before: int | None = None
        self._bar: Any = None
        self._task: Any = None

    @property
    def done(self) -> int:
        """Months that have passed, over all replications."""
        return sum(self._done.values())

    @property
    def total(self) -> int:
        """Months in all."""
        return self.replications * self.months

    def start(self) -> None:
        """Start the clock; draw a bar on a terminal."""
        self._began = self._said = self._clock()
        if self.show and sys.stdout.isatty() and os.environ.get("TERM") != "dumb":
            self._bar = _bar()
            self._task = self._bar.add_task("", total=self.total, ended="")
            self._refresh()
            self._bar.start()

    def stop(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            # A terminal that is gone, as after a logout, has no bar to take away.
            with suppress(OSError):
                self._bar.stop()
            self._bar = None

    def passed(self, number: int, done: int, total: int) -> None:
        """Note that a replication has done so many of its months."""
        self._done[number] = self.months * done // total
        if self._before is None:
            # Time left is reckoned from here: until now the workers started.
            self._began, self._before = self._clock(), self.done
        if self._bar is not None:
            self._refresh()
        elif self._clock() - self._said >= PAUSE:
            self._line()

    def ended(self, number: int, failed: bool) -> None:
        """Note that a replication is whole or has failed."""
        self._done[number] = self.months
        self._ended += 1
        self._failed += failed
        if self._bar is not None:
            self._refresh()
        else:
            self._line()

    def _words(self) -> str:
        failed = f", {self._failed} failed" if self._failed else ""
        return f"{self._ended} of {self.replications} replications{failed}"

    def _line(self) -> None:
        self._said = self._clock()
        words = f"  {100 * self.done / self.total:3.0f}% of the months, {self._words()}"
        since = self.done - (self._before or 0)
        if since > 0 and self._ended < self.replications:
            left = (self._said - self._began) / since * (self.total - self.done)
            words += f"; about {left:.0f} s left"
        self._say(words)

    def _refresh(self) -> None:
        self._bar.update(self._task, completed=self.done, ended=self._words())


def _bar() -> Any:
    from rich import progress

    return progress.Progress(
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TextColumn("months, {task.fields[ended]}"),
        progress.TimeRemainingColumn(),
        progress.TextColumn("left"),
        transient=True,
    )
