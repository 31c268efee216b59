"""Hold a run as it stood at the end of a month: what all pictures are drawn from.

Whoever steps the run takes the snapshot and publishes it by one assignment. Nothing in it changes
afterwards, so a picture shows one month even while the run goes on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from hesim.app.outcomes import OutcomeFollower
from hesim.charts.level import Level
from hesim.record.places import Places
from hesim.record.reader import Record


@dataclass(frozen=True, eq=False)
class ArmRecord:
    """One replication of one arm: its record, and what is computed from it."""

    record: Record
    follower: OutcomeFollower


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A run at the end of a month.

    Attributes:
        places: Employers.
        scale: `population.scale`.
        horizon: Months that the run has in all.
        month: Months simulated, or looked at in a recorded run.
        arms: By name, the replication that is watched; `policy` is there once a lever is on.
        others: By name, further replications, whole.
        changes: Months in which the levers were changed, in order.
        summaries: By arm, outcomes by calendar year over all replications, at full scale: of a
            recorded run, where no table holds them by replication.
        participants: Of a live run, for each lever that was ever on, the month in which each
            participant first took part in the run that is watched, int16, in order.
        begun: Names of the levers that begin in a month, by month.
    """

    places: Places
    scale: float
    horizon: int
    month: int
    arms: Mapping[str, ArmRecord]
    others: Mapping[str, tuple[ArmRecord, ...]]
    changes: tuple[int, ...]
    summaries: Mapping[str, Mapping[str, Level]] = field(default_factory=dict)
    participants: Mapping[str, NDArray[np.int16]] = field(default_factory=dict)
    begun: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    @property
    def over(self) -> bool:
        """Whether the last month has been simulated."""
        return self.month >= self.horizon

    def all(self, arm: str) -> list[ArmRecord]:
        """The replication that is watched, then the others."""
        return [self.arms[arm], *self.others.get(arm, ())]
