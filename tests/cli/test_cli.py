"""The command line: own words, all errors at once, exit code 2."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from hesim import __version__
from hesim.cli import main

HEAVY = ("mesa", "pandas", "numba", "scipy", "hydra", "rich", "pyarrow", "matplotlib", "numpy")


def test_help_and_version_are_our_own_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    general = capsys.readouterr().out
    assert "hesim run" in general and "Hydra" not in general
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"hesim {__version__}\n"
    assert main([]) == 0
    assert capsys.readouterr().out == general


@pytest.mark.parametrize("command", ["run", "check", "config", "tables"])
def test_each_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--help"]) == 0
    text = capsys.readouterr().out
    assert text.startswith(f"hesim {command}") and "Example" in text
    assert main(["help", command]) == 0
    assert capsys.readouterr().out == text


@pytest.mark.parametrize(
    ("words", "needed"),
    [
        (["run", "--help"], set()),
        (["runs"], set()),
        (["check", "years=3", "engine=serial"], {"hydra"}),
        (["config", "model.choice.sector_cost"], {"hydra"}),
    ],
)
def test_quick_commands_load_nothing_heavy(words: list[str], needed: set[str]) -> None:
    code = (
        f"import sys, hesim; from hesim.cli import main; main({words})\n"
        f"print('loaded', *sorted({set(HEAVY) - needed} & sys.modules.keys()))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.splitlines()[-1] == "loaded"


def test_it_runs_as_a_module_from_any_folder(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hesim", "config", "population.scale"]
    shown = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=True)
    assert "population.scale = 1.0" in shown.stdout


def test_an_unknown_command_gets_a_hint(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["chekc"]) == 2
    assert "did you mean check?" in capsys.readouterr().err
    assert main(["years=5"]) == 2
    assert "hesim run years=5" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["run", "check"])
def test_all_mistakes_are_shown_at_once(
    command: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([command, "years=-1", "seeed=3", "start=2011-13", "--confg=x", "word"]) == 2
    shown = capsys.readouterr()
    for path in ("years", "seeed", "start", "--confg=x", "word"):
        assert f"\n  {path}" in shown.err
    assert "5 problems" in shown.err and "Traceback" not in shown.err
    assert shown.out == ""
    assert list(tmp_path.iterdir()) == []


def test_a_default_folder_that_cannot_be_made_is_bad_input(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Permissions do not bind root; a file in the way binds everybody.
    (tmp_path / "outputs").write_text("mine")
    monkeypatch.chdir(tmp_path)
    assert main(["run", "years=1", "population.scale=0.02"]) == 2
    shown = capsys.readouterr()
    assert f"cannot be written: {tmp_path}/outputs: Not a directory" in shown.err
    assert "output = " in shown.err and "Traceback" not in shown.err
    assert shown.out == ""
    assert [path.name for path in tmp_path.iterdir()] == ["outputs"]
    given = f"output={tmp_path}/outputs/mine"
    assert main(["run", "years=1", given]) == 2
    assert f"cannot be written: {tmp_path}/outputs: Not a directory" in capsys.readouterr().err


@pytest.mark.parametrize(("status", "code"), [("complete", 0), ("incomplete", 1)])
def test_a_run_that_lacks_replications_says_so_by_its_exit_code(
    monkeypatch: pytest.MonkeyPatch, status: str, code: int
) -> None:
    made = SimpleNamespace(manifest={"status": status})
    monkeypatch.setattr("hesim.api.run", lambda **given: made)
    assert main(["run", "years=1"]) == code


def test_a_current_folder_that_is_gone_is_bad_input(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert main(["run", "years=1"]) == 2
    assert capsys.readouterr().err == (
        "hesim: the current folder is gone; change to one that exists\n"
    )


def test_a_reader_that_leaves_does_not_end_the_run(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "hesim",
        "run",
        "years=1",
        "burn_in=0",
        "population.scale=0.5",
        "replications=1",
        "figures=false",
        f"output={tmp_path}/run",
    ]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert run.stdout is not None and run.stderr is not None
    assert run.stderr.readline().startswith(("Compiling the model", "Loading the compiled model"))
    run.stdout.close()
    errors = run.stderr.read()
    run.stderr.close()
    assert run.wait() == 0
    assert "Traceback" not in errors and "BrokenPipe" not in errors
    assert (tmp_path / "run" / "summary.csv").is_file()


def test_check_says_what_changed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    assert "all are defaults" in capsys.readouterr().out
    assert main(["check", "years=5"]) == 0
    assert "years = 5" in capsys.readouterr().out


def test_a_users_folder_is_read(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "typo.yaml").write_text("years: 3\n")
    assert main(["check", "--config", str(tmp_path)]) == 2
    assert "typo.yaml" in capsys.readouterr().err
    assert main(["check", "--config"]) == 2
    assert "needs a folder" in capsys.readouterr().err


def test_config_lists_everything_and_parts(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config"]) == 0
    assert "years = 10  [years]" in capsys.readouterr().out
    assert main(["config", "model.search"]) == 0
    assert "years = 10" not in capsys.readouterr().out
    assert main(["config", "model.serch"]) == 2
    assert "did you mean model.search" in capsys.readouterr().err


def test_order_prints_the_events_of_a_month(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--order"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any("hiring" in line for line in lines)


def test_tables_are_listed_and_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tables"]) == 0
    assert "3.5" in capsys.readouterr().out
    assert main(["tables", "3.5"]) == 0
    assert capsys.readouterr().out
    assert main(["tables", "9.9"]) == 2
    assert "no such table" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["check", "tables"])
def test_broken_tables_are_refused(
    command: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    import hesim.tables

    source = Path(hesim.tables.__file__).parent / "data" / "report_tables.csv"
    text = source.read_text(encoding="utf-8").replace("90.3", "190.3")
    (tmp_path / source.name).write_text(text, encoding="utf-8")
    assert main([command, f"data={tmp_path}"]) == 2
    shown = capsys.readouterr().err
    assert source.name in shown and "190.3" in shown and "Traceback" not in shown
    assert main([command, f"data={tmp_path}/none"]) == 2
    assert "data" in capsys.readouterr().err


def test_run_stays_a_function_when_its_module_is_imported() -> None:
    code = "import hesim.api, hesim; assert callable(hesim.run) and callable(hesim.load)"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("arguments", [["run", "--help"], ["--help"], ["levers"], ["tables"]])
def test_a_reader_that_has_seen_enough_is_no_error(arguments: list[str]) -> None:
    made = subprocess.Popen(
        [sys.executable, "-m", "hesim", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert made.stdout is not None and made.stderr is not None
    made.stdout.close()
    assert made.stderr.read() == b""
    assert made.wait() == 0
    made.stderr.close()
