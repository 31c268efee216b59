"""Answer a study: every table, its CSV file and its figure, in the folder `answers`."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hesim.config import ConfigErrors, Problem
from hesim.run.files import put
from hesim.study.answers import effects as e
from hesim.study.answers.discovery import NoDiscovery, discover
from hesim.study.answers.robustness import performance, regret, robustness, trade_offs
from hesim.study.answers.sensitivity import sensitivity
from hesim.study.arms import BASELINE
from hesim.study.opened import Study
from hesim.study.plan import CENTRAL

if TYPE_CHECKING:
    import pandas as pd

FOLDER = "answers"
MOST_PANELS = 6
PARETO = {"wo_to_hbo": "more", "hbo_to_wo": "more", "vacancies_unfilled": "less"}
"""Outcomes whose trade-offs are shown beside the study's own."""


@dataclass
class Answers:
    """What a study says.

    Attributes:
        study: The study.
        outcome: What it is about.
        unit: Unit of the outcome.
        better: `more` or `less`.
        threshold: Effect above which an arm satisfices.
        tables: By name.
        figures: Title, alternative text and the drawn figure, by name.
        notes: What could not be answered, and why.
        best: The arm with the largest effect in the good direction; the baseline without arms.
    """

    study: Study
    outcome: str
    unit: str
    better: str
    threshold: float
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    figures: dict[str, tuple[str, str, Any]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    best: str = BASELINE


def compare(folder: str | Path, overrides: Sequence[str] = (), *, show: bool = False) -> Answers:
    """Answer a study and write `answers/` in its folder.

    Args:
        folder: The study.
        overrides: `study.outcome`, `study.better` and `study.threshold`, to ask otherwise.
        show: Print the main table.

    Raises:
        NoStudy: the folder holds none.
        ConfigErrors: overrides that cannot hold.
    """
    made = answer(Study(folder), overrides)
    target = made.study.folder / FOLDER
    target.mkdir(exist_ok=True)
    from hesim.figures import style

    for name, table in made.tables.items():
        put(target / f"{name}.csv", table.to_csv(index=False).encode())
    for name, (_, _, figure) in made.figures.items():
        put(target / f"{name}.png", style.png(figure))
    if show:
        from hesim.study.answers.telling import tell

        tell(made, print)
        print(f"\nTables and figures: {target}")
    return made


def answer(study: Study, overrides: Sequence[str] = ()) -> Answers:
    """Answer a study in memory: tables and figures.

    Raises:
        ConfigErrors: overrides that cannot hold.
    """
    from hesim.survey.outcomes import OUTCOMES

    made = _asked(study, overrides, OUTCOMES)
    made.tables["comparison"] = comparison = e.comparison(study, OUTCOMES)
    if comparison.empty:
        made.notes.append("no run is whole yet")
        return made
    small = _small_print(study)
    levels = e.levels(study, made.outcome)
    differences = e.paired(levels)
    made.best = _best(comparison, made)
    _league(made, comparison, small)
    _fans(made, small)
    _sensitivity(made, levels, differences, small)
    if differences:
        _robustness(made, differences, small)
        _sankeys(made, comparison, small)
        wanted = {made.outcome: made.better, **PARETO}
        made.tables["trade_offs"] = trade_offs(comparison, wanted)
    return made


def _asked(study: Study, overrides: Sequence[str], outcomes: dict[str, str]) -> Answers:
    given = dict(study.settings["study"])
    problems: list[Problem] = []
    for line in overrides:
        key, _, value = line.partition("=")
        name = key.removeprefix("study.")
        if name not in ("outcome", "better", "threshold"):
            allowed = "must be study.outcome, study.better or study.threshold"
            problems.append(Problem(key, value, allowed))
        else:
            given[name] = value
    if given["outcome"] not in outcomes and not str(given["outcome"]).startswith("flow."):
        allowed = "must be one of " + ", ".join(outcomes)
        problems.append(Problem("study.outcome", given["outcome"], allowed))
    if given["better"] not in ("more", "less"):
        problems.append(Problem("study.better", given["better"], "must be more or less"))
    try:
        threshold = float(given["threshold"])
    except ValueError:
        problems.append(Problem("study.threshold", given["threshold"], "must be a number"))
    if problems:
        raise ConfigErrors(problems)
    outcome = str(given["outcome"])
    unit = outcomes.get(outcome, "persons a year")
    return Answers(study, outcome, unit, str(given["better"]), threshold)


def _best(comparison: pd.DataFrame, made: Answers) -> str:
    rows = main_rows(comparison, made.outcome)
    if rows.empty or "difference_mean" not in rows:
        return BASELINE
    sign = 1.0 if made.better == "more" else -1.0
    best = max(e.records(rows), key=lambda row: sign * float(row["difference_mean"]))
    return str(best["arm"])


def main_rows(comparison: pd.DataFrame, outcome: str, scenario: str = CENTRAL) -> pd.DataFrame:
    """Rows of the arms for one outcome, largest difference first."""
    rows = comparison[
        (comparison["outcome"] == outcome)
        & (comparison["scenario"] == scenario)
        & (comparison["arm"] != BASELINE)
    ]
    if "difference_mean" not in rows:
        return rows
    rows = rows[rows["difference_mean"].notna()]
    return rows.sort_values("difference_mean", ascending=False, kind="stable")


def _league(made: Answers, comparison: pd.DataFrame, small: str) -> None:
    from hesim.figures import league

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
        title = f"Change of {_words(made.outcome)} against the baseline{of}"
        alt = f"{title}. " + "; ".join(
            f"{row['name']} {row['mean']:+.3g} ({row['low']:.3g} to {row['high']:.3g})"
            for row in shown[:8]
        )
        name = "league" if scenario == CENTRAL else f"league_{_file(scenario)}"
        made.figures[name] = title, alt, league.draw(shown, title, made.unit, small)


def _fans(made: Answers, small: str) -> None:
    from hesim.figures import fan

    frame = e.by_year(made.study, made.outcome)
    frame = frame[frame["scenario"] == CENTRAL]
    rows = main_rows(made.tables["comparison"], made.outcome)
    arms = list(rows["arm"][:MOST_PANELS]) if len(rows) else [BASELINE]
    panels = {
        arm: {int(str(year)): group["value"].to_numpy() for year, group in mine.groupby("year")}
        for arm in arms
        for mine in [frame[frame["arm"] == arm]]
        if len(mine)
    }
    if not panels:
        return
    made.tables["by_year"] = (
        frame[frame["arm"].isin(arms)]
        .groupby(["arm", "year"], sort=False)["value"]
        .describe(percentiles=[0.05, 0.25, 0.5, 0.75, 0.95])
        .reset_index()
    )
    what = "Change of " if len(rows) else ""
    title = f"{what}{_words(made.outcome)} by year".capitalize()
    last = max(next(iter(panels.values())))
    alt = f"{title}. In {last}: " + "; ".join(
        f"{arm} {values[last].mean():.3g}" for arm, values in panels.items() if last in values
    )
    made.figures["fan"] = title, alt, fan.draw(panels, title, made.unit, small)


def _sensitivity(made: Answers, levels: e.Tables, differences: e.Tables, small: str) -> None:
    from hesim.figures import tornado

    if not made.study.uncertainties:
        return
    table = differences.get((made.best, CENTRAL)) or levels.get((BASELINE, CENTRAL))
    of = f"the effect of {_words(made.best)} on " if (made.best, CENTRAL) in differences else ""
    seed = int(made.study.settings["seed"])
    found = None if table is None else sensitivity(made.study, table, seed)
    if found is None:
        made.notes.append("sensitivity: too few worlds, or not all that the design needs are whole")
        return
    kind, frame = found
    made.tables["sensitivity"] = frame
    rows = e.records(frame)
    what = f"{of}{_words(made.outcome)}"
    if kind == "tornado":
        title = f"What moves {what}, one uncertainty at a time"
        figure = tornado.draw(rows, title, made.unit, small)
        size = "mean"
    elif kind == "regression":
        title = f"What moves {what}: from the low to the high end"
        fit = f"linear regression over worlds, R² {rows[0]['r_squared']:.2f}; {small}"
        figure = tornado.draw_swings(rows, title, made.unit, fit)
        size = "mean"
    elif kind == "sobol":
        title = f"Shares of the variance of {what}"
        noise = f"seeds make {100 * rows[0]['seed_noise']:.0f}% of the variance; {small}"
        columns = [("first", "first_half", "first order"), ("total", "total_half", "total")]
        figure = tornado.draw_indices(rows, columns, title, "Sobol index", noise)
        size = "total"
    else:
        title = f"Mean absolute elementary effects on {what}"
        columns = [("mu_star", "mu_star_half", "mu*")]
        figure = tornado.draw_indices(rows, columns, title, f"{made.unit} (mu*)", small)
        size = "mu_star"
    ranked = sorted(rows, key=lambda row: -abs(row[size]))
    alt = f"{title}. " + "; ".join(f"{r['uncertainty']} {r[size]:.3g}" for r in ranked[:8])
    made.figures["sensitivity"] = title, alt, figure


def _robustness(made: Answers, differences: e.Tables, small: str) -> None:
    from hesim.figures import regret as figure

    seen = performance(differences)
    if seen.empty or seen.shape[1] < 2:
        return
    table = robustness(seen, made.better, made.threshold)
    made.tables["robustness"] = table
    lost = regret(seen, made.better)
    cells = [(str(one[0]), int(one[1]), int(one[2])) for one in lost.columns.to_list()]
    made.tables["regret"] = lost.set_axis(
        [f"{s} world {w} draw {d}" for s, w, d in cells], axis=1
    ).reset_index(names="arm")
    title = f"Regret of {_words(made.outcome)} across worlds"
    first = table.iloc[0]
    alt = (
        f"{title}. Least worst regret: {first['arm']}, {first['largest_regret']:.3g} {made.unit}, "
        f"in {first['worlds']} worlds."
    )
    called = _world_names(made.study)
    names = [_world(s, called[w], d) for s, w, d in cells]
    made.figures["regret"] = (
        title,
        alt,
        figure.draw(
            lost.to_numpy(np.float64), list(map(str, lost.index)), names, title, made.unit, small
        ),
    )
    _discover(made, seen)


def _discover(made: Answers, seen: pd.DataFrame) -> None:
    """Where the best arm satisfices; needs sampled uncertainties."""
    if made.study.settings["study"]["design"] == "list" or not made.study.uncertainties:
        return
    paths = [one.path for one in made.study.uncertainties]
    design = made.study.design.drop_duplicates("world").set_index("world")
    mine = seen.loc[made.best]
    sign = 1.0 if made.better == "more" else -1.0
    worlds = design.loc[[world for _, world, _ in mine.index.to_list()], paths].reset_index(
        drop=True
    )
    try:
        box = discover(worlds, sign * mine.to_numpy(np.float64) > made.threshold)
    except NoDiscovery as error:
        made.notes.append(f"scenario discovery for {made.best}: {error}")
        return
    made.tables["discovery"] = box


def _sankeys(made: Answers, comparison: pd.DataFrame, small: str) -> None:
    from hesim.figures import sankey

    if not made.study.settings["study"]["flows"]:
        made.notes.append("no flow figure: the study ran with study.flows=false")
        return
    for arm in main_rows(comparison, made.outcome)["arm"][:3]:
        frame = e.flow_changes(made.study, arm)
        if frame.empty:
            continue
        name = f"flows_{_file(arm)}"
        made.tables[name] = frame
        title = f"Change of flows under {_words(arm)}: policy minus baseline"
        rows = e.records(frame)
        largest = sorted(rows, key=lambda row: -abs(row["mean"]))[:5]
        alt = f"{title}. " + "; ".join(
            f"{r['origin']} to {r['destination']} {r['mean']:+.3g}" for r in largest
        )
        made.figures[name] = title, alt, sankey.draw(rows, title, small)


def _small_print(study: Study) -> str:
    settings = study.settings
    scale = settings["population"]["scale"]
    counts = "" if scale == 1 else f", counts divided by the scale {scale:g}"
    worlds = len(set(study.design["world"])) * len(set(study.design["draw"]))
    return (
        f"{e.calibration_state(study)}; {study.manifest['replications']} replications"
        f"{'' if worlds == 1 else f' in {worlds} worlds'}{counts}"
    )


def _world_names(study: Study) -> dict[int, str]:
    """What each world is called: by its one value where it has one."""
    made: dict[int, str] = {}
    for row in e.records(study.design.drop_duplicates("world")):
        values = json.loads(row["values"])
        if len(values) == 1:
            [(path, value)] = values.items()
            made[row["world"]] = f"{_words(path.rpartition('.')[2])} {_number(value)}"
        else:
            made[row["world"]] = f"world {row['world']}" if values else "usual"
    return made


def _world(scenario: str, world: str, draw: int) -> str:
    parts = [] if scenario == CENTRAL else [scenario]
    parts += [world] * (world != "usual" or (not parts and draw < 0))
    return ", ".join(parts + [f"draw {draw}"] * (draw >= 0))


def _number(value: Any) -> str:
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def _words(name: str) -> str:
    return name.replace("flow.", "flow ").replace(".", " to ").replace("_", " ")


def _file(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_")
