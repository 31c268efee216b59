"""Say in the visitor's language what the chart of a study says of its own accord.

Titles and small print are made in that language (`report.figures`). Keys, axes and the names in
rows are English there, as the charts of files and reports have them. Here they are replaced.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from hesim import categories as c
from hesim.app.lever_words import arm_heading
from hesim.app.speakers import speaker
from hesim.calibration.titles import STRUCTURES
from hesim.charts.chart import Axis, Chart, Panel
from hesim.charts.names import readable
from hesim.charts.sankey import PLACES
from hesim.levers.titles import arm_title
from hesim.record.participant_table import TITLES

if TYPE_CHECKING:
    from hesim.app.words import Words

Say = Callable[[str], str]
BELOW = "\n+ "
"""What parts the levers of an arm in a label."""
TOLD = 8
"""Rows of a chart that are told to those who do not see it."""


def chart_in(chart: Chart, levers: Iterable[str], words: Words) -> Chart:
    """A chart in a language.

    Args:
        chart: As `report.figures` makes it.
        levers: Names of the levers of all arms of the study.
        words: Language.
    """
    if words.language == "en":
        return chart
    known = _known(levers, words)

    def say(text: str) -> str:
        return "\n".join(_line(line, known, words) for line in text.split("\n"))

    def label(text: str) -> str:
        parts = [" ".join(part.split()) for part in text.split(BELOW)]
        found = [known.get(part) for part in parts]
        if any(found):
            return BELOW.join(new or part for new, part in zip(found, parts, strict=True))
        return say(text)

    panels = tuple(_panel(panel, say, label, words) for panel in chart.panels)
    key = chart.key
    if key is not None:
        entries = tuple(replace(one, label=say(one.label)) for one in key.entries)
        key = replace(key, entries=entries, title=say(key.title))
    shade = chart.shade
    if shade is not None:
        title = shade.title.replace("regret, ", f"{words('column_regret')}, ", 1)
        shade = replace(shade, title=title)
    made = replace(
        chart,
        panels=panels,
        key=key,
        shade=shade,
        intervals=tuple(replace(one, meaning=say(one.meaning)) for one in chart.intervals),
        small=say(chart.small),
    )
    return replace(made, text=_told(made, words))


def _known(levers: Iterable[str], words: Words) -> dict[str, str]:
    """Words for the names that stand in labels, by the English ones."""
    found = {readable(name): words(name) for name in (*PLACES, *c.SECTORS)}
    found[readable("outside")] = words("outside_model")
    found |= {title: words(f"measure_{name}") for name, title in TITLES.items()}
    found |= {title: words(f"structure_{name}") for name, title in STRUCTURES.items()}
    found |= {arm_title(lever): arm_heading(lever, words) for lever in levers}
    return found


def _line(text: str, known: dict[str, str], words: Words) -> str:
    say = speaker(words)
    new = known.get(text) or say.names.get(text) or say.sentences.get(text)
    if new is not None:
        return new
    # Titles of levers stand within longer words: who took part "with others".
    for english, other in known.items():
        if len(english) > 12 and english in text:
            text = text.replace(english, other)
    return text.replace("(with ", f"({words('with_others', levers='').strip()} ")


def _panel(panel: Panel, say: Say, label: Say, words: Words) -> Panel:
    return replace(
        panel,
        x=_axis(panel.x, say, label, words),
        y=_axis(panel.y, say, label, words),
        title=label(panel.title),
        references=tuple(replace(one, meaning=say(one.meaning)) for one in panel.references),
    )


def _axis(axis: Axis, say: Say, label: Say, words: Words) -> Axis:
    labels = tuple(map(label, axis.labels))
    if axis.column == "uncertainty":
        labels = tuple(
            _setting(str(tick), text, words)
            for tick, text in zip(axis.ticks, axis.labels, strict=True)
        )
    return replace(axis, title=say(axis.title), labels=labels)


def _setting(path: str, text: str, words: Words) -> str:
    """A setting by its title, with the values that it was given."""
    _, *values = text.split("\n")
    to = f" {words('to_word')} "
    said = (to.join(map(words.plain, value.split(" to "))) for value in values)
    return "\n".join([speaker(words).setting(path), *said])


def _told(chart: Chart, words: Words) -> str:
    """The first rows of a chart in words."""
    names = {str(t): n for t, n in zip(chart.y.ticks, chart.y.labels, strict=False)}
    told: list[str] = []
    for row in chart.table.rows:
        mean = row.get("mean")
        if mean is None or len(told) == TOLD:
            continue
        name = names.get(str(row.get(chart.y.column, "")), "")
        told.append(f"{name} {words.signed(mean)}".strip().replace("\n", " "))
    return f"{chart.title}. {'; '.join(told)}"
