"""Say how far a shipped calibration can be trusted: three figures, kept apart.

Inputs: what went in, and whether it comes out. Fitted: table 3.5's contrasts. Held out: tables 3.1
and 1.1, always as the structure's own blind calibration forecasts them, which never saw them. How
near another calibration comes to them stands apart, as fitted. Everything is computed from what is
shipped.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from hesim.calibration import assessment, quotation, scoring, tallies, uses, verdicts
from hesim.calibration import targets as t
from hesim.calibration.certainty import certainty
from hesim.calibration.ensemble import BLIND, arrays, is_blind, manifest, sibling
from hesim.calibration.likelihood import blocks
from hesim.tables import ReportTables

MADE = ("date", "commit", "dirty", "code_sha256", "code")
ROUNDED = 0.0005
"""Half a unit of the last digit that the report prints, as a share."""


def validation(name: str, tables: ReportTables) -> dict[str, Any]:
    """Compute everything that `hesim validate` shows.

    Args:
        name: `blind` or `production`, that of another structure, or of a folder of the user's.
        tables: The report's tables.
    """
    kept = arrays(name)
    names = tuple(str(x) for x in kept["names"])
    shares = dict(zip(names, map(float, kept["mean"]), strict=True))
    errors = dict(zip(names, map(float, kept["error"]), strict=True))
    blind = sibling(name, BLIND)
    body: dict[str, Any] = {
        "name": name,
        # The shipped ones have `code` alone: a hash of a part of the sources.
        "made": {key: manifest(name)[key] for key in MADE if key in manifest(name)},
        "inputs": _inputs(tables, shares, errors, int(manifest(name)["plan"]["checks"])),
        "fitted": _fitted(name, tables, shares),
        "left_out": {
            why: ["|".join(key) for key in keys] for why, keys in t.exclusions(tables).items()
        },
        "held_out": None if blind is None else _forecast(blind, tables),
        "agreement": None if is_blind(name) else _forecast(name, tables),
        "certainty": certainty(name),
    }
    body["bars"] = verdicts.verdicts(name, tables, shares, body)
    body["sentences"] = quotation.quotation_sentences(body)
    body["verdicts"] = uses.uses(body)
    return body


def _forecast(name: str, tables: ReportTables) -> dict[str, Any]:
    """What a calibration says of tables 3.1 and 1.1, whether it saw them or not."""
    kept = arrays(name)
    names = tuple(str(x) for x in kept["names"])
    draws = kept["shown"].astype(np.float64)
    by_draw = {name: draws[:, k] for k, name in enumerate(names)}
    middle = {name: float(shown.mean()) for name, shown in by_draw.items()}
    origins = scoring.score_origins(tables, names, draws)
    without = scoring.score_origins(tables, names, draws, leave_out=True)
    return {
        "calibration": name,
        "label": "held out" if is_blind(name) else "fitted",
        "validation": is_blind(name),
        "table_3_1": {
            "cells": len(origins.cells),
            "log_score": origins.score,
            **tallies.tally(tallies.cell_groups(tables, middle, "held_out", by_draw)),
            "gains": [g._asdict() for g in origins.gains],
            "gains_without_hbo_entrants_from_hbo": [g._asdict() for g in without.gains],
            "gains_by_group": [{"group": k, **g._asdict()} for k, g in origins.by_group],
            "shares": [
                dict(
                    zip(("group", "sector", "reported", "forecast", "low", "high"), x, strict=True)
                )
                for x in origins.cells
            ],
        },
        "table_1_1": [
            flow._asdict() for flow in scoring.score_flows(tables, kept["yearly"].astype(float))
        ],
        "words": [
            {"claim": claim, "share_of_draws": share, "mean_forecast": words}
            for claim, share, words in scoring.report_words(names, draws)
        ],
        "not_reproducible": "|".join(t.NOT_REPRODUCIBLE),
        "stayed_in_hbo": [tables.percent("3.1", "hbo", f"hbo_{way}") for way in ("in", "out")],
    }


def _error(name: str, kind: str, errors: dict[str, float]) -> float:
    """Monte Carlo error of a cell; the runs that inputs were solved on have theirs as well."""
    return errors[name] * (2.0**0.5 if kind == "input" else 1.0)


def _inputs(
    tables: ReportTables, shares: dict[str, float], errors: dict[str, float], runs: int
) -> dict[str, Any]:
    from scipy.stats import t as student

    found: dict[str, Any] = {}
    for kind in ("input", "derived"):
        cells = assessment.share_cells(tables, shares, kind)
        gaps = [max(abs(x.reported - x.simulated) - ROUNDED, 0.0) for x in cells]
        off = np.array(
            [
                gap / max(_error(x.name, kind, errors), 1e-9)
                for gap, x in zip(gaps, cells, strict=True)
            ]
        )
        # The error itself is estimated from so many runs; of many cells, some go beyond by chance.
        one = float(student.ppf(0.975, runs - 1))
        every = float(student.ppf(1.0 - 0.025 / len(cells), runs - 1))
        found[kind] = {
            "cells": len(cells),
            "inside_95_of_survey": sum(x.inside for x in cells),
            "within_monte_carlo_error": int((off <= one).sum()),
            "within_monte_carlo_error_of_all": int((off <= every).sum()),
            "beyond": [cells[k].name for k in np.argsort(-off) if off[k] > every],
            "largest_gap": max(gaps),
            **tallies.tally(tallies.cell_groups(tables, shares, kind)),
        }
    # One intercept an item: the pooled level of table 3.5.
    listed = t.contrasts(tables)
    gaps = [
        abs(x.pooled - float(np.average([shares["|".join(k)] for k in x.keys], weights=x.n)))
        for x in listed
    ]
    found["pooled_3_5"] = {
        "cells": len(listed),
        "within_monte_carlo_error": sum(gap <= 2 * ROUNDED for gap in gaps),
        "largest_gap": max(gaps),
    }
    return found


def _fitted(name: str, tables: ReportTables, shares: dict[str, float]) -> dict[str, Any]:
    kept = arrays(name)
    listed = blocks(tables, {})
    answers, jacobian = kept["answers"].astype(float), kept["jacobian"].astype(float)
    cells = assessment.contrast_cells(listed, shares, answers)
    bands = assessment.true_model_bands(
        listed, shares, answers, kept["roots"].astype(float), jacobian
    )
    inside = float(np.mean([cell.inside for cell in cells]))
    null, own = assessment.deviance(tables, shares)
    rows = len(cells)
    precision = jacobian.T @ jacobian + np.eye(jacobian.shape[1])
    determined = float(np.trace(jacobian[:rows] @ np.linalg.solve(precision, jacobian[:rows].T)))
    contrasts = t.contrasts(tables)
    z = [abs(_z(x)) > assessment.Z95 for x in contrasts]
    right = [
        np.sign(x.shares[0] - x.shares[1])
        == np.sign(shares["|".join(x.keys[0])] - shares["|".join(x.keys[1])])
        for x in contrasts
    ]
    effects = [assessment.cohen_h(x, shares) for x in contrasts]
    return {
        "contrasts": rows,
        "parameters": int(jacobian.shape[1]),
        "parameters_determined_by_contrasts": determined,
        "deviance_pooled": null,
        "deviance_model": own,
        "deviance_explained": 1 - own / null,
        "inside_95": inside,
        "bands": {f"{k:g}": v for k, v in bands.items()},
        "verdict": assessment.verdict(inside, bands),
        "significant": sum(z),
        "significant_with_right_sign": sum(a and bool(b) for a, b in zip(z, right, strict=True)),
        "chi_square": [
            {**row, **{f"over_{d:g}": float(row["chi_square"]) / d for d in (1.0, 1.5, 2.0)}}
            for row in assessment.chi_squares(listed, shares, answers, determined)
        ],
        "effect_size_mean_h": {
            "reported": float(np.mean([abs(a) for a, _ in effects])),
            "missed": float(np.mean([abs(a - b) for a, b in effects])),
        },
        "worst": [tallies.cell_row(x) for x in assessment.worst(cells)],
    }


def _z(x: t.Contrast) -> float:
    p = x.pooled
    spread = np.sqrt(max(p * (1 - p), 1e-9) * (1 / x.n[0] + 1 / x.n[1]))
    return float((x.shares[0] - x.shares[1]) / spread)


def validation_text(body: dict[str, Any], full: bool = False, brief: bool = False) -> str:
    """The same in lines of text: sentences and verdicts by use, and the tables if asked for.

    Args:
        body: What `validation` found.
        full: Print all tables too.
        brief: Leave the sentences out, and the reasons of the verdicts.
    """
    lines = [*(quotation.verdicts_alone(body) if brief else quotation.quotation_lines(body))]
    if full:
        lines += ["", *_lines(body)]
    return "\n".join(lines)


def _lines(body: dict[str, Any]) -> Iterator[str]:
    yield f"calibration {body['name']}, made {body['made']['date']}"
    yield ""
    yield "1. INPUTS (never a success of the model): do they come out as they went in?"
    for kind, words in (
        ("input", "inputs, set for movers"),
        ("derived", "derived, set for stock or hazards"),
    ):
        part = body["inputs"][kind]
        yield (
            f"   {words}: {part['cells']} cells; {part['within_monte_carlo_error']} within their "
            f"own 95% Monte Carlo interval, {part['within_monte_carlo_error_of_all']} within that "
            f"of all together; {part['inside_95_of_survey']} inside the survey's 95% interval"
        )
        yield from tallies.tally_lines(part, by_block=kind == "derived")
    pooled = body["inputs"]["pooled_3_5"]
    yield (
        f"   pooled levels of table 3.5 (one intercept an item): {pooled['cells']}; "
        f"{pooled['within_monte_carlo_error']} come out, largest gap "
        f"{100 * pooled['largest_gap']:.2f} points"
    )
    fitted = body["fitted"]
    yield ""
    yield f"2. FITTED: {fitted['contrasts']} contrasts between hbo and wo of table 3.5"
    yield (
        f"   deviance explained over pooled percentages: {fitted['deviance_explained']:.1%}; "
        f"{fitted['parameters']} parameters, of which these cells determine "
        f"{fitted['parameters_determined_by_contrasts']:.1f}"
    )
    yield (
        f"   inside their 95% interval (design effect 1, no discrepancy): {fitted['inside_95']:.1%}"
    )
    bands = tallies.bands_in_words(fitted["bands"])
    yield f"   a true model, refitted, would show at design effect {bands}"
    yield f"   verdict: {fitted['verdict']}"
    yield (
        f"   {fitted['significant_with_right_sign']} of the {fitted['significant']} significant "
        "contrasts have the right sign"
    )
    for row in fitted["chi_square"]:
        yield f"   {tallies.chi_square_in_words(row)}"
    size = fitted["effect_size_mean_h"]
    yield f"   mean Cohen's h: reported {size['reported']:.3f}, missed {size['missed']:.3f}"
    yield from tallies.cell_lines("   ten worst (percentage points, hbo less wo)", fitted["worst"])
    yield ""
    if body["held_out"] is None:
        yield "3. HELD OUT: nothing, as this structure has no blind calibration"
    else:
        blind = body["held_out"]["calibration"]
        yield f"3. HELD OUT: never seen by the calibration {blind}"
        yield from _of_forecast(body["held_out"])
    if body["agreement"] is not None:
        yield ""
        yield (
            f"   The same of {body['name']}: FITTED, as it saw these tables; this is no validation"
        )
        yield from _of_forecast(body["agreement"])
    yield ""
    yield "4. BARS: what each figure must be, and the goal"
    yield from verdicts.verdict_lines(body["bars"])


def _of_forecast(held: dict[str, Any]) -> Iterator[str]:
    """Tables 3.1 and 1.1 by one calibration."""
    origins = held["table_3_1"]
    yield f"   table 3.1 ({origins['cells']} cells): mean log score {origins['log_score']:.4f}"
    for gain in origins["gains"]:
        yield (
            f"     against {gain['rival']:22}{gain['mean']:+.4f} nats a respondent "
            f"[{gain['low']:+.4f}, {gain['high']:+.4f}]"
        )
    yield "     the same without hbo's entrants from hbo (the report contradicts itself there)"
    for gain in origins["gains_without_hbo_entrants_from_hbo"]:
        yield (
            f"     against {gain['rival']:22}{gain['mean']:+.4f} nats a respondent "
            f"[{gain['low']:+.4f}, {gain['high']:+.4f}]"
        )
    yield "   its cells, at the mean of the draws"
    yield from tallies.tally_lines(origins)
    yield "   table 1.1, teaching staff, persons a year: 90% predictive interval of one year"
    for flow in held["table_1_1"]:
        yield (
            f"     {flow['flow']:10} {flow['low']:.0f} to {flow['high']:.0f} (width "
            f"{flow['high'] - flow['low']:.0f}); report's mean {flow['reported_mean']:.0f} "
            f"{'inside' if flow['inside'] else 'OUTSIDE'}, {flow['years_inside']} of "
            f"{len(flow['reported_years'])} years inside; mean error {flow['model_error']:.0f}, "
            f"of last year's flow {flow['persistence_error']:.0f}"
        )
    yield "   the report's own words"
    for claim in held["words"]:
        yield (
            f"     {claim['claim']}: in {claim['share_of_draws']:.0%} of draws "
            f"(mean: {claim['mean_forecast']})"
        )
    entrants, leavers = held["stayed_in_hbo"]
    yield (
        f"   not reproducible by any model: hbo's entrants from hbo, {entrants:g}% against "
        f"{leavers:g}% of leavers"
    )
