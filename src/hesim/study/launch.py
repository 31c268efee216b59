"""Start a study: plan, try two runs, make its folder, and run it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from pathlib import Path

from hesim.execution.engines.choice import make_engine
from hesim.execution.trial import try_processes, try_tables
from hesim.process import signals
from hesim.record.folders import new_folder
from hesim.record.manifest import code_facts, timestamp, versions
from hesim.record.recipe import own_files
from hesim.study import store as folders
from hesim.study.arms import with_all_levers
from hesim.study.branches import Work
from hesim.study.console import Console, Show
from hesim.study.dispatch import pilot
from hesim.study.effort import effort_of
from hesim.study.effort_pilots import plan_at_equal_effort
from hesim.study.folder import Study
from hesim.study.identity import data_of, facts_of
from hesim.study.output_folder import chosen_folder, refuse_taken
from hesim.study.plan import plan_study
from hesim.study.points import StudyPlan
from hesim.study.screen import say_effort, say_estimate, say_plan
from hesim.study.study_outputs import attempt, complete_study, writable


def start(
    overrides: Sequence[str] = (),
    config: str | Path | None = None,
    *,
    simulate: Work | None = None,
    dry_run: bool = False,
    show: Show = False,
) -> Study | None:
    """Plan a study, try two runs of it, and run it.

    Args:
        overrides: As for a run, with `study.*`, `engine=...` and `+experiment=NAME`.
        config: The user's own configuration files.
        simulate: Another model, called with settings and the replication's number, that gives
            outcomes by year; it must stand in a module that workers can import.
        dry_run: Stop after the plan and its estimate; nothing is left behind.
        show: Print the plan, progress and what came out, or a part of that; see `Show`.

    Returns:
        The study; None after a dry run.

    Raises:
        ConfigErrors: settings that cannot hold, or an output folder that exists.
        StudyStopped: the engine is gone or the disk is full; go on with `resume`.
        KeyboardInterrupt: after what was whole was written.
    """
    refuse_taken(overrides)
    plan = plan_study(overrides, config)
    own = {} if config is None else own_files(Path(config))
    return start_plan(plan, overrides, own, simulate=simulate, dry_run=dry_run, show=show)


def start_plan(
    plan: StudyPlan,
    overrides: Sequence[str] = (),
    own: Mapping[str, bytes] | None = None,
    *,
    simulate: Work | None = None,
    dry_run: bool = False,
    show: Show = False,
) -> Study | None:
    """Run a plan as `start` does.

    Args:
        plan: What to run.
        overrides: What the plan was made from; noted in the manifest.
        own: The user's own configuration files by their path; the study keeps them.
        simulate: See `start`.
        dry_run: See `start`.
        show: See `start`.
    """
    hashes, content = data_of(plan.settings)
    facts = facts_of(plan, hashes)
    if simulate is None:
        try_plan(plan)
    made_by = code_facts()
    console = Console(show)
    # The plan is what a dry run is asked for, and what goes on before any other.
    say = console.say if dry_run else console.note
    say_plan(plan, say, console.alert)
    with signals.interrupts(), ExitStack() as held:
        lease = None
        if not dry_run:
            wanted, exact = chosen_folder(plan.settings, overrides)
            lease = held.enter_context(new_folder(wanted, exact))
        effort = effort_of(plan.settings)
        if effort is not None and lease is not None:
            usual = plan
            told = console.progress
            plan = attempt(
                lambda: plan_at_equal_effort(usual, effort, content, simulate, say, told)
            )
            say_effort(plan, say)
            facts = facts_of(plan, hashes)
        procedure = plan.branches(simulate)
        engine = attempt(lambda: make_engine(plan.settings, procedure, content))
        held.enter_context(closing(engine))
        two = "two runs of each structure" if plan.structures else "two runs"
        say(f"Trying {two} {engine.where()} (the first compiles or loads the model) ...")
        tried = attempt(lambda: pilot(engine, plan))
        say_estimate(plan, tried, engine.workers, say)
        if lease is None:
            say("A dry run: nothing was written.")
            return None
        manifest = {
            "name": lease.folder.name,
            "status": "running",
            "created": timestamp(),
            "question": plan.settings["study.question"],
            "overrides": list(overrides),
            "replications": plan.replications,
            **made_by,
            "versions": versions(),
            "seconds_a_run": tried.seconds,
            "facts": facts,
            "sessions": [],
        }
        with writable(lease.folder):
            folders.create(lease, plan, content, own or {}, manifest)
            store = held.enter_context(closing(folders.Store(lease.folder)))
        say(f"Folder: {lease.folder}")
        for report in tried.reports:
            store.add(report)
        return complete_study(store, plan, engine, tried.seconds, set(), console)


def try_plan(plan: StudyPlan) -> None:
    """Try tables and processes of the user's own, as no study is begun with such as go wrong.

    Raises:
        DataError: tables break the rules.
        ConfigErrors: figures contradict each other, or a process goes wrong.
    """
    for settings in plan.each.values():
        try_tables(settings)
        try_processes(with_all_levers(settings, plan.arms))


def free_name(folder: Path) -> Path:
    """The first of NAME_2, NAME_3 ... that is free."""
    number = 2
    while (made := folder.with_name(f"{folder.name}_{number}")).exists():
        number += 1
    return made.absolute()
