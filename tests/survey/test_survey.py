"""The survey's own filters hold."""

from __future__ import annotations

import numpy as np

from hesim import categories as c
from hesim.model.higher_education import HigherEducation
from hesim.survey.answers import ask
from hesim.survey.movers import sort_movers
from hesim.survey.questionnaire import hold_survey


def test_items_only_under_their_heading(finished: HigherEducation) -> None:
    answers = ask(finished)
    pull, push = finished.rates.pull_items, finished.rates.push_items
    assert not np.any(answers.pull & ~answers.pull_headings[:, pull.heading])
    assert not np.any(answers.push & ~answers.push_headings[:, push.heading])
    assert len(push.names) == 28


def test_all_who_found_a_job_name_a_channel_and_nobody_else(finished: HigherEducation) -> None:
    used = int(finished.ledger.used[1])
    found = finished.ledger.m_joined[:used] > -100
    found &= finished.ledger.m_to[:used] >= 0
    np.testing.assert_array_equal(ask(finished).channels.any(axis=1), found)


def test_who_never_worked_names_no_previous_employer(finished: HigherEducation) -> None:
    movers, channels = sort_movers(finished), ask(finished).channels
    previous = channels[movers.spell, c.CHANNELS.index("previous_employer")]
    first_job = movers.band["prior_situation"] == c.PRIOR_SITUATIONS.index("school_leaver")
    assert np.any(first_job) and np.any(previous)
    assert not np.any(previous & first_job)


def test_survey_has_every_published_cell_and_its_n(finished: HigherEducation) -> None:
    rows = hold_survey(finished, sort_movers(finished), ask(finished), 1)
    cells = finished.tables.cells
    assert len(rows) == len(cells)
    for row, cell in zip(rows, cells, strict=True):
        assert row["n"] == cell.n
        assert (row["percent"] is None) == (cell.percent is None)
    by = {(r["table"], r["block"], r["item"], r["group"]): r["percent_movers"] for r in rows}
    for group in c.MOVER_GROUPS:
        for heading in ("work_itself", "people", "preconditions"):
            overall = by["3.5", heading, "overall", group]
            own = {k: v for k, v in by.items() if k[1] == heading and k[3] == group}
            assert max(v for v in own.values() if v is not None) <= overall + 1e-9


def test_a_step_between_universities_is_outflow_and_inflow(finished: HigherEducation) -> None:
    movers = sort_movers(finished)
    within = (movers.origin == c.WO) & (movers.destination == c.WO)
    spells = movers.spell[within]
    groups = movers.group[within]
    out, inside = (c.MOVER_GROUPS.index(g) for g in ("wo_out", "wo_in"))
    assert set(spells[groups == out]) & set(spells[groups == inside])
