"""Names in pictures: words, never ids."""

from __future__ import annotations

from hesim.calibration.plan import read_calibration_plan
from hesim.calibration.titles import PARAMETERS, parameter_name, path_title
from hesim.charts.colours import signs_of
from hesim.charts.names import arm_label
from hesim.levers.titles import arm_title, dial_title


def test_every_fitted_parameter_has_a_title_of_its_own() -> None:
    for structure in ("standing", "growing"):
        fitted = read_calibration_plan([f"structure={structure}"]).parameters.names
        assert set(fitted) == set(PARAMETERS)
        assert len({parameter_name(one) for one in fitted}) == len(fitted)


def test_an_arm_is_called_by_the_titles_of_its_levers() -> None:
    assert arm_title("single_cao+meet_and_greet") == (
        "One collective labour agreement + Meet & greets of hbo and wo"
    )
    assert arm_label("single_cao+joint_appointment").splitlines() == [
        "One collective labour agreement",
        "+ Joint appointments",
    ]
    assert arm_title("baseline") == "baseline"
    assert arm_title("my_own_lever") == "my own lever"
    assert dial_title("levers.single_cao.pay_alignment") == (
        "One collective labour agreement: pay alignment"
    )


def test_a_setting_that_is_fitted_has_the_title_of_its_parameter() -> None:
    assert path_title("model.choice.sector_cost") == PARAMETERS["sector_cost"]
    # Each of them moves several settings.
    assert path_title("model.choice.scale.wo") == path_title("model.choice.scale.hbo")
    assert path_title("model.search.other_region") == "search other region"


def test_a_structure_looks_the_same_in_every_chart() -> None:
    signs = [
        signs_of(["standing", "growing"]),
        signs_of(["growing", "standing"]),
        signs_of(["growing", "standing:blind", "mine"]),
    ]
    assert signs[0]["growing"] == signs[1]["growing"] == signs[2]["growing"]
    assert signs[0]["standing"] == signs[1]["standing"] != signs[0]["growing"]
    assert len(set(signs[2].values())) == 3
