"""Verify a run: hash its files anew, simulate it anew, and compare the tables."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hesim.files import file_hashes
from hesim.process.lease import temporary
from hesim.record.format import Unreadable
from hesim.record.run_folder import Run
from hesim.study.run_again import run_again
from hesim.study.run_launch import launch_run

if TYPE_CHECKING:
    import pandas as pd

    from hesim.study.console import Show

SAME, CHANGED, MISSING, ADDED = "as written", "changed", "not there", "not of the run"
"""States of a file, against the manifest."""
EQUAL, SAME_CONTENT, DIFFERENT, UNCOMPARED = "same", "same content", "different", "not compared"
"""States of a table, against the run that was simulated anew."""
TABLES = (".parquet", ".csv")
"""Endings of files that are compared row by row where their bytes differ."""


@dataclass(frozen=True)
class FileState:
    """A file of a run, against its manifest."""

    name: str
    state: str


@dataclass(frozen=True)
class TableState:
    """A table of a run, against the same one simulated anew; `words` say how it differs."""

    name: str
    state: str
    words: str = ""


@dataclass(frozen=True)
class Verification:
    """What was found.

    Attributes:
        files: Each file that the manifest names, and those that it does not.
        tables: Each table; none if nothing was simulated.
        obstacles: Why the run that was simulated anew is not exactly the same one.
        notes: Other versions of packages.
    """

    files: tuple[FileState, ...]
    tables: tuple[TableState, ...] = ()
    obstacles: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def agrees(self) -> bool:
        """Whether each file is as written and each table came out the same."""
        states = {each.state for each in self.files} | {each.state for each in self.tables}
        return not states & {CHANGED, MISSING, DIFFERENT}


def verify_run(folder: Path, anew: bool = True, show: Show = False) -> Verification:
    """Verify a run.

    Args:
        folder: The run's folder.
        anew: Simulate it too; else its files alone are hashed.
        show: What to print meanwhile.

    Raises:
        NoRun: the folder holds no run, or its manifest is damaged.
        Unreadable: the manifest names no files, or the run cannot be made again.
        RunFailed: it failed when it was simulated.
    """
    run = Run(folder)
    files = tuple(_files(run))
    if not anew:
        return Verification(files)
    again = run_again(run)
    lease = temporary("hesim-verify-")
    try:
        target = lease.folder / "again"
        settings = again.settings.with_values({"output": str(target)})
        made = launch_run(settings, _nothing, show, None)
        tables = tuple(_tables(run, made))
    finally:
        lease.remove()
    return Verification(files, tables, again.obstacles, again.notes)


def _nothing(*_: Any, **__: Any) -> Iterator[tuple[str, bytes]]:
    """No figures: they are drawn from the tables, and these are compared."""
    return iter(())


def _files(run: Run) -> Iterator[FileState]:
    written = run.manifest.get("files")
    if not isinstance(written, Mapping) or not written:
        raise Unreadable(f"{run.folder}: its manifest names no files, so nothing can be verified")
    found = file_hashes(run.folder)
    for name, wanted in written.items():
        state = MISSING if name not in found else SAME if found[name] == wanted else CHANGED
        yield FileState(str(name), state)
    yield from (FileState(name, ADDED) for name in found if name not in written)


def _tables(run: Run, made: Run) -> Iterator[TableState]:
    written: Mapping[str, str] = run.manifest["files"]
    again: Mapping[str, str] = made.manifest["files"]
    done = set(run.manifest["replications"]["done"])
    part = done != set(made.manifest["replications"]["done"])
    for name in sorted(written):
        if "/" in name or Path(name).suffix not in TABLES:
            continue
        if name not in again:
            yield TableState(name, DIFFERENT, "it does not come out of the run")
        elif not (run.folder / name).is_file():
            yield TableState(name, UNCOMPARED, "it is not there")
        else:
            yield _table(name, run.folder, made.folder, done if part else None)
    for name in sorted(again.keys() - written.keys()):
        if "/" not in name and Path(name).suffix in TABLES and not part:
            yield TableState(name, UNCOMPARED, "the run was written without it")


def _table(name: str, folder: Path, made: Path, done: set[int] | None) -> TableState:
    """Compare one table: its bytes, and where these differ its rows.

    Args:
        name: Its file.
        folder: The run.
        made: The run that was simulated anew.
        done: Replications that the run has, where the other has more.
    """
    contents = [(place / name).read_bytes() for place in (folder, made)]
    if contents[0] == contents[1]:
        return TableState(name, EQUAL)
    try:
        frames = [_frame(name, content) for content in contents]
    except (ValueError, OSError) as error:
        return TableState(name, DIFFERENT, f"it cannot be read: {str(error).splitlines()[0]}")
    if done is not None:
        if any("replication" not in frame for frame in frames):
            words = "it sums up all replications, of which the run has a part"
            return TableState(name, UNCOMPARED, words)
        frames[1] = frames[1][frames[1]["replication"].isin(done)].reset_index(drop=True)
    words = _difference(*frames)
    return TableState(name, DIFFERENT if words else SAME_CONTENT, words)


def _frame(name: str, content: bytes) -> pd.DataFrame:
    import pandas as pd

    if name.endswith(".parquet"):
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            return pq.read_table(io.BytesIO(content)).to_pandas()
        except pa.ArrowException as error:
            raise ValueError(str(error) or "damaged") from None
    return pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)


def _difference(then: pd.DataFrame, now: pd.DataFrame) -> str:
    """How two tables differ, in words; empty if they do not."""
    if list(then.columns) != list(now.columns):
        return "it has other columns"
    if len(then) != len(now):
        return f"it has {len(then):,} rows, and {len(now):,} come out"
    wrong = {}
    for name in then.columns:
        one, other = (frame[name].astype(object) for frame in (then, now))
        both_empty = one.isna() & other.isna()
        count = int(((one != other) & ~both_empty).sum())
        if count:
            wrong[str(name)] = count
    if not wrong:
        return ""
    named = [f"{name} in {count:,} of {len(then):,} rows" for name, count in wrong.items()]
    return f"it differs in {', '.join(named[:5])}{' and more' * (len(named) > 5)}"
