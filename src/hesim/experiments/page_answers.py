"""Make what a page rests on: its tables as CSV files, and its figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hesim.charts import drawing, style
from hesim.charts.dots import conditions_chart
from hesim.config.folders import CALIBRATION, STRUCTURE
from hesim.experiments.page_file import (
    DATA,
    FIGURES,
    OF_DATA,
    OF_REPORT,
    STUDIES,
    TABLES,
    AnswerEntry,
    FigureEntry,
    ResearchPage,
)
from hesim.experiments.stored_study import StoredStudy
from hesim.experiments.table_rows import PageTable, page_tables
from hesim.files import put
from hesim.input import userfile
from hesim.input.problems import ConfigErrors, Problem, nearest
from hesim.levers.arms import BASELINE
from hesim.levers.titles import arm_title
from hesim.outcomes.breakdown import known_dimension
from hesim.report.answer_files import csv_text, table_file
from hesim.report.figures import add_charts, small_print
from hesim.report.knowing import find_knowing
from hesim.report.study_results import StudyResults
from hesim.study.answers.comparison import answer_study
from hesim.study.answers.effects import central_worlds
from hesim.study.answers.worth_knowing import NotLearnable
from hesim.study.dials import PRIOR
from hesim.study.folder import Study
from hesim.study.identity import STRUCTURES, study_digest
from hesim.study.sql import WrongQuestion
from hesim.tables import TABLES as OF_THE_REPORT
from hesim.tables.printing import table_records

if TYPE_CHECKING:
    import pandas as pd

    from hesim.charts.chart import Chart

TABLE = "table"
"""Stands for the name of a table of the page, among the columns of a figure."""
SAMPLES = ("lhs", "sobol", "morris")
"""Designs of which the random numbers of a study draw the worlds."""


class PageAnswers:
    """The answers that a page asks of its studies; each is asked once.

    Attributes:
        page: The page.
        stored: Its studies by name.
    """

    def __init__(self, page: ResearchPage, stored: Mapping[str, StoredStudy]) -> None:
        """Ask nothing yet."""
        self.page, self.stored = page, stored
        self._answers: dict[str, tuple[dict[str, Any], dict[str, Chart]]] = {}

    def write(self, folder: Path) -> None:
        """Write `tables/` and `figures/` of the page into a folder.

        Raises:
            ConfigErrors: an answer has no such table or figure, or cannot be given.
        """
        for place in (TABLES, FIGURES):
            (folder / place).mkdir(parents=True, exist_ok=True)
        put(folder / TABLES / table_file(STUDIES), csv_text(studies_table(self.page, self.stored)))
        for name, (source, table) in self.page.tables.items():
            put(folder / TABLES / table_file(name), self._table(source, table))
        tables = page_tables(self.page, folder)
        for name, figure in self.page.figures.items():
            chart = self._chart(figure, tables)
            put(folder / FIGURES / f"{name}.png", style.png(drawing.draw(chart)))

    def _table(self, source: str, table: str) -> bytes:
        if source == OF_REPORT:
            return table_of_report(table)
        if source == OF_DATA:
            return _data_table(self.page, table)
        return csv_text(self._of(source, "table", table, self._answer(source)[0]))

    def _chart(self, figure: FigureEntry, tables: Mapping[str, PageTable]) -> Chart:
        if figure.answer:
            charts = self._answer(figure.answer)[1]
            return self._of(figure.answer, "figure", figure.figure, charts)
        # What several studies rest on would not fit below a figure; the page's method tells it.
        names = {tables[name].study for name in figure.tables}
        study = names.pop() if len(names) == 1 else ""
        small = small_print(Study(self.stored[study].folder)) if study else ""
        return table_chart(self.page, figure, tables, small)

    def _of(self, answer: str, what: str, name: str, there: Mapping[str, Any]) -> Any:
        """A table or figure of an answer by name."""
        if name not in there:
            words = f"is no {what} of the answer {answer}; it has {', '.join(there) or 'none'}"
            near = nearest(name, there)
            raise ConfigErrors([Problem(f"{self.page.name}: {what}", name, words, near)])
        return there[name]

    def _answer(self, name: str) -> tuple[dict[str, Any], dict[str, Chart]]:
        """Tables and charts of an answer."""
        if name not in self._answers:
            entry = self.page.answers[name]
            asks: Callable[[AnswerEntry, StoredStudy], Any] = {
                "ask": _ask,
                "by": _break_down,
                "worth_knowing": _ask_worth,
                "query": _query,
            }[entry.kind]
            self._answers[name] = asks(entry, self.stored[entry.study])
        return self._answers[name]


Found = tuple[dict[str, Any], dict[str, "Chart"]]
"""Tables and charts of an answer, by name."""


def _ask(entry: AnswerEntry, stored: StoredStudy) -> Found:
    # What the page asks stands behind what the study itself asks, and wins.
    made = add_charts(answer_study(Study(stored.folder), [*stored.asked, *entry.words]))
    return made.tables, made.figures


def _break_down(entry: AnswerEntry, stored: StoredStudy) -> Found:
    [dimension] = entry.words
    known_dimension(dimension)
    opened = StudyResults(stored.folder)
    tables = {f"by_{dimension}": opened.by(dimension)}
    return tables | {f"by_{dimension}_and_year": opened.by(dimension, yearly=True)}, {}


def _ask_worth(entry: AnswerEntry, stored: StoredStudy) -> Found:
    try:
        made, _ = find_knowing(Study(stored.folder), entry.words)
    except NotLearnable as error:
        raise ConfigErrors([Problem(f"answers.{entry.name}", entry.study, str(error))]) from None
    return made.tables, made.figures


def _query(entry: AnswerEntry, stored: StoredStudy) -> Found:
    try:
        return {"query": Study(stored.folder).query(entry.words[0])}, {}
    except WrongQuestion as error:
        raise ConfigErrors([Problem(f"answers.{entry.name}.query", None, str(error))]) from None


def studies_table(page: ResearchPage, stored: Mapping[str, StoredStudy]) -> pd.DataFrame:
    """Facts of each study of a page: what made it, and how large it is."""
    import pandas as pd

    return pd.DataFrame([study_facts(page, stored[name]) for name in page.studies])


def study_facts(page: ResearchPage, stored: StoredStudy) -> dict[str, object]:
    """Facts of one study: a row of the table `studies`."""
    study = Study(stored.folder)
    settings, manifest = study.settings, study.manifest
    design = study.design
    central = central_worlds(study)
    seen = design if central is None else design[design["world"].isin(central)]
    keys = [name for name in (STRUCTURE, "arm", "scenario") if name in seen]
    each = manifest["facts"].get(STRUCTURES, {}) or {settings.get(STRUCTURE, ""): settings}
    asked = settings["study"]
    first = int(str(settings["start"])[:4])
    return {
        "study": stored.name,
        "experiment": page.studies[stored.name].experiment,
        "made_from": study_digest(manifest),
        "seed": settings["seed"],
        "scale": settings["population"]["scale"],
        "first_year": first,
        "last_year": first + int(settings["years"]) - 1,
        "means_from": study.years[0],
        "means_to": study.years[1],
        "replications": manifest["replications"],
        "draws": int(asked["draws"]),
        "worlds": int(seen.groupby(keys).size().max()),
        "sampled": asked.get("dials") == PRIOR or asked["design"] in SAMPLES,
        "points": study.manifest["points"],
        "runs": study.completeness.planned,
        "arms": len(manifest["facts"]["arms"]),
        "structures": ", ".join(map(str, each)),
        "calibrations": ", ".join(
            dict.fromkeys(str(one.get(CALIBRATION, "none")) for one in each.values())
        ),
    }


def table_of_report(name: str) -> bytes:
    """One of the report's tables as CSV.

    Raises:
        ConfigErrors: there is none of that name.
    """
    import pandas as pd

    if name not in OF_THE_REPORT:
        words = f"is no table of the report; there are {', '.join(OF_THE_REPORT)}"
        raise ConfigErrors([Problem("tables", name, words, nearest(name, OF_THE_REPORT))])
    rows = [
        {key: "; ".join(map(str, x)) if isinstance(x, tuple) else x for key, x in row.items()}
        for row in table_records(name)
    ]
    return csv_text(pd.DataFrame(rows, dtype=object))


def _data_table(page: ResearchPage, name: str) -> bytes:
    file = page.folder / DATA / table_file(name)
    try:
        return userfile.text(file).encode()
    except userfile.BadFile as error:
        raise ConfigErrors([Problem(f"{page.name}/{DATA}/{file.name}", None, str(error))]) from None


def table_chart(
    page: ResearchPage, figure: FigureEntry, tables: Mapping[str, PageTable], small: str = ""
) -> Chart:
    """A figure of a page's own table: a dot with its interval for each row.

    Args:
        page: The page.
        figure: What is drawn.
        tables: Tables of the page by name.
        small: Small print.

    Raises:
        ConfigErrors: there is not one row for each dot.
    """
    chosen = dict(figure.rows)
    for key in chosen:
        # Tables may have different columns, but one of them must have what is asked.
        if not any(key in tables[name].columns for name in figure.tables):
            tables[figure.tables[0]].known(key)
    rows, names = [], dict[str, str]()
    for table in (tables[name] for name in figure.tables):
        column = _first(table, figure.by)
        value = _first(table, figure.value) if figure.value else table.main()
        for row in table.rows:
            # The baseline is drawn only where a figure asks for it.
            if "arm" not in chosen and row.get("arm") == BASELINE:
                continue
            if any(row[key] not in values for key, values in chosen.items() if key in row):
                continue
            by, series = _cell(table, row, column), _cell(table, row, figure.series)
            found = table.estimate(row, value, {})
            made = {"uncertainty": by, "series": series}
            rows.append({**made, "mean": found.value, "low": found.low, "high": found.high})
            for of, name in ((column, by), (figure.series, series)):
                usual = arm_title(name) if of == "arm" else name.replace("_", " ")
                names[name] = page.labels.get(name, usual)
    if not rows:
        words = "holds no row that the figure could show"
        shown = ", ".join(figure.tables)
        raise ConfigErrors([Problem(f"{page.name}: figures.{figure.name}", shown, words)])
    pairs = [(row["uncertainty"], row["series"]) for row in rows]
    wanted = {(a, b) for a, _ in pairs for _, b in pairs}
    if len(set(pairs)) < len(pairs) or set(pairs) != wanted:
        words = "needs one row of the table for each dot: choose them by `rows`"
        raise ConfigErrors([Problem(f"{page.name}: figures.{figure.name}", chosen, words)])
    return conditions_chart(rows, names, figure.title, figure.unit, small)


def _cell(table: PageTable, row: Mapping[str, str], column: str) -> str:
    """What a row holds in a column; `table` is the name of the table, unless a column has it."""
    if column == TABLE and column not in table.columns:
        return table.name
    return row[table.known(column)]


def _first(table: PageTable, names: Sequence[str]) -> str:
    """The first of some columns that a table has; `table` stands for its name."""
    return next((name for name in names if name in (*table.columns, TABLE)), names[-1])
