"""Small worlds with and without levers, for the tests of levers."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import yaml

from hesim.config import Settings
from hesim.execution.replication import simulate_replication
from hesim.levers.catalogue import catalogue
from hesim.levers.policy import Levers
from hesim.model.higher_education import HigherEducation
from hesim.record.replication import Coded, Replication
from hesim.scenario import compose
from hesim.tables import ReportTables, read

KEYS = tuple(lever.key for lever in catalogue())
SMALL = ("population.scale=0.02", "years=2", "burn_in=3", "start=2013-07")
"""Half a year before the levers' default start, a year and a half with them."""


@cache
def tables() -> ReportTables:
    return read()


def settings(*levers: str, more: tuple[str, ...] = (), small: tuple[str, ...] = SMALL) -> Settings:
    """Settings of a world; Hydra composes what is chosen once, and values are put into it."""
    chosen = [f"levers=[{','.join(levers)}]"] if levers else []
    words = (each.partition("=") for each in (*small, *more))
    return compose(chosen, extra={path: yaml.safe_load(value) for path, _, value in words})


def without_strength(*levers: str) -> tuple[str, ...]:
    named = settings(*levers).mapping("levers")
    return tuple(f"levers.{name}.strength=0" for name in named)


def results(*levers: str, more: tuple[str, ...] = ()) -> Replication:
    return simulate_replication(settings(*levers, more=more), tables(), 0)


@cache
def baseline() -> Replication:
    return results()


def world(
    *levers: str, more: tuple[str, ...] = (), months: int = 0, small: tuple[str, ...] = SMALL
) -> HigherEducation:
    """A model stepped so many months, burn-in included (0: to the end)."""
    given = settings(*levers, more=more, small=small)
    model = HigherEducation(given, tables(), 0)
    total = given.integer("burn_in") + 12 * given.integer("years")
    for _ in range(months or total):
        model.step()
    return model


def policy(model: HigherEducation) -> Levers:
    assert isinstance(model.policy, Levers)
    return model.policy


def counts(model: HigherEducation, what: str) -> float:
    return sum(
        float(str(row["number"])) for row in policy(model).accounts.rows(0) if row["what"] == what
    )


def same(one: Any, other: Any) -> bool:
    """Whether two replications left the same rows in every table."""
    for name in ("stocks", "flows", "vacancies", "movers", "margins"):
        mine, theirs = getattr(one, name), getattr(other, name)
        if mine.keys() != theirs.keys():
            return False
        for key, column in mine.items():
            pair = (column, theirs[key])
            if isinstance(column, Coded):
                if column.names != theirs[key].names:
                    return False
                pair = (column.codes, theirs[key].codes)
            if not np.array_equal(*pair):
                return False
    outcomes = all(np.array_equal(v, other.outcomes[k]) for k, v in one.outcomes.items())
    return outcomes and one.survey == other.survey and one.levers == other.levers
