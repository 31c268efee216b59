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
from hesim.charts.names import outcome_title
from hesim.charts.participants import participants_chart
from hesim.charts.regret import regret_chart
from hesim.charts.sankey import sankey_chart
from hesim.charts.sentence import sentence_chart
from hesim.charts.series import decimal_year
from hesim.charts.structures import structures_chart
from hesim.charts.tornado import tornado_chart
from hesim.config.folders import STRUCTURE
from hesim.levers.arms import BASELINE
from hesim.levers.dates import years_in_words
from hesim.record.participant_table import TABLE
from hesim.study.answers import effects as e
from hesim.study.answers.barriers import BAR, EVERY, measured_years
from hesim.study.answers.question import Answer, file_name, main_rows
from hesim.study.answers.sentences import constant_sentence
from hesim.study.answers.speaker import ENGLISH, Speaker
from hesim.study.answers.structures import main_ranges
from hesim.study.folder import Study
from hesim.study.points import CENTRAL

USUAL = "usual"
"""What a world is called in which nothing was varied."""


def add_charts(made: Answer, say: Speaker = ENGLISH) -> Answer:
    """Add the charts to the answers of a study.

    Args:
        made: The answers.
        say: Language of titles and small print.
    """
    if "barriers" in made.tables:
        _add_barriers(made)
    if made.comparison.empty:
        return made
    if "dose" in made.tables:
        _add_doses(made, say)
        return made
    small = small_print(made.study, say=say)
    if made.parts:
        _add_structures(made, small, say)
        return made
    by_year = small_print(made.study, means=False, say=say)
    _add_leagues(made, small, say)
    _add_fan(made, by_year, say)
    _add_sensitivity(made, small, say)
    _add_regret(made, small, say)
    _add_flows(made, small, say)
    _add_participants(made, by_year, say)
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


def _add_doses(made: Answer, say: Speaker) -> None:
    """The effect of a lever against the effort that it takes."""
    rows = e.records(made.tables["dose"])
    if not rows:
        return
    title = say(
        "{outcome}: change against the baseline, by dose of {lever}",
        outcome=_outcome(made, say),
        lever=say.arm(str(rows[0]["lever"])),
    )
    named = [{STRUCTURE: "", **row} for row in rows]
    small = small_print(made.study, say=say)
    made.figures["dose"] = dose_chart(named, title, say.name(made.unit), small)


def _outcome(made: Answer, say: Speaker) -> str:
    """The title of the outcome that is asked."""
    return say.name(outcome_title(made.outcome))


def _add_leagues(made: Answer, small: str, say: Speaker) -> None:
    """The paired differences of all arms, for each scenario."""
    comparison = made.comparison
    for scenario in dict.fromkeys(comparison["scenario"]):
        rows = main_rows(comparison, made.outcome, scenario)
        if rows.empty or "difference_mean" not in rows:
            continue
        of = "" if scenario == CENTRAL else f", {scenario}"
        title = say("{outcome}: change against the baseline", outcome=_outcome(made, say)) + of
        name = "league" if scenario == CENTRAL else f"league_{file_name(scenario)}"
        made.figures[name] = league_chart(e.records(rows), title, say.name(made.unit), small)


def _add_structures(made: Answer, small: str, say: Speaker) -> None:
    """What all structures say beside one another, and then the charts of each but its league."""
    frame = made.comparison
    main = main_ranges(made)
    arms = list(dict.fromkeys(main["arm"])) or [BASELINE]
    title = (
        "{outcome}: change against the baseline, by structure"
        if len(main)
        else "{outcome} without levers, by structure"
    )
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
        titled = say(title, outcome=_outcome(made, say)) + of
        name = "league" if scenario == CENTRAL else f"league_{file_name(scenario)}"
        structures = tuple(made.parts)
        made.figures[name] = structures_chart(rows, structures, titled, say.name(made.unit), small)
    for structure, part in made.parts.items():
        for name, chart in add_charts(part, say).figures.items():
            if not name.startswith("league"):
                of = say(
                    "{title}; structure {name}", title=chart.title, name=say.structure(structure)
                )
                made.figures[f"{name}_{file_name(structure)}"] = replace(chart, title=of)


def _add_fan(made: Answer, small: str, say: Speaker) -> None:
    """The outcome by year for the best arms, or the baseline."""
    if not made.by_year:
        return
    rows = main_rows(made.comparison, made.outcome)
    title = "{outcome}: change by year" if len(rows) else "{outcome}: by year"
    titled = say(title, outcome=_outcome(made, say))
    begun = {arm: _begun(made, arm, say) for arm in made.by_year}
    made.figures["fan"] = fan_chart(made.by_year, titled, say.name(made.unit), small, begun)


def _begun(made: Answer, arm: str, say: Speaker) -> dict[float, str]:
    """When the levers of an arm begin, in words, by their place on an axis of years.

    A year is drawn at its number and goes from half a year before to half a year after that.
    """
    found: dict[float, list[str]] = {}
    start = str(made.study.settings["start"])
    for lever, body in made.study.manifest["facts"]["arms"].get(arm, {}).items():
        month = str(body.get("start") or start)
        found.setdefault(decimal_year(max(month, start)) - 0.5, []).append(lever)
    return {
        year: say("{levers} begin" if len(levers) > 1 else "{levers} begins", levers=named)
        for year, levers in found.items()
        for named in [
            say.arm(levers[0]) if len(levers) == 1 else say("{count} levers", count=len(levers))
        ]
    }


def _add_sensitivity(made: Answer, small: str, say: Speaker) -> None:
    """Which uncertainties matter."""
    if made.sensitivity is None:
        return
    kind, frame = made.sensitivity.kind, made.tables["sensitivity"]
    what, unit = say.outcome(made.outcome), say.name(made.unit)
    if made.sensitivity.of_effect:
        what = say("the effect of {arm} on {what}", arm=say.arm(made.best), what=what)
    rows = e.records(frame)
    if kind == "tornado":
        title = say("What moves {what}, one uncertainty at a time", what=what)
        chart = tornado_chart(rows, title, unit, small)
    elif kind == "nothing":
        title = say("What moves {what}: nothing that was varied", what=what)
        chart = sentence_chart(title, constant_sentence(frame, made, say), small)
    elif kind == "regression":
        title = say("What moves {what}: from the low to the high end", what=what)
        squared = say.write(rows[0]["r_squared"], ".2f")
        fit = say(
            "linear regression over worlds, R² {squared}; {small}", squared=squared, small=small
        )
        chart = swings_chart(rows, title, unit, fit)
    elif kind == "sobol":
        title = say("Shares of the variance of {what}", what=what)
        share = rows[0]["seed_noise"]
        noise = (
            say("one replication does not tell what share the seeds have; {small}", small=small)
            if math.isnan(share)
            else say(
                "seeds make {percent}% of the variance; {small}",
                percent=f"{100 * share:.0f}",
                small=small,
            )
        )
        columns = [
            ("first", "first_half", say("first order")),
            ("total", "total_half", say("total")),
        ]
        chart = indices_chart(rows, columns, title, say("Sobol index"), noise)
    else:
        title = say("Mean absolute elementary effects on {what}", what=what)
        columns = [("mu_star", "mu_star_half", "mu*")]
        chart = indices_chart(rows, columns, title, f"{unit} (mu*)", small)
    made.figures["sensitivity"] = chart


def _add_regret(made: Answer, small: str, say: Speaker) -> None:
    """What arms lose in each world for not being the best one there."""
    lost = made.regret
    if lost is None:
        return
    cells = [(str(one[0]), int(one[1]), int(one[2])) for one in lost.columns.to_list()]
    called = _world_names(made.study, say)
    made.figures["regret"] = regret_chart(
        lost.to_numpy(np.float64),
        list(map(str, lost.index)),
        [_world(s, called[w], d, say) for s, w, d in cells],
        say("{outcome}: regret across worlds", outcome=_outcome(made, say)),
        say.name(made.unit),
        small,
    )


def _add_flows(made: Answer, small: str, say: Speaker) -> None:
    """How flows change under the best arms."""
    known_within = int(made.study.settings["survey"]["job_known_within"])
    for arm in made.flow_arms:
        name = f"flows_{file_name(arm)}"
        title = say("Change of flows, policy minus baseline: {arm}", arm=say.arm(arm))
        made.figures[name] = sankey_chart(
            e.records(made.tables[name]), title, known_within, small, say
        )


def _add_participants(made: Answer, small: str, say: Speaker) -> None:
    """What taking part did, lever by lever, in the central scenario."""
    table = made.tables.get(TABLE)
    if table is None:
        return
    rows = e.records(table[table["scenario"] == CENTRAL])
    title = say("What taking part did: policy less baseline, for each 100 who took part")
    made.figures[TABLE] = participants_chart(rows, title, small)


def small_print(study: Study, means: bool = True, say: Speaker = ENGLISH) -> str:
    """What a figure rests on, for under it.

    Args:
        study: The study.
        means: The figure shows means over years; say which.
        say: Language.
    """
    scale = study.settings["population"]["scale"]
    worlds = len(set(study.design["world"])) * len(set(study.design["draw"]))
    times = study.manifest["replications"]
    parts = [say("mean of {years}; ", years=say.years(*study.years))] if means else []
    parts.append(f"{_calibration(study, say)}; ")
    parts.append(say("1 replication") if times == 1 else say("{count} replications", count=times))
    if worlds != 1:
        parts.append(say(" in {count} worlds", count=worlds))
    if scale != 1:
        parts.append(say(", counts divided by the scale {scale}", scale=say.write(scale, "g")))
    return "".join(parts)


def _calibration(study: Study, say: Speaker) -> str:
    """Whether the settings were calibrated; of each structure where there are several."""
    each = study.of_structures()
    if each:
        return "; ".join(f"{say.structure(k)}: {_calibration(one, say)}" for k, one in each.items())
    name = study.settings.get("calibration", "none")
    return say("not calibrated") if name == "none" else say("{name} calibration", name=name)


def _world_names(study: Study, say: Speaker) -> dict[int, str]:
    """What each world is called: by its one value where it has one."""
    made: dict[int, str] = {}
    for row in e.records(study.design.drop_duplicates("world")):
        values = json.loads(row["values"])
        if len(values) == 1:
            [(path, value)] = values.items()
            said = say.write(value, "g") if isinstance(value, int | float) else str(value)
            made[row["world"]] = f"{say.setting(path)} {said}"
        else:
            numbered = say("world {number}", number=row["world"])
            made[row["world"]] = numbered if values else USUAL
    return made


def _world(scenario: str, world: str, draw: int, say: Speaker) -> str:
    parts = [] if scenario == CENTRAL else [scenario]
    if world != USUAL or (not parts and draw < 0):
        parts.append(say.name(world))
    return ", ".join([*parts, *([say("draw {number}", number=draw)] if draw >= 0 else [])])
