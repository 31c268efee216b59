"""Hold one visitor's live run: baseline and policy side by side, stepped, reset and freed."""

from __future__ import annotations

import copy
import threading
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from hesim.app.outcomes import Memory, OutcomeFollower
from hesim.app.snapshot import ArmRecord, Snapshot
from hesim.levers.arms import BASELINE, POLICY
from hesim.record.live import Logbook
from hesim.record.places import Places, read_places

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from hesim.config import Settings
    from hesim.levers.attendance import Attendance
    from hesim.levers.lever import Lever
    from hesim.model.higher_education import HigherEducation
    from hesim.tables import ReportTables


def newborn(settings: Settings, tables: ReportTables, replication: int = 0) -> HigherEducation:
    """A world at the beginning of its first recorded month; no levers act in it yet."""
    from hesim.execution.simulate import Unwatched, pass_months
    from hesim.model.higher_education import HigherEducation

    # Levers come by `act`, in the month in which they are switched on.
    model = HigherEducation(settings.with_values({"levers": {}}), tables, replication)
    pass_months(model, Unwatched(), 0)
    return model


def act(model: HigherEducation, levers: tuple[Lever, ...]) -> None:
    """Let a model have these levers from its next month on; what has begun runs on."""
    from hesim.levers.lever import switched_off
    from hesim.levers.policy import Levers

    if isinstance(model.policy, Levers):
        model.policy.change(levers)
    else:
        model.policy = Levers(levers, frozenset(switched_off(model.settings)))


def attendance_of(model: HigherEducation) -> Attendance:
    """Who takes part in the levers of a model that has some."""
    from hesim.levers.policy import Levers

    assert isinstance(model.policy, Levers)
    return model.policy.attendance


class Session:
    """One visitor's run.

    The policy arm is a copy of the baseline made in the month when levers first differ: both have
    the same keys, so they differ only in what the levers touch.

    The models belong to whoever holds the lock. All others look at the snapshot.

    Attributes:
        settings: Composed settings without levers.
        places: Employers.
        scale: `population.scale`.
        horizon: Months that the run has in all.
        books: By arm, the logbook of its model.
        changes: Months in which the levers were changed.
        snapshot: The run as it stood when it was last published.
        lock: Held while the models are stepped or changed.
    """

    def __init__(
        self, settings: Settings, tables: ReportTables, ready: HigherEducation | None = None
    ) -> None:
        """Build the model and let the burn-in pass, unless one that is ready is given."""
        self.settings, self.tables = settings.with_values({"levers": {}}), tables
        self.places: Places = read_places(tables)
        self.lock = threading.RLock()
        self.changes: set[int] = set()
        self.scale = settings.number("population.scale")
        self.horizon = 12 * settings.integer("years")
        self.books = {BASELINE: Logbook(ready or newborn(settings, tables))}
        self._memories = {BASELINE: Memory()}
        # Further replications arrive while a month is simulated, and need not wait for its end.
        self._pen = threading.Lock()
        self._closed = False
        # Levers that were ever on; who took part in one stays a participant when it is off.
        self._tried: set[str] = set()
        self._begun: dict[int, tuple[str, ...]] = {}
        self.snapshot = Snapshot(self.places, self.scale, self.horizon, 0, {}, {}, ())
        self.publish()

    @property
    def month(self) -> int:
        """Months simulated after the burn-in; the snapshot may be of an earlier month."""
        book = self.books.get(BASELINE)
        return self.horizon if book is None else book.months

    @property
    def over(self) -> bool:
        """Whether the last month has been simulated."""
        return self.month >= self.horizon

    def model(self, arm: str) -> HigherEducation:
        """The model of an arm, for whoever holds the lock."""
        return self.books[arm].model

    def step(self) -> None:
        """Simulate a month in each arm, unless the run is over; `publish` makes it visible."""
        from hesim.execution.simulate import pass_months

        with self.lock:
            if self.over:
                return
            for book in self.books.values():
                pass_months(book.model, book, book.model.month + 1)

    def publish(self) -> None:
        """Take a snapshot of the run as it stands now."""
        with self.lock:
            if self._closed:
                return
            arms = {}
            for name, book in self.books.items():
                record = book.record()
                arms[name] = ArmRecord(
                    record, OutcomeFollower(record, self.places, self._memories[name])
                )
            changes, taken = tuple(sorted(self.changes)), self._participants()
            with self._pen:
                self.snapshot = replace(
                    self.snapshot,
                    month=self.month,
                    arms=arms,
                    changes=changes,
                    participants=taken,
                    begun=self._begun,
                )

    def set_levers(self, levers: tuple[Lever, ...]) -> None:
        """Let the policy arm have these levers from the next month on.

        Args:
            levers: Checked levers; none takes all away.
        """
        with self.lock:
            if POLICY not in self.books:
                if not levers:
                    return
                base = self.books[BASELINE]
                book = Logbook(copy.deepcopy(base.model))
                book.follow(base)
                self.books[POLICY], self._memories[POLICY] = book, Memory()
            act(self.model(POLICY), levers)
            attendance_of(self.model(POLICY)).asked = True
            before = {at: keys for at, keys in self._begun.items() if at < self.month}
            known = {key for keys in before.values() for key in keys}
            new = tuple(lever.key for lever in levers if lever.key not in known)
            self._begun = {**before, self.month: new} if new else before
            self._tried.update(lever.key for lever in levers)
            self.changes.add(self.month)

    def _participants(self) -> dict[str, NDArray[np.int16]]:
        """When each participant first took part, by lever that was ever on."""
        if POLICY not in self.books:
            return {}
        attendance = attendance_of(self.model(POLICY))
        return {key: attendance.of(key).month for key in sorted(self._tried)}

    def set_others(self, others: Mapping[str, Iterable[ArmRecord]]) -> None:
        """Show these further replications, by arm."""
        whole = {arm: tuple(many) for arm, many in others.items()}
        with self._pen:
            if not self._closed:
                self.snapshot = replace(self.snapshot, others=whole)

    def seek(self, month: int) -> bool:
        """A live run cannot go back: what was recorded is looked back at."""
        return False

    def close(self) -> None:
        """Let the models go."""
        with self.lock, self._pen:
            self._closed = True
            self.books.clear()
            self.snapshot = replace(self.snapshot, arms={}, others={})
