"""Run the model from Python: simulate all replications and leave one folder behind."""

from __future__ import annotations

import os
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from hesim.cautions import cautions
from hesim.charts import draw_all
from hesim.config import Settings
from hesim.execution import trial
from hesim.execution.engines.engine import Engine, EngineFailed
from hesim.execution.replication import Simulate, simulate_one
from hesim.execution.replications import engine_for, run_replications
from hesim.execution.task import OK, Loss, Task
from hesim.files import file_hashes
from hesim.levers.arms import BASELINE, POLICY
from hesim.levers.dates import months_of
from hesim.levers.own_process import process_hashes
from hesim.process import signals
from hesim.process.lease import Lease
from hesim.record import folders, recipe, results
from hesim.record.manifest import code_facts, write_manifest
from hesim.record.run_folder import Run
from hesim.scenario import compose
from hesim.shelf import shelf
from hesim.study import heldout, run_screen
from hesim.study.arithmetic import arithmetic, text_of
from hesim.study.progress import RunProgress
from hesim.study.run_arms import Arms
from hesim.tables import ReportTables, read

if TYPE_CHECKING:
    from hesim.record.replication import Replication

SHORT = {"scale": "population.scale"}
"""Names of Python's keywords for settings whose dotted path is no keyword."""


class RunFailed(RuntimeError):
    """Every replication failed, or the results could not be written; the message says why."""


def run(
    *,
    settings: Settings | None = None,
    show: bool = False,
    simulate: Simulate | None = None,
    **overrides: object,
) -> Run:
    """Simulate all replications and write the results.

    Args:
        settings: Composed settings; else they are composed from the overrides.
        show: Print progress and results.
        simulate: Another model, called with settings and the replication's number; with workers
            it must stand in a module that they can import.
        **overrides: Settings, as `years=5`, `scale=0.1` or `**{"population.scale": 0.1}`.

    Raises:
        ConfigErrors: settings that cannot hold, or an output folder that exists.
        RunFailed: every replication failed, or the results could not be written.
        KeyboardInterrupt: after the replications that were whole are written.
    """
    if settings is None:
        settings = compose(extra={SHORT.get(key, key): value for key, value in overrides.items()})
    elif overrides:
        raise TypeError("give settings or overrides, not both")
    data = settings["data"]
    tables = read(None if data is None else Path(str(data)))
    told = run_screen.Screen(settings, show)
    folder = folders.choose(settings)
    with signals.interrupts(), folders.workplace(folder) as lease:
        if simulate is None:
            # Compiled once here, so that whoever simulates finds it on disk, and loads it.
            from hesim.model.warming import announcement, compile_kernels

            told.say(announcement())
            if not shelf().whole():
                compile_kernels()
            if trial.matters(settings):
                trial.try_model(settings, tables)
        return _run(settings, tables, folder, lease, told, simulate)


def _run(
    settings: Settings,
    tables: ReportTables,
    folder: Path,
    lease: Lease,
    told: run_screen.Screen,
    simulate: Simulate | None,
) -> Run:
    work = lease.folder
    wall, cpu = time.perf_counter(), time.process_time() + _children_seconds()
    good: dict[int, Replication] = {}
    failed: dict[int, str] = {}

    # As it is now, not as it may be when the run ends.
    made_by = code_facts()
    try:
        recipe.write_recipe(work, settings)
    except OSError as error:
        raise RunFailed(f"the results cannot be written to {folder}: {error}") from error
    warned = cautions(settings)
    told.warn(warned)
    arms = Arms(settings, simulate or simulate_one)

    def whole() -> list[Replication]:
        return arms.whole(good)

    def note(name: Path) -> None:
        write_manifest(
            work,
            status=status,
            output=str(name),
            seed=settings.integer("seed"),
            replications={
                "asked": settings.integer("replications"),
                "done": sorted({each.number for each in whole()}),
                "failed": {arms.say(job): failed[job] for job in sorted(failed)},
            },
            arms=list(arms.names),
            changed_settings=list(settings.changed()),
            data_sha256=tables.hashes,
            files=file_hashes(work),
            workers=min(engine.workers, len(tasks)),
            wall_seconds=round(time.perf_counter() - wall, 2),
            cpu_seconds=round(time.process_time() + _children_seconds() - cpu, 2),
            milliseconds_a_month=_milliseconds(settings, whole()),
            **made_by,
            processes_sha256=process_hashes(settings),
            warnings=warned,
        )

    tasks = arms.tasks(settings.integer("replications"))
    try:
        engine = engine_for(settings, arms, len(tasks), recipe.own_tables(settings))
    except EngineFailed as error:
        raise RunFailed(str(error)) from error
    try:
        with closing(engine):
            _simulate(settings, arms, tasks, engine, told, good, failed)
        status = ("incomplete" if whole() else "failed") if failed else "complete"
    except KeyboardInterrupt:
        status = "interrupted"
    try:
        if status != "interrupted":
            try:
                rows = results.write(work, settings, tables, whole(), draw_all)
            except KeyboardInterrupt:
                # Drawing and exporting may take longer than the user's patience.
                status = "interrupted"
        with signals.deferred():
            if status == "interrupted":
                rows = results.write(work, settings, tables, whole(), None)
            folder = folders.settle(lease, folder, note)
    except OSError as error:
        raise RunFailed(f"the results cannot be written to {folder}: {error}") from error
    if status == "interrupted":
        done = len({each.number for each in whole()})
        asked = settings.integer("replications")
        told.say(f"Interrupted; {done} of {asked} replications are whole, see {folder}")
        raise KeyboardInterrupt
    if status == "failed":
        raise RunFailed(f"every replication failed; see {folder}\n{failed[min(failed)]}")
    for job, words in sorted(failed.items()):
        told.say(f"replication {arms.say(job)} failed:\n{words}")
    made = Run(folder)
    given = {key: tables.macro_value(*where) for key, where in run_screen.INPUTS.items()}
    if POLICY in arms.names:
        told.compare(made, rows)
    else:
        told.finish(made, rows, given)
    if settings.flag("profile"):
        told.profile(made.manifest["milliseconds_a_month"])
    base = made.of_arm(BASELINE)
    if settings.flag("check"):
        told.say(text_of(arithmetic(base, settings, tables)))
    if settings.flag("heldout"):
        told.say("\n" + "\n".join(heldout.lines(base.survey, base.summary, tables)))
    return Run(folder)


def _simulate(
    settings: Settings,
    arms: Arms,
    tasks: list[Task],
    engine: Engine,
    told: run_screen.Screen,
    good: dict[int, Replication],
    failed: dict[int, str],
) -> None:
    """Simulate, and fill in what is whole and what failed, so that an interrupt keeps it."""
    told.announce(arms.names)
    progress = RunProgress(len(tasks), months_of(settings), told.show, told.say)

    def say_loss(loss: Loss) -> None:
        told.say(f"replication {arms.say(loss.number)}: {loss.words}; trying it again")

    reports = run_replications(engine, tasks, progress.note_month, say_loss)
    progress.start()
    try:
        with closing(reports):
            for report in reports:
                if report.status == OK:
                    good[report.number] = report.made
                else:
                    failed[report.number] = report.error
                progress.note_end(report.number, report.status != OK)
    except EngineFailed as error:
        # What came back is kept; of the rest it is told why it is not there.
        for task in tasks:
            if task.number not in good:
                failed.setdefault(task.number, str(error))
    finally:
        progress.stop()


def _children_seconds() -> float:
    spent = os.times()
    return spent.children_user + spent.children_system


def _milliseconds(settings: Settings, good: list[Replication]) -> dict[str, float]:
    """CPU milliseconds a month by event in the order of the month, the mean over replications."""
    events = list(good[0].profile) if good else []
    return {
        event: round(
            1000.0 * sum(r.profile[event] for r in good) / len(good) / months_of(settings), 4
        )
        for event in events
    }
