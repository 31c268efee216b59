"""Turn reports into rows: one a run, outcome and year, and one a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hesim.execution.task import Report
from hesim.record.description import Origin
from hesim.study.branches import BranchOutcomes

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Labels:
    """Names that turn a run's number into a point and a replication.

    Attributes:
        points: Ids by number of the point.
        first_year: Calendar year of the first value.
        study: Digest of what the study is, which stands in each of its parts.
        origin: What made the study, for what parts say of themselves; None where none is written.
    """

    points: Sequence[str]
    first_year: int
    study: str
    origin: Origin | None = None


RESULTS = {
    "run": "int64",
    "point": "string",
    "replication": "int32",
    "outcome": "string",
    "year": "int16",
    "value": "double",
}
"""Columns of a file of results and their types in Arrow."""

STATUS = {
    "run": "int64",
    "point": "string",
    "replication": "int32",
    "status": "string",
    "seconds": "float",
    "error": "string",
}
"""Columns of a file of the runs' status and their types in Arrow."""


def results_table(reports: Sequence[Report], labels: Labels) -> pa.Table:
    """One row for each run, outcome and year."""
    import pyarrow as pa

    good = [report for report in reports if report.made is not None]
    sizes = [report.made.values.size for report in good]
    number = np.repeat(np.array([report.number for report in good], np.int64), sizes)
    years, names, values = [], [], []
    vocabulary: dict[str, int] = {}
    for report in good:
        made: BranchOutcomes = report.made
        codes = [vocabulary.setdefault(name, len(vocabulary)) for name in made.names]
        names.append(np.repeat(np.array(codes, np.int32), made.values.shape[1]))
        years.append(np.tile(np.arange(made.values.shape[1]), made.values.shape[0]))
        values.append(made.values.ravel())
    return pa.table(
        {
            "run": number,
            "point": _point(number, labels),
            "replication": (number // len(labels.points)).astype(np.int32),
            "outcome": _dictionary_column(_join(names, np.int32), list(vocabulary)),
            "year": (_join(years, np.int64) + labels.first_year).astype(np.int16),
            "value": _join(values, np.float64),
        }
    )


def status_table(reports: Sequence[Report], labels: Labels) -> pa.Table:
    """One row for each run."""
    import pyarrow as pa

    number = np.array([report.number for report in reports], np.int64)
    return pa.table(
        {
            "run": number,
            "point": _point(number, labels),
            "replication": (number // len(labels.points)).astype(np.int32),
            "status": pa.array([report.status for report in reports], pa.string()),
            "seconds": np.array([report.seconds for report in reports], np.float32),
            "error": pa.array([report.error for report in reports], pa.string()),
        }
    )


def _point(number: np.ndarray[Any, Any], labels: Labels) -> Any:
    return _dictionary_column((number % len(labels.points)).astype(np.int32), list(labels.points))


def _dictionary_column(codes: np.ndarray[Any, Any], names: list[str]) -> Any:
    import pyarrow as pa

    used, inverse = np.unique(codes, return_inverse=True)
    chosen = pa.array([names[code] for code in used], pa.string())
    return pa.DictionaryArray.from_arrays(pa.array(inverse.astype(np.int32)), chosen)


def _join(arrays: list[Any], kind: Any) -> Any:
    return np.concatenate(arrays) if arrays else np.zeros(0, kind)
