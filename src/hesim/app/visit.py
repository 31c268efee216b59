"""Hold everything of one visitor: the view, the run, the player; and do what the controls ask."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import solara

from hesim.app.address import MOST, View, read, write
from hesim.app.player import Player
from hesim.app.recording import Recording
from hesim.app.served import Served
from hesim.app.session import BASELINE, Session
from hesim.app.words import Words, speak


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
        self.closed = False
        self.places_on_map: Any = None
        self.start()

    @property
    def words(self) -> Words:
        """The visitor's language."""
        return speak(self.view.value.language)

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
        threading.Thread(target=self._start, daemon=True).start()

    def _start(self) -> None:
        wanted = self.view.value
        try:
            session = self._open(wanted)
        except Exception as error:  # noqa: BLE001 - whatever went wrong is told on the page
            self.problems.append(f"{type(error).__name__}: {error}")
            self.show()
            return
        if self.closed:
            session.close()
            return
        self.session = session
        self.look(month=session.month)
        self.show()

    def _open(self, wanted: View) -> Session | Recording:
        if self.served.folder is not None:
            recording = self.served.recording()
            if wanted.month:
                recording.seek(wanted.month)
            return recording
        session = self.served.session(self._settings(wanted))
        while session.month < min(wanted.month, session.horizon) and not self.closed:
            session.step()
        return session

    def _settings(self, view: View) -> Any:
        own = self.served.settings
        wanted = {"seed": view.seed, "population.scale": view.scale, "years": view.years}
        given = {key: value for key, value in wanted.items() if value not in (None, own[key])}
        if not given:
            return own
        from hesim.config import compose

        return compose(self.served.overrides, self.served.config, given)

    def _step(self) -> bool:
        session = self.session
        if session is None or self.closed:
            return False
        session.step()
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
        return self.words("assumed_effect")

    def play(self) -> None:
        """Play on, or pause."""
        if self.player.playing:
            self.player.pause()
        elif self.session is not None and not self.session.over:
            self.look(back=None)
            self.player.play()
        self.show()

    def reset(self) -> None:
        """Begin anew with the same settings."""
        self.look(month=0, back=None)
        self.start()
        self.show()

    def restart(self, seed: int, scale: float, years: int) -> None:
        """Begin anew with other settings, kept within what the page allows."""
        wanted = {"seed": seed, "scale": scale, "years": years}
        wrong = [k for k, x in wanted.items() if not MOST[k][0] <= x <= MOST[k][1]]
        self.problems = [
            self.words(
                "out_of_range", name=self.words(k), low=f"{MOST[k][0]:g}", high=f"{MOST[k][1]:g}"
            )
            for k in wrong
        ]
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
        self.player.pause()
        if self.session is not None:
            self.session.close()
            self.session = None


Handler = Callable[[Any], None]
