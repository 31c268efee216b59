"""What each command does, in terms of the Python API."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING

from hesim.cli.printing import JSON, QUIET, print_json, show_of
from hesim.config import Settings
from hesim.config.short_names import spelt_out
from hesim.input import userfile
from hesim.input.problems import ConfigErrors, Problem, nearest
from hesim.input.userfile import is_folder

if TYPE_CHECKING:
    from hesim.study.request import Request

Command = Callable[[list[str]], int]
SETTINGS = "settings are key=value"
NOTHING = "this command takes no settings"
"""What a command says that it can be told as key=value, where it is told something else."""


@dataclass
class Arguments:
    """The words after a command, sorted by kind.

    Attributes:
        plain: Names and folders.
        overrides: What is set, as key=value.
        flags: Options without a value.
        options: Options with a value.
        folder: What `--config` names.
        problems: What is wrong with the words.
        takes: What can be set, in words.
    """

    plain: list[str] = field(default_factory=list)
    overrides: list[str] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)
    options: dict[str, str] = field(default_factory=dict)
    folder: str | None = None
    problems: list[Problem] = field(default_factory=list)
    takes: str = SETTINGS


def _reports_bad_input(command: Command) -> Command:
    """Turn errors in what the user gave into all their words and exit code 2."""

    @wraps(command)
    def guarded(arguments: list[str]) -> int:
        try:
            return command(arguments)
        except ConfigErrors as error:
            print(f"hesim: {error}", file=sys.stderr)
        except ValueError as error:
            # Read from the names of classes: importing them here would slow each command.
            if not {each.__name__ for each in type(error).__mro__} & {"DataError", "Unreadable"}:
                raise
            print(f"hesim: {error}", file=sys.stderr)
        return 2

    return guarded


@_reports_bad_input
def run(arguments: list[str]) -> int:
    """Simulate and write the results."""
    if swept(arguments):
        return _sweep("run", arguments)
    words = _read(arguments, flags=("--order", "--force", JSON, QUIET), values=("--from",))
    _note(words, words.plain)
    asked = ["order=true"] if "--order" in words.flags else []
    if "--from" in words.options:
        from hesim.cli.again import settings_of_run

        settings = settings_of_run(words, asked)
    else:
        settings = _compose(words, asked)
    if settings.flag("order"):
        from hesim.model.order import describe_order

        for number, (event, about) in enumerate(describe_order(), start=1):
            print(f"{number:3} {event:14} {about}")
        return 0

    from hesim.api import RunFailed
    from hesim.api import run as simulate

    try:
        made = simulate(settings=settings, show=show_of(words.flags))
    except RunFailed as error:
        print(f"hesim: {error}", file=sys.stderr)
        return 1
    if JSON in words.flags:
        from hesim.cli.again import run_body

        print_json(run_body(made))
    return 0 if made.manifest["status"] == "complete" else 1


@_reports_bad_input
def levers(arguments: list[str]) -> int:
    """List the levers, explain one, or list what stands around them."""
    from hesim.levers import printing
    from hesim.levers.catalogue import catalogue, packages
    from hesim.tables import read

    words = _read(
        arguments, flags=("--recommendations", "--mechanisms", "--reach", JSON), takes=NOTHING
    )
    _refuse(words, [*words.plain[1:], *words.overrides])
    folder = userfile.place(words.folder) if words.folder else None
    known = {each.key: each for each in catalogue(folder)}
    if JSON in words.flags:
        if words.plain and words.plain[0] not in known:
            raise ConfigErrors([_no_such_lever(words.plain[0], known)])
        chosen = [known[name] for name in words.plain] or list(known.values())
        print_json({"levers": [{**vars(each), "grade": each.grade} for each in chosen]})
        return 0
    if words.plain:
        name = words.plain[0]
        if name in packages(folder):
            print(f"{name} is a ready package: {', '.join(packages(folder)[name])}")
            return 0
        if name not in known:
            raise ConfigErrors([_no_such_lever(name, known)])
        lines = printing.explanation(known[name], read())
    elif "--recommendations" in words.flags:
        lines = printing.recommendations(read())
    elif "--mechanisms" in words.flags:
        lines = printing.mechanisms()
    elif "--reach" in words.flags:
        lines = printing.reach_names(read())
    else:
        lines = printing.listing(list(known.values()), read(), packages(folder))
    print("\n".join(lines))
    return 0


def _no_such_lever(name: str, known: Iterable[str]) -> Problem:
    return Problem(name, None, "no such lever; `hesim levers` lists them", nearest(name, known))


@_reports_bad_input
def check(arguments: list[str]) -> int:
    """Check what a run or a study would refuse, and print what was set."""
    words = _read(arguments, flags=(JSON, QUIET))
    _note(words, words.plain)
    request = _request(words)

    from hesim.model.warming import announcement
    from hesim.shelf import shelf
    from hesim.study.request import needs_model, try_request
    from hesim.study.request_text import assignments, request_body, request_lines, request_verdict

    if needs_model(request) and not shelf().whole() and QUIET not in words.flags:
        print(announcement(), file=sys.stderr, flush=True)
    try_request(request)
    found = assignments(request, words.overrides, words.folder)
    said = request.cautions()
    if JSON in words.flags:
        print_json({**request_body(request, found), "warnings": said})
    elif QUIET in words.flags:
        print(f"{request_verdict(request)}.")
    else:
        print("\n".join(request_lines(request, found)))
    for line in said:
        print(f"hesim: warning: {line}", file=sys.stderr)
    return 0


@_reports_bad_input
def config(arguments: list[str]) -> int:
    """List what can be set, or say of one setting where its value comes from."""
    from hesim.cli.formats import FORMATS, SCHEMA, format_of, schema_text, table_of, value_lines
    from hesim.config.listing import listing_text, rows_below, setting_rows
    from hesim.scenario import scenario_layers

    words = _read(arguments, flags=(*FORMATS, JSON, QUIET))
    _note(words, words.plain[1:])
    name = words.plain[0] if words.plain else ""
    form = format_of(words.flags, words.problems)
    if form == SCHEMA:
        _refuse(words, words.overrides)
        print(schema_text(name))
        return 0
    if name == "labels":
        return _count_labels(words)
    try:
        everything = setting_rows(scenario_layers(words.overrides, words.folder), words.folder)
    except ConfigErrors as error:
        raise ConfigErrors([*words.problems, *error.problems]) from error
    if words.problems:
        raise ConfigErrors(words.problems)
    listed = rows_below(everything, name) if name else everything
    if not listed:
        known = {row.path for row in everything}
        parents = {path.rpartition(".")[0] for path in known} - {""}
        allowed = "no such setting; `hesim config` lists them"
        raise ConfigErrors([Problem(name, None, allowed, nearest(name, known | parents))])
    if form == JSON:
        print_json({"settings": listed})
    elif form:
        print(table_of(listed, form))
    elif QUIET in words.flags:
        print(value_lines(listed))
    else:
        print(listing_text(listed, whole=listed[0].path == name))
    return 0


def _count_labels(words: Arguments) -> int:
    """Count settings by what they rest on, a column for each structure."""
    from hesim.calibration.plan import read_calibration_plan
    from hesim.config import labels
    from hesim.config.listing import setting_rows
    from hesim.scenario import scenario_layers

    _refuse(words, words.overrides)
    found, parameters = {}, {}
    for name in labels.structures():
        moved = read_calibration_plan([f"structure={name}"]).parameters.all
        fitted = {path for each in moved for path in each.paths()}
        made = scenario_layers([f"structure={name}", "calibration=none"], words.folder)
        found[name] = labels.label_counts(setting_rows(made, words.folder), fitted)
        parameters[name] = len(moved)
    print(labels.label_table(found, parameters))
    return 0


@_reports_bad_input
def tables(arguments: list[str]) -> int:
    """List the report's tables, or print one."""
    from hesim.cli.formats import CSV, format_of
    from hesim.tables import TABLES, printing, read

    words = _read(arguments, flags=(CSV, JSON), settings=False, takes="only data=DIR can be set")
    folder = None
    unexpected = words.plain[1:]
    for override in words.overrides:
        key, _, value = override.partition("=")
        if key == "data":
            folder = userfile.place(value)
            if not value or not is_folder(folder):
                words.problems.append(Problem("data", value, "must be a folder that exists"))
        else:
            unexpected.append(override)
    form = format_of(words.flags, words.problems)
    _refuse(words, unexpected)
    found = read(folder)
    name = words.plain[0] if words.plain else ""
    if name and name not in TABLES:
        allowed = "no such table; there are " + ", ".join(TABLES)
        raise ConfigErrors([Problem(name, None, allowed, nearest(name, TABLES))])
    if form == JSON:
        print_json(
            {"table": name, "rows": printing.table_records(name, found)}
            if name
            else {"tables": printing.table_records()}
        )
    elif form == CSV:
        printing.print_csv(name, found)
    elif name:
        printing.print_table(name, found)
    else:
        printing.print_listing()
    return 0


def swept(arguments: list[str]) -> bool:
    """Whether a sweep is asked for."""
    return "-m" in arguments or "--multirun" in arguments


def _sweep(kind: str, arguments: list[str]) -> int:
    """Hand a sweep over to Hydra's sweeper."""
    words = _read(arguments, flags=("-m", "--multirun", JSON, QUIET))
    _refuse(words, words.plain)
    from hesim.sweeps.launch import sweep

    def hand(file: Path, jobs: Sequence[object]) -> None:
        if JSON in words.flags:
            print_json({"table": file, "jobs": jobs})

    return sweep(kind, words.overrides, words.folder, show_of(words.flags), hand)


def _read(
    arguments: list[str],
    flags: Iterable[str] = (),
    settings: bool = True,
    values: Iterable[str] = (),
    takes: str = SETTINGS,
) -> Arguments:
    """Sort words by kind.

    Args:
        arguments: The words after the command.
        flags: Options without a value.
        settings: Whether the command reads settings files (`--config`).
        values: Options with a value.
        takes: What can be set, in words.
    """
    words = Arguments(takes=takes)
    known = [*(["--config"] if settings else []), "--help", *flags, *values]
    waiting = iter(arguments)
    for word in waiting:
        option, equals, value = word.partition("=")
        if option == "--config" and settings:
            given = value if equals else next(waiting, "")
            if not given:
                words.problems.append(Problem("--config", None, "needs a folder"))
            elif words.folder is not None:
                words.problems.append(Problem("--config", given, "one folder at a time is read"))
            else:
                words.folder = given
        elif word in flags:
            words.flags.add(word)
        elif option in values:
            if option in words.options:
                words.problems.append(Problem(option, None, "is given twice"))
            words.options[option] = value if equals else next(waiting, "")
        elif word.startswith("-"):
            allowed = "unknown option; there are " + ", ".join(known)
            words.problems.append(Problem(word, None, allowed, nearest(option, known)))
        elif is_setting(word):
            words.overrides += spelt_out([word]) if settings else [word]
        else:
            words.plain.append(word)
    return words


def is_setting(word: str) -> bool:
    """Whether a word sets something; a path may have an equals sign too."""
    if userfile.is_typed_path(word):
        return False
    return "=" in word or word.startswith(("+", "~"))


def _note(words: Arguments, unexpected: Iterable[str]) -> None:
    """Add words that mean nothing to the command to its problems."""
    for word in unexpected:
        words.problems.append(Problem(word, None, f"not understood; {words.takes}"))


def _refuse(words: Arguments, unexpected: Iterable[str]) -> None:
    """Raise when there are words that mean nothing to the command."""
    _note(words, unexpected)
    if words.problems:
        raise ConfigErrors(words.problems)


def _compose(words: Arguments, more: Iterable[str] = ()) -> Settings:
    """Compose, and report the problems of the words together with those of the settings."""
    from hesim.scenario import compose

    try:
        settings = compose([*words.overrides, *more], words.folder or None)
    except ConfigErrors as error:
        raise ConfigErrors([*words.problems, *error.problems]) from error
    if words.problems:
        raise ConfigErrors(words.problems)
    return settings


def _request(words: Arguments) -> Request:
    """Read what is asked for, with the problems of the words together with all others."""
    from hesim.study.request import read_request

    try:
        request = read_request(words.overrides, words.folder or None)
    except ConfigErrors as error:
        raise ConfigErrors([*words.problems, *error.problems]) from error
    if words.problems:
        raise ConfigErrors(words.problems)
    return request
