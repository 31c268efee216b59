"""Answer a study in memory: every table that it can fill, and what it cannot answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from hesim.levers.arms import BASELINE
from hesim.study.answers import effects as e
from hesim.study.answers.barriers import answer_barriers, barriers_of
from hesim.study.answers.best import CostDifferences, best_tables, worlds_of
from hesim.study.answers.components import varies
from hesim.study.answers.discovery import NoDiscovery, discover
from hesim.study.answers.dose import dose_table, lever_of_doses
from hesim.study.answers.draw_ranks import draw_ranks
from hesim.study.answers.equal_effort import equal_effort
from hesim.study.answers.lever_shares import lever_shares
from hesim.study.answers.participants import add_participants
from hesim.study.answers.question import (
    Answer,
    Sensitivity,
    best_arm,
    blank_answers,
    file_name,
    main_rows,
)
from hesim.study.answers.robustness import performance, regret, robustness, trade_offs
from hesim.study.answers.sensitivity import sensitivity
from hesim.study.answers.speaker import Note, arm_in
from hesim.study.answers.structures import beside
from hesim.study.answers.variance import variance_shares
from hesim.study.answers.worth import COST, HIGH, LOW, worth_table
from hesim.study.dials import PRIOR
from hesim.study.folder import Study
from hesim.study.points import CENTRAL
from hesim.study.unpriced import least_sentences, partly_priced, unpriced_levers

if TYPE_CHECKING:
    import pandas as pd

PARETO = {"wo_to_hbo": "more", "hbo_to_wo": "more", "vacancies_unfilled": "less"}
"""Outcomes whose trade-offs are shown beside the study's own."""
MOST_PANELS = 6
"""Arms that are followed by year."""


def answer_study(study: Study, overrides: Sequence[str] = ()) -> Answer:
    """Answer a study: its tables, and notes about what could not be answered.

    Raises:
        ConfigErrors: overrides that cannot hold.
    """
    from hesim.outcomes.registry import UNITS

    if barriers_of(study):
        made = blank_answers(study, overrides, UNITS)
        made.tables |= answer_barriers(study)
        return made
    parts = {
        name: _answer_one(blank_answers(one, overrides, UNITS), UNITS)
        for name, one in study.of_structures().items()
    }
    made = (
        beside(study, parts)
        if parts
        else _answer_one(blank_answers(study, overrides, UNITS), UNITS)
    )
    if study.settings["study"].get("dials") == PRIOR:
        each = {name: part.effects for name, part in (parts or {"": made}).items()}
        # Each structure may have fewer draws than there are sets of dials.
        shares = variance_shares(each, 1 + int(study.design["draw"].max()))
        if shares is None:
            made.notes.append(Note("variance: too few draws are whole to split it"))
        else:
            made.tables["variance"] = shares
    return made


def _answer_one(made: Answer, units: Mapping[str, str]) -> Answer:
    """Answer a study of one structure."""
    study = made.study
    made.tables["comparison"] = comparison = e.comparison(study, units)
    if comparison.empty:
        made.notes.append(Note("no run is whole yet"))
        return made
    levels = e.levels(study, made.outcome)
    made.effects = differences = e.paired_differences(levels)
    made.best = best_arm(comparison, made)
    if lever_of_doses(study):
        made.tables["dose"] = dose_table(study, comparison, made.outcome)
        return made
    effort = equal_effort(study, comparison)
    if effort is not None:
        made.tables["equal_effort"] = effort
    _follow_years(made)
    _weigh_uncertainties(made, levels, differences)
    if differences:
        _cross_worlds(made, differences)
        shares = lever_shares(differences)
        if shares is not None and effort is not None:
            made.notes.append(
                Note(
                    "no shares of levers in arms of several: at equal effort a lever has another "
                    "share that takes part there than alone"
                )
            )
        elif shares is not None:
            made.tables["lever_shares"] = shares
        levers = study.manifest["facts"]["arms"]
        # What is known of a cost is a part of it, and would make an arm look cheap.
        priced = [arm for arm in levers if arm not in unpriced_levers(levers)]
        worlds = worlds_of(differences, costs_of(study).of_arms(priced), made.better)
        if worlds is not None:
            made.worlds = worlds
            made.tables |= best_tables(worlds, made.threshold)
        prices = worth_table(comparison, made.outcome, made.better, levers)
        made.notes += least_sentences(partly_priced(levers))
        if prices is not None:
            made.tables["worth"] = prices
        ranks = draw_ranks(study, differences)
        if ranks is not None:
            made.tables["draw_ranks"] = ranks
        _follow_flows(made)
        add_participants(made)
        wanted = {made.outcome: made.better, **PARETO}
        made.tables["pairing"] = e.pairing(study, made.outcome)
        made.tables["trade_offs"] = trade_offs(comparison, wanted)
    return made


def _follow_years(made: Answer) -> None:
    """The outcome by year for the best arms, or the baseline."""
    frame = e.by_year(made.study, made.outcome)
    frame = frame[(frame["scenario"] == CENTRAL) & frame["value"].notna()]
    rows = main_rows(made.comparison, made.outcome)
    arms = list(rows["arm"][:MOST_PANELS]) if len(rows) else [BASELINE]
    made.by_year = {
        arm: {int(str(year)): group["value"].to_numpy() for year, group in mine.groupby("year")}
        for arm in arms
        for mine in [frame[frame["arm"] == arm]]
        if len(mine)
    }
    if made.by_year:
        made.tables["by_year"] = (
            frame[frame["arm"].isin(arms)]
            .groupby(["arm", "year"], sort=False)["value"]
            .describe(percentiles=[0.05, 0.25, 0.5, 0.75, 0.95])
            .reset_index()
        )


def _weigh_uncertainties(made: Answer, levels: e.Tables, differences: e.Tables) -> None:
    """Say which uncertainties matter, for the effect of the best arm or without levers."""
    if not made.study.uncertainties:
        return
    of_effect = (made.best, CENTRAL) in differences
    table = differences.get((made.best, CENTRAL)) or levels.get((BASELINE, CENTRAL))
    seed = int(made.study.settings["seed"])
    found = None if table is None else sensitivity(made.study, table, seed)
    if found is None:
        made.notes.append(
            Note("sensitivity: too few worlds, or not all that the design needs are whole")
        )
        return
    kind, made.tables["sensitivity"] = found
    made.sensitivity = Sensitivity(kind, of_effect)


def _cross_worlds(made: Answer, differences: e.Tables) -> None:
    """Say how arms do across worlds, and where the best one does well."""
    seen = performance(differences)
    if seen.empty or seen.shape[1] < 2:
        return
    made.tables["robustness"] = robustness(seen, made.better, made.threshold)
    if varies(seen.to_numpy(np.float64).ravel()):
        made.regret = lost = regret(seen, made.better)
        cells = [f"{one[0]} world {one[1]} draw {one[2]}" for one in lost.columns.to_list()]
        made.tables["regret"] = lost.set_axis(cells, axis=1).reset_index(names="arm")
    else:
        count = seen.shape[1]
        made.notes.append(Note("no regret: all arms do alike in all {count} worlds", count=count))
    _discover(made, seen)


def costs_of(study: Study) -> CostDifferences:
    """What the levers of each arm cost a year, in each world, with the ends of its range."""
    return CostDifferences(
        *(e.paired_differences(e.levels(study, name)) for name in (COST, LOW, HIGH))
    )


def _discover(made: Answer, seen: pd.DataFrame) -> None:
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
        arm, why = partial(arm_in, made.best), error.args[0]
        made.notes.append(Note("scenario discovery for {arm}: {why}", arm=arm, why=why))
        return
    made.tables["discovery"] = box


def _follow_flows(made: Answer) -> None:
    """How flows change under the best arms."""
    if not made.study.settings["study"]["flows"]:
        made.notes.append(Note("no flow figure: the study ran with study.flows=false"))
        return
    for arm in main_rows(made.comparison, made.outcome)["arm"][:3]:
        frame = e.flow_changes(made.study, arm)
        if not frame.empty:
            made.tables[f"flows_{file_name(arm)}"] = frame
            made.flow_arms.append(str(arm))
