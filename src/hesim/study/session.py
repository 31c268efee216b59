"""Run a plan in one session: conduct it, settle what came back, and end in good order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import closing

from hesim.execution.engines.engine import Engine, EngineFailed
from hesim.process import signals
from hesim.study.dispatch import conduct
from hesim.study.outputs import Outputs, failures
from hesim.study.points import StudyPlan
from hesim.study.progress import Progress


def run_session(
    outputs: Outputs,
    plan: StudyPlan,
    engine: Engine,
    progress: Progress,
    seconds: float | None = None,
    retry: Collection[int] = (),
    more: Callable[[], Sequence[int]] = lambda: (),
) -> None:
    """Run what is missing of a plan, and bring it to its end, whatever comes between.

    Args:
        outputs: Where reports go.
        plan: What to run.
        engine: Where; it is closed when all is run, so that it takes no room while files are made.
        progress: Told of each run.
        seconds: Of a run, from a pilot; None without one.
        retry: Runs that failed before and are tried again.
        more: Called when all is done; gives further runs, or none to end.

    Raises:
        KeyboardInterrupt: after what was whole was written.
    """
    try:
        try:
            try:
                with closing(engine):
                    progress.start()
                    conduct(outputs, plan, engine, progress, seconds, retry, more)
            except EngineFailed as error:
                outputs.stop(error)
            finally:
                progress.stop()
            outputs.settle()
            outputs.end("incomplete" if failures(outputs.states) else "complete")
        except KeyboardInterrupt:
            with signals.deferred():
                outputs.end("interrupted")
            raise
    except OSError as error:
        outputs.stop(error)
