"""Answer a study for all visitors: read once, each question answered once."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hesim.app.pictures.svg import Picture
from hesim.charts.chart import Chart

if TYPE_CHECKING:
    from hesim.app.decomposition import Decomposition
    from hesim.app.words import Words
    from hesim.levers.catalogue import Description
    from hesim.study.answers.question import Answer
    from hesim.study.folder import Study

CENTRAL = "central"
RIBBONS = "sankey"
"""Form of the charts that the page draws itself: Vega has no ribbons."""
FIGURES = ("fan", "participants", "sensitivity", "regret")
"""Figures of the answers that are shown after the league, as far as the study has them."""


@dataclass(frozen=True)
class StudyAnswer:
    """What a study says about an outcome, in one language.

    Attributes:
        pictures: Its figures but the league.
        sentences: The answer in few sentences.
        notes: What could not be answered, and why.
        tables: All tables of the answer, as HTML.
    """

    pictures: tuple[Picture | Chart, ...]
    sentences: tuple[str, ...]
    notes: tuple[str, ...]
    tables: str


class StudyAnswers:
    """A study folder with its answers.

    Attributes:
        study: The study.
        outcomes: Unit of each outcome by name.
        parts: The answers of each structure by itself, in a study that asks several.
    """

    def __init__(self, folder: Path, structure: str = "") -> None:
        """Open a folder; with the name of a structure only what belongs to that.

        Raises:
            NoStudy: There is no study in it.
        """
        from hesim.outcomes.registry import UNITS
        from hesim.study.folder import Study

        self.study: Study = Study(folder, structure)
        self.outcomes = dict(UNITS)
        self.parts = {name: StudyAnswers(folder, name) for name in self.study.structures}
        self._lock = threading.Lock()
        self._rows: list[dict[str, Any]] | None = None
        self._followed: list[dict[str, Any]] | None = None
        self._answers: dict[tuple[str, str], StudyAnswer] = {}
        self._decomposition: Decomposition | None = None

    @property
    def asked(self) -> str:
        """The outcome that the study is about."""
        return str(self.study.settings["study"]["outcome"])

    def rows(self) -> list[dict[str, Any]]:
        """Levels and differences: one row for each arm, scenario and outcome, in each structure."""
        if self.parts:
            return [row | {"structure": name} for name, x in self.parts.items() for row in x.rows()]
        with self._lock:
            if self._rows is None:
                from hesim.study.answers.effects import comparison, records

                self._rows = records(comparison(self.study, self.outcomes))
            return self._rows

    def league(self, outcome: str) -> list[dict[str, Any]]:
        """Rows of the arms for an outcome in the central scenario, largest difference first."""
        rows = [
            row
            for row in self.rows()
            if row["outcome"] == outcome and row["scenario"] == CENTRAL and _has(row)
        ]
        return sorted(rows, key=lambda row: -float(row["difference_mean"]))

    def arms(self) -> list[str]:
        """Arms beside the baseline."""
        return [name for name in self.study.arms if name != "baseline"]

    def levers(self) -> dict[str, Description]:
        """The levers of all arms, by name."""
        from hesim.levers.catalogue import describe

        arms = self.study.manifest["facts"]["arms"]
        return {
            lever: describe(lever, body)
            for levers in arms.values()
            for lever, body in levers.items()
        }

    def participants(self) -> list[dict[str, Any]] | None:
        """Rows of the table of participants, the one that `hesim compare` prints and writes.

        Returns:
            None where the study did not ask for it, though somebody could take part.
        """
        from hesim.levers.registry import has_participants
        from hesim.record.participant_table import TABLE
        from hesim.study.answers.effects import records
        from hesim.study.answers.participants import participants

        if not self.study.settings["study"].get(TABLE):
            levers = self.levers().values()
            return None if any(has_participants(each.mechanisms) for each in levers) else []
        with self._lock:
            if self._followed is None:
                table = participants(self.study)
                self._followed = [] if table is None else records(table)
            return self._followed

    def compared(self, one: str, other: str) -> list[dict[str, Any]]:
        """Two arms over all outcomes, paired by world, draw and replication.

        Args:
            one: An arm.
            other: Another, the baseline included.

        Returns:
            By outcome: the levels of both, and one less other with its interval.
        """
        from hesim.study.answers.components import split
        from hesim.study.answers.effects import levels, paired_differences

        rows = []
        for outcome, unit in self.outcomes.items():
            tables = levels(self.study, outcome)
            mine, theirs = tables.get((one, CENTRAL)), tables.get((other, CENTRAL))
            if mine is None or theirs is None:
                continue
            both = paired_differences({("baseline", CENTRAL): theirs, ("one", CENTRAL): mine})
            found = split(both["one", CENTRAL].values)
            rows.append(
                {
                    "outcome": outcome,
                    "unit": unit,
                    "one": split(mine.values).mean,
                    "other": split(theirs.values).mean,
                    "difference": found.mean,
                    "low": found.low,
                    "high": found.high,
                }
            )
        return rows

    def decomposition(self) -> Decomposition | None:
        """What a study of barriers found; None of any other study."""
        from hesim.app.decomposition import decomposition_of
        from hesim.study.answers.barriers import barriers_of

        if not barriers_of(self.study):
            return None
        with self._lock:
            if self._decomposition is None:
                self._decomposition = decomposition_of(self.study)
            return self._decomposition

    def answer(self, outcome: str, words: Words) -> StudyAnswer:
        """What the study says about an outcome, in a language."""
        key = outcome, words.language
        with self._lock:
            if key not in self._answers:
                self._answers[key] = self._make(outcome, words)
            return self._answers[key]

    def _make(self, outcome: str, words: Words) -> StudyAnswer:
        from hesim.app.answer_tables import answer_tables_html
        from hesim.app.speakers import speaker
        from hesim.record.format import Unreadable, older_in_words
        from hesim.report import figures
        from hesim.study.answers.comparison import answer_study
        from hesim.study.answers.sentences import sentences
        from hesim.study.answers.speaker import note_in

        say = speaker(words)
        try:
            with older_in_words(self.study.folder, self.study.manifest):
                found = answer_study(self.study, [f"study.outcome={outcome}"])
                made = figures.add_charts(found, say)
        except Unreadable as error:
            return StudyAnswer((), (str(error),), (), "")
        notes = tuple(note_in(note, say) for note in made.notes)
        tables = answer_tables_html(made, words)
        return StudyAnswer(self._pictures(made, words), tuple(sentences(made, say)), notes, tables)

    def _pictures(self, made: Answer, words: Words) -> tuple[Picture | Chart, ...]:
        from hesim.app.chart_language import chart_in
        from hesim.app.pictures import flow_changes

        levers = self.study.manifest["facts"]["arms"].values()
        names = list(dict.fromkeys(name for each in levers for name in each))
        pictures: list[Picture | Chart] = []
        for name in _further(made):
            chart = chart_in(replace(made.figures[name], name=name), names, words)
            if chart.form != RIBBONS:
                pictures.append(chart)
                continue
            pictures.append(flow_changes.draw(chart, words))
        return tuple(pictures)


def _further(made: Answer) -> list[str]:
    """The figures that are shown after the league.

    Of several structures the picture of all of them comes first.
    """
    if "dose" in made.figures:
        return ["dose"]
    if made.parts:
        from hesim.study.answers.question import file_name

        return [name for name in made.figures if name == "league"] + [
            f"{name}_{file_name(structure)}"
            for structure, part in made.parts.items()
            for name in _further(part)
        ]
    names = [name for name in FIGURES if name in made.figures]
    return names + [name for name in made.figures if name.startswith("flows_")]


def _has(row: dict[str, Any]) -> bool:
    value = row.get("difference_mean")
    return value is not None and value == value
