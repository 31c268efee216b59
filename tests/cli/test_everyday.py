"""What the commands of every day print, where, and in which form."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import study_fakes
from run_fakes import go, simulate

from hesim.cli import COMMANDS, main
from hesim.cli import help as words
from hesim.config.short_names import SHORT, path_of, spelt_out
from hesim.study import observation

RUN = """
import sys
from functools import partial
import hesim.api, run_fakes
hesim.api.run = partial(hesim.api.run, simulate=run_fakes.simulate)
from hesim.cli import main
sys.exit(main({words!r}))
"""
FAKE = ["run", "years=2", "replications=3", "workers=1", "figures=false", "scale=0.5"]


def piped(*command: str) -> subprocess.CompletedProcess[str]:
    """A run of the fake model with a pipe on each stream."""
    code = RUN.format(words=list(command))
    folder = Path(__file__).resolve().parents[1] / "support"
    given = {"cwd": folder, "capture_output": True, "text": True}
    return subprocess.run([sys.executable, "-c", code], **given, check=False)


def test_help_names_every_command_and_each_has_examples(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert set(words.OF_COMMAND) == set(COMMANDS)
    for command in COMMANDS:
        lines = [line for line in words.GENERAL.splitlines() if f"hesim {command} " in line]
        assert lines, command
        assert main([command, "--help"]) == 0
        text = capsys.readouterr().out
        assert text.startswith(f"hesim {command}") and "\nExample" in text, command
    assert max(len(line) for text in words.OF_COMMAND.values() for line in text.splitlines()) < 101


@pytest.mark.parametrize(
    ("typed", "meant"), [("rnu", "run"), ("verfy", "verify"), ("clena", "clean")]
)
def test_an_unknown_command_names_the_nearest(
    typed: str, meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([typed]) == 2
    assert f"did you mean {meant}?" in capsys.readouterr().err


def test_results_go_to_stdout_and_what_goes_on_to_stderr(tmp_path: Path) -> None:
    made = piped(*FAKE, f"output={tmp_path / 'one'}")
    assert made.returncode == 0
    assert "3 of 3 replications" in made.stderr and "Simulating 2 years" in made.stderr
    assert "wo_to_hbo" in made.stdout and "wo_to_hbo" not in made.stderr
    assert "Simulating" not in made.stdout and "replications;" not in made.stdout
    quiet = piped(*FAKE, "--quiet", f"output={tmp_path / 'two'}")
    assert quiet.returncode == 0 and quiet.stderr == ""
    assert quiet.stdout.replace("two", "one") == made.stdout


def test_json_of_a_run_stands_alone_on_stdout(tmp_path: Path) -> None:
    made = piped(*FAKE, "--json", f"output={tmp_path / 'run'}")
    told = json.loads(made.stdout)
    assert told["status"] == "complete" and told["folder"] == str(tmp_path / "run")
    summary = (tmp_path / "run" / "summary.csv").read_text().splitlines()
    assert len(told["summary"]) == len(summary) - 1
    assert told["summary"][0]["mean"] == float(summary[1].split(",")[3])
    assert "Simulating" in made.stderr
    both = piped(*FAKE, "--json", "--quiet", f"output={tmp_path / 'both'}")
    assert json.loads(both.stdout)["status"] == "complete" and both.stderr == ""
    wrong = piped("run", "--json", "years=-1")
    assert (wrong.returncode, wrong.stdout) == (2, "") and "years = -1" in wrong.stderr


def test_short_names_mean_the_same_on_the_command_line_and_in_python(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert SHORT["scale"] == "population.scale" and path_of("scale") == "population.scale"
    assert spelt_out(["scale=0.1", "years=2"]) == ["population.scale=0.1", "years=2"]
    assert spelt_out(["n=1", "scale=2"], {"n": "study.n"}) == ["study.n=1", "population.scale=2"]
    assert main(["check", "scale=0.2"]) == 0
    assert "population.scale = 0.2" in capsys.readouterr().out
    assert main(["config", "population.scale", "scale=0.2"]) == 0
    assert "population.scale = 0.2" in capsys.readouterr().out
    assert main(["check", "scale=7"]) == 2
    assert "population.scale = 7" in capsys.readouterr().err
    seen = []
    made = SimpleNamespace(manifest={"status": "complete"})
    monkeypatch.setattr(
        "hesim.api.run", lambda settings, show: seen.append(settings["population.scale"]) or made
    )
    assert main(["run", "scale=0.3", "years=1"]) == 0
    assert seen == [0.3]
    assert go(tmp_path / "python", simulate, scale=0.3).settings["population"]["scale"] == 0.3
    # Files have whole paths.
    (tmp_path / "config.yaml").write_text("scale: 0.1\n")
    assert main(["check", "--config", str(tmp_path)]) == 2
    assert "scale" in capsys.readouterr().err


def test_levers_and_settings_are_listed_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["levers", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["levers"]
    assert len(told) == 34
    swap = next(each for each in told if each["key"] == "job_swap")
    assert swap["grade"] and {dial["name"] for dial in swap["dials"]}
    assert main(["levers", "job_swap", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["levers"] == [swap]
    assert main(["levers", "job_swp", "--json"]) == 2
    assert capsys.readouterr().out == ""
    assert main(["config", "--json", "population.scale", "scale=0.2"]) == 0
    [row] = json.loads(capsys.readouterr().out)["settings"]
    assert (row["path"], row["value"], row["origin"]) == (
        "population.scale",
        0.2,
        "the command line",
    )


def test_a_study_and_its_answer_are_told_as_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        observation, "replication_outcomes", study_fakes.as_model(study_fakes.policy)
    )
    asked = [
        "study",
        "study.levers=[meet_and_greet]",
        "study.replications=3",
        "study.outcome=wo_to_hbo",
        "years=1",
        "calibration=none",
        "engine=serial",
    ]
    assert main([*asked, "--dry-run", "--json"]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert plan["arms"] == ["baseline", "meet_and_greet"] and plan["runs"] == 6
    folder = tmp_path / "study"
    assert main([*asked, "--json", f"output={folder}"]) == 0
    said = capsys.readouterr()
    told = json.loads(said.out)
    assert (told["runs"], told["whole"], told["failed"]) == (6, 6, 0)
    assert told["folder"] == str(folder) and "Trying two runs" in said.err
    assert main([*asked, "--quiet", f"output={tmp_path / 'quiet'}"]) == 0
    said = capsys.readouterr()
    assert "6 of 6 runs are whole" in said.out and "Trying" not in said.out + said.err
    assert main(["compare", str(folder), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["outcome"] == "wo_to_hbo" and answer["tables"]["comparison"]
    assert main(["compare", str(folder), "--quiet"]) == 0
    assert capsys.readouterr().out == "" and (folder / "answers" / "comparison.csv").is_file()
    assert main(["verify", str(folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["agrees"]
    part = next((folder / "parts").glob("*.results.parquet"))
    part.write_bytes(part.read_bytes()[:-9])
    assert main(["verify", str(folder)]) == 1
    assert part.name in capsys.readouterr().out


def test_two_runs_are_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = go(tmp_path / "first"), go(tmp_path / "second", seed=2)
    before = sorted(tmp_path.rglob("*"))
    pair = ["compare", str(first.folder), str(second.folder)]
    assert main(pair) == 0
    said = capsys.readouterr().out
    assert "second (baseline) less first (baseline)" in said and "  seed: was 1, is 2" in said
    assert "not paired since the seeds are 1 and 2" in said
    assert sorted(tmp_path.rglob("*")) == before
    assert main([*pair, "--json", f"output={tmp_path / 'answer'}"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert not told["paired"] and told["changes"] == ["seed: was 1, is 2"]
    known = second.compare(first).means.set_index("outcome")
    row = next(each for each in told["means"] if each["outcome"] == "wo_to_hbo")
    assert row["difference"] == pytest.approx(-known.loc["wo_to_hbo", "difference"])
    table = (tmp_path / "answer" / "comparison.csv").read_text()
    assert table.splitlines()[0].startswith("from_year,to_year,outcome,unit,first,second")
    assert (tmp_path / "answer" / "comparison_by_year.csv").is_file()
    assert main([*pair, "arm=policy"]) == 2
    assert "arm" in capsys.readouterr().err
    assert main([*pair, "amr=policy"]) == 2
    assert "did you mean arm?" in capsys.readouterr().err
    assert main(pair[:2]) == 2
    assert "name two runs" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "words_of", "code"),
    [
        ({"years": 1}, "the years differ: 2 years from 2011-01 and 1 year from 2011-01", 0),
        ({"scale": 0.5}, "the scale differs: 1 and 0.5", 2),
        ({}, "the model differs", 0),
    ],
)
def test_runs_that_are_not_comparable_are_refused_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], given: dict, words_of: str, code: int
) -> None:
    first, second = go(tmp_path / "first"), go(tmp_path / "second", **given)
    if not given:
        file = second.folder / "manifest.json"
        file.write_text(json.dumps({**json.loads(file.read_text()), "model_sha256": "0"}))
    pair = ["compare", str(first.folder), str(second.folder)]
    assert main(pair) == 2
    said = capsys.readouterr()
    assert words_of in said.err and said.out == "" and "are not comparable" in said.err
    assert main([*pair, "--force", "--json"]) == code
    said = capsys.readouterr()
    if code == 0:
        assert words_of in json.loads(said.out)["obstacles"][0] and words_of in said.err
