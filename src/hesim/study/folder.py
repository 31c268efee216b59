"""Open a study folder, whole or under way, and ask it questions in SQL."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hesim.config.folders import STRUCTURE
from hesim.config.trees import leaves
from hesim.study import parts
from hesim.study.arms import years_of_means
from hesim.study.completeness import Completeness, IncompleteStudy, count_runs
from hesim.study.identity import STRUCTURES
from hesim.study.inspection import Findings, inspect
from hesim.study.manifest import Damage, NoStudy, read_study_manifest
from hesim.study.rows import RESULTS, STATUS, Labels
from hesim.study.soundness import DESIGN, POINTS, read_rows, refuse_damage, sound_settings
from hesim.study.sql import ask_sql, create_views, isolated_database, study_views
from hesim.study.store import labels_of, read_points, read_uncertain

if TYPE_CHECKING:
    import pandas as pd

    from hesim.study.uncertainty import Uncertainty

VIEWS = {
    "results": "point, replication, outcome, year, value: one row for each run, outcome and year",
    "points": "number, point, arm, levers, values: what was run, without doubles",
    "design": "arm, scenario, world, draw, point, baseline and a column for each uncertainty",
    "status": "point, replication, status, seconds, error: one row a run",
    "differences": "arm, scenario, world, draw, replication, outcome, year, value, "
    "baseline_value, difference: each arm against the baseline of the same world and seeds",
}
"""What `hesim query` can ask, and the columns; see `Study.views`."""
OF_STRUCTURES = ("design", "differences")
"""Views that begin with a column `structure` in studies of several structures."""


class Study:
    """A study folder, for reading; it may be under way.

    Attributes:
        structure: Name of the one structure that is looked at; empty for all.
    """

    def __init__(self, folder: str | Path, structure: str = "") -> None:
        """Open the folder.

        Args:
            folder: The study.
            structure: One of `structures`, to see its part alone, as a study of its own.

        Raises:
            NoStudy: there is none.
            Damage: a file of it is not as it was written; rows that are missing are no reason,
                see `completeness`.
        """
        self.folder, self.structure = Path(folder), structure
        self.manifest: dict[str, Any] = read_study_manifest(self.folder)
        refuse_damage(self.folder, self.manifest)
        self._inspected: tuple[object, Findings] | None = None

    @property
    def name(self) -> str:
        """Name of the folder."""
        return self.folder.resolve().name

    @cached_property
    def settings(self) -> dict[str, Any]:
        """The settings as nested dictionaries, machine's own left out."""
        if self.structure:
            of_structure: dict[str, Any] = self.manifest["facts"][STRUCTURES][self.structure]
            return of_structure
        return sound_settings(self.folder, self.manifest)

    @property
    def structures(self) -> tuple[str, ...]:
        """Structures that are asked; none in a study of one, or where one is looked at."""
        return () if self.structure else tuple(self.manifest["facts"].get(STRUCTURES, ()))

    def of_structures(self) -> dict[str, Study]:
        """The part of each structure as a study of its own."""
        return {name: Study(self.folder, name) for name in self.structures}

    @property
    def views(self) -> dict[str, str]:
        """What `hesim query` can ask, and the columns."""
        first = f"{STRUCTURE}, " if self.structures else ""
        return {name: first * (name in OF_STRUCTURES) + words for name, words in VIEWS.items()}

    @property
    def completeness(self) -> Completeness:
        """How many of the planned runs are here now."""
        found = self._findings()
        damaged = [f"{file}: {why}" for file, why in found.damaged.items()]
        points = len(self._labels.points)
        return count_runs(self.folder, self.manifest, points, found.states(), damaged)

    @property
    def uncertainties(self) -> list[Uncertainty]:
        """What varies."""
        found = read_uncertain(self.manifest)
        if not self.structure:
            return found
        usual = dict(leaves(self.settings))
        return [replace(one, usual=usual.get(one.path, one.usual)) for one in found]

    @property
    def arms(self) -> dict[str, list[str]]:
        """Levers of each arm by its name, baseline first."""
        return dict(self.manifest["arm_levers"])

    @property
    def years(self) -> tuple[int, int]:
        """First and last year of means, from the first lever's start, in whatever arm it is."""
        settings = self.settings
        arms = self.manifest["facts"]["arms"]
        return years_of_means(arms, str(settings["start"]), int(settings["years"]))

    @cached_property
    def design(self) -> pd.DataFrame:
        """The design: structure, arm, scenario, world, draw and the points that answer it."""
        frame: pd.DataFrame = self._design.to_pandas()
        return frame

    @cached_property
    def _design(self) -> Any:
        table = read_rows(self.folder / DESIGN, self.manifest)
        if not self.structure:
            return table
        from pyarrow import compute

        mine = table.filter(compute.field(STRUCTURE) == self.structure)
        return mine.drop_columns([STRUCTURE])

    @cached_property
    def _points(self) -> Any:
        return read_rows(self.folder / POINTS, self.manifest)

    @cached_property
    def _labels(self) -> Labels:
        return labels_of(self.manifest, read_points(self.folder, self.manifest))

    def _findings(self) -> Findings:
        """The parts as they are now; looked at anew only when a file has changed."""
        place = self.folder / parts.FOLDER
        seen = _signature(place)
        if self._inspected is None or self._inspected[0] != seen:
            self._inspected = seen, inspect(place, self._labels)
        return self._inspected[1]

    def query(self, sql: str) -> pd.DataFrame:
        """Ask one question in SQL (DuckDB) over the views of `VIEWS`.

        The question can reach no file, neither to read nor to write; see `hesim.study.sql`.

        Raises:
            WrongQuestion: it cannot be answered, or is no question.
        """
        views = study_views(bool(self.structures))
        for _ in range(3):
            try:
                return ask_sql(isolated_database(self._tables(), views), sql)
            except OSError:
                # A study under way has merged its parts meanwhile: they are looked up anew.
                continue
        return ask_sql(isolated_database(self._tables(), views), sql)

    def connect(self) -> Any:
        """A DuckDB connection with the views of `VIEWS`, over what is on disk now."""
        connection = _database().cursor()
        for name, table in self._tables().items():
            connection.register(name, table)
        create_views(connection, study_views(bool(self.structures)))
        return connection

    def _tables(self) -> dict[str, Any]:
        """What the views are made of; results are read as far as they are asked for.

        No path stands in a question: DuckDB would take some characters for a pattern, and a folder
        `year=7` for a column of that name.
        """
        import pyarrow as pa

        found = self._findings()
        status = [
            table.append_column("filename", pa.array([part.status.name] * part.runs, pa.string()))
            for part, table in zip(found.parts, found.status, strict=True)
        ]
        empty = _schema({**STATUS, "filename": "string"}).empty_table()
        return {
            "all_results": _results(found),
            "all_status": pa.concat_tables([table.select(empty.column_names) for table in status])
            if status
            else empty,
            "points": self._points,
            "design": self._design,
        }

    def failures(self) -> pd.DataFrame:
        """Runs that did not end well, with what went wrong."""
        return self.query(
            "select s.*, p.arm, p.values from status s join points p using (point) "
            "where status <> 'ok' order by point, replication"
        )


@cache
def _database() -> Any:
    """The database of this process; each connection has tables and views of its own in it."""
    import duckdb

    # To begin one takes longer than most questions.
    return duckdb.connect()


def _results(found: Findings) -> Any:
    """The results of all parts, each run from the last part that speaks about it."""
    from pyarrow import compute
    from pyarrow.dataset import dataset

    schema = _schema(RESULTS)
    if not found.parts:
        return schema.empty_table()
    runs = [table.column("run") for table in found.status]
    said = sum(len(column) for column in runs)
    files = [str(part.results) for part in found.parts]
    if said == len({run for column in runs for run in column.to_pylist()}):
        return dataset(files, schema=schema, format="parquet")
    later: set[int] = set()
    tables = []
    for file, column in zip(reversed(files), reversed(runs), strict=True):
        rows = dataset([file], schema=schema, format="parquet")
        tables.append(rows.to_table(filter=~compute.field("run").isin(sorted(later))))
        later |= set(column.to_pylist())
    import pyarrow as pa

    return pa.concat_tables(reversed(tables))


def _schema(columns: dict[str, str]) -> Any:
    import pyarrow as pa

    # Arrow says `double` and `float` where its own factory says `float64` and `float32`.
    names = {"double": "float64", "float": "float32"}
    return pa.schema(
        [(name, getattr(pa, names.get(kind, kind))()) for name, kind in columns.items()]
    )


def _signature(folder: Path) -> object:
    """What changes when a file of a folder is written, renamed or deleted."""
    import os

    if not folder.is_dir():
        return None
    with os.scandir(folder) as entries:
        seen = [(each.name, each.stat(follow_symlinks=False)) for each in entries]
    return sorted((name, stat.st_mtime_ns, stat.st_size, stat.st_ino) for name, stat in seen)


def load(folder: str | Path) -> Study:
    """Open a study folder; warns (`IncompleteStudy`) when runs of the plan are missing.

    Raises:
        NoStudy: there is none.
        Damage: a file of it is not as it was written.
    """
    study = Study(folder)
    warn_of_missing(study)
    return study


def warn_of_missing(study: Study) -> None:
    """Warn when runs of the plan are missing."""
    import warnings

    words = study.completeness.words
    if words:
        warnings.warn(words, IncompleteStudy, stacklevel=3)


__all__ = ["VIEWS", "Damage", "IncompleteStudy", "NoStudy", "Study", "load"]
