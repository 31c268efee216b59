"""Measure what the pictures show, from a record and a selection."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.app.selection import Selection, Side
from hesim.record.places import Places
from hesim.record.reader import Flows, MoverRows, Record
from hesim.survey.crossings import CROSSINGS, DIRECT, LATER, NO_CROSSING, crossing
from hesim.survey.margins import MARGINS

CHANGES = tuple(c.FLOW_KINDS.index(name) for name in ("move", "hire", "separation"))
MOVE, HIRE, STEP = (c.FLOW_KINDS.index(name) for name in ("move", "hire", "step"))
ORIGINS = (*c.SECTORS, *(origin for origin, _ in LATER.values()))
"""Where people come from: sectors, and those who cross after a time without a job."""
YEAR = 12


class Line(NamedTuple):
    """Moves from one institution to another.

    Attributes:
        origin: Code of the institution left.
        target: Code of the institution joined.
        persons: Persons in each replication, as simulated.
    """

    origin: int
    target: int
    persons: tuple[float, ...]


def origin_destination(
    record: Record, places: Places, chosen: Selection, start: int, stop: int
) -> NDArray[np.float64]:
    """Persons by where they come from and go to, as simulated.

    Returns:
        Shape (origins, sectors): rows are those of `ORIGINS`, columns `categories.SECTORS`. Who
        crosses after a time without a job is in the last rows, and not among those without one.
    """
    f = record.flows(start, stop)
    mine = np.isin(f.kind, CHANGES) & _selected(f, places, chosen)
    mine &= (f.kind != HIRE) | (f.crossing < 0) | (f.crossing == NO_CROSSING)
    size = len(c.SECTORS)
    # The row for outside the model falls out of the square.
    cell = places.sector[f.origin[mine]].astype(np.int64) * (size + 1)
    cell += places.sector[f.target[mine]]
    counted = person_counts(cell, f.persons[mine], (size + 1) ** 2)
    counted = counted[: (size + 1) ** 2].reshape(size + 1, size + 1)[:size, :size]
    crossed = movers_by_month(record.movers(), places, chosen, stop)
    later = np.zeros((len(CROSSINGS), size))
    for row, (name, (left, joined)) in enumerate(CROSSINGS.items()):
        later[row, joined] = crossed[name][start:].sum() - counted[left, joined]
        if (f.crossing < 0).any():
            # A run recorded without the column: they are among those hired from no job.
            rest = counted[c.NO_JOB, joined] - later[row, joined]
            counted[c.NO_JOB, joined] = max(rest, 0.0)
    return np.concatenate([counted, later])


def direct_by_month(
    record: Record, places: Places, chosen: Selection
) -> dict[str, NDArray[np.float64]]:
    """Count those who cross from job to job by month, by the name of the outcome."""
    f = record.flows(0, record.months)
    moved = (f.kind == MOVE) & _selected(f, places, chosen)
    which = crossing(places.sector[f.origin], places.sector[f.target])
    found = {}
    for code, name in enumerate(CROSSINGS):
        mine = moved & (which == code)
        found[DIRECT[name]] = person_counts(f.month[mine], f.persons[mine], record.months)
    return found


def _selected(f: Flows, places: Places, chosen: Selection) -> NDArray[np.bool_]:
    """Which flows belong to a selection: those of which at least one side does."""
    return chosen.moves(
        places, Side(f.origin, f.origin_role), Side(f.target, f.target_role), f.field
    )


def flow_lines(
    records: Sequence[Record],
    places: Places,
    chosen: Selection,
    start: int,
    stop: int,
    most: int = 90,
) -> list[Line]:
    """The largest flows between institutions, those between hbo and wo last; smallest first.

    Args:
        records: The replications.
        places: Employers.
        chosen: What is shown.
        start: First month.
        stop: Month after the last.
        most: How many lines within sectors, and as many across.
    """
    return largest_lines(counted_moves(records, places, chosen, start, stop), places, most)


def counted_moves(
    records: Sequence[Record], places: Places, chosen: Selection, start: int, stop: int
) -> NDArray[np.float64]:
    """Moves from each institution to each other, as simulated.

    Args:
        records: The replications.
        places: Employers.
        chosen: What is shown.
        start: First month.
        stop: Month after the last.

    Returns:
        Shape (replications, institutions * institutions), by origin and then target.
    """
    inside = places.institutions
    counted = np.zeros((len(records), inside**2))
    for row, record in enumerate(records):
        f = record.flows(start, stop)
        mine = (f.kind == MOVE) & (f.origin >= 0) & (f.origin < inside) & (f.target < inside)
        mine &= _selected(f, places, chosen)
        cell = f.origin[mine].astype(np.int64) * inside + f.target[mine]
        counted[row] = np.bincount(cell, f.persons[mine], minlength=inside**2)
    return counted


def largest_lines(counted: NDArray[np.float64], places: Places, most: int = 90) -> list[Line]:
    """The largest of moves or of their changes, those between hbo and wo last; smallest first.

    Args:
        counted: As `counted_moves` gives them, or the difference of two such tables.
        places: Employers.
        most: How many lines within sectors, and as many across.
    """
    inside = places.institutions
    whole = np.abs(counted.sum(axis=0))
    order = np.argsort(whole, kind="stable")
    order = order[whole[order] > 0]
    across = places.sector[order // inside] != places.sector[order % inside]
    shown = [*order[~across][-most:], *order[across][-most:]]
    return [Line(int(k) // inside, int(k) % inside, tuple(counted[:, k].tolist())) for k in shown]


def staff_by_institution(
    record: Record, places: Places, chosen: Selection, month: int
) -> NDArray[np.float64]:
    """Staff of each institution at the end of a month, as simulated."""
    s = record.stock(month)
    mine = (s.employer >= 0) & (s.employer < places.institutions)
    mine &= chosen.jobs(places, Side(s.employer, s.role), s.field)
    return person_counts(s.employer[mine], s.persons[mine], places.institutions)


def staff_by(
    record: Record, places: Places, chosen: Selection, month: int, column: str
) -> NDArray[np.float64]:
    """Staff of hbo and wo by `field`, `role`, `sex` or `education`: shape (2, codes)."""
    s = record.stock(month)
    names = {"field": c.FIELDS, "role": c.ROLES, "sex": c.SEXES, "education": c.EDUCATION}[column]
    mine = (s.employer >= 0) & (s.employer < places.institutions)
    mine &= chosen.jobs(places, Side(s.employer, s.role), s.field)
    cell = places.sector[s.employer[mine]].astype(np.int64) * len(names)
    cell += getattr(s, column)[mine]
    return person_counts(cell, s.persons[mine], 2 * len(names)).reshape(2, len(names))


def margin(record: Record, chosen: Selection, month: int, name: str) -> NDArray[np.int64] | None:
    """Staff of hbo and wo by a band of `MARGINS`: shape (2, bands); None where not recorded."""
    cube = record.margin(name, month)
    if cube is None:
        return None
    for axis, (attribute, names) in enumerate(
        (("sector", c.SECTORS[:2]), ("role", c.ROLES), ("field", c.FIELDS), ("region", c.REGIONS))
    ):
        wanted = getattr(chosen, attribute)
        if wanted is not None:
            keep = np.zeros(cube.shape[axis], bool)
            keep[names.index(wanted)] = True
            cube = cube * keep.reshape([-1 if k == axis else 1 for k in range(5)])
    return np.asarray(cube.sum(axis=(1, 2, 3))).reshape(2, len(MARGINS[name]))


class MarketHistory(NamedTuple):
    """The vacancy market by month, hbo and wo: shape (months, 2) each.

    Attributes:
        open: Vacancies that stand open at the end of the month.
        filled: Filled in the month.
        withdrawn: Withdrawn in the month.
        waited: Mean months from opening to filling, of those filled in the last twelve months;
            not a number where none was.
    """

    open: NDArray[np.float64]
    filled: NDArray[np.float64]
    withdrawn: NDArray[np.float64]
    waited: NDArray[np.float64]


def market_history(record: Record, places: Places, chosen: Selection) -> MarketHistory:
    """Follow the vacancies of institutions over all months recorded."""
    v, months = record.vacancies(), record.months
    mine = v.employer < places.institutions
    mine &= chosen.jobs(places, Side(v.employer, v.role), v.field)
    sector = places.sector[v.employer[mine]].astype(np.int64)
    opened, closed, filled = (
        np.asarray(column)[mine].astype(np.int64) for column in (v.opened, v.closed, v.filled)
    )

    def by_month(month: NDArray[np.int64], which: NDArray[np.bool_]) -> NDArray[np.float64]:
        which = which & (month >= 0) & (month < months)
        flat = np.bincount(month[which] * 2 + sector[which], minlength=2 * months)
        return flat.reshape(months, 2).astype(np.float64)

    is_filled, ended = filled == 1, closed >= 0
    change = by_month(np.maximum(opened, 0), np.ones(opened.size, bool)) - by_month(closed, ended)
    waits = np.zeros(2 * months)
    done = is_filled & ended & (closed < months)
    np.add.at(waits, closed[done] * 2 + sector[done], (closed - opened)[done])
    of_month = by_month(closed, is_filled)
    with np.errstate(invalid="ignore", divide="ignore"):
        waited = rolled(waits.reshape(months, 2)) / rolled(of_month)
    return MarketHistory(
        np.cumsum(change, axis=0), of_month, by_month(closed, ended & ~is_filled), waited
    )


def person_counts(
    cell: NDArray[np.integer], persons: NDArray[np.integer], size: int
) -> NDArray[np.float64]:
    """Persons by cell, shape (size,)."""
    return np.asarray(np.bincount(cell, persons, minlength=size), np.float64)


def rolled(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sums over the last twelve months along the first axis; the first months over fewer."""
    whole = np.cumsum(values, axis=0)
    out = whole.copy()
    out[YEAR:] = whole[YEAR:] - whole[:-YEAR]
    return out


def a_year(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sums over the last twelve months along the first axis; the first months annualised."""
    over = np.minimum(np.arange(1, values.shape[0] + 1), YEAR)
    return rolled(values) * (YEAR / over).reshape(-1, *[1] * (values.ndim - 1))


def movers_by_month(
    moved: MoverRows, places: Places, chosen: Selection, months: int
) -> dict[str, NDArray[np.float64]]:
    """Count movers by month: each group, and those who cross between hbo and wo."""
    mine = chosen.moves(
        places,
        Side(moved.origin, moved.origin_role),
        Side(moved.target, moved.target_role),
        moved.field,
    )
    origin, target = places.sector[moved.origin], places.sector[moved.target]

    def count(group: str, more: NDArray[np.bool_] | None = None) -> NDArray[np.float64]:
        which = mine & (moved.group == c.MOVER_GROUPS.index(group)) & (moved.month < months)
        which = which if more is None else which & more
        return np.bincount(moved.month[which], minlength=months).astype(np.float64)

    counted = {group: count(group) for group in c.MOVER_GROUPS}
    which = crossing(origin, target)
    for code, (name, (_, joined)) in enumerate(CROSSINGS.items()):
        counted[name] = count(f"{c.SECTORS[joined]}_in", which == code)
    return counted


def passages_by_month(
    moved: MoverRows, places: Places, chosen: Selection, months: int
) -> dict[str, NDArray[np.float64]]:
    """Count by month those who join or leave a job of the selection, for rates of its staff.

    A rate divides by people of the selection, so its numerator is of the same people: who joins a
    job of the selection, or leaves one. `movers_by_month` counts a move when either side belongs.

    Returns:
        By group of movers; those of `hbo_in` who come from wo; those of `wo_out` who go to hbo.
    """
    origin, target = places.sector[moved.origin], places.sector[moved.target]
    joined = chosen.jobs(places, Side(moved.target, moved.target_role), moved.field)
    left = chosen.jobs(places, Side(moved.origin, moved.origin_role), moved.field)

    def count(group: str, more: NDArray[np.bool_] | None = None) -> NDArray[np.float64]:
        which = joined if group.endswith("_in") else left
        which = which & (moved.group == c.MOVER_GROUPS.index(group)) & (moved.month < months)
        which = which if more is None else which & more
        return np.bincount(moved.month[which], minlength=months).astype(np.float64)

    crossed = crossing(origin, target) == list(CROSSINGS).index("wo_to_hbo")
    return {group: count(group) for group in c.MOVER_GROUPS} | {
        "hbo_in_from_wo": count("hbo_in", crossed),
        "wo_out_to_hbo": count("wo_out", crossed),
    }
