"""Write a run up: what came out, figures, assumptions, provenance, how to do it again."""

from __future__ import annotations

import csv
import io
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

from hesim.config.trees import leaves
from hesim.config.writing import override_of
from hesim.levers.arms import BASELINE, DIFFERENCE
from hesim.levers.dates import years_before, years_in_words
from hesim.outcomes.summary import ALL, COLUMNS, IN_FORCE
from hesim.record.format import FORMAT, format_number
from hesim.record.participant_words import participant_sentences
from hesim.record.recipe import CONFIG
from hesim.record.run_folder import NoRun, Run, again_command
from hesim.report import assumptions, page
from hesim.report.participants import participants_table
from hesim.report.provenance import WHERE, again, hashes, provenance
from hesim.study.answers.effects import records
from hesim.survey.crossings import DIRECT, definition, of_whom

FIGURES = {
    "flows": "Crossings between hbo and wo by year",
    "origin_destination": "Moves a year from each sector to each other",
    "cells": "Simulated against reported percentages",
    "stock": "Age, contract and hours of staff at the end",
    "differences": "What the levers change, by year: policy less baseline",
    "participants": "What taking part did, for each 100 who took part: policy less baseline",
}


def run_page(folder: Path) -> str:
    """The report of a run as HTML."""
    run = Run(folder)
    manifest, settings = run.manifest, run.settings
    answer = answer_of_run(run)
    first, last, overall, over = answer.first, answer.last, answer.rows, answer.over
    said = answer.sentences
    name = folder.resolve().name
    title = f"Crossings between hbo and wo, {years_in_words(first, last)}"
    done = len(manifest["replications"]["done"])
    asked = manifest["replications"].get("asked", done)
    return page.page(
        title,
        [
            f"<header><h1>{escape(title)}</h1>"
            + page.paragraph(
                f"hesim run {name}: {done} of {asked} replications at scale "
                f"{settings['population']['scale']:g}; {manifest['status']}",
                "meta",
            )
            + "</header>",
            page.section("Answer", page.paragraph(" ".join(said), "answer"), _care(run)),
            page.section("Figures", *_figures(run, overall)),
            page.section(
                "Figures in numbers", _table(overall, f"Mean of {over}"), *_participants(run)
            ),
            page.section("Assumptions", *_assumptions(settings)),
            page.section("Calibration", page.paragraph(f"Settings: {state(settings)}.")),
            page.section("Provenance", _provenance(manifest), hashes(manifest["data_sha256"])),
            page.section(
                "How to do it again",
                again("run", folder, _overrides(run), manifest.get("commit")),
                page.paragraph(WHERE.format(name=name)),
                page.paragraph("The same seed, code and data give the same files."),
            ),
        ],
    )


class RunAnswer(NamedTuple):
    """What a run says, in words and numbers.

    Attributes:
        first: First simulated year.
        last: Last simulated year.
        over: Years that the means are over, in words.
        rows: Rows of summary.csv with these means, of all arms.
        sentences: The answer in words.
    """

    first: int
    last: int
    over: str
    rows: list[dict[str, Any]]
    sentences: list[str]


def answer_of_run(run: Run) -> RunAnswer:
    """What a run says: means from the first lever's start, or over all years without levers.

    Raises:
        NoRun: the folder holds no run, or summary.csv is damaged.
        LookupError: summary.csv is of an older format and has not what is needed.
    """
    settings, rows = run.settings, summary_rows(run)
    mean = IN_FORCE if any(row["year"] == IN_FORCE for row in rows) else ALL
    overall = [row for row in rows if row["year"] == mean]
    first = int(str(settings["start"])[:4])
    last = first + int(settings["years"]) - 1
    levers = settings.get("levers") or {}
    since = first + years_before(levers.values(), str(settings["start"]), int(settings["years"]))
    over = years_in_words(since, last)
    said = _sentences(overall, list(levers), over)
    rule = definition(int(settings["survey"]["job_known_within"]))
    said.append(f"{rule[:1].upper()}{rule[1:]}.")
    return RunAnswer(first, last, over, overall, said)


def state(settings: dict[str, Any]) -> str:
    """Whether the settings were calibrated, in words."""
    name = settings.get("calibration", "none")
    return "not calibrated" if name == "none" else f"{name} calibration"


def _sentences(rows: list[dict[str, Any]], levers: list[str], years: str) -> list[str]:
    by = {(row["arm"], row["outcome"]): row for row in rows}

    def level(outcome: str, unit: str, way: str) -> str:
        row = by[BASELINE, outcome]
        ends = "" if row["low"] is None else f" ({row['low']:,.0f} to {row['high']:,.0f})"
        # Runs of format 1 do not tell who goes from job to job.
        direct = by.get((BASELINE, DIRECT[outcome]))
        whom = "" if direct is None else f", {of_whom(direct['mean'])}"
        return f"{row['mean']:,.0f}{unit}{ends} {way}{whom}"

    def change(outcome: str, way: str) -> str:
        direct = by.get((DIFFERENCE, DIRECT[outcome]))
        whom = "" if direct is None else f" (from job to job: {direct['mean']:+,.0f})"
        return f"{_change(by[DIFFERENCE, outcome])} {way}{whom}"

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


def _care(run: Run) -> str:
    said = []
    if run.shortfall:
        said.append(f"This report rests on a part of the run. {run.shortfall}")
    if state(run.settings) == "not calibrated":
        said.append("The model is not calibrated: no figure here is to be used for policy.")
    return f'<div class="warning">{escape(" ".join(said))}</div>' if said else ""


def _figures(run: Run, rows: list[dict[str, Any]]) -> list[str]:
    said = "; ".join(
        f"{row['outcome']} {row['mean']:,.0f}" for row in rows if row["unit"] == "persons a year"
    )
    shown = []
    written = run.manifest.get("files") or {}
    names = {name for name in written if name.startswith("figures/")}
    names |= {f"figures/{file.name}" for file in (run.folder / "figures").glob("[!.]*.png")}
    for file in map(Path, sorted(names)):
        title = FIGURES.get(file.stem, file.stem.replace("_", " "))
        crosses = file.stem in ("flows", "origin_destination")
        alt = f"{title}. Means over the years: {said}" if crosses else title
        shown.append(page.picture(run.content(str(file)), alt, title))
    return shown or [page.paragraph("The run drew no figures.", "small")]


def _table(rows: list[dict[str, Any]], caption: str) -> str:
    columns = {
        "arm": "Arm",
        "outcome": "Outcome",
        "mean": "Mean",
        "low": "95% from",
        "high": "to",
        "unit": "Unit",
        "grade": "Grade",
    }
    return page.table(rows, columns, caption)


def _participants(run: Run) -> list[str]:
    """What became of those who took part in levers, where somebody can."""
    frame = run.participants_summary
    shown = [participants_table(records(frame))] if len(frame) else []
    for lever, rows in frame.groupby("lever", sort=False):
        shown += map(page.paragraph, participant_sentences(records(rows), str(lever)))
    return shown


def _assumptions(settings: dict[str, Any]) -> list[str]:
    levers = settings.get("levers") or {}
    shown = [assumptions.dials({"policy": levers})] if levers else []
    kept = {k: v for k, v in settings.items() if k in ("population", "model", "survey")}
    return [*shown, assumptions.settings_html(kept)]


def _provenance(manifest: dict[str, Any]) -> str:
    wall, cpu = manifest.get("wall_seconds", 0.0), manifest.get("cpu_seconds", 0.0)
    facts = {
        "seed": manifest["seed"],
        "took": f"{wall:g} s, {cpu:g} s of CPU",
        "workers": manifest.get("workers"),
    }
    return provenance(manifest, facts)


def _overrides(run: Run) -> list[str]:
    """What was changed, as it is written on the command line; for runs that kept no files."""
    if (run.folder / CONFIG).is_dir():
        return []
    values = dict(leaves(run.settings))
    chosen = ",".join(run.settings.get("levers") or {})
    return [f"levers=[{chosen}]"] * bool(chosen) + [
        override_of(path, values[path])
        for path in run.manifest.get("changed_settings", ())
        if path in values
    ]


def summary_rows(run: Run) -> list[dict[str, Any]]:
    """Rows of summary.csv.

    Raises:
        NoRun: it is damaged.
        LookupError: it is of an older format and has not what is needed.
    """
    found = csv.DictReader(io.StringIO(run.content("summary.csv").decode(errors="replace")))
    try:
        rows = [_numbers_of(row) for row in found]
        outcomes = {row["outcome"] for row in rows if row["arm"] == BASELINE}
    except (KeyError, ValueError, csv.Error):
        outcomes = set()
    columns = set(found.fieldnames or ())
    lacking = sorted(({"wo_to_hbo", "hbo_to_wo"} - outcomes) | (set(COLUMNS) - columns))
    if lacking and format_number(run.manifest) < FORMAT:
        raise LookupError(f"summary.csv has no {', '.join(lacking)}")
    if lacking:
        raise NoRun(
            f"{run.folder / 'summary.csv'}: cannot be read, or is cut short; the run can be made "
            f"again: {again_command(run.folder)}"
        )
    return rows


def _numbers_of(row: dict[str, str]) -> dict[str, Any]:
    numbers = ("mean", "low", "high")
    return {k: (float(v) if v else None) if k in numbers else v for k, v in row.items()}
