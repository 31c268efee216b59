"""Check the report's own words on the calibrated model: sentences that it could contradict.

Words that rest on table 3.1 (where most leavers go) are checked by `hesim validate`, which logs the
look. What "hardly" means was declared before anything was run.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from hesim.calibration.design import FIRST
from hesim.calibration.plan import Plan
from hesim.calibration.sensitivity import difference, means, paired

HARDLY = 0.10
"""Share of a flow at most, by the 95% interval's upper end, that is "hardly" (declared)."""
HANDFUL = 5.0
"""Placements a year, of all networks together, that are "almost no" academic staff (declared)."""
CROSSINGS = ("wo_to_hbo", "hbo_to_wo")
NETWORK_RUNS = 2
PARTNERSHIPS: dict[str, Any] = {
    "model.search.contacts_per_partnership": 0.0, "model.search.partner_gain": 0.0,
}  # fmt: skip


def claims(plan: Plan, tell: Callable[[str], None]) -> dict[str, Any]:
    """Check that partnerships hardly lead to mobility, and that mobility networks place nobody.

    Returns:
        A list of claims, each with what was found, whether it holds, and what it rests on.
    """
    arms: dict[str, dict[str, Any]] = {"with": {}, "without": PARTNERSHIPS}
    shown = paired(plan, "claims", arms, FIRST["joints"] + 100, tell)
    usual, apart = means(shown["with"]), difference(shown["with"], shown["without"])
    part = {name: [x / usual[name] for x in apart[name]] for name in CROSSINGS}
    placed = _placed(plan, tell)
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
        ],
        "partnerships": {"with": usual, "difference": apart},
    }


def _placed(plan: Plan, tell: Callable[[str], None]) -> list[float]:
    """Displaced academic staff placed a year by networks everywhere, one number a replication."""
    from hesim.config import compose
    from hesim.survey.replicate import simulate
    from hesim.tables import read

    settings = compose(
        [f"calibration={plan.name}", "levers=[mobility_network]", f"seed={plan.count('seed')}"]
    )
    tables, years, found = read(), settings.integer("years"), []
    for number in range(NETWORK_RUNS):
        rows = simulate(settings, tables, number).levers
        placed = sum(float(str(row["number"])) for row in rows if row["what"] == "placed")
        found.append(placed / years)
        tell(f"mobility networks: {number + 1} of {NETWORK_RUNS} decades")
    return found
