"""Hold what this server shows: a live run's settings, or the folder of a run or study."""

from __future__ import annotations

import copy
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from hesim.app.outcome_store import OutcomeStore
from hesim.app.study_desk import StudyDesk
from hesim.app.worker import Workers

if TYPE_CHECKING:
    from hesim.app.recording import Recording
    from hesim.app.session import Session
    from hesim.app.snapshot import ArmRecord
    from hesim.app.study_answers import StudyAnswers
    from hesim.app.words import Words
    from hesim.config import Settings
    from hesim.model.higher_education import HigherEducation
    from hesim.tables import ReportTables


@dataclass
class Served:
    """What every visitor starts from.

    Attributes:
        settings: Composed settings; of a recorded run, its own.
        tables: The report's tables.
        folder: Folder of a recorded run or study, None for a live run.
        kind: `live`, `run` or `study`.
        heldout: Whether the figures held out of calibration may be shown.
        overrides: Settings changed on the command line, as `key=value`.
        answers: The study that is shown, if one is.
        lever_words: Settings of a recorded run's levers, as `key=value`.
        visits: Visitors who are there.
        workers: The processes that simulate replications, quick answers and replays.
        outcomes: Outcomes of worlds that were simulated for any visitor.
        studies: Studies that were begun from the page.
        writes: Whether visitors may have studies written on this machine.
        extra: Settings of a recorded run by dotted path, to replay it.
        config: The user's own folder of settings files.
    """

    settings: Settings
    tables: ReportTables
    folder: Path | None = None
    kind: str = "live"
    heldout: bool = False
    overrides: tuple[str, ...] = ()
    config: str | None = None
    extra: dict[str, object] = field(default_factory=dict)
    lever_words: tuple[str, ...] = ()
    answers: StudyAnswers | None = None
    visits: set[object] = field(default_factory=set)
    workers: Workers = field(default_factory=Workers)
    outcomes: OutcomeStore = field(default_factory=OutcomeStore)
    studies: StudyDesk = field(default_factory=StudyDesk)
    writes: bool = True
    _recorded: dict[str, list[ArmRecord]] = field(default_factory=dict)
    _first: HigherEducation | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def prepare(self) -> None:
        """Build the run that visitors start with, so that nobody waits for it."""
        if self.answers is not None:
            self.answers.rows()
            return
        if self.folder is not None:
            from hesim.app.recording import read_arms

            self._recorded = read_arms(self.folder, self.settings, self.tables)
            return
        from hesim.app.outcome_store import be_ready
        from hesim.app.session import Session
        from hesim.levers.arms import BASELINE

        # The process that visitors wait for starts meanwhile.
        self.workers.submit(be_ready, lane="quick")
        self._first = Session(self.settings, self.tables).model(BASELINE)

    def session(self, settings: Settings) -> Session:
        """A run of a visitor's own.

        Args:
            settings: Composed settings; those of the server cost nothing.
        """
        from hesim.app.session import Session

        ready = None
        if self._first is not None and settings is self.settings:
            with self._lock:
                ready = copy.deepcopy(self._first)
        return Session(settings, self.tables, ready)

    def recording(self) -> Recording:
        """The recorded run, with a place of the visitor's own in it."""
        from hesim.app.recording import Recording

        assert self.folder is not None
        return Recording(self.folder, self.settings, self.tables, self._recorded)

    def reported(self, name: str, words: Words) -> tuple[float, float, str] | None:
        """The report's figure beside an outcome, or None: lowest, highest, a word on it.

        What was held out of calibration shows only when asked for (`heldout=true`).
        """
        from hesim.study.heldout import TEACHING
        from hesim.study.run_screen import INPUTS

        if name in INPUTS:
            value = self.tables.macro_value(*INPUTS[name])
            return value, value, words("report_input")
        if name in TEACHING and self.heldout:
            flows = [float(getattr(flow, TEACHING[name])) for flow in self.tables.flows_1_1]
            return min(flows), max(flows), words("report_heldout")
        return None


_current: Served | None = None


def serve(what: Served) -> None:
    """Say what this server shows."""
    global _current
    _current = what


def current() -> Served:
    """What this server shows."""
    if _current is None:
        raise RuntimeError("the page is opened by `hesim view`, which says what to show")
    return _current
