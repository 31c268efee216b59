"""Say what of a study's plan may mislead or is senseless: legal, so not refused, never silent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from hesim.cautions import by_arm, cautions, of_burn_in, of_replications
from hesim.levers.catalogue import describe
from hesim.levers.dates import OUTSIDE, why_idle
from hesim.levers.lever import switched_off
from hesim.study.effort import ASKS, effort_of, scaling_of
from hesim.study.points import CENTRAL
from hesim.study.uncertainty import usual_in

if TYPE_CHECKING:
    from hesim.study.arms import Arm
    from hesim.study.points import StudyPlan
    from hesim.study.uncertainty import Uncertainty

SAMPLES = ("lhs", "sobol", "morris")
"""Designs whose intervals rest on worlds, and not on replications alone."""
WHEN_AND_WHOM = ("strength", "reach.share", "start", "end")
"""Settings of a lever by which one that is off may come on."""
MADE_BY = {
    "joint_appointments": "joint_appointment",
    "secondments": "secondment",
    "swaps": "swap",
}
"""Outcomes that count what one mechanism of levers does, and nothing besides."""


def plan_cautions(plan: StudyPlan) -> list[str]:
    """What a reader of a study's results must be warned of before it runs, each line once.

    Args:
        plan: The study.
    """
    levers = {arm.name: arm.settings for arm in plan.arms}
    said = [line for one in plan.each.values() for line in cautions(one, levers)]
    said += of_burn_in(plan.settings)
    said += _of_replications(plan)
    said += _of_ranges(plan)
    said += _of_dials(plan)
    said += _of_scenarios(plan)
    said += _of_arms(plan)
    said += _of_outcome(plan)
    said += _of_budget(plan)
    return list(dict.fromkeys(said))


def _of_replications(plan: StudyPlan) -> list[str]:
    """Too few replications, where nothing else varies that an interval could rest on."""
    settings = plan.settings
    drawn = len({row.draw for row in plan.rows}) > 1
    if drawn or settings.text("study.design") in SAMPLES or settings["study.precision"]:
        return []
    own = settings["study.replications"] is not None
    return of_replications("study.replications" if own else "replications", plan.replications)


def _of_ranges(plan: StudyPlan) -> Iterator[str]:
    """Ranges that leave out what the setting is in the central world."""
    for one in plan.uncertainties:
        for name, settings in plan.each.items():
            usual = usual_in(settings, one)
            if _holds(one, usual):
                continue
            between = (
                " | ".join(map(str, one.values)) if one.values else f"{one.low:g} to {one.high:g}"
            )
            where = f" in {name}" if name else ""
            yield (
                f"study.uncertainties: {one.path} varies over {between}, which leaves out the "
                f"value in force{where}, {usual}"
            )


def _holds(one: Uncertainty, usual: object) -> bool:
    if one.values:
        return usual in one.values
    return isinstance(usual, int | float) and one.low <= usual <= one.high


def _of_dials(plan: StudyPlan) -> Iterator[str]:
    """Uncertain dials that do nothing in any arm."""
    uncertain = {one.path for one in plan.uncertainties}
    for path in sorted(uncertain):
        group, _, rest = path.partition(".")
        lever, _, dial = rest.partition(".")
        if group != "levers" or dial in WHEN_AND_WHOM:
            continue
        if uncertain & {f"levers.{lever}.{name}" for name in WHEN_AND_WHOM}:
            continue
        reasons = [_why_still(plan, arm, lever, dial) for arm in plan.arms if lever in arm.settings]
        if reasons and all(reasons):
            yield f"study.uncertainties: {path} changes nothing in any arm: {reasons[0]}"


def _why_still(plan: StudyPlan, arm: Arm, lever: str, dial: str) -> str:
    """Why a dial of a lever does nothing in an arm; empty if it does something."""
    body = arm.settings[lever]
    why = _why_idle(plan, body)
    if why:
        return f"{lever} is off, as {why}"
    off = switched_off(plan.settings)
    acting = {each.name: each.mechanism for each in describe(lever, body).dials}
    if acting.get(dial) in off:
        return f"`without` switches {acting[dial]} off"
    return ""


def _why_idle(plan: StudyPlan, body: Mapping[str, object]) -> str:
    return why_idle(body, plan.settings.text("start"), plan.settings.integer("years"))


def _of_scenarios(plan: StudyPlan) -> Iterator[str]:
    """Scenarios that are the central one under another name."""
    for name in dict.fromkeys(row.scenario for row in plan.rows):
        if name == CENTRAL:
            continue
        path, equals, _ = name.partition("=")
        what = f"what {path} is" if equals and "+" not in name else "the central one"
        points = {row.point for row in plan.rows if row.scenario == name}
        central = {row.point for row in plan.rows if row.scenario == CENTRAL}
        if points == central:
            yield f"study.scenarios: {name} is {what} anyway; it changes nothing"


def _of_arms(plan: StudyPlan) -> list[str]:
    """Arms without a lever that does anything."""
    said: dict[str, list[str]] = {}
    moved = {one.path.split(".")[1] for one in plan.uncertainties if one.path.startswith("levers.")}
    for arm in plan.arms:
        reasons = {lever: _why_idle(plan, body) for lever, body in arm.settings.items()}
        # Of dates outside the run everything is said already.
        told = all(why == OUTSIDE for why in reasons.values())
        if not told and all(reasons.values()) and not moved & reasons.keys():
            words = "; ".join(f"{lever}: {why}" for lever, why in reasons.items())
            said[arm.name] = [f"it is the baseline under another name ({words})"]
    return by_arm(said)


def _of_outcome(plan: StudyPlan) -> Iterator[str]:
    """An outcome that no arm can move."""
    if plan.settings["study.barriers"]:
        return
    name = plan.settings.text("study.outcome")
    arms = [arm for arm in plan.arms if arm.settings]
    if not arms:
        if not plan.uncertainties and len({row.scenario for row in plan.rows}) == 1:
            yield (
                f"study.outcome={name}: nothing can move it, as the study has no levers, "
                "uncertainties or scenarios; name some, as study.levers=[A,B]"
            )
        return
    if not any(_moves(arm, name) for arm in arms):
        yield (
            f"study.outcome={name}: no arm can move it; it counts what none of these levers does, "
            "and stays at 0"
        )


def _moves(arm: Arm, outcome: str) -> bool:
    """Whether one of an arm's levers can move an outcome."""
    about = [describe(lever, body) for lever, body in arm.settings.items()]
    costs = [item for each in about for item in each.costs]
    if outcome in MADE_BY:
        return any(MADE_BY[outcome] in each.mechanisms or each.process for each in about)
    if outcome == "lever_days":
        return any(not item.transfer and item.days + item.hosts > 0.0 for item in costs)
    if outcome == "lever_transfers":
        return any(item.transfer for item in costs)
    if outcome.startswith("lever_cost"):
        return any(not item.transfer for item in costs)
    return True


def _of_budget(plan: StudyPlan) -> list[str]:
    """Levers whose share no budget scales."""
    effort = effort_of(plan.settings)
    if effort is None:
        return []
    said = {
        arm.name: [
            f"{ASKS[effort.unit]} leaves {lever} as it is, as {why}"
            for lever, why in scaling_of(arm, effort.unit).reasons.items()
        ]
        for arm in plan.arms
    }
    return by_arm(said)
