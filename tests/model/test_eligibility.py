"""Who may apply where: the whole rule as a table, written out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from hesim import categories as c
from hesim.model import eligibility
from hesim.model.eligibility import class_of, qualifies, qualifying_classes, who_qualifies

LOWER, BACHELOR, MASTER, PHD = range(4)
# Levels asked (lower, bachelor, master, PhD) that somebody of each education may answer.
ORDINARY = {LOWER: [1, 0, 0, 0], BACHELOR: [1, 1, 0, 0], MASTER: [1, 1, 1, 0], PHD: [1, 1, 1, 1]}
NEVER, ALWAYS = [0, 0, 0, 0], [1, 1, 1, 1]
LECTOR = {LOWER: NEVER, BACHELOR: NEVER, MASTER: [1, 1, 1, 0], PHD: ALWAYS}
DOCTORS_ONLY = {LOWER: NEVER, BACHELOR: NEVER, MASTER: NEVER, PHD: ALWAYS}
CANDIDATE = {LOWER: NEVER, BACHELOR: NEVER, MASTER: ALWAYS, PHD: NEVER}


def test_the_levels_of_education_stand_in_the_order_of_the_table() -> None:
    assert len(c.EDUCATION) == 4
    assert (c.MASTER, c.PHD) == (MASTER, PHD)


def table_of(role: int, young: bool) -> dict[int, list[int]]:
    if role == c.PHD_CANDIDATE:
        return CANDIDATE if young else dict.fromkeys(range(4), NEVER)
    if role in (c.POSTDOC, c.PROFESSOR):
        return DOCTORS_ONLY
    return LECTOR if role == c.LECTOR else ORDINARY


@pytest.mark.parametrize("role", range(len(c.ROLES)), ids=c.ROLES)
@pytest.mark.parametrize("young", [False, True])
def test_who_may_apply_is_as_the_table_says(role: int, young: bool) -> None:
    for education, levels in table_of(role, young).items():
        for level, may in enumerate(levels):
            assert qualifies.py_func(education, young, role, level) == bool(may)
            # As they come out of the columns.
            codes = np.uint8(education), young, np.uint8(role), np.uint8(level)
            assert qualifies.py_func(*codes) == bool(may)
            bit = who_qualifies.py_func(role, level) >> (education + 4 * young) & 1
            assert bit == may


def test_no_other_bit_is_set_for_anybody() -> None:
    classes = qualifying_classes()
    assert classes.shape == (len(c.ROLES), 4)
    assert classes.max() < 1 << 8
    assert classes[c.PHD_CANDIDATE, PHD] == 1 << (MASTER + 4)


@pytest.mark.parametrize(
    ("age", "role", "fits"),
    [
        (419, c.LECTURER, True),
        (420, c.LECTURER, False),
        (421, c.LECTURER, False),
        (300, c.PHD_CANDIDATE, False),
        (300, -1, True),
    ],
)
@pytest.mark.parametrize("education", range(4))
def test_the_young_who_are_no_candidates_are_a_class_of_their_own(
    education: int, age: int, role: int, fits: bool
) -> None:
    found = class_of.py_func(education, age, np.int64(role), 420)
    assert found == education + (4 if fits else 0)
    assert isinstance(found, np.uint64)


def test_the_levels_of_a_class_are_those_of_education() -> None:
    assert len(c.EDUCATION) == eligibility.LEVELS
