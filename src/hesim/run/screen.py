"""Tell the user what goes on and what came out."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.run.api import Run

INPUTS = {"turnover_wo": "16 (input)", "turnover_hbo": "10 (input)"}
"""The report's own figures that the model was given (macro figures of 2011)."""


class Screen:
    """Progress and results in words; silent unless asked to show."""

    def __init__(self, settings: Settings, show: bool) -> None:
        """Prepare for a run with these settings."""
        self.settings, self.show = settings, show
        self.total = settings.integer("replications")
        self.began = time.time()

    def say(self, text: str) -> None:
        """Print a line at once."""
        if self.show:
            print(text, flush=True)

    def start(self, folder: Path) -> None:
        """Announce the run."""
        s = self.settings
        self.say(
            f"Simulating {s.integer('years')} years x {self.total} replications at scale "
            f"{s.number('population.scale'):g} (a first run compiles for about 20 seconds) ..."
        )

    def ended(self, done: int, failed: int) -> None:
        """Report that one more replication ended."""
        ended = done + failed
        left = (time.time() - self.began) / ended * (self.total - ended)
        more = f", {failed} failed" if failed else ""
        self.say(f"  {ended} of {self.total} replications{more}; about {left:.0f} s left")

    def finish(self, run: Run, profile: dict[str, float], failures: dict[str, str]) -> None:
        """Print one sentence, the headline outcomes and where the files are."""
        if not self.show:
            return
        rows = run.summary
        rows = rows[rows["year"].astype(str) == "all"]
        value = {str(r.outcome): r for r in rows.itertuples()}
        self.say(
            f"\nIn the simulated years {value['wo_to_hbo'].mean:,.0f} persons a year went from wo "
            f"to hbo and {value['hbo_to_wo'].mean:,.0f} from hbo to wo (uncalibrated)."
        )
        self.say(f"\n{'outcome':24}{'mean':>9}  {'95% interval':22}{'report':14}unit")
        for name, row in value.items():
            known = "" if row.low != row.low else f"{row.low:,.2f} to {row.high:,.2f}"
            self.say(f"{name:24}{row.mean:9,.2f}  {known:22}{INPUTS.get(name, ''):14}{row.unit}")
        if self.settings.flag("heldout"):
            self._heldout(run)
        if self.settings.flag("profile"):
            for event, cost in profile.items():
                self.say(f"  {event:12}{cost:9.3f} ms a month")
        for number, text in failures.items():
            print(f"replication {number} failed:\n{text}", file=sys.stderr)
        self.say(f"\nFiles: {run.folder}")

    def _heldout(self, run: Run) -> None:
        frame: Any = run.survey
        frame = frame[frame["table"].astype(str) == "3.1"]
        mean = frame.groupby(["group", "item"], sort=False)["percent_movers"].mean()
        self.say("\nheld out: table 3.1, percent of all simulated movers")
        for (group, item), percent in mean.items():
            self.say(f"  {group:8}{item:20}{percent:7.1f}")
