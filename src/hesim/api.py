"""Run the model from Python: simulate all replications and leave one folder behind."""

from __future__ import annotations

from hesim.charts import draw_all
from hesim.config import Settings
from hesim.record.run_folder import Run
from hesim.scenario import compose
from hesim.study.branches import Work
from hesim.study.run_launch import launch_run
from hesim.study.run_outputs import RunFailed

__all__ = ["RunFailed", "run"]

SHORT = {"scale": "population.scale"}
"""Names of Python's keywords for settings whose dotted path is no keyword."""


def run(
    *,
    settings: Settings | None = None,
    show: bool = False,
    simulate: Work | None = None,
    **overrides: object,
) -> Run:
    """Simulate all replications and write the results.

    Args:
        settings: Composed settings; else they are composed from the overrides.
        show: Print progress and results.
        simulate: Another model, called with settings and the replication's number; with workers
            it must stand in a module that they can import.
        **overrides: Settings, as `years=5`, `scale=0.1` or `**{"population.scale": 0.1}`.

    Raises:
        ConfigErrors: settings that cannot hold, or an output folder that exists.
        RunFailed: every replication failed, or the results could not be written.
        KeyboardInterrupt: after the replications that were whole are written.
    """
    if settings is None:
        settings = compose(extra={SHORT.get(key, key): value for key, value in overrides.items()})
    elif overrides:
        raise TypeError("give settings or overrides, not both")
    return launch_run(settings, draw_all, show, simulate)
