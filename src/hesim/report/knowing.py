"""Write what is worth knowing before one chooses between the arms of a study: table and figure."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hesim.charts import drawing, style
from hesim.charts.knowing import knowing_chart
from hesim.charts.names import outcome_title
from hesim.config import ConfigErrors, Problem
from hesim.input import userfile
from hesim.record.folders import unusable, workplace
from hesim.record.format import older_in_words
from hesim.report import page
from hesim.report.answer_files import write_answer
from hesim.report.comparison import FOLDER
from hesim.report.figures import small_print
from hesim.study.answers.effects import records
from hesim.study.answers.knowing import TABLE, ask_knowing, conditions, knowing_sentences
from hesim.study.answers.net_value import EUROS
from hesim.study.answers.question import Answer
from hesim.study.answers.worth_knowing import Knowing, NotLearnable
from hesim.study.folder import Study

SHOWN = ("title", "kind", "value", "low", "high", "changes_percent", "told")
"""Columns that people are shown."""


def find_knowing(study: Study, overrides: Sequence[str] = ()) -> tuple[Answer, Knowing]:
    """What is worth knowing, with its figure.

    Raises:
        ConfigErrors: overrides that cannot hold.
        NotLearnable: the study cannot say it.
    """
    made, found = ask_knowing(study, overrides)
    title = f"{outcome_title(made.outcome)}: what it is worth to know{conditions(found)}"
    unit = f"{made.unit} that the choice brings more"
    [name] = made.tables
    made.figures[name] = knowing_chart(records(found.table), title, unit, small_print(study))
    return made, found


def knowing_report(
    folder: str | Path,
    overrides: Sequence[str] = (),
    *,
    output: str | Path | None = None,
    show: bool = False,
) -> Answer:
    """Say what is worth knowing, and write the table and the figure.

    Args:
        folder: The study, whole.
        overrides: See `ask_knowing`.
        output: Folder of the table and the figure; `answers` in the study's own unless given.
        show: Print the answer.

    Raises:
        Unreadable: the folder holds no study, or something in it is damaged or too old.
        ConfigErrors: overrides that cannot hold, a study that cannot say it or is not whole, or the
            answers cannot be written.
    """
    study = Study(folder)
    if not study.completeness.complete:
        words = f"must be whole before it says what is worth knowing. {study.completeness.words}"
        raise ConfigErrors([Problem("FOLDER", str(folder), words)])
    target = study.folder / FOLDER if output is None else userfile.place(output)
    with workplace(target.absolute()) as lease:
        try:
            with older_in_words(study.folder, study.manifest):
                made, found = find_knowing(study, overrides)
        except NotLearnable as error:
            raise ConfigErrors([Problem("FOLDER", str(folder), str(error))]) from None
        try:
            write_answer(made, lease.folder, target)
        except OSError as error:
            raise unusable(target.absolute(), error) from None
    if show:
        _tell(made, found)
        print(f"\nTable and figure: {target}")
    return made


def knowing_section(study: Study) -> list[str]:
    """What is worth knowing before one chooses; nothing where the study cannot say it."""
    if not study.completeness.complete:
        return []
    try:
        made, found = find_knowing(study)
    except NotLearnable:
        return []
    chart = made.figures[TABLE]
    heads = {name: name.replace("_", " ") for name in SHOWN}
    notes = [page.paragraph(f"{note[:1].upper()}{note[1:]}.") for note in made.notes]
    return [
        page.section(
            "What to measure next",
            page.paragraph(" ".join(knowing_sentences(found, made)), "answer"),
            page.picture(style.svg(drawing.draw(chart)), chart.text, chart.title, ""),
            page.table(records(found.table), heads, f"{chart.title}, {made.unit}"),
            *notes,
        )
    ]


def _tell(made: Answer, found: Knowing) -> None:
    for line in knowing_sentences(found, made):
        print(line)
    print(f"\nWhat it is worth to know, {made.unit} that the choice brings more:")
    shown = found.table[list(SHOWN)]
    figure = "{:,.0f}" if made.unit == EUROS else "{:.3g}"
    print(shown.to_string(index=False, na_rep="-", float_format=figure.format))
    for note in made.notes:
        print(f"Note: {note}")
