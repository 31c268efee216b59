"""Plans of studies: points without doubles, designs, and all mistakes at once."""

from __future__ import annotations

import numpy as np
import pytest

from hesim.config import ConfigErrors
from hesim.study.design import worlds
from hesim.study.plan import plan_study
from hesim.study.points import StudyPlan
from hesim.study.uncertainty import Uncertainty

TWO = "study.uncertainties=[model.choice.sector_cost:1:3,levers.single_cao.pay_alignment]"


@pytest.fixture(scope="module")
def plan() -> StudyPlan:
    return plan_study(
        [
            "study.levers=[single_cao,meet_and_greet,single_cao+meet_and_greet]",
            TWO,
            "levers.single_cao.start=2015-01",
            "study.replications=3",
        ]
    )


def test_a_plan_is_arms_times_worlds_without_doubles(plan: StudyPlan) -> None:
    assert [arm.name for arm in plan.arms] == [
        "baseline",
        "single_cao",
        "meet_and_greet",
        "single_cao+meet_and_greet",
    ]
    # Central, two ends of two uncertainties.
    assert len(plan.worlds) == 5
    assert len(plan.rows) == 4 * 5
    # Where the dial's lever is missing, its worlds are one and the same point.
    of_arm = {
        arm.name: {row.point for row in plan.rows if row.arm == arm.name} for arm in plan.arms
    }
    # The usual alignment is its own high end: one point less than worlds.
    assert [len(points) for points in of_arm.values()] == [3, 4, 3, 4]
    assert len(plan.points) == 14 and len({point.id for point in plan.points}) == 14


def test_the_baseline_of_a_world_is_shared(plan: StudyPlan) -> None:
    for row in plan.rows:
        mine = dict(plan.points[row.point].values)
        base = dict(plan.points[row.baseline].values)
        assert plan.points[row.baseline].arm == "baseline"
        assert base == {k: v for k, v in mine.items() if not k.startswith("levers.")}


def test_replications_interleave_so_that_a_stopped_study_is_balanced(plan: StudyPlan) -> None:
    size = len(plan.points)
    assert plan.runs == 3 * size
    branches = [plan.branch(number) for number in range(plan.runs)]
    assert [branch.replication for branch in branches] == [0] * size + [1] * size + [2] * size
    assert branches[0].arm == "baseline" and branches[0].values == ()


def test_settings_of_a_run_hold_its_levers_and_values(plan: StudyPlan) -> None:
    branches = plan.branches(None)
    row = next(r for r in plan.rows if r.arm == "single_cao" and r.world == 3)
    settings = branches.settings_of(plan.branch(row.point))
    assert list(settings.mapping("levers")) == ["single_cao"]
    assert settings["levers.single_cao.start"] == "2015-01"
    assert settings["levers.single_cao.pay_alignment"] == 0.0
    assert branches.settings_of(plan.branch(0)).mapping("levers") == {}
    assert plan.settings.mapping("levers") == {}


def test_ids_are_of_content(plan: StudyPlan) -> None:
    again = plan_study(["study.levers=[single_cao]", "levers.single_cao.start=2015-01"])
    known = {point.id for point in plan.points}
    assert {point.id for point in again.points} <= known
    other = plan_study(["study.levers=[single_cao]", "levers.single_cao.start=2016-01"])
    assert len({point.id for point in other.points} & known) == 1


def test_grid_is_all_on_and_off() -> None:
    made = plan_study(["study.levers=[job_swap,secondment,meet_and_greet]", "study.design=grid"])
    assert len(made.arms) == 8 and len(made.points) == 8


def test_contradicting_levers_may_be_arms_of_one_study() -> None:
    made = plan_study(["study.levers=[single_cao,abolish_binary]"])
    assert len(made.arms) == 3
    with pytest.raises(ConfigErrors, match="contradict each other"):
        plan_study(["study.levers=[single_cao+abolish_binary]"])


def test_a_ready_package_is_an_arm() -> None:
    made = plan_study(["study.levers=[terms]"])
    assert set(made.arms[1].settings) == {"single_cao", "regional_employer", "full_time_offers"}


def test_scenarios_stand_beside_one_another() -> None:
    made = plan_study(
        ["study.levers=[job_swap]", "study.scenarios=[population.phd_share_hbo:0.04]"]
    )
    assert {row.scenario for row in made.rows} == {"central", "population.phd_share_hbo=0.04"}
    assert len(made.points) == 4


def test_all_mistakes_are_told() -> None:
    with pytest.raises(ConfigErrors) as caught:
        plan_study(
            [
                "study.uncertainties=[model.choice.sector_costs,model.choice.sector_cost:0:99,"
                "model.choice.distance_cost:2:1]",
                "study.outcome=wo_too_hbo",
                "study.draws=7",
                "calibration=none",
                "study.scenarios=[population.scale]",
            ]
        )
    text = str(caught.value)
    for words in (
        "did you mean model.choice.sector_cost?",
        "from 0 to 10",
        "low end below its high end",
        "did you mean wo_to_hbo?",
        "study.draws",
        "study.scenarios",
    ):
        assert words in text
    with pytest.raises(ConfigErrors, match="did you mean single_cao"):
        plan_study(["study.levers=[singel_cao]"])
    with pytest.raises(ConfigErrors, match="power of 2"):
        plan_study(
            [
                TWO.replace(",levers.single_cao.pay_alignment", ""),
                "study.design=sobol",
                "study.n=12",
            ]
        )
    with pytest.raises(ConfigErrors, match="not chosen"):
        plan_study(["study.levers=[job_swap]", "levers.single_cao.start=2015-01"])


def test_an_unknown_lever_is_told_with_the_other_mistakes() -> None:
    with pytest.raises(ConfigErrors) as caught:
        plan_study(["study.levers=[single_cao,meet_and_great]", "study.design=box", "study.n=-1"])
    told = {(problem.path, problem.value) for problem in caught.value.problems}
    assert told == {("study.design", "box"), ("study.n", -1), ("study.levers", "meet_and_great")}


def test_draws_are_points_of_their_own() -> None:
    from hesim.calibration import ensemble

    name = ensemble.available()[0]
    base = [f"calibration={name}", "study.levers=[job_swap]"]
    made = plan_study([*base, "study.draws=3"])
    assert len(made.points) == 6 and {row.draw for row in made.rows} == {0, 1, 2}
    drawn = ensemble.draws(name)[2]
    row = next(each for each in made.rows if each.arm == "job_swap" and each.draw == 2)
    values = dict(made.points[row.point].values)
    assert values and all(drawn[path] == value for path, value in values.items())
    assert values == dict(made.points[row.baseline].values)
    with pytest.raises(ConfigErrors, match="is set by each draw"):
        plan_study([*base, "study.draws=3", "model.choice.sector_cost=9"])
    with pytest.raises(ConfigErrors, match="has 200 draws"):
        plan_study([*base, "study.draws=201"])


def test_very_many_points_need_force() -> None:
    many = [
        "study.uncertainties=[model.choice.sector_cost:1:3,model.choice.distance_cost:0:1]",
        "study.design=grid",
        "study.n=101",
    ]
    with pytest.raises(ConfigErrors, match="10,201 points"):
        plan_study(many)
    assert len(plan_study([*many, "force=true"]).points) == 10201


def test_an_experiment_is_composed_from_its_file() -> None:
    made = plan_study(["+experiment=sector_costs", "study.replications=2"])
    assert made.settings["study.question"] and made.settings["population.scale"] == 0.1
    assert len(made.uncertainties) == 4 and made.runs == 18


def test_designs_cover_their_ranges() -> None:
    two = [
        Uncertainty("a", 0.0, 10.0, (), 5.0),
        Uncertainty("b", 0.0, 2.0, ("x", "y", "z"), "x"),
    ]
    sample = worlds("lhs", two, 30, seed=1)
    # One world in each thirtieth of the range: that is what makes it a Latin hypercube.
    assert sorted(int(world["a"] * 3) for world in sample) == list(range(30))
    assert {world["b"] for world in sample} == {"x", "y", "z"}
    assert len(worlds("sobol", two, 8, seed=1)) == 8 * (2 + 2)
    assert len(worlds("morris", two, 5, seed=1)) == 5 * (2 + 1)
    assert len(worlds("grid", two, 3, seed=1)) == 9
    assert worlds("list", two, 0, seed=1)[0] == {}
    assert worlds("lhs", two, 30, seed=1) == sample != worlds("lhs", two, 30, seed=2)


def test_whole_numbers_stay_whole() -> None:
    one = Uncertainty("a", 1.0, 4.0, (), 2, whole=True)
    assert [one.at(share) for share in (0.0, 0.5, 1.0)] == [1, 2, 4]
    assert all(isinstance(value, int) for value in one.levels(4))
    assert np.array_equal(one.levels(4), (1, 2, 3, 4))


def test_a_scenario_may_set_several_things_and_dials_and_have_a_name() -> None:
    spec = "levers.job_swap.volunteers:0.1+population.phd_share_hbo:0.04"
    made = plan_study(
        ["study.levers=[job_swap]", f"study.scenarios=['{spec}','many={spec}+years:2']"]
    )
    long = "levers.job_swap.volunteers=0.1+population.phd_share_hbo=0.04"
    assert list(dict.fromkeys(row.scenario for row in made.rows)) == ["central", long, "many"]
    changes = {(p.arm, tuple(sorted(p.values))) for p in made.points}
    share, dial = ("population.phd_share_hbo", 0.04), ("levers.job_swap.volunteers", 0.1)
    assert changes == {
        ("baseline", ()),
        ("baseline", (share,)),
        ("baseline", (share, ("years", 2))),
        ("job_swap", ()),
        ("job_swap", (dial, share)),
        ("job_swap", (dial, share, ("years", 2))),
    }


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("levers.job_swap.volunteers:7", "must be a number from 0 to"),
        ("levers.job_swap.volunters:0.1", "did you mean levers.job_swap.volunteers?"),
        ("years:2+years:3", "sets years twice"),
        ("central=years:2", "there is a scenario central already"),
        ("odd=structure:growing", "ask structures by study.structures"),
    ],
)
def test_scenarios_that_cannot_hold_are_refused(spec: str, words: str) -> None:
    with pytest.raises(ConfigErrors) as caught:
        plan_study(["study.levers=[job_swap]", f"study.scenarios=['{spec}']"])
    assert words in str(caught.value)
