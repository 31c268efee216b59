"""Let simulated movers answer the questionnaire: pull and push items, and how they found the job.

Agreement with a factor: P(agree) = logit^-1(a_k + s dx), a_k the item's pooled log-odds over both
groups asked, dx the mover's own difference (value of the new job over the old by heading; for push
items the exposure less its mean). No intercept by group. Headings are screeners: an item is
agreed with only under its heading. Draws are keyed by person and month.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from hesim import categories as c
from hesim.model.items import HEADINGS, Items
from hesim.random import draw, moment

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
        pull: Items of `model.pull_items`, shape (spells, items); false without a new job.
        pull_headings: Shape (spells, 5).
        push: Items of `model.push_items`; false without an old job.
        push_headings: Shape (spells, 5).
    """

    channels: Flags
    pull: Flags
    pull_headings: Flags
    push: Flags
    push_headings: Flags


class Block(NamedTuple):
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
    conditional = np.minimum(items.pooled / screener[items.heading], 0.995)
    return _logit(screener), _logit(conditional)


@njit(cache=True)
def answer(
    asked: NDArray[np.int64],
    tags: NDArray[np.uint64],
    shift: Floats,
    gain: Floats,
    bits: NDArray[np.uint64],
    block: Block,
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
    for n in asked:
        for h in range(screener.size):
            chance = 1.0 / (1.0 + np.exp(-(screener[h] + shift[n, h])))
            headings[n, h] = draw(of_heading[h], tags[n]) < chance
        for k in range(odds.size):
            if headings[n, heading[k]]:
                total = odds[k] + block.of_heading * shift[n, heading[k]] + of_gain[k] * gain[n]
                if (bits[n] >> np.uint64(k)) & np.uint64(1):
                    total += block.of_bit
                items[n, k] = draw(of_item[k], tags[n]) < 1.0 / (1.0 + np.exp(-total))


@njit(cache=True)
def push_shift(
    asked: NDArray[np.int64], bits: NDArray[np.uint64], heading: NDArray[np.int64], scale: float,
    typical: Floats, shift: Floats,
) -> None:  # fmt: skip
    """Add, to each heading's log-odds of those asked, how much more than usual its items bite."""
    for n in asked:
        for item in range(heading.size):
            bitten = float((bits[n] >> np.uint64(item)) & np.uint64(1))
            shift[n, heading[item]] += scale * (bitten - typical[item])


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


def ask(model: HigherEducation) -> Answers:
    """Ask every spell of the recorded months in the ledger about what applies to it."""
    used = int(model.ledger.used[1])
    column = {
        name: getattr(model.ledger, name)[:used]
        for name in model.ledger._fields
        if name.startswith("m_")
    }
    joined, had_job = column["m_joined"].astype(np.int64), column["m_from"] >= 0
    tags = column["m_person"] ^ (joined.astype(np.uint64) << np.uint64(34))
    recorded = (column["m_left"] >= 0) | (joined >= 0)
    pull, push = model.pull_items, model.push_items
    strength = model.settings.number("survey.pull_scale")
    value, secure = model.choices.value, model.choices.security
    offered = value[column["m_to"], column["m_to_role"]]
    shift = offered - value[column["m_from"], column["m_from_role"]]
    shift *= strength * had_job[:, None]
    gain = secure[column["m_to_contract"]] - secure[column["m_from_contract"]]
    screener, odds = _odds(pull)
    secures = np.array([strength * (name in OF_SECURITY) for _, name in pull.names])
    share = model.settings.number("survey.item_share")
    of_pull = Block(screener, odds, pull.heading, share, secures, 0.0)
    pulls, pull_headings = _by_item(pull, used)
    new = np.flatnonzero(recorded & (column["m_to"] >= 0))
    none = np.zeros(used, np.uint64)
    answer(new, tags, shift, gain, none, of_pull, model.keys["pull"], pull_headings, pulls)

    push_scale, typical = model.settings.number("survey.push_scale"), model.push_numbers.typical
    screener, odds = _odds(push)
    nothing = np.zeros(len(push.names))
    of_push = Block(screener, odds - push_scale * typical, push.heading, 0.0, nothing, push_scale)
    bits, shift = column["m_exposure"], np.zeros((used, len(HEADINGS)))
    old = np.flatnonzero(recorded & had_job)
    push_shift(old, bits, push.heading, push_scale, typical, shift)
    pushes, push_headings = _by_item(push, used)
    answer(old, tags, shift, gain, bits, of_push, model.keys["push_answer"], push_headings, pushes)
    return Answers(_channels(model, used), pulls, pull_headings, pushes, push_headings)
