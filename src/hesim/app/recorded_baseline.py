"""Read the baseline that the package ships: shown at once, while a visitor's own run is built.

`python -m benchmarks.recorded_baseline` writes it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hesim.outcomes.summary import ALL, is_year

if TYPE_CHECKING:
    from hesim.config import Settings

FILE = "recorded_baseline.json"


@dataclass(frozen=True)
class RecordedBaseline:
    """Replications of the baseline at full scale, aggregated.

    Attributes:
        facts: `made`, `seed`, `start`, `years`, `replications`, `calibration`, and the hashes of
            `settings`, `tables`, code of the `model` and its `results`, which say whether it still
            belongs to them.
        rows: Rows as in summary.csv: each outcome by year and over all years.
        flows: Persons a year by origin and sector joined, as `measures.origin_destination` has
            them, shape (replications, origins, sectors).
    """

    facts: Mapping[str, Any]
    rows: tuple[Mapping[str, Any], ...]
    flows: NDArray[np.float64]

    def mean(self, outcome: str) -> Mapping[str, Any]:
        """The mean of an outcome over all years."""
        return next(x for x in self.rows if x["outcome"] == outcome and x["year"] == ALL)

    def by_year(self, outcome: str) -> list[Mapping[str, Any]]:
        """An outcome year by year."""
        return [row for row in self.rows if row["outcome"] == outcome and is_year(row)]

    @property
    def years(self) -> tuple[int, int]:
        """First and last year."""
        first = int(str(self.facts["start"])[:4])
        return first, first + int(self.facts["years"]) - 1


@cache
def recorded_baseline() -> RecordedBaseline:
    """The baseline of the package."""
    text = resources.files("hesim.app").joinpath(FILE).read_text(encoding="utf-8")
    return from_text(text)


def from_text(text: str) -> RecordedBaseline:
    """Read what `to_text` wrote."""
    found = json.loads(text)
    rows = tuple(dict(zip(found["columns"], row, strict=True)) for row in found["rows"])
    return RecordedBaseline(found["facts"], rows, np.array(found["flows"], np.float64))


def to_text(baseline: RecordedBaseline) -> str:
    """A baseline as the file of the package; numbers with four decimals."""
    columns = list(baseline.rows[0])
    body = {
        "facts": dict(baseline.facts),
        "columns": columns,
        "rows": [[row[column] for column in columns] for row in baseline.rows],
        "flows": np.round(baseline.flows, 4).tolist(),
    }
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")) + "\n"


def settings_hash(settings: Settings) -> str:
    """A hash of the settings that decide what a baseline is.

    How many replications there are, and levers, change no replication of it.
    """
    plain = settings.with_values({"levers": {}, "replications": 1})
    return hashlib.sha256(plain.yaml().encode()).hexdigest()[:16]


def out_of_date(
    baseline: RecordedBaseline, settings: Settings, tables: str, model: str, results: str
) -> list[str]:
    """Say why a baseline does not belong to what is in force; empty if it does.

    Args:
        baseline: The recorded baseline.
        settings: The packaged settings, with the calibration in force.
        tables: Hash of the report's tables.
        model: Hash of the code that can change a world.
        results: Hash of results that a test holds to the byte. Code that changed and gives the
            same results is no fault.
    """
    again = "; make it again: uv run python -m benchmarks.recorded_baseline"
    facts, said = baseline.facts, []
    if facts["calibration"] != settings.text("calibration"):
        now = settings.text("calibration")
        said.append(f"it was made with calibration {facts['calibration']}, and {now} is in force")
    elif facts["settings"] != settings_hash(settings):
        said.append("settings or the calibrated values have changed since it was made")
    if facts["tables"] != tables:
        said.append("the report's tables have changed since it was made")
    if facts["model"] != model and facts["results"] != results:
        said.append("the code of the model and its results have changed since it was made")
    return [f"The recorded baseline of the page is out of date: {one}{again}" for one in said]
