"""Show a run that was recorded: its tables, one replication watched and all for the intervals."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hesim.app.outcomes import OutcomeFollower
from hesim.app.snapshot import ArmRecord, Snapshot
from hesim.charts.level import Level
from hesim.levers.arms import weakest_grade
from hesim.levers.catalogue import describe
from hesim.levers.registry import has_participants
from hesim.record.archive import Folder
from hesim.record.places import read_places
from hesim.record.run_folder import Run

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hesim.config import Settings
    from hesim.levers.catalogue import Description
    from hesim.tables import ReportTables


class Recording:
    """A run's folder, looked at month by month; has what `session.Session` has.

    Attributes:
        settings: The run's settings.
        snapshot: All of the run, with the month looked at, and the months in which levers begin.
        levers: Its levers, by name.
        participants: Rows of participants_summary.csv; None where somebody could take part and the
            folder holds none.
    """

    def __init__(
        self,
        folder: Path,
        settings: Settings,
        tables: ReportTables,
        shared: dict[str, list[ArmRecord]],
    ) -> None:
        """Open a folder that was checked before.

        Args:
            folder: The run's folder.
            settings: Its settings.
            tables: The report's tables.
            shared: What `read_arms` read; visitors share it, for nobody changes it.
        """
        self.folder, self.settings, self.tables = folder, settings, tables
        months = 12 * settings.integer("years")
        begun = begun_levers(settings)
        self.snapshot = Snapshot(
            places=read_places(tables),
            scale=settings.number("population.scale"),
            horizon=months,
            month=months,
            arms={name: many[0] for name, many in shared.items()},
            others={name: tuple(many[1:]) for name, many in shared.items()},
            changes=tuple(sorted(begun)),
            summaries={arm: summary(folder, arm) for arm in shared},
            begun=begun,
        )
        self.levers = {key: describe(key, body) for key, body in settings.mapping("levers").items()}
        self.participants = participant_rows_of(folder, settings, self.levers)

    @property
    def month(self) -> int:
        """Months looked at so far."""
        return self.snapshot.month

    @property
    def horizon(self) -> int:
        """Months recorded."""
        return self.snapshot.horizon

    @property
    def over(self) -> bool:
        """Whether the last month is looked at."""
        return self.snapshot.over

    def step(self) -> None:
        """Look at the next month."""
        self.seek(self.month + 1)

    def publish(self) -> None:
        """Nothing to do: a recorded run is whole."""

    def seek(self, month: int) -> bool:
        """Look at another month."""
        self.snapshot = replace(self.snapshot, month=max(1, min(month, self.horizon)))
        return True

    def close(self) -> None:
        """Let the tables go, as far as no other visitor looks at them."""
        self.snapshot = replace(self.snapshot, arms={}, others={})


def begun_levers(settings: Settings) -> dict[int, tuple[str, ...]]:
    """Names of the levers of a run by the recorded month in which they begin; 0 is the first."""
    start = settings.text("start")
    found: dict[int, list[str]] = {}
    for key, body in settings.mapping("levers").items():
        month = _months_of(str(body.get("start") or start)) - _months_of(start)
        found.setdefault(max(month, 0), []).append(key)
    return {month: tuple(sorted(keys)) for month, keys in sorted(found.items())}


def _months_of(month: str) -> int:
    """A month as `2014-01`, in months."""
    return 12 * int(month[:4]) + int(month[5:7])


def read_arms(folder: Path, settings: Settings, tables: ReportTables) -> dict[str, list[ArmRecord]]:
    """Read all replications of all arms of a run's folder."""
    places = read_places(tables)
    months = 12 * settings.integer("years")
    source = Folder(folder, places, settings.text("start"), months)
    found: dict[str, list[ArmRecord]] = {}
    for arm, numbers in source.arms().items():
        for number in numbers:
            record = source.record(arm, number)
            found.setdefault(arm, []).append(ArmRecord(record, OutcomeFollower(record, places)))
    return found


def participant_rows_of(
    folder: Path, settings: Settings, levers: Mapping[str, Description]
) -> list[dict[str, Any]] | None:
    """Read participants_summary.csv of a run's folder.

    Args:
        folder: The run's folder.
        settings: Its settings.
        levers: Its levers, by name.

    Returns:
        The rows, each with the grade that it rests on; None where there is no such file though
        somebody could take part.
    """
    if not (folder / "participants_summary.csv").exists():
        personal = any(has_participants(lever.mechanisms) for lever in levers.values())
        return None if personal else []
    rows: list[dict[str, Any]] = Run(folder).participants_summary.to_dict("records")  # type: ignore[assignment]
    grade = weakest_grade(settings)
    return [{**row, "grade": grade} for row in rows]


def summary(folder: Path, arm: str) -> dict[str, Level]:
    """Means by year with their intervals from summary.csv, at full scale.

    Args:
        folder: The run's folder.
        arm: Name of the arm.
    """
    import csv

    from hesim.outcomes.summary import is_year

    values: dict[str, list[tuple[float, ...]]] = {}
    with (folder / "summary.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["arm"] == arm and is_year(row):
                numbers = (float(row[key] or "nan") for key in Level._fields[:3])
                values.setdefault(row["outcome"], []).append((*numbers, float(row["replications"])))
    found = {}
    for name, rows in values.items():
        mean, low, high, runs = np.array(rows).T
        found[name] = Level(mean, low, high, runs.astype(np.int64))
    return found
