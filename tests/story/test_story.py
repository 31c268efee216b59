"""The replayed searches and rankings of single persons equal what the compiled rules decided."""

from __future__ import annotations

import numpy as np
import pytest

from hesim import categories as c
from hesim.model.higher_education import HigherEducation
from hesim.model.order import ORDER
from hesim.scenario import compose
from hesim.story.person import Follower, watched_month
from hesim.story.ranking import applicants
from hesim.story.search import look
from hesim.tables import ReportTables

SMALL = ("population.scale=0.03", "years=2", "burn_in=3")


@pytest.fixture(scope="module", params=["", "levers=[everything]"])
def world(request: pytest.FixtureRequest, tables: ReportTables) -> HigherEducation:
    words = [word for word in (request.param,) if word]
    starts = []
    if words:
        keys = compose([*SMALL, *words]).mapping("levers")
        starts = [f"levers.{key}.start='2011-01'" for key in keys]
    settings = compose([*SMALL, *words, *starts])
    model = HigherEducation(settings, tables, 0)
    while model.month < 6:
        model.step()
    return model


def test_what_is_told_of_a_search_and_a_ranking_is_what_happened(world: HigherEducation) -> None:
    model, looks, ranks = world, 0, 0
    for event in ORDER:
        model.carry_out(event.name)
        n, applied = model.market.applied, model.market.applications
        if event.name == "search":
            own: dict[int, list[tuple[int, float]]] = {}
            for a in range(n):
                mine = own.setdefault(int(applied.seeker[a]), [])
                mine.append((int(applied.vacancy[a]), float(applied.utility[a])))
            for i in model.market.seekers[::5].tolist():
                told = look(model, i)
                bar = sum(told.present.values())
                best = [one for one in told.seen if one.utility > bar]
                best = best[: told.sent]
                made = own.get(i, [])[: len(best)]
                # A lever's process may add applications after those of the search.
                assert [one.row for one in best] == [row for row, _ in made]
                assert [one.utility for one in best] == pytest.approx([u for _, u in made])
                assert all(one.channels for one in told.seen)
                looks += len(best)
        if event.name == "hiring":
            vacancies = applied.vacancy[:n]
            # Behind them stand personal offers, for which nobody is ranked.
            vacancies = np.unique(vacancies[vacancies < model.market.open_count])
            for k in vacancies[::3].tolist():
                rows = np.flatnonzero(applied.vacancy[:n] == k)
                told_all = {one.person: one for one in applicants(model, k)}
                assert len(told_all) == rows.size
                for a in rows.tolist():
                    one = told_all[int(model.persons.id[applied.seeker[a]])]
                    refused = np.isneginf(model.market.score[a])
                    assert one.refused == refused
                    assert refused or one.score == pytest.approx(model.market.score[a])
                    assert one.taken == (model.market.held[k] == a)
                    ranks += 1
    model.state.month += 1
    assert looks > 20 and ranks > 20


def test_a_followed_run_is_the_same_run(tables: ReportTables) -> None:
    settings = compose(SMALL)
    plain, watched = (HigherEducation(settings, tables, 0) for _ in range(2))
    rows = np.flatnonzero(plain.persons.role == c.PHD_CANDIDATE)[:20]
    followers = [Follower(int(plain.persons.id[row])) for row in rows]
    for _ in range(18):
        plain.step()
        watched_month(watched, followers)
    assert plain.ledger.used.tolist() == watched.ledger.used.tolist()
    used = int(plain.ledger.used[1])
    for name in ("m_person", "m_left", "m_joined", "m_to", "m_reason", "m_channels"):
        one, other = getattr(plain.ledger, name)[:used], getattr(watched.ledger, name)[:used]
        assert np.array_equal(one, other), name
    _check_against_ledger(watched, followers)


def _check_against_ledger(model: HigherEducation, followers: list[Follower]) -> None:
    """Jobs left and taken in the stories are those of the ledger, with the channels of the hire."""
    ledger, used = model.ledger, int(model.ledger.used[1])
    moves = 0
    for follower in followers:
        mine = np.flatnonzero(ledger.m_person[:used] == np.uint64(follower.person))
        joined = {int(ledger.m_joined[row]): row for row in mine if ledger.m_to[row] >= 0}
        for one in follower.happenings:
            if one.kind == "joined" and one.month in joined:
                row = joined[one.month]
                assert one.facts["employer"] == ledger.m_to[row]
                if ledger.m_to[row] >= model.employers.institutions:
                    continue  # offered in person, without a vacancy
                found = next(told for month, told in follower.looks if month == one.month)
                hired = next(each for each in found.seen if each.outcome == "hired")
                bits = int(ledger.m_channels[row])
                names = tuple(name for k, name in enumerate(c.CHANNELS) if bits >> k & 1)
                assert hired.channels == names
                moves += 1
            if one.kind == "left":
                assert one.facts["reason"] in c.EXIT_REASONS
    assert moves > 0
