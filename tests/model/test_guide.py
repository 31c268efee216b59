"""The worked examples of the modeller's guide work on the model as it is."""

from __future__ import annotations

import re
from types import ModuleType
from typing import Any

import guide
import numpy as np
import pytest

from hesim import categories as c
from hesim.config import Settings
from hesim.model import choice, higher_education
from hesim.model.choice import HBO, OUTSIDE, ChoiceRates, Present
from hesim.model.higher_education import HigherEducation
from hesim.model.order import ORDER, Event
from hesim.outcomes.evidence import Evidence
from hesim.outcomes.registry import OUTCOMES
from hesim.survey.movers import sort_movers
from hesim.tables import ReportTables


def executed(code: str, name: str, file: str = "docs/modelling.md") -> dict[str, Any]:
    module = ModuleType(name)
    module.__file__ = file
    exec(compile(code, file, "exec"), vars(module))
    return vars(module)


def test_the_rule_is_changed_where_the_guide_says(finished: HigherEducation) -> None:
    before, after = guide.change_after("<!-- rule: src/hesim/model/choice.py -->")
    file = guide.GUIDE.parents[1] / "src" / "hesim" / "model" / "choice.py"
    text = file.read_text(encoding="utf-8")
    assert text.count(before) == 1
    changed = executed(text.replace(before, after), "hesim.model.choice_changed", str(file))
    rates: ChoiceRates = finished.rates.choice
    for kind in (HBO, OUTSIDE):
        now = Present(kind, c.PERMANENT, False, 2, 0.4, 10.0, 1.0)
        usual: Any = choice.present_parts.py_func  # type: ignore[attr-defined]
        own = changed["present_parts"].py_func(now, rates)
        assert own.side == pytest.approx(1.5 * usual(now, rates).side)
        assert tuple(own)[:6] == tuple(usual(now, rates))[:6]


def test_the_event_happens_at_its_place(
    small: Settings, tables: ReportTables, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = executed(guide.files()["src/hesim/model/events/talks.py"], "hesim.model.events.talks")
    line = re.search(r"^    (Event\(\"talks\".*\)),$", guide.GUIDE.read_text(), re.MULTILINE)
    assert line is not None
    event = eval(line.group(1), {"Event": Event, **made})
    settings = small.with_values({"population.scale": 0.02, "burn_in": 0})
    model = HigherEducation(settings, tables, 0)
    place = [each.name for each in ORDER].index("push")
    order = (*ORDER[:place], event, *ORDER[place:])
    monkeypatch.setattr(higher_education, "ORDER", order)
    p = model.persons
    for each in order[:place]:
        model.carry_out(each.name)
    known = p.awareness.copy()
    model.carry_out("talks")
    told = p.awareness > known
    assert 0 < told.sum() < 0.3 * p.size
    assert np.allclose(p.awareness[told] - known[told], made["GAIN"])
    model.state.month = 1
    known = p.awareness.copy()
    model.carry_out("talks")
    assert np.array_equal(p.awareness, known)


def test_the_outcome_is_computed_from_a_finished_run(finished: HigherEducation) -> None:
    code = guide.code_after("<!-- outcome -->")[0]
    entry = executed(code, "hired_by_hbo")["ENTRY"]
    years = finished.settings.integer("years")
    evidence = Evidence(finished, sort_movers(finished), years)
    found = entry.compute(evidence)
    assert found.shape == (years,) and (found > 0).all()
    assert (found <= evidence.flows("hire")).all()
    assert entry.name not in OUTCOMES and entry.divisor(0.05) == 0.05
