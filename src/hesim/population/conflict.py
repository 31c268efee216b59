"""Say which margins of a table contradict each other, in the words of those who published them.

Margins contradict each other where some combinations cannot be. Then some categories of one margin
together want more than there is of all the categories of another margin that go with them. Of two
margins that contradict each other there are always such categories (Hall's theorem); of three or
more not always. Then the figure that is missed by most is named.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Margin = tuple[tuple[int, ...], Floats]
NOISE = 1e-6
"""Difference, as a share of the total, below which figures do not contradict each other."""
MOST_SETS = 12
"""Categories of which all sets are looked at; of more only single ones, and pairs."""


class TableAxis(NamedTuple):
    """What an axis of a table is about.

    Attributes:
        name: What its categories are and where their figures come from.
        items: The categories.
    """

    name: str
    items: Sequence[str]


class _Side(NamedTuple):
    """One margin, flattened.

    Attributes:
        name: What it is about.
        items: Its cells.
        share: What they want, as shares, shape (cells,).
        axes: Axes that it keeps.
        shape: Length of each.
    """

    name: str
    items: tuple[str, ...]
    share: Floats
    axes: tuple[int, ...]
    shape: tuple[int, ...]


def conflict(seed: Floats, margins: Sequence[Margin], axes: Sequence[TableAxis]) -> str | None:
    """Say which figures contradict each other most.

    Args:
        seed: Cells before raking; what is 0 cannot be.
        margins: Axes that a margin keeps, and what it wants.
        axes: What each axis of the table is about.

    Returns:
        Words; None where no two margins contradict each other.
    """
    sides = [side for margin in margins for side in _sides(margin, axes)]
    worst, words = NOISE, None
    for one, other in combinations(sides, 2):
        if one.share.size > other.share.size:
            one, other = other, one
        goes = _goes_with(seed, one, other)
        for chosen in _sets(one.share.size):
            rows = list(chosen)
            partners = np.flatnonzero(goes[rows].any(axis=0))
            wanted, there = float(one.share[rows].sum()), float(other.share[partners].sum())
            # One more category has to add something to be named.
            if wanted - there > worst + NOISE:
                worst, words = wanted - there, _worded(one, rows, other, partners, wanted, there)
    return words


def largest_gap(table: Floats, margins: Sequence[Margin], axes: Sequence[TableAxis]) -> str:
    """Say which figure a raked table misses by most, and beside which others."""
    found: list[tuple[float, str]] = []
    total = float(margins[0][1].sum())
    for kept, target in margins:
        others = tuple(axis for axis in range(table.ndim) if axis not in kept)
        order = np.argsort(np.argsort(kept))
        is_ = table.sum(axis=others).transpose(order) / total
        off = np.abs(is_ - target / total)
        at = np.unravel_index(int(off.argmax()), off.shape)
        what = " ".join(axes[a].items[int(k)] for a, k in zip(kept, at, strict=True))
        name = " and ".join(axes[a].name for a in kept)
        wanted = 100.0 * float(target[at]) / total
        words = f"{name}: {what} wants {wanted:.3g}%, comes to {100.0 * float(is_[at]):.3g}%"
        found.append((float(off.max()), words))
    rest = {axes[a].name for kept, _ in margins for a in kept}
    return f"{max(found)[1]}, with {', '.join(sorted(rest))} as they are"


def _sides(margin: Margin, axes: Sequence[TableAxis]) -> Iterator[_Side]:
    """A margin, and each axis of it by itself."""
    kept, target = margin
    share = target / target.sum()
    for k, axis in enumerate(kept if len(kept) > 1 else ()):
        sums = share.sum(axis=tuple(other for other in range(len(kept)) if other != k))
        yield _Side(axes[axis].name, tuple(axes[axis].items), sums, (axis,), sums.shape)
    items = tuple(
        " ".join(axes[axis].items[place] for axis, place in zip(kept, at, strict=True))
        for at in np.ndindex(share.shape)
    )
    name = " and ".join(axes[axis].name for axis in kept)
    yield _Side(name, items, share.ravel(), kept, share.shape)


def _goes_with(seed: Floats, one: _Side, other: _Side) -> NDArray[np.bool_]:
    """Whether a cell of one side and a cell of the other can be together, shape (cells, cells)."""
    rest = tuple(axis for axis in range(seed.ndim) if axis not in other.axes)
    order = np.argsort(np.argsort(other.axes))
    found = np.zeros((one.share.size, other.share.size), np.bool_)
    for row, at in enumerate(np.ndindex(one.shape)):
        place: list[int | slice] = [slice(None)] * seed.ndim
        for axis, code in zip(one.axes, at, strict=True):
            place[axis] = slice(code, code + 1)
        alone = np.zeros_like(seed)
        alone[tuple(place)] = seed[tuple(place)]
        found[row] = alone.sum(axis=rest).transpose(order).ravel() > 0
    return found


def _sets(size: int) -> Iterator[tuple[int, ...]]:
    """Sets of categories, small ones first."""
    for members in range(1, size if size <= MOST_SETS else 3):
        yield from combinations(range(size), members)


def _worded(
    one: _Side,
    rows: list[int],
    other: _Side,
    partners: NDArray[np.intp],
    wanted: float,
    there: float,
) -> str:
    few = [one.items[row] for row in rows if one.share[row] > 0]
    many = [other.items[column] for column in partners if other.share[column] > 0]
    goes = f"{_joined(many)}, {100.0 * there:.3g}%" if many else "nothing that there is"
    are, go = ("is", "goes") if len(few) == 1 else ("are together", "go")
    of_all = f"{one.name}: {_joined(few)} {are} {100.0 * wanted:.3g}%"
    return f"{of_all}, but {go} only with {other.name}: {goes}"


def _joined(names: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
