"""Write a run's tables: each file under a temporary name first, then renamed."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa

    from hesim.survey.replicate import Replication

TABLES = ("stocks", "flows", "vacancies", "movers")
SURVEY_COLUMNS = (
    "arm", "replication", "year", "table", "block", "item", "label_nl", "group", "kind",
    "percent", "n", "note", "percent_movers",
)  # fmt: skip
BASELINE = "baseline"


def put(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    part = path.with_name(path.name + ".part")
    part.write_bytes(content)
    os.replace(part, path)


def arrow_table(columns: Mapping[str, Any], replication: int, arm: str = BASELINE) -> pa.Table:
    """Make an Arrow table of a replication's columns, names as dictionaries."""
    import pyarrow as pa

    rows = max((_length(column) for column in columns.values()), default=0)
    arrays: dict[str, Any] = {
        "arm": _named(np.zeros(rows, np.int32), (arm,)),
        "replication": pa.array(np.full(rows, replication, np.int32)),
    }
    for name, column in columns.items():
        if hasattr(column, "codes"):
            arrays[name] = _named(column.codes, column.names)
        else:
            arrays[name] = pa.array(np.ascontiguousarray(column))
    return pa.table(arrays)


def _length(column: Any) -> int:
    return int(column.codes.size if hasattr(column, "codes") else column.size)


def _named(codes: np.ndarray[Any, Any], names: tuple[str, ...]) -> Any:
    import pyarrow as pa

    return pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), pa.array(names, pa.string()))


def write_parquet(path: Path, tables: Iterable[pa.Table]) -> None:
    """Write Arrow tables under one another as one Parquet file, the same bytes each time."""
    import io

    import pyarrow as pa
    import pyarrow.parquet as pq

    whole = pa.concat_tables(list(tables)).unify_dictionaries().combine_chunks()
    buffer = io.BytesIO()
    pq.write_table(whole, buffer, compression="zstd", store_schema=True)
    put(path, buffer.getvalue())


def write_rows(path: Path, columns: Iterable[str], rows: Iterable[Mapping[str, object]]) -> None:
    """Write rows as CSV with Unix line ends; None is an empty cell."""
    import io

    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, list(columns), lineterminator="\n", extrasaction="raise")
    writer.writeheader()
    for row in rows:
        writer.writerow({key: "" if value is None else value for key, value in row.items()})
    put(path, buffer.getvalue().encode())


def write_tables(folder: Path, replications: list[Replication], export: tuple[str, ...]) -> None:
    """Write stocks, flows, vacancies, movers and survey of all replications.

    Args:
        folder: An existing folder.
        replications: In order of their numbers.
        export: `csv`, `xlsx` or both: written beside the Parquet files.
    """
    for name in TABLES:
        tables = [arrow_table(getattr(r, name), r.number) for r in replications]
        write_parquet(folder / f"{name}.parquet", tables)
    write_rows(
        folder / "survey.csv",
        SURVEY_COLUMNS,
        (
            {"arm": BASELINE, "replication": r.number, **row}
            for r in replications
            for row in r.survey
        ),
    )
    if export:
        _export(folder, export)


def _export(folder: Path, formats: tuple[str, ...]) -> None:
    import pandas as pd

    for name in TABLES:
        frame = pd.read_parquet(folder / f"{name}.parquet")
        if "csv" in formats:
            put(folder / f"{name}.csv", frame.to_csv(index=False).encode())
        if "xlsx" in formats:
            part = folder / f"{name}.part.xlsx"
            # A sheet holds 1,048,576 rows; what is over stands in the Parquet file.
            frame.head(1_048_000).to_excel(part, index=False)
            os.replace(part, folder / f"{name}.xlsx")
