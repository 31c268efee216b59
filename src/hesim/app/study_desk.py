"""Begin studies of visitors' scenarios in processes of their own, and say how far they are."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from hesim.app.scenarios import ScenarioRefusal
from hesim.config import ConfigErrors
from hesim.config.writing import override_of
from hesim.files import put
from hesim.record.content import MANIFEST, typed_command, typed_path
from hesim.record.folders import refuse_unwritable
from hesim.study.manifest import resume_command
from hesim.study.output_folder import DEFAULT

RUNS = 8
"""Replications of a study that is made from the page."""
PAUSE = 2.0
"""Seconds between two looks at a study that runs."""
SETTINGS = "config.yaml"


@dataclass
class BegunStudy:
    """A study that was begun from the page.

    Attributes:
        folder: Its folder.
        given: Folder with the settings that it was begun with.
        process: The process that runs it.
        done: Runs that are whole.
        planned: Runs of the plan; 0 while it is prepared.
        status: `preparing`, `running`, `complete`, `stopped` or `failed`.
    """

    folder: Path
    given: Path
    process: subprocess.Popen[bytes]
    done: int = 0
    planned: int = 0
    status: str = "preparing"

    @property
    def name(self) -> str:
        """Name of the folder."""
        return self.folder.name

    @property
    def resume(self) -> str:
        """The command that goes on with it."""
        return resume_command(self.folder)

    @property
    def opening(self) -> str:
        """The command that opens it."""
        return typed_command("hesim", "view", typed_path(self.folder))

    def look(self) -> bool:
        """See how far it is; whether anything has changed."""
        before = self.done, self.planned, self.status
        ended = self.process.poll()
        if (self.folder / MANIFEST).is_file():
            self._count()
            self.status = "running"
        if ended is not None:
            whole = self.planned > 0 and self.done == self.planned
            self.status = "complete" if whole else "stopped" if self.planned else "failed"
        return before != (self.done, self.planned, self.status)

    def _count(self) -> None:
        from hesim.study.folder import Study
        from hesim.study.manifest import NoStudy

        try:
            counts = Study(self.folder).completeness
        except (NoStudy, OSError, ValueError):
            # It is being written at this very moment: the next look sees more.
            return
        self.done, self.planned = counts.whole, counts.planned

    def last_words(self) -> str:
        """The end of what the command said."""
        try:
            said = log_of(self.folder).read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""
        return " ".join(said.split())[-400:]


@dataclass
class StudyDesk:
    """The studies that were begun from the pages of one server; the latest last."""

    studies: list[BegunStudy] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, name: str, settings: str, show: Callable[[], None]) -> BegunStudy:
        """Write the settings of a study and run it, in a process that outlives the server.

        Args:
            name: What the scenario is called.
            settings: Text of the file that `hesim study --config` takes.
            show: Called whenever the study has come further.

        Raises:
            ScenarioRefusal: Another one runs, or nothing can be written.
        """
        with self._lock:
            if any(each.process.poll() is None for each in self.studies):
                raise ScenarioRefusal("study_busy")
            folder = DEFAULT.absolute() / f"{_file_name(name)}_{datetime.now():%Y-%m-%d_%H-%M-%S}"
            given = folder.with_name(f"{folder.name}_settings")
            try:
                refuse_unwritable(folder)
                given.mkdir(parents=True)
                put(given / SETTINGS, settings.encode())
                process = _started(given, folder)
            except (ConfigErrors, OSError) as error:
                raise ScenarioRefusal("study_unwritable", why=str(error)) from None
            study = BegunStudy(folder, given, process)
            self.studies.append(study)
        threading.Thread(target=_follow, args=(study, show), daemon=True).start()
        return study


def log_of(folder: Path) -> Path:
    """Where a study that was begun from the page says what goes on."""
    return folder.with_name(f"{folder.name}.log")


def _started(given: Path, folder: Path) -> subprocess.Popen[bytes]:
    words = ["study", "--config", str(given), override_of("output", str(folder))]
    with log_of(folder).open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "hesim", *words],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            # A session of its own: Ctrl-C at the server does not end it.
            start_new_session=True,
        )


def _follow(study: BegunStudy, show: Callable[[], None]) -> None:
    while study.process.poll() is None:
        if study.look():
            show()
        try:
            study.process.wait(PAUSE)
        except subprocess.TimeoutExpired:
            continue
    study.look()
    show()


def _file_name(name: str) -> str:
    """A name as a folder may have it on every system."""
    return re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_") or "scenario"
