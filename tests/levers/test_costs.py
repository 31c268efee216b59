"""What levers take: items of cost, what they are counted by, and what that adds up to."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import hand_policy as hand
import numpy as np
import pytest
from hand_policy import HBO_EAST, HBO_WEST, MONTH, WO_EAST, WO_WEST

from hesim import categories as c
from hesim.levers.accounts import COUNTED, OF_PEOPLE, UNITS, Accounts
from hesim.levers.catalogue import catalogue
from hesim.levers.cost import DAY, Cost, read_costs
from hesim.levers.counting import COUNTERS, LeverMonth, Tally, count_month
from hesim.levers.lever import Lever
from hesim.levers.registry import PAYERS, UNITS_OF_COST

ENTRY: dict[str, Any] = {
    "about": "a day",
    "per": "participant",
    "days": 1.0,
    "hosts": 0.5,
    "euros": 60,
    "low": 300,
    "high": 1200,
    "pays": "employer",
    "transfer": False,
    "grade": "A",
    "year": 2014,
    "source": "reasoned",
}


def cost(**changed: Any) -> Cost:
    made, faults = read_costs({"visit": {**ENTRY, **changed}})
    assert not faults
    return made[0]


def lever(*costs: Cost, kind: str = "yearly", share: float = 1.0) -> Lever:
    about: Any = SimpleNamespace(taking_part=kind, dials=(), costs=costs, process="")
    return hand.lever(about=about, share=share)


def test_every_lever_of_the_package_says_what_it_takes() -> None:
    for each in catalogue():
        assert each.costs, each.key
        for item in each.costs:
            assert item.low <= item.whole <= item.high and item.source
            assert item.per in UNITS_OF_COST and item.pays in PAYERS


def test_every_unit_of_cost_is_counted() -> None:
    assert set(COUNTED) == set(UNITS_OF_COST) and set(COUNTERS) <= set(UNITS_OF_COST)
    assert {what for each in COUNTED.values() for what in each} <= set(UNITS)
    assert {COUNTED[per] for per in COUNTERS} == {(what,) for what, _ in COUNTERS.values()}


def test_days_are_priced_and_ranges_follow_the_whole_cost() -> None:
    visit = cost()
    assert visit.whole == 1.5 * DAY + 60 == 600
    assert visit.range_factors() == (0.5, 2.0)
    assert cost(days=0, hosts=0, euros=0, low=0, high=0).range_factors() == (1.0, 1.0)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"per": "head"}, ".visit.per: 'head' must be one of participant"),
        ({"pays": "nobody"}, ".visit.pays: 'nobody' must be one of employer"),
        ({"grade": "Z"}, ".visit.grade: 'Z' must be one of R, P, T, A"),
        ({"days": -1}, ".visit.days: -1 must be a number from 0 up"),
        ({"euros": "many"}, ".visit.euros: 'many' must be a number"),
        ({"transfer": "no"}, ".visit.transfer: 'no' must be true or false"),
        ({"year": 14}, ".visit.year: 14 must be a year"),
        ({"source": " "}, ".visit.source: ' ' must be a text"),
        ({"low": 700}, "the whole cost of a unit, 600 euros"),
        ({"price": 1}, ".visit.price: no such entry of a cost"),
    ],
)
def test_a_bad_item_is_refused_in_words(changed: dict[str, Any], words: str) -> None:
    made, faults = read_costs({"visit": {**ENTRY, **changed}})
    assert not made and any(words in fault for fault in faults), faults


def test_all_faults_are_told_at_once_and_no_cost_is_no_fault() -> None:
    lacking = {key: value for key, value in ENTRY.items() if key not in ("low", "about")}
    _, faults = read_costs({"visit": {**ENTRY, "days": -1, "year": 1}, "other": lacking, "odd": 3})
    assert len(faults) == 5
    assert read_costs(None) == ((), [])


def test_costs_read_as_at_full_scale() -> None:
    accounts = Accounts()
    one = lever(cost(), cost(per="institution_year", days=0, hosts=0, euros=500))
    accounts.note(one, 0, "invited", 10)
    accounts.note(one, 13, "taking_part", 5)
    accounts.note(one, 13, "institutions", 3)
    rows = list(accounts.costs([one], 0.1, 2011))
    told = [(row["year"], row["per"], row["number"], row["cost"]) for row in rows]
    # People stand for ten each; institutions are all there at any scale.
    assert told == [
        (2011, "participant", 100, 60_000),
        (2012, "participant", 50, 30_000),
        (2012, "institution_year", 3, 1_500),
    ]
    first = rows[0]
    assert (first["days"], first["host_days"], first["euros"]) == (100, 50, 6_000)
    assert (first["cost_low"], first["cost_high"]) == (30_000, 120_000)
    assert not list(accounts.costs([lever()], 0.1, 2011))


def test_what_a_smaller_population_has_fewer_of() -> None:
    assert set(UNITS_OF_COST) > OF_PEOPLE
    assert not OF_PEOPLE & {"institution", "institution_year", "pair", "region_year", "lever"}


def month_of(of: Any, costs: tuple[Cost, ...], people: int = 0, **more: Any) -> LeverMonth:
    facts = {"area": hand.area(), "acting": {}, "tally": Tally(), "kind": "institutions"} | more
    kind = facts.pop("kind")
    share = facts.pop("share", 1.0)
    return LeverMonth(of, lever(*costs, kind=kind, share=share), people=people, **facts)


def counts(*months: LeverMonth) -> dict[str, float]:
    accounts, found = Accounts(), {}
    for each in months:
        count_month(each, accounts)
    for row in accounts.rows(0):
        what = str(row["what"])
        found[what] = found.get(what, 0.0) + float(str(row["number"]))
    return found


def test_people_are_counted_by_how_they_take_part() -> None:
    of = hand.model()
    assert counts(month_of(of, (), 24, kind="yearly"))["invited"] == 24
    assert counts(month_of(of, (), 24, kind="lasting"))["taking_part"] == 2
    assert counts(month_of(of, (), 24))["institutions"] == 0.5


def test_what_is_paid_once_is_counted_once() -> None:
    of, tally = hand.model(), Tally()
    of.employers.partner[HBO_EAST, WO_WEST] = of.employers.partner[WO_WEST, HBO_EAST] = 1
    items = tuple(cost(per=per) for per in ("institution", "pair", "lever", "year", "region_year"))
    few = month_of(of, items, tally=tally, area=hand.area(HBO_EAST, WO_WEST))
    again = month_of(of, items, tally=tally, area=hand.area(HBO_EAST, WO_WEST, HBO_WEST))
    found = counts(few, again)
    assert found["new_institutions"] == 3 and found["new_pairs"] == 1
    assert found["beginnings"] == 1 and found["years"] == pytest.approx(2 / 12, abs=1e-3)
    # East and west, both months.
    assert found["regions"] == pytest.approx(4 / 12, abs=1e-3)


def test_what_is_paid_once_counts_for_a_lever_that_began_before_the_record() -> None:
    """It is paid once, and the accounts begin with the first recorded month."""
    of, tally = hand.model(), Tally()
    of.employers.partner[HBO_EAST, WO_WEST] = of.employers.partner[WO_WEST, HBO_EAST] = 1
    items = tuple(cost(per=per) for per in ("institution", "pair", "lever"))
    month = month_of(of, items, tally=tally, area=hand.area(HBO_EAST, WO_WEST))
    of.month = -1
    assert not counts(month)
    of.month = 0
    found = counts(month)
    assert (found["new_institutions"], found["new_pairs"], found["beginnings"]) == (2, 1, 1)


def test_one_employer_pairs_all_of_a_region() -> None:
    of = hand.model()
    found = counts(month_of(of, (cost(per="pair"),), acting={"one_employer": {"kept": 1.0}}))
    # Two hogescholen and two universities in the east, one of each in the west.
    assert found["new_pairs"] == 5
    none = counts(month_of(of, (cost(per="pair"),), acting={"one_employer": {"kept": 0.0}}))
    assert "new_pairs" not in none


def test_posts_that_come_and_posts_that_move() -> None:
    of, items = hand.model(), (cost(per="post_year"),)
    posts = of.state.demand.first
    here = hand.area(WO_EAST, roles=(c.UNIVERSITY_LECTURER,))
    rise = counts(month_of(of, items, area=here, acting={"demand": {"rise": 0.3}}))
    per_field = posts[WO_EAST, c.UNIVERSITY_LECTURER].sum()
    assert rise["post_years"] == pytest.approx(0.3 * per_field / 12, abs=1e-3)
    shift = counts(month_of(of, items, acting={"demand": {"shift": 0.1}}))
    assert shift["post_years"] == pytest.approx(0.1 * posts[3:6].sum() / 12, abs=1e-3)


def opening(*before: tuple[int, int, int, int], **more: Any) -> Any:
    """A model in which so many vacancies of an employer, role and field have opened so far."""
    ordinals = np.zeros(hand.EVERYWHERE, np.int32)
    for employer, role, of, count in before:
        ordinals[employer, role, of] = count
    made = hand.model()
    made.market.ordinals = ordinals
    made.streams.vacancy, made.streams.offer = np.uint64(7), np.uint64(9)
    steps = np.tile([1.0, 1.0, 1.0, 1.0], (len(c.ROLES), 1))
    profiles = SimpleNamespace(hours=steps, hours_of_band=np.array([16, 24, 32, 40], np.uint8))
    direct = more.get("direct", np.zeros(2))
    made.rates.vacancies = SimpleNamespace(profiles=profiles, direct=direct)
    return made


HERE = (HBO_EAST, c.LECTURER, 0)


def opened(items: tuple[Cost, ...], count: int = 400, **more: Any) -> dict[str, float]:
    """What is counted of so many vacancies that opened since the month before."""
    tally, direct = Tally(), more.pop("direct", np.zeros(2))
    first = opening((*HERE, 5), direct=direct)
    second = opening((*HERE, 5 + count), (WO_EAST, c.LECTURER, 0, 3), direct=direct)
    where = hand.area(HBO_EAST)
    of = [month_of(each, items, tally=tally, area=where, **more) for each in (first, second)]
    return counts(*of)


def test_vacancies_are_counted_once_and_in_reach_alone() -> None:
    items = (cost(per="vacancy"),)
    assert opened(items)["vacancies"] == 400
    # What nobody advertises cannot be shown.
    assert "vacancies" not in opened(items, direct=np.ones(2))
    half = opened(items, direct=np.array([0.5, 1.0]))["vacancies"]
    assert half == pytest.approx(200, abs=40)


def test_offers_that_may_gain_prospect_are_drawn() -> None:
    found = opened((cost(per="vacancy"),), acting={"offers": {"prospect": 0.25}})
    assert found["vacancies"] == pytest.approx(100, abs=30)


def test_hours_gained_last_as_long_as_a_job() -> None:
    items = (cost(per="fte_year"),)
    acting = {"offers": {"full": 1.0}}
    # All would offer 16 hours of 40, and all offer 32.
    found = opened(items, acting=acting)["fte_years"]
    assert found == pytest.approx(400 * 16 / 40 / 12 * (1 - 1 / 120), rel=1e-3)
    fewer = opened(items, acting={"offers": {"full": 0.25}})["fte_years"]
    assert fewer == pytest.approx(found / 4, rel=0.3)
    tally = Tally(fte=120.0, ordinals=np.zeros(hand.EVERYWHERE, np.int64))
    quiet = counts(month_of(opening(), items, tally=tally, acting=acting))
    assert quiet["fte_years"] == pytest.approx(120 * (1 - 1 / 120) / 12, rel=1e-3)


def hired(of: Any, *rows: dict[str, int]) -> None:
    """Write spells of people who were hired."""
    ledger = of.ledger
    for at, given in enumerate(rows):
        ordinary = {
            "joined": MONTH - 1,
            "from": -1,
            "to": HBO_EAST,
            "to_role": c.LECTURER,
            "field": 0,
            "education_joined": c.PHD,
        }
        for name, value in {**ordinary, **given}.items():
            getattr(ledger, f"m_{name}")[at] = value
    ledger.used[1] = len(rows)


def test_who_crossed_is_counted_where_a_lever_is_about_them() -> None:
    of, items = hand.model(), (cost(per="hire"),)
    hired(
        of,
        {"from": WO_EAST},
        {"from": HBO_WEST},
        {"from": -1},
        {"from": WO_EAST, "joined": MONTH - 2},
        {"from": HBO_EAST, "to": WO_EAST, "to_role": c.UNIVERSITY_LECTURER},
    )
    assert counts(month_of(of, items))["hires"] == 2
    assert counts(month_of(of, items, area=hand.area(WO_EAST)))["hires"] == 1


def test_phds_count_beyond_their_share_of_hires_before() -> None:
    of, items = hand.model(), (cost(per="hire"),)
    levels = (c.PHD, c.MASTER, c.MASTER, c.HBO_BACHELOR)
    before = [{"joined": -k, "education_joined": levels[k % 4]} for k in range(1, 37)]
    hired(of, *before, {}, {}, {}, {"education_joined": c.MASTER})
    # A quarter were PhDs before it began and three quarters masters or PhDs. Last month three and
    # four of four were.
    assert counts(month_of(of, items, acting={"ranking": {"phd": 1.0}}))["hires"] == 3 - 4 / 4
    masters = counts(month_of(of, items, acting={"ranking": {"master": 1.0}}))
    assert masters["hires"] == 4 - 4 * 3 / 4


def test_percent_of_pay() -> None:
    staff = hand.people({}, {"role": c.LECTOR}, {"employer": WO_EAST, "role": c.PROFESSOR})
    of = hand.model(staff)
    pay = of.rates.pay
    pay[[c.LECTURER, c.UNIVERSITY_LECTURER, c.LECTOR, c.PROFESSOR]] = 4.0, 5.0, 8.0, 7.0
    items = (cost(per="percent_pay_year"),)
    up = counts(month_of(of, items, acting={"terms": {"alignment": 1.0, "direction": 1.0}}))
    # A lecturer gains 1 of the 12 that hbo pays, a lector nothing; wo does not count.
    assert up["percent_years"] == pytest.approx(100 * 1 / 12 / 12, abs=1e-3)
    down = counts(month_of(of, items, acting={"terms": {"alignment": 1.0, "direction": -1.0}}))
    assert "percent_years" not in down


def test_doctorates_of_the_month_of_the_share_that_takes_part() -> None:
    of, items = hand.model(), (cost(per="doctorate"),)
    of.recorder = SimpleNamespace(defences={MONTH: 40, MONTH - 1: 7})
    assert counts(month_of(of, items, share=0.25))["doctorates"] == 10
    # Of a lever that lets people start one, its process notes those that come of it.
    assert "doctorates" not in counts(month_of(of, items, acting={"doctorate": {"grants": 0.1}}))


def test_strength_scales_money_that_no_people_carry() -> None:
    of = hand.model()
    fixed = cost(per="year", days=0, hosts=0, euros=1200, low=600, high=2400)
    about: Any = SimpleNamespace(taking_part="yearly", dials=(), costs=(fixed,), process="")
    accounts = Accounts()
    half = hand.lever(about=about, strength=0.5)
    month = LeverMonth(of, half, hand.area(), {}, 0, Tally())
    count_month(month, accounts)
    (row,) = accounts.costs([half], 1.0, 0)
    assert row["cost"] == pytest.approx(1200 / 12 * 0.5)
    # People who came came: each of them takes what one takes.
    about.costs = (cost(),)
    accounts.note(half, 0, "invited", 10)
    (row,) = (each for each in accounts.costs([half], 1.0, 0) if each["year"] == 0)
    assert row["number"] == 10


def test_a_year_costs_less_while_a_lever_rises() -> None:
    of = hand.model()
    about: Any = SimpleNamespace(
        taking_part="yearly", dials=(), costs=(cost(per="year"),), process=""
    )
    rising = hand.lever(about=about, start=MONTH - 5, ramp=12)
    accounts = Accounts()
    count_month(LeverMonth(of, rising, hand.area(), {}, 0, Tally()), accounts)
    found = {row["what"]: row["number"] for row in accounts.rows(0)}
    assert found["years"] == pytest.approx(0.5 / 12, abs=1e-3)


def test_only_institutions_with_posts_in_reach_pay() -> None:
    of, items = hand.model(), (cost(per="institution_year"),)
    lecturers = hand.area(roles=(c.LECTURER,))
    assert counts(month_of(of, items, area=lecturers))["institutions"] == 3 / 12
