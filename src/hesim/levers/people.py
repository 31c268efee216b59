"""Mechanisms that touch people: awareness, contacts, image, practice, satisfaction.

A lever whose people are invited `yearly` gives one dose an invitation. Where the same people take
part as long as it acts, doses are a year's and come in twelfths.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hesim.levers.attendance import Attendance, homes_of
from hesim.levers.lever import Lever, Parameters, monthly
from hesim.levers.reach import Area, Invitation, who_comes
from hesim.levers.registry import PEOPLE
from hesim.model.items import HEADINGS
from hesim.model.policy import SATISFIED
from hesim.random import uniforms

if TYPE_CHECKING:
    from hesim.model.higher_education import HigherEducation

LUCK, SECOND, MET = 10, 11, 20
"""Lanes of lasting draws: what a person finds on the other side, and which push is met."""
MOST_MONTHS = 32000
"""Experience that a column holds."""


def touch_people(
    model: HigherEducation,
    lever: Lever,
    area: Area,
    acting: dict[str, Parameters],
    share: float,
    attendance: Attendance | None = None,
) -> int:
    """Invite people and give them what the lever's dials say; return how many came.

    Args:
        model: The model; its persons' columns change.
        lever: The lever.
        area: Where it acts.
        acting: Parameters of each mechanism that acts.
        share: Share of the people in reach that takes part, a year or for good.
        attendance: Where it is noted who came.
    """
    if not any(name in acting for name in PEOPLE):
        return 0
    lasting = lever.about.taking_part != "yearly"
    chance = share if lever.about.taking_part == "lasting" else 1.0 if lasting else monthly(share)
    bent = acting.get("invitation", {})
    rows = who_comes(
        model,
        area,
        Invitation(chance, lasting, bent.get("seekers", 0.0), bent.get("near_end", 0.0)),
    )
    if attendance is not None and attendance.asked:
        attendance.note(lever, model.month, model.persons.id[rows], homes_of(model, rows))
    part = 12.0 if lasting else 1.0
    _teach(model, rows, acting, part, area.key)
    _satisfy(model, rows, acting.get("satisfaction", {}), area.key)
    return int(rows.size)


def _teach(
    model: HigherEducation,
    rows: NDArray[np.int64],
    acting: dict[str, Parameters],
    part: float,
    key: np.uint64,
) -> None:
    p, ids = model.persons, model.persons.id[rows]
    gain = acting.get("awareness", {}).get("gain", 0.0)
    if gain:
        dose = monthly(gain) if part > 1.0 else min(gain, 1.0)
        p.awareness[rows] += (1.0 - p.awareness[rows]) * dose
    met = acting.get("contacts", {}).get("gain", 0.0)
    if met:
        p.contacts[rows] += met / part
    image = acting.get("image", {})
    if image:
        found = np.full(rows.size, image.get("shift", 0.0))
        spread = image.get("spread", 0.0)
        if spread:
            first, second = uniforms(key, ids, 0, LUCK), uniforms(key, ids, 0, SECOND)
            found += spread * np.sqrt(-2.0 * np.log(first)) * np.cos(2.0 * np.pi * second)
        p.outlook[rows] += found / part
    months = acting.get("practice", {}).get("months", 0.0)
    if months:
        # Whole months: the part of a month is drawn, so that twelve of them make the year's.
        whole = months / part + uniforms(key, ids, model.month, 2)
        more = np.minimum(p.practice[rows] + whole.astype(np.int64), MOST_MONTHS)
        p.practice[rows] = more.astype(np.int16)


def _satisfy(
    model: HigherEducation, rows: NDArray[np.int64], shares: Parameters, key: np.uint64
) -> None:
    p = model.persons
    for heading, name in enumerate(HEADINGS):
        share = shares.get(name, 0.0)
        if share:
            met = uniforms(key, p.id[rows], 0, MET + heading) < share
            p.marks[rows[met]] |= np.uint8(1 << heading)


def forget(model: HigherEducation) -> None:
    """Take last month's satisfaction back, and let the image of the other sector fade."""
    p = model.persons
    if np.any(p.marks & SATISFIED):
        p.marks[:] &= np.uint8(0xFF ^ SATISFIED)
    if np.any(p.outlook):
        p.outlook[:] *= np.float32(1.0 - model.settings.number("model.search.outlook_decay"))
