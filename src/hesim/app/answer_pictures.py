"""Make the charts of the answer: the recorded baseline, and the difference of two scenarios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from hesim.app.facts import own_version
from hesim.app.gallery import HEADLINE, Plan, subject
from hesim.app.pictures import sankey
from hesim.app.pictures.svg import Picture
from hesim.charts.chart import Chart
from hesim.charts.differences import differences_chart
from hesim.charts.level import Level
from hesim.charts.series import MonthAxis, series_chart
from hesim.levers.arms import BASELINE

if TYPE_CHECKING:
    from hesim.app.quick_answer import QuickAnswer
    from hesim.app.recorded_baseline import RecordedBaseline
    from hesim.app.words import Words
    from hesim.charts.table_file import Facts


def difference_chart(
    answer: QuickAnswer, title: str, small: str, known_within: int, words: Words
) -> Chart:
    """The difference of two scenarios by year, as runs and reports chart it, in one language.

    Args:
        answer: The comparison.
        title: What is compared.
        small: What the figures rest on.
        known_within: `survey.job_known_within`, to say what a crossing is.
        words: Language.
    """
    grade = str(answer.mean(HEADLINE[0])["grade"])
    chart = differences_chart(answer.rows, (), grade, known_within, answer.scale)
    panels = tuple(
        replace(panel, title=words(panel.name), y=replace(panel.y, title=words.unit(panel.y.title)))
        for panel in chart.panels
    )
    intervals = tuple(replace(one, meaning=words("band")) for one in chart.intervals)
    return replace(chart, title=title, panels=panels, small=small, text=title, intervals=intervals)


def baseline_plans(baseline: RecordedBaseline, words: Words) -> list[Plan]:
    """The recorded baseline: headline outcomes by year, and the flows between sectors."""
    plans = [Plan(name, partial(_by_year, baseline, name, words)) for name in HEADLINE]
    return [*plans, Plan("sankey", partial(_flows, baseline, words))]


def _by_year(baseline: RecordedBaseline, name: str, words: Words) -> Chart:
    facts = baseline.facts
    axis = MonthAxis(12 * int(facts["years"]), str(facts["start"]))
    points = {BASELINE: level_of(baseline.by_year(name))}
    return series_chart(subject(words, name), {}, axis, words.phrases, points=points)


def _flows(baseline: RecordedBaseline, words: Words) -> Picture:
    first, last = baseline.years
    period = words("recorded_flows", first=first, last=last)
    return sankey.draw(list(baseline.flows), 1.0, words, period)


def level_of(rows: Sequence[Mapping[str, Any]]) -> Level:
    """Rows of one outcome by year as means with their intervals."""
    columns = [
        np.array([np.nan if row[key] is None else row[key] for row in rows], np.float64)
        for key in ("mean", "low", "high")
    ]
    runs = np.array([int(row["replications"]) for row in rows], np.int64)
    # As everywhere on the page, intervals of levels end at 0.
    return Level(columns[0], np.maximum(columns[1], 0.0), columns[2], runs)


def baseline_facts(baseline: RecordedBaseline) -> Facts:
    """Of which run the charts of the recorded baseline are."""
    facts, (first, last) = baseline.facts, baseline.years
    return {
        "run": "recorded baseline",
        "seed": str(facts["seed"]),
        "months": f"{first}-01 to {last}-12",
        "scenario": BASELINE,
        "scale": f"{facts['scale']:g}",
        "calibration": str(facts["calibration"]),
        "grade": "none",
        "hesim": own_version(),
    }


def answer_facts(answer: QuickAnswer, usual: Facts, first: int, names: Sequence[str]) -> Facts:
    """Of which runs the charts of an answer are.

    Args:
        answer: The comparison.
        usual: Facts of the visitor's run.
        first: First simulated year.
        names: The open scenario, and the one that it is compared with.
    """
    own = {
        "run": f"{answer.runs} pairs",
        "months": f"{first}-01 to {answer.years[1]}-12",
        "scenario": " less ".join(names),
        "scale": f"{answer.scale:g}",
    }
    return {**usual, **own}
