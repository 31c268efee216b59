"""Lever processes weigh a job exactly as the search does."""

from __future__ import annotations

import numpy as np
import pytest
from lever_worlds import world

from hesim.model.higher_education import HigherEducation
from hesim.model.order import ORDER
from hesim.model.weighing import utility_of_vacancy

pytestmark = pytest.mark.once

WIDE = ("population.scale=1", "years=2", "burn_in=3", "start=2014-01")
"""Full scale: in a thinned population an application may come from a later look of the month."""
EVERY = 20


DOSES = {"regional_employer": ("kept=1", "reach.share=1", "ramp=0")}
"""Sizes with which the rule of a lever is asked often."""


def after_search(*levers: str) -> HigherEducation:
    """A model in the midst of a month: people have applied, nobody has been ranked."""
    more = tuple(f"levers.{key}.{dose}" for key in levers for dose in DOSES.get(key, ()))
    model = world(*levers, more=more, months=6, small=WIDE)
    for event in ORDER:
        model.carry_out(event.name)
        if event.name == "search":
            break
    return model


@pytest.mark.parametrize("levers", [(), ("regional_employer",), ("single_cao", "image_campaign")])
def test_a_process_weighs_a_vacancy_as_the_search_does(levers: tuple[str, ...]) -> None:
    model = after_search(*levers)
    a, n = model.market.applications, model.market.applied
    weighed = [
        utility_of_vacancy(model, int(a.seeker[k]), int(a.vacancy[k])) for k in range(0, n, EVERY)
    ]
    assert len(weighed) > 200
    assert np.abs(np.array(weighed) - a.utility[:n:EVERY]).max() < 1e-9
    if "regional_employer" in levers:
        # The rule of the common employer must have been asked at all.
        pool, p = model.effects.frictions.pool, model.persons
        here = pool[model.market.vacancies.employer[a.vacancy[:n]]]
        assert ((here >= 0) & (here == pool[p.employer[a.seeker[:n]]])).sum() > 0
