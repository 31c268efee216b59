"""Who sees which vacancy, worked out by hand."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from hesim import categories as c
from hesim.model import visibility
from hesim.model.board import GRID, REGIONS, SECTORS
from hesim.model.channels import ACQUAINTANCES, ASKED, ChannelRates, TieGains
from hesim.model.visibility import FamiliarityRates, Rounds, Viewer
from hesim.random import moment, output_at, uniform, words_below

HBO, WO, OUTSIDE, NONE = 0, 1, 2, 3
KEY = np.uint64(3)
PEOPLE = 3000


def someone(**facts: Any) -> Viewer:
    ordinary = {
        "identity": np.uint64(1),
        "since": 5,
        "kind": HBO,
        "origin": HBO,
        "insider": True,
        "worked": True,
        "region": 2,
        "awareness": 0.2,
        "past": 0,
        "contacts": 0.0,
        "known": 0.0,
        "elsewhere": 0.5,
    }
    whole = {**ordinary, **facts}
    # Codes are NumPy's numbers, as they come out of columns.
    codes = {name: np.int64(whole[name]) for name in ("kind", "origin", "region", "since")}
    return Viewer(**whole | codes)


STUDIED, SURE = 1, 2
"""Pasts of the rates below: no more is told apart here, see `test_familiarity`."""
RATES = FamiliarityRates(
    insider=np.array([[0.25] * 2, [0.5] * 2, [1.0] * 2, [0.0] * 2]),
    outsider=np.array([[1.0] * 2, [3.0] * 2, [1.0] * 2, [1.0] * 2]),
    contact=0.0,
    near=np.zeros(1, np.uint8),
)
NOTHING = 3


def share(kind: int, /, outsider: float = 0.3, **facts: Any) -> float:
    rule: Any = visibility.thinks_of.py_func
    return float(
        np.mean(
            [
                rule(
                    someone(identity=np.uint64(i), **facts),
                    np.int64(kind),
                    outsider,
                    RATES,
                    KEY,
                )
                for i in range(PEOPLE)
            ]
        )
    )


def test_an_insider_thinks_of_the_other_sector_by_biography_or_awareness() -> None:
    assert share(WO) == pytest.approx(0.25 + 0.75 * 0.2, abs=0.03)
    assert share(WO, past=STUDIED) == pytest.approx(0.5 + 0.5 * 0.2, abs=0.03)


def test_an_outsider_thinks_of_a_sector_by_biography() -> None:
    nobody = {"insider": False, "origin": NONE}
    assert share(WO, **nobody) == pytest.approx(0.3, abs=0.03)
    assert share(WO, past=STUDIED, **nobody) == pytest.approx(0.9 / 1.6, abs=0.03)


def test_everybody_thinks_of_where_they_come_from() -> None:
    assert share(HBO, past=NOTHING, awareness=0.0) == 1.0
    # Who lost a job there, too.
    assert share(WO, kind=NONE, origin=WO, past=NOTHING, awareness=0.0) == 1.0


def test_policy_shrinks_what_is_not_thought_of() -> None:
    assert share(WO, known=0.5) == pytest.approx(0.4 + 0.6 * 0.5, abs=0.03)
    assert share(WO, known=1.0) == 1.0


def test_the_sure_need_no_draw() -> None:
    assert share(WO, past=NOTHING, awareness=0.0) == 0.0
    assert share(WO, past=SURE) == 1.0


def test_a_search_is_thought_over_once_and_another_one_anew() -> None:
    rule: Any = visibility.thinks_of.py_func
    first = [rule(someone(identity=np.uint64(i)), WO, 0.3, RATES, KEY) for i in range(200)]
    assert first == [rule(someone(identity=np.uint64(i)), WO, 0.3, RATES, KEY) for i in range(200)]
    later = [rule(someone(identity=np.uint64(i), since=6), WO, 0.3, RATES, KEY) for i in range(200)]
    assert first != later


CHANNELS = ChannelRates(
    chance=np.zeros((4, 3, len(c.CHANNELS))),
    unseen=np.full((4, 3, 2), 0.8),
    gains=TieGains(contacts=0.5, contacts_most=2.0, partner=1.0, most=0.9),
)
CHANNELS.chance[:, :, ACQUAINTANCES] = 0.2
CHANNELS.chance[:, :, ASKED] = 0.1
CHANNELS.unseen[:, :, 0] = 0.9


def seen(who: Viewer, kind: int, partners: bool = False) -> float:
    rule: Any = visibility.chance_to_see.py_func
    return float(rule(who, kind, partners, CHANNELS.unseen, CHANNELS.chance, CHANNELS))


def test_a_vacancy_is_seen_unless_every_channel_misses_it() -> None:
    assert seen(someone(), HBO) == pytest.approx(1 - 0.8 * 0.8 * 0.9)
    assert seen(someone(worked=False), HBO) == pytest.approx(1 - 0.9 * 0.8 * 0.9)


def test_ties_count_between_hbo_and_wo_alone() -> None:
    tied = someone(contacts=1.0)
    assert seen(tied, WO) == pytest.approx(1 - 0.8 * 0.7 * 0.85)
    assert seen(tied, WO, partners=True) == pytest.approx(1 - 0.8 * 0.4 * 0.7)
    assert seen(tied, HBO, partners=True) == seen(someone(), HBO)
    assert seen(someone(kind=WO, contacts=1.0), HBO) == pytest.approx(1 - 0.8 * 0.7 * 0.85)
    assert seen(someone(kind=OUTSIDE, contacts=1.0), WO) == seen(someone(), HBO)
    assert seen(someone(contacts=99.0), WO) == pytest.approx(1 - 0.8 * 0.6 * 0.8)


def limits(who: Viewer, promoted: float = 0.0) -> tuple[int, np.ndarray]:
    rule: Any = visibility.note_limits.py_func
    more = np.zeros((2, 4))
    more[1] = promoted
    found = np.zeros((2 * SECTORS * REGIONS, 2), np.uint64)
    bits = rule(
        who,
        np.array([0.0, 0.0]),
        RATES,
        CHANNELS.unseen,
        CHANNELS.chance,
        CHANNELS,
        more,
        KEY,
        found,
    )
    return int(bits), found.reshape(2, SECTORS, REGIONS, 2)


def test_limits_hold_the_chance_by_kind_region_and_partnership() -> None:
    who = someone(past=SURE, contacts=1.0)
    bits, found = limits(who, promoted=0.25)
    assert bits == 0b11
    for kind in range(SECTORS):
        for region in range(REGIONS):
            near = 1.0 if region == 2 else 0.5
            for partners in range(2):
                plain = seen(who, kind, partners == 1)
                promoted = plain + (1 - plain) * 0.25
                assert found[0, kind, region, partners] == words_below(plain * near)
                assert found[1, kind, region, partners] == words_below(promoted * near)


def test_a_sector_not_thought_of_shows_nothing_whatever_policy_does() -> None:
    bits, found = limits(someone(past=NOTHING, awareness=0.0), promoted=0.25)
    assert bits == 0b01
    assert not found[:, WO].any()
    assert found[:, HBO].all()
    nobody = someone(kind=NONE, origin=NONE, insider=False, past=NOTHING)
    bits, found = limits(nobody, promoted=0.25)
    assert bits == 0
    assert not found.any()


@pytest.mark.parametrize(("contacts", "chance"), [(0.0, 0.4), (3.0, 0.58), (30.0, 1.0)])
def test_each_contact_is_a_source_of_its_own(contacts: float, chance: float) -> None:
    rule: Any = visibility.chance_by_biography.py_func
    rates = RATES._replace(contact=0.1)
    # Past 1 - 0.25, awareness 1 - 0.2, and so many contacts of a tenth each leave it unthought of.
    assert rule(someone(contacts=contacts), WO, 0.3, rates) == pytest.approx(chance)


@pytest.mark.parametrize(
    ("months", "band"), [(0, 0), (35, 0), (36, 1), (119, 1), (120, 2), (999, 2)]
)
def test_bands_begin_at_their_edges(months: int, band: int) -> None:
    rule: Any = visibility.band_of.py_func
    assert rule(months, np.array([36, 120])) == band


def circles(mixing: float) -> Rounds:
    return Rounds(np.full(4, 0.5), 0.2, mixing, np.array([0.1, 0.4, 0.6, 1.0]))


@pytest.mark.parametrize(
    ("draw", "mixing", "circle"),
    [
        (0.0, 0.0, 0),
        (0.04, 0.0, 0),
        (0.06, 0.0, 1),
        (0.199, 0.0, 3),
        (0.2, 0.0, 2),
        (0.21, 0.0, 2),
        (0.999, 0.0, 2),
        (0.2, 0.4, 0),
        (0.23, 0.4, 0),
        (0.25, 0.4, 1),
        (0.37, 0.4, 2),
        (0.59, 0.4, 3),
        (0.61, 0.4, 2),
    ],
)
def test_a_seeker_looks_at_the_own_circle_or_now_and_then_another(
    draw: float, mixing: float, circle: int
) -> None:
    rule: Any = visibility.circle_of.py_func
    assert rule(2, draw, circles(mixing)) == circle


@pytest.mark.parametrize(("length", "pieces"), [(0.2, 1), (1.0, 1), (1.01, 2), (2.5, 3)])
def test_long_arcs_are_walked_in_pieces_of_at_most_a_circle(length: float, pieces: int) -> None:
    rule: Any = visibility.whole_from.py_func
    assert rule(length) == pieces


def test_a_look_is_one_piece_of_the_arc_and_new_each_month_and_turn() -> None:
    rounds = Rounds(np.array([2.5, 2.5]), 0.0, 0.0, np.array([0.5, 1.0]))
    rule: Any = visibility.look_from
    looks = [rule(np.uint64(9), 1, turn, month, rounds, KEY) for turn in (0, 1) for month in (3, 4)]
    assert len({start for _, start, _ in looks}) == 4
    for circle, start, length in looks:
        assert circle == 1 and 1.0 <= start < 2.0
        assert length == pytest.approx(2.5 / 3)


def test_the_draws_of_a_look_have_lanes_of_their_own() -> None:
    rounds = Rounds(np.array([2.5, 0.5]), 0.5, 0.0, np.array([0.5, 1.0]))
    look_from: Any = visibility.look_from
    circle_of: Any = visibility.circle_of.py_func
    seen = set()
    for number, turn, month in product((7, 8), (0, 1, 2), (3, 4)):
        one, lane = np.uint64(number), 256 * turn
        circle = circle_of(0, uniform(KEY, one, month, lane + 2), rounds)
        start = circle + uniform(KEY, one, month, lane)
        found = look_from(one, 0, turn, month, rounds, KEY)
        assert found == pytest.approx((circle, start, rounds.arc[circle] / 3))
        seen.add(circle)
    assert seen == {0, 1}
    seed_of_look: Any = visibility.seed_of_look
    for number, look, month in product((7, 8), (0, 1, 2), (3, 4)):
        one = np.uint64(number)
        seed = np.uint64(seed_of_look(one, look, month, KEY))
        assert seed == np.uint64(output_at(np.uint64(moment(KEY, month, 8 + look)), one))


def rows(start: float, width: float, circle: int = 1) -> list[int]:
    """Rows of the board on a stretch, by the rule; places 0.1 apart on two circles."""
    place = np.arange(0.05, 2.0, 0.1)
    first = np.searchsorted(place, np.arange(2 * GRID + 1) / GRID).astype(np.uint32)
    rule: Any = visibility.stretch.py_func
    found: list[int] = []
    for part in range(2):
        begin, stop = rule(place, first, circle, start, width, part)
        found += range(begin, stop)
    return found


@pytest.mark.parametrize(
    ("start", "width", "circle"),
    [
        (1.0, 0.3, 1),
        (1.2, 0.35, 1),
        (1.8, 0.5, 1),
        (1.999, 0.9, 1),
        (0.3, 0.2, 0),
        (0.95, 0.3, 0),
        (1.4, 1.0, 1),
        (1.31, 0.02, 1),
    ],
)
def test_a_stretch_holds_what_lies_on_it_and_goes_on_at_the_beginning(
    start: float, width: float, circle: int
) -> None:
    place = np.arange(0.05, 2.0, 0.1)
    on_circle = [int(k) for k in np.flatnonzero((place >= circle) & (place < circle + 1))]
    wanted = [k for k in on_circle if (place[k] - start) % 1.0 < width]
    found = rows(start, width, circle)
    assert sorted(found) == wanted
    assert len(set(found)) == len(found)
