"""Tell the user what goes on and what came out."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.run.api import Run

INPUTS = {"turnover_wo": ("turnover", "wo"), "turnover_hbo": ("turnover", "hbo")}
"""Outcomes beside which a figure of the report stands: macro figures, inputs of the model."""


class Screen:
    """Progress and results in words; silent unless asked to show."""

    def __init__(self, settings: Settings, show: bool) -> None:
        """Prepare for a run with these settings."""
        self.settings, self.show = settings, show
        self.total = settings.integer("replications")
        self.began = time.time()
        self._bar: Any = None
        self._task: Any = None

    def say(self, text: str) -> None:
        """Print a line at once."""
        if self.show:
            print(text, flush=True)

    def start(self) -> None:
        """Announce the run; draw a progress bar on a terminal."""
        s = self.settings
        self.say(
            f"Simulating {s.integer('years')} years, {self.total} replications, "
            f"scale {s.number('population.scale'):g} ..."
        )
        if self.show and sys.stdout.isatty():
            from rich.progress import Progress

            self._bar = Progress(transient=True)
            self._task = self._bar.add_task("replications", total=self.total)
            self._bar.start()

    def stop(self) -> None:
        """Take the progress bar away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def ended(self, done: int, failed: int) -> None:
        """Report that one more replication ended."""
        if self._bar is not None:
            self._bar.advance(self._task)
            return
        ended = done + failed
        left = (time.time() - self.began) / ended * (self.total - ended)
        more = f", {failed} failed" if failed else ""
        self.say(f"  {ended} of {self.total} replications{more}; about {left:.0f} s left")

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
            f"wo to hbo and {value['hbo_to_wo']['mean']:,.0f} from hbo to wo. The model is not "
            "calibrated yet: do not quote these figures.\n"
        )
        self.say(f"{'outcome':24}{'mean':>10}  {'95% interval':24}{'report (input)':16}unit")
        for name, row in value.items():
            known = ""
            if isinstance(row["low"], float) and not math.isnan(row["low"]):
                known = f"{row['low']:,.2f} to {row['high']:,.2f}"
            given = f"{inputs[name]:g}" if name in inputs else ""
            self.say(f"{name:24}{row['mean']:10,.2f}  {known:24}{given:16}{row['unit']}")
        if self.settings.flag("heldout"):
            self._heldout(run)
        self.say(f"\nFiles: {run.folder}")

    def profile(self, milliseconds: Mapping[str, float]) -> None:
        """Print what each event of the month costs."""
        self.say("\nmilliseconds a month")
        for event, cost in milliseconds.items():
            self.say(f"  {event:12}{cost:9.3f}")

    def _heldout(self, run: Run) -> None:
        frame = run.survey
        frame = frame[frame["table"].astype(str) == "3.1"]
        mean = frame.groupby(["group", "item"], sort=False)["percent_movers"].mean()
        self.say("\nheld out: table 3.1, percent of simulated movers with a known job")
        for group, item, percent in mean.reset_index().itertuples(index=False):
            self.say(f"  {group!s:8}{item!s:20}{percent:7.1f}")
