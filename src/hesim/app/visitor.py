"""Hold everything of one visitor: the view, the run, the player; and do what the controls ask."""

from __future__ import annotations

import itertools
import logging
import threading
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import solara

from hesim.app.address import MOST, View, read_address, write_address
from hesim.app.browser_history import BrowserHistory
from hesim.app.facts import origin_facts
from hesim.app.lever_desk import LeverDesk
from hesim.app.lever_state import LeverState
from hesim.app.levers import weakest
from hesim.app.participant_runs import ParticipantRuns
from hesim.app.player import Player
from hesim.app.quick_answer import LEAST
from hesim.app.recording import Recording
from hesim.app.replications import Others
from hesim.app.run_settings import RunSettings
from hesim.app.scenario_desk import ScenarioDesk
from hesim.app.scenarios import read_strip
from hesim.app.scene import Scene
from hesim.app.server_state import Served
from hesim.app.session import Session
from hesim.app.snapshot import Snapshot
from hesim.app.stories import Stories, draw_person
from hesim.app.words import Words, speak
from hesim.charts.table_file import Facts
from hesim.levers.arms import BASELINE, POLICY
from hesim.record.archive import RecordCopy

LOG = logging.getLogger(__name__)


class Visit:
    """One visitor.

    Attributes:
        served: What the server shows.
        view: What the visitor looks at (reactive).
        frame: Number of the picture sent; raised whenever something is to be drawn (reactive).
        session: The run, None while it is built. Pictures are drawn from its snapshot alone.
        problems: What is wrong with the address or with the run itself, as lines.
        alerts: What could not be done, in words, by the control that asked for it: `tab` for the
            tab that is open, `seed`, `scale` and `years` for the run's settings.
        run: Settings of the run.
        levers: Its levers, and those of the other scenarios.
        history: Moves through tabs and scenarios.
    """

    def __init__(self, served: Served, query: str) -> None:
        """Begin with the view that an address holds."""
        self.served = served
        view, wrong = read_address(query)
        self.view: solara.Reactive[View] = solara.reactive(view)
        self.frame: solara.Reactive[int] = solara.reactive(0)
        self.problems: list[str] = []
        self.alerts: dict[str, str] = {}
        self.history = BrowserHistory()
        self.run = RunSettings(served, lambda: self.view.value)
        if wrong:
            self.problems.append(self.words("bad_address", parts=", ".join(wrong)))
        self.session: Session | Recording | None = None
        self.player = Player(self._step, self._publish)
        self._frames = itertools.count(1)
        self.others = Others(served.workers, served.outcomes, self.show)
        self.stories = Stories(served.workers, self._learn)
        self.participants = ParticipantRuns(served.workers, self.show)
        strip, unknown, opposed = read_strip(view.scenarios, view.open, view.against)
        self.levers = self.run.levers = LeverState(served, self.run.differing, strip)
        if unknown:
            self.problems.append(self.words("bad_levers", parts=", ".join(unknown)))
        if opposed:
            told = [self.words("this_and_that", one=one, other=other) for one, other in opposed]
            self.problems.append(self.words("opposed_levers", pairs="; ".join(told)))
        # What was refused does not stay in the address.
        self.view.update(**strip.address())
        self.desk = ScenarioDesk(self)
        self.lever_desk = LeverDesk(self)
        self._turn = 0
        self.closed = False
        served.visits.add(self)
        self.start()

    @property
    def words(self) -> Words:
        """The visitor's language."""
        return speak(self.view.value.language)

    def facts(self) -> Facts:
        """Of which run its charts are; see `origin_facts`."""
        return origin_facts(self)

    def calibration(self) -> str:
        """Whether the settings were calibrated, in words."""
        name = self.served.settings.text("calibration")
        return self.words("uncalibrated") if name == "none" else self.words("calibrated", name=name)

    @property
    def first(self) -> str:
        """First recorded month, as `2011-01`."""
        return self.served.settings.text("start")

    @property
    def snapshot(self) -> Snapshot | None:
        """The run as it was last published; None while it is built."""
        session = self.session
        return None if session is None else session.snapshot

    def scene(self) -> Scene | None:
        """What pictures are drawn from now; None before the first month."""
        snapshot = self.snapshot
        if snapshot is None or snapshot.month == 0 or not snapshot.arms:
            return None
        words, grade = self.words, self.grade()
        report = partial(self.served.reported, words=words)
        return Scene(snapshot, self.view.value, words, self.first, grade, report)

    def start(self) -> None:
        """Build the run of the view and simulate up to the view's month, in a thread."""
        self.player.pause()
        self.session = None
        if self.served.answers is not None:
            return
        self.desk.ask()
        self._turn += 1
        threading.Thread(target=self._start, args=(self._turn,), daemon=True).start()

    def _start(self, turn: int) -> None:
        wanted = self.view.value
        try:
            session = self._open(wanted, turn)
        except Exception as error:
            LOG.exception("a run could not be begun")
            self.problems.append(f"{type(error).__name__}: {error}")
            self.show()
            return
        if self.closed or turn != self._turn:
            session.close()
            return
        self.session = session
        self.look(month=session.month)
        self.replicate()
        if wanted.person is not None:
            self._replay("person", wanted.person)
        self.show()

    def _open(self, wanted: View, turn: int) -> Session | Recording:
        if self.served.folder is not None:
            recording = self.served.recording()
            # At its beginning, or as the address says: from there it can be played.
            recording.seek(wanted.month or 1)
            return recording
        session = self.served.session(self.run.settings())
        # The first month at once: before it there is nothing to be seen.
        until = max(1, min(wanted.month, session.horizon))
        while not self.closed and turn == self._turn:
            self.lever_desk.act(session)
            if session.month >= until:
                break
            session.step()
        session.publish()
        return session

    def outside(self, name: str, low: float, high: float) -> str:
        """Words on something outside its range."""
        written = self.words.written
        return self.words("out_of_range", name=name, low=written(low), high=written(high))

    def want(self, replications: int) -> None:
        """Ask for so many replications."""
        self.look(replications=replications)
        self.replicate()
        self.show()

    def _learn(self) -> None:
        """Let a recorded run have what a replay of it found and no table of its folder holds."""
        snapshot = self.snapshot
        for arm, found in self.stories.learned.items():
            one = snapshot.arms.get(arm) if snapshot else None
            if one is not None and isinstance(one.record, RecordCopy):
                one.record.learn(found.margins)
        self.show()

    def told(self, key: str, **values: object) -> None:
        """Say beside what is open that something cannot be."""
        self.alerts = {"tab": self.words(key, **values)}
        self.show()

    @property
    def replications(self) -> int:
        """Replications of each arm: as chosen, else four once a lever is on."""
        return self.view.value.replications or (LEAST if self.levers.changes else 1)

    def replicate(self) -> None:
        """Have the replications simulated that the view asks for, of each arm, and the answer."""
        session = self.session
        if not isinstance(session, Session):
            return
        worlds = {
            arm: [self.run.world(arm, number) for number in range(1, self.replications)]
            for arm in ((BASELINE, POLICY) if self.levers.changes else (BASELINE,))
        }
        self.others.ask(session, worlds)
        self.desk.ask()

    def draw(self, role: str, crossed: bool) -> None:
        """Draw somebody to follow."""
        scene = self.scene()
        if scene is None:
            self.told("press_play")
            return
        person = draw_person(scene.snapshot.arms[BASELINE].record, role, crossed)
        if person is None:
            self.told("nobody")
        else:
            self.follow(person)

    def follow(self, person: int) -> None:
        """Have a person's story replayed, in each arm, up to the month simulated."""
        self.look(person=person)
        self._replay("person", person)

    def watch_institution(self) -> None:
        """Have the story of the institution pointed out replayed."""
        if self.view.value.institution is not None:
            self._replay("institution", self.view.value.institution)

    def _replay(self, kind: str, number: int) -> None:
        scene = self.scene()
        if scene is None:
            return
        self.alerts = {}
        now = scene.snapshot
        months = now.horizon if self.recorded else now.month
        arms = [arm for arm in now.arms if arm in (BASELINE, POLICY)]
        self.stories.ask(kind, number, months, {arm: self.run.world(arm, 0) for arm in arms})
        self.show()

    @property
    def recorded(self) -> bool:
        """Whether the run was recorded."""
        return self.served.folder is not None

    def _step(self) -> bool:
        session = self.session
        if session is None or self.closed:
            return False
        try:
            session.step()
            if isinstance(session, Session):
                self.lever_desk.act(session)
        except Exception:
            LOG.exception("month %d could not be simulated", session.month + 1)
            self.problems = [self.words("month_failed")]
            return False
        return not session.over

    def _publish(self) -> None:
        """Let the month just simulated be seen."""
        session = self.session
        if session is not None and not self.closed:
            session.publish()
        self.show()

    def step(self) -> None:
        """Simulate a month and show it."""
        self.player.pause()
        self._step()
        self.look(back=None)
        self._publish()

    def seek(self, month: int) -> None:
        """Look at a month: of a recorded run any, of a live one those simulated."""
        session = self.session
        if session is None:
            return
        if not session.seek(month):
            self.look(back=None if month >= session.month else max(month, 1))
        self.show()

    def pick(self, mark: str) -> None:
        """Open the institution that was clicked."""
        kind, _, number = mark.partition(":")
        session = self.session
        if session is None or kind != "institution" or not number.isdecimal():
            return
        if int(number) < session.snapshot.places.institutions:
            self.look(institution=int(number), tab="institution")
            self.show()

    def grade(self) -> str:
        """What the effect of the levers rests on, in a word."""
        grade = weakest(self.levers.keys())
        return "" if grade is None else self.words(f"effect_{grade}")

    def named(self, arm: str) -> str:
        """An arm's name, with what its effect rests on."""
        return self.words(arm) if arm == BASELINE else f"{self.words(arm)} ({self.grade()})"

    def play(self) -> None:
        """Play on, or pause."""
        if self.player.playing:
            self.player.pause()
        elif self.session is not None and not self.session.over:
            self.look(back=None)
            self.player.play()
        self.show()

    def reset(self) -> None:
        """Begin anew with the same settings; levers that are on now are on from the start."""
        self.stories.forget()
        if self.recorded:
            self.seek(1)
            return
        self.levers.from_the_start(self.session.month if self.session else 0)
        self.look(month=0, back=None, **self.levers.strip.address())
        self.start()
        self.show()

    def restart(self, asked: Mapping[str, Any]) -> None:
        """Begin anew with other settings, kept within what the page allows.

        Args:
            asked: `seed`, `scale` and `years`, as the page sends them.
        """
        self.alerts, wanted = {}, dict[str, float]()
        for name in ("seed", "scale", "years"):
            value, (low, high) = asked.get(name), MOST[name]
            if isinstance(value, bool) or not isinstance(value, int | float):
                value = None
            # Also refuses "nan", which is not between anything.
            right = value is not None and low <= value <= high
            if value is None or not right or (name != "scale" and value != int(value)):
                self.alerts[name] = self.outside(self.words(name), low, high)
            else:
                wanted[name] = float(value) if name == "scale" else int(value)
        if self.alerts:
            self.show()
        else:
            self.look(**wanted)
            self.reset()

    def watch(self) -> int:
        """Let the component that is being drawn be drawn anew with each frame; its number."""
        return self.frame.value

    def look(self, **changes: Any) -> None:
        """Change what is looked at; the player and the controls may do so at the same time."""
        self.history.note(self.view.value, changes)
        if "tab" in changes:
            self.alerts = {}
        self.view.update(**changes)

    def travel(self, asked: Mapping[str, Any]) -> None:
        """Follow the browser back or forward, to a tab and to a scenario that there still is.

        Args:
            asked: `query`, the address to go to, and `number`, which rises with each such step.
        """
        number, query = asked.get("number"), str(asked.get("query", ""))
        if not isinstance(number, int):
            return
        view, strip = read_address(query)[0], self.levers.strip
        with self.history.resting():
            if view.open in strip.names:
                strip = strip.look_at(view.open)
            if view.against in strip.names:
                strip = strip.compare_with(view.against)
            self.look(tab=view.tab)
            self.desk.put(strip)
            self.history.followed = number
        self.show()

    def choose(self, name: str, value: str | None) -> None:
        """Choose a sector, role, field or region; None takes all."""
        self.look(chosen=replace(self.view.value.chosen, **{name: value}))

    def show(self) -> None:
        """Draw the present state."""
        if self.closed:
            return
        snapshot = self.snapshot
        if snapshot is not None and not self.player.playing:
            self.look(month=snapshot.month)
        self.frame.value = next(self._frames)

    def drawn(self, number: int) -> None:
        """Note that the browser has drawn a picture."""
        if number == self.frame.value:
            self.player.drawn()

    @property
    def query(self) -> str:
        """The address of what is looked at now, with the month that is simulated."""
        view, snapshot = self.view.value, self.snapshot
        return write_address(view if snapshot is None else replace(view, month=snapshot.month))

    def close(self) -> None:
        """Let everything go; called when the visitor has left."""
        self.closed = True
        self.served.visits.discard(self)
        self.player.pause()
        self.others.close()
        self.desk.close()
        self.participants.stop()
        self.stories.forget()
        if self.session is not None:
            self.session.close()
            self.session = None
