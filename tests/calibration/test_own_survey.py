"""A calibration to tables of one's own: the whole chain, and what it leaves for every command."""

from __future__ import annotations

import csv
import json
import shutil
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from hesim.calibration.choice import calibration_name, held_out_files, tables_for
from hesim.calibration.ensemble import draws, finding, manifest
from hesim.calibration.plan import INPUTS, read_calibration_plan
from hesim.cli import main
from hesim.config import ConfigErrors
from hesim.config.points import SHIPPED, calibration_in
from hesim.outcomes.bars import EXPLAINED, LOG_SCORE
from hesim.scenario import compose
from hesim.study.plan import plan_study
from hesim.tables import read


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    """A folder with a survey of one's own: one share of table 3.5 is another."""
    folder = tmp_path / "survey"
    folder.mkdir()
    file = Path(str(files("hesim.tables"))) / "data" / "report_tables.csv"
    with file.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    row = next(row for row in rows if row["table"] == "3.5" and row["percent"])
    row["percent"] = str(float(row["percent"]) + 1.0)
    with (folder / file.name).open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return folder


@pytest.fixture
def fitted(tmp_path: Path) -> Path:
    """The shipped production calibration, as if a user's own chain had written it."""
    folder = tmp_path / "fitted"
    folder.mkdir()
    for ending in (".json", ".npz", "_identification.json"):
        shutil.copy(SHIPPED / f"production{ending}", folder)
    body = json.loads((folder / "production.json").read_text(encoding="utf-8"))
    body["settings"]["model.choice.sector_cost"] = 1.25
    (folder / "production.json").write_text(json.dumps(body), encoding="utf-8")
    return folder


def test_a_folder_is_a_calibration_for_settings_and_draws(fitted: Path) -> None:
    settings = compose([f"calibration={fitted}"])
    assert settings.number("model.choice.sector_cost") == 1.25
    name = settings.text("calibration")
    assert name == str(fitted / "production") == calibration_in(str(fitted))
    assert manifest(name)["settings"]["model.choice.sector_cost"] == 1.25
    assert len(draws(name)) == len(draws("production"))
    assert finding(name, "identification") is not None and finding(name, "recovery") is None
    assert compose(extra={"calibration": str(fitted)}).text("calibration") == name
    # A value of the user's own still wins over it.
    words = [f"calibration={fitted}", "model.choice.sector_cost=2"]
    assert compose(words).number("model.choice.sector_cost") == 2


def test_a_study_draws_from_a_calibration_of_ones_own(fitted: Path) -> None:
    words = ["study.levers=[single_cao]", "study.draws=3"]
    usual, own = (plan_study([*words, f"calibration={name}"]) for name in ("production", fitted))
    assert [point.values for point in own.points] == [point.values for point in usual.points]
    assert own.settings.text("calibration") == str(fitted / "production")


def test_a_folder_without_a_calibration_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(ConfigErrors, match="or a folder that `hesim calibrate data=FOLDER`"):
        compose([f"calibration={tmp_path}"])


def test_it_is_fitted_to_the_tables_of_the_folder(survey: Path, tmp_path: Path) -> None:
    usual = read_calibration_plan(["name=blind"])
    own = read_calibration_plan(["name=blind", f"data={survey}", f"output={tmp_path / 'out'}"])
    assert own.tables.cells == read(survey).cells != usual.tables.cells
    assert own.fingerprint() != usual.fingerprint()
    assert (own.shipped, usual.shipped) == (tmp_path / "out", SHIPPED)


def test_the_inputs_of_a_survey_stay_in_its_folder(survey: Path, tmp_path: Path) -> None:
    words = ["name=blind", f"data={survey}", f"output={tmp_path}"]
    path = "model.inputs.growth.hbo.law"
    before = read_calibration_plan(words).base.number(path)
    (tmp_path / INPUTS).write_text(json.dumps({path: 0.321}), encoding="utf-8")
    assert read_calibration_plan(words).base.number(path) == 0.321 != before


def test_a_folder_without_tables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigErrors, match="data"):
        read_calibration_plan([f"data={tmp_path / 'nowhere'}"])


@pytest.mark.long
def test_the_whole_chain_leaves_a_calibration(survey: Path, tmp_path: Path) -> None:
    """Coarse, so that it takes minutes: that it runs to its end is what is tested here."""
    from hesim.calibration.commands import calibrate

    lines: list[str] = []
    words = (
        "scale=0.02 final_scale=0.02 years=1 burn_in=1 design=44 refine=20 confirm=60 draws=20 "
        "walkers=42 steps=60 checks=2"
    )
    calibrate([f"data={survey}", f"output={tmp_path}", *words.split()], lines.append)
    assert lines[-1].endswith(f"calibration={tmp_path} data={survey}")
    settings = compose([f"calibration={tmp_path}", f"data={survey}"])
    drawn = draws(settings.text("calibration"))
    assert len(drawn) == 20
    costs = np.array([one["model.choice.sector_cost"] for one in drawn])
    assert costs.std() > 0
    assert finding(settings.text("calibration"), "identification") is not None


def test_validate_finds_a_calibration_by_kind_structure_or_folder(fitted: Path) -> None:
    assert calibration_name(None, {}) == "production" and calibration_name("blind", {}) == "blind"
    assert calibration_name(None, {"structure": "growing"}) == "growing_production"
    assert calibration_name(None, {"calibration": "production"}) == "production"
    assert calibration_name("production", {"structure": "standing"}) == "production"
    own = str(fitted / "production")
    assert calibration_name("production", {"calibration": str(fitted)}) == own
    assert calibration_name(None, {"calibration": str(fitted)}) == own
    assert (
        calibration_name("production", {"calibration": str(fitted), "structure": "standing"}) == own
    )
    for kind, given, words in (
        ("prodcution", {}, "did you mean production"),
        (None, {"structure": "nowhere"}, "must be one of"),
        ("blind", {"calibration": str(fitted)}, "holds no blind calibration of any structure"),
        (None, {"calibration": str(fitted), "structure": "growing"}, "no calibration of growing"),
        ("production", {"calibration": str(fitted), "structure": "growing"}, "of growing"),
        (None, {"calibration": str(fitted / "none")}, "a folder that `hesim calibrate` wrote"),
    ):
        with pytest.raises(ConfigErrors, match=words):
            calibration_name(kind, given)


def test_validate_asks_for_the_tables_that_were_fitted_to(fitted: Path, survey: Path) -> None:
    name = str(fitted / "production")
    assert held_out_files(tables_for(name, None)) == ["report_tables.csv", "flows_2003_2010.csv"]
    with pytest.raises(ConfigErrors, match=r"fitted to another report_tables\.csv"):
        tables_for(name, str(survey))
    # As if it had been fitted to that survey.
    body = json.loads((fitted / "production.json").read_text(encoding="utf-8"))
    body["data"]["report_tables.csv"] = read(survey).hashes["report_tables.csv"]
    (fitted / "survey_production.json").write_text(json.dumps(body), encoding="utf-8")
    shutil.copy(fitted / "production.npz", fitted / "survey_production.npz")
    own = tables_for(str(fitted / "survey_production"), str(survey))
    assert held_out_files(own) == ["flows_2003_2010.csv"]
    with pytest.raises(ConfigErrors, match="must be a folder"):
        tables_for(name, str(fitted / "nowhere"))


def test_validate_holds_a_calibration_of_ones_own_against_the_bars(
    fitted: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    looks: list[str] = []
    monkeypatch.setattr("hesim.calibration.looks.log_look", lambda *words: looks.append(words[2]))
    assert main(["validate", "production", f"calibration={fitted}", "--json"]) == 0
    body = json.loads(capsys.readouterr().out)
    assert looks == [f"calibration {fitted / 'production'}"]
    bars = {row["name"]: row for row in body["bars"]}
    explained = bars[EXPLAINED.name]
    assert explained["value"] == pytest.approx(100 * body["fitted"]["deviance_explained"])
    assert explained["holds"] is (explained["value"] >= EXPLAINED.low)
    assert "goal 65" in explained["band"]
    # Nothing was held out of it: only whether both flows lie inside is asked, and labelled so.
    assert body["held_out"] is None and body["agreement"]["label"] == "fitted"
    assert all(name.endswith("(fitted)") for name in bars if name.startswith("1.1: "))
    assert sum(name.startswith("1.1: ") for name in bars) == 2
    assert not any(name.startswith(LOG_SCORE.name) for name in bars)
    assert main(["validate", "blind", "yeers=3"]) == 2
