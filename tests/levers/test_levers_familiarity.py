"""Levers that make hbo and wo known act on who thinks of them."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from lever_worlds import results, same, without_strength, world

from hesim import categories as c
from hesim.model import visibility
from hesim.model.higher_education import HigherEducation
from hesim.model.policy import no_effects
from hesim.record.replication import Replication

pytestmark = pytest.mark.once

UNCALIBRATED = ("calibration=none",)
TELLING = (
    "meet_and_greet",
    "career_event",
    "taster_placement",
    "guest_lectures",
    "phd_premium_share",
)
OPENING = {"abolish_binary": "familiarity=0.5", "industry_links": "considered=0.1"}
SENDING = {
    "secondment": "volunteers=0.2",
    "joint_appointment": "offers=0.3",
    "job_swap": "volunteers=0.2",
}
"""Each with many who take part, as the worlds are small."""
START = "2011-01"


@cache
def baseline() -> Replication:
    return results(more=UNCALIBRATED)


def acting(key: str, *others: str) -> HigherEducation:
    more = (*UNCALIBRATED, *others, f"levers.{key}.start={START}", f"levers.{key}.ramp=0")
    small = ("population.scale=0.02", "years=2", "burn_in=0", "start=2011-01")
    return world(key, more=more, months=9, small=small)


@pytest.mark.parametrize("key", (*TELLING, *OPENING, *SENDING))
def test_strength_zero_is_the_baseline(key: str) -> None:
    assert same(results(key, more=(*UNCALIBRATED, *without_strength(key))), baseline())


@pytest.mark.parametrize("key", TELLING)
def test_who_is_told_of_a_sector_thinks_of_it_sooner(key: str) -> None:
    model = acting(key)
    told = np.flatnonzero((model.persons.present == 1) & (model.persons.awareness > 0.0))
    assert told.size
    rates = model.rates.search.familiarity
    rule = visibility.chance_by_biography.py_func
    for awareness in model.persons.awareness[told[:20]].tolist():
        who = visibility.Viewer(np.uint64(1), 0, 1, 1, True, True, 0, awareness, 0, 0.0, 0.0, 1.0)
        assert rule(who, 0, 0.5, rates) > rule(who._replace(awareness=0.0), 0, 0.5, rates)


@pytest.mark.parametrize("key", OPENING)
def test_what_does_not_come_to_mind_shrinks(key: str) -> None:
    model = acting(key, f"levers.{key}.{OPENING[key]}")
    nothing = no_effects(model.state.demand.first.shape, model.rates.push_items.heading)
    known = model.effects.frictions.known
    assert known.max() > 0.0 and not nothing.frictions.known.any()


def test_ties_with_firms_open_no_gate_between_hbo_and_wo_by_themselves() -> None:
    frictions = acting("industry_links").effects.frictions
    assert frictions.outside_left.min() < 1.0
    assert not frictions.known.any()


@pytest.mark.parametrize("key", SENDING)
def test_who_is_sent_has_worked_there(key: str) -> None:
    model = acting(key, f"levers.{key}.{SENDING[key]}")
    plain = acting("single_cao", "levers.single_cao.strength=0")

    def across(of: HigherEducation) -> int:
        p, sector = of.persons, of.employers.sector
        staff = (p.present == 1) & (p.employer >= 0) & (sector[p.employer] <= c.WO)
        other = 1 - sector[p.employer[staff]]
        return int(np.sum(p.past[staff].astype(np.int64) >> 2 + other & 1))

    assert across(model) > across(plain)
    # Having worked there is what lasts; nobody is aware of a sector by it once more.
    assert not model.persons.awareness.any()
