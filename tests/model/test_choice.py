"""What jobs are worth and what a change costs, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from hesim import categories as c
from hesim.model import choice
from hesim.model.choice import (
    ChoiceRates,
    Costs,
    Mover,
    Offer,
    OfferParts,
    Present,
    PresentParts,
    value_of_headings,
)

HBO, WO, OUTSIDE, NO_JOB = 0, 1, 2, 3
COSTS = Costs(
    distance=0.5,
    sector=2.0,
    outside=3.0,
    contract=1.5,
    prospect_risk=0.4,
    hours=0.8,
    stay=0.3,
    full_week=40.0,
)
SECURITY = np.array([0.1, 0.2, 0.7, 0.4])
SCALE = np.array([2.0, 3.0, 5.0])
RATES = ChoiceRates(
    value=np.zeros((1, 1, 5)),
    security=SECURITY,
    scale=SCALE,
    costs=COSTS,
    push=0.25,
    ending=1.1,
    jobless=9.0,
    taste_sd=0.2,
)
PERMANENT, PROSPECT = c.PERMANENT, c.WITH_PROSPECT
OTHER = next(k for k in range(3) if k not in (PERMANENT, PROSPECT))


def as_columns(facts: dict[str, object]) -> dict[str, object]:
    """Codes as NumPy's numbers, as they come out of columns."""
    return {name: np.int64(x) if isinstance(x, int) else x for name, x in facts.items()}


def someone(**facts: object) -> Mover:
    ordinary = {
        "kind": HBO,
        "origin": HBO,
        "contract": OTHER,
        "hours": 40,
        "outlook": 0.6,
        "pool": -1,
        "sector_left": 1.0,
        "outside_left": 1.0,
    }
    return Mover(**as_columns({**ordinary, **facts}))


def offer(who: Mover, **facts: object) -> OfferParts:
    ordinary = {
        "kind": HBO,
        "contract": OTHER,
        "hours": 40,
        "km": 0.0,
        "offers": 1.0,
        "pool": -1,
        "sector_left": 1.0,
        "outside_left": 1.0,
    }
    new = Offer(**as_columns({**ordinary, **facts}))
    return choice.offer_parts.py_func(who, new, SECURITY, SCALE, COSTS)


def test_the_codes_are_those_of_the_test() -> None:
    assert (choice.HBO, choice.WO, choice.OUTSIDE, choice.NO_JOB) == (HBO, WO, OUTSIDE, NO_JOB)


def test_a_job_is_worth_its_headings_and_contract_less_what_bothers() -> None:
    now = Present(np.int64(WO), np.int64(PERMANENT), True, 3, 0.05, 100.0, 1.3)
    parts = choice.present_parts.py_func(now, RATES)
    assert parts == PresentParts(1.3, SECURITY[PERMANENT], 3.0, 1.0, 0.75, 1.1, 0.05, 0.0)
    by_hand = 3.0 * (SECURITY[PERMANENT] + 1.3) - 1.0 - 0.75 - 1.1 + 0.05
    assert choice.worth.py_func(parts) == pytest.approx(by_hand)


def test_a_job_that_goes_on_loses_nothing_for_its_end() -> None:
    parts = choice.present_parts.py_func(Present(HBO, OTHER, False, 0, 0.0, 25.0, 1.0), RATES)
    assert parts == PresentParts(1.0, SECURITY[OTHER], 2.0, 0.25, 0.0, 0.0, 0.0, 0.0)


def test_no_job_is_worth_its_loss_alone() -> None:
    parts = choice.present_parts.py_func(
        Present(np.int64(NO_JOB), PERMANENT, True, 4, 1.0, 80.0, 2.0), RATES
    )
    assert parts == PresentParts(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 9.0)
    assert choice.worth.py_func(parts) == -9.0


def test_a_new_job_of_the_same_kind_costs_the_change_alone() -> None:
    parts = offer(someone(), km=50.0)
    assert parts == OfferParts(1.0, SECURITY[OTHER], 2.0, 0.5, 0.3, 0.0, 0.0, 0.0, 0.0, 0.0)
    assert choice.value_of_job.py_func(parts) == pytest.approx(2.0 * (SECURITY[OTHER] + 1.0) - 0.5)


@pytest.mark.parametrize(
    ("own", "theirs", "sector", "outside", "outlook"),
    [
        (HBO, WO, 2.0, 0.0, 0.6),
        (WO, HBO, 2.0, 0.0, 0.6),
        (HBO, OUTSIDE, 0.0, 3.0, 0.0),
        (OUTSIDE, HBO, 0.0, 3.0, 0.0),
        (WO, OUTSIDE, 0.0, 3.0, 0.0),
        (OUTSIDE, WO, 0.0, 3.0, 0.0),
        (HBO, HBO, 0.0, 0.0, 0.0),
        (WO, WO, 0.0, 0.0, 0.0),
        (OUTSIDE, OUTSIDE, 0.0, 0.0, 0.0),
    ],
)
def test_a_step_costs_by_where_it_leads(
    own: int, theirs: int, sector: float, outside: float, outlook: float
) -> None:
    parts = offer(someone(kind=own, origin=own), kind=theirs)
    assert (parts.sector, parts.outside, parts.outlook) == (sector, outside, outlook)
    assert (parts.change, parts.scale) == (0.3, SCALE[theirs])


@pytest.mark.parametrize(("own", "theirs", "left"), [(0.2, 0.7, 0.7), (0.9, 0.1, 0.9)])
def test_of_two_shares_of_a_cost_the_larger_counts(own: float, theirs: float, left: float) -> None:
    crossing = offer(someone(sector_left=own), kind=WO, sector_left=theirs)
    assert crossing.sector == pytest.approx(2.0 * left)
    leaving = offer(someone(outside_left=own), kind=OUTSIDE, outside_left=theirs)
    assert leaving.outside == pytest.approx(3.0 * left)


def test_who_has_no_job_pays_what_the_other_sector_asks_and_has_an_outlook() -> None:
    who = someone(kind=NO_JOB, origin=WO, contract=PERMANENT, hours=8)
    parts = offer(who, kind=HBO)
    assert parts == OfferParts(1.0, SECURITY[OTHER], 2.0, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0, 0.6)


def test_giving_a_permanent_post_up_costs_less_with_prospect() -> None:
    who = someone(contract=PERMANENT)
    assert offer(who, contract=OTHER).contract == 1.5
    assert offer(who, contract=PROSPECT).contract == pytest.approx(0.6)
    assert offer(who, contract=PERMANENT).contract == 0.0
    assert offer(someone(contract=OTHER), contract=PROSPECT).contract == 0.0


@pytest.mark.parametrize(
    ("own", "theirs", "signed"), [(3, 3, True), (3, 2, False), (-1, -1, False)]
)
def test_a_common_employer_keeps_the_better_contract(own: int, theirs: int, signed: bool) -> None:
    parts = offer(someone(contract=PERMANENT, pool=own), contract=OTHER, pool=theirs)
    assert parts.security == SECURITY[min(PERMANENT, OTHER) if signed else OTHER]
    better = offer(someone(contract=OTHER, pool=own), contract=PERMANENT, pool=theirs)
    assert better.security == SECURITY[min(PERMANENT, OTHER) if signed else PERMANENT]


def test_other_hours_cost_both_ways() -> None:
    assert offer(someone(hours=40), hours=20).hours == pytest.approx(0.4)
    assert offer(someone(hours=20), hours=40).hours == pytest.approx(0.4)


def test_an_offer_adds_up_to_value_less_costs_and_outlook() -> None:
    parts = OfferParts(1.0, 0.5, 2.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
    assert choice.value_of_job.py_func(parts) == pytest.approx(2.9)
    assert choice.utility.py_func(parts) == pytest.approx(2.9 - 2.0 + 0.7)


def test_tastes_have_mean_one_and_the_spread_asked() -> None:
    seeds = choice.taste_moments(5, np.uint64(7))
    assert len(set(seeds.tolist())) == 5
    tastes = np.array([choice.taste.py_func(seeds[2], np.uint64(i), 0.3) for i in range(4000)])
    assert tastes.mean() == pytest.approx(1.0, abs=0.02)
    assert tastes.std() == pytest.approx(0.3, abs=0.01)
    assert np.ptp(tastes) <= 0.3 * np.sqrt(12.0)


@pytest.mark.parametrize("origin", [HBO, WO, OUTSIDE, NO_JOB])
@pytest.mark.parametrize("kind", [HBO, WO, OUTSIDE])
def test_who_has_no_job_owes_the_step_from_the_last_sector(kind: int, origin: int) -> None:
    """Nothing of what belongs to leaving a job, and only what the new employer leaves."""
    who = someone(kind=NO_JOB, origin=origin, sector_left=0.9, outside_left=0.9, hours=0)
    new = Offer(
        **as_columns(
            {
                "kind": kind,
                "contract": OTHER,
                "hours": 40,
                "km": 0.0,
                "offers": 1.0,
                "pool": -1,
                "sector_left": 0.5,
                "outside_left": 0.6,
            }
        )
    )
    parts = choice.offer_parts.py_func(who, new, SECURITY, SCALE, COSTS)
    crosses = {origin, kind} == {HBO, WO}
    steps_out = origin not in (kind, NO_JOB) and not crosses
    assert parts.sector == pytest.approx(2.0 * 0.5 if crosses else 0.0)
    assert parts.outside == pytest.approx(3.0 * 0.6 if steps_out else 0.0)
    assert (parts.change, parts.contract, parts.hours) == (0.0, 0.0, 0.0)


def test_what_a_job_offers_is_weighed_by_the_tastes_of_the_person() -> None:
    offers = np.zeros((2, 3, 2))
    offers[1, 2] = 3.0, -4.0
    assert value_of_headings(np.array([1.0, 0.5]), offers, 1, 2) == 1.0
    assert value_of_headings(np.array([2.0, 1.0]), offers, 1, 2) == 2.0
    assert value_of_headings(np.array([1.0, 0.5]), offers, 0, 2) == 0.0
