"""Show how far a run or a study is: a bar on a terminal, lines elsewhere."""

from __future__ import annotations

import os
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, ClassVar

from hesim.execution.task import Loss, Month

MONTHS_PAUSE = 5.0
"""Seconds at least between two lines about the months of a run."""
RUNS_PAUSE = 60.0
"""Seconds between two lines about the runs of a study."""
MOST_FAILURES = 10
"""Failures of a study that are told at once."""

Say = Callable[[str], None]
Clock = Callable[[], float]


class ProgressBar:
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
        if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
            return
        from rich import progress
        from rich.console import Console

        columns: list[progress.ProgressColumn] = [
            progress.BarColumn(),
            progress.MofNCompleteColumn(),
            progress.TextColumn(self._unit + ", {task.fields[words]}"),
        ]
        if self._time_left:
            columns += [progress.TimeRemainingColumn(), progress.TextColumn("left")]
        # What goes on is told where results are not.
        where = Console(stderr=True)
        self.drawn = progress.Progress(*columns, console=where, transient=True)
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


@dataclass
class Progress(ABC):
    """Counts what has ended and what has failed, and says so; silent unless asked to show.

    Attributes:
        runs: Runs in all.
        ended: Runs that have ended, whole or failed; at first those that were done before.
        show: Whether to show anything.
        say: Prints a line.
        clock: Seconds from any start.
        failed: Runs that have failed.
        unit: What the bar counts.
        pause: Seconds between two lines where there is no bar.
        time_left: Whether the bar reckons how long it will still take.
        line_at_end: Whether there is a line whenever a run ends.
    """

    runs: int
    ended: int
    show: bool
    say: Say
    clock: Clock = time.monotonic
    failed: int = field(default=0, init=False)
    unit: ClassVar[str]
    pause: ClassVar[float]
    time_left: ClassVar[bool]
    line_at_end: ClassVar[bool]

    def __post_init__(self) -> None:
        """Prepare."""
        self._began = self._said = self.clock()
        self.bar = ProgressBar(self.unit, self.time_left)

    @property
    def done(self) -> int:
        """How far it is, in the unit of the bar."""
        return self.ended

    @property
    def total(self) -> int:
        """How far it will go."""
        return self.runs

    @abstractmethod
    def words(self) -> str:
        """What stands beside the bar."""

    @abstractmethod
    def line(self) -> str:
        """What is printed where there is no bar."""

    def start(self) -> None:
        """Start the clock; draw a bar on a terminal."""
        self._began = self._said = self.clock()
        if self.show:
            self.bar.start(self.total, self.done, self.words())

    def stop(self) -> None:
        """Take the bar away."""
        self.bar.stop()

    @abstractmethod
    def hear(self, event: Month | Loss) -> None:
        """Note what happens to a run before it ends."""

    def note_end(self, number: int, failed: bool, why: str = "") -> None:
        """Note that a run is whole or has failed, and why."""
        self.ended += 1
        self.failed += failed
        self.tick(due=self.line_at_end)

    def more(self, runs: int) -> None:
        """Note that more runs are to be done."""
        self.runs += runs

    def wait(self) -> None:
        """Note that time passes while nothing ends."""
        if not self.line_at_end:
            self.tick()

    def tick(self, due: bool = False) -> None:
        """Bring the bar up to date; print a line if it is due, or when its time has come."""
        if self.bar.drawn is not None:
            self.bar.update(self.total, self.done, self.words())
        elif self.show and (due or self.clock() - self._said >= self.pause):
            self._said = self.clock()
            self.say(self.line())


@dataclass
class RunProgress(Progress):
    """Counts the months of a run, over all of its replications, those of each arm counted.

    Attributes:
        months: Months of one replication, burn-in included.
        name: Names a replication by its number.
    """

    months: int = field(kw_only=True)
    name: Callable[[int], str] = field(default=str, kw_only=True)
    unit, pause, time_left, line_at_end = "months", MONTHS_PAUSE, True, True

    def __post_init__(self) -> None:
        """Prepare."""
        super().__post_init__()
        self._done = dict.fromkeys(range(self.runs), 0)
        self._before: int | None = None

    @property
    def done(self) -> int:
        """Months that have passed, over all replications."""
        return sum(self._done.values())

    @property
    def total(self) -> int:
        """Months in all."""
        return self.runs * self.months

    def hear(self, event: Month | Loss) -> None:
        """Note that a replication has done so many of its months, or say that it is tried again."""
        if isinstance(event, Loss):
            self.say(f"replication {self.name(event.number)}: {event.words}; trying it again")
            return
        self._done[event.number] = self.months * event.done // event.total
        if self._before is None:
            # Time left is reckoned from here: until now the workers started.
            self._began, self._before = self.clock(), self.done
        self.tick()

    def note_end(self, number: int, failed: bool, why: str = "") -> None:
        """Note that a replication is whole or has failed; what failed is told at the end."""
        self._done[number] = self.months
        super().note_end(number, failed)

    def words(self) -> str:
        """Replications that have ended and that have failed."""
        failed = f", {self.failed} failed" if self.failed else ""
        return f"{self.ended} of {self.runs} replications{failed}"

    def line(self) -> str:
        """Share of the months, replications, and the time left."""
        words = f"  {100 * self.done / self.total:3.0f}% of the months, {self.words()}"
        since = self.done - (self._before or 0)
        if since > 0 and self.ended < self.runs:
            left = (self._said - self._began) / since * (self.total - self.done)
            words += f"; about {left:.0f} s left"
        return words


@dataclass
class StudyProgress(Progress):
    """Counts the runs of a study; says how many a second and how long it will still take."""

    unit, pause, time_left, line_at_end = "runs", RUNS_PAUSE, False, False

    def __post_init__(self) -> None:
        """Prepare."""
        super().__post_init__()
        self._before = self.ended

    def hear(self, event: Month | Loss) -> None:
        """Do nothing: runs are many, and only their ends are told."""

    def note_end(self, number: int, failed: bool, why: str = "") -> None:
        """Note that a run has ended; a failure is told at once."""
        super().note_end(number, failed, why)
        if failed and self.show and self.failed <= MOST_FAILURES:
            self._tell(f"  failed: {why}")
            if self.failed == MOST_FAILURES:
                self._tell("  more failures are not told here; the table at the end has them all")

    def words(self) -> str:
        """Runs a second, failures and time left."""
        spent, runs = self.clock() - self._began, self.ended - self._before
        failed = f"{self.failed} failed" if self.failed else "none failed"
        if runs < 1 or spent <= 0:
            return failed
        left = (self.runs - self.ended) * spent / runs
        return f"{runs / spent:.3g} a second, {failed}, {duration(left)} left"

    def line(self) -> str:
        """Runs that have ended, and the words of the bar."""
        return f"  {self.ended:,} of {self.runs:,} runs, {self.words()}"

    def _tell(self, line: str) -> None:
        if self.bar.drawn is not None:
            self.bar.say(line)
        else:
            self.say(line)


def duration(seconds: float) -> str:
    """Seconds in words that fit their size."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    if seconds < 48 * 3600:
        return f"{seconds / 3600:.1f} hours"
    return f"{seconds / 86400:.1f} days"
