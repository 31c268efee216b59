"""Write a run's tables as Parquet and CSV, and for whoever asks as further formats."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from hesim.files import put
from hesim.levers.accounts import COLUMNS, COST_COLUMNS
from hesim.levers.arms import BASELINE, WITHOUT
from hesim.outcomes.registry import OUTCOMES, at_full_scale

if TYPE_CHECKING:
    import pyarrow as pa

    from hesim.record.replication import Replication

TABLES = ("stocks", "flows", "vacancies", "movers", "margins")
EXPORTED = (*TABLES, "outcomes")
"""Parquet tables that every run has, and that are written in other formats when asked."""
SURVEY_COLUMNS = (
    "arm",
    "replication",
    "year",
    "table",
    "block",
    "item",
    "label_nl",
    "group",
    "kind",
    "percent",
    "n",
    "note",
    "percent_movers",
)
LEVER_COLUMNS = ("arm", "replication", *COLUMNS)
COSTS_COLUMNS = ("arm", "replication", *COST_COLUMNS)


def arrow_table(columns: Mapping[str, Any], replication: int, arm: str = BASELINE) -> pa.Table:
    """Make an Arrow table of a replication's columns, names as dictionaries."""
    import pyarrow as pa

    rows = max((_length(column) for column in columns.values()), default=0)
    arrays: dict[str, Any] = {
        "arm": _dictionary_column(np.zeros(rows, np.int32), (arm,)),
        "replication": pa.array(np.full(rows, replication, np.int32)),
    }
    for name, column in columns.items():
        if hasattr(column, "codes"):
            arrays[name] = _dictionary_column(column.codes, column.names)
        else:
            arrays[name] = _plain(column)
    # Nothing is ever missing; said so, nobody needs to write or read which values are.
    fields = [pa.field(name, array.type, nullable=False) for name, array in arrays.items()]
    return pa.table(list(arrays.values()), schema=pa.schema(fields))


def _length(column: Any) -> int:
    return int(column.codes.size if hasattr(column, "codes") else column.size)


def _plain(column: np.ndarray[Any, Any]) -> Any:
    import pyarrow as pa

    if column.dtype != np.bool_:
        return pa.array(np.ascontiguousarray(column))
    # Eight to a byte, as Arrow keeps them; its own conversion takes them one by one.
    bits = pa.py_buffer(np.packbits(column, bitorder="little"))
    return pa.BooleanArray.from_buffers(pa.bool_(), column.size, [None, bits])


def _dictionary_column(codes: np.ndarray[Any, Any], names: tuple[str, ...]) -> Any:
    import pyarrow as pa

    # One width for all, so that replications with other names fit under one another.
    indices = pa.array(codes.astype(np.int32), pa.int32())
    return pa.DictionaryArray.from_arrays(indices, pa.array(names, pa.string()))


def write_parquet(path: Path, tables: Iterable[pa.Table]) -> None:
    """Write Arrow tables under one another as one Parquet file, the same bytes each time."""
    import io

    import pyarrow as pa
    import pyarrow.parquet as pq

    whole = pa.concat_tables(list(tables)).unify_dictionaries().combine_chunks()
    named = [field.name for field in whole.schema if pa.types.is_dictionary(field.type)]
    buffer = io.BytesIO()
    # Dictionaries of numbers and statistics by column double the time and save nothing here;
    # zstd makes files a third smaller than snappy, and takes a quarter longer.
    pq.write_table(
        whole,
        buffer,
        compression="snappy",
        use_dictionary=named,
        write_statistics=False,
        write_batch_size=1 << 16,
    )
    put(path, buffer.getvalue())


def write_rows(path: Path, columns: Iterable[str], rows: Iterable[Mapping[str, object]]) -> None:
    """Write rows as CSV with Unix line ends; None is an empty cell."""
    import io

    names = list(columns)
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([row[name] for name in names] for row in rows)
    put(path, buffer.getvalue().encode())


def survey_rows(replications: list[Replication]) -> Iterator[dict[str, object]]:
    """Rows of survey.csv, of all replications."""
    for each in replications:
        for row in each.survey:
            yield {"arm": each.arm, "replication": each.number, **row}


def lever_rows(replications: list[Replication]) -> Iterator[dict[str, object]]:
    """Rows of levers.csv, of all replications of the baseline and the policy."""
    for each in with_tables(replications):
        for row in each.levers:
            yield {"arm": each.arm, "replication": each.number, **row}


def cost_rows(replications: list[Replication]) -> Iterator[dict[str, object]]:
    """Rows of costs.csv, of all replications of the baseline and the policy."""
    for each in with_tables(replications):
        for row in each.costs:
            yield {"arm": each.arm, "replication": each.number, **row}


def with_tables(replications: list[Replication]) -> list[Replication]:
    """Those whose tables are written: not the arms that only serve attribution."""
    return [each for each in replications if not each.arm.startswith(WITHOUT)]


def write_tables(folder: Path, replications: list[Replication]) -> None:
    """Write stocks, flows, vacancies, movers, margins and survey of all replications.

    Args:
        folder: An existing folder.
        replications: In order of their numbers.
    """
    replications = with_tables(replications)
    for name in TABLES:
        tables = [arrow_table(getattr(r, name), r.number, r.arm) for r in replications]
        write_parquet(folder / f"{name}.parquet", tables)
    write_rows(folder / "survey.csv", SURVEY_COLUMNS, survey_rows(replications))


def write_outcomes(
    path: Path, replications: list[Replication], first_year: int, scale: float
) -> None:
    """Write each outcome by arm, replication and year, counts at full scale.

    Args:
        path: The file.
        replications: In order of their numbers.
        first_year: Calendar year of the first value.
        scale: `population.scale`; counts are divided by it.
    """
    tables = []
    for each in with_tables(replications):
        values = at_full_scale(each.outcomes, scale)
        names = tuple(name for name in OUTCOMES if name in values)
        years = len(values[names[0]])
        columns = {
            "outcome": _Named(np.repeat(np.arange(len(names)), years), names),
            "year": np.tile(np.arange(first_year, first_year + years, dtype=np.int32), len(names)),
            "value": np.concatenate([values[name] for name in names]).astype(np.float64),
        }
        tables.append(arrow_table(columns, each.number, each.arm))
    write_parquet(path, tables)


class _Named(NamedTuple):
    """A column of codes with their names."""

    codes: np.ndarray[Any, Any]
    names: tuple[str, ...]


def export_tables(folder: Path, formats: Collection[str]) -> None:
    """Write the Parquet tables that stand in a folder as `csv` or `xlsx` too."""
    import pandas as pd
    import pyarrow.parquet as pq

    from hesim.record.spreadsheets import write_workbook

    for name in EXPORTED:
        source = folder / f"{name}.parquet"
        if "csv" in formats:
            frame = pd.read_parquet(source)
            put(folder / f"{name}.csv", frame.to_csv(index=False).encode())
        if "xlsx" in formats:
            stored = pq.ParquetFile(source)
            rows = (
                row
                for batch in stored.iter_batches(batch_size=20_000)
                for row in zip(*(column.to_pylist() for column in batch.columns), strict=True)
            )
            write_workbook(folder / f"{name}.xlsx", name, stored.schema_arrow.names, rows)
