"""Print crossings of a run or study by region, age, sex, field or role, and write them as CSV."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hesim.files import put
from hesim.input import userfile
from hesim.levers.dates import years_in_words
from hesim.outcomes.breakdown import ABOUT, known_dimension
from hesim.record.folders import unusable
from hesim.report.comparison import FOLDER
from hesim.report.document import of_study, shortfall
from hesim.report.run_results import RunResults
from hesim.report.study_results import StudyResults

if TYPE_CHECKING:
    import pandas as pd

LEVELS = ["level", "level_low", "level_high"]
DIFFERENCES = ["difference_mean", "difference_low", "difference_high"]


def tell_breakdown(folder: Path, dimension: str, output: str | Path | None = None) -> str:
    """Print crossings by one dimension and write them as `by_DIMENSION.csv`.

    Args:
        folder: A run or a study.
        dimension: `region`, `age`, `sex`, `field` or `role`.
        output: Folder of the file; `answers` in a study's own unless given. Of a run a file is
            written only where a folder is given.

    Returns:
        What is missing of the run or study, in words; empty when it is complete.

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
    if target is not None:
        try:
            target.mkdir(exist_ok=True, parents=True)
            put(
                target / f"by_{dimension}.csv",
                table.to_csv(index=False, lineterminator="\n").encode(),
            )
        except OSError as error:
            raise unusable(target.absolute(), error) from None
    print(f"Crossings by {dimension} ({ABOUT[dimension]}): {table['unit'].iloc[0]} at full scale,")
    print(f"means of {years_in_words(*years)} with 95% intervals; simulated.")
    if not study and "difference" in set(table["arm"]):
        print("The arm difference is policy less baseline, paired by replication.")
    print()
    print(_text(table))
    if target is not None:
        print(f"\nTable: {target / f'by_{dimension}.csv'}")
    return shortfall(folder)


def _text(table: pd.DataFrame) -> str:
    """The columns that a reader needs, as text."""
    wanted = ["structure", "arm", "scenario", "outcome", *ABOUT, "mean", "low", "high"]
    wanted += [*LEVELS, *DIFFERENCES, "grade"]
    shown = table[[name for name in wanted if name in table]]
    if "scenario" in shown and shown["scenario"].nunique() == 1:
        shown = shown.drop(columns="scenario")
    return shown.to_string(index=False, na_rep="", float_format=lambda x: f"{x:,.1f}")
