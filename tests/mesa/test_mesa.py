"""The model under Mesa's own tools: horizon, scenario, sets of agents, batch_run, DataCollector."""

from __future__ import annotations

import copy
import multiprocessing
import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import mesa
import numpy as np
import pytest

from hesim import categories as c
from hesim.execution.replication import simulate_one
from hesim.input.problems import ConfigErrors
from hesim.mesa import BURN_IN, Model, Scenario
from hesim.model.institution import Institution
from hesim.outcomes.registry import OUTCOMES
from hesim.scenario import compose

TINY = {"scale": 0.02, "years": 1, "burn_in": 2}
VARYING = {"model.choice.sector_cost": [0.5, 4.0]}
GUIDE = Path(__file__).resolve().parents[2] / "docs" / "mesa.md"


@pytest.fixture(scope="module")
def ended() -> Model:
    model = Model(by_institution=True, **TINY)
    while model.running:
        model.step()
    return model


@pytest.fixture
def start_method() -> Iterator[None]:
    """Gives other tests their way to start processes back: batch_run of Mesa 3.5 changes it."""
    before = multiprocessing.get_start_method()
    yield
    multiprocessing.set_start_method(before, force=True)


def test_a_world_stops_at_its_horizon(ended: Model) -> None:
    assert ended.month == ended.horizon == 12 and not ended.running
    rows, used = len(ended.datacollector.model_vars["month"]), int(ended.ledger.used[0])
    ended.step()
    assert ended.month == 12 and int(ended.ledger.used[0]) == used
    assert len(ended.datacollector.model_vars["month"]) == rows == 14
    fresh = Model(**TINY)
    with pytest.raises(RuntimeError, match="at the end"):
        _ = fresh.outcomes
    # Mesa's own loop ends too, after the burn-in and the year.
    fresh.run_model()
    assert fresh.month == 12


def test_its_outcomes_are_those_of_a_run(ended: Model) -> None:
    run = simulate_one(compose(extra={"population.scale": 0.02, "years": 1, "burn_in": 2}), 0)
    for name in ("wo_to_hbo", "hbo_to_wo", "turnover_wo"):
        wanted = run.outcomes[name].mean() / OUTCOMES[name].divisor(0.02)
        assert ended.outcomes[name] == pytest.approx(wanted)


def test_the_collector_has_a_row_a_month_and_outcomes_in_the_last(ended: Model) -> None:
    frame = ended.datacollector.get_model_vars_dataframe()
    assert list(frame["month"][:3]) == [BURN_IN, BURN_IN, "2011-01"]
    assert frame["month"].iloc[-1] == "2011-12"
    p = ended.persons
    mine = (p.present == 1) & (p.employer >= 0)
    wo = int((ended.employers.sector[p.employer[mine]] == c.WO).sum())
    assert frame["staff_wo"].iloc[-1] == pytest.approx(wo / 0.02)
    assert frame["wo_to_hbo"][:-1].isna().all()
    assert frame["wo_to_hbo"].iloc[-1] == ended.outcomes["wo_to_hbo"]
    agents = ended.datacollector.get_agent_vars_dataframe()
    assert len(agents) == 14 * 52
    last = agents.xs(agents.index.get_level_values(0).max())
    assert last["staff"].sum() * 50 == pytest.approx(
        frame["staff_wo"].iloc[-1] + frame["staff_hbo"].iloc[-1]
    )


def test_institutions_are_a_set_of_agents(ended: Model) -> None:
    some = ended.institutions
    assert len(some) == 52 and [one.number for one in some] == list(range(52))
    assert all(isinstance(one, Institution) for one in some)
    wo = some.select(lambda one: one.sector == "wo")
    assert sum(wo.get("staff")) == len(ended.people.select(sector="wo"))
    # A set of one's own: the model's agents stay.
    some.remove(next(iter(some)))
    assert len(ended.institutions) == 52


def test_persons_are_a_set_over_columns(ended: Model) -> None:
    people, p = ended.people, ended.persons
    here = p.present == 1
    assert len(people) == here.sum()
    ages = (ended.month - p.born[here].astype(int)) / 12
    assert np.array_equal(people.get("age"), ages)
    assert people.agg("age", np.mean) == ages.mean()
    young = people.select(lambda some: some.get("age") < 30, role={"phd_candidate", "postdoc"})
    roles = np.array(c.ROLES)[p.role[here]]
    assert len(young) == ((ages < 30) & np.isin(roles, ["phd_candidate", "postdoc"])).sum() > 0
    assert set(young.get("role")) <= {"phd_candidate", "postdoc"}
    assert len(people.select(at_most=7)) == 7
    by_role = people.groupby("role")
    assert by_role.count() == {
        role: int((roles == role).sum()) for role in sorted(set(roles.tolist()))
    }
    assert (
        by_role.agg("weekly_hours", np.max)["professor"]
        == p.hours[here][roles == "professor"].max()
    )
    assert len(by_role) == len(dict(iter(by_role))) and sum(by_role.count().values()) == len(people)
    # Each reads the same as the person alone.
    for one in people.select(at_most=3):
        mine = people.select(identity=one.identity)
        assert one.identity in people and len(mine) == 1
        for name in ("age", "role", "education", "contract", "weekly_hours"):
            assert mine.get(name)[0] == getattr(one, name)
        assert mine.get("employer")[0] == (one.employer or "")
    with pytest.raises(AttributeError, match="there are identity, age"):
        people.get("salary")
    with pytest.raises(ValueError, match="truth values"):
        people.select(np.array([True]))


def test_a_set_follows_its_persons_and_no_other_model() -> None:
    model, other = Model(**TINY), Model(rng=5, **TINY)
    people = model.people
    identities, before = set(people.get("identity").tolist()), len(people)
    ages = people.get("age")
    ages[:] = 0.0
    assert people.get("age").min() > 15.0
    while model.running:
        model.step()
    left = len(people)
    assert left < before and set(people.get("identity").tolist()) < identities
    assert len(other.people) == int((other.persons.present == 1).sum())
    assert len(copy.deepcopy(other).people) == len(other.people)


def test_a_scenario_varies_settings_and_seed() -> None:
    one = Scenario(rng=3, replication=2, levers=["meet_and_greet"], **TINY)
    assert one.settings["seed"] == 3 and one.settings["population.scale"] == 0.02
    model = Model(one)
    assert model.scenario is one and model.policy is not None and model.replication == 2
    assert one.years == 1 and Scenario().years is None
    with pytest.raises(ConfigErrors, match="did you mean"):
        Scenario(**{"model.choice.sector_costs": 2})
    # Mesa's page hands a scenario over with what its sliders say beside.
    changed = Model(one, years=2, rng=4)
    assert (changed.horizon, changed.settings["seed"], changed.replication) == (24, 4, 2)
    assert changed.scenario.given["levers"] == ["meet_and_greet"]
    same, again = (Model(rng=3, **TINY) for _ in range(2))
    for _ in range(2):
        same.step()
        again.step()
    assert np.array_equal(same.persons.employer, again.persons.employer)


@pytest.mark.skipif(not find_spec("mesa.batchrunner"), reason="this Mesa has no batch_run")
def test_mesas_batch_run_varies_settings_and_scenarios(start_method: None) -> None:
    from mesa.batchrunner import batch_run

    rows = batch_run(Model, {**TINY, **VARYING}, display_progress=False)
    assert len(rows) == 2 and all(row["month"] == "2011-12" for row in rows)
    wanted = []
    for cost in VARYING["model.choice.sector_cost"]:
        model = Model(**TINY, **{"model.choice.sector_cost": cost})
        model.run_model()
        wanted.append(model.outcomes["hbo_to_wo"])
    assert [row["hbo_to_wo"] for row in rows] == wanted
    scenarios = [Scenario(rng=seed, **TINY) for seed in (1, 2)]
    rows = batch_run(Model, {"scenario": scenarios}, display_progress=False)
    assert [row["scenario"] for row in rows] == scenarios
    assert rows[0]["staff_wo"] != rows[1]["staff_wo"]


@pytest.mark.skipif(
    not find_spec("mesa.experimental.scenarios"), reason="this Mesa has no Scenario of its own"
)
def test_a_scenario_is_one_of_mesas() -> None:
    from mesa.experimental.scenarios import Scenario as MesaScenario

    one = Scenario(rng=4, **TINY)
    assert isinstance(one, MesaScenario) and one.to_dict()["years"] == 1
    model = Model(one)
    assert isinstance(model, mesa.Model) and model.scenario is one
    # What Mesa's page looks at to tell settings of a scenario from arguments of the model.
    assert {"years", "scale", "levers", "replication"} <= set(Scenario._scenario_defaults)
    if mesa.__version__.startswith("3."):
        with pytest.raises(ValueError, match="Cannot change"):
            one.years = 3


def test_the_example_of_the_guide_runs() -> None:
    blocks = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.S)
    names: dict[str, object] = {"__name__": "guide"}
    for block in blocks:
        if "SolaraViz" not in block and "batch_run" not in block:
            exec(compile(block, str(GUIDE), "exec"), names)
    assert isinstance(names["model"], Model) and names["model"].month == 12
