"""A structure chooses its own calibration, and refuses that of another one."""

from __future__ import annotations

import pytest

from hesim.calibration.plan import read_calibration_plan
from hesim.config import ConfigErrors
from hesim.config.points import points, structure_of, usual_calibration
from hesim.scenario import compose


def test_every_calibration_belongs_to_a_structure_that_there_is() -> None:
    for name in points():
        assert compose([f"structure={structure_of(name)}", f"calibration={name}"])


def test_a_structure_brings_its_own_calibration() -> None:
    assert compose().text("structure") == "first"
    assert compose(["structure=first"]).text("calibration") == "production"
    standing = compose(["structure=standing"])
    assert standing.text("structure") == "standing"
    assert standing.text("calibration") == usual_calibration("standing")
    assert compose(extra={"structure": "standing"}).text("calibration") == usual_calibration(
        "standing"
    )


def test_the_calibration_of_another_structure_is_refused_in_words() -> None:
    with pytest.raises(ConfigErrors, match="was made for structure=first; choose calibration="):
        compose(["structure=standing", "calibration=production"])


def test_an_unknown_structure_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(ConfigErrors, match="did you mean standing"):
        compose(["structure=standng"])


def test_a_calibration_of_a_structure_has_its_name_and_folder() -> None:
    usual, other = (
        read_calibration_plan(["name=blind", *more]) for more in ([], ["structure=standing"])
    )
    assert (usual.name, other.name) == ("blind", "standing_blind")
    assert usual.blind and other.blind
    assert other.structure == "standing" and other.base.text("structure") == "standing"
    assert usual.output != other.output and usual.fingerprint() != other.fingerprint()
    with pytest.raises(ConfigErrors, match="structure"):
        read_calibration_plan(["structure=nosuch"])
