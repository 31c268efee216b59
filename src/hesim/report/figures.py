"""Draw what a study answers: league, fans, sensitivity, regret and changed flows."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np

from hesim.categories import SECTORS
from hesim.charts import fan, league, regret, sankey, style, tornado
from hesim.levers.dates import years_in_words
from hesim.study.answers import effects as e
from hesim.study.answers.question import Answer, file_name, main_rows, words
from hesim.study.answers.sentences import constant_sentence
from hesim.study.folder import Study
from hesim.study.points import CENTRAL
from hesim.survey.crossings import CROSSINGS, LATER, definition, of_whom


def draw(made: Answer) -> Answer:
    """Add the figures to the answers of a study, each with a title and words that replace it."""
    if made.tables["comparison"].empty:
        return made
    small = small_print(made.study)
    _draw_league(made, small)
    _draw_fans(made, small_print(made.study, means=False))
    _draw_sensitivity(made, small)
    _draw_regret(made, small)
    _draw_flows(made, small)
    return made


def _draw_league(made: Answer, small: str) -> None:
    """The paired differences of all arms, for each scenario."""
    comparison = made.tables["comparison"]
    scenarios = list(dict.fromkeys(comparison["scenario"]))
    for scenario in scenarios:
        rows = main_rows(comparison, made.outcome, scenario)
        if rows.empty or "difference_mean" not in rows:
            continue
        shown = [
            {"name": row["arm"], "grade": row["grade"],
             **{key: row[f"difference_{key}"]
                for key in ("mean", "low", "high", "noise_low", "noise_high")}}
            for row in e.records(rows)
        ]  # fmt: skip
        of = "" if scenario == CENTRAL else f", {scenario}"
        title = f"Change of {words(made.outcome)} against the baseline{of}"
        alt = f"{title}. " + "; ".join(
            f"{row['name']} {row['mean']:+.3g}{_interval(row)}" for row in shown[:8]
        )
        name = "league" if scenario == CENTRAL else f"league_{file_name(scenario)}"
        made.figures[name] = title, alt, league.draw(shown, title, made.unit, small)


def _draw_fans(made: Answer, small: str) -> None:
    """The outcome by year for the best arms, or the baseline."""
    panels = made.by_year
    if not panels:
        return
    rows = main_rows(made.tables["comparison"], made.outcome)
    what = "Change of " if len(rows) else ""
    title = f"{what}{words(made.outcome)} by year".capitalize()
    last = max(next(iter(panels.values())))
    alt = f"{title}. In {last}: " + "; ".join(
        f"{arm} {values[last].mean():.3g}" for arm, values in panels.items() if last in values
    )
    made.figures["fan"] = title, alt, fan.draw(panels, title, made.unit, small)


def _draw_sensitivity(made: Answer, small: str) -> None:
    """Which uncertainties matter."""
    if made.sensitivity is None:
        return
    kind, frame = made.sensitivity.kind, made.tables["sensitivity"]
    of = f"the effect of {words(made.best)} on " if made.sensitivity.of_effect else ""
    rows = e.records(frame)
    what = f"{of}{words(made.outcome)}"
    if kind == "tornado":
        title = f"What moves {what}, one uncertainty at a time"
        figure = tornado.draw(rows, tornado.Caption(title, made.unit, small))
        size = "mean"
    elif kind == "nothing":
        title = f"What moves {what}: nothing that was varied"
        said = constant_sentence(frame, made)
        made.figures["sensitivity"] = title, f"{title}. {said}", style.words(title, said, small)
        return
    elif kind == "regression":
        title = f"What moves {what}: from the low to the high end"
        fit = f"linear regression over worlds, R² {rows[0]['r_squared']:.2f}; {small}"
        figure = tornado.draw_swings(rows, tornado.Caption(title, made.unit, fit))
        size = "mean"
    elif kind == "sobol":
        title = f"Shares of the variance of {what}"
        share = rows[0]["seed_noise"]
        noise = f"seeds make {100 * share:.0f}% of the variance; {small}"
        if math.isnan(share):
            noise = f"one replication does not tell what share the seeds have; {small}"
        columns = [("first", "first_half", "first order"), ("total", "total_half", "total")]
        figure = tornado.draw_indices(rows, columns, tornado.Caption(title, "Sobol index", noise))
        size = "total"
    else:
        title = f"Mean absolute elementary effects on {what}"
        columns = [("mu_star", "mu_star_half", "mu*")]
        figure = tornado.draw_indices(
            rows, columns, tornado.Caption(title, f"{made.unit} (mu*)", small)
        )
        size = "mu_star"
    ranked = sorted(rows, key=lambda row: -abs(row[size]))
    alt = f"{title}. " + "; ".join(f"{r['uncertainty']} {r[size]:.3g}" for r in ranked[:8])
    made.figures["sensitivity"] = title, alt, figure


def _draw_regret(made: Answer, small: str) -> None:
    """What arms lose in each world for not being the best one there."""
    lost = made.regret
    if lost is None:
        return
    cells = [(str(one[0]), int(one[1]), int(one[2])) for one in lost.columns.to_list()]
    title = f"Regret of {words(made.outcome)} across worlds"
    first = made.tables["robustness"].iloc[0]
    alt = (
        f"{title}. Least worst regret: {first['arm']}, {first['largest_regret']:.3g} {made.unit}, "
        f"in {first['worlds']} worlds."
    )
    called = _world_names(made.study)
    names = [_world(s, called[w], d) for s, w, d in cells]
    made.figures["regret"] = (
        title,
        alt,
        regret.draw(
            lost.to_numpy(np.float64), list(map(str, lost.index)), names, title, made.unit, small
        ),
    )


def _draw_flows(made: Answer, small: str) -> None:
    """How flows change under the best arms."""
    for arm in made.flow_arms:
        name = f"flows_{file_name(arm)}"
        title = f"Change of flows under {words(arm)}: policy minus baseline"
        rows = e.records(made.tables[name])
        largest = sorted(rows, key=lambda row: -abs(row["mean"]))[:5]
        alt = f"{title}. " + "; ".join(
            f"{r['origin']} to {r['destination']} {r['mean']:+.3g}" for r in largest
        )
        counted = "; ".join(_crossing(rows, outcome) for outcome in CROSSINGS)
        alt = f"{alt}. {counted}"
        rule = definition(int(made.study.settings["survey"]["job_known_within"]))
        note = f"{counted}\n({rule})\n{small}"
        made.figures[name] = title, alt, sankey.draw(rows, title, note)


def _crossing(rows: list[dict[str, Any]], outcome: str) -> str:
    """How a crossing changes, and how much of that is from job to job, in words."""
    left, joined = (SECTORS[code] for code in CROSSINGS[outcome])
    by = {(row["origin"], row["destination"]): row["mean"] for row in rows}
    direct = by[left, joined]
    total = direct + by[LATER[outcome]]
    return f"{words(outcome)} {total:+,.1f} a year, {of_whom(direct, '+,.1f')}"


def _interval(row: dict[str, Any]) -> str:
    low, high = row["low"], row["high"]
    return "" if math.isnan(low) else f" ({low:.3g} to {high:.3g})"


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
            made[row["world"]] = f"{words(path.rpartition('.')[2])} {_number(value)}"
        else:
            made[row["world"]] = f"world {row['world']}" if values else "usual"
    return made


def _world(scenario: str, world: str, draw: int) -> str:
    parts = [] if scenario == CENTRAL else [scenario]
    parts += [world] * (world != "usual" or (not parts and draw < 0))
    return ", ".join(parts + [f"draw {draw}"] * (draw >= 0))


def _number(value: Any) -> str:
    return f"{value:g}" if isinstance(value, int | float) else str(value)
