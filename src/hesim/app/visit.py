"""Hold everything of one visitor: the view, the run, the player; and do what the controls ask."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from typing import Any

import numpy as np
import solara

from hesim.app.address import MOST, View, read, write
from hesim.app.config_file import text
from hesim.app.kept import KeptRecord
from hesim.app.lever_state import LeverState, OutOfRange
from hesim.app.lever_words import label
from hesim.app.levers import Changes, composed, controls, weakest
from hesim.app.others import Others
from hesim.app.player import Player
from hesim.app.recording import Recording
from hesim.app.served import Served
from hesim.app.session import BASELINE, POLICY, Session
from hesim.app.stories import Stories, draw_person
from hesim.app.words import Words, speak
from hesim.app.worker import World
from hesim.config import ConfigErrors, Settings, compose


class Visit:
    """One visitor.

    Attributes:
        served: What the server shows.
        view: What the visitor looks at (reactive).
        frame: Number of the picture sent; raised whenever something is to be drawn (reactive).
        session: The live run, None while it is built.
        problems: What was wrong with the address or the settings, as lines.
    """

    def __init__(self, served: Served, query: str) -> None:
        """Begin with the view that an address holds."""
        self.served = served
        view, wrong = read(query)
        self.view: solara.Reactive[View] = solara.reactive(view)
        self.frame: solara.Reactive[int] = solara.reactive(0)
        self.problems: list[str] = []
        if wrong:
            self.problems.append(self.words("bad_address", parts=", ".join(wrong)))
        self.session: Session | Recording | None = None
        self.player = Player(self._step, self.show)
        self.others = Others(served.workers, self.show)
        self.stories = Stories(served.workers, self.show)
        self.levers = LeverState(served, self._extra, view.levers)
        if self.levers.unknown:
            self.problems.append(self.words("bad_levers", parts=", ".join(self.levers.unknown)))
        self._turn = 0
        self.closed = False
        served.visits.add(self)
        self.places_on_map: Any = None
        self.start()

    @property
    def words(self) -> Words:
        """The visitor's language."""
        return speak(self.view.value.language)

    def calibration(self) -> str:
        """Whether the settings were calibrated, in words."""
        name = self.served.settings.text("calibration")
        return self.words("uncalibrated") if name == "none" else self.words("calibrated", name=name)

    @property
    def first(self) -> str:
        """First recorded month, as `2011-01`."""
        return self.served.settings.text("start")

    @property
    def month(self) -> int:
        """The month looked at, counted in months recorded up to its end."""
        now = self.session.month if self.session else 0
        back = self.view.value.back
        return now if back is None else max(1, min(back, now)) if now else 0

    def start(self) -> None:
        """Build the run of the view and simulate up to the view's month, in a thread."""
        self.player.pause()
        self.session = None
        self.places_on_map = None
        if self.served.answers is not None:
            return
        self._turn += 1
        threading.Thread(target=self._start, args=(self._turn,), daemon=True).start()

    def _start(self, turn: int) -> None:
        wanted = self.view.value
        try:
            session = self._open(wanted, turn)
        except Exception as error:  # noqa: BLE001 - whatever went wrong is told on the page
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
            if wanted.month:
                recording.seek(wanted.month)
            return recording
        settings = self._settings()
        session = self.served.session(settings)
        # The first month at once: before it there is nothing to be seen.
        until = max(1, min(wanted.month, session.horizon))
        while not self.closed and turn == self._turn:
            self._act(session)
            if session.month >= until:
                break
            session.step()
        return session

    def _act(self, session: Session) -> None:
        """Let the levers change that are due in the session's month."""
        if session.month in self.levers.changes and session.month not in session.changes:
            try:
                session.set_levers(self.levers.levers(session.month))
            except ConfigErrors as error:
                self.problems.append(str(error))
                self.levers.cut(session.month)

    def change_lever(self, asked: dict[str, Any]) -> None:
        """Switch levers or turn a dial: from the month to come.

        Args:
            asked: What the page sends; see `LeverState.asked`.
        """
        session = self.session
        if not isinstance(session, Session):
            return
        with session.lock:
            try:
                changes = self.levers.asked(asked, session.month)
                if changes is not None:
                    self._take(session, changes)
            except OutOfRange as error:
                key, name, low, high = error.args
                self.problems = [self._outside(label(controls()[key], name, self.words), low, high)]
                self.show()
                return
            except ConfigErrors as error:
                self.problems = [str(problem) for problem in error.problems]
        self.replicate()
        self.show()

    def _outside(self, name: str, low: float, high: float) -> str:
        """Words on something outside its range."""
        written = self.words.written
        return self.words("out_of_range", name=name, low=written(low), high=written(high))

    def _take(self, session: Session, changes: Changes) -> None:
        """Take other levers over from the month to come."""
        session.set_levers(self.levers.levers(session.month, changes))
        session.changes = {month for month in session.changes if month in changes}
        self.problems = []
        self.levers.changes = dict(changes)
        self.look(levers=self.levers.address(), back=None)

    def want(self, replications: int) -> None:
        """Ask for so many replications."""
        self.look(replications=replications)
        self.replicate()
        self.show()

    def config(self) -> str:
        """The settings of the run as a file that `hesim run --config` takes."""
        words = self.levers.words(self.session.month if self.session else 0)
        extra = {**self.served.extra, **self._extra()}
        settings, levers = composed(self.served.overrides, self.served.config, extra, words)
        return text(settings, [lever.key for lever in levers])

    def learn(self) -> None:
        """Let a recorded run have what a replay of it found and no table of its folder holds."""
        for arm, found in self.stories.learned.items():
            one = self.session.arms.get(arm) if self.session else None
            if one is not None and isinstance(one.record, KeptRecord):
                one.record.margins |= found.margins

    def told(self, key: str, **values: object) -> None:
        """Say on the page that something cannot be."""
        self.problems = [self.words(key, **values)]
        self.show()

    def replicate(self) -> None:
        """Have the replications simulated that the view asks for, of each arm."""
        session = self.session
        if not isinstance(session, Session):
            return
        worlds = {
            arm: [self.world(arm, number) for number in range(1, self.view.value.replications)]
            for arm in ((BASELINE, POLICY) if self.levers.changes else (BASELINE,))
        }
        self.others.ask(session, worlds)

    def world(self, arm: str, replication: int) -> World:
        """What a replication of an arm is made from."""
        extra = json.dumps({**self.served.extra, **self._extra()}, sort_keys=True)
        given = self.served.overrides, self.served.config, extra
        return World(*given, self.levers.dated() if arm == POLICY else (), replication)

    def draw(self, role: str, crossed: bool) -> None:
        """Draw somebody to follow."""
        session = self.session
        if session is None or session.month == 0:
            self.told("press_play")
            return
        person = draw_person(session.arms[BASELINE].record, role, crossed)
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
        session = self.session
        if session is None or session.month == 0:
            return
        months = session.horizon if self.recorded else session.month
        arms = [arm for arm in session.arms if arm in (BASELINE, POLICY)]
        self.stories.ask(kind, number, months, {arm: self.world(arm, 0) for arm in arms})
        self.show()

    @property
    def recorded(self) -> bool:
        """Whether the run was recorded."""
        return self.served.folder is not None

    def _extra(self) -> dict[str, object]:
        """Settings of the view that differ from the server's."""
        own, view = self.served.settings, self.view.value
        wanted = {"seed": view.seed, "population.scale": view.scale, "years": view.years}
        return {key: value for key, value in wanted.items() if value not in (None, own[key])}

    def _settings(self) -> Settings:
        extra = self._extra()
        if not extra:
            return self.served.settings
        return compose(self.served.overrides, self.served.config, extra)

    def _step(self) -> bool:
        session = self.session
        if session is None or self.closed:
            return False
        session.step()
        if isinstance(session, Session):
            self._act(session)
        return not session.over

    def step(self) -> None:
        """Simulate a month and show it."""
        self.player.pause()
        self._step()
        self.look(back=None)
        self.show()

    def seek(self, month: int) -> None:
        """Look at a month: of a recorded run any, of a live one those simulated."""
        session = self.session
        if session is None:
            return
        if not session.seek(month):
            self.look(back=None if month >= session.month else max(month, 1))
        self.show()

    def pick(self, mark: str) -> None:
        """Point out the institution that was clicked."""
        kind, _, number = mark.partition(":")
        session = self.session
        if session is None or kind != "institution" or not number.isdecimal():
            return
        if int(number) < session.places.institutions:
            self.look(institution=int(number))
            self.show()

    def reported(self, name: str) -> tuple[float, float, str] | None:
        """The report's figure beside an outcome: lowest, highest, and a word on it."""
        return self.served.reported(name, self.words)

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
        now = self.levers.on(self.session.month if self.session else 0)
        self.levers.changes = {0: now} if now else {}
        self.look(month=0, back=None, levers=self.levers.address())
        self.start()
        self.show()

    def restart(self, seed: int, scale: float, years: int) -> None:
        """Begin anew with other settings, kept within what the page allows."""
        wanted = {"seed": seed, "scale": scale, "years": years}
        wrong = [k for k, x in wanted.items() if not MOST[k][0] <= x <= MOST[k][1]]
        self.problems = [self._outside(self.words(k), *MOST[k]) for k in wrong]
        if not wrong:
            self.look(**wanted)
            self.reset()
        else:
            self.show()

    def watch(self) -> int:
        """Let the component that is being drawn be drawn anew with each frame; its number."""
        return self.frame.value

    def look(self, **changes: Any) -> None:
        """Change what is looked at."""
        self.view.value = replace(self.view.value, **changes)

    def choose(self, name: str, value: str | None) -> None:
        """Choose a sector, role, field or region; None takes all."""
        self.look(chosen=replace(self.view.value.chosen, **{name: value}))

    def show(self) -> None:
        """Draw the present state."""
        if self.closed:
            return
        session = self.session
        if session is not None and not self.player.playing:
            self.look(month=session.month)
        self.frame.value += 1

    def drawn(self, number: int) -> None:
        """Note that the browser has drawn a picture."""
        if number == self.frame.value:
            self.player.drawn()

    @property
    def query(self) -> str:
        """The address of what is looked at now."""
        return write(self.view.value)

    def period(self) -> tuple[int, int]:
        """First month of the flows shown, and the month after the last."""
        stop = self.month
        length = {"1": 1, "12": 12, "all": stop}[self.view.value.period]
        return max(0, stop - length), stop

    def spread(self) -> Any:
        """Where the circles of the map stand: by the staff of the first month, so they stay."""
        if self.places_on_map is None and self.session is not None and self.session.month:
            from hesim.app.measures import staff_by_institution
            from hesim.app.pictures.netherlands import radii, spread
            from hesim.app.selection import Selection

            record = self.session.arms[BASELINE].record
            places = self.session.places
            staff = staff_by_institution(record, places, Selection(), 0)
            size = radii(np.asarray(staff), self.session.scale)
            self.places_on_map = spread(places.lon, places.lat, size)
        return self.places_on_map

    def close(self) -> None:
        """Let everything go; called when the visitor has left."""
        self.closed = True
        self.served.visits.discard(self)
        self.player.pause()
        self.others.close()
        self.stories.forget()
        if self.session is not None:
            self.session.close()
            self.session = None
