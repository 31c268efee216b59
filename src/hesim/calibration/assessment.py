"""Say how well a calibration does: inputs, fitted and held out, three figures that stay apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hesim.calibration import targets as t
from hesim.calibration.likelihood import Block, survey_covariance
from hesim.tables import Cell as Printed
from hesim.tables import ReportTables

Floats = NDArray[np.float64]
DESIGN_EFFECTS = (1.0, 1.5, 2.0)
Z95 = 1.959964
SEED, REPEATS = 3500, 2000
WORST = 10


@dataclass(frozen=True)
class CellComparison:
    """One figure: what the report says and what the model says."""

    name: str
    reported: float
    simulated: float
    error: float

    @property
    def off(self) -> float:
        """Standard errors of the survey (design effect 1) between both."""
        return abs(self.reported - self.simulated) / max(self.error, 1e-9)

    @property
    def inside(self) -> bool:
        """Whether the report's figure lies in the 95% interval of a survey of the model."""
        return self.off <= Z95


def deviance(tables: ReportTables, shares: Mapping[str, float]) -> tuple[float, float]:
    """Binomial deviance of table 3.5's contrasts: of the pooled percentages, and of the model."""
    null = own = 0.0
    for x in t.contrasts(tables):
        for key, share, n in zip(x.keys, x.shares, x.n, strict=True):
            null += _deviance(share, x.pooled, n)
            own += _deviance(share, shares["|".join(key)], n)
    return null, own


def _deviance(found: float, expected: float, n: int) -> float:
    p = min(max(expected, 1e-4), 1.0 - 1e-4)
    yes = found * np.log(found / p) if found > 0 else 0.0
    no = (1.0 - found) * np.log((1.0 - found) / (1.0 - p)) if found < 1 else 0.0
    return float(2.0 * n * (yes + no))


def contrast_cells(
    listed: list[Block], shares: Mapping[str, float], answers: Floats
) -> list[CellComparison]:
    """Contrasts of table 3.5, in share points (hbo's less wo's)."""
    found = []
    for block in listed:
        if block.kind != "contrast":
            continue
        error = np.sqrt(np.diag(survey_covariance(block, shares, answers)))
        for k, (a, b) in enumerate(zip(block.plus, block.minus, strict=True)):
            _, heading, item, group = a.split("|")
            name = f"{heading} {item}, {group} less {b.split('|')[3]}"
            found.append(
                CellComparison(name, float(block.aim[k]), shares[a] - shares[b], float(error[k]))
            )
    return found


def as_read(cell: Printed, tables: ReportTables) -> float:
    """What the report says, as a share; blocks of shares are scaled to 100, as the model does."""
    if cell.kind == "share":
        return float(tables.shares(cell.table, cell.block, cell.group)[cell.item])
    return float(cell.percent or 0) / 100


def share_cells(
    tables: ReportTables, shares: Mapping[str, float], kind: str
) -> list[CellComparison]:
    """Cells of a class, as shares, with the survey's error at the model's own share.

    Blocks of shares that do not sum to 100 are scaled to it, as the model reads them.
    """
    found = []
    for cell in tables.cells:
        if cell.table not in t.TABLES or t.cell_class(cell) != kind or t.excluded(cell):
            continue
        name = "|".join(t.key_of(cell))
        p = shares[name]
        error = float(np.sqrt(max(p * (1 - p), 1e-4) / cell.n))
        found.append(CellComparison(name, as_read(cell, tables), p, error))
    return found


def chi_squares(
    listed: list[Block], shares: Mapping[str, float], answers: Floats, fitted: float
) -> list[dict[str, float | str]]:
    """Chi-square of each direction of table 3.5 with the answers' covariance, design effect 1.

    Args:
        listed: Blocks.
        shares: The model's shares by output.
        answers: Covariance of answers.
        fitted: Parameters that these cells determine: trace of the hat matrix.
    """
    contrasts = [b for b in listed if b.kind == "contrast"]
    whole = sum(len(b.plus) for b in contrasts)
    found: list[dict[str, float | str]] = []
    for block in contrasts:
        wrong = block.aim - np.array(
            [shares[a] - shares[b] for a, b in zip(block.plus, block.minus, strict=True)]
        )
        values, vectors = np.linalg.eigh(survey_covariance(block, shares, answers))
        # Directions in which answers hardly vary say nothing that a survey of this size can show.
        kept = values > 1e-3 * values.max()
        chi2 = float((((vectors.T @ wrong)[kept]) ** 2 / values[kept]).sum())
        degrees = int(kept.sum()) - fitted * len(block.plus) / whole
        found.append({"block": block.name, "chi_square": chi2, "degrees_of_freedom": degrees})
    return found


def true_model_bands(
    listed: list[Block],
    shares: Mapping[str, float],
    answers: Floats,
    roots: Floats,
    jacobian: Floats,
) -> dict[float, tuple[float, float]]:
    """Share of contrasts inside that a true model would show, refitted to its own survey.

    Surveys are drawn from the model, with each design effect; the parameters are refitted to each
    (linearised at the point); intervals are those of design effect 1.

    Args:
        listed: Blocks.
        shares: The model's shares.
        answers: Covariance of answers.
        roots: What whitens the contrasts, shape (contrasts, contrasts).
        jacobian: Whitened, shape (residuals, parameters), contrasts first.

    Returns:
        5% and 95% point of the share inside, by design effect.
    """
    contrasts = [b for b in listed if b.kind == "contrast"]
    size = sum(len(b.plus) for b in contrasts)
    covariance, at = np.zeros((size, size)), 0
    for block in contrasts:
        k = len(block.plus)
        covariance[at : at + k, at : at + k] = survey_covariance(block, shares, answers)
        at += k
    error = np.sqrt(np.diag(covariance))
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    own = jacobian[:size]
    back = np.linalg.solve(jacobian.T @ jacobian + np.eye(jacobian.shape[1]), own.T)
    # Residuals are aim less shown: a parameter's step changes them by the Jacobian.
    unwhite = np.linalg.inv(roots)
    noise = np.random.default_rng(SEED).normal(size=(REPEATS, size)) @ root.T
    found = {}
    for effect in DESIGN_EFFECTS:
        drawn = np.sqrt(effect) * noise
        fitted = drawn - (((drawn @ roots.T) @ back.T) @ own.T) @ unwhite.T
        inside = (np.abs(fitted) <= Z95 * error).mean(axis=1)
        low, high = np.quantile(inside, [0.05, 0.95])
        found[effect] = (float(low), float(high))
    return found


def verdict(share: float, bands: Mapping[float, tuple[float, float]]) -> str:
    """In which band a share inside lies; a share above all bands would be overfitting."""
    held = [f"{effect:g}" for effect, (low, high) in bands.items() if low <= share <= high]
    if held:
        return "as a true model would at design effect " + " or ".join(held)
    top = max(high for _, high in bands.values())
    return "more than a true model would: overfitted" if share > top else "less than a true model"


def cohen_h(cell: t.Contrast, shares: Mapping[str, float]) -> tuple[float, float]:
    """Cohen's h of a contrast: the report's and the model's."""
    first, second = (shares["|".join(key)] for key in cell.keys)

    def h(a: float, b: float) -> float:
        return float(2 * np.arcsin(np.sqrt(a)) - 2 * np.arcsin(np.sqrt(b)))

    return h(*cell.shares), h(first, second)


def worst(cells: list[CellComparison]) -> list[CellComparison]:
    """The ten cells farthest off, in the survey's standard errors."""
    return sorted(cells, key=lambda cell: -cell.off)[:WORST]
