"""Ask a run questions in SQL, over its own tables and nothing else."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from hesim.levers.arms import BASELINE
from hesim.study.sql import ask_sql, isolated_database

if TYPE_CHECKING:
    import pandas as pd

    from hesim.record.run_folder import Run

OUTCOMES, DIFFERENCES = "outcomes", "differences"
_PARQUET, _CSV = ".parquet", ".csv"
_TEXT = {"summary.csv": ("year",), "survey.csv": ("table",)}
"""Columns that hold text, also where it looks like a number."""
_DIFFERENCES = (
    "select r.arm, r.replication, r.outcome, r.year, r.value, b.value as baseline_value, "
    f"r.value - b.value as difference from {OUTCOMES} r join {OUTCOMES} b "
    "on b.replication = r.replication and b.outcome = r.outcome and b.year = r.year "
    f"and b.arm = '{BASELINE}' where r.arm <> '{BASELINE}'"
)


def run_views(run: Run) -> dict[str, str]:
    """What a run can be asked, and the columns of each table.

    Raises:
        NoRun: the folder holds none, or a file of it is damaged.
    """
    found = {}
    for name, file in _files(run).items():
        found[name] = ", ".join(_columns(run, file))
    if OUTCOMES in found:
        columns = "arm, replication, outcome, year, value, baseline_value, difference"
        found[DIFFERENCES] = f"{columns}: the policy against the baseline of the same seeds"
    return found


def query_run(run: Run, sql: str) -> pd.DataFrame:
    """Ask one question in SQL (DuckDB) over the tables of `run_views`.

    The question can reach no file, neither to read nor to write; see `hesim.study.sql`.

    Args:
        run: The run.
        sql: The question.

    Raises:
        WrongQuestion: it cannot be answered, or is no question.
        NoRun: a file of the run is damaged.
    """
    # Only the tables that are named are read: those of a run at full scale are large.
    said = {word.lower() for word in re.findall(r"\w+", sql)}
    files = _files(run)
    asks_differences = DIFFERENCES in said and OUTCOMES in files
    wanted = said | ({OUTCOMES} if asks_differences else set())
    tables = {name: _table(run, file) for name, file in files.items() if name in wanted}
    views = {DIFFERENCES: _DIFFERENCES} if asks_differences else {}
    return ask_sql(isolated_database(tables, views), sql)


def _files(run: Run) -> dict[str, str]:
    """The file of each table of a run by its name; one that was exported counts once."""
    written = run.manifest.get("files") or {}
    found: dict[str, str] = {}
    for ending in (_PARQUET, _CSV):
        for file in written:
            if "/" not in file and file.endswith(ending):
                found.setdefault(file.removesuffix(ending), file)
    return found


def _columns(run: Run, file: str) -> list[str]:
    if file.endswith(_CSV):
        return run.content(file).partition(b"\n")[0].decode().split(",")
    import pyarrow.parquet as pq

    return list(pq.read_schema(io.BytesIO(run.content(file))).names)


def _table(run: Run, file: str) -> Any:
    """A table of Arrow."""
    content = io.BytesIO(run.content(file))
    if file.endswith(_PARQUET):
        import pyarrow.parquet as pq

        return pq.read_table(content)
    import pyarrow as pa
    from pyarrow import csv

    options = csv.ConvertOptions(column_types=dict.fromkeys(_TEXT.get(file, ()), pa.string()))
    return csv.read_csv(content, convert_options=options)
