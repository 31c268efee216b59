"""Answer a study on disk: every table as a CSV file and every figure, in one folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hesim.input import userfile
from hesim.record.folders import unusable, workplace
from hesim.record.format import older_in_words
from hesim.report.answer_files import write_answer
from hesim.report.figures import add_charts
from hesim.study.answers.comparison import answer_study
from hesim.study.answers.question import Answer
from hesim.study.console import Console, Show
from hesim.study.folder import Study, warn_of_missing

FOLDER = "answers"


def compare(
    folder: str | Path,
    overrides: Sequence[str] = (),
    *,
    output: str | Path | None = None,
    show: Show = False,
) -> Answer:
    """Answer a study and write the tables and figures.

    Args:
        folder: The study.
        overrides: `study.outcome`, `study.better` and `study.threshold`, to ask otherwise.
        output: Folder of the tables and figures; `answers` in the study's own unless given.
        show: Print the main table, or a part of what is to be said; see `Show`.

    Raises:
        Unreadable: the folder holds no study, or something in it is damaged or too old.
        ConfigErrors: overrides that cannot hold, or the answers cannot be written.
    """
    study = Study(folder)
    target = study.folder / FOLDER if output is None else userfile.place(output)
    # Made before the answers: whoever cannot write there need not wait for them.
    with workplace(target.absolute()) as lease:
        with older_in_words(study.folder, study.manifest):
            made = add_charts(answer_study(study, overrides))
        try:
            write_answer(made, lease.folder, target)
        except OSError as error:
            raise unusable(target.absolute(), error) from None
    if not show:
        warn_of_missing(study)
    console = Console(show)
    if console.results:
        from hesim.study.answers.sentences import tell

        tell(made, console.say)
        console.say(f"\nTables and figures: {target}")
    return made
