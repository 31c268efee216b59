"""Let simulated movers answer the questionnaire: pull and push items, and how they found the job.

Agreement with a factor: P(agree) = logit^-1(a_k + s dx), dx the mover's own difference (value of
the new job over the old by heading; for push items the exposure less what is typical), a_k the
item's pooled log-odds over both groups asked, plus an offset that the calibration sets in closed
form so that pooled agreement comes out as published. No intercept by group. Headings are screeners:
an item is agreed with only under its heading. Draws are keyed by person and month.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.compilation import compiled
from hesim.model.items import HEADINGS, Items
from hesim.random import moment, uniform_of

if TYPE_CHECKING:
    from hesim.model.higher_education import HigherEducation

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
OF_SECURITY = ("job_security", "permanent_post")
"""Pull items that answer to the security gained, beside their heading."""


@dataclass(frozen=True)
class Answers:
    """What each spell's person would answer; all false where the question makes no sense.

    Attributes:
        channels: Shape (spells, 12).
        pull: Items of `model.rates.pull_items`, shape (spells, items); false without a new job.
        pull_headings: Shape (spells, 5).
        push: Items of `model.rates.push_items`; false without an old job.
        push_headings: Shape (spells, 5).
    """

    channels: Flags
    pull: Flags
    pull_headings: Flags
    push: Flags
    push_headings: Flags


class Differences(NamedTuple):
    """What moves each spell's answers, before any scale.

    Attributes:
        pull: New job's value less the old one's by heading; 0 without an old job; (spells, 5).
        gain: Security gained; shape (spells,).
        push: Push items that bit by heading, shape (spells, 5).
    """

    pull: Floats
    gain: Floats
    push: Floats


class ItemBlock(NamedTuple):
    """Items that one kind of mover is asked about, with what moves agreement with each.

    An item's log-odds, given its heading: `item` + `of_heading` x the heading's shift + `of_gain` x
    the mover's gain + (`of_bit` if the item's bit is set).

    Attributes:
        screener: Log-odds of agreeing with each heading, shape (5,).
        item: Log-odds of agreeing with each item under its heading, shape (items,).
        heading: Heading of each item.
        of_heading: Share of the heading's shift that the items take.
        of_gain: Weight of the gain for each item.
        of_bit: Weight of the item's bit.
    """

    screener: Floats
    item: Floats
    heading: NDArray[np.int64]
    of_heading: float
    of_gain: Floats
    of_bit: float


def _logit(share: Floats) -> Floats:
    clipped = np.clip(share, 0.005, 0.995)
    return np.asarray(np.log(clipped / (1.0 - clipped)))


def _odds(items: Items) -> tuple[Floats, Floats]:
    """Log-odds of headings and of items given theirs; a heading is as likely as any item."""
    most = [items.pooled[items.heading == h].max() for h in range(len(HEADINGS))]
    screener = np.maximum(items.screener, most)
    # A heading that nobody ticks has no items that anybody does.
    conditional = np.minimum(items.pooled / np.maximum(screener[items.heading], 1e-9), 0.995)
    return _logit(screener), _logit(conditional)


@compiled
def answer(
    asked: NDArray[np.int64],
    tags: NDArray[np.uint64],
    shift: Floats,
    gain: Floats,
    bits: NDArray[np.uint64],
    block: ItemBlock,
    key: np.uint64,
    headings: Flags,
    items: Flags,
) -> None:
    """Write who agrees with what.

    Args:
        asked: Rows of the spells asked.
        tags: What keys a spell's draws.
        shift: Log-odds that each heading gains, shape (spells, 5).
        gain: Security gained, shape (spells,).
        bits: Push items that bit, shape (spells,).
        block: The items.
        key: Key of the stream.
        headings: Gets agreement with headings, shape (spells, 5).
        items: Gets agreement with items, shape (spells, items).
    """
    of_heading = np.array([moment(key, 1, h) for h in range(block.screener.size)])
    of_item = np.array([moment(key, 1, h + of_heading.size) for h in range(block.item.size)])
    screener, odds, heading, of_gain = block.screener, block.item, block.heading, block.of_gain
    # Where nothing but the bit moves an item, its chance is one of two: an exp each, not one a row.
    only_bits = block.of_heading == 0.0 and not of_gain.any()
    usual, bitten = 1.0 / (1.0 + np.exp(-odds)), 1.0 / (1.0 + np.exp(-(odds + block.of_bit)))
    for n in asked:
        for h in range(screener.size):
            chance = 1.0 / (1.0 + np.exp(-(screener[h] + shift[n, h])))
            headings[n, h] = uniform_of(of_heading[h], tags[n]) < chance
        for k in range(odds.size):
            if headings[n, heading[k]]:
                bit = (bits[n] >> np.uint64(k)) & np.uint64(1)
                if only_bits:
                    chance = bitten[k] if bit else usual[k]
                else:
                    total = odds[k] + block.of_heading * shift[n, heading[k]] + of_gain[k] * gain[n]
                    chance = 1.0 / (1.0 + np.exp(-(total + block.of_bit * bit)))
                items[n, k] = uniform_of(of_item[k], tags[n]) < chance


@compiled
def count_bites(bits: NDArray[np.uint64], heading: NDArray[np.int64], push: Floats) -> None:
    """Add to each spell's headings how many of their items bit."""
    one = np.uint64(1)
    for n in range(bits.size):
        left = bits[n]
        for item in range(heading.size):
            if not left:
                break
            push[n, heading[item]] += float(left & one)
            left >>= one


def _by_item(items: Items, spells: int) -> tuple[Flags, Flags]:
    """Room for items and headings, each side by side in memory: so they are read afterwards."""
    room = (np.zeros((count, spells), np.bool_) for count in (len(items.names), len(HEADINGS)))
    given, headings = (each.T for each in room)
    return given, headings


def _channels(model: HigherEducation, used: int) -> Flags:
    """Read the channels that led to each job; nobody without a new job has any."""
    bytes_ = model.ledger.m_channels[:used].astype("<u2").view(np.uint8).reshape(used, 2)
    bits = np.unpackbits(bytes_, axis=1, count=len(c.CHANNELS), bitorder="little")
    return np.asfortranarray(bits.view(np.bool_))


def differences(model: HigherEducation) -> Differences:
    """Say how each spell's new job differs from the old one, and how many push items bit."""
    used, ledger = int(model.ledger.used[1]), model.ledger
    value, secure = model.state.choice.value, model.state.choice.security
    offered = value[ledger.m_to[:used], ledger.m_to_role[:used]]
    pull = offered - value[ledger.m_from[:used], ledger.m_from_role[:used]]
    pull *= (ledger.m_from[:used] >= 0)[:, None]
    gain = secure[ledger.m_to_contract[:used]] - secure[ledger.m_from_contract[:used]]
    push = np.zeros((used, len(HEADINGS)))
    count_bites(ledger.m_exposure[:used], model.rates.push_items.heading, push)
    return Differences(pull, gain, push)


class Questions(NamedTuple):
    """The items of both kinds, and the log-odds that each heading gains, shape (spells, 5)."""

    pull: ItemBlock
    push: ItemBlock
    pull_shift: Floats
    push_shift: Floats


def questions(model: HigherEducation, moved: Differences) -> Questions:
    """Put the questionnaire together; offsets are those of the settings."""
    pull, push, get = model.rates.pull_items, model.rates.push_items, model.settings.number
    pull_scale, push_scale = get("survey.pull_scale"), get("survey.push_scale")
    screener, odds = _odds(pull)
    more, more_of_item = _offsets(model, "pull", pull)
    secures = np.array([pull_scale * (name in OF_SECURITY) for _, name in pull.names])
    share = get("survey.item_share")
    of_pull = ItemBlock(screener + more, odds + more_of_item, pull.heading, share, secures, 0.0)
    typical = model.rates.push.typical
    screener, odds = _odds(push)
    more, more_of_item = _offsets(model, "push", push)
    odds = odds - push_scale * typical + more_of_item
    nothing = np.zeros(len(push.names))
    of_push = ItemBlock(screener + more, odds, push.heading, 0.0, nothing, push_scale)
    usual = np.bincount(push.heading, typical, len(HEADINGS))
    return Questions(of_pull, of_push, pull_scale * moved.pull, push_scale * (moved.push - usual))


def _offsets(model: HigherEducation, side: str, items: Items) -> tuple[Floats, Floats]:
    given = model.settings.mapping(f"survey.offset.{side}")
    return (
        np.array([given[heading] for heading in HEADINGS]),
        np.array([given[name] for _, name in items.names]),
    )


def ask(model: HigherEducation) -> Answers:
    """Ask every spell of the recorded months in the ledger about what applies to it."""
    used, ledger = int(model.ledger.used[1]), model.ledger
    joined = ledger.m_joined[:used].astype(np.int64)
    tags = ledger.m_person[:used] ^ (joined.astype(np.uint64) << np.uint64(34))
    recorded = (ledger.m_left[:used] >= 0) | (joined >= 0)
    moved = differences(model)
    asks = questions(model, moved)
    pulls, pull_headings = _by_item(model.rates.pull_items, used)
    new = np.flatnonzero(recorded & (ledger.m_to[:used] >= 0))
    none = np.zeros(used, np.uint64)
    answer(
        new,
        tags,
        asks.pull_shift,
        moved.gain,
        none,
        asks.pull,
        model.streams.pull,
        pull_headings,
        pulls,
    )
    pushes, push_headings = _by_item(model.rates.push_items, used)
    old = np.flatnonzero(recorded & (ledger.m_from[:used] >= 0))
    answer(
        old,
        tags,
        asks.push_shift,
        moved.gain,
        ledger.m_exposure[:used],
        asks.push,
        model.streams.push_answer,
        push_headings,
        pushes,
    )
    return Answers(_channels(model, used), pulls, pull_headings, pushes, push_headings)
