"""Participants beside their twins in a world of a few persons, worked out by hand."""

from __future__ import annotations

from typing import Any

import hand_policy as hand
import numpy as np
import pytest
from hand_policy import FIRM, HBO_EAST, WO_EAST

from hesim import categories as c
from hesim.levers.attendance import Participants
from hesim.model.ledger import complete_spell, open_spell
from hesim.model.policy import DUAL
from hesim.model.push import ON_THE_JOB
from hesim.outcomes.summary import interval
from hesim.record.participant_table import (
    EVERYBODY,
    WHOLE_RUN,
    over_replications,
    participant_rows,
    table_of_run,
    totals_of,
)
from hesim.record.participants import (
    APART,
    HORIZONS,
    MEASURES,
    OTHER_SECTOR,
    OTHERS,
    PARTICIPANTS,
    PERSONS,
    WORLDS,
    count_participants,
    follow,
    in_states,
    participant_columns,
)
from hesim.record.whereabouts import (
    GONE,
    IN_HBO,
    IN_WO,
    JOBLESS,
    PERMANENT,
    PLACES,
    SEARCHING,
    SECOND_IN_HBO,
    SECOND_IN_WO,
    UNKNOWN,
    Lives,
    Whereabouts,
    states_of,
)

YEARS = 6
Events = dict[int, list[dict[str, Any]]]
ME = hand.FIRST_IDENTITY


def ids(*numbers: int) -> Any:
    return np.array(numbers, np.uint64)


def live(of: Any, events: Events, months: int = 12 * YEARS) -> Lives:
    """Let months pass from the last of the burn-in on; an event sets columns of a row.

    Who gets an `employer` of the other sector crosses, by a spell of the ledger.
    """
    seen = Whereabouts()
    for month in range(-2, months):
        for event in events.get(month, []):
            p, row = of.persons, event["row"]
            moves = "employer" in event and event["employer"] >= 0 and p.employer[row] >= 0
            spell = open_spell(of.ledger, p.columns, row, month, 0) if moves else -1
            for name, value in event.items():
                if name != "row":
                    getattr(p, name)[row] = value
            if moves:
                complete_spell(of.ledger, spell, p.columns, row, month, 0)
        of.month = month + 1
        seen.after_month(of)
    return seen.lives(of)


def names(states: Any) -> list[str]:
    return [PLACES[state & 7] if state != UNKNOWN else "" for state in states.tolist()]


def test_a_state_says_place_contract_second_post_and_search() -> None:
    of = hand.model(
        hand.people(
            {},
            {"employer": WO_EAST, "contract": c.WITH_PROSPECT, "search": ON_THE_JOB},
            {"employer": FIRM},
            {"employer": -1, "contract": c.NO_CONTRACT},
            {"marks": DUAL, "employer2": WO_EAST},
            {"employer": WO_EAST, "marks": DUAL, "employer2": HBO_EAST},
            # A second job that no joint appointment has brought fills no post.
            {"employer2": WO_EAST},
            {"present": 0},
        )
    )
    assert states_of(of).tolist() == [
        IN_HBO | PERMANENT,
        IN_WO | SEARCHING,
        PLACES.index("elsewhere") | PERMANENT,
        JOBLESS,
        IN_HBO | PERMANENT | SECOND_IN_WO,
        IN_WO | PERMANENT | SECOND_IN_HBO,
        IN_HBO | PERMANENT,
        GONE,
    ]


def test_a_person_is_found_by_identity_though_rows_are_given_to_others() -> None:
    of = hand.model(hand.people({}, {"employer": WO_EAST}))
    lives = live(
        of,
        {
            4: [{"row": 0, "present": 0}],
            6: [{"row": 0, "present": 1, "id": 7, "employer": WO_EAST}],
            8: [{"row": 1, "id": 9, "employer": -1}],
        },
        months=12,
    )
    months = np.array([-1, 3, 4, 6, 11])
    assert names(lives.at(np.full(5, ME, np.uint64), months)) == ["hbo", "hbo", *["gone"] * 3]
    found = lives.at(np.full(5, 7, np.uint64), months)
    assert names(found) == ["gone", "gone", "gone", "wo", "wo"]
    later = np.array([-1, 7, 8, 11])
    assert names(lives.at(np.full(4, ME + 1, np.uint64), later)) == ["wo", "wo", "gone", "gone"]
    assert names(lives.at(np.full(4, 9, np.uint64), later)) == ["gone", "gone", "no_job", "no_job"]
    # Who never was there is not in the population; months that nobody saw are not known.
    assert names(lives.at(ids(1, ME, ME), np.array([5, -2, 12]))) == ["gone", "", ""]


def test_one_secondment() -> None:
    """A lecturer is seconded in month 14, and crosses 20 months later; the twin never does."""
    people = ({}, {"employer": WO_EAST}, {})
    baseline = live(hand.model(hand.people(*people)), {})
    crosses = {"row": 0, "employer": WO_EAST, "contract": c.WITH_PROSPECT}
    policy = live(hand.model(hand.people(*people)), {34: [crosses]})
    took = Participants(ids(ME), np.array([14], np.int16), np.array([c.HBO], np.uint8))
    found = follow(took, baseline, policy)
    assert found.alike.tolist() == [True]
    assert names(found.states[0, 0]) == ["hbo", "hbo", ""]
    # The run ends before the sixtieth month.
    assert names(found.states[0, 1]) == ["hbo", "wo", ""]
    assert found.crossings[0, :, :2].tolist() == [[[0, 0], [0, 0]], [[0, 0], [0, 1]]]
    counts = count_participants({"secondment": took}, baseline, policy, YEARS, 0.5)["secondment"]
    assert counts["36", "policy", "hbo_to_wo"].tolist() == [0, 2, 0, 0, 0, 0]
    assert counts["36", "policy", PERSONS].tolist() == [0, 2, 0, 0, 0, 0]
    assert counts["60", "policy", PERSONS].sum() == 0
    rows = {
        (row["after"], row["group"], row["measure"]): row
        for row in table_of_run({"secondment": [counts]}, before=1)
    }
    own = rows["36 months", PARTICIPANTS, OTHER_SECTOR]
    assert (own["baseline"], own["policy"], own["difference"]) == (0.0, 100.0, 100.0)
    assert rows["36 months", PARTICIPANTS, "permanent"]["difference"] == -100.0
    assert rows["12 months", PARTICIPANTS, "in_wo"]["difference"] == 0.0
    assert rows[WHOLE_RUN, PARTICIPANTS, "hbo_to_wo"]["difference"] == 100.0
    # Nobody else does otherwise.
    assert rows[WHOLE_RUN, OTHERS, "in_wo"]["difference"] == 0.0
    assert rows[WHOLE_RUN, OTHERS, "in_wo"]["baseline"] == 100.0
    assert rows[WHOLE_RUN, EVERYBODY, "in_hbo"]["difference"] == -100.0
    assert ("60 months", PARTICIPANTS, "in_wo") not in rows


def test_a_horizon_ends_with_its_last_month() -> None:
    """Somebody who takes part in month 0 is looked up at the end of month 11, a year later."""
    took = Participants(ids(ME), np.zeros(1, np.int16), np.zeros(1, np.uint8))
    still = live(hand.model(), {})
    for month, crossed in ((0, 1), (11, 1), (12, 0)):
        moved = live(hand.model(), {month: [{"row": 0, "employer": WO_EAST}]})
        found = follow(took, still, moved)
        assert found.crossings[0, 1, 0].tolist() == [0, crossed]
        assert names(found.states[0, 1, :1]) == [["hbo", "wo"][crossed]]
        assert found.alike.tolist() == [True]
    before = live(hand.model(), {-1: [{"row": 0, "employer": WO_EAST}]})
    assert follow(took, still, before).crossings.sum() == 0


@pytest.mark.parametrize(
    "event",
    [
        {"employer": WO_EAST},
        {"contract": c.WITH_PROSPECT},
        {"search": ON_THE_JOB},
        {"marks": DUAL, "employer2": WO_EAST},
        {"present": 0},
    ],
)
def test_who_differs_from_the_twin_before_taking_part_is_left_out_and_told(
    event: dict[str, Any],
) -> None:
    baseline = live(hand.model(), {})
    for month, apart in ((9, True), (10, False)):
        policy = live(hand.model(), {month: [{"row": 0, **event}]})
        took = Participants(ids(ME), np.array([10], np.int16), np.zeros(1, np.uint8))
        counts = count_participants({"x": took}, baseline, policy, YEARS, 1.0)["x"]
        for when in ("12", PARTICIPANTS):
            assert counts[when, "policy", APART].sum() == apart
            assert counts[when, "policy", PERSONS].sum() == (not apart)
        # On the calendar this person is one of the others then.
        group = OTHERS if apart else PARTICIPANTS
        assert counts[group, "baseline", "in_hbo"].tolist() == [1.0] * YEARS


def test_a_swap_conserves_heads_and_posts() -> None:
    swap = [{"row": 0, "employer": WO_EAST}, {"row": 1, "employer": HBO_EAST}]
    back = [{"row": 0, "employer": HBO_EAST}, {"row": 1, "employer": WO_EAST}]
    people = ({}, {"employer": WO_EAST}, {})
    took = Participants(ids(ME, ME + 1), np.full(2, 5, np.int16), np.array([0, 1], np.uint8))
    baseline = live(hand.model(hand.people(*people)), {})
    policy = live(hand.model(hand.people(*people)), {5: swap, 20: back})
    counts = count_participants({"x": took}, baseline, policy, YEARS, 1.0)["x"]
    for world in WORLDS:
        for when in map(str, HORIZONS):
            assert counts[when, world, "in_hbo"].sum() == 1
            assert counts[when, world, "in_wo"].sum() == 1
    assert counts["12", "policy", OTHER_SECTOR].sum() == 2
    assert counts["36", "policy", OTHER_SECTOR].sum() == 0


def random_world(seed: int, people: int = 60) -> Lives:
    """People who move about at random, come and go, and some with a second post."""
    rng = np.random.default_rng(seed)
    events: Events = {}
    for _ in range(400):
        month, row = int(rng.integers(0, 12 * YEARS)), int(rng.integers(people))
        kind = rng.integers(5)
        # A joint appointment ends with the main job.
        event = {"row": row, "employer": int(rng.choice([-1, 0, 3, 6])), "marks": 0}
        if kind == 0:
            event = {"row": row, "present": int(rng.integers(2))}
        elif kind == 1:
            main, second = rng.permutation([HBO_EAST, WO_EAST]).tolist()
            event = {"row": row, "employer": main, "marks": DUAL, "employer2": second}
        elif kind == 2:
            event = {"row": row, "contract": int(rng.integers(3))}
        events.setdefault(month, []).append(event)
    made = hand.model(hand.crowd(people))
    made.ledger = hand.empty_ledger(10, 1000)
    return live(made, events)


def test_heads_are_conserved_and_the_parts_add_up_to_the_world() -> None:
    baseline, policy = random_world(1), random_world(2)
    who = ids(*range(ME, ME + 30))
    homes = np.arange(30, dtype=np.uint8) % 2
    took = Participants(who, (np.arange(30) // 2).astype(np.int16), homes)
    nobody = Participants(who[:0], took.month[:0], homes[:0])
    found = count_participants({"x": took, "y": nobody}, baseline, policy, YEARS, 1.0)
    counts = found["x"]
    for world, lives in zip(WORLDS, (baseline, policy), strict=True):
        for when in map(str, HORIZONS):
            heads = sum(counts[when, world, name] for name in ("in_hbo", "in_wo", "elsewhere"))
            heads = heads + counts[when, world, "no_job"] + counts[when, world, "gone"]
            heads = heads - counts[when, world, "two_posts"]
            assert heads.tolist() == counts[when, "policy", PERSONS].tolist()
        for year in range(YEARS):
            month = np.full(60, 12 * year + 11)
            states = lives.at(ids(*range(ME, ME + 60)), month)
            truth = in_states(states, np.full(60, c.NO_KIND, np.uint8))
            for name in ("in_hbo", "in_wo", "two_posts", "permanent", "no_job", "gone"):
                parts = [counts[group, world, name][year] for group in (PARTICIPANTS, OTHERS)]
                assert sum(parts) == truth[name].sum()
                assert found["y"][OTHERS, world, name][year] == truth[name].sum()
            for code, name in enumerate(("wo_to_hbo", "hbo_to_wo")):
                crossed = (lives.crossed // 12 == year) & (lives.way == code)
                parts = [counts[group, world, name][year] for group in (PARTICIPANTS, OTHERS)]
                assert sum(parts) == crossed.sum()
    assert 0 < counts[PARTICIPANTS, "policy", APART].sum() < 30
    assert counts[PARTICIPANTS, "policy", "hbo_to_wo"].sum() > 0


def test_the_table_is_paired_and_its_parts_add_up() -> None:
    runs = []
    for seed in range(3):
        took = Participants(
            ids(*range(ME, ME + 20 + seed)),
            np.zeros(20 + seed, np.int16),
            np.zeros(20 + seed, np.uint8),
        )
        worlds = random_world(seed), random_world(seed + 10)
        runs.append(count_participants({"x": took}, *worlds, YEARS, 0.1)["x"])
    rows = list(participant_rows("x", totals_of(runs, 2), over_replications))
    by = {(row["after"], row["group"], row["measure"]): row for row in rows}
    for measure in MEASURES:
        own = by["36 months", PARTICIPANTS, measure]
        assert own["difference"] == pytest.approx(own["policy"] - own["baseline"])
        each = [
            100.0
            * (one["36", "policy", measure].sum() - one["36", "baseline", measure].sum())
            / one["36", "policy", PERSONS].sum()
            for one in runs
        ]
        ends = [own[f"difference{end}"] for end in ("", "_low", "_high")]
        assert ends == pytest.approx(interval(np.array(each)))
        assert own["distinguishable"] == (ends[1] > 0 or ends[2] < 0)
        if measure != OTHER_SECTOR:
            parts = [
                by[WHOLE_RUN, group, measure]["difference"] for group in (PARTICIPANTS, OTHERS)
            ]
            assert sum(parts) == pytest.approx(by[WHOLE_RUN, EVERYBODY, measure]["difference"])
    # Crossings from the third year on; where people are at the end of the last.
    one = runs[0]
    lone = {
        (row["group"], row["measure"]): row
        for row in participant_rows("x", totals_of(runs[:1], 2), over_replications)
        if row["after"] == WHOLE_RUN
    }
    persons = one[PARTICIPANTS, "policy", PERSONS].sum()
    crossed = one[OTHERS, "policy", "wo_to_hbo"][2:].sum()
    assert lone[OTHERS, "wo_to_hbo"]["policy"] == pytest.approx(100 * crossed / persons)
    last = one[OTHERS, "policy", "in_wo"][-1]
    assert lone[OTHERS, "in_wo"]["policy"] == pytest.approx(100 * last / persons)
    assert np.isnan(lone[OTHERS, "in_wo"]["difference_low"])
    assert lone[OTHERS, "in_wo"]["distinguishable"] is False


def test_the_file_has_a_row_for_each_participant_with_both_worlds() -> None:
    baseline = live(hand.model(), {})
    policy = live(hand.model(), {30: [{"row": 0, "employer": WO_EAST, "marks": DUAL}]})
    took = Participants(ids(ME), np.array([20], np.int16), np.array([c.HBO], np.uint8))
    months = (*(f"month {k}" for k in range(12 * YEARS)), "")
    made = participant_columns({"x": took, "y": took}, baseline, policy, months)

    def cells(name: str) -> list[Any]:
        column: Any = made[name]
        if hasattr(column, "codes"):
            return [column.names[code] for code in column.codes.tolist()]
        values: list[Any] = column.tolist()
        return values

    assert cells("lever") == ["x", "y"]
    assert cells("person") == [ME, ME]
    assert cells("month") == ["month 20"] * 2
    assert cells("home") == ["hbo"] * 2
    assert cells("alike") == [True, True]
    assert cells("policy_12_place") == ["wo", "wo"]
    assert cells("baseline_12_place") == ["hbo", "hbo"]
    assert cells("policy_before_place") == ["hbo", "hbo"]
    assert cells("policy_60_place") == ["", ""]
    assert cells("policy_60_permanent") == [False, False]
    assert cells("policy_12_hbo_to_wo") == [1, 1]
    assert cells("baseline_12_second_post") == ["", ""]
