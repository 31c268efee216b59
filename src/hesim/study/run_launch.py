"""Start a run: plan its one point, make its folder, simulate it, and say what came out."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from hesim.cautions import cautions
from hesim.execution import trial
from hesim.execution.engines.choice import make_engine
from hesim.execution.engines.engine import EngineFailed
from hesim.execution.replication import of_arm, simulate_arm, simulate_one
from hesim.levers.arms import BASELINE, POLICY
from hesim.levers.dates import months_of
from hesim.process import signals
from hesim.record import folders, recipe
from hesim.record.run_folder import Run
from hesim.shelf import shelf
from hesim.study import heldout
from hesim.study.arithmetic import Check, arithmetic, arithmetic_text
from hesim.study.progress import RunProgress
from hesim.study.published import HEADING, published
from hesim.study.run_outputs import RunFailed, RunOutputs
from hesim.study.run_plan import plan_run, run_name
from hesim.study.run_screen import INPUTS, Screen
from hesim.study.session import run_session
from hesim.study.trends import HEADING as DRIFT
from hesim.study.trends import trends
from hesim.tables import read

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.record.results import Draw
    from hesim.study.branches import Work
    from hesim.study.console import Show
    from hesim.tables import ReportTables


def launch_run(settings: Settings, draw: Draw, show: Show, simulate: Work | None) -> Run:
    """Simulate all replications and write the results.

    Args:
        settings: The composed config.
        draw: Draws the figures.
        show: What to print: progress and results, or a part of that; see `Show`.
        simulate: Another model, see `hesim.api.run`.

    Raises:
        ConfigErrors: settings that cannot hold together, or an output folder that exists.
        RunFailed: every replication failed, or the results could not be written.
        KeyboardInterrupt: after the replications that were whole are written.
    """
    data = settings["data"]
    tables = read(None if data is None else Path(str(data)))
    screen = Screen(settings, show)
    folder = folders.folder_of_run(settings)
    with signals.interrupts(), folders.workplace(folder) as lease:
        if simulate is None:
            _prepare(settings, tables, screen)
        plan = plan_run(settings)
        warned = cautions(settings)
        outputs = RunOutputs(settings, tables, plan, lease, folder, screen, draw, warned)
        screen.warn(warned)
        several = len(plan.arms) > 1
        procedure = plan.branches(simulate or (simulate_arm if several else simulate_one), of_arm)
        try:
            engine = make_engine(settings, procedure, recipe.own_tables(settings), plan.runs)
        except EngineFailed as error:
            raise RunFailed(str(error)) from error
        outputs.workers = min(engine.workers, plan.runs)
        with closing(engine):
            screen.announce([arm.name for arm in plan.arms])
            name, months = partial(run_name, plan), months_of(settings)
            progress = RunProgress(
                plan.runs, 0, screen.progress, screen.note, months=months, name=name
            )
            run_session(outputs, plan, engine, progress)
        return _tell(settings, tables, outputs, screen)


def _prepare(settings: Settings, tables: ReportTables, screen: Screen) -> None:
    """Compile the model here, so that whoever simulates finds it on disk, and try it."""
    from hesim.model.warming import announcement, compile_kernels

    screen.note(announcement())
    if not shelf().whole():
        compile_kernels()
    if trial.matters(settings):
        trial.try_model(settings, tables)


def _tell(settings: Settings, tables: ReportTables, outputs: RunOutputs, screen: Screen) -> Run:
    """Say what came out of a run that has ended.

    Raises:
        RunFailed: every replication failed.
    """
    failed, plan = outputs.failed, outputs.plan
    if outputs.status == "failed":
        first = failed[min(failed)]
        raise RunFailed(f"every replication failed; see {outputs.folder}\n{first}")
    for number, words in failed.items():
        screen.alert(f"replication {run_name(plan, number)} failed:\n{words}")
    made = Run(outputs.folder)
    if POLICY in (arm.name for arm in plan.arms):
        screen.compare(made, outputs.rows)
    else:
        given = {key: tables.macro_value(*where) for key, where in INPUTS.items()}
        screen.finish(made, outputs.rows, given)
    if settings.flag("profile"):
        screen.profile(made.manifest["milliseconds_a_month"])
    base = made.of_arm(BASELINE)
    if settings.flag("check"):
        screen.say(arithmetic_text(arithmetic(base, settings, tables)))
        screen.say(arithmetic_text(published(base, settings), HEADING))
        drift = [Check.of(bar, value) for bar, value in trends(base, settings)]
        if drift:
            screen.say(arithmetic_text(drift, DRIFT))
    if settings.flag("heldout"):
        screen.say("\n" + "\n".join(heldout.heldout_lines(base.survey, base.summary, tables)))
    return Run(outputs.folder)
