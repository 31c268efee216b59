"""Run a plan in one session: start the engine, conduct, settle, and say how it ended."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hesim.config import ConfigErrors, Problem, Settings
from hesim.execution.engines.choice import make_engine
from hesim.execution.engines.engine import Engine, EngineFailed
from hesim.execution.task import Procedure
from hesim.process import signals
from hesim.record.manifest import code_facts, versions
from hesim.study.dispatch import conduct
from hesim.study.folder import Study
from hesim.study.plan import StudyPlan
from hesim.study.precision import more_replications
from hesim.study.progress import StudyProgress
from hesim.study.screen import say_end
from hesim.study.store import Store

Say = Callable[[str], None]


class StudyStopped(RuntimeError):
    """The study could not go on; what was done is kept, and the message says how to go on."""


def run_session(
    store: Store,
    plan: StudyPlan,
    engine: Engine,
    seconds: float,
    retry: set[int],
    say: Say,
    show: bool,
) -> Study:
    """Run what is missing of a study, and note the session in its manifest.

    Args:
        store: The study.
        plan: What it is to run.
        engine: Where.
        seconds: Of a run, from the pilot.
        retry: Runs that failed before and are tried again.
        say: Prints a line.
        show: Whether to show progress.

    Raises:
        StudyStopped: the engine is gone, or results cannot be written.
        KeyboardInterrupt: after what was whole was written.
    """
    began = time.monotonic()
    session: dict[str, Any] = {
        "began": now(),
        "where": engine.where(),
        **code_facts(),
        "versions": versions(),
    }
    before = len(store.states) - len(retry)
    sessions = [*store.manifest["sessions"], session]
    with writable(store.folder):
        store.note(status="running", replications=plan.replications, sessions=sessions)
    progress = StudyProgress(plan.runs, before, show, say)

    def go() -> None:
        conduct(
            store, plan, engine, progress, seconds, retry,
            lambda: more_replications(store, plan),
        )  # fmt: skip

    def end(status: str) -> None:
        session["seconds"] = round(time.monotonic() - began, 2)
        session["runs"] = len(store.states) - before
        store.note(status=status, sessions=sessions, failed=len(store.failed))

    def end_early(status: str) -> None:
        try:
            end(status)
        except OSError as error:
            say(f"The manifest cannot be written either: {error}")

    progress.start()
    try:
        attempt(go, store.folder)
        attempt(store.settle, store.folder)
        attempt(lambda: end("incomplete" if store.failed else "complete"), store.folder)
    except KeyboardInterrupt:
        with signals.deferred():
            end_early("interrupted")
            progress.stop()
            done = len(store.done)
            say(f"Interrupted after {done:,} runs; go on with: hesim resume {store.folder}")
        raise
    except StudyStopped:
        end_early("stopped")
        raise
    finally:
        progress.stop()
    made = Study(store.folder)
    say_end(made, say)
    return made


@contextmanager
def writable(folder: Path) -> Iterator[None]:
    """Say in words that nothing can be written to a study, before anything was done.

    Raises:
        ConfigErrors: the disk is full or read-only, or belongs to somebody else.
    """
    try:
        yield
    except OSError as error:
        where = "" if error.filename is None else f"{error.filename}: "
        words = f"cannot be worked at: {where}{error.strerror or error}; nothing was done"
        raise ConfigErrors([Problem("FOLDER", str(folder), words)]) from None


def attempt(action: Callable[[], Any], folder: Path | None) -> Any:
    """Do something; what stops a study becomes words about how to go on."""
    again = "" if folder is None else f"; what was done is kept; go on with: hesim resume {folder}"
    try:
        return action()
    except EngineFailed as error:
        raise StudyStopped(f"{error}{again}") from error
    except OSError as error:
        raise StudyStopped(f"results cannot be written: {error}{again}") from error


@contextmanager
def open_engine(
    settings: Settings, procedure: Procedure, files: Mapping[str, bytes]
) -> Iterator[Engine]:
    """An engine that ends when the block does.

    Raises:
        StudyStopped: it cannot be started.
    """
    try:
        engine = make_engine(settings, procedure, files)
    except EngineFailed as error:
        raise StudyStopped(str(error)) from error
    try:
        yield engine
    finally:
        engine.close()


def now() -> str:
    """The moment, in words that sort."""
    return datetime.now(UTC).isoformat(timespec="seconds")
