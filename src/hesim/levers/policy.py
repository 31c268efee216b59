"""Let the levers of a run act on the model: once a month, each inside its dates and reach."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from hesim.levers.accounts import Accounts
from hesim.levers.attendance import Attendance, Participants
from hesim.levers.counting import LeverMonth, Tally, count_month
from hesim.levers.lever import Lever, Parameters, Support, read_lever, switched_off
from hesim.levers.market import Exposure, act_on_market, exposure, promote
from hesim.levers.own_process import file_of, load_process, process_faults, source_of
from hesim.levers.people import forget, touch_people
from hesim.levers.processes import PROCESSES, Process, Turn
from hesim.levers.reach import Area, find_area
from hesim.levers.registry import OWN, has_participants
from hesim.model.policy import Effects, no_effects

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hesim.config import Settings
    from hesim.model.higher_education import HigherEducation


class Levers:
    """The policy of a run: all its levers.

    Attributes:
        levers: The levers that are in force, in the order of their names.
        register: All levers that ever were, by name, as they were last: what was spent on one stays
            spent when it is switched off.
        without: Mechanisms that are switched off.
        accounts: Whom they reached and what that took.
        attendance: Who took part in each; empty unless that is asked.
    """

    def __init__(self, levers: tuple[Lever, ...], without: frozenset[str] = frozenset()) -> None:
        """Take the levers."""
        self.levers = tuple(sorted(levers, key=lambda lever: lever.key))
        self.register = {lever.key: lever for lever in self.levers}
        self.without = without
        self.accounts = Accounts()
        self.attendance = Attendance()
        self._areas: dict[tuple[str, float], Area] = {}
        self._processes: dict[tuple[str, str], Process] = {}
        self._tallies: dict[str, Tally] = {}

    def change(self, levers: tuple[Lever, ...]) -> None:
        """Take other levers from now on; what has begun, such as a secondment, runs on."""
        self.levers = tuple(sorted(levers, key=lambda lever: lever.key))
        self.register |= {lever.key: lever for lever in self.levers}
        self._areas.clear()

    def begin_month(self, model: HigherEducation) -> Effects:
        """Act on people, and say what changes on the market this month."""
        forget(model)
        effects = no_effects(model.state.demand.first.shape, model.rates.push_items.heading)
        support, rules = self._support(model.month), self._rules(model.month)
        everything: list[Exposure] = []
        acting_now: dict[str, dict[str, Parameters]] = {}
        for lever in self.levers:
            acting = lever.parameters(lever.amount(model.month, support), self.without)
            acting_now[lever.key] = acting
            if not acting:
                continue
            share = min(lever.reach.share * (1.0 + support.reach), 1.0)
            area = self._area(model, lever, share)
            people = touch_people(model, lever, area, acting, share, self.attendance)
            tally = self._tallies.setdefault(lever.key, Tally())
            count_month(LeverMonth(model, lever, area, acting, people, tally), self.accounts)
            effects = act_on_market(model, area, acting, effects)
            if "visibility" in acting:
                everything.append(exposure(area, acting["visibility"]))
            for name in acting.keys() & {*PROCESSES, OWN}:
                if (lever.key, name) not in self._processes:
                    self._processes[lever.key, name] = _process_of(lever, name)
        effects = promote(model, everything, effects)
        for (key, name), process in sorted(self._processes.items()):
            mine = acting_now.get(key, {}).get(name, {})
            share = process.lever.reach.share * (1.0 + support.reach)
            area = self._area(model, process.lever, min(share, 1.0))
            with _told(process, name):
                process.begin_month(
                    model,
                    Turn(area, mine, rules, effects, self.accounts, share, self.attendance),
                )
        return effects

    def propose(self, model: HigherEducation) -> None:
        """Let processes add applications to the month's."""
        for (_, name), process in sorted(self._processes.items()):
            with _told(process, name):
                process.propose(model)

    def participants(self) -> dict[str, Participants]:
        """Who took part, by lever, of all levers in which somebody can."""
        return {
            lever.key: self.attendance.of(lever.key)
            for lever in self.register.values()
            if has_participants(lever.about.mechanisms)
        }

    def _support(self, month: int) -> Support:
        found = Support()
        for lever in self.levers:
            given = lever.parameters(lever.amount(month), self.without).get("support", {})
            found = Support(
                found.reach + given.get("reach", 0.0),
                found.ramp + given.get("ramp", 0.0),
                found.durability + given.get("durability", 0.0),
            )
        return found

    def _rules(self, month: int) -> Parameters:
        found = {"ease": 0.0, "delay": 0.0}
        for lever in self.levers:
            given = lever.parameters(lever.amount(month), self.without).get("rules", {})
            for name in found:
                found[name] += given.get(name, 0.0)
        return found

    def _area(self, model: HigherEducation, lever: Lever, share: float) -> Area:
        area = self._areas.get((lever.key, share))
        if area is None:
            area = self._areas[lever.key, share] = find_area(model, lever, share)
        return area


def _process_of(lever: Lever, mechanism: str) -> Process:
    """A lever's process that begins now."""
    if mechanism != OWN:
        return PROCESSES[mechanism](lever)
    assert lever.source is not None
    own = load_process(lever.source)
    with process_faults(lever.about.process, file_of(lever.source)):
        return own(lever)


def _told(process: Process, mechanism: str) -> AbstractContextManager[None]:
    """What turns errors of a process from outside of the package into words."""
    source = process.lever.source
    if mechanism != OWN or source is None:
        return nullcontext()
    return process_faults(process.lever.about.process, file_of(source))


def read_levers(settings: Settings) -> tuple[Lever, ...]:
    """The levers of composed settings."""
    given: Mapping[str, Mapping[str, object]] = settings.mapping("levers")
    first = settings.text("start")
    files = {each.name: each for each in settings.process_files()}
    levers = []
    for key, body in given.items():
        name = str(body.get(OWN) or "")
        levers.append(read_lever(key, body, first, source_of(name, files) if name else None))
    return tuple(levers)


def policy_of(settings: Settings) -> Levers | None:
    """The policy of composed settings; None without levers, which is the baseline."""
    levers = read_levers(settings)
    if not levers:
        return None
    return Levers(levers, frozenset(switched_off(settings)))
