"""Tell the user what a run is about and what came out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.run.opened import Run

INPUTS = {"turnover_wo": ("turnover", "wo"), "turnover_hbo": ("turnover", "hbo")}
"""Outcomes beside which a figure of the report stands: macro figures, inputs of the model."""


class Screen:
    """What goes on and the results in words; silent unless asked to show."""

    def __init__(self, settings: Settings, show: bool) -> None:
        """Prepare for a run with these settings."""
        self.settings, self.show = settings, show

    def say(self, text: str) -> None:
        """Print a line at once."""
        if not self.show:
            return
        try:
            print(text, flush=True)
        except BrokenPipeError:
            # The reader of a pipe, such as `head`, has seen enough; the run goes on.
            self.show = False

    def announce(self) -> None:
        """Say what is going to be simulated."""
        s = self.settings
        years, times = s.integer("years"), s.integer("replications")
        self.say(
            f"Simulating {years} {'year' if years == 1 else 'years'}, "
            f"{times} {'replication' if times == 1 else 'replications'}, "
            f"scale {s.number('population.scale'):g} ..."
        )

    def finish(self, run: Run, rows: list[dict[str, object]], inputs: Mapping[str, float]) -> None:
        """Print one sentence, the headline outcomes and where the files are.

        Args:
            run: The finished run.
            rows: Rows of summary.csv.
            inputs: The report's figure for outcomes that are inputs.
        """
        if not self.show:
            return
        value = {str(row["outcome"]): row for row in rows if row["year"] == "all"}
        self.say(
            f"\nIn the simulated years {value['wo_to_hbo']['mean']:,.0f} persons a year went from "
            f"wo to hbo and {value['hbo_to_wo']['mean']:,.0f} from hbo to wo. {self._caution()}\n"
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
            known = ""
            if isinstance(row["low"], float) and not math.isnan(row["low"]):
                known = f"{row['low']:,.2f} to {row['high']:,.2f}"
            given = f"{inputs[name]:g}" if name in inputs else ""
            self.say(f"{name:24}{row['mean']:10,.2f}  {known:24}{given:16}{row['unit']}")
        self.say(f"\nFiles: {run.folder}")

    def _caution(self) -> str:
        name = self.settings.text("calibrated")
        if name == "none":
            return "The model is not\ncalibrated (calibration=none): do not quote these figures."
        return (
            f"Calibration:\n{name}, at its best point; intervals hold chance alone, not what is "
            "unknown of the\nparameters (`hesim validate`, docs/trace.md)."
        )

    def profile(self, milliseconds: Mapping[str, float]) -> None:
        """Print what each event of the month costs, in the order of the month."""
        self.say("\nmilliseconds a month")
        for event, cost in milliseconds.items():
            self.say(f"  {event:12}{cost:9.3f}")
        self.say(f"  {'together':12}{sum(milliseconds.values()):9.3f}")
