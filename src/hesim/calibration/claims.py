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
from hesim.calibration.plan import CalibrationPlan, tables_of
from hesim.calibration.runs import job_results
from hesim.calibration.sensitivity import means, paired, paired_difference
from hesim.execution.replication import simulate_one
from hesim.execution.task import Calls
from hesim.scenario import compose

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.model.higher_education import HigherEducation
    from hesim.tables import ReportTables

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
NETWORK = "mobility_network"
"""The lever by which networks are put into the model."""
PARTNERSHIPS: dict[str, Any] = {
    "model.search.contacts_per_partnership": 0.0,
    "model.search.partner_gain": 0.0,
}


def claims(plan: CalibrationPlan, tell: Callable[[str], None]) -> dict[str, Any]:
    """Check what the report says of partnerships, mobility networks and PhD candidates' careers.

    Returns:
        A list of claims, each with what was found, whether it holds, and what it rests on.
    """
    arms: dict[str, dict[str, Any]] = {"with": {}, "without": PARTNERSHIPS}
    shown = paired(plan, "claims", arms, FIRST["joints"] + 100, tell)
    usual, apart = means(shown["with"]), paired_difference(shown["with"], shown["without"])
    part = {name: [x / usual[name] for x in apart[name]] for name in CROSSINGS}
    placed = _decades(plan, [f"levers=[{NETWORK}]"], placements, "mobility networks", tell)
    stayed = _decades(plan, [], careers, "candidates' careers", tell)
    return {
        "claims": [
            {
                "claim": "partnerships hardly lead to mobility",
                "bar": f"at most {HARDLY:.0%} of either crossing is owed to them (upper end)",
                "found": part,
                "holds": all(high <= HARDLY for _, _, high in part.values()),
                "rests_on": "contacts_per_partnership, partner_gain and sources.contact: assumed",
            },
            {
                "claim": "mobility networks place almost no academic staff",
                "bar": f"at most {HANDFUL:g} placements a year in the whole country",
                "found": {"placed_a_year": placed},
                "lever": network_in_force(),
                "holds": float(np.mean(placed)) <= HANDFUL,
                "rests_on": "the chance of a contact, a dial of the lever: assumed",
            },
            {
                "claim": "universities offer a career to a fifth of their PhD candidates",
                "bar": f"{FIFTH[0]:.0%} to {FIFTH[1]:.0%} work at wo five years later",
                "found": {"in_wo_five_years_later": stayed},
                "holds": FIFTH[0] <= float(np.mean(stayed)) <= FIFTH[1],
                "rests_on": "phd_stay and internal steps: assumed; renewal: derived",
            },
        ],
        "partnerships": {"with": usual, "difference": apart},
    }


def network_in_force() -> dict[str, Any]:
    """What decides what the lever of networks does: dials, reach and dates, as they are now.

    The finding holds it, so that a test sees when the lever has changed since.
    """
    lever = dict(compose([f"levers=[{NETWORK}]"]).mapping(f"levers.{NETWORK}"))
    names = (*lever["dials"], "start", "end", "ramp", "fade", "strength", "reach")
    return {name: lever[name] for name in names}


def _decades(
    plan: CalibrationPlan,
    overrides: list[str],
    function: Callable[[Settings, int], float],
    what: str,
    tell: Callable[[str], None],
) -> list[float]:
    """One number of each of some decades at the point."""
    chosen: dict[str, object] = {"calibration": plan.place, "data": plan.base["data"]}
    words = [f"structure={plan.structure}", f"seed={plan.count('seed')}", *overrides]
    settings = compose(words, extra=chosen)
    found: dict[int, float] = {}
    for number, made in job_results(plan, Calls(function, settings), range(DECADES), tell):
        found[number] = made
        tell(f"{what}: {len(found)} of {DECADES} decades")
    return [found[number] for number in range(DECADES)]


def placements(settings: Settings, replication: int) -> float:
    """Displaced academic staff whom networks everywhere place a year."""
    rows = simulate_one(settings, replication).levers
    placed = sum(float(str(row["number"])) for row in rows if row["what"] == "placed")
    return placed / settings.integer("years")


def _tables(settings: Settings) -> ReportTables:
    folder = settings["data"]
    return tables_of(None if folder is None else str(folder))


def careers(settings: Settings, replication: int) -> float:
    """Share of PhD candidates who have a career in wo."""
    from hesim.execution.simulate import simulate

    model, cohorts = simulate(settings, _tables(settings), replication, Cohorts())
    model.let_go()
    return cohorts.stayed / cohorts.count


class Cohorts:
    """Follows those who were PhD candidates in the recorded months: an observer of a world.

    Attributes:
        stayed: How many of those who can be followed so long have a job in wo then.
        count: How many there are.
    """

    def __init__(self, later: int = LATER) -> None:
        """Begin before a model's first month.

        Args:
            later: Months after their job as candidate ended, with a degree or without.
        """
        self.stayed = self.count = 0
        self._later = later
        self._before = np.empty(0, np.uint64)
        self._ended: dict[int, NDArray[np.uint64]] = {}

    def after_month(self, model: HigherEducation) -> None:
        """Note who has ended as a candidate, and where those are who ended long ago."""
        month, p = model.month - 1, model.persons
        sector = np.append(model.employers.sector, c.NO_JOB)
        here = p.present == 1
        now = p.id[here & (p.role == c.PHD_CANDIDATE)]
        if month >= 0:
            self._ended[month] = np.setdiff1d(self._before, now)
        self._before = now
        cohort = self._ended.get(month - self._later)
        if cohort is not None:
            self.count += cohort.size
            in_wo = p.id[here & (sector[p.employer] == c.WO)]
            self.stayed += int(np.isin(cohort, in_wo).sum())
