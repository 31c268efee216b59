"""Tab: what may follow a line, by the engine itself, and in each shell that is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hesim.cli import COMMANDS, main
from hesim.cli.candidates import SHELLS, candidates
from hesim.cli.completion import BREAKS, LINE, SCRIPTS, complete, parts
from hesim.config.short_names import SHORT
from hesim.config.trees import leaves
from hesim.scenario import compose

PLAIN = "hesim run levers=[single_cao,meet"


def asked(line: str) -> list[str]:
    words, current, _ = parts(line)
    return candidates(words[1:], current)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("hesim ch", ["check"]),
        ("hesim help dos", ["dose"]),
        ("hesim run --ord", ["--order"]),
        ("hesim config --s", ["--schema"]),
        ("hesim run model.choice.sec", ["model.choice.sector_cost="]),
        (
            "hesim run model.choice.scale.",
            [f"model.choice.scale.{x}=" for x in ("hbo", "outside", "wo")],
        ),
        ("hesim run burn", ["burn_in="]),
        ("hesim run struc", ["structure="]),
        ("hesim run structure=", ["structure=growing", "structure=standing"]),
        ("hesim run figures=", ["figures=false", "figures=true"]),
        ("hesim run calibration=b", ["calibration=blind"]),
        ("hesim study study.design=m", ["study.design=morris"]),
        ("hesim study +exp", ["+experiment="]),
        ("hesim study +experiment=sector_c", ["+experiment=sector_costs"]),
        ("hesim study study.structures=[standing,g", ["study.structures=[standing,growing"]),
        (
            "hesim study study.uncertainties=[model.choice.sec",
            ["study.uncertainties=[model.choice.sector_cost:"],
        ),
        (
            "hesim study study.levers=[broker,single_cao+meet",
            ["study.levers=[broker,single_cao+meet_and_greet"],
        ),
        (PLAIN, ["levers=[single_cao,meet_and_greet"]),
        ("hesim run 'levers=[single_cao,meet", ["levers=[single_cao,meet_and_greet"]),
        ("hesim run levers=[single_cao,single", []),
        ("hesim run levers=meet", ["levers=meet_and_greet"]),
        ("hesim run levers=broker levers.", ["levers.broker."]),
        ("hesim run levers.meet_and_greet.cont", ["levers.meet_and_greet.contacts="]),
        (
            "hesim run levers.meet_and_greet.reach.regions=n",
            ["levers.meet_and_greet.reach.regions=north"],
        ),
        ("hesim levers single", ["single_cao"]),
        ("hesim dose meet", ["meet_and_greet"]),
        ("hesim config model.ch", ["model.choice."]),
        ("hesim tables 3.5", []),
        ("hesim tables 3.", ["3.1", "3.2", "3.3", "3.4", "3.5"]),
        ("hesim calibrate sta", ["stage="]),
        ("hesim completion z", ["zsh"]),
        ("hesim nonsense ", []),
        ("", []),
    ],
)
def test_the_engine_knows_what_may_follow(line: str, found: list[str]) -> None:
    assert (asked(line) if line else candidates([], "nothing")) == found


def test_all_commands_and_all_settings_can_be_reached() -> None:
    assert set(COMMANDS) <= set(asked("hesim "))
    values = compose().resolved()
    values.pop("levers")
    wanted = {path for path, _ in leaves(values)}
    found: set[str] = set()
    waiting = [""]
    while waiting:
        for word in asked(f"hesim run {waiting.pop()}"):
            if word.endswith("=") and not word.startswith("+"):
                found.add(word[:-1])
            elif word.endswith(".") and not word.startswith("levers"):
                waiting.append(word)
    # Groups are set by their name, and have no value; short names stand for a path.
    groups = {"model", "population", "survey", "study", "engine", "levers"}
    assert found - wanted <= groups | set(SHORT)
    assert wanted <= found


def test_folders_of_runs_and_files_of_ones_own_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("outputs/runs/one", "outputs/studies/two", "mine"):
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "manifest.json").write_text("{}")
    for place in ("own/conf/levers/ours.yaml", "own/conf/experiment/asked.yaml"):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_text("years: 1")
    monkeypatch.chdir(tmp_path)
    for command in ("compare", "report", "query", "resume", "view"):
        assert {"mine", "outputs/", "outputs/runs/one", "outputs/studies/two"} <= {
            *asked(f"hesim {command} ")
        }, command
    assert asked("hesim report outputs/r") == ["outputs/runs/", "outputs/runs/one"]
    assert asked("hesim check --config ow") == ["own/"]
    assert asked("hesim check --config=ow") == ["--config=own/"]
    assert asked("hesim run --config own levers=our") == ["levers=ours"]
    assert asked("hesim study --config own +experiment=as") == ["+experiment=asked"]
    assert asked("hesim run data=m") == ["data=mine/"]


@pytest.mark.parametrize(
    ("line", "parted"),
    [
        ("hesim run ", (["hesim", "run"], "", False)),
        ("hesim 'a b' c", (["hesim", "a b"], "c", False)),
        ("hesim 'levers=[a", (["hesim"], "levers=[a", True)),
        (r"hesim a\ b", (["hesim"], "a b", False)),
        ('hesim "" ', (["hesim", ""], "", False)),
    ],
)
def test_a_line_is_parted_as_shells_do(line: str, parted: tuple[list[str], str, bool]) -> None:
    assert parts(line) == parted


def test_bash_gets_what_stands_behind_its_breaks_and_others_whole_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(BREAKS, " \"'=:")
    monkeypatch.setenv(LINE, PLAIN)
    said = []
    for shell in ("bash", "zsh"):
        assert complete([shell]) == 0
        said.append(capsys.readouterr().out)
    assert said == ["[single_cao,meet_and_greet\n", "levers=[single_cao,meet_and_greet\n"]
    monkeypatch.setenv(LINE, "hesim che")
    assert complete(["bash"]) == 0
    assert capsys.readouterr().out == "check \n"


def test_a_tab_loads_nothing_heavy() -> None:
    heavy = ("hydra", "omegaconf", "numpy", "pandas", "numba", "pyarrow", "rich", "psutil")
    lines = ("hesim run model.choice.s", PLAIN, "hesim study study.design=", "hesim report ")
    code = (
        "import os, sys; from hesim.cli import main\n"
        f"for line in {lines}: os.environ['{LINE}'] = line; main(['--complete', 'bash'])\n"
        f"print('loaded', *sorted({set(heavy)} & sys.modules.keys()))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.splitlines()[-1] == "loaded"


@pytest.mark.parametrize("words", [[], ["bsh"], ["bash", "zsh"], ["bash", "a=b"]])
def test_an_unknown_shell_is_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", *words]) == 2
    shown = capsys.readouterr()
    assert shown.out == "" and ("did you mean bash?" in shown.err) == (words == ["bsh"])


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_has_a_script(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    text = capsys.readouterr().out
    assert text == SCRIPTS[shell] and f"--complete {shell}" in text and LINE in text


def in_shell(shell: str, *words: str) -> list[str]:
    """What a shell prints that finds `hesim` on its path; skips where it is not installed."""
    found = shutil.which(shell)
    if found is None:
        pytest.skip(f"{shell} is not installed")
    place = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    made = subprocess.run(
        [found, *words],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PATH": place},
    )
    return made.stdout.splitlines()


LINES = ("hesim che", PLAIN, "hesim run 'levers=[single_cao,meet", "hesim run model.choice.sec")


def test_bash_completes() -> None:
    script = """
source <(hesim completion bash)
complete -p hesim
for line in "$@"; do
    COMP_LINE=$line; COMP_POINT=${#line}
    _hesim hesim
    printf '%s|\\n' "${COMPREPLY[@]}"
done
"""
    assert in_shell("bash", "-c", script, "test", *LINES) == [
        "complete -o nospace -F _hesim hesim",
        "check |",
        "[single_cao,meet_and_greet|",
        "levers=[single_cao,meet_and_greet|",
        "model.choice.sector_cost=|",
    ]


def test_fish_completes() -> None:
    asks = "; ".join(f'complete -C "{line}"' for line in LINES)
    assert in_shell("fish", "-N", "-c", f"hesim completion fish | source; {asks}") == [
        "check",
        "levers=[single_cao,meet_and_greet",
        "levers=[single_cao,meet_and_greet",
        "model.choice.sector_cost=",
    ]


def test_powershell_completes() -> None:
    ask = "(TabExpansion2 'hesim che' 9).CompletionMatches.CompletionText"
    script = f"hesim completion powershell | Out-String | Invoke-Expression; {ask}"
    assert in_shell("pwsh", "-NoProfile", "-Command", script) == ["check"]


def test_zsh_can_read_its_script() -> None:
    script = "compdef() { echo $*; }; source <(hesim completion zsh); whence -w _hesim"
    assert in_shell("zsh", "-f", "-c", script) == ["_hesim hesim", "_hesim: function"]
