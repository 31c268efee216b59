"""Plan a run: a study of one point, in as many arms as its levers make of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hesim.levers.arms import BASELINE, arms_of
from hesim.study.arms import LEVERS, Arm
from hesim.study.points import CENTRAL, DesignRow, Point, StudyPlan, canonical, point_id

if TYPE_CHECKING:
    from hesim.config import Settings


def plan_run(settings: Settings) -> StudyPlan:
    """Plan the arms of a run side by side; nothing else varies.

    Args:
        settings: The composed config, with the levers of the policy.
    """
    levers = settings.mapping(LEVERS)
    arms, points, rows = [], [], []
    for number, (name, values) in enumerate(arms_of(settings).items()):
        chosen = {} if name == BASELINE else dict(levers)
        arms.append(Arm(name, tuple(chosen), chosen))
        identity = point_id(canonical(chosen), values)
        points.append(Point(number, identity, name, tuple(values.items())))
        rows.append(DesignRow(name, CENTRAL, 0, -1, number, 0))
    plain = settings.with_values({LEVERS: {}})
    return StudyPlan(plain, arms, [], [{}], points, rows, settings.integer("replications"))


def run_name(plan: StudyPlan, number: int) -> str:
    """Name one of a run's worlds: its replication, and its arm where there is more than one."""
    replication, place = divmod(number, len(plan.points))
    return str(replication) if len(plan.points) == 1 else f"{replication} {plan.points[place].arm}"
