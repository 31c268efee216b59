"""What the commands about studies do: study, barriers, resume, query, compare and report."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING

from hesim.cli.commands import Arguments, _note, _read, _reports_bad_input, _sweep, swept
from hesim.cli.places import one_folder, refuse_neither
from hesim.cli.printing import JSON, QUIET, print_json, show_of, table_rows
from hesim.cli.runs import compare_folders, name_a_run
from hesim.input import userfile
from hesim.input.problems import ConfigErrors, Problem
from hesim.input.userfile import is_folder

if TYPE_CHECKING:
    import pandas as pd

    from hesim.study.answers.question import Answer
    from hesim.study.folder import Study

Command = Callable[[list[str]], int]


def reports_stops(command: Command) -> Command:
    """Turn what stops a study into words and an exit code: 2 bad input, 1 stopped."""

    @wraps(command)
    def guarded(arguments: list[str]) -> int:
        from hesim.record.format import Unreadable
        from hesim.study.resumption import Mismatch
        from hesim.study.store import InUse
        from hesim.study.study_outputs import StudyStopped

        try:
            return _reports_bad_input(command)(arguments)
        except (Unreadable, InUse, Mismatch) as error:
            print(f"hesim: {error}", file=sys.stderr)
            return 2
        except StudyStopped as error:
            print(f"hesim: {error}", file=sys.stderr)
            return 1

    return guarded


@reports_stops
def study(arguments: list[str]) -> int:
    """Plan and run a study."""
    if swept(arguments):
        return _sweep("study", arguments)
    words = _read(arguments, flags=("--dry-run", JSON, QUIET))
    _note(words, words.plain)
    if words.problems:
        raise ConfigErrors(words.problems)
    from hesim.study.launch import start

    dry = "--dry-run" in words.flags
    if dry:
        return dry_run(words.overrides, words)
    made = start(words.overrides, words.folder, show=show_of(words.flags))
    assert made is not None
    return _study_end(made, words)


def dry_run(overrides: Sequence[str], words: Arguments) -> int:
    """Show the plan of a study and stop."""
    if JSON in words.flags:
        from hesim.study.plan import plan_study
        from hesim.study.plan_facts import plan_facts

        print_json(plan_facts(plan_study(overrides, words.folder)))
        return 0
    from hesim.study.launch import start

    start(overrides, words.folder, dry_run=True, show=show_of(words.flags))
    return 0


def _study_end(made: Study, words: Arguments) -> int:
    """Say how a study ended, where JSON is asked for; the exit code says it too."""
    status = made.manifest["status"]
    if JSON in words.flags:
        counts = made.completeness
        body = {"folder": made.folder, "status": status, "runs": counts.planned}
        print_json({**body, "whole": counts.whole, "failed": counts.failed})
    return 0 if status == "complete" else 1


@reports_stops
def barriers(arguments: list[str]) -> int:
    """Take apart what stands between wo and hbo, or answer such a study again."""
    words = _read(arguments, flags=("--dry-run", JSON, QUIET))
    if words.plain:
        return compare(arguments)
    if words.problems:
        raise ConfigErrors(words.problems)
    from hesim.api import barrier_overrides
    from hesim.api import barriers as take_apart

    if "--dry-run" in words.flags:
        return dry_run(barrier_overrides(words.overrides), words)
    made = take_apart(words.overrides, config=words.folder, show=show_of(words.flags))
    return answer_end(made, words)


@reports_stops
def resume(arguments: list[str]) -> int:
    """Take a study up again."""
    words = _read(arguments, flags=("--retry-failed", "--force", JSON, QUIET), settings=False)
    folder = one_folder(words)
    from hesim.study.resumption import resume as again

    made = again(
        folder,
        words.overrides,
        retry_failed="--retry-failed" in words.flags,
        force="--force" in words.flags,
        show=show_of(words.flags),
    )
    return _study_end(made, words)


@reports_stops
def query(arguments: list[str]) -> int:
    """Ask a study or a run in SQL."""
    # SQL may begin with a comment, but no option has a space.
    options = [word for word in arguments if word.startswith("-") and not re.search(r"\s", word)]
    problems = _read(options, flags=("--csv", JSON, QUIET), settings=False).problems
    plain = [word for word in arguments if word not in options]
    if JSON in options and "--csv" in options:
        problems.append(Problem("--json --csv", None, "one of these at a time is printed"))
    if plain and not plain[0].strip():
        problems.append(Problem("FOLDER", plain[0], "name one folder"))
    if not 1 <= len(plain) <= 2:
        problems.append(Problem("query", None, 'needs a folder and SQL, as "from results"'))
    if problems:
        raise ConfigErrors(problems)
    from hesim.study.sql import WrongQuestion

    place = userfile.place(plain[0])
    refuse_neither(place)
    views, answer, lacking = _of_run(place) if name_a_run(plain[:1]) else _of_study(place)
    if len(plain) == 1 and JSON in options:
        print_json({"views": views})
        return 0
    if len(plain) == 1:
        for view, columns in views.items():
            print(f"{view}({columns})")
        return 0
    try:
        frame = answer(plain[1])
    except WrongQuestion as error:
        print(f"hesim: {error}\nviews: {', '.join(views)}", file=sys.stderr)
        return 2
    if JSON in options:
        print_json(table_rows(frame))
    elif "--csv" in options:
        frame.to_csv(sys.stdout, index=False, lineterminator="\n")
    else:
        print(frame.to_string(index=False))
    missing = lacking()
    return int(bool(missing)) if QUIET in options else _exit_code(missing)


Questions = tuple[Mapping[str, str], Callable[[str], "pd.DataFrame"], Callable[[], str]]
"""What a folder can be asked, what answers, and what says how much of it is missing."""


def _of_study(place: Path) -> Questions:
    from hesim.study.folder import Study

    opened = Study(place)
    return opened.views, opened.query, lambda: opened.completeness.words


def _of_run(place: Path) -> Questions:
    from hesim.record.run_folder import Run
    from hesim.study.run_query import query_run, run_views

    run = Run(place)
    return run_views(run), partial(query_run, run), lambda: run.shortfall


def question_and_place(overrides: Sequence[str]) -> tuple[list[str], str | None]:
    """What is asked of a study, and the folder that its answers go to; None for the study's own.

    Raises:
        ConfigErrors: the folder has no name.
    """
    asked = [line for line in overrides if not line.startswith("output=")]
    places = [line.partition("=")[2] for line in overrides if line.startswith("output=")]
    if places and not places[-1]:
        raise ConfigErrors([Problem("output", "", "must be a folder")])
    return asked, places[-1] if places else None


@reports_stops
def compare(arguments: list[str]) -> int:
    """Answer a study's question: tables, CSV files and figures; or compare two runs."""
    words = _read(arguments, flags=("--force", JSON, QUIET), settings=False, values=("--by",))
    dimension = words.options.get("--by")
    if dimension is None and name_a_run(words.plain):
        return compare_folders(words)
    if dimension is not None and len(words.plain) == 2 and name_a_run(words.plain):
        from hesim.outcomes.breakdown import known_dimension

        return compare_folders(words, known_dimension(dimension))
    folder = one_folder(words)
    refuse_neither(folder)
    if dimension is not None:
        return _compare_by(folder, dimension, words)
    from hesim.report.comparison import compare as answer

    asked, place = question_and_place(words.overrides)
    # Nothing but the answer is to be said, so that --quiet leaves that out.
    quiet = words.flags & {JSON, QUIET}
    made = answer(folder, asked, output=place, show="warnings" if quiet else True)
    return answer_end(made, words)


def answer_end(made: Answer, words: Arguments) -> int:
    """Print an answer as JSON where that is asked for; the exit code says what it lacks."""
    if JSON in words.flags:
        print_json(answer_body(made.study.folder, made))
    return _exit_code(made.study.completeness.words)


def answer_body(folder: Path, made: Answer) -> dict[str, object]:
    """What an answer says in JSON."""
    tables = {name: table_rows(table) for name, table in made.tables.items()}
    question = {"outcome": made.outcome, "unit": made.unit, "better": made.better}
    return {"folder": folder, **question, "best": made.best, "notes": made.notes, "tables": tables}


def _compare_by(folder: Path, dimension: str, words: Arguments) -> int:
    """Print crossings and staff of a study or run by one dimension, and write them as CSV."""
    asked, place = question_and_place(words.overrides)
    if asked:
        allowed = "is not asked together with --by; only output=DIR is"
        raise ConfigErrors([Problem(line, None, allowed) for line in asked])
    from hesim.report.breakdown import find_breakdown, tell_breakdown
    from hesim.report.document import shortfall

    found = find_breakdown(folder, dimension, place)
    if JSON in words.flags:
        years = {"first_year": found.years[0], "last_year": found.years[1]}
        rows = {"rows": table_rows(found.table), "by_year": table_rows(found.by_year)}
        files = {"file": found.file, "file_by_year": found.file_by_year}
        print_json({"folder": folder, "by": dimension, **years, **rows, **files})
    elif QUIET not in words.flags:
        tell_breakdown(found, print)
    return _exit_code(shortfall(folder))


@reports_stops
def report(arguments: list[str]) -> int:
    """Write a run or a study up as one HTML file."""
    words = _read(arguments, flags=(JSON, QUIET), settings=False)
    target = None
    for line in words.overrides:
        key, _, value = line.partition("=")
        if key == "output":
            target = userfile.place(value)
            # Another file of the user's would be lost, as it is written over.
            if target.suffix.lower() not in (".html", ".htm") or is_folder(target):
                allowed = "must be a file, as output=FILE.html"
                words.problems.append(Problem("output", value, allowed))
    folder = one_folder(words, keys=("output",))
    refuse_neither(folder)
    from hesim.report.document import shortfall, write_report

    file = write_report(folder, target)
    if JSON in words.flags:
        print_json({"folder": folder, "report": file})
    elif QUIET not in words.flags:
        print(f"Report: {file}")
    return _exit_code(shortfall(folder))


def _exit_code(lacking: str) -> int:
    """Say what an answer lacks, where it does; the exit code says it too."""
    if lacking:
        print(f"hesim: warning: this answer rests on a part. {lacking}", file=sys.stderr)
    return 1 if lacking else 0
