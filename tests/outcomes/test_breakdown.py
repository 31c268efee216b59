"""Crossings by dimension: a hand-made world, and the whole that the parts add up to."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from hesim import categories as c
from hesim.config import ConfigErrors
from hesim.model.higher_education import HigherEducation
from hesim.outcomes.breakdown import DIMENSIONS, break_down, known_dimension, parts_of
from hesim.outcomes.registry import headline
from hesim.survey.crossings import CROSSINGS
from hesim.survey.movers import sort_movers

BOTH = tuple(CROSSINGS)


def by_hand():
    """Three spells: two from wo to hbo in years 0 and 1, one from hbo to wo in year 1.

    Employer 0 is wo in the east, employer 1 is hbo in the south. Each crossing has a second row, of
    who leaves, which must not count.
    """
    ledger = SimpleNamespace(
        m_from=np.array([0, 0, 1]),
        m_from_role=np.array([c.POSTDOC, c.PROFESSOR, c.LECTOR]),
    )
    employers = SimpleNamespace(region=np.array([1, 2]))
    groups = ["hbo_in", "hbo_in", "wo_in", "wo_out", "wo_out", "hbo_out"]
    six = [0, 1, 2, 0, 1, 2]
    movers = SimpleNamespace(
        spell=np.array(six),
        group=np.array([c.MOVER_GROUPS.index(name) for name in groups]),
        month=np.array([3, 14, 20, 2, 13, 19]),
        crossing=np.array([0, 0, 1, 0, 0, 1]),
        band={
            "age": np.array([1, 2, 3, 0, 0, 0]),
            "sex": np.array([0, 1, 1, 0, 0, 0]),
            "field": np.array([5, 5, 0, 1, 1, 1]),
        },
    )
    return SimpleNamespace(ledger=ledger, employers=employers), movers


def test_each_part_by_hand():
    model, movers = by_hand()
    found = {
        part[:]: values.tolist()
        for part, values in break_down(model, movers, 2, {}, outcomes=BOTH).items()
    }
    seen = {part: values for part, values in found.items() if any(values)}
    assert seen == {
        ("region", "east", "wo_to_hbo"): [1, 1],
        ("region", "south", "hbo_to_wo"): [0, 1],
        ("age", "25_35", "wo_to_hbo"): [1, 0],
        ("age", "35_54", "wo_to_hbo"): [0, 1],
        ("age", "55_plus", "hbo_to_wo"): [0, 1],
        ("sex", "male", "wo_to_hbo"): [1, 0],
        ("sex", "female", "wo_to_hbo"): [0, 1],
        ("sex", "female", "hbo_to_wo"): [0, 1],
        ("field", "other", "wo_to_hbo"): [1, 1],
        ("field", "law", "hbo_to_wo"): [0, 1],
        ("role", "postdoc", "wo_to_hbo"): [1, 0],
        ("role", "professor", "wo_to_hbo"): [0, 1],
        ("role", "lector", "hbo_to_wo"): [0, 1],
    }


def test_the_parts_of_each_dimension_add_up_to_the_outcome(finished: HigherEducation):
    years = finished.settings.integer("years")
    movers = sort_movers(finished)
    whole, parts = (
        headline(finished, movers, years),
        break_down(finished, movers, years, {}, outcomes=BOTH),
    )
    assert list(parts) == parts_of(outcomes=BOTH)
    for outcome in ("wo_to_hbo", "hbo_to_wo"):
        assert whole[outcome].sum() > 0
        for dimension in DIMENSIONS:
            mine = [v for p, v in parts.items() if (p.dimension, p.outcome) == (dimension, outcome)]
            assert np.sum(mine, axis=0).tolist() == whole[outcome].tolist(), dimension


def test_only_what_is_asked_is_counted():
    model, movers = by_hand()
    assert {part.dimension for part in break_down(model, movers, 2, {}, ("sex",), BOTH)} == {"sex"}


def test_an_unknown_dimension_is_told_with_those_that_there_are():
    assert known_dimension("field") == "field"
    with pytest.raises(ConfigErrors) as caught:
        known_dimension("fields")
    (problem,) = caught.value.problems
    assert problem.nearest == "field"
    assert all(name in problem.allowed for name in DIMENSIONS)
