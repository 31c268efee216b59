"""Keep what a run gives, and write it at the end: tables, summary, figures and manifest."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from hesim.execution.engines.engine import EngineFailed
from hesim.execution.task import FAILED, Report
from hesim.files import disk_words, file_hashes
from hesim.levers.arms import BASELINE
from hesim.levers.dates import months_of
from hesim.levers.own_process import process_hashes
from hesim.outcomes.candidates import CandidateFates
from hesim.process import signals
from hesim.record import folders, recipe, results
from hesim.record.manifest import code_facts, run_code, timestamp, write_manifest
from hesim.study.outputs import failures
from hesim.study.run_plan import run_name

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.process.lease import Lease
    from hesim.record.replication import Replication
    from hesim.study.points import StudyPlan
    from hesim.study.run_screen import Screen
    from hesim.tables import ReportTables


class RunFailed(RuntimeError):
    """Every replication failed, or the results could not be written; the message says why."""


@dataclass
class RunOutputs:
    """The files of a run: they wait in a hidden folder, which gets its name when all are whole.

    Attributes:
        settings: The composed config.
        tables: The report's tables.
        plan: What is run.
        lease: The hold on the hidden folder.
        folder: Name of the folder; the one that it got, once the run has ended.
        screen: Tells the user.
        draw: Draws the figures.
        warnings: What may mislead.
        workers: Processes that simulate.
        reports: What came back, by number.
        rows: Rows of summary.csv, once they are written.
        status: How the run ended; empty until then.
    """

    settings: Settings
    tables: ReportTables
    plan: StudyPlan
    lease: Lease
    folder: Path
    screen: Screen
    draw: results.Draw
    warnings: list[str]
    workers: int = 1
    reports: dict[int, Report] = field(default_factory=dict)
    rows: results.Rows = field(default_factory=list)
    status: str = ""

    def __post_init__(self) -> None:
        """Write down what the run is made from.

        Raises:
            RunFailed: nothing can be written there.
        """
        self._wall, self._cpu = time.perf_counter(), _cpu_seconds()
        # As it is now, not as it may be when the run ends.
        self._made_by, self._model, self._created = code_facts(), run_code(), timestamp()
        try:
            recipe.write_recipe(self.lease.folder, self.settings)
        except OSError as error:
            self.stop(error)

    @property
    def states(self) -> Mapping[int, str]:
        """Status of the worlds that have ended, by number."""
        return {number: report.status for number, report in self.reports.items()}

    @property
    def failed(self) -> dict[int, str]:
        """What went wrong, by number of the world."""
        return {number: self.reports[number].error for number in failures(self.states)}

    def whole(self) -> list[Replication]:
        """What came of the replications of which every arm is there, by replication and arm."""
        count = len(self.plan.points)
        good = {n: report.made for n, report in self.reports.items() if report.made is not None}
        sets = (range(k * count, (k + 1) * count) for k in range(self.plan.replications))
        return [good[n] for numbers in sets if good.keys() >= set(numbers) for n in numbers]

    def add(self, report: Report) -> None:
        """Keep a report."""
        self.reports[report.number] = report

    def flush(self) -> None:
        """Do nothing: the files of a run are written at its end."""

    def settle(self) -> None:
        """Write tables and figures; an interrupt may stop it, as drawing may take long."""
        self._write(self.draw)

    def end(self, status: str) -> None:
        """Write the manifest and give the folder its name; after that nothing changes any more."""
        if self.status:
            # An interrupt that waited until the folder had its name.
            return
        with signals.deferred():
            if status == "interrupted":
                # Without what can be made from the tables later.
                self._write(None)
            elif status == "incomplete" and not self.whole():
                status = "failed"
            self.status = status
            self.folder = folders.settle(self.lease, self.folder, self._note)
        if status == "interrupted":
            done, asked = len(self._done()), self.plan.replications
            words = f"Interrupted; {done} of {asked} replications are whole, see {self.folder}"
            self.screen.alert(words)

    def stop(self, error: EngineFailed | OSError) -> None:
        """Go on without an engine that is gone: of the rest it is told why it is not there.

        Raises:
            RunFailed: results cannot be written.
        """
        if isinstance(error, OSError):
            words = f"the results cannot be written to {self.folder}: {disk_words(error)}"
            raise RunFailed(words) from error
        for number in range(self.plan.runs):
            self.reports.setdefault(number, Report(number, FAILED, None, 0.0, str(error)))

    def _write(self, draw: results.Draw | None) -> None:
        work = self.lease.folder
        self.rows = results.write_results(
            work, self.settings, self.tables, self.whole(), draw, self._made_by
        )

    def _done(self) -> list[int]:
        return sorted({each.number for each in self.whole()})

    def _note(self, name: Path) -> None:
        failed = self.failed
        write_manifest(
            self.lease.folder,
            status=self.status,
            created=self._created,
            output=str(name),
            seed=self.settings.integer("seed"),
            replications={
                "asked": self.plan.replications,
                "done": self._done(),
                "failed": {run_name(self.plan, n): words for n, words in failed.items()},
            },
            arms=[arm.name for arm in self.plan.arms],
            changed_settings=list(self.settings.changed()),
            data_sha256=self.tables.hashes,
            files=file_hashes(self.lease.folder),
            workers=self.workers,
            wall_seconds=round(time.perf_counter() - self._wall, 2),
            cpu_seconds=round(_cpu_seconds() - self._cpu, 2),
            milliseconds_a_month=self._milliseconds(),
            **self._made_by,
            model_sha256=self._model,
            processes_sha256=process_hashes(self.settings),
            warnings=self.warnings,
            doctors=self._doctors(),
        )

    def _doctors(self) -> dict[str, int]:
        """What becomes of PhD candidates in the worlds without levers; see `CandidateFates`."""
        found = [each.doctors for each in self.whole() if each.arm == BASELINE]
        return {name: sum(getattr(each, name) for each in found) for name in CandidateFates._fields}

    def _milliseconds(self) -> dict[str, float]:
        """CPU milliseconds a month by event in the order of the month, the mean over all worlds."""
        good, months = self.whole(), months_of(self.settings)
        events = list(good[0].profile) if good else []
        return {
            event: round(1000.0 * sum(r.profile[event] for r in good) / len(good) / months, 4)
            for event in events
        }


def _cpu_seconds() -> float:
    """CPU seconds so far of this process and of the children that have ended."""
    spent = os.times()
    return time.process_time() + spent.children_user + spent.children_system
