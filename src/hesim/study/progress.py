"""Show how far a run or a study is: a bar on a terminal, lines elsewhere."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

MONTHS_PAUSE = 5.0
"""Seconds at least between two lines about the months of a run."""
RUNS_PAUSE = 60.0
"""Seconds between two lines about the runs of a study."""
MOST_FAILURES = 10
"""Failures of a study that are told at once."""

Say = Callable[[str], None]
Clock = Callable[[], float]


class Bar:
    """A bar on a terminal; where there is none nothing is drawn.

    Attributes:
        drawn: The bar of Rich, while it is drawn.
    """

    def __init__(self, unit: str, time_left: bool) -> None:
        """Prepare; `time_left` says whether the bar reckons how long it will still take."""
        self._unit, self._time_left = unit, time_left
        self.drawn: Any = None
        self._task: Any = None

    def start(self, total: int, done: int, words: str) -> None:
        """Draw the bar, if there is a terminal."""
        if not sys.stdout.isatty() or os.environ.get("TERM") == "dumb":
            return
        from rich import progress

        columns = [
            progress.BarColumn(),
            progress.MofNCompleteColumn(),
            progress.TextColumn(self._unit + ", {task.fields[words]}"),
        ]
        left = [progress.TimeRemainingColumn(), progress.TextColumn("left")]
        self.drawn = progress.Progress(*columns, *(left if self._time_left else []), transient=True)
        self._task = self.drawn.add_task("", total=total, completed=done, words=words)
        self.drawn.start()

    def update(self, total: int, done: int, words: str) -> None:
        """Bring the bar up to date."""
        self.drawn.update(self._task, total=total, completed=done, words=words)

    def say(self, line: str) -> None:
        """Print a line above the bar."""
        self.drawn.console.print(line, highlight=False, markup=False)

    def stop(self) -> None:
        """Take the bar away."""
        if self.drawn is not None:
            # A terminal that is gone, as after a logout, has no bar to take away.
            with suppress(OSError):
                self.drawn.stop()
            self.drawn = None


class RunProgress:
    """Counts months over all replications of a run; silent unless asked to show."""

    def __init__(
        self, replications: int, months: int, show: bool, say: Say, clock: Clock = time.monotonic
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
        self.bar = Bar("months", time_left=True)

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
        if self.show:
            self.bar.start(self.total, self.done, self._words())

    def stop(self) -> None:
        """Take the bar away."""
        self.bar.stop()

    def note_month(self, number: int, done: int, total: int) -> None:
        """Note that a replication has done so many of its months."""
        self._done[number] = self.months * done // total
        if self._before is None:
            # Time left is reckoned from here: until now the workers started.
            self._began, self._before = self._clock(), self.done
        self._tick(self._clock() - self._said >= MONTHS_PAUSE)

    def note_end(self, number: int, failed: bool) -> None:
        """Note that a replication is whole or has failed."""
        self._done[number] = self.months
        self._ended += 1
        self._failed += failed
        self._tick(due=True)

    def _tick(self, due: bool) -> None:
        """Bring the bar up to date; without one print a line when it is due."""
        if self.bar.drawn is not None:
            self.bar.update(self.total, self.done, self._words())
        elif due:
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


class StudyProgress:
    """Counts runs and failures; says how many a second and how long it will still take."""

    def __init__(
        self, total: int, done: int, show: bool, say: Say, clock: Clock = time.monotonic
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
        self.bar = Bar("runs", time_left=False)

    def start(self) -> None:
        """Start the clock; draw a bar on a terminal."""
        self._began = self._said = self._clock()
        if self._show:
            self.bar.start(self.total, self.done, "")

    def stop(self) -> None:
        """Take the bar away."""
        self.bar.stop()

    def note_end(self, failed: bool, why: str = "") -> None:
        """Note that a run has ended; a failure is told at once."""
        self.done += 1
        self.failed += failed
        if failed and self._show and self.failed <= MOST_FAILURES:
            self._tell(f"  failed: {why}")
            if self.failed == MOST_FAILURES:
                self._tell("  more failures are not told here; the table at the end has them all")
        self.tick()

    def more(self, runs: int) -> None:
        """Note that more runs are to be done."""
        self.total += runs

    def tick(self) -> None:
        """Bring the bar up to date; print a line when its time has come."""
        if self.bar.drawn is not None:
            self.bar.update(self.total, self.done, self.words())
        elif self._show and self._clock() - self._said >= RUNS_PAUSE:
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
        if self.bar.drawn is not None:
            self.bar.say(line)
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
