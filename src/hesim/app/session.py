"""Hold one visitor's live run: baseline and policy side by side, stepped, reset and freed."""

from __future__ import annotations

import copy
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hesim.app.live import LiveRecord
from hesim.app.outcomes import Follower
from hesim.app.places import Places, read_places
from hesim.app.records import Record

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.levers.lever import Lever
    from hesim.model.higher_education import HigherEducation
    from hesim.tables import ReportTables

BASELINE, POLICY = "baseline", "policy"


@dataclass
class Arm:
    """One replication of one arm: its record, and what is computed from it."""

    record: Record
    follower: Follower


def model_of(arm: Arm) -> HigherEducation:
    """The model of an arm that runs."""
    assert isinstance(arm.record, LiveRecord)
    return arm.record.model


def act(model: HigherEducation, levers: tuple[Lever, ...]) -> None:
    """Let a model have these levers from its next month on; what has begun runs on."""
    from hesim.levers.policy import Levers

    if isinstance(model.policy, Levers):
        model.policy.change(levers)
    else:
        model.policy = Levers(levers)


class Session:
    """One visitor's run.

    The policy arm is a copy of the baseline made in the month when levers first differ: both have
    the same keys, so they differ only in what the levers touch.

    Attributes:
        settings: Composed settings without levers.
        places: Employers.
        arms: By name, the one that is watched; `policy` is there once a lever is on.
        others: By name, further replications, whole.
        changes: Months in which the levers were changed.
    """

    def __init__(
        self, settings: Settings, tables: ReportTables, ready: HigherEducation | None = None
    ) -> None:
        """Build the model and let the burn-in pass, unless one that is ready is given."""
        self.settings, self.tables = settings, tables
        self.places: Places = read_places(tables)
        self.lock = threading.RLock()
        self.changes: set[int] = set()
        self.others: dict[str, list[Arm]] = {}
        self.arms = {BASELINE: self._arm(ready or self._build())}
        self.scale = settings.number("population.scale")
        self.horizon = 12 * settings.integer("years")

    def _build(self) -> HigherEducation:
        from hesim.model.higher_education import HigherEducation

        model = HigherEducation(self.settings, self.tables)
        while model.month < 0:
            model.step()
        return model

    def _arm(self, model: HigherEducation) -> Arm:
        record = LiveRecord(model)
        return Arm(record, Follower(record, self.places))

    @property
    def month(self) -> int:
        """Months simulated after the burn-in."""
        return self.arms[BASELINE].record.months

    @property
    def over(self) -> bool:
        """Whether the last month has been simulated."""
        return self.month >= self.horizon

    def step(self) -> None:
        """Simulate a month in each arm, unless the run is over."""
        with self.lock:
            if self.over:
                return
            for arm in self.arms.values():
                record = arm.record
                assert isinstance(record, LiveRecord)
                record.model.step()
                record.after_month()

    def set_levers(self, levers: tuple[Lever, ...]) -> None:
        """Let the policy arm have these levers from the next month on.

        Args:
            levers: Checked levers; none takes all away.
        """
        with self.lock:
            if POLICY not in self.arms:
                if not levers:
                    return
                base = self.arms[BASELINE].record
                assert isinstance(base, LiveRecord)
                record = LiveRecord(copy.deepcopy(base.model))
                record.follow(base)
                self.arms[POLICY] = Arm(record, Follower(record, self.places))
            act(model_of(self.arms[POLICY]), levers)
            self.changes.add(self.month)

    def all(self, arm: str) -> list[Arm]:
        """The replication that is watched, then the others."""
        return [self.arms[arm], *self.others.get(arm, [])]

    def seek(self, month: int) -> bool:
        """A live run cannot go back: what was recorded is looked back at."""
        return False

    def close(self) -> None:
        """Let the models go."""
        with self.lock:
            self.arms.clear()
            self.others.clear()
