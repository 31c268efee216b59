"""What each mover would answer, worked out by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from hesim import categories as c
from hesim.model.items import HEADINGS, Items
from hesim.model.ledger import empty_ledger
from hesim.random import uniforms
from hesim.survey import answers
from hesim.survey.answers import ItemBlock

KEY = np.uint64(23)
SPELLS = 300
TAGS = np.arange(1000, 1000 + SPELLS, dtype=np.uint64)


def logit(share: Any) -> Any:
    return np.log(share / (1.0 - np.asarray(share)))


def logistic(odds: Any) -> Any:
    return 1.0 / (1.0 + np.exp(-np.asarray(odds)))


def test_shares_become_log_odds_that_stay_finite() -> None:
    found = answers._logit(np.array([0.0, 0.005, 0.25, 0.5, 0.75, 0.995, 1.0]))
    expected = logit([0.005, 0.005, 0.25, 0.5, 0.75, 0.995, 0.995])
    assert found == pytest.approx(expected)


def items(*pooled: float, heading: tuple[int, ...], screener: float = 0.6) -> Items:
    names = tuple((HEADINGS[h], f"item {k}") for k, h in enumerate(heading))
    return Items(names, np.array(heading), np.array(pooled), np.full(5, screener))


def test_an_item_is_asked_under_a_heading_that_is_as_likely_as_any_of_its_items() -> None:
    pooled = (0.3, 0.8, 0.6, 0.1, 0.2, 0.5)
    screener, conditional = answers._odds(items(*pooled, heading=(0, 0, 1, 2, 3, 4)))
    assert screener == pytest.approx(logit([0.8, 0.6, 0.6, 0.6, 0.6]))
    given = [0.3 / 0.8, 0.995, 0.995, 0.1 / 0.6, 0.2 / 0.6, 0.5 / 0.6]
    assert conditional == pytest.approx(logit(given))


HEADING = np.array([0, 1, 1, 4, 3, 2])
SHIFT = np.linspace(-2.0, 2.0, SPELLS * 5).reshape(SPELLS, 5)[::-1]
GAIN = np.linspace(-1.0, 1.0, SPELLS)
BITS = np.arange(SPELLS, dtype=np.uint64)
SCREENER, ITEM = np.array([0.5, -0.5, 1.0, 0.0, 0.2]), np.array([0.3, -0.2, 0.8, 0.1, -0.6, 0.4])


@pytest.mark.parametrize(
    ("of_heading", "of_gain", "of_bit"),
    [
        (0.5, [0.0, 1.5, 0.0, 0.0, -2.0, 0.0], 0.0),
        (0.0, [0.0] * 6, 1.5),
        (0.0, [0.0, 0.0, 1.0, 0.0, 0.0, 0.0], 1.5),
        (0.3, [0.0] * 6, -1.0),
    ],
)
def test_everybody_answers_by_what_moves_them(
    of_heading: float, of_gain: list[float], of_bit: float
) -> None:
    """Heading by heading, then item by item under those agreed with: recomputed column by column.

    The first form of the compiled rule is that of push items, which nothing but a bit moves.
    """
    block = ItemBlock(SCREENER, ITEM, HEADING, of_heading, np.array(of_gain), of_bit)
    asked = np.arange(0, SPELLS, 3)
    headings, given = np.zeros((SPELLS, 5), np.bool_), np.zeros((SPELLS, 6), np.bool_)
    rule: Any = answers.answer
    rule(asked, TAGS, SHIFT, GAIN, BITS, block, KEY, headings, given)
    yes = np.zeros(SPELLS, np.bool_)
    yes[asked] = True
    for h in range(5):
        agrees = uniforms(KEY, TAGS, 1, h) < logistic(SCREENER[h] + SHIFT[:, h])
        assert np.array_equal(headings[:, h], agrees & yes), h
    for k, h in enumerate(HEADING):
        bit = BITS.astype(int) >> k & 1
        odds = ITEM[k] + of_heading * SHIFT[:, h] + of_gain[k] * GAIN + of_bit * bit
        agrees = uniforms(KEY, TAGS, 1, 5 + k) < logistic(odds)
        assert np.array_equal(given[:, k], agrees & headings[:, h]), k
        assert given[:, k].any()


def test_items_that_bit_are_counted_under_their_headings() -> None:
    push = np.zeros((5, 5))
    push[4] = 1.0
    rule: Any = answers.count_bites.py_func
    # The bit of an exposure that says it was drawn is no item.
    drawn = 1 << 63
    bits = np.array([0, 0b1, 0b110, 0b101010 | drawn, 0b111111], np.uint64)
    rule(bits, np.array([0, 1, 1, 4, 3, 2]), push)
    assert push.tolist() == [
        [0, 0, 0, 0, 0],
        [1, 0, 0, 0, 0],
        [0, 2, 0, 0, 0],
        [0, 1, 1, 0, 1],
        [2, 3, 2, 2, 2],
    ]


def hand_model() -> Any:
    """Four spells: a step, a first job, a job lost and a step of the burn-in."""
    ledger = empty_ledger(1, 9)
    ledger.used[1] = 4
    rows: dict[str, list[int]] = {
        "person": [11, 12, 13, 14],
        "left": [5, -1, 0, -9],
        "joined": [6, 0, -1, -8],
        "from": [0, -1, 1, 0],
        "to": [1, 0, -1, 1],
        "from_role": [0, 0, 1, 0],
        "to_role": [1, 0, 0, 1],
        "from_contract": [2, 3, 1, 2],
        "to_contract": [0, 1, 3, 0],
        "exposure": [0b011, 0, 0b100, 0b111],
        "channels": [0b1, 0b100000000010, 0, 0b10],
    }
    for name, values in rows.items():
        getattr(ledger, f"m_{name}")[:4] = values
    value = np.arange(20.0).reshape(2, 2, 5) / 10.0
    pull = Items(
        (
            ("work_itself", "a"),
            ("preconditions", "job_security"),
            ("people", "permanent_post"),
            ("organisation", "b"),
            ("working_conditions", "c"),
        ),
        np.array([0, 3, 1, 4, 2]),
        np.array([0.3, 0.4, 0.2, 0.1, 0.5]),
        np.full(5, 0.6),
    )
    push = Items(
        (
            ("people", "x"),
            ("people", "y"),
            ("work_itself", "z"),
            ("working_conditions", "p"),
            ("preconditions", "q"),
            ("organisation", "r"),
        ),
        np.array([1, 1, 0, 2, 3, 4]),
        np.array([0.2, 0.3, 0.4, 0.1, 0.1, 0.1]),
        np.full(5, 0.5),
    )
    numbers = {"survey.pull_scale": 2.0, "survey.push_scale": 0.5, "survey.item_share": 0.25}
    offsets = {
        f"survey.offset.{side}": {
            **{heading: base + 0.1 * k for k, heading in enumerate(HEADINGS)},
            **{name: 10 * base + 0.1 * k for k, (_, name) in enumerate(each.names)},
        }
        for side, each, base in (("pull", pull, 0.01), ("push", push, -0.02))
    }
    return SimpleNamespace(
        ledger=ledger,
        state=SimpleNamespace(
            choice=SimpleNamespace(value=value, security=np.array([0.9, 0.5, 0.2, 0.0]))
        ),
        rates=SimpleNamespace(
            pull_items=pull,
            push_items=push,
            push=SimpleNamespace(typical=np.array([0.1, 0.2, 0.4, 0.3, 0.5, 0.6])),
        ),
        settings=SimpleNamespace(number=numbers.__getitem__, mapping=offsets.__getitem__),
        streams=SimpleNamespace(pull=np.uint64(1), push_answer=np.uint64(2)),
    )


def test_the_new_job_is_set_against_the_old_one() -> None:
    found = answers.differences(hand_model())
    # Values are 0.1 apart from heading to heading, 0.5 from role to role, 1 between employers.
    assert found.pull == pytest.approx(np.array([[1.5] * 5, [0.0] * 5, [0.5 - 1.0] * 5, [1.5] * 5]))
    assert found.gain == pytest.approx([0.7, 0.5, -0.5, 0.7])
    assert found.push.tolist() == [
        [0, 2, 0, 0, 0],
        [0, 0, 0, 0, 0],
        [1, 0, 0, 0, 0],
        [1, 2, 0, 0, 0],
    ]


def test_the_questionnaire_has_the_settings_scales_and_offsets() -> None:
    model = hand_model()
    moved = answers.differences(model)
    found = answers.questions(model, moved)
    screener, odds = answers._odds(model.rates.pull_items)
    assert found.pull.screener == pytest.approx(screener + 0.01 + 0.1 * np.arange(5))
    assert found.pull.item == pytest.approx(odds + 0.1 + 0.1 * np.arange(5))
    assert found.pull.of_gain.tolist() == [0.0, 2.0, 2.0, 0.0, 0.0]
    assert (found.pull.of_heading, found.pull.of_bit) == (0.25, 0.0)
    assert found.pull_shift == pytest.approx(2.0 * moved.pull)
    screener, odds = answers._odds(model.rates.push_items)
    typical = model.rates.push.typical
    assert found.push.screener == pytest.approx(screener - 0.02 + 0.1 * np.arange(5))
    assert found.push.item == pytest.approx(odds - 0.5 * typical - 0.2 + 0.1 * np.arange(6))
    assert (found.push.of_heading, found.push.of_bit) == (0.0, 0.5)
    assert found.push.of_gain.tolist() == [0.0] * 6
    usual = np.array([0.4, 0.3, 0.3, 0.5, 0.6])
    assert found.push_shift == pytest.approx(0.5 * (moved.push - usual))


def test_each_is_asked_about_what_applies() -> None:
    model = hand_model()
    # Who is asked agrees with everything.
    for side in ("pull", "push"):
        offsets = model.settings.mapping(f"survey.offset.{side}")
        offsets.update(dict.fromkeys(offsets, 99.0))
    found = answers.ask(model)
    assert found.pull.all(axis=1).tolist() == [True, True, False, False]
    assert found.push.all(axis=1).tolist() == [True, False, True, False]
    for given, headings in ((found.pull, found.pull_headings), (found.push, found.push_headings)):
        assert np.array_equal(given.any(axis=1), given.all(axis=1))
        assert np.array_equal(headings.all(axis=1), given.all(axis=1))
        assert np.array_equal(headings.any(axis=1), given.all(axis=1))
    assert found.pull.shape == (4, 5) and found.push.shape == (4, 6)
    named = [[c.CHANNELS[k] for k in np.flatnonzero(row)] for row in found.channels]
    assert found.channels.shape == (4, 12)
    assert named == [["newspaper_ad"], ["internet_ad", "other"], [], ["internet_ad"]]


def test_answers_depend_on_the_person_and_the_month_of_joining() -> None:
    model = hand_model()
    model.ledger.m_from[0] = model.ledger.m_to[0]
    moved = answers.differences(model)
    block = answers.questions(model, moved).pull
    joined = np.array([6, 0, -1, -8])
    tags = np.array([11, 12, 13, 14], np.uint64) ^ (joined.astype(np.uint64) << np.uint64(34))
    first = uniforms(np.uint64(1), tags, 1, 0) < logistic(
        block.screener[0] + 2.0 * moved.pull[:, 0]
    )
    assert answers.ask(model).pull_headings[:2, 0].tolist() == first[:2].tolist()
