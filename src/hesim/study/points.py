"""What a study or a run is to run: points, each with an id made from its content, and a design."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hesim.study import observation
from hesim.study.branches import Branch, Branches, Close, Work, outcomes_of

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.study.arms import Arm
    from hesim.study.design import World
    from hesim.study.uncertainty import Uncertainty

CENTRAL = "central"
"""Name of the scenario in which nothing structural is changed."""


@dataclass(frozen=True)
class Point:
    """Settings that are run, once for each replication.

    Attributes:
        number: Position in the plan, from 0.
        id: Twelve hexadecimal digits of the hash of levers and values.
        arm: Name of the arm.
        values: Settings that differ from the study's, by path; where it asks several structures,
            the name of the point's own, and what differs from that.
    """

    number: int
    id: str
    arm: str
    values: tuple[tuple[str, object], ...]


@dataclass(frozen=True)
class DesignRow:
    """A cell of the design: an arm in a world, with the point that answers it.

    Attributes:
        arm: Name of the arm.
        scenario: Name of the structural scenario.
        world: Number of the combination of uncertain values, from 0.
        draw: Number of the draw of the calibrated ensemble; -1 is the calibrated point.
        point: Number of its point.
        baseline: Number of the point without levers in the same world.
        structure: Name of the structure; empty in a study that asks none by name.
    """

    arm: str
    scenario: str
    world: int
    draw: int
    point: int
    baseline: int
    structure: str = ""


@dataclass(frozen=True)
class StudyPlan:
    """What a study will run.

    Attributes:
        settings: The composed config without levers.
        arms: Baseline first.
        uncertainties: What varies.
        worlds: Values by path of each world.
        points: Without doubles, baselines first.
        rows: The whole design.
        replications: Of each point.
        structures: Settings of each structure that is asked, by name; those above are the first's.
        effort: Rows of effort.csv, where arms were scaled to equal effort.
    """

    settings: Settings
    arms: list[Arm]
    uncertainties: list[Uncertainty]
    worlds: list[World]
    points: list[Point]
    rows: list[DesignRow]
    replications: int
    structures: Mapping[str, Settings] = field(default_factory=dict)
    effort: tuple[Mapping[str, Any], ...] = ()

    @property
    def runs(self) -> int:
        """Runs that are planned from the start."""
        return len(self.points) * self.replications

    @property
    def each(self) -> dict[str, Settings]:
        """Settings of each structure; those of the study by an empty name where it asks none."""
        return dict(self.structures) or {"": self.settings}

    def branches(self, work: Work | None = None, close: Close = outcomes_of) -> Branches:
        """What simulates the runs of this plan.

        Args:
            work: What simulates a run; None is the model, of which outcomes by year are read off.
            close: What becomes of that.
        """
        arms = {arm.name: arm.settings for arm in self.arms}
        return Branches(
            self.settings,
            arms,
            work or observation.replication_outcomes,
            close,
            compiled=work is None,
            structures=dict(self.structures),
        )

    def branch(self, number: int) -> Branch:
        """The run of a number: replications interleave, so a stopped study is balanced."""
        replication, place = divmod(number, len(self.points))
        point = self.points[place]
        return Branch(point.arm, point.values, replication)

    def digest(self) -> str:
        """Hash of the points and of the design."""
        rows = [[*vars(row).values()][: None if self.structures else -1] for row in self.rows]
        body = [[p.id for p in self.points], rows]
        return hashlib.sha256(json.dumps(body).encode()).hexdigest()


def canonical(value: object) -> str:
    """A value as text, the same whatever the order of its keys."""
    return json.dumps(value, sort_keys=True, default=str)


def point_id(levers: str, values: World) -> str:
    """Id of a point: of its levers, as canonical text, and of the values that it has otherwise."""
    text = f"{levers}\n{canonical(values)}"
    return hashlib.sha256(text.encode()).hexdigest()[:12]
