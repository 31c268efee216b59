"""What the commands about a calibration do: calibrate and validate."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from hesim.cli.commands import Arguments, _note, _read, _refuse, _reports_bad_input
from hesim.cli.printing import JSON, QUIET
from hesim.input import userfile
from hesim.input.problems import ConfigErrors, Problem

if TYPE_CHECKING:
    from hesim.study.console import Show


@_reports_bad_input
def calibrate(arguments: list[str]) -> int:
    """Fit the model to the survey, or carry out one stage of that."""
    words = _read(arguments, flags=("--export", QUIET), settings=False)
    if "--export" in words.flags:
        return _export(words)
    _refuse(words, words.plain)
    from hesim.calibration.commands import calibrate as carry_out
    from hesim.calibration.falsification import NotFollowed
    from hesim.calibration.parts import DamagedPart, NoRuns, OtherRuns
    from hesim.calibration.runs import CalibrationStopped
    from hesim.study.console import Console

    try:
        show: Show = "warnings" if QUIET in words.flags else "progress"
        carry_out(words.overrides, Console(show).note)
    except (CalibrationStopped, NotFollowed) as error:
        print(f"hesim: {error}", file=sys.stderr)
        return 1
    except (DamagedPart, NoRuns, OtherRuns) as error:
        print(f"hesim: {error}", file=sys.stderr)
        return 2
    return 0


def _export(words: Arguments) -> int:
    """Write a calibration for ArviZ."""
    allowed = ("name", "structure", "data", "calibration", "output")
    given, unexpected = _keys(words, allowed)
    _note(words, unexpected)
    from hesim.calibration.choice import calibration_name, tables_for
    from hesim.calibration.inference_data import export, inference_data, summary_lines

    kind = words.plain[0] if words.plain else given.get("name", "production")
    name = _or_all_problems(words, lambda: calibration_name(kind, given))
    usual = Path("outputs") / "calibration" / f"{Path(name).name}.nc"
    file = userfile.place(given["output"]) if "output" in given else usual
    if file.exists():
        words.problems.append(Problem("output", str(file), "exists; name another file"))
    elif file.suffix != ".nc":
        words.problems.append(Problem("output", str(file), "must be the name of a file, *.nc"))
    _refuse(words, ())
    made = inference_data(name, tables_for(name, given.get("data")))
    print("\n".join(summary_lines(made)))
    print(f"Written: {export(made, file)}. Open it with `arviz.from_netcdf`.")
    return 0


def _keys(words: Arguments, allowed: Iterable[str]) -> tuple[dict[str, str], list[str]]:
    """What is given for the keys that a command knows, and the words that it does not know."""
    known = set(allowed)
    given: dict[str, str] = {}
    unexpected = words.plain[1:]
    for override in words.overrides:
        key, _, value = override.partition("=")
        if key in known:
            given[key] = value
        else:
            unexpected.append(override)
    return given, unexpected


@_reports_bad_input
def validate(arguments: list[str]) -> int:
    """Say how far a calibration can be trusted and what may be quoted, and log the look."""
    words = _read(arguments, flags=(JSON, QUIET, "--figures", "--full"), settings=False)
    given, unexpected = _keys(words, ("structure", "data", "calibration"))
    _note(words, unexpected)
    import json

    from hesim.calibration.choice import calibration_name, held_out_files, look_in_words, tables_for
    from hesim.calibration.looks import log_look
    from hesim.calibration.validation import validation, validation_text

    kind = words.plain[0] if words.plain else None
    name = _or_all_problems(words, lambda: calibration_name(kind, given))
    tables = tables_for(name, given.get("data"))
    if held_out_files(tables):
        log_look("3.1 and 1.1", "hesim validate", look_in_words(name))
    body = validation(name, tables)
    text = validation_text(body, full="--full" in words.flags, brief=QUIET in words.flags)
    print(json.dumps(body, indent=1) if JSON in words.flags else text)
    if "--figures" in words.flags:
        from hesim.charts.calibration import draw_calibration

        for file in draw_calibration(name, Path("outputs") / "calibration" / "figures", tables):
            if QUIET not in words.flags:
                print(f"drawn: {file}", file=sys.stderr)
    return 0


def _or_all_problems(words: Arguments, find: Callable[[], str]) -> str:
    """What is found, or all problems: those of the words together with those of finding it."""
    try:
        found = find()
    except ConfigErrors as error:
        raise ConfigErrors([*words.problems, *error.problems]) from error
    _refuse(words, ())
    return found
