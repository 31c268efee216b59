"""Find the pages, and read what each of them says it rests on: `experiments/NAME/page.yaml`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hesim.input import userfile
from hesim.input.document import BadDocument, parse
from hesim.input.problems import ConfigErrors, Problem, nearest
from hesim.sources import packaged

FILE, TEMPLATE = "page.yaml", "page.md.jinja"
NUMBERS, SMALL_NUMBERS, README = "numbers.csv", "small.csv", "README.md"
TABLES, FIGURES, DATA = "tables", "figures", "data"
"""Folders of a page: tables and figures that are made, and tables that somebody wrote."""
STUDIES = "studies"
"""Table with the facts of a page's studies; each page has it."""
OF_REPORT, OF_DATA = "report", "data"
"""Where a table comes from that no study made: the report's tables, or the page's own folder."""
NAME = re.compile(r"[a-z][a-z0-9_]*")
KEYS = ("title", "question", "budget", "studies", "answers", "tables", "figures", "labels")
OF_STUDY = ("experiment", "settings", "small")
OF_ANSWER = ("study", "ask", "by", "worth_knowing", "query")
OF_FIGURE = ("table", "rows", "by", "series", "value", "title", "unit")


@dataclass(frozen=True)
class StudyEntry:
    """A study that a page rests on.

    Attributes:
        name: Its name, which is that of its folder too.
        experiment: Its file in `conf/experiment/`.
        settings: What is set besides, as on the command line.
        small: What is set in the small version besides.
    """

    name: str
    experiment: str
    settings: tuple[str, ...] = ()
    small: tuple[str, ...] = ()


@dataclass(frozen=True)
class AnswerEntry:
    """What a study is asked.

    Attributes:
        name: Name of the answer on this page.
        study: Name of the study.
        kind: `ask`, `by`, `worth_knowing` or `query`.
        words: What is asked, as on the command line of the command of that kind; one dimension for
            `by`, one question in SQL for `query`.
    """

    name: str
    study: str
    kind: str = "ask"
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class FigureEntry:
    """A figure of a page.

    Attributes:
        name: Name of its file.
        answer: The answer that has the figure; empty where it is drawn of a table.
        figure: Its name in the answer.
        tables: The tables of the page that it is drawn of, a dot with an interval for each row.
        rows: What the rows hold that are drawn, by column: one of these values.
        by: Column that makes the rows of the figure. Where tables call it otherwise there are
            several, and each table takes the first that it has.
        series: Column that makes the colours; `table` for the name of the table on the page.
        value: Column of the dots, or several in the same way; the main one of a table if empty.
        title: Words over it.
        unit: Words at its axis.
    """

    name: str
    answer: str = ""
    figure: str = ""
    tables: tuple[str, ...] = ()
    rows: tuple[tuple[str, tuple[str, ...]], ...] = ()
    by: tuple[str, ...] = ()
    series: str = ""
    value: tuple[str, ...] = ()
    title: str = ""
    unit: str = ""


@dataclass(frozen=True)
class ResearchPage:
    """What a page is about and rests on.

    Attributes:
        name: Its name.
        folder: Where it lies.
        title: Its title.
        question: The question, one sentence.
        budget: Minutes that its studies may take on two processors.
        studies: By name.
        answers: By name.
        tables: Answer and table, or `report` or `data` and name, by name of the table on the page.
        figures: By name; the first is the picture of the page.
        labels: What names are called on the page, such as scenarios.
    """

    name: str
    folder: Path
    title: str
    question: str
    budget: float
    studies: Mapping[str, StudyEntry]
    answers: Mapping[str, AnswerEntry]
    tables: Mapping[str, tuple[str, str]]
    figures: Mapping[str, FigureEntry]
    labels: Mapping[str, str]

    @property
    def template(self) -> Path:
        """The file of its template."""
        return self.folder / TEMPLATE


def pages_folder(named: str | Path | None = None) -> Path:
    """The folder of all pages.

    Args:
        named: The one that the user names; that beside `conf/` in a checkout unless given.

    Raises:
        ConfigErrors: there is none.
    """
    if named is not None:
        place = userfile.place(named)
        if not place.is_dir():
            raise ConfigErrors([Problem("--folder", str(named), "must be a folder with pages")])
        return place
    conf = packaged()
    place = conf.parent / "experiments"
    if conf.name != "conf" or not place.is_dir():
        words = (
            "the pages are part of the repository of hesim, in its folder experiments/, and this "
            "hesim was installed without it; run the command in a clone, or name the folder with "
            "--folder DIR"
        )
        raise ConfigErrors([Problem("reproduce", None, words)])
    return place


def page_names(folder: Path) -> list[str]:
    """Names of the pages of a folder, sorted."""
    return sorted(file.parent.name for file in folder.glob(f"*/{FILE}"))


def read_pages(folder: Path, names: Iterable[str] = ()) -> dict[str, ResearchPage]:
    """Read pages by name.

    Args:
        folder: The folder of all pages.
        names: Which of them; all of them where none is named.

    Raises:
        ConfigErrors: with everything that is wrong with the names and the files; pages that share
            a study must say the same of it.
    """
    known = page_names(folder)
    problems: list[Problem] = []
    found: dict[str, ResearchPage] = {}
    for name in dict.fromkeys(names or known):
        if name not in known:
            words = f"no such page in {folder}; `hesim reproduce` lists them"
            problems.append(Problem(name, None, words, nearest(name, known)))
            continue
        try:
            found[name] = read_page(folder / name)
        except ConfigErrors as error:
            problems += error.problems
    shared: dict[str, tuple[str, StudyEntry]] = {}
    for name, page in found.items():
        for entry in page.studies.values():
            other, former = shared.setdefault(entry.name, (name, entry))
            if former != entry:
                words = f"must be as in the page {other}, which rests on the same study"
                problems.append(Problem(f"{name}/{FILE}: studies.{entry.name}", None, words))
    if problems:
        raise ConfigErrors(problems)
    return found


def read_page(folder: Path) -> ResearchPage:
    """Read one page.

    Raises:
        ConfigErrors: with everything that is wrong with its file.
    """
    made = _Reading(folder)
    page = made.page()
    if made.problems:
        raise ConfigErrors(made.problems)
    return page


class _Reading:
    """Reads a page's file, and gathers what is wrong with it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.problems = folder, list[Problem]()
        self.file = f"{folder.name}/{FILE}"
        try:
            body = parse(userfile.text(folder / FILE))
        except BadDocument as error:
            raise ConfigErrors([Problem(self.file, None, each) for each in error.faults]) from None
        except userfile.BadFile as error:
            raise ConfigErrors([Problem(self.file, None, str(error))]) from None
        self.body: dict[str, Any] = self.mapping("", body, KEYS)

    def page(self) -> ResearchPage:
        """The page; what is wrong with it stands in `problems`."""
        name = self.folder.name
        if not NAME.fullmatch(name):
            self.wrong("", name, "the folder must be called by lower-case letters, digits and _")
        if not (self.folder / TEMPLATE).is_file():
            self.wrong("", None, f"there is no {TEMPLATE} beside it")
        studies = {key: self.study(key, body) for key, body in self.items("studies", required=True)}
        answers = {key: AnswerEntry(key, key) for key in studies}
        answers |= {key: self.answer(key, body, studies) for key, body in self.items("answers")}
        sources = (*answers, OF_REPORT, OF_DATA)
        tables = {
            key: self.source(f"tables.{key}", value, sources) for key, value in self.items("tables")
        }
        if STUDIES in tables:
            self.wrong(f"tables.{STUDIES}", None, "is the name of the table of the page's studies")
        figures = {
            key: self.figure(key, body, answers, tables) for key, body in self.items("figures")
        }
        budget = self.body.get("budget")
        if isinstance(budget, bool) or not isinstance(budget, int | float) or not budget > 0:
            self.wrong("budget", budget, "must be a number of minutes above 0")
            budget = 0
        return ResearchPage(
            name,
            self.folder,
            self.text("title", self.body.get("title")),
            self.text("question", self.body.get("question")),
            float(budget),
            studies,
            answers,
            tables,
            figures,
            {key: self.text(f"labels.{key}", value) for key, value in self.items("labels")},
        )

    def wrong(self, path: str, value: object, words: str, near: str | None = None) -> None:
        """Note a problem."""
        where = f"{self.file}: {path}" if path else self.file
        self.problems.append(Problem(where, value, words, near))

    def mapping(self, path: str, value: object, keys: Iterable[str] = ()) -> dict[str, Any]:
        """A mapping with none but the keys that are known; all keys where none are."""
        if not isinstance(value, dict):
            self.wrong(path, value, "must be a mapping")
            return {}
        known = list(keys)
        for key in value:
            if known and key not in known:
                words = f"is not known; there are {', '.join(known)}"
                self.wrong(f"{path}.{key}".strip("."), None, words, nearest(str(key), known))
        return {str(key): each for key, each in value.items()}

    def items(self, key: str, required: bool = False) -> list[tuple[str, Any]]:
        """Entries of one of the page's mappings."""
        value = self.body.get(key)
        if value is None and not required:
            return []
        found = self.mapping(key, value)
        for name in found:
            if key != "labels" and not NAME.fullmatch(name):
                words = "must be a name of lower-case letters, digits and _"
                self.wrong(f"{key}.{name}", None, words)
        return list(found.items())

    def text(self, path: str, value: object) -> str:
        """A text that holds something."""
        if not isinstance(value, str) or not value.strip():
            self.wrong(path, value, "must be a text")
            return ""
        return value.strip()

    def lines(self, path: str, value: object) -> tuple[str, ...]:
        """A list of texts; none where nothing is said."""
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            self.wrong(path, value, "must be a list of texts, each as on the command line")
            return ()
        return tuple(value)

    def study(self, name: str, body: object) -> StudyEntry:
        """One study."""
        path = f"studies.{name}"
        found = self.mapping(path, {} if body is None else body, OF_STUDY)
        experiment = self.text(f"{path}.experiment", found.get("experiment", name))
        known = [file.stem for file in (packaged() / "experiment").glob("*.yaml")]
        if experiment and experiment not in known:
            words = "must be a file of conf/experiment/"
            self.wrong(f"{path}.experiment", experiment, words, nearest(experiment, known))
        return StudyEntry(
            name,
            experiment,
            self.lines(f"{path}.settings", found.get("settings")),
            self.lines(f"{path}.small", found.get("small")),
        )

    def answer(self, name: str, body: object, studies: Mapping[str, object]) -> AnswerEntry:
        """One answer."""
        path = f"answers.{name}"
        found = self.mapping(path, body, OF_ANSWER)
        study = self.text(f"{path}.study", found.get("study"))
        if study and study not in studies:
            words = "must be one of the page's studies"
            self.wrong(f"{path}.study", study, words, nearest(study, studies))
        kinds = [kind for kind in OF_ANSWER[1:] if kind in found]
        if len(kinds) != 1:
            self.wrong(path, None, f"must have one of {', '.join(OF_ANSWER[1:])}")
            return AnswerEntry(name, study)
        [kind] = kinds
        value = found[kind]
        if kind in ("by", "query"):
            return AnswerEntry(name, study, kind, (self.text(f"{path}.{kind}", value),))
        return AnswerEntry(name, study, kind, self.lines(f"{path}.{kind}", value))

    def source(self, path: str, value: object, known: Iterable[str]) -> tuple[str, str]:
        """A table or figure of an answer, as `answer.name`."""
        first, point, last = self.text(path, value).partition(".")
        if not point or not last:
            self.wrong(path, value, "must be an answer and a name, as partnerships.comparison")
        elif first not in known:
            near = nearest(first, known)
            self.wrong(path, value, f"must begin with one of {', '.join(known)}", near)
        return first, last

    def figure(
        self, name: str, body: object, answers: Mapping[str, object], tables: Mapping[str, object]
    ) -> FigureEntry:
        """One figure."""
        path = f"figures.{name}"
        if isinstance(body, str):
            answer, figure = self.source(path, body, answers)
            return FigureEntry(name, answer, figure)
        found = self.mapping(path, body, OF_FIGURE)
        rows = self.mapping(f"{path}.rows", found.pop("rows", {}))
        named = self.one_or_more(f"{path}.table", found.pop("table", None))
        by = self.one_or_more(f"{path}.by", found.pop("by", None))
        value = self.one_or_more(f"{path}.value", found.pop("value")) if "value" in found else ()
        words = {key: self.text(f"{path}.{key}", value) for key, value in found.items()}
        for key in ("series", "title", "unit"):
            if key not in words:
                self.wrong(f"{path}.{key}", None, "must be there")
        for table in named:
            if table not in tables:
                near = nearest(table, tables)
                self.wrong(f"{path}.table", table, "must be a table of the page", near)
        known = {key: value for key, value in words.items() if key in OF_FIGURE}
        chosen = tuple(
            (key, self.one_or_more(f"{path}.rows.{key}", value)) for key, value in rows.items()
        )
        return FigureEntry(name, tables=named, rows=chosen, by=by, value=value, **known)

    def one_or_more(self, path: str, value: object) -> tuple[str, ...]:
        """One value, or a list of values."""
        found = value if isinstance(value, list) else [] if value is None else [value]
        if not found or any(isinstance(each, list | dict) for each in found):
            self.wrong(path, value, "must be a value, or a list of values")
            return ()
        return tuple(map(str, found))
