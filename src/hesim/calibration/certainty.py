"""Say how sure a calibration is of its parameters, and where blind and production part."""

from __future__ import annotations

from typing import Any

import numpy as np

from hesim.calibration.ensemble import BLIND, arrays, finding, is_blind, manifest, sibling
from hesim.calibration.titles import parameter_name
from hesim.config.points import PRODUCTION

ENTRANTS = "hbo_entrants_phd"
"""Output that counts PhDs who enter hbo in a year."""
SHARE = "hbo_phd_share"
"""Output that says how many of hbo's staff hold a PhD, in percent."""


def certainty(name: str) -> dict[str, Any]:
    """What further stages and the sibling calibration say of how sure this one is.

    Args:
        name: The calibration.

    Returns:
        `identification` and `recovery`, each None where that stage never ran; `apart`, parameters
        whose 90% intervals in the blind and the production calibration do not meet, None where one
        of the two is missing; and `doctors`, what it shows of PhDs in hbo.
    """
    return {
        "identification": _identification(name),
        "recovery": _recovery(name),
        "apart": _apart(name),
        "doctors": _doctors(name),
    }


def _identification(name: str) -> dict[str, int] | None:
    found = finding(name, "identification")
    if found is None:
        return None
    rows = found["parameters"]
    return {"parameters": len(rows), "told": sum(row["label"] == "data" for row in rows)}


def _recovery(name: str) -> dict[str, Any] | None:
    found = finding(name, "recovery")
    return None if found is None else {k: found[k] for k in ("surveys", "coverage_90", "band")}


def _apart(name: str) -> list[dict[str, Any]] | None:
    """Parameters on which blind and production do not meet, in standard deviations of the prior."""
    pair = [sibling(name, kind) for kind in (BLIND, PRODUCTION)]
    if None in pair:
        return None
    low, high = np.array(
        [
            np.quantile(arrays(str(one))["points"].astype(np.float64), [0.05, 0.95], axis=0)
            for one in pair
        ]
    ).transpose(1, 0, 2)
    names = [str(each) for each in arrays(name)["parameters"]]
    return [
        {
            "parameter": parameter,
            "title": parameter_name(parameter),
            BLIND: [float(low[0, k]), float(high[0, k])],
            PRODUCTION: [float(low[1, k]), float(high[1, k])],
        }
        for k, parameter in enumerate(names)
        if low[:, k].max() > high[:, k].min()
    ]


def _doctors(name: str) -> dict[str, Any] | None:
    """PhDs among hbo's staff, and how many enter hbo a year beside what the fit aims at."""
    plan = manifest(name)["plan"]
    aims = plan.get("outcomes", {}) | (
        {} if is_blind(name) else plan.get("production_outcomes", {})
    )
    share, entrants = (_over_draws(name, output) for output in (SHARE, ENTRANTS))
    if share is None or entrants is None or ENTRANTS not in aims:
        return None
    other = sibling(name, PRODUCTION if is_blind(name) else BLIND)
    return {
        "share": share,
        "share_of_sibling": None if other is None else _over_draws(other, SHARE),
        "entrants": entrants,
        "aim": [float(x) for x in aims[ENTRANTS]],
    }


def _over_draws(name: str, output: str) -> list[float] | None:
    """Mean over the draws, and the ends of their 90% interval."""
    kept = arrays(name)
    names = [str(each) for each in kept["names"]]
    if f"outcome|{output}" not in names:
        return None
    shown = kept["shown"][:, names.index(f"outcome|{output}")].astype(np.float64)
    return [float(shown.mean()), *(float(x) for x in np.quantile(shown, [0.05, 0.95]))]
