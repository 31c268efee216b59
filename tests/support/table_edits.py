"""Edit the packaged tables within their schema: what somebody's own tables could say."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from hypothesis import strategies as st

from hesim.tables import ReportTables, read
from hesim.tables import schema as s
from hesim.tables.checks import FACT_RANGES, MIX

Row = dict[str, str]
Edit = Callable[[list[Row]], None]
BLOCKS = ("3.2", "3.3")
OPPOSITE = {"hbo_in": "wo_in", "wo_in": "hbo_in", "hbo_out": "wo_out", "wo_out": "hbo_out"}
TURNED = {"hbo_in": "hbo_out", "hbo_out": "hbo_in", "wo_in": "wo_out", "wo_out": "wo_in"}


class Change(NamedTuple):
    """A change of one file.

    Attributes:
        name: What it does, for the name of a test.
        file: The file.
        edit: Changes its rows.
    """

    name: str
    file: str
    edit: Edit

    def __repr__(self) -> str:
        return self.name


def packaged(file: str) -> list[Row]:
    text = (files("hesim.tables") / "data" / file).read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def written(changes: list[Change], folder: Path) -> Path:
    """Write the changed tables into a folder."""
    rows = {change.file: packaged(change.file) for change in changes}
    for change in changes:
        change.edit(rows[change.file])
    for file, content in rows.items():
        with (folder / file).open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, list(content[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(content)
    return folder


def edited(changes: list[Change], folder: Path) -> ReportTables:
    return read(written(changes, folder))


def shares_of(rows: list[Row]) -> dict[tuple[str, str, str], list[Row]]:
    """Rows of each whole block of shares."""
    found: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        if row["kind"] == "share" and row["table"] != "3.1":
            found.setdefault((row["table"], row["block"], row["group"]), []).append(row)
    return found


def _percent(row: Row) -> float:
    return float(row["percent"] or 0)


def _fill(rows: list[Row], values: list[float]) -> None:
    """Write shares that sum to 100; what has no figure keeps none."""
    whole = sum(values)
    for row, value in zip(rows, values, strict=True):
        row["percent"] = f"{100.0 * value / whole:.6f}"


def alone(key: tuple[str, str, str], item: int) -> Change:
    """Let all of a block have one category."""

    def edit(rows: list[Row]) -> None:
        block = shares_of(rows)[key]
        _fill(block, [float(k == item % len(block)) for k in range(len(block))])

    return Change(f"only {item} of {'/'.join(key)}", s.REPORT, edit)


def nobody(key: tuple[str, str, str], item: int) -> Change:
    """Let nobody of a block have a category."""

    def edit(rows: list[Row]) -> None:
        block = shares_of(rows)[key]
        left = [0.0 if k == item % len(block) else _percent(row) for k, row in enumerate(block)]
        _fill(block, left if sum(left) else [1.0] * len(block))

    return Change(f"none of {item} of {'/'.join(key)}", s.REPORT, edit)


def spread(key: tuple[str, str, str], weights: tuple[float, ...]) -> Change:
    """Give a block's categories any shares."""

    def edit(rows: list[Row]) -> None:
        block = shares_of(rows)[key]
        _fill(block, [weights[k % len(weights)] for k in range(len(block))])

    return Change(f"{weights} in {'/'.join(key)}", s.REPORT, edit)


def agreed(table: str, place: int, percent: str) -> Change:
    """Let so many agree with one item of table 3.4 or 3.5; a negative place stands for all."""

    def edit(rows: list[Row]) -> None:
        mine = [row for row in rows if row["table"] == table and row["percent"]]
        for row in mine if place < 0 else [mine[place % len(mine)]]:
            row["percent"] = percent

    return Change(f"{percent} in {table} at {place}", s.REPORT, edit)


def exchanged(tables: tuple[str, ...], pairs: dict[str, str], name: str) -> Change:
    """Say of one group what the tables say of another."""

    def edit(rows: list[Row]) -> None:
        mine = [row for row in rows if row["table"] in tables]
        found = {(r["block"], r["item"], r["group"]): dict(r) for r in mine}
        for row in mine:
            other = found.get((row["block"], row["item"], pairs[row["group"]]))
            if other is not None and row["percent"] and other["percent"]:
                row["percent"], row["n"] = other["percent"], other["n"]
        for block in shares_of(rows).values():
            if block[0]["table"] in tables:
                _fill(block, [_percent(row) for row in block])

    return Change(name, s.REPORT, edit)


def respondents(n: str) -> Change:
    def edit(rows: list[Row]) -> None:
        for row in rows:
            row["n"] = n

    return Change(f"{n} respondents", s.REPORT, edit)


def macro(quantity: str, sector: str, value: float) -> Change:
    def edit(rows: list[Row]) -> None:
        for row in rows:
            if row["quantity"] == quantity and row["sector"] == sector:
                row["value"] = f"{value:g}"

    return Change(f"{quantity} {sector} {value:g}", s.MACRO, edit)


def fact(quantity: str, value: float) -> Change:
    def edit(rows: list[Row]) -> None:
        for row in rows:
            if row["quantity"] == quantity:
                row["value"] = f"{value:g}"

    return Change(f"{quantity} {value:g}", s.CONTEXT, edit)


def mix(only: int) -> Change:
    """Let all who work outside work in one sector."""

    def edit(rows: list[Row]) -> None:
        for row in rows:
            if row["quantity"] == MIX:
                names = [part.split()[0] for part in row["value"].split(";")]
                row["value"] = "; ".join(f"{n} {int(k == only)}" for k, n in enumerate(names))

    return Change(f"mix only {only}", s.CONTEXT, edit)


KEYS = {key: len(rows) for key, rows in shares_of(packaged(s.REPORT)).items()}
SWAPS = {
    "hbo and wo change places in 3.2 and 3.3": exchanged(BLOCKS, OPPOSITE, "3.2 with 3.3"),
    "entrants and leavers change places": exchanged(BLOCKS, TURNED, "entrants with leavers"),
    "hbo and wo change places in 3.2 to 3.5": exchanged(
        (*BLOCKS, "3.4", "3.5"), OPPOSITE, "3.2 to 3.5"
    ),
    "hbo and wo change places in 2.1": exchanged(("2.1",), OPPOSITE, "2.1"),
    "hbo and wo change places in 2.2": exchanged(("2.2",), OPPOSITE, "2.2"),
}


def single() -> Iterator[Change]:
    """Each extreme by itself."""
    for key, size in KEYS.items():
        for item in range(size):
            yield alone(key, item)
            yield nobody(key, item)
    for table in ("3.4", "3.5"):
        for percent in ("0", "100"):
            yield agreed(table, -1, percent)
            yield from (agreed(table, place, percent) for place in range(0, 280, 7))
    yield from SWAPS.values()
    yield from map(respondents, ("1", "1000000"))
    for sector in ("hbo", "wo"):
        yield from (macro("turnover", sector, value) for value in (0, 0.1, 5, 8, 40, 100))
    for quantity, ends in FACT_RANGES.items():
        yield from (fact(quantity, value) for value in ends)
    yield from map(mix, range(7))


ITEMS = st.integers(0, 20)
ANY_KEY = st.sampled_from(sorted(KEYS))
WEIGHTS = st.lists(st.floats(0.0, 1.0), min_size=3, max_size=6).filter(lambda x: sum(x[:2]) > 0.01)
CHANGES = st.one_of(
    st.builds(alone, ANY_KEY, ITEMS),
    st.builds(nobody, ANY_KEY, ITEMS),
    st.builds(spread, ANY_KEY, WEIGHTS.map(tuple)),
    st.builds(agreed, st.sampled_from(["3.4", "3.5"]), st.integers(-1, 400), st.just("0")),
    st.builds(agreed, st.sampled_from(["3.4", "3.5"]), st.integers(-1, 400), st.just("100")),
    st.sampled_from(list(SWAPS.values())),
    st.builds(respondents, st.integers(1, 1_000_000).map(str)),
    st.builds(macro, st.just("turnover"), st.sampled_from(["hbo", "wo"]), st.floats(0, 100)),
    st.sampled_from(sorted(FACT_RANGES)).flatmap(
        lambda q: st.builds(fact, st.just(q), st.floats(*FACT_RANGES[q]))
    ),
    st.builds(mix, st.integers(0, 6)),
)
EDITS = st.lists(CHANGES, min_size=1, max_size=3)
"""One to three changes at once."""
