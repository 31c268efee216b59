"""Fitted settings: the calibration sets them, somebody may set them otherwise, and it is said."""

from __future__ import annotations

from pathlib import Path

import pytest

import hesim
from hesim.cautions import cautions
from hesim.cli import main
from hesim.config import ConfigErrors
from hesim.config.listing import Row, rows_below, setting_rows
from hesim.config.points import point, points, structure_of
from hesim.scenario import compose, scenario_layers

SECTOR_COST = "model.choice.sector_cost"


def own(folder: Path, name: str = "model/choice.yaml", text: str = "sector_cost: 9.0\n") -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return folder


def row(path: str, *overrides: str, folder: Path | None = None) -> Row:
    (found,) = rows_below(
        setting_rows(scenario_layers(overrides, folder), None if folder is None else str(folder)),
        path,
    )
    return found


@pytest.mark.parametrize("name", points())
def test_a_calibration_sets_what_it_fitted(name: str) -> None:
    settings = compose([f"structure={structure_of(name)}", f"calibration={name}"])
    assert settings.text("calibration") == name
    assert point(name) == {path: settings[path] for path in point(name)}
    assert settings.departures() == {} and cautions(settings) == []


def test_python_chooses_a_calibration_as_the_command_line_does() -> None:
    assert compose(extra={"calibration": "blind"}).yaml() == compose(["calibration=blind"]).yaml()
    with pytest.raises(ConfigErrors, match="did you mean blind"):
        compose(extra={"calibration": "blnd"})


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("model/choice.yaml", "sector_cost: 9.0\n"),
        ("model/choice.yaml", "# @package _global_\nmodel: {choice: {sector_cost: 9.0}}\n"),
        ("config.yaml", "model: {choice: {sector_cost: 9.0}}\n"),
    ],
)
@pytest.mark.parametrize("calibration", points())
def test_a_users_file_sets_a_fitted_value_and_that_is_said(
    name: str, text: str, calibration: str, tmp_path: Path
) -> None:
    chosen = [f"structure={structure_of(calibration)}", f"calibration={calibration}"]
    settings = compose(chosen, own(tmp_path, name, text))
    assert settings.number(SECTOR_COST) == 9.0
    fitted = point(calibration)[SECTOR_COST]
    assert settings.departures() == {SECTOR_COST: fitted}
    (said,) = cautions(settings)
    assert f"{SECTOR_COST} = 9.0 (the calibration says {fitted})" in said and calibration in said
    assert (
        settings.number("model.choice.contract_cost")
        == point(calibration)["model.choice.contract_cost"]
    )


def test_what_a_file_says_counts_where_it_says_what_the_packaged_one_says(tmp_path: Path) -> None:
    usual = compose(["calibration=none"]).number(SECTOR_COST)
    settings = compose(folder=own(tmp_path, text=f"sector_cost: {usual}\n"))
    assert settings.number(SECTOR_COST) == usual and SECTOR_COST in settings.departures()


def test_an_option_that_is_not_chosen_sets_nothing(tmp_path: Path) -> None:
    text = "defaults: [default]\npull_scale: 0.7\n"
    folder = own(tmp_path, "survey/learned.yaml", text)
    path = "survey.pull_scale"
    assert compose(folder=folder).number(path) == point("production")[path]
    chosen = compose(["survey=learned"], folder)
    assert chosen.number(path) == 0.7 and path in chosen.departures()


def test_the_command_line_wins_over_a_file_over_the_calibration(tmp_path: Path) -> None:
    settings = compose([f"{SECTOR_COST}=1"], own(tmp_path))
    assert settings.number(SECTOR_COST) == 1.0 and SECTOR_COST in settings.departures()
    band = "model.inputs.entrants.hbo.age.55_plus"
    assert compose([f"{band}=0.2"]).departures() == {band: point("production")[band]}


def test_without_a_calibration_nothing_departs_from_it(tmp_path: Path) -> None:
    settings = compose(["calibration=none"], own(tmp_path))
    assert settings.number(SECTOR_COST) == 9.0 and settings.departures() == {}


def test_a_users_own_calibration_sets_what_it_says(tmp_path: Path) -> None:
    text = "# @package _global_\nmodel: {choice: {sector_cost: 3.0}}\ncalibration: mine\n"
    folder = own(tmp_path, "calibration/mine.yaml", text)
    settings = compose(["calibration=mine"], folder)
    assert settings.number(SECTOR_COST) == 3.0 and settings.text("calibration") == "mine"
    assert settings.departures() == {}


def test_a_calibration_cannot_be_named_without_being_chosen(tmp_path: Path) -> None:
    with pytest.raises(ConfigErrors, match="calibration=blind"):
        compose(folder=own(tmp_path, "config.yaml", "calibration: blind\n"))


def test_many_departures_make_one_line() -> None:
    settings = compose(extra={path: 0.5 for path in list(point("production"))[:9]})
    (said,) = cautions(settings)
    assert "and 6 more" in said


def test_a_row_says_what_set_the_value(tmp_path: Path) -> None:
    fitted, plain = point("production")[SECTOR_COST], compose(["calibration=none"])[SECTOR_COST]
    usual = row(SECTOR_COST)
    assert (usual.value, usual.origin) == (fitted, "the calibration production")
    assert (usual.calibrated, usual.uncalibrated) == (fitted, plain)
    none = row(SECTOR_COST, "calibration=none")
    assert (none.value, none.origin) == (plain, "conf/model/choice.yaml")
    mine = row(SECTOR_COST, folder=own(tmp_path))
    assert mine.origin == f"your file {tmp_path / 'model/choice.yaml'}"
    assert (mine.value, mine.calibrated) == (9.0, fitted)
    assert row(SECTOR_COST, f"{SECTOR_COST}=1").origin == "the command line"
    assert row("population.scale", "+experiment=sector_costs").origin == (
        "conf/experiment/sector_costs.yaml"
    )
    assert row("levers.single_cao.start", "levers=terms").origin == ("conf/levers/single_cao.yaml")


def test_config_explains_one_setting(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config", SECTOR_COST]) == 0
    told = capsys.readouterr().out
    for words in (
        f"{SECTOR_COST} = {point('production')[SECTOR_COST]}",
        "[utility]",
        "from 0 to 10",
        "data",
        "docs/trace.md",
        "set by the calibration production",
        "without a calibration it is 2.0",
    ):
        assert words in told
    assert main(["config", "years", "years=3"]) == 0
    assert "set by the command line" in capsys.readouterr().out


def test_config_names_the_nearest_setting(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config", "model.choice.sector_csot"]) == 2
    assert f"did you mean {SECTOR_COST}?" in capsys.readouterr().err
    assert main(["config", "years", "yeers=3"]) == 2
    assert "did you mean years?" in capsys.readouterr().err


def test_a_run_says_it_once_on_the_screen_and_in_its_manifest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(own(tmp_path / "own"))
    words = ["population.scale=0.02", "years=1", "burn_in=0", "replications=1", "workers=1"]
    place = tmp_path / "run"
    assert main(["run", "--config", folder, *words, "figures=false", f"output={place}"]) == 0
    assert capsys.readouterr().err.count(f"{SECTOR_COST} = 9.0") == 1
    assert sum(SECTOR_COST in line for line in hesim.load(place).manifest["warnings"]) == 1
