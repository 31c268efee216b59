"""Make the pictures of each page from a scene."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.app import measures
from hesim.app.lever_words import lever_heading
from hesim.app.outcomes import FOLLOWED
from hesim.app.pictures.svg import Picture
from hesim.app.scene import Reported, Scene
from hesim.app.words import Words
from hesim.charts.chart import Chart
from hesim.charts.level import Level, level
from hesim.charts.series import MonthAxis, Subject, paired_series_chart, series_chart
from hesim.charts.staff import staff_chart
from hesim.levers.arms import BASELINE, POLICY
from hesim.outcomes.registry import OUTCOMES
from hesim.survey.margins import MARGINS

BY_YEAR = tuple(name for name in OUTCOMES if name not in FOLLOWED)
"""Outcomes that are known by calendar year only."""
HEADLINE = (
    "wo_to_hbo",
    "hbo_to_wo",
    "hbo_inflow_from_wo",
    "hbo_phd_share",
    "turnover_wo",
    "turnover_hbo",
)
MARKET: dict[str, Callable[[measures.MarketHistory, float], NDArray[np.float64]]] = {
    "market_open": lambda m, scale: m.open / scale,
    "market_filled": lambda m, scale: measures.a_year(m.filled) / scale,
    "market_withdrawn": lambda m, scale: measures.a_year(m.withdrawn) / scale,
    "market_waited": lambda m, scale: m.waited,
}
"""Pictures of the vacancy market, each with its values by month and sector at full scale."""


WAYS = ("as_difference", "side_by_side")
"""How two worlds are compared."""


@dataclass(frozen=True)
class Plan:
    """A picture that can be made.

    Each is made on its own, so that one that fails leaves the others alone.

    Attributes:
        name: Key of its title among the words, and its name on the page.
        make: Makes it.
    """

    name: str
    make: Callable[[], Picture | Chart]


LABELS = ("baseline", "policy", "hbo", "wo", "difference")
"""Lines and bars that have words of their own."""


def subject(words: Words, name: str, bands: Sequence[str] = ()) -> Subject:
    """What a chart is of, in words.

    Args:
        words: Language.
        name: Key of its title, its unit and the sentence that says why there is no figure.
        bands: Names of bands or categories that need words.
    """
    unit = words(f"unit_{name}") if not bands else words("percent_of_staff")
    other = words("no_figure_staff" if bands else "no_figure_other")
    missing = words.known(f"no_figure_{name}", other)
    return Subject(name, words(name), unit, missing, {k: words(k) for k in (*LABELS, *bands)})


def axis(scene: Scene) -> MonthAxis:
    """The months of the run."""
    now = scene.snapshot
    begun = {month: _begun(keys, scene.words) for month, keys in now.begun.items()}
    return MonthAxis(now.horizon, scene.first, now.changes, begun)


def _begun(keys: Sequence[str], words: Words) -> str:
    """What begins in a month: the lever's title, or how many there are."""
    if len(keys) > 1:
        return words("many_levers", count=len(keys))
    return lever_heading(keys[0], words)


def by_month(
    scene: Scene,
    name: str,
    lines: Mapping[str, Sequence[NDArray[np.float64]]],
    report: Reported | None = None,
    points: Mapping[str, Level] | None = None,
) -> Chart:
    """The chart of something by month, or of a value a year; see `series_chart`."""
    words = scene.words
    return series_chart(
        subject(words, name), lines, axis(scene), words.phrases, report, points, scene.grade
    )


def of_staff(
    words: Words,
    name: str,
    bands: Sequence[str],
    staff_counts: Mapping[str, Sequence[NDArray[np.float64]]],
    note: str = "",
) -> Chart:
    """The chart of staff by band; see `staff_chart`."""
    return staff_chart(subject(words, name, bands), bands, staff_counts, words.phrases, note)


def followed(scene: Scene, arm: str, name: str) -> list[NDArray[np.float64]]:
    """An outcome by month up to the month looked at, of each replication of an arm."""
    now, chosen = scene.snapshot, scene.view.chosen
    return [one.follower.series(chosen, now.scale)[name][: scene.month] for one in now.all(arm)]


def outcomes(scene: Scene) -> list[Plan]:
    """One picture for each outcome; those known by calendar year once a year is whole."""
    plans = [Plan(name, partial(_outcome, scene, name)) for name in FOLLOWED]
    if scene.view.chosen.everything:
        for name in BY_YEAR:
            points = {arm: _of_years(scene, arm, name) for arm in scene.snapshot.arms}
            if not any(each.mean.size for each in points.values()):
                continue
            if OUTCOMES[name].of_levers and not any(each.mean.any() for each in points.values()):
                continue
            plans.append(Plan(name, partial(_yearly, scene, name, points)))
    return plans


def _outcome(scene: Scene, name: str) -> Chart:
    arms = {arm: followed(scene, arm, name) for arm in scene.snapshot.arms}
    # The report's figures are of everybody: they do not stand beside a part.
    report = scene.report(name) if scene.view.chosen.everything else None
    return by_month(scene, name, arms, report=report)


def _of_years(scene: Scene, arm: str, name: str) -> Level:
    """An outcome of the calendar years that are whole, over all replications."""
    now, years = scene.snapshot, scene.month // 12
    if arm in now.summaries:
        known = now.summaries[arm].get(name)
        return level([np.zeros(0)]) if known is None else known.part(slice(years))
    divisor = OUTCOMES[name].divisor(now.scale)
    values = [one.record.yearly().get(name, np.zeros(0)) / divisor for one in now.all(arm)]
    years = min([years, *(each.size for each in values)])
    return level([each[:years] for each in values])


def _yearly(scene: Scene, name: str, points: dict[str, Level]) -> Chart:
    return by_month(scene, name, {}, points=points)


def difference_plans(scene: Scene) -> list[Plan]:
    """Policy less baseline for the main outcomes, paired by replication."""
    if POLICY not in scene.snapshot.arms:
        return []
    return [Plan(name, partial(_difference, scene, name)) for name in HEADLINE]


def _difference(scene: Scene, name: str) -> Chart:
    # Replications arrive one by one: a pair counts when both of its arms are there.
    pairs = zip(followed(scene, POLICY, name), followed(scene, BASELINE, name), strict=False)
    words, of = scene.words, subject(scene.words, name)
    title = f"{of.title}: {words('difference_of_arms')}"
    return paired_series_chart(
        replace(of, name=f"{name}_difference", title=title),
        [policy - base for policy, base in pairs],
        axis(scene),
        words.phrases,
        scene.grade,
    )


def staff(scene: Scene) -> list[Plan]:
    """Shares of staff by age, contract, hours (where known), field, role and education."""
    known = MARGINS if margins_known(scene) else ()
    plans = [Plan(name, partial(_margin, scene, name)) for name in known]
    return plans + [
        Plan(f"staff_{column}", partial(_staff, scene, column, bands))
        for column, bands in (
            ("field", c.FIELDS),
            ("role", c.ROLES[:7]),
            ("education", c.EDUCATION),
        )
    ]


def margins_known(scene: Scene) -> bool:
    """Whether age, contract and hours are known of any month."""
    arms = scene.snapshot.arms.values()
    return any(one.record.counted_month(scene.month - 1) is not None for one in arms)


def _margin(scene: Scene, name: str) -> Chart:
    counted = {}
    for arm in scene.snapshot.arms:
        many = []
        for one in scene.snapshot.all(arm):
            at = one.record.counted_month(scene.month - 1)
            values = (
                None if at is None else measures.margin(one.record, scene.view.chosen, at, name)
            )
            if values is not None:
                many.append(values.astype(float))
        if many:
            counted[arm] = many
    return of_staff(scene.words, name, MARGINS[name], counted, of_month(scene))


def _staff(scene: Scene, column: str, bands: tuple[str, ...]) -> Chart:
    now, chosen, month = scene.snapshot, scene.view.chosen, scene.month - 1
    by = {
        arm: [
            measures.staff_by(one.record, now.places, chosen, month, column)[:, : len(bands)]
            for one in now.all(arm)
        ]
        for arm in now.arms
    }
    return of_staff(scene.words, f"staff_{column}", bands, by)


def of_month(scene: Scene) -> str:
    """Says of which month age, contract and hours are, when not of the one looked at."""
    known = scene.snapshot.arms[BASELINE].record.counted_month(scene.month - 1)
    if known is None or known == scene.month - 1:
        return ""
    return scene.words("margins_of", month=scene.words.month(known, scene.first))


def market_plans(scene: Scene) -> list[Plan]:
    """The vacancy market, hbo and wo."""
    now = scene.snapshot

    @cache
    def of_arm(arm: str) -> list[measures.MarketHistory]:
        chosen = scene.view.chosen
        return [measures.market_history(one.record, now.places, chosen) for one in now.all(arm)]

    return [Plan(name, partial(_market, scene, name, of_arm)) for name in MARKET]


def _market(
    scene: Scene, name: str, of_arm: Callable[[str], list[measures.MarketHistory]]
) -> Chart:
    now, view = scene.snapshot, scene.view
    sectors = (view.chosen.sector,) if view.chosen.sector else c.SECTORS[:2]
    lines: dict[str, list[NDArray[np.float64]]] = {}
    for arm in now.arms:
        for one in of_arm(arm):
            values = MARKET[name](one, now.scale)
            for sector in sectors:
                line = sector if arm == BASELINE else f"{sector} {arm}"
                column = values[: scene.month, c.SECTORS.index(sector)]
                lines.setdefault(line, []).append(column)
    return by_month(scene, name, lines)
