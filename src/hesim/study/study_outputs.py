"""Keep what a session of a study gives: rows in its store, and the session in its manifest."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from hesim.config import ConfigErrors, Problem
from hesim.execution.engines.engine import Engine, EngineFailed
from hesim.execution.task import Report
from hesim.files import disk_words
from hesim.input.shells import quoted
from hesim.record.manifest import code_facts, timestamp, versions
from hesim.study.console import Console
from hesim.study.folder import Study
from hesim.study.outputs import failures
from hesim.study.points import StudyPlan
from hesim.study.precision import more_replications
from hesim.study.progress import StudyProgress
from hesim.study.screen import say_end
from hesim.study.session import run_session
from hesim.study.store import Store

Say = Callable[[str], None]
Made = TypeVar("Made")


class StudyStopped(RuntimeError):
    """The study could not go on; what was done is kept, and the message says how to go on."""


class StudyOutputs:
    """The store of a study during a session, which is noted in its manifest.

    Attributes:
        store: The study.
        before: Runs that were there when the session began.
    """

    def __init__(self, store: Store, plan: StudyPlan, where: str, before: int, say: Say) -> None:
        """Note that a session begins, and where; `before` says how many runs there are already.

        Raises:
            ConfigErrors: nothing can be written there.
        """
        self.store, self.before = store, before
        self._say = say
        self._began = time.monotonic()
        self._session: dict[str, Any] = {
            "began": timestamp(),
            "where": where,
            **code_facts(),
            "versions": versions(),
        }
        self._sessions = [*store.manifest["sessions"], self._session]
        with writable(store.folder):
            store.note(status="running", replications=plan.replications, sessions=self._sessions)
            store.undescribe()

    @property
    def states(self) -> Mapping[int, str]:
        """Status of the runs that have ended, by number."""
        return self.store.states

    def add(self, report: Report) -> None:
        """Keep a report; it is on disk after the next flush."""
        self.store.add(report)

    def flush(self) -> None:
        """Write what is held in memory."""
        self.store.flush()

    def settle(self) -> None:
        """Put all parts together."""
        self.store.settle()

    def end(self, status: str) -> None:
        """Note how the session ended."""
        if status != "interrupted":
            self._note(status)
            return
        self._note_early(status)
        done, folder = len(self.store.done), quoted(str(self.store.folder))
        self._say(f"Interrupted after {done:,} runs; go on with: hesim resume {folder}")

    def stop(self, error: EngineFailed | OSError) -> NoReturn:
        """Stop; the study can be resumed.

        Raises:
            StudyStopped: always.
        """
        self._note_early("stopped")
        raise stopped(error, self.store.folder) from error

    def _note(self, status: str) -> None:
        if status != "stopped":
            # The disk may be full then, and the folder may hold parts of which nobody knows.
            self.store.describe()
        self._session["seconds"] = round(time.monotonic() - self._began, 2)
        self._session["runs"] = len(self.states) - self.before
        failed = len(failures(self.states))
        self.store.note(status=status, sessions=self._sessions, failed=failed)

    def _note_early(self, status: str) -> None:
        try:
            self._note(status)
        except OSError as error:
            self._say(f"The manifest cannot be written either: {disk_words(error)}")


def complete_study(
    store: Store,
    plan: StudyPlan,
    engine: Engine,
    seconds: float,
    retry: set[int],
    console: Console,
) -> Study:
    """Run what is missing of a study, and say how it ended.

    Args:
        store: The study.
        plan: What it is to run.
        engine: Where.
        seconds: Of a run, from the pilot.
        retry: Runs that failed before and are tried again.
        console: Tells what goes on, and how the study ended.

    Raises:
        StudyStopped: the engine is gone, or results cannot be written.
        KeyboardInterrupt: after what was whole was written.
    """
    before = len(store.states) - len(retry)
    outputs = StudyOutputs(store, plan, engine.where(), before, console.alert)
    progress = StudyProgress(plan.runs, before, console.progress, console.note)

    def more() -> list[int]:
        return more_replications(store, plan)

    run_session(outputs, plan, engine, progress, seconds, retry, more)
    made = Study(store.folder)
    say_end(made, console.say)
    return made


def stopped(error: EngineFailed | OSError, folder: Path | None = None) -> StudyStopped:
    """What stops a study, in words about how to go on, if it has a folder."""
    again = ""
    if folder is not None:
        again = f"; what was done is kept; go on with: hesim resume {quoted(str(folder))}"
    if isinstance(error, EngineFailed):
        return StudyStopped(f"{error}{again}")
    return StudyStopped(f"results cannot be written: {error}{again}")


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


def attempt(action: Callable[[], Made]) -> Made:
    """Do something that comes before the first run; what stops it becomes words.

    Raises:
        StudyStopped: the engine cannot be started or is gone, or something cannot be written.
    """
    try:
        return action()
    except (EngineFailed, OSError) as error:
        raise stopped(error) from error
