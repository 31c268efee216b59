"""Order a study's runs so that those which share their first months come one after another.

Runs of one replication that differ in their levers alone are one world until the first lever acts
(see `execution.simulate`). They make a group. In a group the run that branches off first comes
first, and the baseline last.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from hesim.execution.task import Task
from hesim.levers.dates import month_number
from hesim.study.branches import LEVERS

if TYPE_CHECKING:
    from hesim.study.points import StudyPlan

LEAST_SHARED = 8
"""Runs of a group that stay together where runs are handed over in pieces: with eight a longer
piece would save little, and lose more when it is lost."""


class Groups:
    """The groups of a plan's runs.

    Attributes:
        plan: The plan.
    """

    def __init__(self, plan: StudyPlan) -> None:
        """Find out when each point's first lever starts."""
        self.plan = plan
        settings = plan.settings
        self._start = settings.text("start")
        self._burn_in, self._end = settings.integer("burn_in"), 12 * settings.integer("years")
        arms = {arm.name: arm.settings for arm in plan.arms}
        self._branches: list[int] = []
        keys: dict[tuple[object, ...], int] = {}
        self._world: list[int] = []
        for point in plan.points:
            starts = {key: str(body["start"]) for key, body in arms[point.arm].items()}
            for path, value in point.values:
                lever, _, name = path.removeprefix(LEVERS).partition(".")
                if path.startswith(LEVERS) and name == "start":
                    starts[lever] = str(value)
            months = [month_number(start, self._start) for start in starts.values()]
            self._branches.append(max(min([self._end, *months]), -self._burn_in))
            shared = plan.branch(point.number).group[1:]
            self._world.append(keys.setdefault(shared, len(keys)))

    def of(self, numbers: Iterable[int]) -> list[list[int]]:
        """Cut runs into groups, replication by replication, so that a stopped study is balanced."""
        size = len(self.plan.points)

        def place(number: int) -> tuple[int, int]:
            replication, point = divmod(number, size)
            return replication, self._world[point]

        def order(number: int) -> tuple[int, int, int, int]:
            return (*place(number), self._branches[number % size], number)

        ordered = sorted(numbers, key=order)
        return [list(group) for _, group in groupby(ordered, key=place)]

    def months(self, groups: Iterable[list[int]]) -> int:
        """Months to simulate for groups of runs, what they share counted once."""
        size, total = len(self.plan.points), 0
        for group in groups:
            branches = [self._branches[number % size] for number in group]
            total += max(branches) + self._burn_in
            total += sum(self._end - month for month in branches)
        return total

    def tasks(self, group: list[int]) -> list[Task]:
        """The runs of a group, each but the last with the note that another one follows."""
        made = []
        for number in group:
            branch = self.plan.branch(number)._replace(more=number != group[-1])
            made.append(Task(number, branch, branch.group))
        return made


def pieces(groups: Groups, numbers: Iterable[int], size: int) -> Iterator[list[Task]]:
    """Cut runs into pieces that are handed over as one.

    Args:
        groups: The groups of the plan.
        numbers: Runs to do.
        size: Runs that a piece should hold; 1 hands over each run by itself, in the order of
            groups. A larger piece holds whole groups, or parts of one with `LEAST_SHARED` runs.
    """
    piece: list[Task] = []
    for group in groups.of(numbers):
        if size == 1:
            yield from ([task] for task in groups.tasks(group))
            continue
        part = max(size, LEAST_SHARED)
        for start in range(0, len(group), part):
            piece += groups.tasks(group[start : start + part])
            if len(piece) >= size:
                yield piece
                piece = []
    if piece:
        yield piece
