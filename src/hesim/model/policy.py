"""Say where policy may act: the numbers that levers change, each of them null without a lever.

The model knows no lever. It asks a `Policy` once a month for `Effects`, and lets it propose matches
before employers rank. Without a policy, or with a policy of strength zero, every number below is
null: a factor of one, a sum of zero, a chance of zero. So such a run equals the baseline exactly.

An implementer must give `begin_month` and `propose`; see `hesim.levers.policy`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.model.items import HEADINGS

if TYPE_CHECKING:
    from hesim.model.higher_education import HigherEducation

Floats = NDArray[np.float64]
DUAL = 1 << 7
"""Bit of a person's `marks` that says: holds a joint appointment. Lower bits: see `Drive`."""
SATISFIED = (1 << len(HEADINGS)) - 1
"""Bits of a person's `marks` that name the headings whose push items are met."""


class Frictions(NamedTuple):
    """What stands between two employers, by employer; the last row is for having none.

    Attributes:
        sector_left: Share of the cost of a step between hbo and wo that is left, shape
            (employers + 1,); of the two employers' shares the larger counts.
        outside_left: The same of a step between higher education and outside.
        known: Share by which what people do not consider of hbo or wo shrinks, (employers + 1,).
        pool: Number of the common employer that an institution belongs to, or -1; inside it a
            better contract is kept, int16, (employers + 1,).
        promoted: Further chance that a vacancy is seen, by class of vacancy and by kind of
            the seeker's employer (hbo, wo, outside, none), shape (classes, 4); class 0 is null.
        promoted_by: The same by channel, shape (classes, 4, 12).
        classes: Class of each vacancy for both, by employer, role and field, uint16.
    """

    sector_left: Floats
    outside_left: Floats
    known: Floats
    pool: NDArray[np.int16]
    promoted: Floats
    promoted_by: Floats
    classes: NDArray[np.uint16]


class Drive(NamedTuple):
    """What changes the start of a search.

    Attributes:
        eager: Factor on the monthly chance to start, shape (employers, roles).
        anchored: Factor on it by months since a step between hbo and wo, shape (employers,
            months); after the last of them there is none.
        ahead: Months that people look around earlier before a contract ends, int64, (employers,).
        relieved: Push items that are met, by the heading bits of a person's `marks`, uint64, (32,).
    """

    eager: Floats
    anchored: Floats
    ahead: NDArray[np.int64]
    relieved: NDArray[np.uint64]


class RankShift(NamedTuple):
    """What changes the ranking, by the employer that hires, each of shape (employers,).

    Attributes:
        partner: Points for applicants of a partner institution.
        crosser: Points for applicants of the other sector of hbo and wo.
        near: Points for applicants of hbo or wo in the employer's region.
        doctor: Points for a PhD.
        master: Points for a master.
        asked: Factor on what practice (hbo) and research record (wo) count, and on the share of
            new posts that make them, or the teaching certificate, a condition.
        teaching: Share of research records asked by new posts in whose place teaching does.
    """

    partner: Floats
    crosser: Floats
    near: Floats
    doctor: Floats
    master: Floats
    asked: Floats
    teaching: Floats


class OfferShift(NamedTuple):
    """What changes the offers of new vacancies: shares by employer, role and field.

    Attributes:
        full: Share that is raised to 0.8 of a full week at least.
        part: Share that is lowered to the shortest hours.
        prospect: Share of those without prospect of permanence that get it.
    """

    full: Floats
    part: Floats
    prospect: Floats


class Effects(NamedTuple):
    """All that a policy changes in a month, but for persons' own columns.

    Attributes:
        frictions: Between employers.
        drive: On the start of a search.
        ranking: On the ranking.
        offers: On new vacancies.
        demand: Factor on staff targets, shape (employers, roles, fields), or None if all are one.
        value: Added to the value of jobs, shape (employers, roles, headings), or None if zero.
    """

    frictions: Frictions
    drive: Drive
    ranking: RankShift
    offers: OfferShift
    demand: Floats | None
    value: Floats | None


class Policy(Protocol):
    """What acts on the model from outside; see `hesim.levers.policy.Levers`."""

    def begin_month(self, model: HigherEducation) -> Effects:
        """Change persons' columns where a lever does, and say what changes this month."""

    def propose(self, model: HigherEducation) -> None:
        """Add applications to the month's, before employers rank."""


def relief(headings: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Push items met, as bits, for each combination of headings: shape (32,).

    Args:
        headings: Heading of each push item.
    """
    masks = np.zeros(SATISFIED + 1, np.uint64)
    for marks in range(masks.size):
        for item, heading in enumerate(headings.tolist()):
            if marks >> heading & 1:
                masks[marks] |= np.uint64(1 << item)
    return masks


def no_effects(shape: tuple[int, int, int], push_headings: NDArray[np.int64]) -> Effects:
    """Make the effects of no policy.

    Args:
        shape: Employers, roles, fields.
        push_headings: Heading of each push item.
    """
    employers, roles, _ = shape
    one, zero = np.ones(employers + 1), np.zeros(employers + 1)
    kinds = len(c.KINDS)
    return Effects(
        Frictions(
            one.copy(),
            one.copy(),
            zero.copy(),
            np.full(employers + 1, -1, np.int16),
            np.zeros((1, kinds)),
            np.zeros((1, kinds, len(c.CHANNELS))),
            np.zeros(shape, np.uint16),
        ),
        Drive(
            np.ones((employers, roles)),
            np.ones((employers, 1)),
            np.zeros(employers, np.int64),
            relief(push_headings),
        ),
        RankShift(
            partner=np.zeros(employers),
            crosser=np.zeros(employers),
            near=np.zeros(employers),
            doctor=np.zeros(employers),
            master=np.zeros(employers),
            asked=np.ones(employers),
            teaching=np.zeros(employers),
        ),
        OfferShift(full=np.zeros(shape), part=np.zeros(shape), prospect=np.zeros(shape)),
        None,
        None,
    )
