"""Run replications and leave their results behind: `run(...)` and `load(folder)`."""

from __future__ import annotations

from hesim.run.api import RunFailed, run
from hesim.run.opened import Run, load

__all__ = ["Run", "RunFailed", "load", "run"]
