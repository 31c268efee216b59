"""Print crossings of a run or study by region, age, sex, field or role, and write them as CSV."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from hesim.files import put
from hesim.input import userfile
from hesim.levers.arms import DIFFERENCE
from hesim.levers.dates import years_in_words
from hesim.outcomes.breakdown import ABOUT, known_dimension
from hesim.record.folders import unusable
from hesim.report.comparison import FOLDER
from hesim.report.document import of_study
from hesim.report.run_results import RunResults
from hesim.report.study_results import StudyResults

if TYPE_CHECKING:
    import pandas as pd

LEVELS = ["level", "level_low", "level_high"]
DIFFERENCES = ["difference_mean", "difference_low", "difference_high"]


class Breakdown(NamedTuple):
    """Crossings by one dimension.

    Attributes:
        dimension: Its name.
        table: A row for each arm, outcome and category.
        years: First and last year of the means.
        file: The CSV file with the table; None where none is written.
    """

    dimension: str
    table: pd.DataFrame
    years: tuple[int, int]
    file: Path | None


def find_breakdown(folder: Path, dimension: str, output: str | Path | None = None) -> Breakdown:
    """Break crossings down by one dimension, and write them as `by_DIMENSION.csv`.

    Args:
        folder: A run or a study.
        dimension: `region`, `age`, `sex`, `field` or `role`.
        output: Folder of the file; `answers` in a study's own unless given. Of a run a file is
            written only where a folder is given.

    Raises:
        ConfigErrors: there is no such dimension, it was not recorded, or the file cannot be
            written.
        Unreadable: the folder holds no run or study, or something in it is damaged.
    """
    known_dimension(dimension)
    study = of_study(folder)
    target = None if output is None else userfile.place(output)
    if study:
        opened = StudyResults(folder)
        table, years = opened.by(dimension), opened.years
        target = target or folder / FOLDER
    else:
        run = RunResults(folder)
        table, years = run.by(dimension), run.years_of_means
    file = None if target is None else target / f"by_{dimension}.csv"
    if file is not None:
        try:
            file.parent.mkdir(exist_ok=True, parents=True)
            put(file, table.to_csv(index=False, lineterminator="\n").encode())
        except OSError as error:
            raise unusable(file.parent.absolute(), error) from None
    first, last = years
    return Breakdown(dimension, table, (int(first), int(last)), file)


def tell_breakdown(found: Breakdown, say: Callable[[str], None]) -> None:
    """Say crossings by one dimension as text."""
    unit = found.table["unit"].iloc[0]
    say(f"Crossings by {found.dimension} ({ABOUT[found.dimension]}): {unit} at full scale,")
    say(f"means of {years_in_words(*found.years)} with 95% intervals; simulated.")
    if DIFFERENCE in set(found.table["arm"]):
        say("The arm difference is policy less baseline, paired by replication.")
    say("")
    say(_text(found.table))
    if found.file is not None:
        say(f"\nTable: {found.file}")


def _text(table: pd.DataFrame) -> str:
    """The columns that a reader needs, as text."""
    wanted = ["structure", "arm", "scenario", "outcome", *ABOUT, "mean", "low", "high"]
    wanted += [*LEVELS, *DIFFERENCES, "grade"]
    shown = table[[name for name in wanted if name in table]]
    if "scenario" in shown and shown["scenario"].nunique() == 1:
        shown = shown.drop(columns="scenario")
    return shown.to_string(index=False, na_rep="", float_format=lambda x: f"{x:,.1f}")
