"""Words of a command as people type them: lists without brackets, and paths of Windows."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from hesim.cli import main
from hesim.cli.commands import is_setting
from hesim.config import checks, meaning
from hesim.config.overrides import read_overrides
from hesim.input.problems import ConfigErrors
from hesim.input.userfile import refused_by_windows
from hesim.scenario import compose


def values(*lines: str) -> list[object]:
    read, plain, problems = read_overrides(lines, ["data"], lambda key: key.startswith("list"))
    assert not problems, problems
    return [each.value for each in read] + list(plain.values())


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("list=a,b", ["a", "b"]),
        ("list=a,b+c", ["a", "b+c"]),
        ("list=a.b:1:3,c.d:0.5:2", ["a.b:1:3", "c.d:0.5:2"]),
        ("list=[a,b]", ["a", "b"]),
        ("list=a", "a"),
        ("list=0.1,0.2", [0.1, 0.2]),
        ("list=1,2,4", [1, 2, 4]),
        (r"data=C:\my data", r"C:\my data"),
        (r"data='C:\data'", r"C:\data"),
        (r"one=C:\data", r"C:\data"),
    ],
)
def test_a_list_needs_no_brackets_and_a_path_no_care(typed: str, value: object) -> None:
    assert values(typed) == [value]


@pytest.mark.parametrize(
    ("typed", "words", "meant"),
    [
        ("one=a,b", "must be one value, not a sweep", None),
        ("one=0,5", "numbers have a decimal point, no comma", "0.5"),
        ("list=0,5", "numbers have a decimal point, no comma", "0.5"),
        ("list=range(1,3)", "must be one value, not a sweep", None),
        ("list=choice(a,b)", "must be one value, not a sweep", None),
    ],
)
def test_a_comma_that_makes_no_list_is_refused(typed: str, words: str, meant: str | None) -> None:
    read, plain, [problem] = read_overrides([typed], [], lambda key: key == "list")
    assert not read and not plain
    assert problem.allowed == words and problem.nearest == meant


def test_settings_say_which_hold_lists() -> None:
    made = compose(["levers=single_cao,job_swap", "study.structures=standing,growing"])
    assert set(made["levers"]) == {"single_cao", "job_swap"}
    assert made["study.structures"] == ["standing", "growing"]
    with pytest.raises(ConfigErrors, match=r"reach.fields = \['nothing', 'such'\]"):
        compose(["levers=job_swap", "levers.job_swap.reach.fields=nothing,such"])
    with pytest.raises(ConfigErrors, match="years = '1,2'"):
        compose(["years=1,2"])
    assert compose(["export=csv,xlsx"])["export"] == ["csv", "xlsx"]


def test_quotes_that_cmd_leaves_are_taken_away(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "'levers=[single_cao,", "job_swap]'", '"seed=2"', "#", "it's"]) == 0
    shown = capsys.readouterr()
    assert "seed" in shown.out and not shown.err
    assert main(["check", "levers=single_cao,job_swop"]) == 2
    assert "did you mean job_swap?" in capsys.readouterr().err


def test_a_path_of_windows_is_no_setting() -> None:
    assert not any(map(is_setting, [r"C:\a=b", r".\a=b", r"..\a=b", "C:/a=b", "/a=b", "./a=b"]))
    assert is_setting("seed=1") and is_setting("output=./a")


@pytest.mark.parametrize(
    "name",
    ["a:b", "CON", "con.yaml", "lpt1", "COM9.txt", "ends.", "ends ", "a?b", 'a"b', "a\\b", "a\tb"],
)
def test_names_that_windows_refuses(name: str) -> None:
    assert refused_by_windows(name)


@pytest.mark.parametrize("name", ["console", "a.b", ".lease", "2026-01-01_10-00-00", "com", ".."])
def test_names_that_windows_takes(name: str) -> None:
    assert not refused_by_windows(name)


def test_a_folder_that_windows_would_refuse_is_told_there_beforehand(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("a:b", "nul"):
        assert compose([f"output={tmp_path / name}"])["output"] == str(tmp_path / name)
    monkeypatch.setattr(checks, "WINDOWS", True)
    for name in ("a:b", "nul"):
        with pytest.raises(ConfigErrors, match="cannot be made: Windows"):
            compose([f"output={tmp_path / name}"])
    assert compose([f"output={tmp_path / 'fine'}"])


def test_a_settings_file_has_a_name_that_windows_takes_too(tmp_path: Path) -> None:
    (tmp_path / "levers").mkdir()
    (tmp_path / "levers" / "aux.yaml").write_text("start: 2012-01\n", encoding="utf-8")
    with pytest.raises(ConfigErrors, match="keeps this name for a device"):
        compose([], tmp_path)


def test_a_long_path_of_windows_has_short_names(monkeypatch: pytest.MonkeyPatch) -> None:
    path = "\\".join(["C:", *["a" * 100] * 4])
    assert not meaning.is_path(path)
    monkeypatch.setattr(meaning.os, "name", "nt")
    assert meaning.is_path(path)


def test_a_console_without_a_character_shows_a_mark_and_goes_on() -> None:
    code = "import sys; from hesim import cli; cli._answer = lambda w: print('wo → hbo') or 0"
    command = [sys.executable, "-c", f"{code}; sys.exit(cli.main())", "check"]
    for encoding, shown in (("cp1252", b"wo ? hbo"), ("utf-8", "wo → hbo".encode())):
        env = {"PYTHONIOENCODING": encoding, "PATH": ""}
        made = subprocess.run(command, env=env, capture_output=True, check=False)
        assert made.returncode == 0 and made.stdout.strip() == shown, made.stderr
