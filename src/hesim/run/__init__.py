"""Run replications and leave their results behind: `run(...)` and `load(folder)`."""

from __future__ import annotations

from hesim.run.api import Run, RunFailed, load, run

__all__ = ["Run", "RunFailed", "load", "run"]
