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
from hesim.outcomes.breakdown import outcome_entry
from hesim.outcomes.registry import OUTCOMES, at_full_scale
from hesim.record.description import Origin, with_descriptions

if TYPE_CHECKING:
    import pyarrow as pa

    from hesim.record.replication import Replication

TABLES = ("stocks", "flows", "vacancies", "movers", "margins")
BREAKDOWNS = "breakdowns"
"""The table of crossings and staff by region, age, sex, field and role."""
EXPORTED = (*TABLES, "outcomes")
"""Parquet tables that every run has, and that are written in other formats when asked."""
DATES = {"month": "date", "opened": "opened_date", "closed": "closed_date"}
"""Columns of months as text, and the columns of dates that stand beside them."""
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
    for name, column in columns.items():
        if name in DATES and hasattr(column, "codes"):
            arrays[DATES[name]] = _date_column(column.codes, column.names)
    # Nothing but a date is ever missing; said so, nobody needs to write or read which values are.
    fields = [
        pa.field(name, array.type, nullable=name in DATES.values())
        for name, array in arrays.items()
    ]
    return pa.table(list(arrays.values()), schema=pa.schema(fields))


def _date_column(codes: np.ndarray[Any, Any], months: tuple[str, ...]) -> Any:
    """Months as the date of their first day; missing where there is none."""
    import pyarrow as pa

    days = np.array([month or "NaT" for month in months], "datetime64[M]").astype("datetime64[D]")
    return pa.array(days[codes], pa.date32())


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


def write_parquet(path: Path, tables: Iterable[pa.Table], origin: Origin | None = None) -> None:
    """Write Arrow tables under one another as one Parquet file, the same bytes each time.

    Args:
        path: The file; its name says which table it is.
        tables: The rows.
        origin: What made them, for the metadata of the file.
    """
    import io

    import pyarrow as pa
    import pyarrow.parquet as pq

    whole = pa.concat_tables(list(tables)).unify_dictionaries().combine_chunks()
    whole = with_descriptions(path.stem, whole, origin)
    named = [
        field.name
        for field in whole.schema
        if pa.types.is_dictionary(field.type) or pa.types.is_date(field.type)
    ]
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


def write_tables(
    folder: Path, replications: list[Replication], origin: Origin | None = None
) -> None:
    """Write stocks, flows, vacancies, movers, margins and survey of all replications.

    Args:
        folder: An existing folder.
        replications: In order of their numbers.
        origin: What made them.
    """
    replications = with_tables(replications)
    for name in TABLES:
        tables = [arrow_table(getattr(r, name), r.number, r.arm) for r in replications]
        write_parquet(folder / f"{name}.parquet", tables, origin)
    write_rows(folder / "survey.csv", SURVEY_COLUMNS, survey_rows(replications))


def write_outcomes(
    folder: Path,
    replications: list[Replication],
    first_year: int,
    scale: float,
    origin: Origin | None = None,
) -> None:
    """Write outcomes and their parts by arm, replication and year, counts at full scale.

    Args:
        folder: An existing folder.
        replications: In order of their numbers.
        first_year: Calendar year of the first value.
        scale: `population.scale`; counts are divided by it.
        origin: What made them.
    """
    tables, broken_down = [], []
    for each in with_tables(replications):
        values = at_full_scale(each.outcomes, scale)
        names = tuple(name for name in OUTCOMES if name in values)
        years = len(values[names[0]])
        columns = {
            "outcome": _Named(np.repeat(np.arange(len(names)), years), names),
            **_by_year([values[name] for name in names], first_year),
        }
        tables.append(arrow_table(columns, each.number, each.arm))
        # A model of the caller's own breaks nothing down.
        parts = getattr(each, "parts", {})
        if parts:
            broken_down.append(_parts_table(each, first_year, scale))
    write_parquet(folder / "outcomes.parquet", tables, origin)
    if broken_down:
        write_parquet(folder / f"{BREAKDOWNS}.parquet", broken_down, origin)


def _parts_table(each: Replication, first_year: int, scale: float) -> pa.Table:
    """Crossings and staff by dimension and category, of one replication."""
    parts = list(each.parts)
    years = len(each.parts[parts[0]])
    columns: dict[str, Any] = {}
    for name in ("outcome", "dimension", "category"):
        texts = [str(getattr(part, name)) for part in parts]
        names = tuple(dict.fromkeys(texts))
        columns[name] = _Named(np.repeat([names.index(text) for text in texts], years), names)
    values = [each.parts[part] / outcome_entry(part.outcome).divisor(scale) for part in parts]
    columns |= _by_year(values, first_year)
    return arrow_table(columns, each.number, each.arm)


def _by_year(rows: list[np.ndarray[Any, Any]], first_year: int) -> dict[str, Any]:
    """Columns `year` and `value` of rows by year, each of as many years."""
    years = len(rows[0])
    return {
        "year": np.tile(np.arange(first_year, first_year + years, dtype=np.int32), len(rows)),
        "value": np.concatenate(rows).astype(np.float64),
    }


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
            put(folder / f"{name}.csv", frame.to_csv(index=False, lineterminator="\n").encode())
        if "xlsx" in formats:
            stored = pq.ParquetFile(source)
            rows = (
                row
                for batch in stored.iter_batches(batch_size=20_000)
                for row in zip(*(column.to_pylist() for column in batch.columns), strict=True)
            )
            write_workbook(folder / f"{name}.xlsx", name, stored.schema_arrow.names, rows)
