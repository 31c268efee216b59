"""Arms that branch off a trunk give the same bytes as arms simulated from their first month."""

from __future__ import annotations

import hashlib
from functools import cache

import numpy as np
import pytest
from harness import sampled
from lever_worlds import KEYS, settings, tables

from hesim.config import Settings
from hesim.execution import simulate as loop
from hesim.execution.replication import simulate_replication
from hesim.execution.simulate import Share, Unwatched, forget_trunk
from hesim.model.higher_education import HigherEducation
from hesim.record.replication import Replication
from hesim.survey.columns import Coded

ORIGIN = object()
TABLES = ("stocks", "flows", "vacancies", "movers", "margins")


def digest(made: Replication) -> str:
    """Hash of everything that a replication leaves behind, but for what it cost."""
    found = hashlib.sha256()
    for name in TABLES:
        for key, column in sorted(getattr(made, name).items()):
            array = column.codes if isinstance(column, Coded) else column
            found.update(key.encode() + np.ascontiguousarray(array).tobytes())
    for name, values in sorted(made.outcomes.items()):
        found.update(name.encode() + values.tobytes())
    found.update(repr((made.survey, made.levers)).encode())
    return found.hexdigest()


def alone(own: Settings) -> str:
    return digest(simulate_replication(own, tables(), 0))


@cache
def baseline() -> str:
    return alone(settings())


def branched(own: Settings, more: bool) -> str:
    return digest(simulate_replication(own, tables(), 0, share=Share(ORIGIN, "world", more)))


@pytest.fixture(autouse=True)
def no_trunk():
    forget_trunk()
    yield
    forget_trunk()


OFTEN = (
    "single_cao",
    "meet_and_greet",
    "secondment",
    "joint_appointment",
    "job_swap",
    "mobility_network",
    "doctoral_track",
)
"""On the market, on people, and all that have a process of their own."""


@pytest.mark.parametrize("key", sampled(KEYS, lambda key: key in OFTEN))
def test_every_lever_branches_off_to_the_same_bytes(key: str) -> None:
    own = settings(key)
    assert branched(own, more=True) == alone(own)
    assert branched(settings(), more=False) == baseline()
    assert loop._shelf.trunk is None


def test_arms_that_start_later_and_together_branch_off_the_same_trunk() -> None:
    arms = [
        settings("meet_and_greet", more=("levers.meet_and_greet.start='2013-10'",)),
        settings("single_cao", "joint_appointment"),
        settings("meet_and_greet", more=("levers.meet_and_greet.start='2014-09'",)),
        settings("meet_and_greet", more=("levers.meet_and_greet.start='2030-01'",)),
    ]
    expected = [alone(own) for own in arms]
    assert len(set(expected)) == 4
    assert [branched(own, more=True) for own in arms] == expected
    # In whatever order: what has gone by is simulated anew.
    assert [branched(own, more=True) for own in reversed(arms)] == expected[::-1]


def test_the_trunk_is_simulated_once(monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[int] = []
    real = HigherEducation.step
    monkeypatch.setattr(
        HigherEducation, "step", lambda model: (steps.append(model.month), real(model))[1]
    )
    starts = ["2013-10", "2014-01", "2014-07"]
    for start in starts:
        own = settings("meet_and_greet", more=(f"levers.meet_and_greet.start='{start}'",))
        loop.simulate(own, tables(), 0, Unwatched(), share=Share(ORIGIN, "world", True))
    loop.simulate(settings(), tables(), 0, Unwatched(), share=Share(ORIGIN, "world", False))
    # Three months of burn-in and two years of the baseline, then 21, 18 and 12 months of arms.
    assert len(steps) == 3 + 24 + 21 + 18 + 12


def test_another_group_and_a_failed_month_do_not_leave_a_wrong_trunk(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own, plain = settings("meet_and_greet"), settings()
    expected = alone(own)
    other = simulate_replication(plain, tables(), 1, share=Share(ORIGIN, "other", True))
    assert digest(other) != alone(plain)
    assert branched(own, more=True) == expected
    # The same name of a group means nothing in another study.
    elsewhere = settings("meet_and_greet", more=("seed=2",))
    made = simulate_replication(elsewhere, tables(), 0, share=Share(object(), "world", True))
    assert digest(made) == alone(elsewhere) != expected
    assert branched(own, more=True) == expected
    real = HigherEducation.step

    def fails(model: HigherEducation) -> None:
        real(model)
        if model.month == 3:
            raise RuntimeError("lost")

    forget_trunk()
    monkeypatch.setattr(HigherEducation, "step", fails)
    with pytest.raises(RuntimeError):
        branched(own, more=True)
    monkeypatch.undo()
    assert branched(own, more=True) == expected
