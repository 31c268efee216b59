"""Tell the user what a study will do, what that takes, and how it ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

from hesim.input.shells import quoted
from hesim.study.answers.phrases import beyond_everybody
from hesim.study.effort import effort_of, pilot_words
from hesim.study.plan_cautions import plan_cautions
from hesim.study.progress import duration
from hesim.study.unpriced import AT_LEAST

if TYPE_CHECKING:
    from hesim.study.dispatch import Pilot
    from hesim.study.folder import Study
    from hesim.study.points import StudyPlan

BYTES_A_ROW = 3.0
"""Of a result on disk, compressed; measured, see docs/studies.md."""

Say = Callable[[str], None]


def say_plan(plan: StudyPlan, say: Say, warn: Say) -> None:
    """Say what will be run, and warn of what may mislead."""
    settings = plan.settings
    question = settings["study.question"]
    if question:
        say(f"Question: {question}")
    if settings["study.barriers"]:
        _say_coalitions(plan, say, warn)
        return
    arms = [arm.name for arm in plan.arms[1:]]
    say(f"arms            {1 + len(arms)}: baseline{_arm_names(arms)}")
    effort = effort_of(settings)
    if effort is not None:
        say(pilot_words(settings, plan.arms, effort))
    kind = f"design {settings.text('study.design')}"
    say(f"worlds          {len(plan.worlds)} ({kind}, {len(plan.uncertainties)} uncertainties)")
    for one in plan.uncertainties:
        between = " | ".join(map(str, one.values)) if one.values else f"{one.low:g} to {one.high:g}"
        say(f"                {one.path}: {between} {one.unit}, usually {one.usual}  [{one.label}]")
    scenarios = list(dict.fromkeys(row.scenario for row in plan.rows))
    if len(scenarios) > 1:
        say(f"scenarios       {len(scenarios)}: {', '.join(scenarios)}")
    if plan.structures:
        say(f"structures      {len(plan.structures)}, each with draws and a baseline of its own")
        for name, composed in plan.structures.items():
            calibration = composed.text("calibration")
            state = "not calibrated" if calibration == "none" else f"calibration {calibration}"
            say(f"                {name}: {state}")
    draws = len({row.draw for row in plan.rows})
    if draws > 1:
        say(f"draws           {draws} of the calibrated ensemble")
    years = settings.integer("years")
    plural = "s" * (plan.replications != 1)
    say(
        f"points          {len(plan.points):,} (a baseline is run once in each world)\n"
        f"runs            {plan.runs:,} = points x {plan.replications} replication{plural}, scale "
        f"{settings.number('population.scale'):g}, {years} year{'s' * (years != 1)}"
    )
    for line in plan_cautions(plan):
        warn(f"warning: {line}")


def _say_coalitions(plan: StudyPlan, say: Say, warn: Say) -> None:
    """Say what a study of barriers will run."""
    from hesim.study.barriers import barriers_named
    from hesim.study.coalitions import names_of

    settings = plan.settings
    barriers, _ = barriers_named(names_of(settings["study.barriers"]))
    structures = list(dict.fromkeys(row.scenario for row in plan.rows))
    draws = len({row.draw for row in plan.rows})
    say(
        f"barriers        {len(barriers)}: {', '.join(one.name for one in barriers)}\n"
        f"coalitions      {1 << len(barriers)}, every combination of barriers that are off\n"
        f"structures      {len(structures)}: {', '.join(structures)}\n"
        f"draws           {draws} of each one's posterior\n"
        f"runs            {plan.runs:,}, scale {settings.number('population.scale'):g}, "
        f"{settings.integer('years')} years"
    )
    for line in plan_cautions(plan):
        warn(f"warning: {line}")


def say_effort(plan: StudyPlan, say: Say) -> None:
    """Say which shares were found, and what each arm spends with them."""
    for row in plan.effort:
        now = f"{row['share_usual']:g} -> {row['share']:g}"
        words = f"; {row['words']}" * bool(row["words"])
        least = AT_LEAST * bool(row["at_least"])
        spent = f"{least}{row['effort']:,.0f} {row['unit']}"
        say(f"                {row['arm'][:40]}: {row['lever']} {now}, {spent}{words}")
    beyond = beyond_everybody(plan.effort)
    if beyond:
        say(f"                {beyond}")


def say_estimate(plan: StudyPlan, tried: Pilot, workers: int, say: Say) -> None:
    """Say what the runs will take, from a pilot."""
    rows = next((r.made.values.size for r in tried.reports if r.made is not None), 0)
    disk = rows * plan.runs * BYTES_A_ROW / 1e6
    say(
        f"a run takes     {tried.seconds:.3g} s, so all about "
        f"{duration(tried.seconds * plan.runs / workers)} on {workers} at a time, "
        f"and about {disk:.3g} MB of disk"
    )
    for report in tried.reports:
        if report.error:
            say(f"a run of the pilot failed ({report.status}):\n{report.error}")


def say_end(study: Study, say: Say) -> None:
    """Say how a study ended; failures as a table."""
    from hesim.study.answers.effects import records

    failures = study.failures()
    folder = quoted(str(study.folder))
    runs = int(study.query("select count(*) as n from status")["n"][0])
    say(f"{runs - len(failures):,} of {runs:,} runs are whole: {study.folder}")
    if len(failures):
        say(f"\n{len(failures)} failed: {dict(Counter(failures['status']))}")
        say(f"{'point':14}{'arm':24}{'replication':>12}  {'status':14}what went wrong")
        for row in records(failures.head(20)):
            last = (str(row["error"]).strip().splitlines() or [""])[-1]
            say(
                f"{row['point']:14}{row['arm'][:23]:24}{row['replication']:>12}  "
                f"{row['status']:14}{last[:90]}"
            )
        if len(failures) > 20:
            say(f"... all of them: hesim query {folder} \"from status where status<>'ok'\"")
        say(f"Try them again with: hesim resume {folder} --retry-failed")
    say(f"Answers: hesim compare {folder}; on paper: hesim report {folder}")


def _arm_names(names: list[str]) -> str:
    shown = ", ".join(names[:8])
    return (f", {shown}" if names else "") + (", ..." if len(names) > 8 else "")
