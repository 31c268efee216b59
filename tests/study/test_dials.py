"""Studies that draw the dials of their levers together with the parameters."""

from __future__ import annotations

import pytest

from hesim.config import ConfigErrors
from hesim.levers.catalogue import catalogue
from hesim.study.plan import plan_study
from hesim.study.points import StudyPlan

LEVERS = "study.levers=[meet_and_greet,joint_appointment,meet_and_greet+joint_appointment]"
DRAWS = 6


def dials(plan: StudyPlan, point: int) -> dict[str, float]:
    return {
        path: float(value)
        for path, value in plan.points[point].values
        if path.startswith("levers.")
    }


@pytest.fixture(scope="module")
def plan() -> StudyPlan:
    return plan_study([LEVERS, "study.dials=prior", f"study.draws={DRAWS}"])


def test_each_draw_has_two_sets_of_dials_and_each_set_two_draws(plan: StudyPlan) -> None:
    of = {
        (row.world, row.draw): dials(plan, row.point)
        for row in plan.rows
        if row.arm == "meet_and_greet"
    }
    assert set(of) == {(world, draw) for world in (0, 1) for draw in range(DRAWS)}
    for draw in range(DRAWS):
        assert of[1, draw] == of[0, (draw + 1) % DRAWS] != of[0, draw]
    assert len({tuple(sorted(each.items())) for each in of.values()}) == DRAWS


def test_a_lever_has_the_same_dials_in_all_arms(plan: StudyPlan) -> None:
    of = {(row.arm, row.world, row.draw): dials(plan, row.point) for row in plan.rows}
    both = "meet_and_greet+joint_appointment"
    for (arm, world, draw), mine in of.items():
        assert mine.items() <= of[both, world, draw].items() or arm == "baseline"
    assert of[both, 0, 0].keys() == of["meet_and_greet", 0, 0].keys() | (
        of["joint_appointment", 0, 0].keys()
    )


def test_the_baseline_of_a_draw_is_simulated_once(plan: StudyPlan) -> None:
    base = {row.point for row in plan.rows if row.arm == "baseline"}
    assert len(base) == DRAWS and not any(dials(plan, point) for point in base)
    assert len(plan.points) == DRAWS + 3 * 2 * DRAWS


def test_dials_are_spread_over_what_is_believed(plan: StudyPlan) -> None:
    lever = next(each for each in catalogue() if each.key == "meet_and_greet")
    for dial in lever.dials:
        path = f"levers.meet_and_greet.{dial.name}"
        ends = [dial.prior.at(k / DRAWS) for k in range(DRAWS + 1)]
        found = sorted(
            dials(plan, row.point)[path]
            for row in plan.rows
            if row.arm == "meet_and_greet" and row.world == 0
        )
        # A Latin hypercube: one in each sixth.
        for value, low, high in zip(found, ends, ends[1:], strict=False):
            assert low * 0.999 - 1e-9 <= value <= high * 1.001 + 1e-9


def test_fixed_dials_are_not_drawn() -> None:
    plan = plan_study(["study.levers=[doctoral_track]", "study.dials=prior", "study.draws=4"])
    drawn = {path for row in plan.rows for path in dials(plan, row.point)}
    assert "levers.doctoral_track.success" in drawn
    assert "levers.doctoral_track.age_most" not in drawn


@pytest.mark.parametrize(
    "asked",
    [
        ["study.levers=[joint_appointment]", "study.budget=1e6"],
        ["study.levers=[joint_appointment]", "study.days=1000"],
        ["study.dose=joint_appointment"],
    ],
)
def test_a_dial_is_not_drawn_where_the_study_sets_how_many_take_part(asked: list[str]) -> None:
    plan = plan_study([*asked, "study.dials=prior", "study.draws=4"])
    drawn = {path for row in plan.rows for path in dials(plan, row.point)}
    assert drawn == {"levers.joint_appointment.fte", "levers.joint_appointment.months"}


def test_the_order_of_levers_is_no_matter(plan: StudyPlan) -> None:
    turned = plan_study(
        [
            "study.levers=[joint_appointment,meet_and_greet+joint_appointment,meet_and_greet]",
            "study.dials=prior",
            f"study.draws={DRAWS}",
        ]
    )
    assert {point.id for point in turned.points} == {point.id for point in plan.points}


def test_dials_as_typed_are_as_before() -> None:
    plan = plan_study([LEVERS, f"study.draws={DRAWS}"])
    assert not any(dials(plan, row.point) for row in plan.rows)
    assert {row.world for row in plan.rows} == {0}


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (["study.draws=3"], "study.draws = 3: must be at least 4 where study.dials=prior"),
        ([], "study.draws = 0: must be at least 4"),
        (
            ["study.draws=4", "study.uncertainties=[model.choice.stay]"],
            "must be typed in a study of uncertainties",
        ),
        (["study.levers=[]", "study.barriers=[all]"], "must be typed beside study.barriers"),
    ],
)
def test_what_does_not_go_together_is_told(asked: list[str], words: str) -> None:
    with pytest.raises(ConfigErrors) as caught:
        plan_study([LEVERS, "study.dials=prior", *asked])
    assert words in str(caught.value)


def test_levers_without_a_dial_that_varies_cannot_be_drawn() -> None:
    with pytest.raises(ConfigErrors, match="needs levers with a dial that is not fixed"):
        plan_study(["study.dials=prior", "study.draws=4"])
