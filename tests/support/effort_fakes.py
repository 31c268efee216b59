"""A stand-in for the model, of which it is known what each lever spends."""

from __future__ import annotations

import numpy as np

from hesim.config import Settings

FIXED = 200_000.0
"""What job_swap spends whatever its share is."""
WHOLE = {
    "meet_and_greet": 50e6,
    "job_swap": 400_000.0,
    "guest_lectures": 30e6,
    "preferred_partner": 600_000.0,
    "abolish_binary": 0.0,
    "single_cao": 0.0,
}
"""What each lever spends with everybody taking part, beside what is fixed."""
VOLUNTEERS = 0.001
"""What the dial of job_swap is by default: as many times that makes as many times the swaps."""
YEARLY = ("meet_and_greet",)
BEGINS = 2014
"""Year in which levers start as a rule."""


def times(lever: str, share: float) -> float:
    """How often people take part, as a share of what everybody does."""
    if lever in YEARLY:
        return 1.0 - (1.0 - share) ** (1.0 / 12.0)
    return share


def known_spending(
    settings: Settings, replication: int, share: object = None
) -> dict[str, np.ndarray]:
    """Crossings and costs that follow from the shares, with noise of seed and replication."""
    years = settings.integer("years")
    rng = np.random.default_rng([settings.integer("seed"), replication])
    whole = gain = 0.0
    for lever, body in settings.mapping("levers").items():
        share_of_all = body["reach"]["share"]
        if lever == "job_swap":
            share_of_all *= body["volunteers"] / VOLUNTEERS
        whole += WHOLE[lever] * times(lever, share_of_all) + FIXED * (lever == "job_swap")
        gain += 40.0 * np.sqrt(share_of_all)
    base = 100.0 + rng.normal(0.0, 5.0, years)
    own = np.random.default_rng([replication, int(gain)]).normal(0.0, 0.5, years) * bool(gain)
    # Nothing is spent before levers start.
    cost = whole * (int(settings.text("start")[:4]) + np.arange(years) >= BEGINS)
    return {
        "wo_to_hbo": base + gain + own,
        "hbo_to_wo": base,
        "lever_cost": cost,
        "lever_cost_low": 0.5 * cost,
        "lever_cost_high": 2.0 * cost,
        "lever_days": cost / 400.0,
        "lever_transfers": np.zeros(years),
    }


def broken_spending(
    settings: Settings, replication: int, share: object = None
) -> dict[str, np.ndarray]:
    """The same, but it fails with everybody taking part."""
    if any(body["reach"]["share"] == 1.0 for body in settings.mapping("levers").values()):
        raise ArithmeticError("this world fails")
    return known_spending(settings, replication)
