"""Say in figures and names what a study will run, for whoever reads plans by program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hesim.study.plan_cautions import plan_cautions

if TYPE_CHECKING:
    from hesim.study.points import StudyPlan


def plan_facts(plan: StudyPlan) -> dict[str, Any]:
    """Arms, uncertainties, structures and counts of a plan, and what may mislead."""
    settings = plan.settings
    return {
        "question": settings["study.question"],
        "arms": [arm.name for arm in plan.arms],
        "design": settings.text("study.design"),
        "uncertainties": [vars(one) for one in plan.uncertainties],
        "scenarios": list(dict.fromkeys(row.scenario for row in plan.rows)),
        "structures": list(plan.structures),
        "worlds": len(plan.worlds),
        "draws": len({row.draw for row in plan.rows}),
        "points": len(plan.points),
        "replications": plan.replications,
        "runs": plan.runs,
        "scale": settings.number("population.scale"),
        "years": settings.integer("years"),
        "warnings": plan_cautions(plan),
    }
