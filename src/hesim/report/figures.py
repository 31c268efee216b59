"""Chart what a study answers: league, fans, sensitivity, regret and changed flows."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np

from hesim.charts.barriers import barriers_chart
from hesim.charts.dose import dose_chart
from hesim.charts.dots import indices_chart, swings_chart
from hesim.charts.fan import fan_chart
from hesim.charts.league import league_chart
from hesim.charts.names import number, outcome_title
from hesim.charts.participants import participants_chart
from hesim.charts.regret import regret_chart
from hesim.charts.sankey import sankey_chart
from hesim.charts.sentence import sentence_chart
from hesim.charts.structures import structures_chart
from hesim.charts.tornado import tornado_chart
from hesim.config.folders import STRUCTURE
from hesim.levers.arms import BASELINE
from hesim.levers.dates import years_in_words
from hesim.levers.titles import arm_title
from hesim.record.participant_table import TABLE
from hesim.study.answers import effects as e
from hesim.study.answers.barriers import BAR, EVERY, measured_years
from hesim.study.answers.question import Answer, file_name, main_rows, name_words
from hesim.study.answers.sentences import constant_sentence
from hesim.study.answers.structures import main_ranges
from hesim.study.folder import Study
from hesim.study.points import CENTRAL


def add_charts(made: Answer) -> Answer:
    """Add the charts to the answers of a study."""
    if "barriers" in made.tables:
        _add_barriers(made)
    if made.comparison.empty:
        return made
    if "dose" in made.tables:
        _add_doses(made)
        return made
    if made.parts:
        _add_structures(made, small_print(made.study))
        return made
    small = small_print(made.study)
    _add_leagues(made, small)
    _add_fan(made, small_print(made.study, means=False))
    _add_sensitivity(made, small)
    _add_regret(made, small)
    _add_flows(made, small)
    _add_participants(made, small_print(made.study, means=False))
    return made


def _add_barriers(made: Answer) -> None:
    """What each barrier contributes, by structure."""
    found = made.tables["barriers"]
    if found.empty or found["contribution"].isna().all():
        return
    years = years_in_words(*measured_years(made.study))
    settings = made.study.settings
    made.figures["barriers"] = barriers_chart(
        e.records(found[found["structure"] != EVERY]),
        e.records(made.tables["barriers_draws"]),
        "What stands between wo and hbo: the share of each barrier (Shapley values)",
        f"mean of {years}; each draw has random numbers of its own; simulated at "
        f"scale {settings['population']['scale']:g}",
        BAR,
    )


def _add_doses(made: Answer) -> None:
    """The effect of a lever against the effort that it takes."""
    rows = e.records(made.tables["dose"])
    if not rows:
        return
    lever = arm_title(str(rows[0]["lever"]))
    title = f"{outcome_title(made.outcome)}: change against the baseline, by dose of {lever}"
    named = [{STRUCTURE: "", **row} for row in rows]
    made.figures["dose"] = dose_chart(named, title, made.unit, small_print(made.study))


def _add_leagues(made: Answer, small: str) -> None:
    """The paired differences of all arms, for each scenario."""
    comparison = made.comparison
    for scenario in dict.fromkeys(comparison["scenario"]):
        rows = main_rows(comparison, made.outcome, scenario)
        if rows.empty or "difference_mean" not in rows:
            continue
        of = "" if scenario == CENTRAL else f", {scenario}"
        title = f"{outcome_title(made.outcome)}: change against the baseline{of}"
        name = "league" if scenario == CENTRAL else f"league_{file_name(scenario)}"
        made.figures[name] = league_chart(e.records(rows), title, made.unit, small)


def _add_structures(made: Answer, small: str) -> None:
    """What all structures say beside one another, and then the charts of each but its league."""
    frame = made.comparison
    main = main_ranges(made)
    arms = list(dict.fromkeys(main["arm"])) or [BASELINE]
    end = ": change against the baseline" if len(main) else " without levers"
    centre, ends = ("difference_mean", "difference_") if len(main) else ("level", "level_")
    for scenario in dict.fromkeys(frame["scenario"]):
        mine = frame[(frame["outcome"] == made.outcome) & (frame["scenario"] == scenario)]
        rows = [
            {
                "arm": arm,
                STRUCTURE: row[STRUCTURE],
                "mean": row[centre],
                "low": row[f"{ends}low"],
                "high": row[f"{ends}high"],
            }
            for arm in arms
            for row in e.records(mine[mine["arm"] == arm])
        ]
        of = "" if scenario == CENTRAL else f", {scenario}"
        title = f"{outcome_title(made.outcome)}{end}, by structure{of}"
        name = "league" if scenario == CENTRAL else f"league_{file_name(scenario)}"
        made.figures[name] = structures_chart(rows, tuple(made.parts), title, made.unit, small)
    for structure, part in made.parts.items():
        for name, chart in add_charts(part).figures.items():
            if not name.startswith("league"):
                titled = replace(chart, title=f"{chart.title}; structure {structure}")
                made.figures[f"{name}_{file_name(structure)}"] = titled


def _add_fan(made: Answer, small: str) -> None:
    """The outcome by year for the best arms, or the baseline."""
    if not made.by_year:
        return
    rows = main_rows(made.comparison, made.outcome)
    title = f"{outcome_title(made.outcome)}: {'change ' if len(rows) else ''}by year"
    made.figures["fan"] = fan_chart(made.by_year, title, made.unit, small)


def _add_sensitivity(made: Answer, small: str) -> None:
    """Which uncertainties matter."""
    if made.sensitivity is None:
        return
    kind, frame = made.sensitivity.kind, made.tables["sensitivity"]
    of = f"the effect of {arm_title(made.best)} on " if made.sensitivity.of_effect else ""
    rows = e.records(frame)
    what = f"{of}{name_words(made.outcome)}"
    if kind == "tornado":
        title = f"What moves {what}, one uncertainty at a time"
        chart = tornado_chart(rows, title, made.unit, small)
    elif kind == "nothing":
        title = f"What moves {what}: nothing that was varied"
        chart = sentence_chart(title, constant_sentence(frame, made), small)
    elif kind == "regression":
        title = f"What moves {what}: from the low to the high end"
        fit = f"linear regression over worlds, R² {rows[0]['r_squared']:.2f}; {small}"
        chart = swings_chart(rows, title, made.unit, fit)
    elif kind == "sobol":
        title = f"Shares of the variance of {what}"
        share = rows[0]["seed_noise"]
        noise = f"seeds make {100 * share:.0f}% of the variance; {small}"
        if math.isnan(share):
            noise = f"one replication does not tell what share the seeds have; {small}"
        columns = [("first", "first_half", "first order"), ("total", "total_half", "total")]
        chart = indices_chart(rows, columns, title, "Sobol index", noise)
    else:
        title = f"Mean absolute elementary effects on {what}"
        columns = [("mu_star", "mu_star_half", "mu*")]
        chart = indices_chart(rows, columns, title, f"{made.unit} (mu*)", small)
    made.figures["sensitivity"] = chart


def _add_regret(made: Answer, small: str) -> None:
    """What arms lose in each world for not being the best one there."""
    lost = made.regret
    if lost is None:
        return
    cells = [(str(one[0]), int(one[1]), int(one[2])) for one in lost.columns.to_list()]
    called = _world_names(made.study)
    made.figures["regret"] = regret_chart(
        lost.to_numpy(np.float64),
        list(map(str, lost.index)),
        [_world(s, called[w], d) for s, w, d in cells],
        f"{outcome_title(made.outcome)}: regret across worlds",
        made.unit,
        small,
    )


def _add_flows(made: Answer, small: str) -> None:
    """How flows change under the best arms."""
    known_within = int(made.study.settings["survey"]["job_known_within"])
    for arm in made.flow_arms:
        name = f"flows_{file_name(arm)}"
        title = f"Change of flows, policy minus baseline: {arm_title(arm)}"
        made.figures[name] = sankey_chart(e.records(made.tables[name]), title, known_within, small)


def _add_participants(made: Answer, small: str) -> None:
    """What taking part did, lever by lever, in the central scenario."""
    table = made.tables.get(TABLE)
    if table is None:
        return
    rows = e.records(table[table["scenario"] == CENTRAL])
    title = "What taking part did: policy less baseline, for each 100 who took part"
    made.figures[TABLE] = participants_chart(rows, title, small)


def small_print(study: Study, means: bool = True) -> str:
    """What a figure rests on, for under it.

    Args:
        study: The study.
        means: The figure shows means over years; say which.
    """
    settings = study.settings
    scale = settings["population"]["scale"]
    counts = "" if scale == 1 else f", counts divided by the scale {scale:g}"
    worlds = len(set(study.design["world"])) * len(set(study.design["draw"]))
    over = f"mean of {years_in_words(*study.years)}; " if means else ""
    times = study.manifest["replications"]
    return (
        f"{over}{e.calibration_state(study)}; {times} replication{'s' * (times != 1)}"
        f"{'' if worlds == 1 else f' in {worlds} worlds'}{counts}"
    )


def _world_names(study: Study) -> dict[int, str]:
    """What each world is called: by its one value where it has one."""
    made: dict[int, str] = {}
    for row in e.records(study.design.drop_duplicates("world")):
        values = json.loads(row["values"])
        if len(values) == 1:
            [(path, value)] = values.items()
            made[row["world"]] = f"{name_words(path.rpartition('.')[2])} {number(value)}"
        else:
            made[row["world"]] = f"world {row['world']}" if values else "usual"
    return made


def _world(scenario: str, world: str, draw: int) -> str:
    parts = [] if scenario == CENTRAL else [scenario]
    parts += [world] * (world != "usual" or (not parts and draw < 0))
    return ", ".join(parts + [f"draw {draw}"] * (draw >= 0))
