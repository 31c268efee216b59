"""A run of the model itself, as small as one can be, for tests of its folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import hesim.api
from hesim.record.run_folder import Run


def tiny_run(folder: Path, replications: int = 1, **more: Any) -> Run:
    """Run one year of a hundredth of the population; its tables hold counts as simulated."""
    made = hesim.api.run(
        scale=0.01,
        years=1,
        burn_in=1,
        replications=replications,
        workers=1,
        output=str(folder),
        **more,
    )
    return made.at_scale("model")
