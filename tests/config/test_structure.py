"""A structure chooses its own calibration, and refuses that of another one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from hesim.calibration.plan import read_calibration_plan
from hesim.config import ConfigErrors
from hesim.config.points import points, structure_of, usual_calibration
from hesim.config.trees import leaves
from hesim.scenario import compose
from hesim.sources import packaged


def test_every_calibration_belongs_to_a_structure_that_there_is() -> None:
    for name in points():
        assert compose([f"structure={structure_of(name)}", f"calibration={name}"])


def test_a_structure_brings_its_own_calibration() -> None:
    assert compose().text("structure") == "standing"
    assert compose(["structure=standing"]).text("calibration") == "production"
    growing = compose(["structure=growing"])
    assert growing.text("structure") == "growing"
    assert growing.text("calibration") == usual_calibration("growing")
    given = compose(extra={"structure": "growing"})
    assert given.text("calibration") == usual_calibration("growing")


def test_the_calibration_of_another_structure_is_refused_in_words() -> None:
    with pytest.raises(ConfigErrors, match="made for structure=standing; choose calibration="):
        compose(["structure=growing", "calibration=production"])


def test_an_unknown_structure_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(ConfigErrors, match="did you mean standing"):
        compose(["structure=standng"])


def test_growing_is_standing_but_for_its_permanent_posts() -> None:
    standing, growing = (
        dict(leaves(compose([f"structure={name}", "calibration=none"]).resolved()))
        for name in ("standing", "growing")
    )
    apart = {path for path in standing if standing[path] != growing[path]}
    # Inputs follow from the model, so each structure has those that were solved for it.
    apart = {path for path in apart if not path.startswith("model.inputs.")}
    assert apart == {"structure", "model.careers.permanence"}
    assert growing["model.careers.permanence"] == "growing" and growing.keys() == standing.keys()


def test_a_plan_holds_what_it_says_over_the_one_that_it_builds_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(packaged(), tmp_path / "conf")
    file = tmp_path / "conf" / "calibration" / "plan" / "growing.yaml"
    file.write_text("builds_on: standing\ndesign: 7\nparameters: {tilt_work: {prior: [0.0, 0.1]}}")
    monkeypatch.setattr("hesim.calibration.plan.packaged", lambda: tmp_path / "conf")
    standing, growing = (
        read_calibration_plan([f"structure={name}"]) for name in ("standing", "growing")
    )
    assert growing.values["design"] == 7 and standing.values["design"] != 7
    assert growing.values["scale"] == standing.values["scale"]
    assert growing.values["parameters"]["tilt_work"]["prior"] == [0.0, 0.1]
    assert growing.parameters.names == standing.parameters.names
    assert "builds_on" not in growing.values


def test_a_calibration_of_a_structure_has_its_name_and_folder() -> None:
    usual, other = (
        read_calibration_plan(["name=blind", *more]) for more in ([], ["structure=growing"])
    )
    assert (usual.name, other.name) == ("blind", "growing_blind")
    assert usual.blind and other.blind
    assert other.structure == "growing" and other.base.text("structure") == "growing"
    assert usual.output != other.output and usual.fingerprint() != other.fingerprint()
    with pytest.raises(ConfigErrors, match="structure"):
        read_calibration_plan(["structure=nosuch"])
