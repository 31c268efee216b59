"""A run is a study of one point: its plan, its order, and what is handed over where."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path

import pytest
from run_fakes import simulate

import hesim
from hesim.execution.engines.engine import EngineFailed
from hesim.execution.engines.serial import Serial
from hesim.execution.replication import of_arm
from hesim.execution.task import Task
from hesim.scenario import compose
from hesim.study import run_launch
from hesim.study.groups import Groups
from hesim.study.run_plan import plan_run, run_name

LEVERS = ["years=5", "replications=2", "levers=[meet_and_greet]", "attribution=true"]
START = ["levers.meet_and_greet.start=2013-01"]
GIVEN = {"years": 1, "replications": 3, "workers": 1, "figures": False}


def test_a_run_without_levers_is_one_point() -> None:
    plan = plan_run(compose(["replications=3"]))
    assert [point.arm for point in plan.points] == ["baseline"]
    assert [run_name(plan, number) for number in range(plan.runs)] == ["0", "1", "2"]
    assert Groups(plan).of(range(plan.runs)) == [[0], [1], [2]]


def test_arms_of_a_replication_stand_together_and_the_baseline_comes_last() -> None:
    settings = compose([*LEVERS, *START])
    plan = plan_run(settings)
    names = [point.arm for point in plan.points]
    size = len(names)
    assert names[:2] == ["baseline", "policy"] and size > 2
    assert all(name.startswith("without ") for name in names[2:])
    assert run_name(plan, size + 1) == "1 policy"
    groups = Groups(plan)
    assert groups.of(range(plan.runs)) == [
        [*range(first + 1, first + size), first] for first in (0, size)
    ]
    more = [task.content.more for task in groups.tasks(groups.of(range(size))[0])]
    assert more == [True] * (size - 1) + [False]
    # Two years are simulated once, and the other three in each arm.
    months = 12 * 2 + settings.integer("burn_in") + 12 * 3 * size
    assert groups.months(groups.of(range(size))) == months


def test_each_arm_has_the_levers_and_lacks_what_it_says() -> None:
    settings = compose([*LEVERS, *START])
    plan = plan_run(settings)
    branches = plan.branches(simulate, of_arm)
    for number, point in enumerate(plan.points):
        own = branches.settings_of(plan.branch(number))
        assert own.mapping("levers") == ({} if number == 0 else settings.mapping("levers"))
        _, _, mechanism = point.arm.partition("without ")
        assert list(own["without"]) == ([mechanism] if mechanism else [])


class Ends(Serial):
    """An engine that is gone after the first chunk; hears of no months."""

    def __init__(self, *given: object, local: bool = True, **more: object) -> None:
        super().__init__(given[1])
        self.local = local
        self.chunks: list[list[Task]] = []

    def send(self, tasks, hear=None) -> Future:
        if self.chunks:
            raise EngineFailed("it is gone")
        self.chunks.append(list(tasks))
        return super().send(tasks, hear)


def test_an_engine_that_is_gone_loses_the_rest_and_keeps_what_came(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_launch, "make_engine", Ends)
    made = hesim.run(simulate=simulate, output=str(tmp_path / "run"), **GIVEN)
    assert made.manifest["status"] == "incomplete"
    found = made.manifest["replications"]
    assert found == {"asked": 3, "done": [0], "failed": {"1": "it is gone", "2": "it is gone"}}
    assert set(made.flows["replication"]) == {0}


@pytest.mark.parametrize("local", [True, False])
def test_elsewhere_the_arms_of_a_replication_are_handed_over_as_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, local: bool
) -> None:
    engines: list[Ends] = []

    def make(*given: object, **more: object) -> Ends:
        engines.append(Ends(*given, local=local, **more))
        return engines[0]

    monkeypatch.setattr(run_launch, "make_engine", make)
    settings = compose([*LEVERS, *START, "figures=false", f"output={tmp_path / 'run'}"])
    size = len(plan_run(settings).points)
    if local:
        with pytest.raises(run_launch.RunFailed, match="it is gone"):
            hesim.run(settings=settings, simulate=simulate)
        # One arm came back, but no replication is whole.
        assert [len(chunk) for chunk in engines[0].chunks] == [1]
        return
    made = hesim.run(settings=settings, simulate=simulate)
    assert [len(chunk) for chunk in engines[0].chunks] == [size]
    assert made.manifest["replications"]["done"] == [0]
