"""Doctorates beside the work, worked out by hand."""

from __future__ import annotations

from typing import Any

import hand_policy as hand
import numpy as np
import pytest
from hand_policy import MONTH, WO_EAST

from hesim import categories as c
from hesim.levers.lever import monthly
from hesim.levers.processes.doctoral_track import DoctoralTrack
from hesim.population.persons import NEVER

MANY = 4000
ME = hand.FIRST_IDENTITY

ACADEMIC = {"employer": WO_EAST, "role": c.UNIVERSITY_LECTURER}


def study(of: Any, process: DoctoralTrack, month: int = MONTH, **given: float) -> Any:
    of.month = month
    terms = {"grants": 1.0, "success": 1.0, "months": 40.0, "age_most": 45.0}
    turn = hand.turn(of, **{**terms, **given})
    process.begin_month(of, turn)
    return turn


@pytest.mark.parametrize(
    ("facts", "starts"),
    [
        ({}, True),
        ({"education": c.PHD}, False),
        ({"education": c.HBO_BACHELOR}, False),
        ({"defence": MONTH + 9}, False),
        ({"role": c.PHD_CANDIDATE}, False),
        ({"born": MONTH - 12 * 45 + 1}, True),
        ({"born": MONTH - 12 * 45}, False),
    ],
)
def test_young_masters_start_a_doctorate(facts: dict[str, Any], starts: bool) -> None:
    of, process = hand.model(hand.people(facts)), DoctoralTrack(hand.lever())
    turn = study(of, process)
    assert set(process.until) == ({ME} if starts else set())
    assert hand.noted(turn) == ({"started": 1} if starts else {})


def test_a_doctorate_takes_its_months_more_or_less() -> None:
    of, process = hand.model(hand.crowd(MANY)), DoctoralTrack(hand.lever())
    study(of, process, success=0.6)
    ends = np.array(list(process.until.values())) - MONTH
    # From three quarters of the mean to five quarters, evenly.
    assert (ends.min(), ends.max()) == (30, 49)
    assert ends.mean() == pytest.approx(39.5, abs=0.3)
    assert np.mean(ends < 35) == pytest.approx(0.25, abs=0.03)
    done = of.persons.defence != NEVER
    assert done.mean() == pytest.approx(0.6, abs=0.03)
    assert np.array_equal(of.persons.defence[done] - MONTH, ends[done])
    assert ends[~done].mean() == pytest.approx(39.5, abs=0.6)


def test_a_doctorate_takes_a_month_at_least_and_ends_before_never() -> None:
    of, process = hand.model(), DoctoralTrack(hand.lever())
    study(of, process, months=0.0)
    assert of.persons.defence[0] == MONTH + 1
    long, track = hand.model(), DoctoralTrack(hand.lever())
    study(long, track, months=90000.0)
    assert long.persons.defence[0] == NEVER - 1


def test_who_is_at_it_does_not_start_again_before_it_is_over() -> None:
    of, process = hand.model(), DoctoralTrack(hand.lever())
    process.until = {ME: 30}
    assert hand.noted(study(of, process, 29)) == {} and process.until == {ME: 30}
    assert hand.noted(study(of, process, 30)) == {"started": 1}
    assert hand.noted(study(of, DoctoralTrack(hand.lever()), 30, grants=0.0)) == {}


def test_grants_are_a_share_of_the_masters_in_reach() -> None:
    of, process = hand.model(hand.crowd(MANY)), DoctoralTrack(hand.lever())
    study(of, process, grants=0.8, share=0.5)
    assert len(process.until) / MANY == pytest.approx(monthly(0.4), abs=0.01)
