"""Follow one person through a run: jobs, contracts, what pushed, what was seen, who was hired.

A follower watches a model between its events. It changes nothing and draws nothing of its own: what
the compiled rules decided is read off the person's columns, and what they do not keep is replayed
from the same keys.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from hesim import categories as c
from hesim.model.ledger import NO_REASON
from hesim.model.order import ORDER
from hesim.model.push import ENDING, IDLE, ITEM_BITS, JOBLESS
from hesim.population.persons import NEVER
from hesim.story.ranking import applicants, fate_of
from hesim.story.search import Look, look

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hesim.model.higher_education import HigherEducation

OUTCOMES = ("not_better", "too_many", "refused", "outranked", "other_post", "hired")
"""What comes of a vacancy that was seen: not worth it; better, but others were better still; the
employer would not take this person; somebody ranked above got it; a post liked more came; hired."""
COLUMNS = (
    "id",
    "present",
    "born",
    "sex",
    "education",
    "field",
    "home",
    "role",
    "employer",
    "place",
    "contract",
    "ends",
    "hours",
    "since",
    "search",
    "exposure",
    "employer2",
    "hours2",
    "prior",
    "contacts",
    "awareness",
    "practice",
    "academic",
    "defence",
)
SEARCHES = {IDLE: "idle", 1: "on_the_job", ENDING: "job_ending", JOBLESS: "jobless"}


@dataclass(frozen=True)
class Happening:
    """Something that happened to the person.

    Attributes:
        month: Month, 0 the first recorded one.
        event: Event of the month in which it happened.
        kind: What happened, a key of the page's words.
        facts: Numbers and names that belong to it.
    """

    month: int
    event: str
    kind: str
    facts: dict[str, object]


State = dict[str, int | float]


class Follower:
    """Watches one person.

    Attributes:
        person: Identity.
        happenings: What happened, in order.
        looks: Month, search and its outcome, of each month in which the person looked.
        states: The person's columns at the end of each month; None while absent.
    """

    def __init__(self, person: int) -> None:
        """Follow the person with this identity."""
        self.person = person
        self.happenings: list[Happening] = []
        self.looks: list[tuple[int, Look]] = []
        self.states: list[tuple[int, State | None]] = []
        self._row = -1
        self._look: Look | None = None
        self._before: State | None = None

    def begin_month(self, model: HigherEducation) -> None:
        """Note how the person stands before the month's events."""
        self._before = self._state(model)
        self._look = None
        if not self.states and self._before is not None:
            self._note(model, "start", "present", dict(self._before))

    def after(self, model: HigherEducation, event: str) -> None:
        """Note what an event did to the person."""
        now = self._state(model)
        before = self._before
        self._before = now
        if before is None and now is None:
            return
        if before is None or now is None:
            self._come_or_go(model, event, before, now)
            return
        self._compare(model, event, before, now)
        if event == "search" and self._row in model.market.seekers:
            self._look = look(model, self._row)
            self._mark_applications(model)
        if event == "hiring" and self._look is not None:
            self._judge(model)
            self.looks.append((model.month, self._look))

    def end_month(self, model: HigherEducation, month: int) -> None:
        """Note how the person stands after the month's events."""
        self.states.append((month, self._before))

    def _state(self, model: HigherEducation) -> State | None:
        p, identity = model.persons, np.uint64(self.person)
        row = self._row
        if not (0 <= row < p.size and p.id[row] == identity and p.present[row]):
            rows = np.flatnonzero((p.id == identity) & (p.present == 1))
            if rows.size == 0:
                self._row = -1
                return None
            row = self._row = int(rows[0])
        return {name: getattr(p, name)[row].item() for name in COLUMNS}

    def _note(
        self, model: HigherEducation, event: str, kind: str, facts: dict[str, object]
    ) -> None:
        self.happenings.append(Happening(model.month, event, kind, facts))

    def _come_or_go(
        self, model: HigherEducation, event: str, before: State | None, now: State | None
    ) -> None:
        if now is not None:
            self._note(model, event, "entered", dict(now))
            return
        assert before is not None
        facts: dict[str, object] = {"reason": self._reason(model), **before}
        self._note(model, event, "departed", facts)

    def _reason(self, model: HigherEducation) -> str:
        """Reason of the person's last row of the ledger opened this month, or no words."""
        ledger, used = model.ledger, int(model.ledger.used[1])
        recent = slice(max(0, used - 20000), used)
        mine = (ledger.m_person[recent] == np.uint64(self.person)) & (
            ledger.m_left[recent] == model.month
        )
        rows = np.flatnonzero(mine)
        if rows.size == 0:
            return ""
        code = int(ledger.m_reason[recent][rows[-1]])
        return "" if code == NO_REASON else c.EXIT_REASONS[code]

    def _compare(self, model: HigherEducation, event: str, before: State, now: State) -> None:
        def changed(*names: str) -> bool:
            return any(before[name] != now[name] for name in names)

        def note(kind: str, **facts: object) -> None:
            self._note(model, event, kind, facts)

        if event == "age" and changed("education"):
            note("defended")
        if changed("employer") and now["employer"] < 0:
            note(
                "left",
                employer=before["employer"],
                role=before["role"],
                reason=self._reason(model),
            )
        elif changed("employer") or (event == "moves" and changed("role")):
            reason = self._reason(model) if before["employer"] >= 0 else ""
            note(
                "joined" if changed("employer") else "stepped",
                employer=now["employer"],
                role=now["role"],
                contract=now["contract"],
                hours=now["hours"],
                origin=before["employer"],
                origin_role=before["role"],
                reason=reason,
            )
        elif changed("role"):
            note("stepped", employer=now["employer"], role=now["role"], origin_role=before["role"])
        elif event == "careers" and changed("contract", "ends"):
            kind = "made_permanent" if now["ends"] == NEVER else "contract_renewed"
            note(kind, contract=now["contract"], ends=now["ends"])
        if event == "careers" and changed("hours") and not changed("employer"):
            note("hours_changed", hours=now["hours"], before=before["hours"])
        if changed("employer2"):
            started = now["employer2"] >= 0
            kind = "second_job_started" if started else "second_job_ended"
            note(kind, employer=now["employer2"] if started else before["employer2"])
        if changed("home"):
            note("moved_house", home=now["home"])
        if event == "push" and changed("exposure") and now["employer"] >= 0:
            note("pushed", items=items(model, int(now["exposure"])))
        if changed("search") and event == "push":
            kind = SEARCHES[int(now["search"])]
            note("search_stopped" if kind == "idle" else "search_started", search=kind)

    def _mark_applications(self, model: HigherEducation) -> None:
        assert self._look is not None
        n = model.market.applied
        mine = np.flatnonzero(model.market.applications.seeker[:n] == self._row)
        rank = {
            int(model.market.applications.vacancy[a]): k for k, a in enumerate(mine.tolist(), 1)
        }
        bar = sum(self._look.present.values())
        for one in self._look.seen:
            one.rank = rank.get(one.row, 0)
            if one.rank == 0 and one.utility > bar:
                one.outcome = "too_many"

    def _judge(self, model: HigherEducation) -> None:
        assert self._look is not None
        for one in self._look.seen:
            if one.rank == 0:
                continue
            one.applicants = applicants(model, one.row)
            me = next(each for each in one.applicants if each.person == self.person)
            one.outcome = fate_of(me, one.applicants)


def items(model: HigherEducation, exposure: int) -> list[str]:
    """Names of the push items of an exposure, as `heading.item`."""
    bits = exposure & ITEM_BITS
    return [".".join(pair) for k, pair in enumerate(model.rates.push_items.names) if bits >> k & 1]


class Watching(Protocol):
    """Whatever watches a model between its events; changes nothing."""

    def begin_month(self, model: HigherEducation) -> None:
        """Called before the month's events."""

    def after(self, model: HigherEducation, event: str) -> None:
        """Called after each event."""

    def end_month(self, model: HigherEducation, month: int) -> None:
        """Called after the month's events with its number."""


def watched_month(model: HigherEducation, followers: Iterable[Watching]) -> None:
    """Simulate a month as `HigherEducation.step` does, with followers watching each event."""
    watching = list(followers)
    month = model.month
    for follower in watching:
        follower.begin_month(model)
    for event in ORDER:
        model.carry_out(event.name)
        for follower in watching:
            follower.after(model, event.name)
    model.state.month += 1
    for follower in watching:
        follower.end_month(model, month)
