"""A study as an analyst reads it in Python: effects, breakdowns, arrays and figures."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any

from hesim.config.folders import STRUCTURE
from hesim.input.problems import ConfigErrors, Problem, nearest
from hesim.levers.dates import years_in_words
from hesim.outcomes.registry import UNITS
from hesim.study.answers.arrays import to_xarray
from hesim.study.answers.breakdown import breakdown
from hesim.study.answers.comparison import answer_study
from hesim.study.answers.effects import comparison
from hesim.study.folder import Study

if TYPE_CHECKING:
    import pandas as pd

    from hesim.charts.chart import Chart


class StudyPlots:
    """The figures of a study by name: `study.plot.league()`; `dir(study.plot)` lists them."""

    def __init__(self, charts: dict[str, Chart]) -> None:
        """Take the charts."""
        self._charts = charts

    def __dir__(self) -> list[str]:
        """Names of the figures."""
        return list(self._charts)

    def __repr__(self) -> str:
        """The names, as they are called."""
        named = ", ".join(f"plot.{name}()" for name in dir(self))
        return f"Figures of the study: {named or 'none'}"

    def __getattr__(self, name: str) -> Callable[[], Any]:
        """What draws the figure of a name, as a matplotlib figure."""
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self._charts:
            words = f"this study has the figures {', '.join(self._charts) or 'none'}"
            raise ConfigErrors([Problem("plot", name, words, nearest(name, self._charts))])
        from hesim.charts import drawing

        return lambda: drawing.draw(self._charts[name])


class StudyResults(Study):
    """A study folder, for reading, with its answers as tables; see `hesim.load_study`."""

    def effects(self) -> pd.DataFrame:
        """Levels and paired differences of every arm and headline outcome, with 95% intervals.

        The columns are those of answers/comparison.csv; counts are at full scale.
        """
        import pandas as pd

        each = self.of_structures()
        if not each:
            return comparison(self, UNITS)
        parts = [comparison(one, UNITS).assign(**{STRUCTURE: name}) for name, one in each.items()]
        whole = pd.concat(parts, ignore_index=True)
        return whole[[STRUCTURE, *(name for name in whole.columns if name != STRUCTURE)]]

    def by(self, dimension: str, yearly: bool = False) -> pd.DataFrame:
        """Crossings and staff of each arm by region, age, sex, field or role.

        Args:
            dimension: `region`, `age`, `sex`, `field` or `role`.
            yearly: A row for each year; else means over the years of means.

        Returns:
            A row for each arm, scenario, outcome and category, with its level, paired difference
            and 95% intervals at full scale. Staff (`staff_hbo`, `staff_wo`) is persons at the end
            of a year.

        Raises:
            ConfigErrors: there is no such dimension, or the study did not record it.
        """
        return breakdown(self, dimension, yearly)

    def to_xarray(self) -> Any:
        """All results as an `xarray.Dataset`: a variable for each outcome.

        Raises:
            NoXarray: xarray is not installed; it comes with `hesim[analysis]`.
        """
        return to_xarray(self)

    @cached_property
    def plot(self) -> StudyPlots:
        """The figures that `hesim compare` writes, as matplotlib figures."""
        from hesim.report.figures import add_charts

        return StudyPlots(add_charts(answer_study(self)).figures)

    def __str__(self) -> str:
        """The answer of the study in words."""
        from hesim.study.answers.sentences import sentences

        return " ".join(sentences(answer_study(self)))

    def _repr_html_(self) -> str:
        """What a notebook shows: the question, what was run, and the answer with intervals."""
        from hesim.study.answers.sentences import sentences

        made = answer_study(self)
        asked = self.settings["study"].get("question")
        done = self.completeness
        lines = [f"<h4>hesim study {escape(self.name)}</h4>"]
        lines += [f"<p>{escape(str(asked))}</p>"] if asked else []
        lines.append(
            f"<p>Simulated, means of {years_in_words(*self.years)}, "
            f"{len(self.arms)} arms, scale {self.settings['population']['scale']:g}; "
            "counts are at full scale.</p>"
        )
        lines += [f"<p><b>{escape(done.words)}</b></p>"] if done.words else []
        lines += [f"<p>{escape(sentence)}</p>" for sentence in sentences(made)]
        rows = made.comparison
        if not rows.empty:
            shown = rows[rows["outcome"] == made.outcome]
            lines.append(shown.to_html(index=False, na_rep="", float_format=lambda x: f"{x:,.1f}"))
        return "\n".join(lines)
