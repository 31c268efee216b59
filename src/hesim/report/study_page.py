"""Write a study up: question, answer, figures, assumptions, provenance, how to do it again."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

from hesim.calibration.titles import structure_title
from hesim.charts import drawing, style
from hesim.config.folders import STRUCTURE
from hesim.config.trees import leaves
from hesim.input.shells import quoted
from hesim.levers.arms import BASELINE
from hesim.levers.dates import years_in_words
from hesim.levers.titles import arm_title
from hesim.record.participant_table import TABLE
from hesim.report import assumptions, figures, page
from hesim.report.explorer import explorer
from hesim.report.knowing import knowing_section
from hesim.report.participants import participants_table
from hesim.report.provenance import WHERE, again, hashes, provenance
from hesim.study.answers.barriers import EVERY
from hesim.study.answers.comparison import answer_study
from hesim.study.answers.effects import calibration_state, records
from hesim.study.answers.participants import participant_answers
from hesim.study.answers.phrases import enumeration, titled
from hesim.study.answers.question import Answer, main_rows
from hesim.study.answers.sentences import sentences
from hesim.study.answers.structure_sentences import range_table
from hesim.study.answers.worth import price_of
from hesim.study.folder import Study
from hesim.study.structures import own_values

PARTS = ("population", "model", "survey")
"""Settings that say how the model is."""
CHANCES = (
    ("best", "How likely each arm is the best; to do nothing is one of the choices"),
    ("beats", "How often each arm does better than each other, percent of the worlds"),
    ("beats_per_euro", "How often it does so for each euro, percent of the worlds"),
)
"""Tables of how likely arms are best, with their captions."""
ORDER = ("league", "fan", "sensitivity", "regret")
"""Figures in the order of the report; all others follow."""


def study_page(folder: Path) -> str:
    """The report of a study as HTML."""
    study = Study(folder)
    made = figures.add_charts(answer_study(study))
    manifest = study.manifest
    title = str(manifest.get("question") or f"Study {study.name}")
    seconds = study.query("select sum(seconds) as s from status")["s"].fillna(0.0)[0]
    return page.page(
        title,
        [
            f"<header><h1>{escape(title)}</h1>"
            + page.paragraph(_meta(study), "meta")
            + "</header>",
            page.section(
                "Answer", page.paragraph(" ".join(sentences(made)), "answer"), _care(made)
            ),
            page.section("Figures", _explorer(made), *_figures(made)),
            page.section("Figures in numbers", *_tables(made)),
            *knowing_section(study),
            page.section("Assumptions", *_assumptions(study)),
            page.section("Calibration", page.paragraph(_calibration(study))),
            page.section("Provenance", _provenance(study, float(seconds)), _failures(study)),
            page.section("How to do it again", *_again(study)),
        ],
    )


def _meta(study: Study) -> str:
    settings, found = study.settings, study.completeness
    runs = f"{found.planned:,}" if found.complete else f"{found.whole:,} of {found.planned:,}"
    state = "complete" if found.complete else "not complete"
    first = int(str(settings["start"])[:4])
    return (
        f"hesim study {study.name}, {study.manifest['created'][:10]}: {runs} simulations of "
        f"{first} to {first + int(settings['years']) - 1} at scale "
        f"{settings['population']['scale']:g}; {state}"
    )


def _care(made: Answer) -> str:
    said = []
    each = made.study.of_structures() or {"": made.study}
    raw = [name for name, one in each.items() if calibration_state(one) == "not calibrated"]
    if raw:
        where, of = (
            (f" in {enumeration([*map(structure_title, raw)])}", "there")
            if made.study.structures
            else ("", "here")
        )
        said.append(f"The model is not calibrated{where}: no figure {of} is to be used for policy.")
    if "assumed" in set(made.comparison.get("grade", ())):
        said.append(
            "Effect sizes that are assumed were typed in, not found: such a result says what would "
            "follow if they held."
        )
    lacking = made.study.completeness.words
    if lacking:
        said.insert(0, f"This report rests on a part of the study. {lacking}")
    said += [note[:1].upper() + note[1:] + "." for note in made.notes]
    return f'<div class="warning">{escape(" ".join(said))}</div>' if said else ""


def _explorer(made: Answer) -> str:
    rows = made.comparison
    if "difference_mean" not in rows:
        return ""
    return explorer(records(rows[rows["difference_mean"].notna()]), made.outcome)


def _figures(made: Answer) -> list[str]:
    names = [name for name in ORDER if name in made.figures]
    names += [name for name in made.figures if name not in names]
    shown = []
    for name in names:
        chart = made.figures[name]
        # What is made for the screen shows one structure at a time, and this all of them.
        still = "league-still" if name == "league" and not made.parts else ""
        shown.append(page.picture(style.svg(drawing.draw(chart)), chart.text, chart.title, still))
    return shown


def _tables(made: Answer) -> list[str]:
    if "barriers" in made.tables:
        return _barrier_tables(made)
    if made.comparison.empty:
        return [page.paragraph("There is nothing to show yet.")]
    if not made.parts:
        return [*_tables_of_one(made), *_variance(made)]
    shown = [_ranges(made), *_chances(made), *_variance(made)]
    for name, part in made.parts.items():
        shown += _tables_of_one(part, f"; {structure_title(name)}")
    return shown


def _variance(made: Answer) -> list[str]:
    """What the uncertainty about each effect comes from, where dials were drawn."""
    if "variance" not in made.tables:
        return []
    frame = titled(made.tables["variance"])
    heads = {str(key): str(key).replace("_", " ") for key in frame.columns}
    caption = "What is not known of an effect comes from; percent of the variance of one world"
    return [page.table(records(frame), heads, caption)]


def _chances(made: Answer) -> list[str]:
    """How likely each arm is best, over the worlds of all structures."""
    shown = []
    for name, caption in CHANCES:
        table = made.tables.get(name)
        if table is not None:
            frame = titled(table[table[STRUCTURE] == EVERY].drop(columns=[STRUCTURE]))
            heads = {str(key): str(key).replace("_", " ") for key in frame.columns}
            shown.append(page.table(records(frame), heads, f"{caption}; {EVERY}"))
    return shown


def _ranges(made: Answer) -> str:
    """How far structures lie apart."""
    frame = titled(range_table(made))
    heads = {str(key): str(key).replace("_", " ") for key in frame.columns}
    caption = f"{made.outcome.replace('_', ' ')}, {made.unit}: all structures beside one another"
    return page.table(records(frame), heads, caption)


def _tables_of_one(made: Answer, of: str = "") -> list[str]:
    """The tables of one structure; `of` says in their captions which."""
    shown = []
    comparison = made.comparison
    if comparison.empty:
        return [page.paragraph(f"There is nothing to show yet{of}.")]
    rows = main_rows(comparison, made.outcome)
    if len(rows) and "difference_mean" in rows:
        columns = {
            "arm": "Arm",
            "level": "Level",
            "difference_mean": "Difference",
            "difference_low": "95% from",
            "difference_high": "to",
            "difference_sd_noise": "Noise (se)",
            "difference_sd_parameters": "Parameters (sd)",
            "grade": "Rests on",
        }
        caption = f"{made.outcome.replace('_', ' ')}, {made.unit}, against the baseline"
        shown.append(page.table(records(titled(rows)), columns, caption + of))
    base = comparison[(comparison["arm"] == BASELINE)]
    columns = {
        "outcome": "Outcome",
        "scenario": "Scenario",
        "level": "Mean",
        "level_low": "95% from",
        "level_high": "to",
        "unit": "Unit",
    }
    caption = f"Without levers, mean of {years_in_words(*made.study.years)}"
    shown.append(page.table(records(base), columns, caption + of))
    price = price_of(made.outcome, made.unit, made.better)
    for name, caption in (
        ("dose", "The lever at each share that takes part"),
        ("equal_effort", "What each arm spends, against the effort that all may spend"),
        ("sensitivity", f"What matters, for {arm_title(made.best)}"),
        ("robustness", "Across worlds"),
        *CHANCES,
        ("worth", f"What each arm costs a year, and {price}"),
        ("lever_shares", "Each lever's share of what they do together (Shapley values)"),
        ("discovery", f"Where {arm_title(made.best)} goes beyond {made.threshold:g} (PRIM)"),
        ("trade_offs", "Trade-offs: mean effects, and whether no other arm beats it"),
    ):
        if name in made.tables and len(made.tables[name]):
            frame = titled(made.tables[name])
            heads = {str(key): str(key).replace("_", " ") for key in frame.columns}
            shown.append(page.table(records(frame), heads, caption + of))
    if TABLE in made.tables:
        followed = records(made.tables[TABLE])
        shown.append(participants_table(followed, of, ("arm", "scenario")))
        shown += [page.paragraph(sentence) for sentence in participant_answers(made)]
    return shown


def _barrier_tables(made: Answer) -> list[str]:
    """Contributions and shares of the barriers, and what is switched off in each."""
    columns = {
        "title_direction": "Direction",
        "structure": "Structure",
        "title_barrier": "Barrier",
        "contribution": "Persons a year",
        "contribution_low": "95% from",
        "contribution_high": "to",
        "share_percent": "Share, %",
        "share_percent_low": "95% from",
        "share_percent_high": "to",
        "off": "Switched off",
    }
    caption = "What each barrier contributes to what stands between wo and hbo"
    # `titled` drops a column `title`, which elsewhere repeats the arm; here it names the barrier.
    rows = titled(made.tables["barriers"].rename(columns={"title": "title_barrier"}))
    return [page.table(records(rows), columns, caption)]


def _assumptions(study: Study) -> list[str]:
    shown = []
    arms = study.manifest["facts"]["arms"]
    if any(arms.values()):
        shown.append(assumptions.dials(arms))
    varied = [
        {
            "path": one.path,
            "usual": one.usual,
            "unit": one.unit,
            "label": one.label,
            "between": " | ".join(map(str, one.values)) or f"{one.low:g} to {one.high:g}",
            "source": one.source,
        }
        for one in study.uncertainties
    ]
    if varied:
        columns = {
            "path": "Setting",
            "usual": "Usual",
            "between": "Varied",
            "unit": "Unit",
            "label": "Label",
            "source": "Source",
        }
        shown.append(page.table(varied, columns, "What was varied"))
    if study.structures:
        shown.append(_differences(study))
    kept = {k: v for k, v in study.settings.items() if k in PARTS}
    return [*shown, assumptions.settings_html(kept)]


def _differences(study: Study) -> str:
    """The settings in which structures differ; those of the first are listed in full."""
    each = {
        name: dict(leaves({key: value for key, value in one.settings.items() if key in PARTS}))
        for name, one in study.of_structures().items()
    }
    rows = [
        {"path": path, **{name: str(values.get(path, "")) for name, values in each.items()}}
        for path in sorted(own_values(each))
    ]
    first = study.structures[0]
    return page.fold(
        f"The {len(rows)} settings in which structures differ; those of "
        f"{structure_title(first)} follow in full",
        page.table(rows, {"path": "Setting", **{name: structure_title(name) for name in each}}),
    )


def _calibration(study: Study) -> str:
    draws = len(set(study.design["draw"]))
    over = f" Answers rest on {draws} draws of the calibrated ensemble." if draws > 1 else ""
    return f"Settings of the model: {calibration_state(study)}.{over}"


def _provenance(study: Study, seconds: float) -> str:
    manifest = study.manifest
    sessions = manifest["sessions"]
    places = "; ".join(dict.fromkeys(str(one["where"]) for one in sessions))
    facts: dict[str, Any] = {
        "made": f"{manifest['created']}, {len(sessions)} session{'s' * (len(sessions) != 1)}",
        "simulated": places,
        "time of all runs": f"{seconds / 3600:,.2f} hours of one processor",
        "points": f"{manifest['points']:,}, at least {manifest['replications']} replications each",
        "seed": study.settings["seed"],
        "plan": manifest["facts"]["plan_sha256"],
    }
    return provenance(manifest, facts) + hashes(manifest["facts"]["data_sha256"])


def _failures(study: Study) -> str:
    failures = study.failures()
    if failures.empty:
        return page.paragraph("No run failed.")
    rows = [
        {**row, "why": (str(row["error"]).strip().splitlines() or [""])[-1]}
        for row in records(failures.head(50))
    ]
    columns = {
        "point": "Point",
        "arm": "Arm",
        "replication": "Replication",
        "status": "Status",
        "why": "What went wrong",
    }
    return page.table(rows, columns, f"{len(failures)} runs that failed")


def _again(study: Study) -> list[str]:
    manifest = study.manifest
    overrides = list(manifest["overrides"])
    settings = study.settings
    asked = settings["study"].get("replications") or settings.get("replications")
    if asked != manifest["replications"]:
        # More were asked for later, with `hesim resume`.
        overrides.append(f"study.replications={manifest['replications']}")
    return [
        again("study", study.folder, overrides, manifest.get("commit")),
        page.paragraph(WHERE.format(name=study.name)),
        page.paragraph(
            "The same seed, code and data give the same rows, on any number of processors and on "
            "any engine. The folder of the study answers further questions:"
        ),
        page.code_block(f'hesim query {quoted(study.name)} "select * from differences limit 10"'),
    ]
