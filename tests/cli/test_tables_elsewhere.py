"""Listings for other programs: tables and settings in one format, or their names alone."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from run_fakes import go

from hesim.cautions import by_arm
from hesim.cli import main
from hesim.tables import TABLES, read

Capture = pytest.CaptureFixture[str]


def _told(capsys: Capture, *words: str) -> str:
    assert main(list(words)) == 0
    return capsys.readouterr().out


def test_a_table_is_the_same_in_both_formats(capsys: Capture) -> None:
    rows = json.loads(_told(capsys, "tables", "1.1", "--json"))["rows"]
    sheet = list(csv.DictReader(io.StringIO(_told(capsys, "tables", "1.1", "--csv"))))
    assert [{key: str(value) for key, value in row.items()} for row in rows] == sheet
    assert [row["year"] for row in rows] == [flow.year for flow in read().flows_1_1]


@pytest.mark.parametrize("name", TABLES)
def test_every_table_is_printed_as_csv_with_all_its_rows(name: str, capsys: Capture) -> None:
    rows = json.loads(_told(capsys, "tables", name, "--json"))["rows"]
    sheet = list(csv.DictReader(io.StringIO(_told(capsys, "tables", name, "--csv"))))
    assert len(rows) == len(sheet) > 0 and list(rows[0]) == list(sheet[0])


def test_the_listing_of_tables_names_each(capsys: Capture) -> None:
    listed = json.loads(_told(capsys, "tables", "--json"))["tables"]
    assert [row["name"] for row in listed] == list(TABLES)
    sheet = list(csv.DictReader(io.StringIO(_told(capsys, "tables", "--csv"))))
    assert sheet == listed


@pytest.mark.parametrize("words", [["tables", "1.1"], ["config", "model.choice"]])
def test_one_format_at_a_time_is_printed(words: list[str], capsys: Capture) -> None:
    assert main([*words, "--csv", "--json", "--nonsense"]) == 2
    told = capsys.readouterr()
    assert "one of these at a time" in told.err and "--nonsense" in told.err and told.out == ""


def test_quiet_settings_are_words_for_the_command_line(capsys: Capture) -> None:
    lines = _told(capsys, "config", "model.choice", "--quiet", "seed=3").splitlines()
    assert lines and all(line.startswith("model.choice.") and "=" in line for line in lines)
    assert _told(capsys, "config", "seed", "--quiet", "seed=3") == "seed=3\n"


def test_quiet_runs_are_folders_alone(tmp_path: Path, capsys: Capture) -> None:
    folder = go(tmp_path / "one").folder
    capsys.readouterr()
    assert _told(capsys, "runs", str(tmp_path), "--quiet").splitlines() == [str(folder)]
    assert _told(capsys, "init", str(tmp_path / "mine"), "--quiet") == ""
    assert (tmp_path / "mine" / "README.md").is_file()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["levers", "single_cao", "years=2"], "years=2: not understood; this command takes no"),
        (["runs", "outputs", "years=2"], "this command takes no settings"),
        (["completion", "bash", "years=2"], "this command takes no settings"),
        (["tables", "1.1", "years=2"], "only data=DIR can be set"),
        (["run", "nonsense"], "settings are key=value"),
    ],
)
def test_a_word_too_many_is_told_what_may_stand_there(
    words: list[str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    (tmp_path / "outputs").mkdir()
    monkeypatch.chdir(tmp_path)
    assert main(words) == 2
    assert told in capsys.readouterr().err


def test_a_warning_about_several_arms_is_said_once() -> None:
    said = {"a": ["late", "dear"], "b": ["late"], "c": ["late"], "d": ["late"], "e": ["dear"]}
    assert by_arm(said) == ["arms a, b, c and 1 more: late", "arms a and e: dear"]
    assert by_arm({"a": ["late"]}) == ["arm a: late"]
    assert by_arm({"a": []}) == []
