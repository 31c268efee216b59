"""What the report describes emerges from the levers' mechanisms and is not typed in."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from lever_worlds import counts, policy, results, same, settings, tables, world

from hesim import categories as c
from hesim.levers.policy import policy_of
from hesim.model.higher_education import HigherEducation
from hesim.model.ledger import MOVE
from hesim.random import uniforms

pytestmark = pytest.mark.once

OPEN = (
    "population.scale=0.15",
    "years=2",
    "burn_in=3",
    "start=2014-01",
    "model.search.sources.anyone=0.4",
)
"""Worlds in which the other sector comes to mind often: enough cross to be told."""


def crossings(model: HigherEducation) -> int:
    ledger, used = model.ledger, int(model.ledger.used[0])
    sector = np.append(model.employers.sector, [c.NO_JOB] * 3)
    kind = ledger.f_kind[:used] == MOVE
    ends = sector[ledger.f_from[:used]] + sector[ledger.f_to[:used]]
    return int((kind & (ends == c.HBO + c.WO)).sum())


def stepped(replication: int, *levers: str, more: tuple[str, ...] = ()) -> HigherEducation:
    given = settings(*levers, more=more, small=OPEN)
    model = HigherEducation(given, tables(), replication)
    for _ in range(given.integer("burn_in") + 12 * given.integer("years")):
        model.step()
    return model


PUSHED = ("model.push.base=0.02", "model.push.importance=1.5")
"""Who searches was pushed, as a rule, so that it can be told what meeting push does."""
SHARE = 0.5
"""Of the staff that takes part in joint research in the test below."""


@cache
def crossed(*more: str) -> int:
    """Crossings of those who take part in joint research, over six replications."""
    given = tuple(
        f"levers.joint_research.{each}" for each in (f"reach.share={SHARE}", "fade=0", *more)
    )
    total = 0
    for replication in range(6):
        model = stepped(replication, "joint_research", more=(*PUSHED, *given))
        area = policy(model)._area(model, policy(model).levers[0], SHARE)
        ledger, used = model.ledger, int(model.ledger.used[1])
        sector = np.append(model.employers.sector, [c.NO_JOB] * 3)
        across = sector[ledger.m_from[:used]] + sector[ledger.m_to[:used]] == c.HBO + c.WO
        direct = ledger.m_left[:used] == ledger.m_joined[:used]
        roles = [c.ROLES.index(name) for name in policy(model).levers[0].reach.roles]
        theirs = np.isin(ledger.m_from_role[:used], roles)
        takes_part = uniforms(area.key, ledger.m_person[:used], -1, 1) < SHARE
        total += int((across & direct & theirs & takes_part).sum())
    return total


def test_joint_research_does_not_raise_crossings_as_contacts_alone_would() -> None:
    """It also meets push, so that fewer of those who take part search."""
    contacts_alone = crossed("contacts=10", "practice=0", "content_met=0")
    together = crossed("contacts=10", "practice=0", "content_met=1")
    neither = crossed("contacts=0", "practice=0", "content_met=0")
    assert neither < contacts_alone
    assert together < contacts_alone


def test_executive_support_alone_changes_nothing() -> None:
    alone, none = results("executive_support"), results()
    for name in ("stocks", "flows", "vacancies", "movers"):
        for key, column in getattr(alone, name).items():
            one, other = (
                getattr(each, "codes", each) for each in (column, getattr(none, name)[key])
            )
            assert np.array_equal(one, other), (name, key)
    assert not same(alone, none), "its institutions are in the accounts"


def test_a_mobility_network_places_a_handful_at_most() -> None:
    """Nijmegen placed one, Tilburg none, in years; here: people a year and region at full scale."""
    small = ("population.scale=0.1", "years=2", "burn_in=3", "start=2014-01")
    model = world("mobility_network", small=small)
    assert counts(model, "placed") / 0.1 / 2 / len(c.REGIONS) <= 5


def test_an_image_campaign_moves_nobody_without_vacancies() -> None:
    lever = ("levers.image_campaign.image_shift=2", "levers.image_campaign.reach.share=1")
    shut = ("model.vacancies.opening_rate=0", *lever)
    model = stepped(0, "image_campaign", more=shut)
    assert crossings(model) == 0
    assert model.persons.outlook.max() > 0.5
    assert crossings(stepped(0, "image_campaign", more=lever)) > 0


def test_meetings_without_forgetting_saturate() -> None:
    """Each meeting teaches a share of what is left to learn, so that gains shrink."""
    more = (
        "model.search.awareness_decay=0",
        "levers.meet_and_greet.reach.share=0.9",
        "model.search.contacts_kept=0",
    )
    given = settings("meet_and_greet", more=more, small=OPEN)
    model = HigherEducation(given, tables(), 0)
    known = []
    for month in range(27):
        model.step()
        if month in (2, 10, 18, 26):
            p = model.persons
            staff = (p.present == 1) & (p.employer >= 0)
            staff[staff] &= model.employers.sector[p.employer[staff]] <= c.WO
            same_staff = staff & (p.since < 0)
            known.append(float(p.awareness[same_staff].mean()))
    gains = np.diff(known)
    assert np.all(gains > 0) and np.all(np.diff(gains) < 0)
    assert model.persons.awareness.max() <= 1.0 + 1e-6


def test_tasters_can_lower_interest() -> None:
    more = ("levers.taster_placement.reach.share=0.9", "levers.taster_placement.image_spread=2")
    model = stepped(0, "taster_placement", more=more)
    found = model.persons.outlook[model.persons.outlook != 0]
    assert 0.3 < (found < 0).mean() < 0.7


def test_pairs_vary_less_than_strangers() -> None:
    """Common random numbers: a paired difference varies half as much as an unpaired one."""
    small = (
        "population.scale=0.1",
        "years=1",
        "burn_in=0",
        "start=2014-01",
        "model.search.sources.anyone=0.4",
    )
    given = settings("single_cao", small=small)
    plain = settings(small=small)
    paired, base, other = [], [], []
    for replication in range(12):
        arms = []
        for each in (plain, given):
            model = HigherEducation(each, tables(), replication)
            for _ in range(12):
                model.step()
            arms.append(crossings(model))
        base.append(arms[0])
        other.append(arms[1])
        paired.append(arms[1] - arms[0])
    assert np.var(paired, ddof=1) < 0.5 * (np.var(base, ddof=1) + np.var(other, ddof=1))
    assert policy_of(plain) is None and policy(model).levers
