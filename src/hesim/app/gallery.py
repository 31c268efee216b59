"""Make the pictures of each page from what a visitor looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.app import measures
from hesim.app.outcomes import FOLLOWED
from hesim.app.pictures import bars, netherlands, sankey, series
from hesim.app.pictures.svg import Picture
from hesim.app.session import BASELINE, POLICY
from hesim.outcomes.registry import OUTCOMES
from hesim.survey.margins import MARGINS

if TYPE_CHECKING:
    from hesim.app.visit import Visit

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
STAFF_PICTURES = 6


def flows(visit: Visit) -> list[Picture]:
    """Map and ribbons, of the baseline and, where there is one, of the policy."""
    session, view, words = visit.session, visit.view.value, visit.words
    if session is None:
        return []
    start, stop = visit.period()
    first, last = (words.month(month, visit.first) for month in (start, stop - 1))
    period = first if first == last else words("period_in_words", first=first, last=last)
    made = []
    for arm in session.arms:
        record = session.arms[arm].record
        staff = measures.staff_by_institution(record, session.places, view.chosen, visit.month - 1)
        moves = measures.lines(record, session.places, view.chosen, start, stop)
        counts = [
            measures.origin_destination(one.record, session.places, view.chosen, start, stop)
            for one in session.all(arm)
        ]
        title = period if len(session.arms) == 1 else f"{visit.named(arm)}, {period}"
        made.append(
            netherlands.draw(
                session.places, visit.spread(), staff, moves, session.scale, words, title,
                view.institution,
            )
        )  # fmt: skip
        made.append(sankey.draw(counts, session.scale, words, title))
    return made


def axis(visit: Visit) -> series.Axis:
    """The months of the run."""
    assert visit.session is not None
    return series.Axis(visit.session.horizon, visit.first, tuple(sorted(visit.session.changes)))


def followed(visit: Visit, arm: str) -> dict[str, list[NDArray[np.float64]]]:
    """Each outcome by month up to the month looked at, of each replication of an arm."""
    session = visit.session
    assert session is not None
    found: dict[str, list[NDArray[np.float64]]] = {name: [] for name in FOLLOWED}
    for one in session.all(arm):
        for name, values in one.follower.series(visit.view.value.chosen, session.scale).items():
            found[name].append(values[: visit.month])
    return found


def outcomes(visit: Visit) -> list[Picture]:
    """One picture for each outcome."""
    session, words = visit.session, visit.words
    if session is None:
        return []
    known = {arm: followed(visit, arm) for arm in session.arms}
    made = [
        series.draw(
            name, {arm: known[arm][name] for arm in session.arms}, axis(visit), words,
            visit.reported(name), grade=visit.grade(),
        )
        for name in FOLLOWED
    ]  # fmt: skip
    if visit.view.value.chosen.everything:
        for name in BY_YEAR:
            points = {}
            for arm in session.arms:
                values = session.arms[arm].record.yearly().get(name, np.zeros(0))
                values = values / OUTCOMES[name].divisor(session.scale)
                points[arm] = values[: visit.month // 12]
            if OUTCOMES[name].of_levers and not any(values.any() for values in points.values()):
                continue
            made.append(
                series.draw(name, {}, axis(visit), words, points=points, grade=visit.grade())
            )
    return made


def differences(visit: Visit) -> list[Picture]:
    """Policy less baseline for the main outcomes, paired by replication."""
    session, words = visit.session, visit.words
    if session is None or POLICY not in session.arms:
        return []
    base, policy = followed(visit, BASELINE), followed(visit, POLICY)
    pairs = min(len(base[FOLLOWED[0]]), len(policy[FOLLOWED[0]]))
    return [
        series.difference(
            name, [policy[name][k] - base[name][k] for k in range(pairs)], axis(visit), words,
            visit.grade(),
        )
        for name in HEADLINE
    ]  # fmt: skip


def staff(visit: Visit) -> list[Picture]:
    """Shares of staff by age, contract, hours (where known), field, role and education."""
    session, words, view = visit.session, visit.words, visit.view.value
    if session is None:
        return []
    month = visit.month - 1
    visit.learn()
    known = {arm: one.record.counted(month) for arm, one in session.arms.items()}
    made = []
    for name, bands in MARGINS.items():
        counted = {
            arm: measures.margin(one.record, view.chosen, at, name)
            for arm, one in session.arms.items()
            if (at := known[arm]) is not None
        }
        whole = {arm: values.astype(float) for arm, values in counted.items() if values is not None}
        if whole:
            made.append(bars.draw(name, bands, whole, words, note=of_month(visit)))
    for column, bands in (
        ("field", c.FIELDS), ("role", c.ROLES[:7]), ("education", c.EDUCATION),
    ):  # fmt: skip
        by = {
            arm: measures.staff_by(one.record, session.places, view.chosen, month, column)
            for arm, one in session.arms.items()
        }
        shown = {arm: values[:, : len(bands)] for arm, values in by.items()}
        made.append(bars.draw(f"staff_{column}", bands, shown, words))
    return made


def of_month(visit: Visit) -> str:
    """Says of which month age, contract and hours are, when not of the one looked at."""
    assert visit.session is not None
    known = visit.session.arms[BASELINE].record.counted(visit.month - 1)
    if known is None or known == visit.month - 1:
        return ""
    return visit.words("margins_of", month=visit.words.month(known, visit.first))


def market(visit: Visit) -> list[Picture]:
    """The vacancy market, hbo and wo."""
    session, words, view = visit.session, visit.words, visit.view.value
    if session is None:
        return []
    lines: dict[str, dict[str, list[NDArray[np.float64]]]] = {}
    sectors = (view.chosen.sector,) if view.chosen.sector else c.SECTORS[:2]
    for arm in session.arms:
        for one in session.all(arm):
            m = measures.market(one.record, session.places, view.chosen)
            year = {
                "market_open": m.open / session.scale,
                "market_filled": measures.a_year(m.filled) / session.scale,
                "market_withdrawn": measures.a_year(m.withdrawn) / session.scale,
                "market_waited": m.waited,
            }
            for name, values in year.items():
                for sector in sectors:
                    line = sector if arm == BASELINE else f"{sector} {arm}"
                    column = values[: visit.month, c.SECTORS.index(sector)]
                    lines.setdefault(name, {}).setdefault(line, []).append(column)
    return [
        series.draw(name, many, axis(visit), words, grade=visit.grade())
        for name, many in lines.items()
    ]
