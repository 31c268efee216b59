"""Write docs/reference/, which is read off the code: `uv run python -m docs.site.reference`."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from pathlib import Path

from docs.site.navigation import DOCS

import hesim
from hesim.cli import COMMANDS
from hesim.cli import help as texts
from hesim.config.listing import Row, setting_rows, value_text
from hesim.outcomes.registry import OUTCOMES, Outcome
from hesim.scenario import scenario_layers

FOLDER = DOCS / "reference"
COMMAND = "uv run python -m docs.site.reference"

LABELS = {
    "data": "a figure of the report, or of another source",
    "derived": "follows from such figures by arithmetic",
    "prior": "a range is known; the calibration may move within it",
    "assumed": "nobody knows; the number is a guess",
    "setting": "says how a run is made, and nothing about the world",
}
GRADES = {
    "input": "what goes into the model sets it, or nearly sets it",
    "assumed": "an assumption sets it",
    "emergent": "it comes out of the model; nothing sets it",
}
KINDS = {
    "count": "a number; divided by the scale of the population, so that it reads as at full scale",
    "share": "a percentage of something",
    "duration": "a time",
}
OF_RUNS = "of the run"
"""Heading of the settings that lie below no name."""

RESULTS = (
    "hesim.report.run_results.RunResults",
    "hesim.report.study_results.StudyResults",
    "hesim.record.run_comparison.RunComparison",
    "hesim.study.answers.question.Answer",
    "hesim.study.run_outputs.RunFailed",
    "hesim.input.problems.ConfigErrors",
)
"""What the functions of the Python interface return and raise."""


def reference_pages() -> dict[str, str]:
    """Text of each page by its file in docs/reference/."""
    return {
        "settings.md": _page("Settings", settings_lines()),
        "outcomes.md": _page("Outcomes", outcome_lines()),
        "commands.md": _page("Commands", command_lines()),
        "python.md": _page("Python interface", python_lines()),
    }


def public_names() -> list[str]:
    """Names of the Python interface, as `hesim.run`, functions first."""
    names = [name for name in hesim.__all__ if not name.startswith("_")]
    return [f"hesim.{name}" for name in sorted(names, key=lambda each: (each[0].isupper(), each))]


def settings_lines() -> Iterator[str]:
    """All settings, with a heading for each group."""
    rows = setting_rows(scenario_layers([], None))
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(_group(row.path), []).append(row)
    yield f"There are {len(rows)} settings. The values below are those of a run without any words."
    yield "You can set each as `path=value` behind a command, or in a file of yours"
    yield "([Studies](../studies.md)). `hesim config PATH` prints the same as this page. Levers"
    yield "have settings too: [The levers](../levers.md).\n"
    yield from _table(("Label", "What the value rests on"), LABELS.items())
    yield "\nA value that the calibration sets has `calibration` in the last column.\n"
    for group in sorted(groups, key=lambda name: (name != OF_RUNS, list(groups).index(name))):
        yield f"## {_heading(group)}\n"
        yield from _settings_table(groups[group])
        yield ""


def _group(path: str) -> str:
    parts = path.split(".")
    return ".".join(parts[: 2 if parts[0] == "model" else 1]) if len(parts) > 1 else OF_RUNS


def _heading(group: str) -> str:
    return "Settings of the run" if group == OF_RUNS else f"`{group}`"


def _settings_table(rows: Sequence[Row]) -> Iterator[str]:
    head = ("Setting", "Value", "Unit", "Range", "Label", "What it is", "Source", "Set by")
    yield from _table(
        head,
        (
            (
                f"`{row.path}`",
                f"`{value_text(row.value)}`" if value_text(row.value) else "",
                *(row.unit, row.allowed, row.label, row.about, row.source, row.origin),
            )
            for row in rows
        ),
    )


def outcome_lines() -> Iterator[str]:
    """All outcomes, with how each is counted."""
    yield f"There are {len(OUTCOMES)} headline outcomes. Tables, studies, the page and reports all"
    yield "take name, unit and number from `src/hesim/outcomes/registry.py`."
    yield "[What a run leaves behind](../outputs.md) says in which files they stand, and the"
    yield "[glossary](../glossary.md) explains the words.\n"
    head = ("Outcome", "Title", "Dutch title", "Unit", "Kind", "Grade", "How it is counted")
    yield from _table(
        head,
        (
            (
                *(f"`{each.name}`", each.english, each.dutch),
                *(each.unit, each.kind, each.grade, _counting(each)),
            )
            for each in OUTCOMES.values()
        ),
    )
    yield "\n## Grades\n\nA grade says what an outcome rests on in the baseline.\n"
    yield from _table(("Grade", "Meaning"), GRADES.items())
    yield "\n## Kinds\n"
    yield from _table(("Kind", "Meaning"), KINDS.items())


def _counting(outcome: Outcome) -> str:
    words = [_first_line(outcome.compute)]
    if outcome.denominator:
        words.append(f"Taken over {outcome.denominator}.")
    if outcome.of_levers:
        words.append("Zero without levers.")
    return " ".join(words)


def command_lines() -> Iterator[str]:
    """The help of each command, as it is printed."""
    yield "This is what `hesim --help` and `hesim COMMAND --help` print.\n"
    yield f"```text\n{texts.GENERAL}\n```"
    for command in COMMANDS:
        yield f"\n## hesim {command}\n\n```text\n{texts.OF_COMMAND[command]}\n```"


def python_lines() -> Iterator[str]:
    """The names of the Python interface, and what its functions return."""
    yield "`import hesim` gives these names. `help(hesim.run)` explains one, with all that it takes"
    yield "and returns. The site (`hesim docs`) has the same text below the tables.\n"
    yield from _table(("Name", "What it is"), _summaries(public_names()))
    yield "\n## What functions return and raise\n"
    yield from _table(("Class", "What it is"), _summaries(RESULTS))


def _summaries(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    for name in names:
        yield f"`{name}`", _first_line(named(name))


def named(name: str) -> object:
    """The function or class of a dotted name."""
    module, _, last = name.rpartition(".")
    return getattr(import_module(module), last)


def _first_line(thing: object) -> str:
    return (inspect.getdoc(thing) or "").partition("\n\n")[0].replace("\n", " ")


def _page(title: str, lines: Iterable[str]) -> str:
    head = f"# {title}\n\nRead off the code by `{COMMAND}`; a test keeps this page current.\n\n"
    return head + "\n".join(lines).rstrip() + "\n"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        cells = (" ".join(cell.replace("|", r"\|").split()) for cell in row)
        yield f"| {' | '.join(cells)} |"


def main(folder: Path = FOLDER) -> None:
    """Write the pages."""
    for name, text in reference_pages().items():
        (folder / name).write_text(text, encoding="utf-8")
        print(folder / name)


if __name__ == "__main__":
    main()
