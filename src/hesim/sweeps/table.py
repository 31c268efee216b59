"""Hold one table over the jobs of a sweep, which each job adds its row to from its own process."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from hesim.files import put

TABLE = "jobs.csv"
ROWS = "rows"
"""Folder of the rows that the table is made from."""
RUNNING, DIED = "running", "died"
"""What a row says while its job runs, and of a job whose process ended before it."""
COMPLETE = "complete"


@dataclass(frozen=True)
class SweepJob:
    """A row of the table.

    Attributes:
        job: Number of the job, from 0.
        overrides: What varies, as it was set for this job.
        folder: Where its run or study is.
        status: `complete`, or what became of it.
        objective: What it handed back; not a number without one.
        unit: Unit of the objective.
        arm: The arm that the objective belongs to.
        seconds: Wall time.
        words: What went wrong.
    """

    job: int
    overrides: str
    folder: str = ""
    status: str = RUNNING
    objective: float = math.nan
    unit: str = ""
    arm: str = ""
    seconds: float = math.nan
    words: str = ""


COLUMNS = tuple(field.name for field in fields(SweepJob))


def write_row(folder: Path, job: SweepJob) -> None:
    """Write the row of a job, and the table with all rows that there are now."""
    place = folder / ROWS
    place.mkdir(parents=True, exist_ok=True)
    put(place / f"{job.job:06}.json", json.dumps(asdict(job)).encode())
    write_table(folder, job_rows(folder))


def job_rows(folder: Path) -> list[SweepJob]:
    """The rows that jobs have written so far, by number."""
    files = sorted((folder / ROWS).glob("*.json"))
    return [SweepJob(**json.loads(file.read_text(encoding="utf-8"))) for file in files]


def close(folder: Path) -> list[SweepJob]:
    """Write the table of a sweep that has ended, and clear its single rows away.

    A job that still counts as running has lost its process.
    """
    ended = [
        replace(each, status=DIED, words="its process ended before it")
        if each.status == RUNNING
        else each
        for each in job_rows(folder)
    ]
    write_table(folder, ended)
    for file in (folder / ROWS).glob("*.json"):
        file.unlink()
    if (folder / ROWS).is_dir():
        (folder / ROWS).rmdir()
    return ended


def write_table(folder: Path, jobs: Sequence[SweepJob]) -> None:
    """Write the table; a number that does not exist is left empty."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for each in jobs:
        values = asdict(each)
        for name, value in values.items():
            if isinstance(value, float):
                values[name] = "" if math.isnan(value) else repr(value)
        values["seconds"] = "" if math.isnan(each.seconds) else f"{each.seconds:.1f}"
        writer.writerow(values)
    put(folder / TABLE, text.getvalue().encode())
