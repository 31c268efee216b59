"""Open a study folder, whole or under way, and ask it questions in SQL."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hesim.study import parts
from hesim.study.arms import years_of_means
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
        """Ask in SQL (DuckDB) over the views of `VIEWS`."""
        import duckdb

        for _ in range(3):
            try:
                frame: pd.DataFrame = self.connect().execute(sql).df()
            except duckdb.IOException:
                # A study under way has merged its parts meanwhile: they are looked up anew.
                continue
            return frame
        frame = self.connect().execute(sql).df()
        return frame

    def connect(self) -> Any:
        """A DuckDB connection with the views of `VIEWS`, over what is on disk now."""
        import duckdb

        connection = duckdb.connect()
        committed = parts.committed(self.folder / parts.FOLDER)
        connection.execute(_parts_view("all_results", [p.results for p in committed], _NO_RESULTS))
        connection.execute(_parts_view("all_status", [p.status for p in committed], _NO_STATUS))
        connection.execute(
            "create view results as select point, replication, outcome, year, value "
            "from all_results"
        )
        connection.execute(
            "create view status as select point, replication, status, seconds, error from "
            "all_status qualify row_number() over (partition by run order by filename desc) = 1"
        )
        for view, file in (("points", POINTS), ("design", DESIGN)):
            connection.execute(
                f"create view {view} as select * from read_parquet('{_text(self.folder / file)}')"
            )
        connection.execute(
            "create view differences as select d.arm, d.scenario, d.world, d.draw, "
            "r.replication, r.outcome, r.year, r.value, b.value as baseline_value, "
            "r.value - b.value as difference from design d "
            "join results r on r.point = d.point "
            "join results b on b.point = d.baseline and b.replication = r.replication "
            "and b.outcome = r.outcome and b.year = r.year where d.arm <> 'baseline'"
        )
        return connection

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
