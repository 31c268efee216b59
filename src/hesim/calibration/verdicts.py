"""Hold a calibration against the bars that are declared for it (`hesim.outcomes.bars`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hesim.calibration.ensemble import finding
from hesim.outcomes.bars import (
    EXPLAINED,
    FOLLOWING,
    LOG_SCORE,
    NEW_JOB,
    PROSPECTS,
    SPREAD,
    WIDTH,
    Bar,
)
from hesim.tables import ReportTables

Z95 = 1.96


def verdicts(
    name: str, tables: ReportTables, shares: Mapping[str, float], body: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """List each figure beside what it has to be.

    Args:
        name: The calibration.
        tables: The tables that it was fitted to.
        shares: What runs at its point showed, by name.
        body: What `validation` found.
    """
    rows = [
        *_of_runs(tables, shares, body),
        *_held_out(body["held_out"], body["agreement"]),
        *_of_surveys(finding(name, "falsify")),
    ]
    return [
        {
            "name": bar.name,
            "value": value,
            "band": bar.band(),
            "holds": bar.low <= value <= bar.high,
        }
        for bar, value in rows
    ]


def verdict_lines(found: list[dict[str, Any]]) -> Iterator[str]:
    """The verdicts as text, one a line."""
    for row in found:
        missed = "" if row["holds"] else "   MISSED"
        yield f"   {row['name']:58}{row['value']:9.2f}  {row['band']}{missed}"


def _of_runs(
    tables: ReportTables, shares: Mapping[str, float], body: Mapping[str, Any]
) -> Iterator[tuple[Bar, float]]:
    """What runs at the calibration's point show."""
    yield EXPLAINED, 100.0 * body["fitted"]["deviance_explained"]
    table, block, item, group = PROSPECTS.split("|")
    given = tables.shares(table, block, group)[item]
    spread = Z95 * (given * (1.0 - given) / tables.n(table, group, block)) ** 0.5
    low, high = (round(100.0 * (given + sign * spread), 1) for sign in (-1, 1))
    yield Bar("hbo leavers who had a prospect, percent", low, high), 100.0 * shares[PROSPECTS]
    for sector, bar in NEW_JOB.items():
        # Calibrations made before it was asked do not have it.
        known = shares.get(f"outcome|new_job_known_{sector}")
        if known is not None:
            yield bar, known


def _held_out(
    forecast: Mapping[str, Any] | None, agreement: Mapping[str, Any] | None
) -> Iterator[tuple[Bar, float]]:
    """How the blind calibration forecasts the tables, and how near one comes that saw them."""
    if forecast is not None:
        for gain in forecast["table_3_1"]["gains"]:
            yield LOG_SCORE._replace(name=f"{LOG_SCORE.name} {gain['rival']}"), gain["mean"]
        for flow in forecast["table_1_1"]:
            yield _inside(flow, "within the forecast")
            wide = WIDTH._replace(name=f"1.1: {flow['flow']}, width of the forecast")
            yield wide, flow["high"] - flow["low"]
    if agreement is not None:
        for flow in agreement["table_1_1"]:
            yield _inside(flow, "within the fit (fitted)")


def _inside(flow: Mapping[str, Any], where: str) -> tuple[Bar, float]:
    """A flow's reported mean beside the interval in which it must lie."""
    bar = Bar(f"1.1: {flow['flow']}, reported, {where}", flow["low"], flow["high"])
    return bar, flow["reported_mean"]


def _of_surveys(found: Mapping[str, Any] | None) -> Iterator[tuple[Bar, float]]:
    """Whether preferences follow surveys that never were, where `stage=falsify` has asked."""
    if found is not None:
        yield SPREAD, found["surveys"]["constant"]["spread"]
        yield FOLLOWING, found["surveys"]["swapped"]["following"]
