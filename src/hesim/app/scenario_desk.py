"""Do what a visitor asks of scenarios, and have their answers simulated."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from hesim.app.levers import weakest
from hesim.app.outcome_store import SMALL
from hesim.app.quick_answer import (
    LEAST,
    QuickAnswer,
    QuickAnswers,
    Stage,
    stages,
    years_before_changes,
)
from hesim.app.scenario_file import read_scenario
from hesim.app.scenarios import ScenarioRefusal, ScenarioStrip, safe_name
from hesim.app.share_runs import MOST_LEVERS, ShareRuns
from hesim.app.starting_points import starting_points
from hesim.app.study_desk import RUNS
from hesim.levers.arms import BASELINE

if TYPE_CHECKING:
    from hesim.app.levers import Changes
    from hesim.app.visitor import Visit
    from hesim.app.worker import World

_stamps = itertools.count(1)


class ScenarioDesk:
    """The scenarios of one visitor, as the page changes them.

    Attributes:
        problem: What could not be done, in words.
        place: The step that it was asked by; it is told beside its control.
        sheet: The file that was asked for last: its name, text, and a number that rises.
        quick: Has the open scenario and the one it is compared with simulated.
        shares: Has the combinations of a scenario's levers simulated.
    """

    def __init__(self, visit: Visit) -> None:
        """Prepare; nothing is simulated yet."""
        self._visit = visit
        served = visit.served
        self.problem = self.place = ""
        self.sheet: dict[str, Any] = {}
        self.quick = QuickAnswers(served.workers, served.outcomes, visit.show)
        self.shares = ShareRuns(served.workers, served.outcomes, visit.show)

    @property
    def strip(self) -> ScenarioStrip:
        """The scenarios."""
        return self._visit.levers.strip

    def act(self, asked: Mapping[str, Any]) -> None:
        """Take a step that the page asks for.

        Args:
            asked: `step`, one of `STEPS`, with `name` and `to` where it needs them.
        """
        step = STEPS.get(str(asked.get("step")))
        if step is None:
            return
        try:
            self.problem, self.place = "", str(asked["step"])
            step(self, str(asked.get("name", "")), str(asked.get("to", "")))
        except ScenarioRefusal as refusal:
            self.problem = self._visit.words(refusal.key, **refusal.values)
        self._visit.show()

    def open_file(self, given: Mapping[str, Any]) -> None:
        """Add the scenario of a file.

        Args:
            given: `name` and `text` of the file.
        """
        words = self._visit.words
        try:
            self.problem, self.place = "", "open_file"
            found = read_scenario(str(given.get("text", "")), self._visit.run.settings())
            stem = str(given.get("name", "")).rpartition(".")[0]
            self.put(self.strip.add(safe_name(stem), found.changes))
            if found.left_out:
                shown = ", ".join(found.left_out[:8])
                self.problem = words("file_left_out", paths=shown)
            elif not found.changes:
                self.problem = words("file_without_levers")
        except ScenarioRefusal as refusal:
            self.problem = words(refusal.key, **refusal.values)
        self._visit.show()

    def put(self, strip: ScenarioStrip) -> None:
        """Take other scenarios over; where the run's levers are others, it begins anew."""
        visit = self._visit
        before = visit.levers.changes
        visit.levers.strip = strip
        visit.look(**strip.address())
        if visit.levers.changes != before:
            visit.start()
        else:
            self.ask()

    def _add(self, name: str, _: str) -> None:
        visit = self._visit
        self.put(self.strip.add(name.strip() or visit.words("scenario_mine")))

    def _duplicate(self, name: str, _: str) -> None:
        from hesim.app.answer_words import name_in_words

        words = self._visit.words
        called = words("scenario_copy", name=name_in_words(name, words))
        self.put(self.strip.duplicate(name, safe_name(called)))

    def _rename(self, name: str, to: str) -> None:
        # The scenario stays where it is.
        with self._visit.history.resting():
            self.put(self.strip.rename(name, to))

    def _delete(self, name: str, _: str) -> None:
        self.put(self.strip.delete(name))

    def _look_at(self, name: str, _: str) -> None:
        self.put(self.strip.look_at(name))

    def _compare_with(self, name: str, _: str) -> None:
        self.put(self.strip.compare_with(name))

    def _start_from(self, key: str, _: str) -> None:
        """Add a scenario with the levers of a package or recommendation, from the month to come."""
        visit = self._visit
        points = {each.key: each for each in starting_points(visit.served.tables, visit.words)}
        point = points.get(key)
        if point is not None:
            month = visit.lever_desk.next_month({})
            self.put(self.strip.add(safe_name(point.title), {month: point.choice}))

    def _save(self, _: str, __: str) -> None:
        """Write the open scenario as a file."""
        text = self._visit.run.config()
        name = f"{self.strip.open.replace(' ', '_')}.yaml"
        self.sheet = {"name": name, "text": text, "stamp": next(_stamps)}

    def _study(self, _: str, __: str) -> None:
        """Make a study of the open scenario."""
        visit = self._visit
        if not visit.served.writes:
            raise ScenarioRefusal("study_refused")
        if not visit.levers.keys():
            raise ScenarioRefusal("study_no_levers")
        extra = {"study.replications": RUNS, "study.question": self.question()}

        def show() -> None:
            for each in list(visit.served.visits):
                each.show()  # type: ignore[attr-defined]

        visit.served.studies.begin(self.strip.open, visit.run.config(extra), show)

    def _ask_shares(self, _: str, __: str) -> None:
        """Have each lever's share of the open scenario worked out."""
        levers = sorted(self._visit.levers.keys())
        if not 2 <= len(levers) <= MOST_LEVERS:
            raise ScenarioRefusal("shares_most", most=MOST_LEVERS, count=len(levers))
        scale = min(SMALL, self._visit.run.scale)

        @cache
        def dated(key: tuple[tuple[int, tuple[str, ...]], ...], replication: int) -> World:
            return self._visit.run.world_with(key, replication, scale)

        def make(changes: Changes, replication: int) -> World:
            some = {month: chosen for month, chosen in changes.items() if chosen}
            return dated(self._visit.levers.dated(some), replication)

        self.shares.ask_shares(self.strip.changes_of(self.strip.open), levers, make)

    def question(self) -> str:
        """The question of a study of the open scenario."""
        from hesim.app.answer_words import since_in_words

        visit = self._visit
        return since_in_words(visit.levers.changes, visit.first, visit.words)

    def ask(self) -> None:
        """Have the open scenario simulated beside the one that it is compared with.

        Without levers only the first worlds of the baseline are simulated, so that they are there
        when a lever is switched on.
        """
        visit = self._visit
        if visit.recorded or visit.served.answers is not None or visit.closed:
            return
        strip = self.strip
        first, second = (strip.changes_of(name) for name in (strip.against, strip.open))
        dated = [visit.levers.dated(changes) for changes in (first, second)]

        @cache
        def worlds(scale: float, replication: int) -> tuple[World, World]:
            one, other = (visit.run.world_with(each, replication, scale) for each in dated)
            return one, other

        chosen = visit.view.value.replications
        asked = stages(visit.run.scale, chosen)
        if first == second:
            asked = (Stage(min(SMALL, visit.run.scale), chosen or LEAST),)
        self.quick.ask(asked, worlds)

    def answer(self) -> QuickAnswer | None:
        """The sharpest answer that is known on the two scenarios; None before there is one."""
        visit = self._visit
        both = [self.strip.changes_of(name) for name in (self.strip.against, self.strip.open)]
        if both[0] == both[1]:
            return None
        return self.quick.answer(visit.first, self.before(), self.grade())

    def before(self) -> int:
        """Years before the first lever of either scenario starts: means leave them out."""
        both = [self.strip.changes_of(name) for name in (self.strip.against, self.strip.open)]
        return years_before_changes(both, self._visit.first, self._visit.run.years)

    def before_open(self) -> int:
        """Years before the first lever of the open scenario starts."""
        changes = self.strip.changes_of(self.strip.open)
        return years_before_changes([changes], self._visit.first, self._visit.run.years)

    def grade(self) -> str:
        """Weakest grade of the levers of both scenarios; empty without any."""
        levers = self._visit.levers
        keys = set[str]()
        for name in {self.strip.open, self.strip.against} - {BASELINE}:
            keys |= levers.keys(self.strip.changes_of(name))
        return weakest(keys) or ""

    def close(self) -> None:
        """Let everything go."""
        self.quick.close()
        self.shares.close()


STEPS: dict[str, Callable[[ScenarioDesk, str, str], None]] = {
    "new": ScenarioDesk._add,
    "duplicate": ScenarioDesk._duplicate,
    "rename": ScenarioDesk._rename,
    "delete": ScenarioDesk._delete,
    "look_at": ScenarioDesk._look_at,
    "compare_with": ScenarioDesk._compare_with,
    "start_from": ScenarioDesk._start_from,
    "save": ScenarioDesk._save,
    "study": ScenarioDesk._study,
    "shares": ScenarioDesk._ask_shares,
}
"""What the page can ask for."""
