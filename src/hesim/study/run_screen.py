"""Tell the user what a run is about and what came out."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hesim.levers.arms import years_before_levers
from hesim.levers.dates import years_in_words
from hesim.levers.policy import read_levers
from hesim.levers.titles import BETWEEN
from hesim.outcomes.registry import OUTCOMES
from hesim.outcomes.summary import ALL, IN_FORCE, is_year
from hesim.record.participant_words import participants_of_run
from hesim.study.console import Console, Show
from hesim.study.unpriced import least_sentences, partly_priced
from hesim.survey.crossings import CROSSINGS, DIRECT, definition, of_whom

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.record.run_folder import Run

INPUTS = {"turnover_wo": ("turnover", "wo"), "turnover_hbo": ("turnover", "hbo")}
"""Outcomes beside which a figure of the report stands: macro figures, inputs of the model."""


class Screen(Console):
    """What goes on and the results in words; silent unless asked to show."""

    def __init__(self, settings: Settings, show: Show) -> None:
        """Prepare for a run with these settings."""
        super().__init__(show)
        self.settings = settings

    def warn(self, lines: Sequence[str]) -> None:
        """Print what may mislead, or warn who called from Python."""
        from hesim.cautions import Caution

        for line in lines:
            if self.show:
                self.alert(f"hesim: warning: {line}")
            else:
                warnings.warn(line, Caution, stacklevel=4)

    def announce(self, arms: Sequence[str] = ()) -> None:
        """Say what is going to be simulated."""
        s = self.settings
        years, times = s.integer("years"), s.integer("replications")
        self.note(
            f"Simulating {years} {'year' if years == 1 else 'years'}, "
            f"{times} {'replication' if times == 1 else 'replications'}, "
            f"scale {s.number('population.scale'):g}"
            + (f", each as {', '.join(arms)}" if len(arms) > 1 else "")
            + " ..."
        )

    def finish(self, run: Run, rows: list[dict[str, object]], inputs: Mapping[str, float]) -> None:
        """Print one sentence, the headline outcomes and where the files are.

        Args:
            run: The finished run.
            rows: Rows of summary.csv.
            inputs: The report's figure for outcomes that are inputs.
        """
        if not self.results:
            return
        value: dict[str, dict[str, Any]] = {
            str(row["outcome"]): row for row in rows if row["year"] == ALL
        }
        there, back = (
            f"from {words}, {of_whom(value[DIRECT[name]]['mean'])}"
            for name, words in (("wo_to_hbo", "wo to hbo"), ("hbo_to_wo", "hbo to wo"))
        )
        self.say(
            f"\nIn the simulated years {value['wo_to_hbo']['mean']:,.0f} persons a year went "
            f"{there},\nand {value['hbo_to_wo']['mean']:,.0f} {back}.\n"
            f"{self._rule()}\n{self._caution()}\n"
        )
        scale = self.settings.number("population.scale")
        if scale != 1:
            self.say(
                f"Simulated at scale {scale:g}. Numbers of persons are divided by it, so that "
                "they read as full scale;\nthe tables on disk, but for summary.csv, hold them "
                "as simulated.\n"
            )
        self.say(f"{'outcome':24}{'mean':>10}  {'95% interval':24}{'report (input)':16}unit")
        for name, row in value.items():
            if OUTCOMES[name].of_levers:
                continue
            known = ""
            if isinstance(row["low"], float) and not math.isnan(row["low"]):
                known = f"{row['low']:,.2f} to {row['high']:,.2f}"
            given = f"{inputs[name]:g}" if name in inputs else ""
            self.say(f"{name:24}{row['mean']:10,.2f}  {known:24}{given:16}{row['unit']}")
        self.say(f"\nFiles: {run.folder}")

    def _rule(self) -> str:
        """What counts as going from wo to hbo or back."""
        rule = definition(self.settings.integer("survey.job_known_within"))
        return f"{rule[:1].upper()}{rule[1:]}."

    def _caution(self) -> str:
        name = self.settings.text("calibration")
        if name == "none":
            return "The model is not calibrated (calibration=none): do not quote these figures."
        return (
            f"Calibration: {name}, at its best point; intervals hold chance alone, not what is\n"
            "unknown of the parameters (`hesim validate`, docs/trace.md)."
        )

    def compare(self, run: Run, rows: list[dict[str, object]]) -> None:
        """Print baseline, policy and their paired difference by outcome, and what levers took.

        Args:
            run: The finished run.
            rows: Rows of summary.csv.
        """
        if not self.results:
            return
        of: dict[str, dict[str, dict[str, Any]]] = {}
        for row in rows:
            if row["year"] == IN_FORCE:
                of.setdefault(str(row["outcome"]), {})[str(row["arm"])] = row
        years = [str(row["year"]) for row in rows if is_year(row)]
        since = int(min(years)) + years_before_levers(self.settings)
        over = f"mean of {years_in_words(since, int(max(years)))}"
        self.say(f"\nPolicy: {', '.join(self.settings.mapping('levers'))}\n")
        self.say(
            f"{over:24}{'baseline':>10}{'policy':>10}"
            f"{'difference':>12}  {'95% interval':22}{'grade':20} unit"
        )
        for name, arms in of.items():
            change = arms["difference"]
            if OUTCOMES[name].of_levers and not change["mean"]:
                continue
            low, high = change["low"], change["high"]
            known, seen = "", ""
            if low is not None:
                known = f"{low:,.2f} to {high:,.2f}"
                seen = "not distinguishable" if low <= 0 <= high else str(change["grade"])
            self.say(
                f"{name:24}{arms['baseline']['mean']:10,.2f}{arms['policy']['mean']:10,.2f}"
                f"{change['mean']:+12,.2f}  {known:22}{seen or change['grade']:20}"
                f" {change['unit']}"
            )
        grade = str(change["grade"])
        self.say(
            "\nDifferences are paired by replication (common random numbers).\n"
            f"{self._rule()}\n{self._caution()}\n"
            f"The size of what the levers do is {grade}: these are not findings of the report."
        )
        levers = {BETWEEN.join(self.settings.mapping("levers")): self.settings.mapping("levers")}
        for sentence in least_sentences(partly_priced(levers)):
            self.say(f"{sentence}.")
        self._took(run)
        self._participants(run)
        if self.settings.flag("attribution"):
            self._attribution(run)
        self.say(f"\nFiles: {run.folder}")

    def _took(self, run: Run) -> None:
        """Print whom the levers reached and what drives their cost, a year at full scale."""
        scale, years = self.settings.number("population.scale"), self.settings.integer("years")
        runs = self.settings.integer("replications")
        years -= years_before_levers(self.settings)
        sums: dict[tuple[str, str, str], float] = {}
        rows: list[dict[str, Any]] = run.levers.to_dict("records")  # type: ignore[assignment]
        for row in rows:
            key = (str(row["lever"]), str(row["what"]), str(row["unit"]))
            sums[key] = sums.get(key, 0.0) + float(row["number"])
        if sums:
            self.say("\nreach and cost drivers, mean a year from the first start")
        for (lever, what, unit), number in sorted(sums.items()):
            # Institutions are not thinned by the scale.
            full = 1.0 if what == "institutions" else scale
            self.say(f"  {lever:24}{what:16}{number / years / runs / full:14,.1f} {unit}")

    def _participants(self, run: Run) -> None:
        """Print what became of those who took part, lever by lever."""
        for line in participants_of_run(run, read_levers(self.settings)):
            self.say(line)

    def _attribution(self, run: Run) -> None:
        self.say(
            "\ncaused by mechanism (policy less policy without it), "
            "mean a year from the first start"
        )
        rows: list[dict[str, Any]] = run.attribution.to_dict("records")  # type: ignore[assignment]
        for row in rows:
            if row["outcome"] in (*CROSSINGS, *DIRECT.values()):
                low, high = float(row["low"]), float(row["high"])
                known = "" if math.isnan(low) else f"{low:+,.1f} to {high:+,.1f}"
                self.say(
                    f"  {row['mechanism']:20}{row['outcome']:18}{row['mean']:+10,.1f}  {known}"
                )

    def profile(self, milliseconds: Mapping[str, float]) -> None:
        """Print what each event of the month costs, in the order of the month."""
        self.say("\nmilliseconds a month")
        for event, cost in milliseconds.items():
            self.say(f"  {event:12}{cost:9.3f}")
        self.say(f"  {'together':12}{sum(milliseconds.values()):9.3f}")
