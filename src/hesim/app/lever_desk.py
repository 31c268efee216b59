"""Do what a visitor asks of the levers, in the run that is watched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hesim.app.lever_state import OutOfRange
from hesim.app.lever_words import label, lever_heading
from hesim.app.levers import Changes, controls, opposed_levers
from hesim.app.scenarios import ScenarioRefusal
from hesim.app.session import Session
from hesim.config import ConfigErrors

if TYPE_CHECKING:
    from hesim.app.visitor import Visit

PACKAGE = "package"
"""Place of what is wrong with a ready package."""


class LeverDesk:
    """The levers of one visitor's run, as the page changes them.

    Attributes:
        alerts: What could not be done, in words, by the control that asked for it: the key of a
            lever, `lever.dial`, or `package`.
        answered: How many questions were answered; a control that was refused shows again what is.
    """

    def __init__(self, visit: Visit) -> None:
        """Nothing was asked yet."""
        self._visit = visit
        self.alerts: dict[str, str] = {}
        self.answered = 0

    def next_month(self, changes: Changes) -> int:
        """Month from which a change of levers acts: the month to come.

        The page simulates the first month by itself. Until the visitor has let more months pass,
        levers act from that month on, and the run begins anew.

        Args:
            changes: Changes of levers that there are.
        """
        visit = self._visit
        session = visit.session
        month = visit.view.value.month if session is None else session.month
        waits = month > 1 or visit.player.playing or 1 in changes
        return month if waits else 0

    def change(self, asked: dict[str, Any]) -> None:
        """Switch levers or turn a dial, from the month to come.

        Args:
            asked: What the page sends; see `LeverState.asked`.
        """
        visit = self._visit
        if visit.recorded or visit.served.answers is not None:
            return
        self.answered += 1
        self.alerts = {}
        try:
            self._change(asked)
        except OutOfRange as error:
            key, name, low, high = error.args
            told = visit.outside(label(controls()[key], name, visit.words), low, high)
            self.alerts = {f"{key}.{name}": told}
        except ScenarioRefusal as refusal:
            self.alerts = {self._place(asked): visit.words(refusal.key, **refusal.values)}
        except ConfigErrors as error:
            self.alerts = {self._place(asked): " ".join(map(str, error.problems))}
        visit.show()

    def _change(self, asked: dict[str, Any]) -> None:
        visit, levers = self._visit, self._visit.levers
        session = visit.session
        month = self.next_month(levers.changes)
        if month == 0 or not isinstance(session, Session):
            changes = levers.asked(asked, month)
            if changes is None or self._refused(asked, changes):
                return
            levers.levers(month, changes)
            levers.strip = levers.strip.with_changes(changes)
            visit.look(**levers.strip.address(), back=None)
            visit.start()
            return
        # Nothing is drawn while the lock is held: whoever draws may wait for what this thread has.
        with session.lock:
            changes = levers.asked(asked, session.month)
            if changes is None or self._refused(asked, changes):
                return
            self._take(session, changes)
        visit.look(**levers.strip.address(), back=None)
        visit.replicate()

    def _refused(self, asked: dict[str, Any], changes: Changes) -> bool:
        """Whether some levers would contradict each other; that is told at what was asked."""
        words = self._visit.words
        pairs = {pair for chosen in changes.values() for pair in opposed_levers(chosen)}
        told = [
            words("levers_oppose", one=lever_heading(one, words), other=lever_heading(other, words))
            for one, other in sorted(pairs)
        ]
        if told:
            self.alerts = {self._place(asked): " ".join(told)}
        return bool(told)

    def _place(self, asked: dict[str, Any]) -> str:
        """The control that asked."""
        return PACKAGE if PACKAGE in asked else str(asked.get("key"))

    def _take(self, session: Session, changes: Changes) -> None:
        """Take other levers over from the month to come."""
        levers = self._visit.levers
        strip = levers.strip.with_changes(changes)
        session.set_levers(levers.levers(session.month, changes))
        session.changes = {month for month in session.changes if month in changes}
        levers.strip = strip
        session.publish()

    def act(self, session: Session) -> None:
        """Let the levers change that are due in the session's month."""
        visit, levers = self._visit, self._visit.levers
        with session.lock:
            month = session.month
            if month not in levers.changes or month in session.changes:
                return
            try:
                session.set_levers(levers.levers(month))
            except ConfigErrors as error:
                visit.problems = [*visit.problems, str(error)]
                levers.cut(month)
                visit.look(**levers.strip.address())
