"""Names in pictures: words, never ids."""

from __future__ import annotations

from hesim.calibration.plan import read_calibration_plan
from hesim.charts.names import PARAMETERS, parameter_name


def test_every_fitted_parameter_has_a_title_of_its_own() -> None:
    for structure in ("standing", "growing"):
        fitted = read_calibration_plan([f"structure={structure}"]).parameters.names
        assert set(fitted) == set(PARAMETERS)
        assert len({parameter_name(one) for one in fitted}) == len(fitted)
