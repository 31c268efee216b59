"""Run the pilots that tell what arms spend, and give a plan the shares that they lead to.

Pilots have the study's seed, years and engine, and the shares of all arms are found before its
first run. What costs are counted by is divided by the scale, so a small population is enough.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hesim.execution.engines.choice import make_engine
from hesim.execution.engines.engine import Engine, EngineFailed
from hesim.execution.task import OK, Report
from hesim.study.arms import years_of_means
from hesim.study.dispatch import conduct
from hesim.study.effort import MEASURES, REPLICATIONS, Effort, pilot_settings, scaling_of
from hesim.study.plan import plan_settings
from hesim.study.points import CENTRAL, DesignRow, Point, StudyPlan, canonical, point_id
from hesim.study.progress import StudyProgress
from hesim.study.share_search import Floats, Trial, at_equal_effort
from hesim.study.study_outputs import StudyStopped

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.study.branches import Work

Say = Callable[[str], None]


@dataclass
class PilotOutputs:
    """What comes back of pilots, in memory.

    Attributes:
        measure: The outcome that says what an arm spends.
        states: Status of the runs that have ended, by number.
        values: That outcome by year, by number of the run.
    """

    measure: str
    states: dict[int, str] = field(default_factory=dict)
    values: dict[int, NDArray[np.float64]] = field(default_factory=dict)

    def add(self, report: Report) -> None:
        """Take what a run spends.

        Raises:
            StudyStopped: it failed, or says nothing of what levers spend.
        """
        self.states[report.number] = report.status
        if report.status != OK:
            last = (report.error.strip().splitlines() or [report.status])[-1]
            raise StudyStopped(f"a pilot run failed, so no shares can be found: {last}")
        if self.measure not in report.made.names:
            raise StudyStopped(f"a pilot run does not tell {self.measure}")
        self.values[report.number] = report.made.values[report.made.names.index(self.measure)]

    def flush(self) -> None:
        """Nothing goes to disk."""

    def settle(self) -> None:
        """Nothing is left to do."""

    def end(self, status: str) -> None:
        """Nothing is noted."""

    def stop(self, error: EngineFailed | OSError) -> None:
        """Hand the error on."""
        raise error


def plan_at_equal_effort(
    plan: StudyPlan,
    effort: Effort,
    files: Mapping[str, bytes],
    work: Work | None,
    say: Say,
    show: bool,
) -> StudyPlan:
    """Find the shares at which all arms spend the same, and plan the study with them.

    They are found at the settings of the study, of the first structure where it asks several, with
    dials as typed and the calibrated point. All worlds, draws and structures then have them.

    Args:
        plan: The study with its usual shares.
        effort: What each arm may spend.
        files: The user's own tables by name.
        work: What simulates; None is the model.
        say: Prints a line.
        show: Whether to show progress.

    Raises:
        StudyStopped: a pilot run failed.
        EngineFailed: the engine is gone.
    """
    settings = pilot_settings(plan.settings)
    procedure = replace(plan.branches(work), settings=settings, structures={})
    with closing(make_engine(settings, procedure, files)) as engine:

        def pilots(trials: Sequence[Trial]) -> dict[Trial, Floats]:
            return _run_trials(plan, settings, effort, trials, engine, say, show)

        found = at_equal_effort(plan.arms, effort, pilots, settings.number("population.scale"))
    arms = [plan.arms[0], *(each.arm for each in found)]
    made = plan_settings(plan.settings, arms, plan.structures)
    return replace(made, effort=tuple(row for each in found for row in each.rows))


def _run_trials(
    plan: StudyPlan,
    settings: Settings,
    effort: Effort,
    trials: Sequence[Trial],
    engine: Engine,
    say: Say,
    show: bool,
) -> dict[Trial, Floats]:
    """Run each trial; give what it spends in the years over which the study takes means."""
    arms = {arm.name: arm for arm in plan.arms}
    points = []
    for number, trial in enumerate(trials):
        values = scaling_of(arms[trial.arm], effort.unit).values(trial.factor)
        identity = point_id(canonical(arms[trial.arm].settings), values)
        points.append(Point(number, identity, trial.arm, tuple(values.items())))
    rows = [DesignRow(p.arm, CENTRAL, 0, -1, p.number, p.number) for p in points]
    tried = StudyPlan(settings, plan.arms, [], [{}], points, rows, REPLICATIONS)
    outputs = PilotOutputs(MEASURES[effort.unit])
    progress = StudyProgress(tried.runs, 0, show, say)
    progress.start()
    try:
        conduct(outputs, tried, engine, progress)
    finally:
        progress.stop()
    start, years = settings.text("start"), settings.integer("years")
    first, last = years_of_means({arm.name: arm.settings for arm in plan.arms}, start, years)
    span = slice(first - int(start[:4]), last - int(start[:4]) + 1)
    return {
        trial: np.stack(
            [outputs.values[r * len(points) + number][span] for r in range(REPLICATIONS)]
        )
        for number, trial in enumerate(trials)
    }
