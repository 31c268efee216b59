"""Options that commands share, and what commands refuse before they do anything."""

from __future__ import annotations

import json
from pathlib import Path

import barrier_fakes
import effort_fakes
import pytest
import study_fakes
from run_fakes import go

from hesim.cli import main
from hesim.process import lease
from hesim.study import observation

Capture = pytest.CaptureFixture[str]
ASKED = ("study.outcome=wo_to_hbo", "calibration=none", "engine=serial", "years=1")


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> Path:
    """A whole study of the fake model."""
    monkeypatch.setattr(
        observation, "replication_outcomes", study_fakes.as_model(study_fakes.policy)
    )
    folder = tmp_path / "study"
    words = ["study", "study.levers=[meet_and_greet]", "study.replications=2", *ASKED]
    assert main([*words, "--quiet", f"output={folder}"]) == 0
    capsys.readouterr()
    return folder


def test_check_is_told_as_json_and_in_one_line(capsys: Capture) -> None:
    late = ["years=2", "levers=single_cao"]
    assert main(["check", "--json", *late]) == 0
    said = capsys.readouterr()
    told = json.loads(said.out)
    assert (told["valid"], told["kind"], told["size"]) == (True, "run", None)
    assert [each["path"] for each in told["settings"]] == ["levers", "years"]
    assert [line for line in told["warnings"] if "does nothing" in line]
    assert main(["check", "--quiet", *late]) == 0
    said = capsys.readouterr()
    assert said.out == "The settings are valid.\n"
    assert "does nothing" in said.err
    words = ["check", "--json", "study.levers=job_swap", "study.replications=8", "calibration=none"]
    assert main(words) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["kind"] == "study" and told["size"] == {"arms": 2, "points": 2, "runs": 16}
    assert main(["check", "--json", "years=-1"]) == 2
    assert capsys.readouterr().out == ""


def test_all_that_is_wrong_with_a_study_is_told_at_once(capsys: Capture) -> None:
    wrong = {
        "study.levers": "nosuch",
        "study.outcome": "wo_to_hb",
        "study.design": "lsh",
        "study.uncertainties": "model.choice.sector_cots:1:2",
        "years": "-1",
    }
    typed = [f"{path}={value}" for path, value in wrong.items()]
    for command in ("check", "study"):
        assert main([command, *typed]) == 2
        told = capsys.readouterr().err
        assert all(f"  {path} = " in told for path in wrong), told
        assert "did you mean wo_to_hbo?" in told and "sector_cost?" in told
    # A dial of a lever that was left out since another name was wrong is no second problem.
    dials = "study.uncertainties=levers.job_swap.share:0.1:0.2"
    assert main(["check", "study.levers=[job_swap,nosuch]", dials]) == 2
    assert capsys.readouterr().err.startswith("hesim: 1 problem")


def test_a_study_is_only_looked_at_by_verify(study: Path, capsys: Capture) -> None:
    assert main(["verify", str(study)]) == 0
    said = capsys.readouterr()
    assert "looks at its files only, and simulates nothing" in said.out and said.err == ""
    assert main(["verify", str(study), "--quiet"]) == 0
    assert capsys.readouterr().out == f"The files of {study} agree.\n"
    assert main(["verify", str(study), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["simulated"] is False
    (study / "points.parquet").write_bytes(b"")
    (study / "manifest.json").write_text("{")
    assert main(["verify", str(study)]) == 1
    assert f"{study} DIFFERS" in capsys.readouterr().out


def test_resume_and_report_are_told_as_json_or_not_at_all(study: Path, capsys: Capture) -> None:
    again = ["resume", str(study), "engine=serial"]
    assert main([*again, "study.replications=3", "--json"]) == 0
    said = capsys.readouterr()
    told = json.loads(said.out)
    assert (told["status"], told["runs"], told["whole"]) == ("complete", 6, 6)
    assert "4 of 6 runs are there" in said.err
    assert main([*again, "--quiet"]) == 0
    said = capsys.readouterr()
    assert "6 of 6 runs are whole" in said.out and said.err == ""
    assert main(["report", str(study), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["report"] == str(study / "report.html")
    assert main(["report", str(study), "--quiet"]) == 0
    assert capsys.readouterr().out == ""


def test_barriers_and_doses_are_told_as_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    fake = study_fakes.as_model(barrier_fakes.known_barriers)
    monkeypatch.setattr(observation, "replication_outcomes", fake)
    few = ["names=[familiarity,distance]", "draws=0", "structures=[standing]", "engine=serial"]
    asked = ["barriers", *few, "years=2"]
    assert main([*asked, "--dry-run", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["runs"] > 1
    folder = tmp_path / "barriers"
    assert main([*asked, "--json", f"output={folder}"]) == 0
    said = capsys.readouterr()
    told = json.loads(said.out)
    assert told["folder"] == str(folder) and told["tables"]["barriers"]
    assert "Trying two runs" in said.err
    assert main(["barriers", str(folder), "--quiet"]) == 0
    assert capsys.readouterr().out == ""
    monkeypatch.setattr(
        observation, "replication_outcomes", study_fakes.as_model(effort_fakes.known_spending)
    )
    words = ["dose", "meet_and_greet", "shares=[0.1,0.2]", "replications=2", "draws=0"]
    assert main([*words, "years=1", "start=2014-01", "engine=serial", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["tables"]["dose"]


def test_a_breakdown_is_told_as_json(tmp_path: Path, capsys: Capture) -> None:
    words = ["run", "years=1", "scale=0.02", "replications=2", "figures=false", "workers=1"]
    assert main([*words, "--json", "--quiet", f"output={tmp_path / 'run'}"]) == 0
    capsys.readouterr()
    by = ["compare", str(tmp_path / "run"), "--by", "field"]
    assert main([*by, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["by"], told["file"]) == ("field", None)
    assert {row["arm"] for row in told["rows"]} == {"baseline"}
    assert main([*by, "--quiet", f"output={tmp_path / 'answers'}"]) == 0
    assert capsys.readouterr().out == "" and (tmp_path / "answers" / "by_field.csv").is_file()
    assert main([*by, "--by", "age"]) == 2
    assert "--by: is given twice" in capsys.readouterr().err


def test_a_question_without_sql_lists_the_views_as_json(tmp_path: Path, capsys: Capture) -> None:
    folder = str(go(tmp_path / "run").folder)
    assert main(["query", folder, "--json"]) == 0
    assert "value" in json.loads(capsys.readouterr().out)["views"]["outcomes"]
    assert main(["query", folder, "from outcomes", "--json", "--csv"]) == 2
    assert "one of these at a time" in capsys.readouterr().err


def test_folders_of_neither_kind_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    said = {
        "file": "is a file; name the folder of a run or a study",
        "nowhere": "does not exist; name the folder of a run or a study",
        "empty": "holds no run and no study: there is no manifest.json in it",
        "": "name one folder",
    }
    for command in ("query", "compare", "report"):
        for name, words in said.items():
            assert main([command, name]) == 2
            assert f"FOLDER = {name!r}: {words}" in capsys.readouterr().err
    run = go(tmp_path / "run").folder
    assert main(["compare", str(run), "nowhere"]) == 2
    assert "nowhere does not exist; name the folder of a run" in capsys.readouterr().err
    (run / "manifest.json").write_text("{")
    for command in ("query", "compare", "verify", "report"):
        assert main([command, str(run), *([str(run)] if command == "compare" else [])]) == 2
        told = capsys.readouterr().err
        assert "the run can be made again" in told and "study" not in told, command
    assert sorted(each.name for each in tmp_path.iterdir()) == ["empty", "file", "run"]


def test_words_are_refused_all_at_once(tmp_path: Path, capsys: Capture) -> None:
    run = str(go(tmp_path / "run").folder)
    new = tmp_path / "new"
    for words in (
        ["verify", run, "--foo", "bar=1"],
        ["init", str(new), "--foo", "bar=1"],
        ["report", run, "--foo", "bar=1"],
        ["run", "--from", run, "--foo", "bar=1"],
        ["validate", "--foo", "bar=1", "structure=nosuch"],
        ["calibrate", "--export", "--foo", "bar=1", "structure=nosuch"],
    ):
        assert main(words) == 2
        told = capsys.readouterr().err
        assert "--foo: unknown option" in told and "bar" in told, words
        assert "structure = 'nosuch': must be one of" in told or "structure=nosuch" not in words
    assert not new.exists()
    assert main(["help", "verfy"]) == 2
    assert "did you mean verify?" in capsys.readouterr().err
    assert main(["help", "verify"]) == 0


def test_a_report_takes_the_place_of_no_other_file(tmp_path: Path, capsys: Capture) -> None:
    run = go(tmp_path / "run").folder
    notes = tmp_path / "notes.md"
    notes.write_text("mine")
    assert main(["report", str(run), f"output={notes}"]) == 2
    assert "output=FILE.html" in capsys.readouterr().err and notes.read_text() == "mine"
    nowhere = tmp_path / "nowhere" / "mine.html"
    assert main(["report", str(run), f"output={nowhere}"]) == 2
    assert ".part" not in capsys.readouterr().err


def test_a_run_from_its_folder_prints_the_order_and_stops(tmp_path: Path, capsys: Capture) -> None:
    run = go(tmp_path / "run").folder
    assert main(["run", "--from", str(run), "--order", "--force"]) == 0
    assert capsys.readouterr().out.startswith("  1 age")


def test_clean_leaves_alone_what_lies_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    gone = tmp_path / "hesim-data-1"
    gone.mkdir()
    (gone / lease.FILE).touch()
    place = tmp_path / "place"
    place.mkdir()
    assert main(["clean", str(place), "--yes"]) == 0
    assert "There is nothing to remove." in capsys.readouterr().out and gone.is_dir()
    monkeypatch.chdir(place)
    assert main(["clean", "--quiet"]) == 0
    said = capsys.readouterr().out
    assert said.count("\n") == 1 and "could be freed" in said and gone.is_dir()


def test_verdicts_alone_are_printed(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hesim.calibration.looks.log_look", lambda *words: None)
    assert main(["validate", "--quiet"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in lines] == [
        "Ranking of levers",
        "Size of an effect",
        "Level of a flow",
        "Hbo's share of PhDs",
    ]
    assert {line.partition(": ")[2] for line in lines} <= {"yes", "with care", "no"}
