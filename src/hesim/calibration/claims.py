"""Check the report's own words on the calibrated model: sentences that it could contradict.

Words that rest on table 3.1 (where most leavers go) are checked by `hesim validate`, which logs the
look. What "hardly" means was declared before anything was run; what "a fifth" means after one look.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.calibration.design import FIRST
from hesim.calibration.plan import Plan
from hesim.calibration.sensitivity import difference, means, paired

if TYPE_CHECKING:
    from hesim.model.higher_education import HigherEducation

HARDLY = 0.10
"""Share of a flow at most, by the 95% interval's upper end, that is "hardly" (declared)."""
HANDFUL = 5.0
"""Placements a year, of all networks together, that are "almost no" academic staff (declared)."""
FIFTH = (0.15, 0.25)
"""Share of PhD candidates with a career in wo that is "a fifth" (declared)."""
LATER = 60
"""Months after the end of the candidate's job at which a job in wo counts as a career there."""
CROSSINGS = ("wo_to_hbo", "hbo_to_wo")
DECADES = 2
PARTNERSHIPS: dict[str, Any] = {
    "model.search.contacts_per_partnership": 0.0, "model.search.partner_gain": 0.0,
}  # fmt: skip


def claims(plan: Plan, tell: Callable[[str], None]) -> dict[str, Any]:
    """Check what the report says of partnerships, mobility networks and PhD candidates' careers.

    Returns:
        A list of claims, each with what was found, whether it holds, and what it rests on.
    """
    arms: dict[str, dict[str, Any]] = {"with": {}, "without": PARTNERSHIPS}
    shown = paired(plan, "claims", arms, FIRST["joints"] + 100, tell)
    usual, apart = means(shown["with"]), difference(shown["with"], shown["without"])
    part = {name: [x / usual[name] for x in apart[name]] for name in CROSSINGS}
    placed, kept = _placed(plan, tell), _kept(plan, tell)
    return {
        "claims": [
            {
                "claim": "partnerships hardly lead to mobility",
                "bar": f"at most {HARDLY:.0%} of either crossing is owed to them (upper end)",
                "found": part,
                "holds": all(high <= HARDLY for _, _, high in part.values()),
                "rests_on": "contacts_per_partnership, partner_gain and awareness: assumed",
            },
            {
                "claim": "mobility networks place almost no academic staff",
                "bar": f"at most {HANDFUL:g} placements a year in the whole country",
                "found": {"placed_a_year": placed},
                "holds": float(np.mean(placed)) <= HANDFUL,
                "rests_on": "the chance of a contact, a dial of the lever: assumed",
            },
            {
                "claim": "universities offer a career to a fifth of their PhD candidates",
                "bar": f"{FIFTH[0]:.0%} to {FIFTH[1]:.0%} work at wo five years later",
                "found": {"in_wo_five_years_later": kept},
                "holds": FIFTH[0] <= float(np.mean(kept)) <= FIFTH[1],
                "rests_on": "phd_stay, renewal and internal steps: assumed; own_sector: fitted",
            },
        ],
        "partnerships": {"with": usual, "difference": apart},
    }


def _placed(plan: Plan, tell: Callable[[str], None]) -> list[float]:
    """Displaced academic staff placed a year by networks everywhere, one number a replication."""
    from hesim.config import compose
    from hesim.execution.replication import simulate
    from hesim.tables import read

    settings = compose(
        [f"calibration={plan.name}", "levers=[mobility_network]", f"seed={plan.count('seed')}"]
    )
    tables, years, found = read(), settings.integer("years"), []
    for number in range(DECADES):
        rows = simulate(settings, tables, number).levers
        placed = sum(float(str(row["number"])) for row in rows if row["what"] == "placed")
        found.append(placed / years)
        tell(f"mobility networks: {number + 1} of {DECADES} decades")
    return found


def _kept(plan: Plan, tell: Callable[[str], None]) -> list[float]:
    """Share of PhD candidates who have a career in wo, by replication."""
    from hesim.config import compose
    from hesim.model.higher_education import HigherEducation
    from hesim.tables import read

    settings = compose([f"calibration={plan.name}", f"seed={plan.count('seed')}"])
    tables, found = read(), []
    for number in range(DECADES):
        model = HigherEducation(settings, tables, number)
        stayed, count = career_in_wo(model)
        model.let_go()
        found.append(stayed / count)
        tell(f"candidates' careers: {number + 1} of {DECADES} decades")
    return found


def career_in_wo(model: HigherEducation, later: int = LATER) -> tuple[int, int]:
    """Run a model to its end and follow those who were PhD candidates in the recorded months.

    Args:
        model: Before its first month.
        later: Months after their job as candidate ended, with a degree or without.

    Returns:
        How many of those who can be followed so long have a job in wo then, and how many there are.
    """
    settings = model.settings
    sector = np.append(model.employers.sector, c.NO_JOB)
    before, ended = np.empty(0, np.uint64), dict[int, NDArray[np.uint64]]()
    stayed = count = 0
    for _ in range(settings.integer("burn_in") + 12 * settings.integer("years")):
        month = model.month
        model.step()
        p = model.persons
        here = p.present == 1
        now = p.id[here & (p.role == c.PHD_CANDIDATE)]
        if month >= 0:
            ended[month] = np.setdiff1d(before, now)
        before = now
        cohort = ended.get(month - later)
        if cohort is not None:
            count += cohort.size
            stayed += int(np.isin(cohort, p.id[here & (sector[p.employer] == c.WO)]).sum())
    return stayed, count
