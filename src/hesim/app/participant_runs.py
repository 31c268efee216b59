"""Work out what levers did for those who took part in them, from paired quick runs on demand.

Each pair is counted as `hesim run` counts it: participants beside the same persons in the world
without levers, with the same random numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from hesim.app.errands import Errands
from hesim.app.quick_answer import LEAST
from hesim.app.worker import Workers, World, composed_world, take_over
from hesim.levers.registry import GRADES
from hesim.record.participant_table import table_of_run

if TYPE_CHECKING:
    from hesim.levers.attendance import Participants
    from hesim.model.higher_education import HigherEducation
    from hesim.record.participants import Counts
    from hesim.record.whereabouts import Lives


class ParticipantRuns(Errands):
    """The pairs of one visitor.

    Attributes:
        asked: Worlds with levers that were asked for last.
    """

    def __init__(self, workers: Workers, show: Callable[[], None]) -> None:
        """Prepare, see `Errands`."""
        super().__init__(workers, show)
        self.asked: tuple[World, ...] = ()
        self._futures: list[Future[dict[str, Counts]]] = []
        self._counts: list[dict[str, Counts]] = []

    def ask(self, worlds: Sequence[World], levers: Sequence[str]) -> None:
        """Have worlds simulated, each beside the same without levers.

        Args:
            worlds: With levers, one for each replication.
            levers: Names of the levers in which somebody can take part.
        """
        if tuple(worlds) == self.asked and self.failed is None:
            return
        self.stop()
        self.asked, self.failed = tuple(worlds), None
        self._futures = [
            self._workers.submit(count_pair, world, tuple(levers), lane="quick") for world in worlds
        ]
        receive = partial(self._receive, self.asked, list(self._futures))
        self._await(receive, "participants could not be counted", self._forsake)

    def _receive(self, asked: tuple[World, ...], futures: list[Future[dict[str, Counts]]]) -> None:
        for future in futures:
            found = future.result()
            if self.asked != asked:
                return
            self._counts.append(found)
            self._show()

    def _forsake(self) -> bool:
        self.asked = ()
        return True

    @property
    def come(self) -> int:
        """Pairs that are there."""
        return len(self._counts)

    def rows(self, before: int, grade: str) -> list[dict[str, Any]] | None:
        """Rows as in participants_summary.csv, each with its grade; None until all pairs are there.

        Args:
            before: Years before the first lever starts.
            grade: What the size of the levers rests on: a key of `levers.registry.GRADES`.
        """
        if not self.asked or self.come < len(self.asked):
            return None
        levers = dict.fromkeys(lever for each in self._counts for lever in each)
        counts = {lever: [each[lever] for each in self._counts] for lever in levers}
        said = GRADES.get(grade, "")
        return [{**row, "grade": said} for row in table_of_run(counts, before)]

    def stop(self) -> None:
        """Give up what has not begun, and forget what is there."""
        for future in self._futures:
            future.cancel()
        self._futures, self._counts, self.asked = [], [], ()


def paired_worlds(make: Callable[[int], World]) -> tuple[World, ...]:
    """The worlds of the pairs that are asked for, by replication."""
    return tuple(make(replication) for replication in range(LEAST))


def count_pair(world: World, levers: Sequence[str]) -> dict[str, Counts]:
    """Count the participants of levers in a world and in the same one without levers.

    Args:
        world: With levers.
        levers: Names of those in which somebody can take part.

    Returns:
        Counts at full scale by lever; see `record.participants.count_participants`.
    """
    from hesim.record.participants import count_participants

    settings, _ = composed_world(world.overrides, world.config, world.extra)
    years, scale = settings.integer("years"), settings.number("population.scale")
    _, baseline = _followed(replace(world, changes=()), ())
    taken, policy = _followed(world, levers)
    return count_participants(taken, baseline, policy, years, scale)


def _followed(world: World, levers: Sequence[str]) -> tuple[Mapping[str, Participants], Lives]:
    """Simulate a world with all of its persons followed: who took part in what, and their lives."""
    from hesim.app.session import attendance_of, newborn
    from hesim.execution.simulate import pass_months
    from hesim.levers.policy import Levers
    from hesim.record.whereabouts import Whereabouts

    settings, tables = composed_world(world.overrides, world.config, world.extra)
    model, seen = newborn(settings, tables, world.replication), Whereabouts()
    # How everybody stands before the first month: participants of that month are compared too.
    seen.after_month(model)

    def step(model: HigherEducation) -> None:
        take_over(world, model)
        if isinstance(model.policy, Levers):
            attendance_of(model).asked = True
        model.step()

    pass_months(model, seen, 12 * settings.integer("years"), step=step)
    model.finish()
    attended = isinstance(model.policy, Levers)
    taken = {key: attendance_of(model).of(key) for key in levers} if attended else {}
    lives = seen.lives(model)
    model.let_go()
    return taken, lives
