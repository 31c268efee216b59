"""Levers that act on what employers ask act on the conditions of posts, where there are any."""

from __future__ import annotations

from functools import cache

import hand_policy as hand
import numpy as np
import pytest
from hand_policy import HBO_EAST, WO_EAST
from lever_worlds import baseline, results, same, without_strength, world

from hesim import categories as c
from hesim.levers.market import act_on_market
from hesim.model.higher_education import HigherEducation
from hesim.model.requirements import (
    DUTCH,
    PRACTICE,
    RESEARCH,
    TEACHING_COUNTS,
    Background,
    unmet,
)
from hesim.record.replication import Replication

pytestmark = pytest.mark.once

ASKING = (
    "model.requirements.asked.practice.lecturer=0.6",
    "model.requirements.asked.certificate.lecturer=0.3",
    "model.requirements.asked.research.university_lecturer=0.9",
    "model.requirements.asked.research.other_academic=0.9",
    "model.requirements.asked.dutch.lecturer=0.9",
)
ADVERTISED = ("model.vacancies.direct.hbo=0", "model.vacancies.direct.wo=0")
"""All posts are advertised, so that some stand open at the end of a month."""
LEVERS = ("abolish_binary", "strategic_recruitment", "teaching_recognition", "practice_placement")


@cache
def asking() -> Replication:
    return results(more=ASKING)


def test_conditions_tell() -> None:
    assert not same(asking(), baseline())


@pytest.mark.parametrize("key", LEVERS)
def test_strength_zero_is_the_world_with_conditions(key: str) -> None:
    assert same(results(key, more=(*ASKING, *without_strength(key))), asking())


def new_posts(model: HigherEducation) -> np.ndarray:
    """Rows of the posts that were opened with the lever at work."""
    v = model.market.vacancies
    return np.flatnonzero(v.opened[: model.market.open_count] >= 1)


def started(*words: str) -> tuple[str, ...]:
    """A lever from the first month on, with its dials."""
    key = words[0]
    return (f"levers.{key}.start='2013-07'", *(f"levers.{key}.{word}" for word in words[1:]))


def after(*words: str, asks: tuple[str, ...] = ASKING) -> HigherEducation:
    """A world after eight months of a lever, or of none."""
    return world(*words[:1], more=(*asks, *(started(*words) if words else ())), months=11)


def test_less_asked_is_asked_of_fewer_new_posts_and_dutch_of_as_many() -> None:
    for words in (
        ("abolish_binary", "ramp=0", "requirements=1"),
        ("strategic_recruitment", "ramp=0", "less_practice=1"),
    ):
        model = after(*words, asks=(*ASKING, *ADVERTISED))
        v = model.market.vacancies
        young = new_posts(model)
        asks = v.asks[young][model.employers.sector[v.employer[young]] == c.HBO]
        assert asks.size and not np.any(asks & ~np.uint8(DUTCH)), words
        assert np.any(asks & DUTCH), words
    usual = after(asks=(*ASKING, *ADVERTISED))
    asks = usual.market.vacancies.asks[: usual.market.open_count]
    assert np.any(asks & PRACTICE) and np.any(asks & RESEARCH)
    assert not np.any(asks & TEACHING_COUNTS)


def test_recognised_teaching_stands_for_the_record_in_wo() -> None:
    model = after("teaching_recognition", "ramp=0", "teaching=1")
    v = model.market.vacancies
    asks = v.asks[new_posts(model)]
    record = asks & RESEARCH > 0
    assert np.any(record)
    assert np.array_equal(asks & TEACHING_COUNTS > 0, record)
    # A master who teaches at a hogeschool: no record, but perhaps a certificate.
    met = model.rates.hiring.thresholds._replace(certified=1.0)
    teacher = Background(np.uint64(7), c.MASTER, c.LECTURER, 0, 30)
    key = model.streams.requirement
    assert unmet(RESEARCH, teacher, met, key) == RESEARCH
    assert unmet(RESEARCH | TEACHING_COUNTS, teacher, met, key) == 0


def test_a_placement_gives_the_practice_that_is_asked() -> None:
    words = ("practice_placement", "practice=24", "reach.share=1")

    def lacking(model: HigherEducation) -> int:
        p, met = model.persons, model.rates.hiring.thresholds
        rows = np.flatnonzero((p.present == 1) & (p.role == c.POSTDOC))
        return int(np.sum(p.practice[rows] < met.practice))

    asks = (*ASKING, "model.requirements.practice=1")
    assert lacking(after(*words, asks=asks)) < 0.8 * lacking(after(asks=asks))


def test_teaching_is_recognised_where_the_lever_acts_and_levers_add_up() -> None:
    of = hand.model()
    where = hand.area(WO_EAST, HBO_EAST, roles=(c.UNIVERSITY_LECTURER,))
    found = act_on_market(of, where, {"ranking": {"teaching": 0.4}}, hand.nothing(of))
    assert found.ranking.teaching[WO_EAST] == pytest.approx(0.4)
    assert np.count_nonzero(found.ranking.teaching) == 1
    twice = act_on_market(of, where, {"ranking": {"teaching": 0.5}}, found)
    assert twice.ranking.teaching[WO_EAST] == pytest.approx(0.7)
