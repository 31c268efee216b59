"""Keep the stocks of all months as what changes from one month to the next.

Few of the cells of employer, role, field, sex and education change in a month. For each that does,
three whole numbers are written: how many cells further it is, and what heads and hours gain. They
are written in as few bytes as they need, seven bits a byte (the varints of many file formats), a
number that may be negative with its sign in the last bit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hesim.compilation import compiled

HEAD_BITS = 32
HEAD = 1 << HEAD_BITS
"""Weight of a head beside hours in one number: more than the hours of all."""
LONGEST = 5
"""Most bytes of a number below 2^35."""

Whole = NDArray[Any]
"""Whole numbers of whatever width."""


def smallest(column: Whole) -> Whole:
    """Keep whole numbers, none negative, in the smallest type that holds them."""
    return column.astype(np.min_scalar_type(int(column.max(initial=0))))


@compiled(inline="always")
def _signed(number: int) -> int:
    """Put the sign into the last bit, so that small numbers of either sign stay small."""
    return (number << 1) ^ (number >> 63)


@compiled
def _write(out: NDArray[np.uint8], at: int, number: int) -> int:
    """Write a number that is not negative; return where the next one goes."""
    while number >= 128:
        out[at] = (number & 127) | 128
        number >>= 7
        at += 1
    out[at] = number
    return at + 1


@compiled
def _read(changes: NDArray[np.uint8], at: int) -> tuple[int, int]:
    """Read a number; return it and where the next one stands."""
    number, shift = 0, 0
    while changes[at] >= 128:
        number |= (int(changes[at]) & 127) << shift
        shift += 7
        at += 1
    return number | (int(changes[at]) << shift), at + 1


@compiled
def changes_between(before: NDArray[np.int64], now: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Write the cells that differ, heads x `HEAD` + hours each, as bytes."""
    count = 0
    for cell in range(now.size):
        count += int(before[cell] != now[cell])
    out = np.empty(3 * LONGEST * count, np.uint8)
    last, at = 0, 0
    for cell in range(now.size):
        if before[cell] != now[cell]:
            heads = (now[cell] >> HEAD_BITS) - (before[cell] >> HEAD_BITS)
            hours = (now[cell] & (HEAD - 1)) - (before[cell] & (HEAD - 1))
            at = _write(out, at, cell - last)
            at = _write(out, at, _signed(heads))
            at = _write(out, at, _signed(hours))
            last = cell
    return out[:at].copy()


@compiled
def apply_changes(cells: NDArray[np.int64], changes: NDArray[np.uint8]) -> None:
    """Carry cells from one month to the next."""
    cell, at = 0, 0
    while at < changes.size:
        further, at = _read(changes, at)
        heads, at = _read(changes, at)
        hours, at = _read(changes, at)
        cell += further
        cells[cell] += ((heads >> 1) ^ -(heads & 1)) * HEAD + ((hours >> 1) ^ -(hours & 1))


class Stock(NamedTuple):
    """Persons at the end of a month, one row for each cell with somebody in it.

    Attributes:
        month: The month.
        cell: The cell as one number, see `Recorder.shape`.
        heads: Persons.
        hours: Their weekly hours in all.
    """

    month: int
    cell: Whole
    heads: Whole
    hours: Whole


class Stocks(Sequence[Stock]):
    """The stocks of all months so far, each worked out from the changes when it is asked for."""

    def __init__(self, months: list[int], changes: list[NDArray[np.uint8]], cells: int) -> None:
        """Read what a recorder keeps.

        Args:
            months: Months counted, in order.
            changes: What `changes_between` wrote for each.
            cells: Number of cells.
        """
        self._months, self._changes, self._cells = months, changes, cells

    def __len__(self) -> int:
        """Months counted."""
        return len(self._months)

    def __iter__(self) -> Iterator[Stock]:
        """Walk through the months in order."""
        cells = np.zeros(self._cells, np.int64)
        for month, changes in zip(self._months, self._changes, strict=True):
            apply_changes(cells, changes)
            yield _stock(month, cells)

    def last_of(self, months: int) -> Iterator[Stock]:
        """Walk through the last of each so many months, as 12 for Decembers.

        Months are counted from the first recorded one. It takes less than to walk through all.
        """
        cells = np.zeros(self._cells, np.int64)
        for month, changes in zip(self._months, self._changes, strict=True):
            apply_changes(cells, changes)
            if month % months == months - 1:
                yield _stock(month, cells)

    def __getitem__(self, at: Any) -> Any:
        """Give one month by its place; a slice gives a list."""
        if isinstance(at, slice):
            return list(self)[at]
        last = range(len(self))[at]
        cells = np.zeros(self._cells, np.int64)
        for changes in self._changes[: last + 1]:
            apply_changes(cells, changes)
        return _stock(self._months[last], cells)


def _stock(month: int, cells: NDArray[np.int64]) -> Stock:
    rows = np.flatnonzero(cells)
    counted = cells[rows]
    heads, hours = counted >> HEAD_BITS, counted & (HEAD - 1)
    return Stock(month, smallest(rows), smallest(heads), smallest(hours))
