"""Compare what a run shows with what the report says: residuals, their covariance, log posterior.

Residuals come in blocks. Variance of a block: design effect x the survey's own at the model's
shares (multinomial; for table 3.5 the covariance of respondents' answers, of both groups) +
discrepancy that is declared + what the emulator does not know at that point (Kennedy and O'Hagan
2001), of which errors of different blocks go together. Never divided by what was observed.

Shares are compared as shares, as surveys scatter them. Figures of whole sectors are compared on the
scale on which they are emulated (flows: logs; staff against its target: the log of what is short),
where runs scatter much the same everywhere and towards both sides. Shares that sum to 1 in every
run are compared but for their sum: it tells nothing, while emulated apart they miss 1, and no
survey's scatter covers that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from hesim.calibration import targets as t
from hesim.calibration.emulator import Emulator, forward
from hesim.calibration.parameters import Parameters
from hesim.tables import ReportTables

Floats = NDArray[np.float64]
DESIGN_EFFECT = 1.5
"""Of the fit itself: the survey's percentages are weighted, its weights are not published."""
PARTIAL = (("education_level", "hbo_out"),)
"""Blocks that leave out some of those simulated (without a degree): shares sum to under 1."""


@dataclass(frozen=True)
class Block:
    """Residuals that belong together.

    Attributes:
        name: What it is.
        kind: `contrast`, `derived`, `origin` or `outcome`.
        aim: What the report says, shape (k,); outcomes on the scale on which they are emulated.
        plus: Names of the outputs that are compared.
        minus: Names of outputs taken off (contrasts), or empty.
        n: Respondents of both groups.
        declared: Standard deviations of their own on that scale, where the kind is `outcome`.
        places: Positions of the contrasts in the covariance of answers.
        whole: Whether the shares sum to 1 in every run.
    """

    name: str
    kind: str
    aim: Floats
    plus: list[str]
    minus: list[str] = field(default_factory=list)
    n: tuple[float, ...] = ()
    declared: tuple[float, ...] = ()
    places: tuple[int, ...] = ()
    whole: bool = False


def blocks(
    tables: ReportTables,
    outcomes: Mapping[str, tuple[float, float]],
    shares: Mapping[t.Key, float] | None = None,
    blind: bool = True,
) -> list[Block]:
    """List everything that a fit compares.

    Args:
        tables: The report's tables.
        outcomes: Mean and standard deviation of figures that are not cells, natural scale.
        shares: What a survey found (0-1), in place of the report: fake surveys.
        blind: Leave tables 3.1 and 1.1 out.
    """
    found: list[Block] = []
    given = {t.key_of(x): float(x.percent) / 100 for x in tables.cells if x.percent is not None}
    given |= dict(shares or {})
    listed = t.contrasts(tables)
    for direction in t.DIRECTIONS:
        rows = [k for k, x in enumerate(listed) if x.groups == direction]
        pairs = [listed[k].keys for k in rows]
        found.append(
            Block(
                f"3.5 {direction[0]} - {direction[1]}",
                "contrast",
                np.array([given[a] - given[b] for a, b in pairs]),
                ["|".join(a) for a, _ in pairs],
                ["|".join(b) for _, b in pairs],
                listed[rows[0]].n,
                places=tuple(rows),
            )
        )
    by_block: dict[tuple[str, str, str], list[str]] = {}
    n: dict[tuple[str, str, str], int] = {}
    partial: set[tuple[str, str, str]] = set()
    for cell in tables.cells:
        kind = t.cell_class(cell) if cell.table in t.TABLES else ""
        wanted = kind == "derived" or (kind == "held_out" and not blind)
        place = (cell.table, cell.block, cell.group)
        if cell.kind != "share" or (cell.block, cell.group) in PARTIAL:
            partial.add(place)
        if not wanted or t.excluded(cell) or t.key_of(cell) == t.NOT_REPRODUCIBLE:
            partial.add(place)
        else:
            by_block.setdefault(place, []).append("|".join(t.key_of(cell)))
            n[place] = cell.n
    for place, names in by_block.items():
        kind = "origin" if place[0] == t.HELD_OUT else "derived"
        aim = np.array([given[_key(name)] for name in names])
        size, whole = (float(n[place]),), place not in partial
        found.append(Block(" ".join(place), kind, aim, names, n=size, whole=whole))
    found.append(_figures(outcomes))
    return found


def _figures(outcomes: Mapping[str, tuple[float, float]]) -> Block:
    """Figures of sectors; what is declared is half of what a deviation up and down spans."""
    names = tuple(f"outcome|{name}" for name in outcomes)
    mean, spread = np.array(list(outcomes.values()), np.float64).reshape(-1, 2).T
    declared = np.abs(forward(names, mean + spread) - forward(names, mean - spread)) / 2.0
    aim = forward(names, mean)
    return Block("figures of sectors", "outcome", aim, list(names), declared=tuple(declared))


def shown_by(block: Block, values: Mapping[str, float]) -> Floats:
    """What a block compares, of outputs on their natural scale; shape (k,)."""
    plus = np.array([values[name] for name in block.plus])
    if block.kind == "outcome":
        return forward(tuple(block.plus), plus)
    return plus - np.array([values[name] for name in block.minus]) if block.minus else plus


def _key(name: str) -> t.Key:
    table, block, item, group = name.split("|")
    return table, block, item, group


def survey_covariance(block: Block, shares: Mapping[str, float], answers: Floats) -> Floats:
    """Covariance of what a survey of the block's n finds, at true shares; design effect 1.

    Args:
        block: The block.
        shares: True shares by output.
        answers: Covariance of one respondent's answers, shape (4, contrasts, contrasts).
    """
    if block.kind == "outcome":
        return np.zeros((len(block.plus), len(block.plus)))
    p = np.array([shares[name] for name in block.plus])
    if block.kind != "contrast":
        return np.asarray((np.diag(p) - np.outer(p, p)) / block.n[0])
    whole = np.zeros((p.size, p.size))
    side = 2 if block.plus[0].endswith("_out") else 0
    for k, names in enumerate((block.plus, block.minus)):
        q = np.array([shares[name] for name in names])
        covariance = answers[side + k][np.ix_(block.places, block.places)]
        sd = np.sqrt(np.maximum(np.diag(covariance), 1e-9))
        correlation = covariance / np.outer(sd, sd)
        np.fill_diagonal(correlation, 1.0)
        own = np.sqrt(np.maximum(q * (1.0 - q), 1e-4))
        whole += correlation * np.outer(own, own) / block.n[k]
    return whole


def whitening(covariance: Floats, least: float) -> Floats:
    """What whitens residuals of a covariance: the inverse of its Cholesky root.

    Shares are emulated apart; where they sum to more than 1 the multinomial covariance at them has
    a negative direction, which a small discrepancy does not hide: it gets the `least` variance.
    """
    try:
        return np.asarray(np.linalg.inv(np.linalg.cholesky(covariance)))
    except np.linalg.LinAlgError:
        values, vectors = np.linalg.eigh(covariance)
        whole = (vectors * np.maximum(values, least)) @ vectors.T
        return np.asarray(np.linalg.inv(np.linalg.cholesky(whole)))


class Likelihood:
    """Log posterior of parameter points, by an emulator; covariances are fixed at one point.

    Attributes:
        parameters: What is fitted.
        blocks: What is compared.
        emulator: Of the outputs that are compared.
        root: What whitens the residuals of all blocks, lower triangular; shape (k, k).
    """

    def __init__(
        self,
        parameters: Parameters,
        emulator: Emulator,
        listed: list[Block],
        answers: Floats,
        discrepancy: Mapping[str, float],
        centre: Floats | None = None,
        design_effect: float = DESIGN_EFFECT,
        one_run: bool = False,
    ) -> None:
        """Fix the covariances.

        Args:
            parameters: What is fitted.
            emulator: Of all outputs.
            listed: What is compared.
            answers: Covariance of answers.
            discrepancy: Percentage points by kind of block.
            centre: Point at which variances are taken; the prior mean if None.
            design_effect: Of the survey.
            one_run: What is fitted to was drawn from one run, which has noise of its own.
        """
        self.parameters, self.blocks = parameters, listed
        outputs = list(dict.fromkeys(n for b in listed for n in (*b.plus, *b.minus)))
        self.emulator = emulator.only(outputs)
        self._aim = np.concatenate([b.aim for b in listed])
        self._compared = _compared(listed, outputs)
        figures = {n for b in listed if b.kind == "outcome" for n in b.plus}
        self._figures = np.array([name in figures for name in outputs])
        point = np.zeros(parameters.size) if centre is None else centre
        shares = dict(zip(outputs, self.emulator(point), strict=True))
        free = _free(listed)
        covariance = np.zeros((self._aim.size, self._aim.size))
        start, least = 0, np.inf
        for block in listed:
            own = slice(start, start + len(block.plus))
            start = own.stop
            if block.kind == "outcome":
                declared = np.array(block.declared) ** 2
            else:
                declared = np.full(len(block.plus), (discrepancy[block.kind] / 100.0) ** 2)
            least = min(least, float(declared.min()))
            variance = design_effect * survey_covariance(block, shares, answers)
            covariance[own, own] = variance + np.diag(declared)
        # What bends unseen in one output bends in others: errors go together across blocks.
        natural = self.emulator(point)
        slopes = np.where(self._figures, 1.0, self.emulator.slopes(natural))
        covariance = free @ covariance @ free.T
        self._aim, self._compared = free @ self._aim, free @ self._compared
        unknown = self._compared * (self.emulator.errors(point, one_run) * slopes)
        covariance += unknown @ self.emulator.related @ unknown.T
        self.root = whitening(covariance, least)

    def residuals(self, points: Floats) -> Floats:
        """Whitened residuals of all blocks, shape (..., k)."""
        shown = self.emulator.shown(points)
        return self._whiten(np.where(self._figures, shown, self.emulator.natural(shown)))

    def whiten(self, values: Floats) -> Floats:
        """Whitened residuals of outputs on their natural scale, in the order of `emulator.names`.

        They are straight in what is compared: mean residuals are those of means on that scale.
        """
        shown = forward(self.emulator.names, values)
        return self._whiten(np.where(self._figures, shown, values))

    def _whiten(self, compared: Floats) -> Floats:
        return np.asarray((self._aim - compared @ self._compared.T) @ self.root.T)

    def log_likelihood(self, points: Floats) -> Floats:
        """Up to a constant, shape (...,)."""
        return np.asarray(-0.5 * (self.residuals(points) ** 2).sum(axis=-1))

    def log_posterior(self, points: Floats) -> Floats:
        """Up to a constant, shape (...,); -inf outside the bounds."""
        inside = self.parameters.inside(points)
        kept = np.clip(points, self.parameters.low, self.parameters.high)
        value = self.log_likelihood(kept) - 0.5 * (kept**2).sum(axis=-1)
        return np.where(inside, value, -np.inf)


def _free(listed: list[Block]) -> Floats:
    """What leaves the sums of whole blocks out, shape (residuals, compared); rows orthonormal."""
    from scipy.linalg import block_diag

    parts = []
    for block in listed:
        size = len(block.plus)
        # Helmert's contrasts: each share against the mean of those before it.
        helmert = np.tril(np.ones((size, size)), -1) - np.diag(np.arange(size, dtype=np.float64))
        helmert = helmert[1:] / np.linalg.norm(helmert[1:], axis=1, keepdims=True)
        parts.append(helmert if block.whole else np.eye(size))
    return np.asarray(block_diag(*parts))


def _compared(listed: list[Block], outputs: list[str]) -> Floats:
    """What takes outputs to what is compared, shape (compared, outputs)."""
    at = {name: k for k, name in enumerate(outputs)}
    rows = []
    for block in listed:
        for k, name in enumerate(block.plus):
            row = np.zeros(len(outputs))
            row[at[name]] = 1.0
            if block.minus:
                row[at[block.minus[k]]] -= 1.0
            rows.append(row)
    return np.array(rows)
