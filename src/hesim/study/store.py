"""Hold the folder of a study: manifest, points, design and parts, with one owner at a time."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hesim.config.folders import STRUCTURE
from hesim.execution.task import OK, Report
from hesim.files import put, sync_folder
from hesim.process import signals
from hesim.process.lease import Lease
from hesim.process.lock import lock_alone
from hesim.record.content import LOCK, SETTINGS
from hesim.record.description import STUDY, Origin, with_descriptions
from hesim.record.format import FORMAT
from hesim.record.outputs import write_rows
from hesim.study import parts
from hesim.study.identity import study_digest
from hesim.study.inspection import Part
from hesim.study.manifest import read_study_manifest, write_study_manifest
from hesim.study.origin import (
    EFFORT,
    SETTINGS_HASH,
    drop_study_package,
    origin_of_study,
    write_study_package,
)
from hesim.study.points import DesignRow, Point, StudyPlan
from hesim.study.rows import Labels
from hesim.study.share_search import COLUMNS
from hesim.study.soundness import DESIGN, POINTS, read_rows, refuse_damage
from hesim.study.uncertainty import Uncertainty, usual_in

if TYPE_CHECKING:
    from hesim.study.arms import Arm

DATA, OWN_CONFIG = "data", "config"
"""Folders of the user's own tables (`data=DIR`) and configuration files (`--config DIR`)."""

FLUSH_RUNS, FLUSH_SECONDS, FLUSH_MOST = 1000, 5.0, 60.0
"""Results go to disk after so many runs or seconds; in long studies after more seconds."""


class InUse(RuntimeError):
    """Another process works at the study."""


class Store:
    """The folder of a study, owned by this process until it is closed."""

    def __init__(self, folder: Path) -> None:
        """Own an existing folder.

        Raises:
            NoStudy: there is none, or it is damaged.
            InUse: another process owns it.
        """
        self.folder = folder
        refuse_damage(folder, read_study_manifest(folder))
        self._lock = own(folder)
        try:
            self.manifest = read_study_manifest(folder)
            (folder / parts.FOLDER).mkdir(exist_ok=True)
            sync_folder(folder)
            self.origin = origin_of_study(self.manifest, folder)
            labels = labels_of(self.manifest, read_points(folder, self.manifest))
            self.labels = replace(labels, origin=self.origin)
            found, self.set_aside = parts.open_parts(folder / parts.FOLDER, self.labels)
        except BaseException:
            self._lock.close()
            raise
        self.parts, self._last = found.parts, found.last
        self.states = found.states()
        self._buffer: list[Report] = []
        self._began = self._flushed = time.monotonic()

    @property
    def done(self) -> set[int]:
        """Numbers of the runs that are whole."""
        return {number for number, status in self.states.items() if status == OK}

    def add(self, report: Report) -> None:
        """Keep a report; it is on disk after the next flush."""
        self._buffer.append(report)
        self.states[report.number] = report.status
        now = time.monotonic()
        pause = min(max(FLUSH_SECONDS, (now - self._began) / 50), FLUSH_MOST)
        if len(self._buffer) >= FLUSH_RUNS or now - self._flushed > pause:
            self.flush()

    def flush(self) -> None:
        """Write what is kept in memory.

        Raises:
            OSError: the disk is full, or the like; what is kept stays in memory.
        """
        # An interrupt between what is on disk and what is noted here would lose parts.
        with signals.deferred():
            if self._buffer:
                self._buffer.sort(key=lambda report: report.number)
                place = self.folder / parts.FOLDER
                self.parts.append(parts.write_part(place, self._next(), self._buffer, self.labels))
                self._buffer = []
                self._merge()
            self._flushed = time.monotonic()

    def settle(self) -> None:
        """Put all parts together as one, sorted: the same bytes whoever made them."""
        self.flush()
        if len(self.parts) > 1 or (self.parts and self.parts[0].level == 0):
            with signals.deferred():
                self.parts = [self._merged(self.parts)]
        # With a precision asked, points have as many as that took: what is missing later shows.
        taken = [0] * len(self.labels.points)
        for number in self.states:
            replication, place = divmod(number, len(taken))
            taken[place] = max(taken[place], replication + 1)
        self.manifest["replications_of_points"] = taken

    def describe(self) -> None:
        """Write what the folder holds into datapackage.json; it holds until the next part."""
        write_study_package(self.folder, self.origin, self.parts)

    def undescribe(self) -> None:
        """Delete datapackage.json, since parts will be written."""
        drop_study_package(self.folder)

    def note(self, **facts: Any) -> None:
        """Write facts into the manifest."""
        self.manifest |= facts
        write_study_manifest(self.folder, self.manifest)

    def close(self) -> None:
        """Let another process have the study."""
        self._lock.close()

    def _merge(self) -> None:
        """Merge when there are many parts of a level, together with all later ones."""
        levels = [part.level for part in self.parts]
        for level in sorted(set(levels)):
            if levels.count(level) >= parts.MERGE:
                first = levels.index(level)
                self.parts = [*self.parts[:first], self._merged(self.parts[first:])]
                return self._merge()
        return None

    def _merged(self, several: list[Part]) -> Part:
        return parts.merge(self.folder / parts.FOLDER, self._next(), several, self.labels)

    def _next(self) -> int:
        self._last += 1
        return self._last


def create(
    lease: Lease,
    plan: StudyPlan,
    data: Mapping[str, bytes],
    config: Mapping[str, bytes],
    manifest: dict[str, Any],
) -> None:
    """Fill the folder of a new study; the manifest comes last, and makes it one.

    Args:
        lease: The hold on its folder, which ends when all but the manifest is there.
        plan: What is run.
        data: The user's own tables by name.
        config: The user's own configuration files by their path in their folder.
        manifest: What else is to stand in the manifest.

    Raises:
        OSError: it cannot be written.
    """
    folder = lease.folder
    (folder / parts.FOLDER).mkdir()
    for place, files in ((DATA, data), (OWN_CONFIG, config)):
        for name, content in files.items():
            (folder / place / name).parent.mkdir(parents=True, exist_ok=True)
            put(folder / place / name, content)
    settings = plan.settings.yaml().encode()
    put(folder / SETTINGS, settings)
    effort = [dict(row) for row in plan.effort]
    if effort:
        write_rows(folder / EFFORT, COLUMNS, effort)
    body = {
        "format": FORMAT,
        **manifest,
        "uncertainties": [asdict(one) for one in plan.uncertainties],
        "arm_levers": {arm.name: list(arm.levers) for arm in plan.arms},
        "points": len(plan.points),
        SETTINGS_HASH: hashlib.sha256(settings).hexdigest(),
    }
    body["files"] = write_plan(folder, plan, origin_of_study(body, folder))
    body |= {"effort": effort} if effort else {}
    # Released first: a study that is whole must never look like one whose making was killed.
    lease.release()
    write_study_manifest(folder, {**body, "study": study_digest(body)})
    sync_folder(folder.parent)


def write_plan(folder: Path, plan: StudyPlan, origin: Origin) -> dict[str, str]:
    """Write points.parquet and design.parquet.

    Args:
        folder: The study.
        plan: What is run.
        origin: What made it.

    Returns:
        Hash of each by its name, for the manifest.
    """
    tables = {POINTS: _points_columns(plan), DESIGN: _design_columns(plan)}
    return {name: _write_table(folder / name, columns, origin) for name, columns in tables.items()}


def labels_of(manifest: Mapping[str, Any], points: Sequence[Point]) -> Labels:
    """What turns the number of a run of a study into names."""
    first_year = int(str(manifest["facts"]["settings"]["start"])[:4])
    return Labels([point.id for point in points], first_year, study_digest(manifest))


def read_points(folder: Path, manifest: Mapping[str, Any]) -> list[Point]:
    """Read points.parquet."""
    return [
        Point(row["number"], row["point"], row["arm"], tuple(json.loads(row["values"]).items()))
        for row in read_rows(folder / POINTS, manifest).to_pylist()
    ]


def stored_plan(
    folder: Path,
    manifest: Mapping[str, Any],
    settings: Any,
    arms: list[Arm],
    replications: int,
    structures: Mapping[str, Any],
) -> StudyPlan:
    """Make the plan of a study from its folder."""
    points = read_points(folder, manifest)
    number = {point.id: point.number for point in points}
    rows, found = [], dict[int, dict[str, Any]]()
    for row in read_rows(folder / DESIGN, manifest).to_pylist():
        cell = (row["arm"], row["scenario"], row["world"], row["draw"])
        places = (number[row["point"]], number[row["baseline"]])
        rows.append(DesignRow(*cell, *places, row.get(STRUCTURE, "")))
        found.setdefault(row["world"], json.loads(row["values"]))
    uncertainties = read_uncertain(manifest)
    return StudyPlan(
        settings,
        arms,
        uncertainties,
        list(found.values()),
        points,
        rows,
        replications,
        structures,
    )


def read_uncertain(manifest: Mapping[str, Any]) -> list[Uncertainty]:
    """The uncertainties of a study from its manifest."""
    return [
        Uncertainty(**{**one, "values": tuple(one["values"])}) for one in manifest["uncertainties"]
    ]


def _points_columns(plan: StudyPlan) -> dict[str, list[Any]]:
    points = plan.points
    levers = {arm.name: list(arm.levers) for arm in plan.arms}
    return {
        "number": [point.number for point in points],
        "point": [point.id for point in points],
        "arm": [point.arm for point in points],
        "levers": [json.dumps(levers[point.arm]) for point in points],
        "values": [json.dumps(dict(point.values)) for point in points],
    }


def _design_columns(plan: StudyPlan) -> dict[str, list[Any]]:
    rows, points = plan.rows, plan.points
    of_structure = {STRUCTURE: [row.structure for row in rows]} if plan.structures else {}
    columns: dict[str, list[Any]] = {
        **of_structure,
        "arm": [row.arm for row in rows],
        "scenario": [row.scenario for row in rows],
        "world": [row.world for row in rows],
        "draw": [row.draw for row in rows],
        "point": [points[row.point].id for row in rows],
        "baseline": [points[row.baseline].id for row in rows],
        "values": [json.dumps(plan.worlds[row.world]) for row in rows],
    }
    for one in plan.uncertainties:
        usual = {name: usual_in(settings, one) for name, settings in plan.each.items()}
        columns[one.path] = [
            plan.worlds[row.world].get(one.path, usual[row.structure]) for row in rows
        ]
    return columns


def _write_table(path: Path, columns: dict[str, list[Any]], origin: Origin) -> str:
    import io

    import pyarrow as pa
    import pyarrow.parquet as pq

    written = io.BytesIO()
    table = with_descriptions(f"{STUDY}/{path.stem}", pa.table(columns), origin)
    pq.write_table(table, written, compression="zstd")
    put(path, written.getvalue())
    return hashlib.sha256(written.getvalue()).hexdigest()


def own(folder: Path) -> Any:
    """Lock the folder; the lock goes when the process does, however it ends.

    Raises:
        InUse: another process has it.
    """
    file = (folder / LOCK).open("a+", encoding="utf-8")
    if not lock_alone(file.fileno()):
        file.seek(0)
        who = file.read().strip() or "another process"
        file.close()
        raise InUse(f"{folder} is in use by {who}; two processes cannot share a study")
    file.seek(0)
    file.truncate()
    file.write(f"process {os.getpid()} on {socket.gethostname()}")
    file.flush()
    return file
