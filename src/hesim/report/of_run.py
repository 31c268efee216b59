"""Write a run up: what came out, figures, assumptions, provenance, how to do it again."""

from __future__ import annotations

import csv
import json
from html import escape
from pathlib import Path
from typing import Any

from hesim.config.settings import leaves
from hesim.levers.dates import years_before
from hesim.report import assumptions, page
from hesim.report.provenance import again, hashes, provenance
from hesim.run.arms import BASELINE, DIFFERENCE
from hesim.run.summary import ALL, IN_FORCE
from hesim.survey.crossings import DIRECT, definition, of_whom

FIGURES = {
    "flows": "Crossings between hbo and wo by year",
    "origin_destination": "Moves a year from each sector to each other",
    "cells": "Simulated against reported percentages",
    "stock": "Age, contract and hours of staff at the end",
    "differences": "What the levers change, by year: policy less baseline",
}


def run_page(folder: Path) -> str:
    """The report of a run as HTML."""
    import yaml

    manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text("utf-8"))
    settings: dict[str, Any] = yaml.safe_load((folder / "config.yaml").read_text("utf-8"))
    with (folder / "summary.csv").open(encoding="utf-8", newline="") as file:
        rows = [_typed(row) for row in csv.DictReader(file)]
    told = IN_FORCE if any(row["year"] == IN_FORCE for row in rows) else ALL
    overall = [row for row in rows if row["year"] == told]
    first = int(str(settings["start"])[:4])
    last = first + int(settings["years"]) - 1
    levers = settings.get("levers") or {}
    since = first + years_before(levers.values(), str(settings["start"]), int(settings["years"]))
    said = _sentences(overall, list(levers), f"{since} to {last}")
    rule = definition(int(settings["survey"]["job_known_within"]))
    said.append(f"{rule[:1].upper()}{rule[1:]}.")
    name = folder.resolve().name
    title = f"Crossings between hbo and wo, {first} to {last}"
    done = manifest["replications"]["done"]
    return page.page(
        title,
        [
            f"<header><h1>{escape(title)}</h1>"
            + page.paragraph(
                f"hesim run {name}: {len(done)} replications at scale "
                f"{settings['population']['scale']:g}; {manifest['status']}", "meta",
            )
            + "</header>",
            page.section("Answer", page.paragraph(" ".join(said), "answer"), _care(settings)),
            page.section("Figures", *_figures(folder, overall)),
            page.section("Figures in numbers", _table(overall, f"Mean of {since} to {last}")),
            page.section("Assumptions", *_assumptions(settings)),
            page.section("Calibration", page.paragraph(f"Settings: {state(settings)}.")),
            page.section("Provenance", _provenance(manifest), hashes(manifest["data_sha256"])),
            page.section(
                "How to do it again",
                again("run", _overrides(manifest, settings), manifest.get("commit")),
                page.paragraph("The same seed, code and data give the same files."),
            ),
        ],
    )  # fmt: skip


def state(settings: dict[str, Any]) -> str:
    """Whether the settings were calibrated, in words."""
    name = settings.get("calibration", "none")
    return "not calibrated" if name == "none" else f"{name} calibration"


def _sentences(rows: list[dict[str, Any]], levers: list[str], years: str) -> list[str]:
    by = {(row["arm"], row["outcome"]): row for row in rows}

    def level(outcome: str, unit: str, way: str) -> str:
        row = by[BASELINE, outcome]
        ends = "" if row["low"] is None else f" ({row['low']:,.0f} to {row['high']:,.0f})"
        direct = of_whom(by[BASELINE, DIRECT[outcome]]["mean"])
        return f"{row['mean']:,.0f}{unit}{ends} {way}, {direct}"

    def change(outcome: str, way: str) -> str:
        direct = by[DIFFERENCE, DIRECT[outcome]]["mean"]
        return f"{_change(by[DIFFERENCE, outcome])} {way} (from job to job: {direct:+,.0f})"

    said = [
        f"In the baseline, {years}, "
        f"{level('wo_to_hbo', ' persons a year', 'go from wo to hbo')}, and "
        f"{level('hbo_to_wo', '', 'from hbo to wo')} (95% intervals of the mean)."
    ]
    if (DIFFERENCE, "wo_to_hbo") in by:
        said.append(
            f"With {', '.join(levers)} {change('wo_to_hbo', 'go from wo to hbo')} and "
            f"{change('hbo_to_wo', 'from hbo to wo')}, paired by random numbers. "
            f"The size of what the levers do is {by[DIFFERENCE, 'wo_to_hbo']['grade']}, not found."
        )
    return said


def _change(row: dict[str, Any]) -> str:
    """A difference in persons, in words."""
    mean, low, high = row["mean"], row["low"], row["high"]
    what = f"{abs(mean):,.0f} {'more' if mean >= 0 else 'fewer'} persons a year"
    if low is None:
        return what
    told = f"{what} (95% interval {low:+,.0f} to {high:+,.0f}"
    return f"{told}; not distinguishable from zero)" if low <= 0 <= high else f"{told})"


def _care(settings: dict[str, Any]) -> str:
    if state(settings) != "not calibrated":
        return ""
    text = "The model is not calibrated: no figure here is to be used for policy."
    return f'<div class="warning">{text}</div>'


def _figures(folder: Path, rows: list[dict[str, Any]]) -> list[str]:
    said = "; ".join(
        f"{row['outcome']} {row['mean']:,.0f}" for row in rows if row["unit"] == "persons a year"
    )
    shown = []
    for file in sorted((folder / "figures").glob("*.png")):
        title = FIGURES.get(file.stem, file.stem.replace("_", " "))
        crosses = file.stem in ("flows", "origin_destination")
        alt = f"{title}. Means over the years: {said}" if crosses else title
        shown.append(page.picture(file.read_bytes(), alt, title))
    return shown or [page.paragraph("The run drew no figures.", "small")]


def _table(rows: list[dict[str, Any]], caption: str) -> str:
    columns = {
        "arm": "Arm", "outcome": "Outcome", "mean": "Mean", "low": "95% from", "high": "to",
        "unit": "Unit", "grade": "Grade",
    }  # fmt: skip
    return page.table(rows, columns, caption)


def _assumptions(settings: dict[str, Any]) -> list[str]:
    levers = settings.get("levers") or {}
    shown = [assumptions.dials({"policy": levers})] if levers else []
    kept = {k: v for k, v in settings.items() if k in ("population", "model", "survey")}
    return [*shown, assumptions.settings(kept)]


def _provenance(manifest: dict[str, Any]) -> str:
    facts = {
        "seed": manifest["seed"],
        "took": f"{manifest['wall_seconds']:g} s, {manifest['cpu_seconds']:g} s of CPU",
        "workers": manifest["workers"],
    }
    return provenance(manifest, facts)


def _overrides(manifest: dict[str, Any], settings: dict[str, Any]) -> list[str]:
    """What was changed, as it is written on the command line."""
    values = dict(leaves(settings))
    chosen = ",".join(settings.get("levers") or {})
    return [f"levers=[{chosen}]"] * bool(chosen) + [
        f"{path}={json.dumps(values[path]) if not isinstance(values[path], str) else values[path]}"
        for path in manifest["changed_settings"]
        if path in values
    ]


def _typed(row: dict[str, str]) -> dict[str, Any]:
    numbers = ("mean", "low", "high")
    return {k: (float(v) if v else None) if k in numbers else v for k, v in row.items()}
