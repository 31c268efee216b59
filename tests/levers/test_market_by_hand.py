"""What a lever's dials change of the market, worked out by hand."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import hand_policy as hand
import numpy as np
import pytest
from hand_policy import FIRM, FIRM_WEST, HBO_EAST, HBO_EAST_2, HBO_WEST, WO_EAST, WO_EAST_2, WO_WEST

from hesim import categories as c
from hesim.levers import market
from hesim.levers.market import Exposure, act_on_market, aligned_pay, exposure, holders, promote
from hesim.levers.reach import Area
from hesim.model.items import HEADINGS
from hesim.model.policy import Effects

ALL_HBO, ALL_WO = (HBO_EAST, HBO_EAST_2, HBO_WEST), (WO_EAST, WO_EAST_2, WO_WEST)


def act(
    acting: dict[str, Any],
    where: Area | None = None,
    effects: Effects | None = None,
    of: Any = None,
) -> Effects:
    of = of or hand.model()
    return act_on_market(of, where or hand.area(), acting, effects or hand.nothing(of))


def at(values: Any, *places: int, other: float = 0.0) -> list[float]:
    """A list that has these values at these employers, and another elsewhere (none: the last)."""
    made = [other] * 9
    for place in places:
        made[place] = values
    return made


def test_a_barrier_shrinks_where_the_lever_acts_and_factors_multiply() -> None:
    dials = {"sector": 0.2, "outside": 0.4, "familiarity": 0.5, "requirements": 0.3}
    where = hand.area(HBO_EAST, FIRM)
    found = act({"barrier": dials}, where)
    assert found.frictions.sector_left == pytest.approx(at(0.8, HBO_EAST, FIRM, other=1.0))
    assert found.frictions.outside_left == pytest.approx(at(0.6, HBO_EAST, FIRM, other=1.0))
    assert found.frictions.known == pytest.approx(at(0.5, HBO_EAST, FIRM))
    assert found.ranking.asked == pytest.approx(at(0.7, HBO_EAST, FIRM, other=1.0)[:8])
    again = act({"barrier": dials}, where, found)
    assert again.frictions.sector_left == pytest.approx(at(0.64, HBO_EAST, FIRM, other=1.0))
    assert again.frictions.outside_left == pytest.approx(at(0.36, HBO_EAST, FIRM, other=1.0))
    assert again.frictions.known == pytest.approx(at(0.75, HBO_EAST, FIRM))
    assert again.ranking.asked == pytest.approx(at(0.49, HBO_EAST, FIRM, other=1.0)[:8])


def test_a_barrier_without_its_dials_is_as_it_was() -> None:
    found, null = act({"barrier": {}}), hand.nothing(hand.model())
    for mine, theirs in zip(found.frictions, null.frictions, strict=True):
        assert np.array_equal(mine, theirs)
    assert np.array_equal(found.ranking.asked, null.ranking.asked)


def test_an_employer_without_a_post_in_reach_is_outside() -> None:
    where = hand.area(HBO_EAST)
    where.cells[:] = False
    found = act({"barrier": {"sector": 0.2}}, where)
    assert np.all(found.frictions.sector_left == 1.0)


def test_offers_change_in_the_cells_in_reach() -> None:
    where = hand.area(HBO_EAST, roles=(c.LECTURER,), fields=(hand.LAW,))
    dials = {"full": 0.2, "part": 0.4, "prospect": 0.6}
    found = act({"offers": dials}, where)
    cell = (HBO_EAST, c.LECTURER, hand.LAW)
    for name, share in dials.items():
        column = getattr(found.offers, name)
        assert column[cell] == pytest.approx(share)
        assert column.sum() == pytest.approx(share)
    twice = act({"offers": dials}, where, found)
    assert twice.offers.full[cell] == pytest.approx(0.36)
    assert act({"offers": {}}).offers.full.sum() == 0.0


def test_people_start_to_search_sooner_by_role_and_look_ahead_by_employer() -> None:
    where = hand.area(WO_EAST, roles=(c.POSTDOC,))
    found = act({"search": {"start": 0.5, "ahead": 1.6}}, where)
    eager = np.ones((8, len(c.ROLES)))
    eager[WO_EAST, c.POSTDOC] = 1.5
    assert np.array_equal(found.drive.eager, eager)
    assert found.drive.ahead.tolist() == at(2, WO_EAST)[:8]
    again = act({"search": {"start": 0.5, "ahead": 1.0}}, where, found)
    assert again.drive.eager[WO_EAST, c.POSTDOC] == 2.25
    assert again.drive.ahead.tolist() == at(3, WO_EAST)[:8]
    null = act({"search": {}})
    assert np.all(null.drive.eager == 1.0) and not null.drive.ahead.any()


def test_newcomers_are_anchored_for_the_months_of_each_lever() -> None:
    one = act({"retention": {"early": 0.5, "months": 2.0}}, hand.area(HBO_EAST, WO_EAST))
    assert one.drive.anchored.shape == (8, 2)
    assert one.drive.anchored[[HBO_EAST, WO_EAST]].tolist() == [[0.5, 0.5]] * 2
    assert np.all(np.delete(one.drive.anchored, [HBO_EAST, WO_EAST], axis=0) == 1.0)
    both = act({"retention": {"early": 0.2, "months": 4.0}}, hand.area(HBO_EAST), one)
    assert both.drive.anchored.shape == (8, 4)
    assert both.drive.anchored[HBO_EAST] == pytest.approx([0.4, 0.4, 0.8, 0.8])
    assert both.drive.anchored[WO_EAST] == pytest.approx([0.5, 0.5, 1.0, 1.0])
    short = act({"retention": {"early": 0.2, "months": 1.0}}, hand.area(WO_EAST), both)
    assert short.drive.anchored[WO_EAST] == pytest.approx([0.4, 0.5, 1.0, 1.0])
    null = act({"retention": {}})
    assert np.array_equal(null.drive.anchored, np.ones((8, 1)))


def test_the_institutions_of_a_region_are_one_employer() -> None:
    found = act({"one_employer": {"kept": 1.0}}, hand.area(HBO_EAST, HBO_WEST, WO_WEST, FIRM))
    pool = at(hand.WEST, HBO_WEST, WO_WEST, other=-1)
    pool[HBO_EAST] = hand.EAST
    assert found.frictions.pool.tolist() == pool
    assert act({"one_employer": {}}).frictions.pool.tolist() == [-1] * 9


def test_a_larger_share_of_institutions_joins_besides_the_same_ones() -> None:
    members = []
    for kept in (0.0, 0.2, 0.5, 0.8):
        keys = [np.uint64(k) for k in range(200)]
        joined = set()
        for key in keys:
            found = act({"one_employer": {"kept": kept}}, hand.area()._replace(key=key))
            joined |= {(int(key), k) for k in np.flatnonzero(found.frictions.pool >= 0)}
        members.append(joined)
        assert len(joined) / (6 * 200) == pytest.approx(kept, abs=0.05)
    assert all(less <= more for less, more in pairwise(members))


def pay(lecturer: float, university: float, lector: float, professor: float) -> np.ndarray:
    made = np.full(len(c.ROLES), 7.0)
    made[[c.LECTURER, c.UNIVERSITY_LECTURER]] = lecturer, university
    made[[c.LECTOR, c.PROFESSOR]] = lector, professor
    return made


@pytest.mark.parametrize(
    ("alignment", "direction", "expected"),
    [
        (0.0, 0.0, (2.0, 8.0, 27.0, 3.0)),
        (1.0, 0.0, (4.0, 4.0, 9.0, 9.0)),
        (0.5, 0.0, (8.0**0.5, 32.0**0.5, 243.0**0.5, 27.0**0.5)),
        (1.0, -1.0, (2.0, 2.0, 3.0, 3.0)),
        (1.0, 1.0, (8.0, 8.0, 27.0, 27.0)),
        (1.0, 5.0, (8.0, 8.0, 27.0, 27.0)),
        (1.0, -5.0, (2.0, 2.0, 3.0, 3.0)),
        (0.5, 1.0, (4.0, 8.0, 27.0, 9.0)),
    ],
)
def test_pay_of_like_roles_meets(
    alignment: float, direction: float, expected: tuple[float, ...]
) -> None:
    found = aligned_pay(pay(2.0, 8.0, 27.0, 3.0), alignment, direction)
    assert found == pytest.approx(pay(*expected))


def test_terms_meet_in_institutions_and_pay_is_worth_what_the_item_weighs() -> None:
    of = hand.model()
    of.rates.pay = pay(2.0, 8.0, 27.0, 3.0)
    dials = {"alignment": 0.5, "share": 0.6, "direction": 1.0}
    where = hand.area(HBO_EAST, WO_EAST, FIRM)
    found = act({"terms": dials}, where, of=of)
    left = at(0.7, HBO_EAST, WO_EAST, other=1.0)
    assert found.frictions.sector_left == pytest.approx(left)
    assert found.demand is None and found.value is not None
    gain = np.log(pay(4.0, 8.0, 27.0, 9.0) / of.rates.pay)
    # The weight of the item of pay (0.6) times that of the settings (2).
    value = np.zeros((8, len(c.ROLES), 5))
    value[[HBO_EAST, WO_EAST], :, HEADINGS.index("preconditions")] = 1.2 * gain
    assert found.value == pytest.approx(value)
    twice = act({"terms": dials}, where, found, of)
    assert twice.value == pytest.approx(2 * value)
    assert twice.frictions.sector_left[HBO_EAST] == pytest.approx(0.49)


def test_dearer_posts_are_fewer_and_cheaper_ones_more() -> None:
    of = hand.model()
    of.rates.pay = pay(2.0, 8.0, 27.0, 3.0)
    dials = {"alignment": 3.0, "budget": 0.5}
    found = act({"terms": dials}, hand.area(WO_WEST), of=of)
    assert found.demand is not None
    assert np.all(np.delete(found.demand, WO_WEST, axis=0) == 1.0)
    # Pay in the middle: the lecturer's doubles, the university lecturer's halves.
    factor = np.ones(len(c.ROLES))
    factor[[c.LECTURER, c.UNIVERSITY_LECTURER]] = 2**-0.5, 2**0.5
    factor[[c.LECTOR, c.PROFESSOR]] = 3**0.5, 3**-0.5
    for field in range(len(c.FIELDS)):
        assert found.demand[WO_WEST, :, field] == pytest.approx(factor)
    twice = act({"terms": dials}, hand.area(WO_WEST), found, of)
    assert twice.demand is not None
    assert twice.demand[WO_WEST, :, 0] == pytest.approx(factor**2)


def test_demand_rises_in_reach() -> None:
    where = hand.area(WO_EAST, roles=(c.POSTDOC,), fields=(hand.LAW,))
    found = act({"demand": {"rise": 0.25}}, where)
    expected = np.ones(hand.EVERYWHERE)
    expected[WO_EAST, c.POSTDOC, hand.LAW] = 1.25
    assert np.array_equal(found.demand, expected)
    again = act({"demand": {"rise": 0.25}}, where, found)
    expected[WO_EAST, c.POSTDOC, hand.LAW] = 1.25**2
    assert np.array_equal(again.demand, expected)


def test_posts_shift_from_wo_to_hbo_and_none_is_lost() -> None:
    of = hand.model()
    where = hand.area(HBO_EAST, WO_EAST, FIRM, fields=(hand.LAW,))
    found = act({"demand": {"shift": 0.2}}, where, of=of)
    assert found.demand is not None
    expected = np.ones(hand.EVERYWHERE)
    # In reach: 25 posts of wo and 12 of hbo; a fifth of the former goes to the latter.
    expected[WO_EAST, :, hand.LAW] = 0.8
    expected[HBO_EAST, :, hand.LAW] = 1.0 + 5.0 / 12.0
    assert found.demand == pytest.approx(expected)
    alone = act({"demand": {"shift": 0.2}}, hand.area(WO_EAST), of=of)
    assert alone.demand is not None
    assert np.all(alone.demand[WO_EAST] == 0.8)
    assert act({"demand": {}}).demand == pytest.approx(np.ones(hand.EVERYWHERE))


def staff(*educations: int) -> Any:
    people = [{"education": each} for each in educations]
    extra = [
        {"employer": HBO_WEST, "education": c.PHD},
        {"employer": -1, "education": c.PHD},
        {"present": 0, "education": c.PHD},
    ]
    return hand.people(*people, *extra)


def test_the_share_of_holders_is_of_the_staff() -> None:
    of = hand.model(staff(c.HBO_BACHELOR, c.MASTER, c.MASTER, c.PHD))
    assert holders(of, c.PHD)[[HBO_EAST, HBO_WEST, WO_EAST]].tolist() == [0.25, 1.0, 0.0]
    assert holders(of, c.MASTER)[[HBO_EAST, HBO_WEST, WO_EAST]].tolist() == [0.75, 1.0, 0.0]


def test_employers_with_posts_in_reach_rank_otherwise() -> None:
    dials = {
        "partner": 0.1,
        "crosser": 0.2,
        "near": 0.4,
        "phd": 0.8,
        "master": 1.6,
        "experience": 0.25,
    }
    where = hand.area(HBO_EAST, WO_EAST, roles=(c.LECTURER,))
    found = act({"ranking": dials}, where).ranking
    # No lecturer of hbo works in wo: it has no post in reach.
    for name, points in (
        ("partner", 0.1),
        ("crosser", 0.2),
        ("near", 0.4),
        ("doctor", 0.8),
        ("master", 1.6),
    ):
        assert getattr(found, name).tolist() == at(points, HBO_EAST)[:8], name
    assert found.asked.tolist() == at(0.75, HBO_EAST, other=1.0)[:8]
    twice = act({"ranking": dials}, where, act({"ranking": dials}, where)).ranking
    assert twice.partner[HBO_EAST] == pytest.approx(0.2)
    assert twice.crosser[HBO_EAST] == pytest.approx(0.4)
    assert twice.near[HBO_EAST] == pytest.approx(0.8)
    assert twice.doctor[HBO_EAST] == pytest.approx(1.6)
    assert twice.asked[HBO_EAST] == pytest.approx(0.5625)
    null = act({"ranking": {}}).ranking
    assert not any(np.any(part) for part in null[:5]) and np.all(null.asked == 1.0)


@pytest.mark.parametrize(
    ("until", "doctor", "master"),
    [
        (0.0, True, True),
        (0.2, False, False),
        (0.25, False, False),
        (0.5, True, False),
        (0.75, True, False),
        (0.8, True, True),
    ],
)
def test_degrees_count_until_enough_of_the_staff_hold_one(
    until: float, doctor: bool, master: bool
) -> None:
    of = hand.model(staff(c.HBO_BACHELOR, c.MASTER, c.MASTER, c.PHD))
    dials = {"phd": 0.8, "phd_until": until, "master": 1.6, "master_until": until}
    found = act({"ranking": dials}, hand.area(HBO_EAST), of=of).ranking
    assert found.doctor[HBO_EAST] == (0.8 if doctor else 0.0)
    assert found.master[HBO_EAST] == (1.6 if master else 0.0)


FAIR, TEMP = c.CHANNELS.index("job_fair"), c.CHANNELS.index("temp_agency")


def by_channel(**chances: float) -> np.ndarray:
    return np.array([chances.get(name, 0.0) for name in c.CHANNELS])


def test_a_lever_shows_what_is_in_reach_by_its_channels() -> None:
    where = hand.area(HBO_EAST)
    found = exposure(where, {"job_fair": 0.25, "temp_agency": 0.5})
    assert found.cells is where.cells
    assert np.array_equal(found.chance, by_channel(job_fair=0.25, temp_agency=0.5))


def test_vacancies_are_shown_to_the_staff_of_the_other_sector() -> None:
    of = hand.model()
    one = Exposure(hand.area(HBO_EAST, WO_EAST, FIRM, FIRM_WEST).cells, by_channel(job_fair=0.25))
    other = Exposure(hand.area(WO_EAST).cells, by_channel(job_fair=0.5, temp_agency=0.5))
    effects = promote(of, [one, other], hand.nothing(of))
    found = effects.frictions
    classes = found.classes
    assert classes.shape == hand.EVERYWHERE and classes.dtype == np.uint16
    for employer in (HBO_EAST_2, HBO_WEST, WO_EAST_2, WO_WEST):
        assert not classes[employer].any()
    of_hbo, of_wo = (int(classes[k, 0, 0]) for k in (HBO_EAST, WO_EAST))
    assert len({0, of_hbo, of_wo}) == 3
    # Jobs outside are offered in person.
    assert not classes[[FIRM, FIRM_WEST]].any()
    assert np.all(classes[HBO_EAST] == of_hbo)
    assert found.promoted.shape == (3, 4)
    assert found.promoted_by.shape == (3, 4, len(c.CHANNELS))
    assert not found.promoted[0].any() and not found.promoted_by[0].any()
    assert found.promoted[of_hbo] == pytest.approx([0.0, 0.25, 0.0, 0.0])
    # Seen unless each lever and each channel misses it: 1 - 0.75 x 0.5 x 0.5.
    assert found.promoted[of_wo] == pytest.approx([0.8125, 0.0, 0.0, 0.0])
    assert found.promoted_by[of_wo, c.HBO] == pytest.approx(
        by_channel(job_fair=0.625, temp_agency=0.5)
    )
    assert not found.promoted_by[of_wo, c.WO].any()


def test_no_lever_that_shows_anything_changes_nothing() -> None:
    of = hand.model()
    effects = hand.nothing(of)
    assert promote(of, [], effects) is effects


def test_no_more_levers_can_show_vacancies_than_a_number_has_bits_for() -> None:
    of = hand.model()
    each = Exposure(hand.area(HBO_EAST).cells, by_channel(job_fair=0.01))
    most = promote(of, [each] * market.MOST_SHOWING, hand.nothing(of)).frictions
    assert most.promoted[1, c.WO] == pytest.approx(1.0 - 0.99**60)
    with pytest.raises(ValueError, match="61 levers show vacancies; at most 60 can"):
        promote(of, [each] * (market.MOST_SHOWING + 1), hand.nothing(of))


def test_no_more_classes_can_be_told_apart_than_the_board_has_room_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    of = hand.model()
    assert market.MOST_CLASSES == 2**16 // (2 * 4)
    everything = [Exposure(hand.area(k).cells, by_channel(job_fair=0.5)) for k in range(3)]
    # Three sets of vacancies, and those that nothing shows.
    monkeypatch.setattr(market, "MOST_CLASSES", 4)
    assert promote(of, everything, hand.nothing(of)).frictions.promoted.shape[0] == 4
    monkeypatch.setattr(market, "MOST_CLASSES", 3)
    with pytest.raises(ValueError, match="in 4 different combinations of reach; at most 3 can"):
        promote(of, everything, hand.nothing(of))
