"""A stand-in for the model whose levers do otherwise in each structure."""

from __future__ import annotations

import numpy as np
import study_fakes

from hesim.config import Settings

GAINS = {
    "standing": {"job_swap": 9.0, "meet_and_greet": 4.0, "single_cao": 2.0},
    "growing": {"job_swap": 3.0, "meet_and_greet": 6.0, "single_cao": -2.0},
}
"""What each lever adds, a year."""
LEVELS = {"standing": 0.0, "growing": 40.0}
"""What a world has more than that of the structure in force."""


def by_structure(settings: Settings, replication: int) -> study_fakes.Outcomes:
    """Levels and effects of the structure, with noise of the replication and the levers."""
    made = study_fakes.effect(settings, replication)
    structure, levers = settings.text("structure"), sorted(settings.mapping("levers"))
    gain = np.full(settings.integer("years"), LEVELS[structure])
    for number, name in enumerate(levers):
        rng = np.random.default_rng([replication, number, len(name)])
        gain += GAINS[structure][name] + rng.normal(0.0, 0.5, gain.size)
    return {**made, "wo_to_hbo": made["wo_to_hbo"] + gain, "flow.wo.hbo": made["wo_to_hbo"] + gain}
