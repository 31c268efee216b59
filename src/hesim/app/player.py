"""Play a run at a chosen speed, a few pictures a second, and never ahead of the browser."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

FRAME = 0.1
"""Seconds from one picture to the next while playing."""
PATIENCE = 1.5
"""Seconds to wait for the browser to have drawn a picture."""
SPEEDS = (1, 2, 5, 10, 0)
"""Months a second; 0 is as fast as it goes."""


class Player:
    """Steps a run in a thread of its own.

    Attributes:
        playing: Whether it plays.
        speed: Months a second; 0 is as fast as it goes.
    """

    def __init__(self, step: Callable[[], bool], show: Callable[[], None]) -> None:
        """Prepare to play.

        Args:
            step: Simulates a month; False when there is none left.
            show: Draws the present state.
        """
        self._step, self._show = step, show
        self.playing = False
        self.speed = 10
        self._drawn = threading.Event()
        self._turn = 0

    def play(self) -> None:
        """Begin to play."""
        if not self.playing:
            self.playing = True
            self._turn += 1
            threading.Thread(target=self._run, args=(self._turn,), daemon=True).start()

    def pause(self) -> None:
        """Stop after the month at hand."""
        self.playing = False

    def drawn(self) -> None:
        """Note that the browser has drawn the last picture sent."""
        self._drawn.set()

    def _goes_on(self, turn: int) -> bool:
        """Whether nobody has paused, or begun another turn."""
        return self.playing and turn == self._turn

    def _run(self, turn: int) -> None:
        more, due = True, time.perf_counter()
        while more and self._goes_on(turn):
            until = time.perf_counter() + FRAME
            while more and self._goes_on(turn):
                more = self._step()
                if self.speed:
                    due = max(due, time.perf_counter() - FRAME) + 1.0 / self.speed
                    time.sleep(max(0.0, min(due - time.perf_counter(), 1.0)))
                if time.perf_counter() >= until:
                    break
            if turn != self._turn:
                return
            if not more:
                self.playing = False
            self._drawn.clear()
            self._show()
            self._drawn.wait(PATIENCE)
