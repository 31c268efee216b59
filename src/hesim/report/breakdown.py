"""Print crossings and staff by region, age, sex, field or role, and write them as CSV."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from hesim.files import put
from hesim.input import userfile
from hesim.levers.arms import DIFFERENCE
from hesim.levers.dates import years_in_words
from hesim.outcomes.breakdown import ABOUT, known_dimension, outcome_entry
from hesim.record.folders import unusable
from hesim.record.package import PACKAGE_FILE
from hesim.report.answer_files import answer_package, has_room
from hesim.report.comparison import FOLDER
from hesim.report.document import of_study
from hesim.report.run_results import RunResults
from hesim.report.study_results import StudyResults

if TYPE_CHECKING:
    import pandas as pd

LEVELS = ["level", "level_low", "level_high"]
DIFFERENCES = ["difference_mean", "difference_low", "difference_high"]


class Breakdown(NamedTuple):
    """Crossings and staff of a run or study by one dimension.

    Attributes:
        dimension: Its name.
        table: A row for each arm, outcome and category: means over years.
        by_year: The same with a row for each year.
        years: First and last year of the means.
        file: The CSV file with the means; None where none is written.
        file_by_year: The CSV file with a row for each year; None where none is written.
    """

    dimension: str
    table: pd.DataFrame
    by_year: pd.DataFrame
    years: tuple[int, int]
    file: Path | None
    file_by_year: Path | None


def find_breakdown(folder: Path, dimension: str, output: str | Path | None = None) -> Breakdown:
    """Break crossings and staff down by one dimension, and write them as CSV.

    `by_DIMENSION.csv` holds means over years, `by_DIMENSION_and_year.csv` each year.

    Args:
        folder: A run or a study.
        dimension: `region`, `age`, `sex`, `field` or `role`.
        output: Folder of the files; `answers` in a study's own unless given. Of a run they are
            written only where a folder is given.

    Raises:
        ConfigErrors: there is no such dimension, it was not recorded, or the file cannot be
            written.
        Unreadable: the folder holds no run or study, or something in it is damaged.
    """
    known_dimension(dimension)
    study = of_study(folder)
    target = None if output is None else userfile.place(output)
    opened = StudyResults(folder) if study else RunResults(folder)
    table, by_year = opened.by(dimension), opened.by(dimension, yearly=True)
    first, last = opened.years if isinstance(opened, StudyResults) else opened.years_of_means
    if study:
        target = target or folder / FOLDER
    files: list[Path | None] = [None, None]
    if target is not None:
        names = f"by_{dimension}.csv", f"by_{dimension}_and_year.csv"
        try:
            target.mkdir(exist_ok=True, parents=True)
            for name, frame in zip(names, (table, by_year), strict=True):
                put(target / name, frame.to_csv(index=False, lineterminator="\n").encode())
            files = [target / name for name in names]
            if has_room(target):
                written = [target / name for name in names]
                asked = {"by": dimension}
                put(target / PACKAGE_FILE, answer_package(opened, written, target, asked))
        except OSError as error:
            raise unusable(target.absolute(), error) from None
    return Breakdown(dimension, table, by_year, (int(first), int(last)), *files)


def tell_breakdown(found: Breakdown, say: Callable[[str], None]) -> None:
    """Say crossings and staff by one dimension as text, one outcome after the other."""
    about = ABOUT[found.dimension]
    meaning = "" if about == found.dimension else f" ({about})"
    say(f"Crossings and staff by {found.dimension}{meaning}, at full scale,")
    say(f"means of {years_in_words(*found.years)} with 95% intervals; simulated.")
    if DIFFERENCE in set(found.table["arm"]):
        say("The arm difference is policy less baseline, paired by replication.")
        say("What levers do rests on effect sizes that are assumed: these are no findings.")
    for outcome, rows in found.table.groupby("outcome", sort=False, observed=True):
        entry = outcome_entry(str(outcome))
        say(f"\n{entry.english} ({outcome}), {entry.unit}:")
        say(_text(rows))
    if found.file is not None:
        say(f"\nTables: {found.file}, {found.file_by_year}")


def _text(table: pd.DataFrame) -> str:
    """The columns that a reader needs, as text."""
    wanted = ["structure", "arm", "scenario", *ABOUT, "mean", "low", "high"]
    wanted += [*LEVELS, *DIFFERENCES, "grade"]
    shown = table[[name for name in wanted if name in table]]
    if "scenario" in shown and shown["scenario"].nunique() == 1:
        shown = shown.drop(columns="scenario")
    return shown.to_string(index=False, na_rep="", float_format=lambda x: f"{x:,.1f}")
