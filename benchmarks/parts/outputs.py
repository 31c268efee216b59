"""Measure a run's folder: its size, and how long analysts wait for its tables.

One run of four replications of ten years at full scale, with figures. Reading is on the wall: every
Parquet and CSV file of the folder into memory, with pandas (`read_parquet`, `read_csv`) and with
DuckDB (into Arrow tables), in turn; the bar is for the quicker of the two. The files have just been
written, so they come from the system's cache.
"""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import worlds
from benchmarks.clock import Spent, interleave, share, spend
from benchmarks.part import Bar, Figure, Measured, Options, Part

BARS = (
    Bar("read", "reading all tables, DuckDB or pandas", 1, 1, "s"),
    Bar("size", "the run's folder", 60, 60, "MB"),
)


def measure(options: Options) -> Measured:
    """Make a run, weigh it and read it."""
    from hesim.api import run

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "run"
        settings = worlds.settings(
            options.pick(1.0, 0.02),
            years=options.whole(10, 1),
            replications=options.whole(4, 1),
            output=str(folder),
        )
        run(settings=settings)
        files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
        sizes = {path.relative_to(folder).as_posix(): path.stat().st_size / 1e6 for path in files}
        tables = [path for path in files if path.suffix in (".parquet", ".csv")]
        works = {
            "pandas": partial(spend, partial(read_pandas, tables)),
            "DuckDB": partial(spend, partial(read_duckdb, tables)),
        }
        interleave(works, 1)
        spent = interleave(works, options.rounds)
    waits = {name: _waits(each) for name, each in spent.items()}
    quicker = min(waits, key=lambda name: waits[name].median)
    largest = sorted(sizes, key=lambda name: -sizes[name])[:5]
    facts: dict[str, str | float] = {
        f"{name}, all tables": f"{wait.low:.3f} - {wait.median:.3f} - {wait.high:.3f} s"
        for name, wait in waits.items()
    }
    facts |= {f"size of {name}": f"{sizes[name]:.2f} MB" for name in largest}
    figures = {"read": waits[quicker], "size": Figure((sum(sizes.values()),))}
    return Measured(figures, facts)


def read_pandas(tables: list[Path]) -> list[Any]:
    """Read every table with pandas."""
    import pandas as pd

    return [
        pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path) for path in tables
    ]


def read_duckdb(tables: list[Path]) -> list[Any]:
    """Read every table with DuckDB."""
    import duckdb

    with duckdb.connect() as database:
        return [
            database.sql("select * from " + _scan(path), params=[str(path)]).to_arrow_table()
            for path in tables
        ]


def _scan(path: Path) -> str:
    return "read_parquet(?)" if path.suffix == ".parquet" else "read_csv(?)"


def _waits(spent: list[Spent]) -> Figure:
    # Both read with several threads, so that CPU is more than wall time unless others are busy.
    return Figure(tuple(one.wall for one in spent), share(spent))


PART = Part("outputs", "size of a run's folder, and reading it", BARS, measure)
