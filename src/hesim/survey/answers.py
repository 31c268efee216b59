"""Let simulated movers answer the questionnaire: pull and push items, and how they found the job.

Agreement with a factor: P(agree) = logit^-1(a_k + s dx), a_k the item's pooled log-odds over both
groups asked, dx the mover's own difference (value of the new job over the old by heading; for push
items the exposure less its mean). No intercept by group. Headings are screeners: an item is
agreed with only under its heading. Draws are keyed by person and month.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.model.items import HEADINGS, Items
from hesim.random import uniforms

if TYPE_CHECKING:
    from hesim.model.higher_education import HigherEducation

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Answers:
    """What each spell's person would answer.

    Attributes:
        channels: Shape (spells, 12).
        pull: Items of `model.pull_items`, shape (spells, items).
        pull_headings: Shape (spells, 5).
        push: Items of `model.push_items`.
        push_headings: Shape (spells, 5).
    """

    channels: Flags
    pull: Flags
    pull_headings: Flags
    push: Flags
    push_headings: Flags


def _logit(share: Floats) -> Floats:
    clipped = np.clip(share, 0.005, 0.995)
    return np.asarray(np.log(clipped / (1.0 - clipped)))


def _agree(
    items: Items, heading_shift: Floats, item_shift: Floats, draws: list[Floats]
) -> tuple[Flags, Flags]:
    """Answer headings, then the items under those agreed with."""
    screener = np.maximum(
        items.screener,
        [items.pooled[items.heading == h].max() for h in range(len(HEADINGS))],
    )
    chance = 1.0 / (1.0 + np.exp(-(_logit(screener) + heading_shift)))
    headings = np.column_stack([draws[h] for h in range(len(HEADINGS))]) < chance
    conditional = np.minimum(items.pooled / screener[items.heading], 0.995)
    item_chance = 1.0 / (1.0 + np.exp(-(_logit(conditional) + item_shift)))
    item_draws = np.column_stack(draws[len(HEADINGS) :])
    return (item_draws < item_chance) & headings[:, items.heading], headings


def _draws(
    key: np.uint64, person: NDArray[np.uint64], joined: NDArray[np.int16], count: int
) -> list[Floats]:
    out = []
    tag = person ^ (joined.astype(np.int64).astype(np.uint64) << np.uint64(34))
    for lane in range(count):
        out.append(uniforms(key, tag, 1, lane))
    return out


def _channels(model: HigherEducation, used: int) -> Flags:
    """Read the channels that led to each job; nobody without a new job has any."""
    bits = model.ledger.m_channels[:used, None] >> np.arange(len(c.CHANNELS), dtype=np.uint16)
    return np.asarray((bits & np.uint16(1)) == 1)


def ask(model: HigherEducation) -> Answers:
    """Ask every spell in the ledger; unanswerable questions are left to the survey's filters."""
    used = int(model.ledger.used[1])
    column = {name: getattr(model.ledger, name)[:used] for name in model.ledger._fields[9:]}
    person, joined = column["m_person"], column["m_joined"]
    pull, push = model.pull_items, model.push_items
    strength = model.settings.number("survey.pull_scale")
    value = model.choices.value
    new = value[column["m_to"], column["m_to_role"]]
    old = value[column["m_from"], column["m_from_role"]]
    had_job = (column["m_from"] >= 0)[:, None]
    shift = strength * np.where(had_job, new - old, 0.0)
    secure = model.choices.security
    gain = secure[column["m_to_contract"]] - secure[column["m_from_contract"]]
    item_shift = 0.5 * shift[:, pull.heading]
    for item, (_, name) in enumerate(pull.names):
        if name in ("job_security", "permanent_post"):
            item_shift[:, item] += strength * gain
    draws = _draws(model.keys["pull"], person, joined, len(HEADINGS) + len(pull.names))
    pulls, pull_headings = _agree(pull, shift, item_shift, draws)
    bits = column["m_exposure"][:, None] >> np.arange(len(push.names), dtype=np.uint64)
    exposed = (bits & np.uint64(1)).astype(np.float64)
    excess = model.settings.number("survey.push_scale") * (exposed - model.push_numbers.typical)
    by_heading = np.column_stack(
        [excess[:, push.heading == h].sum(axis=1) for h in range(len(HEADINGS))]
    )
    draws = _draws(model.keys["push_answer"], person, joined, len(HEADINGS) + len(push.names))
    pushes, push_headings = _agree(push, by_heading, excess, draws)
    return Answers(_channels(model, used), pulls, pull_headings, pushes, push_headings)
