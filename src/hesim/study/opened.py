"""Open a study folder, whole or under way, and ask it questions in SQL."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hesim.study import parts
from hesim.study.arms import years_of_means
from hesim.study.sql import ask, closed, create_views
from hesim.study.store import (
    DESIGN,
    POINTS,
    SETTINGS,
    NoStudy,
    read_manifest,
    read_uncertain,
)

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
"""What `hesim query` can ask, and the columns."""


class Study:
    """A study folder, for reading; it may be under way."""

    def __init__(self, folder: str | Path) -> None:
        """Open the folder.

        Raises:
            NoStudy: there is none.
        """
        self.folder = Path(folder)
        self.manifest: dict[str, Any] = read_manifest(self.folder)

    @property
    def name(self) -> str:
        """Name of the folder."""
        return self.folder.resolve().name

    @cached_property
    def settings(self) -> dict[str, Any]:
        """The settings as nested dictionaries, machine's own left out."""
        import yaml

        content: dict[str, Any] = yaml.safe_load((self.folder / SETTINGS).read_text("utf-8"))
        return content

    @property
    def uncertainties(self) -> list[Uncertainty]:
        """What varies."""
        return read_uncertain(self.manifest)

    @property
    def arms(self) -> dict[str, list[str]]:
        """Levers of each arm by its name, baseline first."""
        return dict(self.manifest["arm_levers"])

    @property
    def years(self) -> tuple[int, int]:
        """First and last year of means: from the first lever's start, in whatever arm it is."""
        settings = self.settings
        arms = self.manifest["facts"]["arms"]
        return years_of_means(arms, str(settings["start"]), int(settings["years"]))

    @cached_property
    def design(self) -> pd.DataFrame:
        """The design: arm, scenario, world, draw and the points that answer it."""
        import pandas as pd

        return pd.read_parquet(self.folder / DESIGN)

    def query(self, sql: str) -> pd.DataFrame:
        """Ask one question in SQL (DuckDB) over the views of `VIEWS`.

        The question can reach no file, neither to read nor to write; see `hesim.study.sql`.

        Raises:
            WrongQuestion: it cannot be answered, or is no question.
        """
        for _ in range(3):
            try:
                return ask(self._closed(), sql)
            except OSError:
                # A study under way has merged its parts meanwhile: they are looked up anew.
                continue
        return ask(self._closed(), sql)

    def connect(self) -> Any:
        """A DuckDB connection with the views of `VIEWS`, over what is on disk now."""
        import duckdb

        connection = duckdb.connect()
        committed = parts.committed(self.folder / parts.FOLDER)
        connection.execute(_parts_view("all_results", [p.results for p in committed], _NO_RESULTS))
        connection.execute(_parts_view("all_status", [p.status for p in committed], _NO_STATUS))
        for view, file in (("points", POINTS), ("design", DESIGN)):
            connection.execute(
                f"create view {view} as select * from read_parquet('{_text(self.folder / file)}')"
            )
        create_views(connection)
        return connection

    def _closed(self) -> Any:
        """A connection with the same views that can reach no file."""
        import duckdb
        import pyarrow as pa
        from pyarrow.dataset import dataset

        given = self.connect()
        try:
            tables = {
                name: given.sql(f"from {name}").to_arrow_table()
                for name in ("all_status", "points", "design")
            }
            empty = given.sql("from all_results limit 0").to_arrow_table()
        except duckdb.IOException as error:
            raise OSError(str(error)) from error
        finally:
            given.close()
        files = [str(part.results) for part in parts.committed(self.folder / parts.FOLDER)]
        schema = pa.schema([field for field in empty.schema if field.name != "filename"])
        # Results are read as far as they are asked for: there may be millions of rows.
        results = dataset(files, schema=schema, format="parquet") if files else empty
        return closed({"all_results": results, **tables})

    def failures(self) -> pd.DataFrame:
        """Runs that did not end well, with what went wrong."""
        return self.query(
            "select s.*, p.arm, p.values from status s join points p using (point) "
            "where status <> 'ok' order by point, replication"
        )


_NO_RESULTS = (
    "select 0::bigint as run, ''::varchar as point, 0::integer as replication, "
    "''::varchar as outcome, 0::smallint as year, 0::double as value, '' as filename where false"
)
_NO_STATUS = (
    "select 0::bigint as run, ''::varchar as point, 0::integer as replication, "
    "''::varchar as status, 0::float as seconds, ''::varchar as error, '' as filename where false"
)


def _parts_view(name: str, files: list[Path], none: str) -> str:
    if not files:
        return f"create view {name} as {none}"
    listed = ", ".join(f"'{_text(file)}'" for file in files)
    return f"create view {name} as select * from read_parquet([{listed}], filename=true)"


def _text(path: Path) -> str:
    return str(path).replace("'", "''")


def load(folder: str | Path) -> Study:
    """Open a study folder.

    Raises:
        NoStudy: there is none.
    """
    return Study(folder)


__all__ = ["VIEWS", "NoStudy", "Study", "load"]
