"""Keep one replication's record as columns: read from a run's folder, or copied from a model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.levers.arms import BASELINE
from hesim.record.live import LiveRecord
from hesim.record.places import NO_JOB, OUTSIDE_MODEL, Places
from hesim.record.reader import (
    REASONS,
    ClosedVacancies,
    Codes,
    Flows,
    MoverRows,
    StockRows,
    month_rows,
)
from hesim.survey.crossings import CODES
from hesim.survey.margins import MARGINS, SHAPE, Cubes

if TYPE_CHECKING:
    import pyarrow as pa

PLAIN = ("kind", "reason", "role", "field", "sex", "education", "group")
NAMES: dict[str, tuple[str, ...]] = {
    "kind": c.FLOW_KINDS,
    "reason": REASONS,
    "field": c.FIELDS,
    "sex": c.SEXES,
    "education": c.EDUCATION,
    "group": c.MOVER_GROUPS,
    "sector": c.SECTORS,
    "region": c.REGIONS,
    "role": c.ROLES,
    "origin_role": c.ROLES,
    "destination_role": c.ROLES,
}
"""Names of the columns of a run's tables that are codes here."""


@dataclass
class RecordCopy:
    """One replication of one arm, whole.

    Attributes:
        months: Months recorded.
        all_flows: All changes of job, months in order.
        stocks: All stocks under one another.
        first: Row in `stocks` at which each month begins, and the end, shape (months + 1,).
        all_movers: All movers.
        all_vacancies: All vacancies.
        margins: Staff by age, contract and hours, by month, where known.
        of_year: Outcomes by calendar year; none where only their means were recorded.
    """

    months: int
    all_flows: Flows
    stocks: StockRows
    first: NDArray[np.int64]
    all_movers: MoverRows
    all_vacancies: ClosedVacancies
    margins: dict[int, Cubes] = field(default_factory=dict)
    of_year: dict[str, NDArray[np.float64]] = field(default_factory=dict)

    def flows(self, start: int, stop: int) -> Flows:
        """Changes of job in the months from `start` up to and without `stop`."""
        rows = month_rows(self.all_flows.month, start, stop)
        return Flows(*(column[rows] for column in self.all_flows))

    def stock(self, month: int) -> StockRows:
        """Persons at the end of a month."""
        rows = slice(int(self.first[month]), int(self.first[month + 1]))
        return StockRows(*(column[rows] for column in self.stocks))

    def movers(self) -> MoverRows:
        """All movers."""
        return self.all_movers

    def vacancies(self) -> ClosedVacancies:
        """All vacancies."""
        return self.all_vacancies

    def margin(self, name: str, month: int) -> NDArray[np.int64] | None:
        """Staff by sector, role, field, region and band, where known."""
        kept = self.margins.get(month)
        return None if kept is None else kept[name].astype(np.int64)

    def counted_month(self, month: int) -> int | None:
        """The last month up to this one whose margins are known, or else the first."""
        margins = self.margins
        before = [known for known in margins if known <= month]
        return max(before) if before else min(margins, default=None)

    def learn(self, margins: Mapping[int, Cubes]) -> None:
        """Take over what a replay has counted; whoever is reading goes on with what there was."""
        self.margins = {**self.margins, **margins}

    def yearly(self) -> dict[str, NDArray[np.float64]]:
        """Outcomes by calendar year."""
        return self.of_year


def stored_copy(record: LiveRecord) -> RecordCopy:
    """Copy what a model has recorded, so that the model can go; it travels between processes."""
    stocks = [record.stock(month) for month in range(record.months)]
    sizes = [stock.persons.size for stock in stocks]
    return RecordCopy(
        months=record.months,
        all_flows=Flows(*(_small(column) for column in record.flows(0, record.months))),
        stocks=StockRows(*(_small(np.concatenate(parts)) for parts in zip(*stocks, strict=True))),
        first=np.concatenate([[0], np.cumsum(sizes)]),
        all_movers=_small_movers(record.movers()),
        all_vacancies=_small_vacancies(record.vacancies()),
        margins=record.margins,
        of_year=record.yearly(),
    )


def _small_vacancies(v: ClosedVacancies) -> ClosedVacancies:
    columns = [_small(column) for column in v[:5]]
    return ClosedVacancies(*columns, v.filled)  # type: ignore[arg-type, call-arg]


def _small_movers(moved: MoverRows) -> MoverRows:
    columns = [_small(column) for column in moved[:-1]]
    return MoverRows(*columns, moved.person.copy())  # type: ignore[arg-type, call-arg]


def _small(column: Codes) -> Codes:
    """The same whole numbers in two bytes where they fit."""
    if column.size == 0 or (column.min() >= -32768 and column.max() <= 32767):
        return column.astype(np.int16)
    return column.copy()


class Folder:
    """Reads the tables of a run's folder, each when first asked for."""

    def __init__(self, folder: Path, places: Places, start: str, months: int) -> None:
        """Say which folder, its employers, its first month and how many months it has.

        Args:
            folder: The run's folder.
            places: Employers.
            start: First month, as `2011-01`.
            months: Months recorded.
        """
        self.folder, self.places, self.months = folder, places, months
        first = int(start[:4]) * 12 + int(start[5:7]) - 1
        self._month = {
            f"{(first + m) // 12}-{(first + m) % 12 + 1:02d}": m for m in range(months)
        } | {"": -1}
        self._tables: dict[str, pa.Table] = {}

    def arms(self) -> dict[str, list[int]]:
        """Replications of each arm, baseline first."""
        table = self._table("flows").select(["arm", "replication"])
        pairs = table.group_by(["arm", "replication"]).aggregate([]).to_pylist()
        found: dict[str, list[int]] = {}
        for row in sorted(pairs, key=lambda row: (row["arm"] != BASELINE, row["replication"])):
            found.setdefault(str(row["arm"]), []).append(int(row["replication"]))
        return found

    def record(self, arm: str, replication: int) -> RecordCopy:
        """One replication of one arm."""
        flows = self._flows(arm, replication)
        stocks, first = self._stocks(arm, replication)
        return RecordCopy(
            self.months,
            flows,
            stocks,
            first,
            self._movers(arm, replication),
            self._vacancies(arm, replication),
            self._margins(arm, replication),
        )

    def _table(self, name: str) -> pa.Table:
        if name not in self._tables:
            import pyarrow.parquet as pq

            self._tables[name] = pq.read_table(self.folder / f"{name}.parquet")
        return self._tables[name]

    def _rows(self, name: str, arm: str, replication: int) -> pa.Table:
        import pyarrow.compute as pc

        table = self._table(name)
        mine = pc.and_(
            pc.equal(table["arm"].cast("string"), arm), pc.equal(table["replication"], replication)
        )
        return table.filter(mine).combine_chunks()

    def _flows(self, arm: str, replication: int) -> Flows:
        t = self._rows("flows", arm, replication)
        unknown = np.full(t.num_rows, -1, np.int16)
        flows = Flows(
            self._months(t, "month"),
            codes(t, "kind"),
            self._employer(t, "origin_"),
            codes(t, "origin_role"),
            self._employer(t, "destination_"),
            codes(t, "destination_role"),
            codes(t, "field"),
            codes(t, "reason"),
            codes(t, "crossing", CODES) if "crossing" in t.column_names else unknown,
            t["persons"].to_numpy(),
        )
        order = np.argsort(flows.month, kind="stable")
        return Flows(*(column[order] for column in flows))

    def _stocks(self, arm: str, replication: int) -> tuple[StockRows, NDArray[np.int64]]:
        t = self._rows("stocks", arm, replication)
        month = self._months(t, "month")
        order = np.argsort(month, kind="stable")
        role, field_, sex, education = (
            codes(t, name)[order] for name in ("role", "field", "sex", "education")
        )
        persons = t["persons"].to_numpy()[order]
        stock = StockRows(self._employer(t, "")[order], role, field_, sex, education, persons)
        return stock, np.searchsorted(month[order], np.arange(self.months + 1))

    def _movers(self, arm: str, replication: int) -> MoverRows:
        t = self._rows("movers", arm, replication)
        return MoverRows(
            self._months(t, "month"),
            codes(t, "group"),
            self._employer(t, "origin_"),
            codes(t, "origin_role"),
            self._employer(t, "destination_"),
            codes(t, "destination_role"),
            codes(t, "reason"),
            codes(t, "field"),
            t["person"].to_numpy(),
        )

    def _vacancies(self, arm: str, replication: int) -> ClosedVacancies:
        t = self._rows("vacancies", arm, replication)
        closed = self._months(t, "closed")
        # Opened before the first recorded month: the age at the end tells when.
        opened = self._months(t, "opened")
        age = t["months"].to_numpy()
        opened = np.where((opened < 0) & (closed >= 0), closed - age, opened)
        outcome = codes(t, "outcome", ("filled", "withdrawn", "open"))
        return ClosedVacancies(
            self._employer(t, ""), codes(t, "role"), codes(t, "field"), opened, closed, outcome == 0
        )

    def _margins(self, arm: str, replication: int) -> dict[int, Cubes]:
        """Staff by age, contract and hours, each December; runs of before had no such table."""
        if not (self.folder / "margins.parquet").is_file():
            return {}
        t = self._rows("margins", arm, replication)
        month, what = self._months(t, "month"), codes(t, "what", tuple(MARGINS))
        axes = [codes(t, name) for name in ("sector", "role", "field", "region")]
        persons = t["persons"].to_numpy()
        found: dict[int, Cubes] = {}
        for k, (name, bands) in enumerate(MARGINS.items()):
            band = codes(t, "band", bands)
            for now in np.unique(month):
                mine = (month == now) & (what == k)
                cube = np.zeros((*SHAPE, len(bands)), np.uint32)
                cube[tuple(axis[mine] for axis in (*axes, band))] = persons[mine]
                found.setdefault(int(now), {})[name] = cube
        return found

    def _months(self, table: pa.Table, name: str) -> Codes:
        return _codes_of(table[name], lambda text: self._month.get(text, -1))

    def _employer(self, table: pa.Table, prefix: str) -> Codes:
        """Employer code from sector, institution and (outside) region."""
        places = self.places
        sector = codes(table, f"{prefix}sector", (*c.SECTORS, "outside_model"))
        inside = _codes_of(table[f"{prefix}institution"], lambda text: places.code(text) or 0)
        name = f"{prefix}region"
        region = codes(table, name, (*c.REGIONS, "")) if name in table.column_names else 0
        outside = places.institutions + (sector - 2) * len(c.REGIONS) + region
        code = np.where(sector <= c.WO, inside, outside)
        code = np.where(sector == c.NO_JOB, NO_JOB, code)
        return np.where(sector == len(c.SECTORS), OUTSIDE_MODEL, code).astype(np.int16)


def codes(table: pa.Table, name: str, names: tuple[str, ...] | None = None) -> Codes:
    """A column of names as codes of `hesim.categories`."""
    known = {text: code for code, text in enumerate(names or NAMES[name])}
    return _codes_of(table[name], lambda text: known.get(text, -1))


def _codes_of(column: Any, code_of: Any) -> Codes:
    """Turn a column of text into codes, each different text once."""
    import pyarrow as pa

    whole = column.combine_chunks() if hasattr(column, "combine_chunks") else column
    if isinstance(whole, pa.ChunkedArray):
        whole = whole.chunk(0) if whole.num_chunks else pa.array([], pa.string())
    if not pa.types.is_dictionary(whole.type):
        whole = whole.cast(pa.string()).dictionary_encode()
    table = np.array([code_of(text) for text in whole.dictionary.to_pylist()] or [0], np.int16)
    return np.asarray(table[whole.indices.to_numpy(zero_copy_only=False)])
