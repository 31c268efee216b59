"""Whom a lever reaches, when, and what its accounts say of it, worked out by hand."""

from __future__ import annotations

from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import hand_policy as hand
import numpy as np
import pytest
from hand_policy import FIRM, HBO_EAST, HBO_WEST, WO_EAST, WO_WEST

from hesim import categories as c
from hesim.levers.accounts import Accounts
from hesim.levers.catalogue import Dial
from hesim.levers.dates import month_number, months_of, outside_the_run, years_before
from hesim.levers.lever import Lever, Reach, monthly
from hesim.levers.policy import Levers
from hesim.levers.processes import PROCESSES, Process, Turn
from hesim.levers.reach import employers_in_reach, find_area


def reach(**given: Any) -> Reach:
    everybody: dict[str, Any] = dict.fromkeys(
        ("regions", "institutions", "partnerships", "fields", "roles"), ()
    )
    return Reach(**{**everybody, "share": 1.0, **given})


def partnership(initiative: str, lead: int, *partners: int) -> SimpleNamespace:
    names = tuple(f"employer {k}" for k in partners)
    return SimpleNamespace(initiative=initiative, lead=f"employer {lead}", partners=names)


TABLES = SimpleNamespace(
    partnerships=(partnership("one", HBO_EAST, WO_EAST), partnership("two", WO_WEST, HBO_WEST))
)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, [0, 1, 2, 3, 4, 5, 6, 7]),
        ({"regions": ("west",)}, [2, 5, 7]),
        ({"regions": ("west", "north")}, [2, 5, 7]),
        ({"institutions": ("employer 0", "employer 5")}, [0, 5]),
        ({"institutions": ("employer 0", "employer 5"), "regions": ("west",)}, [5]),
        ({"partnerships": ("one",)}, [0, 3]),
        ({"partnerships": ("one", "two")}, [0, 2, 3, 5]),
        ({"partnerships": ("one",), "institutions": ("employer 3", "employer 5")}, [3]),
    ],
)
def test_employers_in_reach_meet_all_that_is_named(
    given: dict[str, Any], expected: list[int]
) -> None:
    of = hand.model(tables=TABLES)
    assert np.flatnonzero(employers_in_reach(of, reach(**given))).tolist() == expected


def test_an_area_is_of_employers_roles_and_fields() -> None:
    where = reach(regions=("west",), roles=("lector", "postdoc"), fields=("law",))
    found = find_area(hand.model(), hand.lever(reach=where), 0.1)
    expected = hand.area(2, 5, 7, roles=(c.LECTOR, c.POSTDOC), fields=(hand.LAW,))
    assert np.array_equal(found.employers, expected.employers)
    assert np.array_equal(found.cells, expected.cells)
    assert found.key != find_area(hand.model(), hand.lever(number=4), 0.1).key
    assert found.key == find_area(hand.model(), hand.lever(), 0.9).key


def test_a_share_of_the_institutions_takes_part_and_a_larger_one_takes_more() -> None:
    of, sets, shares = hand.model(), [], (0.0, 0.3, 0.7, 1.0)
    for share in shares:
        found = [
            find_area(of, hand.lever("institutions", number=number), share) for number in range(100)
        ]
        assert all(np.array_equal(each.employers, each.cells[:, 0, 0]) for each in found)
        sets.append(np.array([each.employers for each in found]))
        assert sets[-1].mean() == pytest.approx(share, abs=0.05)
    for less, more in pairwise(sets):
        assert np.all(more[less])
    people = find_area(of, hand.lever("yearly"), 0.3)
    assert people.employers.all()


def test_months_are_counted_from_the_first_recorded_one() -> None:
    assert month_number("2011-01", "2011-01") == 0
    assert month_number("2014-03", "2011-01") == 38
    assert month_number("2014-03", "2013-07") == 8
    assert month_number("2010-12", "2011-01") == -1
    settings: Any = SimpleNamespace(integer={"burn_in": 5, "years": 3}.__getitem__)
    assert months_of(settings) == 41


@pytest.mark.parametrize(
    ("start", "years", "begins", "end", "said"),
    [
        ("2011-01", 2, "2012-12", None, ""),
        ("2011-01", 2, "2013-01", None, "starts in 2013-01 and the run records 2011-01 to 2012-12"),
        ("2011-07", 2, "2013-06", None, ""),
        ("2011-07", 2, "2013-07", None, "starts in 2013-07 and the run records 2011-07 to 2013-06"),
        ("2011-02", 1, "2013-01", None, "records 2011-02 to 2012-01"),
        ("2011-01", 2, "2009-01", "2011-01", ""),
        ("2011-01", 2, "2009-01", "2010-12", "ended in 2010-12 and the run records 2011-01 to"),
    ],
)
def test_a_lever_that_acts_in_no_recorded_month_is_told(
    start: str, years: int, begins: str, end: str | None, said: str
) -> None:
    levers = {"one": {"start": begins, "end": end}, "two": {"start": start, "end": None}}
    found = list(outside_the_run(levers, start, years))
    assert len(found) == bool(said)
    if said:
        assert found[0].startswith("levers.one: it ") and said in found[0]


@pytest.mark.parametrize(
    ("starts", "years", "expected"),
    [
        (("2013-01",), 3, 2),
        (("2014-01",), 3, 0),
        (("2013-12",), 3, 2),
        (("2011-12",), 3, 0),
        (("2012-01",), 1, 0),
        (("2010-01", "2013-01"), 3, 0),
        (("2009-12",), 3, 0),
    ],
)
def test_whole_years_before_the_first_lever_are_left_out(
    starts: tuple[str, ...], years: int, expected: int
) -> None:
    assert years_before([{"start": each} for each in starts], "2011-01", years) == expected


def test_accounts_count_by_lever_year_and_what() -> None:
    accounts, one = Accounts(), hand.lever()
    two = hand.lever(key="another")
    for month, number in ((0, 1), (11, 2), (12, 4), (-1, 8), (13, 0.0004)):
        accounts.note(one, month, "invited", number)
    accounts.note(one, 0, "placed", 3)
    accounts.note(one, 30, "stayed", 0)
    accounts.note(two, 3, "started", 5)
    rows = [tuple(row.values()) for row in accounts.rows(2011)]
    assert rows == [
        ("another", 2011, "started", 5, "persons"),
        ("by_hand", 2011, "invited", 3, "persons"),
        ("by_hand", 2011, "placed", 3, "persons"),
        ("by_hand", 2012, "invited", 4.0, "persons"),
    ]


def test_what_is_not_counted_is_refused() -> None:
    with pytest.raises(ValueError, match="'asked' is not counted; known: invited, taking_part"):
        Accounts().note(hand.lever(), 0, "asked", 1)


def dialled(
    kind: str = "yearly",
    share: float = 1.0,
    key: str = "by_hand",
    start: int = 0,
    end: int | None = None,
    ramp: int = 0,
    fade: float = 0.0,
    **acts: float,
) -> Lever:
    """A lever with one dial for each `mechanism__parameter`."""
    names = {name: name.replace("__", ".") for name in acts}
    dials = tuple(
        SimpleNamespace(name=name, acts=path, scaled=True) for name, path in names.items()
    )
    about: Any = SimpleNamespace(taking_part=kind, dials=dials, costs=(), process="")
    return hand.lever(
        key=key,
        about=about,
        start=start,
        end=end,
        ramp=ramp,
        fade=fade,
        values=acts,
        reach=reach(share=share),
    )


def test_the_dials_of_this_test_are_like_those_of_a_lever() -> None:
    assert {"name", "acts", "scaled"} <= set(Dial.__dataclass_fields__)


def month_of(policy: Levers, of: Any) -> tuple[Any, dict[str, float]]:
    effects = policy.begin_month(of)
    return effects, {
        f"{row['lever']} {row['what']}": float(str(row["number"]))
        for row in policy.accounts.rows(0)
    }


def test_a_month_of_policy_acts_on_people_and_market_and_counts_them() -> None:
    persons = hand.people({"outlook": 0.8}, {"employer": WO_EAST, "role": c.POSTDOC})
    levers = (
        dialled(key="b", contacts__gain=2.0),
        dialled("lasting", key="a", awareness__gain=0.5),
        dialled("institutions", key="c", barrier__sector=0.25, visibility__job_fair=0.5),
        dialled(key="later", start=hand.MONTH + 1, contacts__gain=99.0),
        dialled(key="over", end=hand.MONTH - 1, contacts__gain=99.0),
    )
    policy = Levers(levers)
    assert [each.key for each in policy.levers] == ["a", "b", "c", "later", "over"]
    effects, found = month_of(policy, hand.model(persons))
    assert persons.outlook[0] == pytest.approx(0.6)
    assert persons.contacts.tolist() == [2.0, 2.0]
    assert persons.awareness == pytest.approx([monthly(0.5)] * 2)
    assert effects.frictions.sector_left == pytest.approx([0.75] * 8 + [1.0])
    assert effects.frictions.promoted.shape == (3, 4)
    # Six institutions in reach of each, for a twelfth of a year.
    assert found == {
        "a taking_part": pytest.approx(2 / 12, abs=1e-3),
        "b invited": 2,
        **{f"{key} institutions": 0.5 for key in "abc"},
    }


def test_what_is_switched_off_does_not_act() -> None:
    persons = hand.people({})
    policy = Levers((dialled(contacts__gain=2.0, awareness__gain=0.5),), frozenset({"contacts"}))
    policy.begin_month(hand.model(persons))
    assert (persons.contacts[0], persons.awareness[0]) == (0.0, 0.5)


def test_other_levers_can_take_the_place_of_these() -> None:
    persons = hand.people({}, {"employer": WO_EAST})
    policy = Levers((dialled(contacts__gain=2.0),))
    policy.begin_month(hand.model(persons))
    other = dialled(contacts__gain=4.0)
    where = reach(institutions=("employer 3",))
    policy.change(
        (
            hand.lever(key="by_hand", about=other.about, values=other.values, reach=where),
            dialled(key="a"),
        )
    )
    assert [each.key for each in policy.levers] == ["a", "by_hand"]
    assert set(policy.register) == {"a", "by_hand"}
    assert policy.register["by_hand"].reach == where
    policy.begin_month(hand.model(persons))
    assert persons.contacts.tolist() == [2.0, 6.0]


def test_support_adds_up_over_levers_and_widens_hastens_and_keeps() -> None:
    many = hand.crowd(4000)
    base = dialled("lasting", 0.4, ramp=100, fade=0.5, contacts__gain=12.0)
    backing = (
        dialled(key="x", support__reach=0.5, support__ramp=0.3, support__durability=0.25),
        dialled(key="y", support__reach=0.25, support__ramp=0.2, support__durability=0.5),
    )
    policy = Levers((base, *backing))
    policy.begin_month(hand.model(many))
    # 25th month of a ramp of 50 instead of 100; of the yearly fading of one half a quarter is left.
    amount = 0.5 * 0.875**2
    came = many.contacts[many.contacts > 0]
    assert came == pytest.approx(np.full(came.size, amount), rel=1e-5)
    assert came.size / 4000 == pytest.approx(0.4 * 1.75, abs=0.03)
    everybody = hand.crowd(200)
    wide = dialled(key="x", support__reach=9.0)
    Levers((base, wide)).begin_month(hand.model(everybody))
    assert np.all(everybody.contacts > 0)


class Noted(Process):
    """A process that only notes what it is told."""

    def __init__(self, lever: Lever) -> None:
        super().__init__(lever)
        self.turns: list[Turn] = []
        self.proposed = 0

    def begin_month(self, model: Any, turn: Turn) -> None:
        self.turns.append(turn)

    def propose(self, model: Any) -> None:
        self.proposed += 1


def test_a_process_runs_on_after_its_lever_and_hears_of_rules(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(PROCESSES, "swap", Noted)
    levers = (
        dialled("institutions", 0.5, start=1, end=2, swap__volunteers=0.25),
        dialled(key="x", rules__ease=0.5, rules__delay=0.25),
        dialled(key="y", start=2, rules__ease=0.25, support__reach=0.2),
    )
    policy, of = Levers(levers), hand.model()
    for month in range(5):
        of.month = month
        policy.begin_month(of)
        policy.propose(of)
    (process,) = policy._processes.values()
    assert isinstance(process, Noted) and process.lever.key == "by_hand"
    given = [turn.given for turn in process.turns]
    assert given == [{"volunteers": 0.25}, {"volunteers": 0.25}, {}, {}]
    assert process.proposed == 4
    rules = [(turn.rules["ease"], turn.rules["delay"]) for turn in process.turns]
    assert rules == [(0.5, 0.25), (0.75, 0.25), (0.75, 0.25), (0.75, 0.25)]
    assert all(turn.accounts is policy.accounts for turn in process.turns)
    for turn, share in zip(process.turns, (0.5, 0.6, 0.6, 0.6), strict=True):
        area = find_area(of, process.lever, share)
        assert np.array_equal(turn.area.employers, area.employers)
        assert np.array_equal(turn.area.cells, area.cells)
        assert turn.effects.frictions.sector_left.tolist() == [1.0] * 9


def test_an_area_is_looked_for_once() -> None:
    policy, of = Levers((dialled(contacts__gain=1.0),)), hand.model()
    policy.begin_month(of)
    before = policy._area(of, policy.levers[0], 1.0)
    assert policy._area(of, policy.levers[0], 1.0) is before
    assert FIRM in np.flatnonzero(before.employers)
