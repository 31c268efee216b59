"""Write a calibration into the package: its draws, what they showed, and its point."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hesim.calibration import assessment
from hesim.calibration import posterior as after
from hesim.calibration.inputs import with_posts
from hesim.calibration.stages import DECIMALS, Work
from hesim.files import put
from hesim.record.manifest import code_facts, versions

Floats = NDArray[np.float64]


def settings_of(
    work: Work, point: Floats, values: Floats, inputs: Mapping[str, float]
) -> dict[str, float]:
    """Settings of a point: fitted ones, its inputs, and the questionnaire's offsets.

    Args:
        work: The calibration.
        point: In standard units.
        values: What its run showed.
        inputs: What it ran with, by path.
    """
    found = {**inputs, **work.plan.parameters.paths(point, work.plan.base)}
    for name, value in zip(work.names, values, strict=True):
        if name.startswith("offset|"):
            _, side, item = name.split("|")
            found[f"survey.offset.{side}.{item}"] = float(value)
    return {path: round(float(value), DECIMALS) for path, value in found.items()}


def _of_draw(
    work: Work, point: Floats, values: Floats, usual: Mapping[str, float]
) -> dict[str, float]:
    """Settings of a draw: the point's inputs, but the posts that make its own staff come out."""
    shown = dict(zip(work.names, map(float, values), strict=True))
    return settings_of(work, point, values, with_posts(usual, shown))


def figures(work: Work) -> dict[str, Any]:
    """What a shipped calibration says of its own quality (fitted cells only)."""
    made, checks = work.confirmed, work.checks
    mean = checks.values.mean(axis=0)
    shares = dict(zip(work.names, map(float, mean), strict=True))
    null, own = assessment.deviance(work.tables, shares)
    cells = assessment.contrast_cells(work.blocks, shares, checks.answers)
    likelihood = made.fitted.likelihood
    at = [work.names.index(name) for name in likelihood.emulator.names]
    # The mean of all runs at the point: one run's own noise would be counted as misfit.
    residuals = likelihood.whiten(checks.values[:, at]).mean(axis=0)
    return {
        "deviance_explained": 1.0 - own / null,
        "deviance_pooled": null,
        "contrasts": len(cells),
        "inside_95": float(np.mean([cell.inside for cell in cells])),
        "loss": float(0.5 * (residuals**2).sum()),
        "residuals": int(residuals.size),
        "draws_run": int(made.points.shape[0]),
        "effective_sample_size": after.effective(made.weights),
        "monte_carlo_share": monte_carlo_share(work),
        "acceptance": work.chains.acceptance,
        "autocorrelation": float(work.chains.autocorrelation.max()),
    }


def monte_carlo_share(work: Work) -> float:
    """Monte Carlo variance of a contrast in one run of the design, over the survey's own.

    The larger of both directions' medians. At the point, from the full-scale checks, scaled to the
    design's scale (the number of movers decides).
    """
    checks = work.checks
    at = {name: k for k, name in enumerate(work.names)}
    shares = dict(zip(work.names, map(float, checks.values.mean(axis=0)), strict=True))
    worst = 0.0
    for block in work.blocks:
        if block.kind == "contrast":
            plus = checks.values[:, [at[n] for n in block.plus]]
            minus = checks.values[:, [at[n] for n in block.minus]]
            own = (plus - minus).var(axis=0, ddof=1) / float(work.plan.values["scale"])
            error = assessment.contrast_cells([block], shares, checks.answers)
            survey = np.array([cell.error**2 for cell in error])
            worst = max(worst, float(np.median(own / survey)))
    return worst


def ship(work: Work) -> dict[str, Any]:
    """Write `shipped/NAME.npz` and `NAME.json`, from which settings take the point.

    Returns:
        The manifest.
    """
    plan, made, checks = work.plan, work.confirmed, work.checks
    rows = after.thin(made.points, made.weights, plan.count("draws"), plan.count("seed"))
    drawn = [_of_draw(work, made.points[k], made.runs.values[k], work.inputs) for k in rows]
    point = made.fitted.point
    chosen = settings_of(work, point, checks.values.mean(axis=0), work.inputs)
    likelihood = made.fitted.likelihood
    contrasts = sum(len(b.plus) for b in work.blocks if b.kind == "contrast")
    kept = {
        "points": made.points[rows],
        "paths": np.array(list(chosen)),
        "values": np.array([[d[path] for path in chosen] for d in drawn]),
        "names": np.array(work.names),
        "shown": made.runs.values[rows].astype(np.float32),
        "yearly": made.runs.yearly[rows].astype(np.float32),
        "point": point,
        "mean": checks.values.mean(axis=0),
        "error": checks.values.std(axis=0, ddof=1) / np.sqrt(checks.values.shape[0]),
        "answers": checks.answers.astype(np.float32),
        # Contrasts come first and the root is lower triangular: what whitens them alone.
        "roots": likelihood.root[:contrasts, :contrasts],
        "jacobian": jacobian(likelihood.residuals, point),
        "parameters": np.array(plan.parameters.names),
        "low": plan.parameters.low,
        "high": plan.parameters.high,
        "chains": work.chains.chains.astype(np.float32),
        "chains_log_posterior": work.chains.log_posterior.astype(np.float32),
    }
    body = {
        "name": plan.name,
        "structure": plan.structure,
        "date": datetime.now(UTC).date().isoformat(),
        **code_facts(),
        "fingerprint": plan.fingerprint(),
        "matter": plan.matter_hash(),
        "data": work.tables.hashes,
        "versions": versions(),
        "plan": {**plan.values, "design_effect": likelihood_effect()},
        "settings": chosen,
        "figures": figures(work),
    }
    folder = plan.shipped
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **kept)
    put(folder / f"{plan.name}.npz", buffer.getvalue())
    put(folder / f"{plan.name}.json", (json.dumps(body, indent=1) + "\n").encode())
    return body


def likelihood_effect() -> float:
    """Design effect that the fit itself assumes."""
    from hesim.calibration.likelihood import DESIGN_EFFECT

    return DESIGN_EFFECT


def jacobian(residuals: Any, point: Floats, step: float = 0.05) -> Floats:
    """Slopes of whitened residuals at a point, shape (residuals, parameters)."""
    moved = np.eye(point.size) * step
    return np.asarray(
        np.stack(
            [(residuals(point + m) - residuals(point - m)) / (2 * step) for m in moved], axis=1
        )
    )
