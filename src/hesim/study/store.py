"""Hold the folder of a study: manifest, points, design and parts, with one owner at a time."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hesim.run.files import put, sync_folder
from hesim.study import parts
from hesim.study.plan import Plan, Point, Row
from hesim.study.rows import Labels
from hesim.study.running import OK, Report
from hesim.study.uncertainty import Uncertainty

if TYPE_CHECKING:
    from hesim.study.arms import Arm

FORMAT = 1
MANIFEST, SETTINGS, POINTS, DESIGN = (
    "manifest.json",
    "config.yaml",
    "points.parquet",
    "design.parquet",
)
DATA = "data"
LOCK = ".lock"

FLUSH_RUNS, FLUSH_SECONDS, FLUSH_MOST = 1000, 5.0, 60.0
"""Results go to disk after so many runs or seconds; in long studies after more seconds."""


class InUse(RuntimeError):
    """Another process works at the study."""


class NoStudy(ValueError):
    """The folder holds no study."""


class Store:
    """The folder of a study, owned by this process until it is closed."""

    def __init__(self, folder: Path) -> None:
        """Own an existing folder.

        Raises:
            NoStudy: there is none.
            InUse: another process owns it.
        """
        self.folder = folder
        self.manifest = read_manifest(folder)
        self._lock = _own(folder)
        (folder / parts.FOLDER).mkdir(exist_ok=True)
        sync_folder(folder)
        self.parts, self.set_aside = parts.open_parts(folder / parts.FOLDER)
        points = read_points(folder)
        first_year = int(str(self.manifest["facts"]["settings"]["start"])[:4])
        self.labels = Labels([point.id for point in points], first_year)
        self.states = parts.states(self.parts)
        self._buffer: list[Report] = []
        self._began = self._flushed = time.monotonic()

    @property
    def done(self) -> set[int]:
        """Numbers of the runs that are whole."""
        return {number for number, status in self.states.items() if status == OK}

    @property
    def failed(self) -> dict[int, str]:
        """Status of the runs that failed, by number."""
        return {number: status for number, status in self.states.items() if status != OK}

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
            self.parts = [parts.merge(self.folder / parts.FOLDER, self._next(), self.parts)]

    def note(self, **facts: Any) -> None:
        """Write facts into the manifest."""
        self.manifest |= facts
        write_manifest(self.folder, self.manifest)

    def close(self) -> None:
        """Let another process have the study."""
        self._lock.close()

    def _merge(self) -> None:
        """Merge when there are many parts of a level, together with all later ones."""
        levels = [part.level for part in self.parts]
        for level in sorted(set(levels)):
            if levels.count(level) >= parts.MERGE:
                first = levels.index(level)
                made = parts.merge(self.folder / parts.FOLDER, self._next(), self.parts[first:])
                self.parts = [*self.parts[:first], made]
                return self._merge()
        return None

    def _next(self) -> int:
        return 1 + max((part.number for part in self.parts), default=0)


def create(folder: Path, plan: Plan, data: Mapping[str, bytes], manifest: dict[str, Any]) -> None:
    """Make the folder of a new study; the manifest comes last, and makes it one.

    Raises:
        OSError: it cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=False)
    (folder / parts.FOLDER).mkdir()
    if data:
        (folder / DATA).mkdir()
        for name, content in data.items():
            put(folder / DATA / name, content)
    put(folder / SETTINGS, plan.settings.yaml().encode())
    _write_table(folder / POINTS, _points_columns(plan))
    _write_table(folder / DESIGN, _design_columns(plan))
    body = {
        "format": FORMAT,
        **manifest,
        "uncertainties": [asdict(one) for one in plan.uncertainties],
        "arm_levers": {arm.name: list(arm.levers) for arm in plan.arms},
        "points": len(plan.points),
    }
    write_manifest(folder, body)
    sync_folder(folder.parent)


def write_manifest(folder: Path, body: Mapping[str, Any]) -> None:
    """Write manifest.json."""
    put(folder / MANIFEST, (json.dumps(body, indent=2, default=str) + "\n").encode())


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read manifest.json.

    Raises:
        NoStudy: there is none, or it is none of a study.
    """
    try:
        body: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NoStudy(f"{folder} holds no study: there is no {MANIFEST} in it") from None
    except ValueError as error:
        raise NoStudy(f"{folder}: {MANIFEST} cannot be read: {error}") from None
    if "plan_sha256" not in body.get("facts", {}):
        raise NoStudy(f"{folder} holds no study but a run; see `hesim report`")
    return body


def read_points(folder: Path) -> list[Point]:
    """Read points.parquet."""
    import pyarrow.parquet as pq

    rows = pq.read_table(folder / POINTS).to_pylist()
    return [
        Point(row["number"], row["point"], row["arm"], tuple(json.loads(row["values"]).items()))
        for row in rows
    ]


def read_plan(folder: Path, settings: Any, arms: list[Arm], replications: int) -> Plan:
    """Make the plan of a study from its folder."""
    import pyarrow.parquet as pq

    points = read_points(folder)
    number = {point.id: point.number for point in points}
    rows = [
        Row(
            row["arm"], row["scenario"], row["world"], row["draw"],
            number[row["point"]], number[row["baseline"]],
        )
        for row in pq.read_table(folder / DESIGN).to_pylist()
    ]  # fmt: skip
    uncertainties = read_uncertain(read_manifest(folder))
    found: dict[int, dict[str, Any]] = {}
    for row in pq.read_table(folder / DESIGN).to_pylist():
        found.setdefault(row["world"], json.loads(row["values"]))
    return Plan(settings, arms, uncertainties, list(found.values()), points, rows, replications)


def read_uncertain(manifest: Mapping[str, Any]) -> list[Uncertainty]:
    """The uncertainties of a study from its manifest."""
    return [
        Uncertainty(**{**one, "values": tuple(one["values"])}) for one in manifest["uncertainties"]
    ]


def _points_columns(plan: Plan) -> dict[str, list[Any]]:
    points = plan.points
    levers = {arm.name: list(arm.levers) for arm in plan.arms}
    return {
        "number": [point.number for point in points],
        "point": [point.id for point in points],
        "arm": [point.arm for point in points],
        "levers": [json.dumps(levers[point.arm]) for point in points],
        "values": [json.dumps(dict(point.values)) for point in points],
    }


def _design_columns(plan: Plan) -> dict[str, list[Any]]:
    rows, points = plan.rows, plan.points
    columns: dict[str, list[Any]] = {
        "arm": [row.arm for row in rows],
        "scenario": [row.scenario for row in rows],
        "world": [row.world for row in rows],
        "draw": [row.draw for row in rows],
        "point": [points[row.point].id for row in rows],
        "baseline": [points[row.baseline].id for row in rows],
        "values": [json.dumps(plan.worlds[row.world]) for row in rows],
    }
    for one in plan.uncertainties:
        given = [world.get(one.path, one.usual) for world in plan.worlds]
        columns[one.path] = [given[row.world] for row in rows]
    return columns


def _write_table(path: Path, columns: dict[str, list[Any]]) -> None:
    import io

    import pyarrow as pa
    import pyarrow.parquet as pq

    written = io.BytesIO()
    pq.write_table(pa.table(columns), written, compression="zstd")
    put(path, written.getvalue())


def _own(folder: Path) -> Any:
    """Lock the folder; the lock goes when the process does, however it ends."""
    file = (folder / LOCK).open("a+", encoding="utf-8")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.seek(0)
        who = file.read().strip() or "another process"
        file.close()
        raise InUse(f"{folder} is in use by {who}; two processes cannot share a study") from None
    file.seek(0)
    file.truncate()
    file.write(f"process {os.getpid()} on {socket.gethostname()}")
    file.flush()
    return file
