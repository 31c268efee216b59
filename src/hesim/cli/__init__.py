"""The command `hesim`: read the words, call the Python API, turn errors into exit codes."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from collections.abc import Callable, Sequence
from typing import TextIO

from hesim.cli import help as words
from hesim.input.shells import unquoted
from hesim.process import signals

SELDOM = 100_000
"""So many new objects are there before Python looks for circles of unused ones. Imports make many
objects that all stay; looking through them every 700, as usual, takes a tenth of a small run."""
OF_STUDIES = ("study", "barriers", "dose", "resume", "query", "compare", "report")
MODULES = {
    **dict.fromkeys(OF_STUDIES, "studies"),
    **dict.fromkeys(("calibrate", "validate"), "calibration"),
    "view": "view",
    "runs": "runs",
    "clean": "runs",
    "verify": "verify",
    "dose": "dose",
    "worth-knowing": "knowing",
    "reproduce": "reproduce",
    "init": "project",
    "docs": "docs",
    "completion": "completion",
    "complete": "completion",
}
"""Module of the commands that do not stand in `commands`."""
COMMANDS = (
    "run",
    "runs",
    "verify",
    "clean",
    "view",
    "levers",
    *OF_STUDIES,
    "worth-knowing",
    "reproduce",
    "calibrate",
    "validate",
    "check",
    "config",
    "tables",
    "init",
    "docs",
    "completion",
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    0 is good, 1 failed or incomplete, 2 bad input, and 128 with the signal's number interrupted:
    130 by Ctrl-C, 143 by SIGTERM, 129 by SIGHUP.
    """
    if argv is None:
        # A program of its own, and not a part of one that has reasons of its own.
        gc.set_threshold(SELDOM)
        atexit.register(_leave_memory)
        _settle_console()
    try:
        with signals.interrupts():
            code = _answer(unquoted(sys.argv[1:] if argv is None else argv))
            sys.stdout.flush()
    except KeyboardInterrupt:
        _say_last(f"hesim: {signals.words()}")
        return signals.exit_code()
    except BrokenPipeError:
        # The reader of a pipe, such as `head`, has seen enough.
        _discard(sys.stdout)
        return 0
    except OSError as error:
        from hesim.files import disk_words

        # A disk that is full or cannot be written, where no command has better words for it.
        _say_last(f"hesim: {disk_words(error)}")
        return 2
    return code


def _settle_console() -> None:
    """Print ? for what the console has no character for, as cp1252 of Windows, and do not stop."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None and sys.stdout.errors == "strict":
        reconfigure(errors="replace")


def _leave_memory() -> None:
    """Look for no unused objects when Python ends: all memory goes then, and it takes a while.

    DuckDB counts its objects at the end and complains of each that is left, so they are cleared
    away where it was used.
    """
    if "duckdb" not in sys.modules:
        gc.freeze()


def _say_last(line: str) -> None:
    try:
        print(line, file=sys.stderr, flush=True)
        sys.stdout.flush()
    except OSError:
        # A terminal that is gone, as after a logout, or a full disk behind `> file`.
        _discard(sys.stdout, sys.stderr)


def _discard(*streams: TextIO) -> None:
    """Send what is still to be written nowhere, so that Python does not complain at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in streams:
        os.dup2(nowhere, stream.fileno())


def _answer(arguments: list[str]) -> int:
    if not arguments or arguments[0] in ("--help", "-h", "help"):
        topic = arguments[1] if len(arguments) > 1 else ""
        if topic and topic not in COMMANDS and not topic.startswith("-"):
            return _refuse_command(topic)
        print(words.OF_COMMAND.get(topic, words.GENERAL))
        return 0
    if arguments[0] in ("--version", "-V"):
        from hesim import __version__

        print(f"hesim {__version__}")
        return 0
    command, *rest = arguments
    if command == "--complete":
        # Asked by shells at each press of Tab, see `hesim completion`.
        return _command("complete")(rest)
    if command not in COMMANDS:
        return _refuse_command(command)
    if "--help" in rest or "-h" in rest:
        print(words.OF_COMMAND[command])
        return 0

    try:
        os.getcwd()
    except OSError:
        # Said once here: everything that reads or writes files would stumble over it.
        print("hesim: the current folder is gone; change to one that exists", file=sys.stderr)
        return 2
    return _command(command)(rest)


def _command(name: str) -> Callable[[list[str]], int]:
    """Find what carries a command out, in the module of its kind."""
    from importlib import import_module

    module = import_module(f"hesim.cli.{MODULES.get(name, 'commands')}")
    found: Callable[[list[str]], int] = getattr(module, name.replace("-", "_"))
    return found


def _refuse_command(command: str) -> int:
    from hesim.input.problems import nearest

    if "=" in command:
        hint = f"; did you mean: hesim run {command}"
    else:
        close = nearest(command, COMMANDS)
        hint = f"; did you mean {close}?" if close else ""
    print(f"hesim: unknown command {command!r}{hint}", file=sys.stderr)
    print(f"commands: {', '.join(COMMANDS)}; see hesim --help", file=sys.stderr)
    return 2
