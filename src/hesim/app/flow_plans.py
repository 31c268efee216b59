"""Plan the pictures of flows: what the policy changes, or each world by itself."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.app import measures
from hesim.app.chart_language import chart_in
from hesim.app.gallery import WAYS, Plan
from hesim.app.pictures import flow_changes, map_changes, netherlands, sankey
from hesim.app.pictures.svg import Picture
from hesim.app.scene import Scene
from hesim.app.speakers import speaker
from hesim.charts.level import level
from hesim.charts.sankey import PLACES, sankey_chart
from hesim.levers.arms import BASELINE, POLICY
from hesim.record.reader import Record


def flows(scene: Scene, known_within: int, way: str = WAYS[0]) -> list[Plan]:
    """Map and ribbons: with a policy their differences, or those of each world.

    Args:
        scene: What they are made from.
        known_within: `survey.job_known_within`, to say what a crossing is.
        way: One of `WAYS`.
    """
    if POLICY in scene.snapshot.arms and way == WAYS[0]:
        return [
            Plan("map", partial(_map_change, scene)),
            Plan("sankey", partial(_flow_change, scene, known_within)),
        ]
    plans = []
    for arm in scene.snapshot.arms:
        plans.append(Plan("map", partial(_map, scene, arm)))
        plans.append(Plan("sankey", partial(_sankey, scene, arm)))
    return plans


def _period(scene: Scene) -> str:
    """The period of the flows in words."""
    words, (start, stop) = scene.words, scene.period()
    first, last = (words.month(month, scene.first) for month in (start, stop - 1))
    return first if first == last else words("period_in_words", first=first, last=last)


def _head(scene: Scene, arm: str) -> str:
    """The period of the flows, with the arm where there are two."""
    period = _period(scene)
    return period if len(scene.snapshot.arms) == 1 else f"{scene.named(arm)}, {period}"


def _change_head(scene: Scene) -> str:
    """What is compared, with what the effect rests on, and the period."""
    return f"{scene.words('difference_of_arms')} ({scene.grade}), {_period(scene)}"


def _map(scene: Scene, arm: str) -> Picture:
    now, chosen = scene.snapshot, scene.view.chosen
    places, records = now.places, [one.record for one in now.all(arm)]
    staff = [
        measures.staff_by_institution(each, places, chosen, scene.month - 1) for each in records
    ]
    moves = measures.flow_lines(records, places, chosen, *scene.period())
    return netherlands.draw(
        places,
        scene.circles(),
        staff,
        moves,
        now.scale,
        scene.words,
        _head(scene, arm),
        scene.view.institution,
    )


def _sankey(scene: Scene, arm: str) -> Picture:
    now, chosen, (start, stop) = scene.snapshot, scene.view.chosen, scene.period()
    counts = [
        measures.origin_destination(one.record, now.places, chosen, start, stop)
        for one in now.all(arm)
    ]
    return sankey.draw(counts, now.scale, scene.words, _head(scene, arm))


def _pairs(scene: Scene) -> list[tuple[Record, Record]]:
    """Records of policy and baseline; a pair counts when both of its runs are there."""
    now = scene.snapshot
    pairs = zip(now.all(POLICY), now.all(BASELINE), strict=False)
    return [(policy.record, base.record) for policy, base in pairs]


def _map_change(scene: Scene) -> Picture:
    now, chosen, pairs = scene.snapshot, scene.view.chosen, _pairs(scene)
    places = now.places
    staff = [
        [
            np.asarray(measures.staff_by_institution(each, places, chosen, scene.month - 1))
            for each in pair
        ]
        for pair in pairs
    ]
    policy, base = (
        measures.counted_moves([pair[k] for pair in pairs], places, chosen, *scene.period())
        for k in (0, 1)
    )
    found = map_changes.MapChange(
        [before for _, before in staff],
        [after - before for after, before in staff],
        measures.largest_lines(policy - base, places),
    )
    return map_changes.draw(
        places,
        scene.circles(),
        found,
        now.scale,
        scene.words,
        _change_head(scene),
        scene.view.institution,
    )


def _flow_change(scene: Scene, known_within: int) -> Picture:
    now, chosen, (start, stop) = scene.snapshot, scene.view.chosen, scene.period()
    words = scene.words
    many = [
        by_place(
            np.subtract(
                *(
                    measures.origin_destination(each, now.places, chosen, start, stop)
                    for each in pair
                )
            )
            / now.scale
        )
        for pair in _pairs(scene)
    ]
    chart = sankey_chart(
        change_rows(many),
        _change_head(scene),
        known_within,
        words.phrases.runs([len(many)]),
        speaker(words),
        yearly=False,
    )
    return flow_changes.draw(chart_in(chart, (), words), words)


def by_place(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Persons by `measures.ORIGINS` and sectors, by the places of charts of changes.

    Args:
        matrix: Shape (origins, sectors).

    Returns:
        Shape (places, places); moves that neither hbo nor wo takes part in are left out.
    """
    counted = sankey.touching(matrix)
    made = np.zeros((len(PLACES), len(PLACES)))
    for row, origin in enumerate(measures.ORIGINS):
        for column, sector in enumerate(c.SECTORS):
            made[place_of(origin), place_of(sector)] += counted[row, column]
    return made


def place_of(name: str) -> int:
    """Number of the place that a sector or an origin belongs to."""
    return PLACES.index(name if name in PLACES else "elsewhere")


def change_rows(many: list[NDArray[np.float64]]) -> list[dict[str, object]]:
    """Changes by origin and destination, with intervals over pairs of runs.

    Args:
        many: What changes in each pair, by place.
    """
    found = level(many, below_zero=True)
    rows: list[dict[str, object]] = []
    for at in zip(*np.nonzero(np.abs(np.stack(many)).sum(axis=0)), strict=True):
        ends = (float(each[at]) for each in found[:3])
        mean, low, high = (None if end != end else end for end in ends)
        origin, destination = (PLACES[int(k)] for k in at)
        rows.append(
            {"origin": origin, "destination": destination, "mean": mean, "low": low, "high": high}
        )
    return rows
