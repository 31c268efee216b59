"""Every command that a text shows is one that hesim takes."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from docs.site.commands import Command, commands
from docs.site.links import texts
from docs.site.navigation import ROOT

from hesim.cli import COMMANDS, main
from hesim.cli import help as words
from hesim.config.short_names import spelt_out
from hesim.input.problems import ConfigErrors
from hesim.study.request import read_request

OF_SETTINGS = ("run", "study", "check", "view")
"""Commands that take any setting."""
LOOKING_UP = ("levers", "config", "tables", "init", "completion", "runs", "clean", "--help")
"""Commands that only look something up, or write a few files where they stand."""
SHOWN_WRONG = ("hesim check years=-1 seeed=3", "hesim check years=-1 seeed=3 start=2011-13")
"""Commands that show what a refusal looks like."""

EVERYWHERE = (each for file in texts() for each in commands(file))
SHOWN = sorted({shlex.join(("hesim", *each.words)): each for each in EVERYWHERE}.items())
"""Every command once, as it is typed."""


def where(command: Command) -> str:
    return f"{command.file.relative_to(ROOT)}: hesim {shlex.join(command.words)}"


def test_every_command_and_option_exists() -> None:
    faults = []
    for _, command in SHOWN:
        name = command.words[0]
        if name in ("--help", "--version", "COMMAND"):
            continue
        known = f"{words.OF_COMMAND.get(name, '')} --help"
        listed = known.replace("|", " ").replace("[", " ").replace("]", " ").split()
        if name not in COMMANDS or not set(command.options) <= set(listed):
            faults.append(where(command))
    assert len(SHOWN) > 150
    assert not faults, "\n".join(faults)


def test_every_setting_holds() -> None:
    """Not those of a sweep, nor of a reader's own folder."""
    faults, tried = [], 0
    for typed, command in SHOWN:
        ours = command.words[0] in OF_SETTINGS and not command.placeholder
        sweep = {"-m", "--config", "--from"} & set(command.options)
        absent = any(word.startswith(("data=", "calibration=")) for word in command.settings)
        if not (ours and command.settings) or sweep or absent:
            continue
        tried += 1
        try:
            read_request(spelt_out(command.settings), None)
        except ConfigErrors as error:
            if typed not in SHOWN_WRONG:
                faults.append(f"{where(command)}: {error}")
        else:
            assert typed not in SHOWN_WRONG
    assert tried > 20
    assert not faults, "\n".join(faults)


def test_what_looks_something_up_does_so_in_a_fresh_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.chdir(tmp_path)
    faults, tried = [], 0
    for _, command in SHOWN:
        # A folder is named that another command makes.
        made = command.words[0] in ("runs", "clean") and len(command.words) > 1
        nothing = command.words == ("init",)
        if command.words[0] not in LOOKING_UP or command.placeholder or made or nothing:
            continue
        tried += 1
        code = main(list(command.words))
        if code != 0 or not capsys.readouterr().out.strip():
            faults.append(f"{where(command)}: {code}")
    assert tried > 15
    assert not faults, "\n".join(faults)


def test_commands_are_found_in_blocks_and_in_small_code(tmp_path: Path) -> None:
    file = tmp_path / "walk.md"
    file.write_text(
        "Type `hesim runs` or `hesim_run`, not `hesim run [key=value]`.\n\n"
        "    uv run --no-dev --extra app hesim view   # a page\n"
        '    hesim query RUN "from summary"\n'
        "    $ hesim config --csv > settings.csv\n    ls hesim\n\n"
        "```python\nhesim run\n```\n\n"
        "```text\nhesim dose NAME [key=value ...]\n\nhesim run\n\n"
        "Example\n  hesim dose job_swap\n```\n",
        encoding="utf-8",
    )
    found = list(commands(file))
    assert [each.words for each in found] == [
        ("runs",),
        ("view",),
        ("query", "RUN", "from summary"),
        ("config", "--csv"),
        ("dose", "job_swap"),
    ]
    assert [each.placeholder for each in found] == [False, False, True, False, False]


def test_settings_and_options_are_told_apart() -> None:
    command = Command(Path(), ("run", "--from=x", "seed=1", "-m", "levers=a,b"))
    assert command.settings == ["seed=1", "levers=a,b"]
    assert command.options == ["--from", "-m"]
