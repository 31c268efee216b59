"""Tally cells that are shares: how many lie inside, what a true model would show, chi-squares.

The same figures for inputs and for what is held out as `assess` gives for the fitted contrasts.
The surveys of a true model are not refitted here: no parameter was chosen for these cells alone. Of
inputs, which are set one by one, and of table 3.1 in production a true model would show more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hesim.calibration import assessment
from hesim.calibration import targets as t
from hesim.tables import ReportTables

Floats = NDArray[np.float64]
SEED, REPEATS = 3600, 2000


@dataclass(frozen=True)
class Group:
    """Cells of one block, asked of one group of respondents.

    Attributes:
        name: Table, block and group.
        cells: The report's shares and the model's, with the survey's error (design effect 1).
        n: Respondents.
        one: Whether each respondent is in one cell only; else each cell is a question of its own.
        draws: Shares by draw, shape (draws, cells): the model is as unsure of itself as these
            differ; None where it is not.
    """

    name: str
    cells: tuple[assessment.CellComparison, ...]
    n: int
    one: bool
    draws: Floats | None = None


def cell_groups(
    tables: ReportTables,
    shares: Mapping[str, float],
    kind: str,
    draws: Mapping[str, Floats] | None = None,
) -> list[Group]:
    """List the cells of a class by block.

    Args:
        tables: The report's tables.
        shares: The model's shares by name of the cell.
        kind: Class of `targets.cell_class`.
        draws: Shares by draw and name.
    """
    printed = {
        "|".join(t.key_of(x)): x
        for x in tables.cells
        if x.table in t.TABLES and t.cell_class(x) == kind and not t.excluded(x)
    }
    blocks: dict[tuple[str, str, str], list[assessment.CellComparison]] = {}
    for cell in assessment.share_cells(tables, shares, kind):
        own = printed[cell.name]
        blocks.setdefault((own.table, own.block, own.group), []).append(cell)
    return [
        Group(
            " ".join(place),
            tuple(cells),
            printed[cells[0].name].n,
            printed[cells[0].name].kind == "share",
            None if draws is None else np.column_stack([draws[x.name] for x in cells]),
        )
        for place, cells in blocks.items()
    ]


def tally(listed: list[Group]) -> dict[str, Any]:
    """Tally groups of cells.

    Returns:
        Cells, share inside their 95% interval (design effect 1), the band (5% to 95%) that a true
        model would show at each design effect, chi-square over it by block, mean Cohen's h between
        report and model, and the ten worst cells.
    """
    cells = [x for group in listed for x in group.cells]
    return {
        "cells": len(cells),
        "inside_95": float(np.mean([x.inside for x in cells])),
        "bands": {f"{effect:g}": _band(listed, effect) for effect in assessment.DESIGN_EFFECTS},
        "chi_square": [_chi_square(group) for group in listed],
        "effect_size_mean_h": float(np.mean([_h(x.reported, x.simulated) for x in cells])),
        "worst": [cell_row(x) for x in assessment.worst(cells)],
    }


def cell_row(cell: assessment.CellComparison) -> dict[str, Any]:
    """A cell in per cent, as it is shown."""
    return {
        "name": cell.name,
        "reported": round(100 * cell.reported, 1),
        "simulated": round(100 * cell.simulated, 1),
        "standard_errors_off": round(cell.off, 2),
    }


def _h(first: float, second: float) -> float:
    return float(abs(2 * np.arcsin(np.sqrt(first)) - 2 * np.arcsin(np.sqrt(second))))


def _whole(shares: Floats) -> Floats:
    """Shares with what is missing from 1 as one more, shape (..., cells + 1)."""
    rest = np.maximum(1.0 - shares.sum(axis=-1, keepdims=True), 0.0)
    whole = np.concatenate([np.maximum(shares, 0.0), rest], axis=-1)
    return np.asarray(whole / whole.sum(axis=-1, keepdims=True))


def _band(listed: list[Group], effect: float) -> list[float]:
    rng = np.random.default_rng(SEED)
    inside, count = np.zeros(REPEATS), 0
    for group in listed:
        true = np.array([x.simulated for x in group.cells])
        people = max(round(group.n / effect), 1)
        shares = np.broadcast_to(true, (REPEATS, true.size))
        if group.draws is not None:
            shares = group.draws[rng.integers(group.draws.shape[0], size=REPEATS)]
        if group.one:
            found = rng.multinomial(people, _whole(shares))[:, :-1] / people
        else:
            found = rng.binomial(people, np.clip(shares, 0.0, 1.0)) / people
        error = np.array([x.error for x in group.cells])
        inside += (np.abs(found - true) <= assessment.Z95 * error).sum(axis=1)
        count += true.size
    return [float(x) for x in np.quantile(inside / count, [0.05, 0.95])]


def _chi_square(group: Group) -> dict[str, float | str]:
    """Pearson's, expected counts of half a respondent at least; questions are taken as apart."""
    found = np.array([x.reported for x in group.cells])
    shown = np.array([x.simulated for x in group.cells])
    least = 0.5 / group.n
    if group.one:
        found, shown = _whole(found), _whole(shown)
        kept = np.maximum(found, shown) >= least
        found, shown = found[kept], shown[kept]
        value, degrees = ((found - shown) ** 2 / np.maximum(shown, least)).sum(), kept.sum() - 1
    else:
        value = ((found - shown) ** 2 / np.maximum(shown * (1.0 - shown), least)).sum()
        degrees = found.size
    chi2 = float(group.n * value)
    return {
        "block": group.name,
        "degrees_of_freedom": int(degrees),
        **{f"over_{effect:g}": chi2 / effect for effect in assessment.DESIGN_EFFECTS},
    }


def tally_lines(part: Mapping[str, Any], by_block: bool = True) -> Iterator[str]:
    """A tally in words, for people.

    Args:
        part: What `tally` found.
        by_block: Chi-square of each block; else their sum alone.
    """
    yield f"     inside their 95% interval (design effect 1): {part['inside_95']:.1%} of cells"
    yield f"     a true model would show, at design effect {bands_in_words(part['bands'])}"
    rows = part["chi_square"]
    keys = ("degrees_of_freedom", "over_1", "over_1.5", "over_2")
    whole = {"block": "all blocks", **{key: sum(row[key] for row in rows) for key in keys}}
    for row in (*(rows if by_block else ()), whole):
        yield f"     {chi_square_in_words(row)}"
    yield f"     mean Cohen's h between report and model: {part['effect_size_mean_h']:.3f}"
    yield from cell_lines("     ten worst, %", part["worst"])


def bands_in_words(bands: Mapping[str, Sequence[float]]) -> str:
    """What a true model would show, by design effect."""
    return "; ".join(f"{effect}: {low:.0%} to {high:.0%}" for effect, (low, high) in bands.items())


def chi_square_in_words(row: Mapping[str, Any]) -> str:
    """Chi-square of a block over each design effect."""
    return (
        f"chi-square {row['block']}: {row['over_1']:.1f} (/1.5: {row['over_1.5']:.1f}; "
        f"/2: {row['over_2']:.1f}) on {round(row['degrees_of_freedom'], 1)} degrees of freedom"
    )


def cell_lines(title: str, rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Cells as lines of text, under a title."""
    yield f"{title:62}{'report':>8}{'model':>8}  off"
    for row in rows:
        yield (
            f"     {row['name']:57}{row['reported']:8.1f}{row['simulated']:8.1f}"
            f"  {row['standard_errors_off']:.1f} s.e."
        )
