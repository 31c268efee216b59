"""Calibrate to surveys that never were, to see whether preferences follow the data or were put in.

Two surveys are made from the report's: a constant one, in which hbo and wo give each reason of
table 3.5 equally often, and a swapped one, in which all that tables 3.2 to 3.5 say of hbo is said
of wo and the other way round. A model whose preferences come from the survey shows no contrasts
after it was fitted to the first, and the report's contrasts upside down after the second. A model
that has them from its settings shows them whatever the survey says.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hesim.calibration import targets as t
from hesim.calibration.design import FIRST
from hesim.calibration.plan import CalibrationPlan, tables_of
from hesim.calibration.runs import run_points, storage
from hesim.calibration.stages import Work
from hesim.files import put
from hesim.outcomes.bars import FOLLOWING, SPREAD

Floats = NDArray[np.float64]
Tell = Callable[[str], None]
Rows = list[dict[str, str]]

FILE = "report_tables.csv"
DRAWS = 160
"""Draws of each posterior that are run: with 120 the noise was 0.3 points."""
REFINED = 1_000
"""Added to the numbers of runs near the best point, so that draws have others."""
SWAPPED_TABLES = ("3.2", "3.3", "3.4", "3.5")
OPPOSITE = {"hbo_in": "wo_in", "wo_in": "hbo_in", "hbo_out": "wo_out", "wo_out": "hbo_out"}
ODD = "sums to 105"
"""Note of the one column of the source that does not sum to 100."""
NOISE_MOST = 0.3
"""Points of Monte Carlo noise that the mean over draws may have (likewise)."""


class NotFollowed(RuntimeError):
    """Preferences did not follow a survey that was made up."""


def constant(rows: Rows) -> Rows:
    """Give both groups of each item of table 3.5 the share of both together."""
    found = {_key(row): row for row in rows if row["table"] == "3.5" and row["percent"]}
    changed = []
    for row in rows:
        other = found.get((row["block"], row["item"], OPPOSITE.get(row["group"], "")))
        if _key(row) in found and row["table"] == "3.5" and other is not None:
            pair = ((float(each["percent"]), int(each["n"])) for each in (row, other))
            shares, respondents = zip(*pair, strict=True)
            pooled = float(np.average(shares, weights=respondents))
            row = {**row, "percent": f"{pooled:.6g}"}
        changed.append(row)
    return changed


def sector_swap(rows: Rows) -> Rows:
    """Say of wo what tables 3.2 to 3.5 say of hbo, and of hbo what they say of wo.

    One column of the source sums to 105, where its place is known. Elsewhere it would be refused as
    a fault, so a column that is moved is scaled to 100, as the model reads it.
    """
    found = {_key(row): row for row in rows if row["table"] in SWAPPED_TABLES}
    changed = []
    for row in rows:
        other = found.get((row["block"], row["item"], OPPOSITE.get(row["group"], "")))
        if row["table"] in SWAPPED_TABLES and other is not None:
            row = {**row, **{name: other[name] for name in ("percent", "n", "note")}}
        changed.append(row)
    sums: dict[tuple[str, str], float] = {}
    for row in changed:
        if _is_odd(row):
            place = row["block"], row["group"]
            sums[place] = sums.get(place, 0.0) + float(row["percent"])
    for row in changed:
        if _is_odd(row):
            row["percent"] = (
                f"{100.0 * float(row['percent']) / sums[row['block'], row['group']]:.6g}"
            )
    return changed


def _is_odd(row: dict[str, str]) -> bool:
    return row["table"] in SWAPPED_TABLES and ODD in row["note"] and row["percent"] != ""


SURVEYS: dict[str, Callable[[Rows], Rows]] = {
    "report": lambda rows: rows,
    "constant": constant,
    "swapped": sector_swap,
}
"""What is calibrated to; the report itself shows what the small design can do."""


def _key(row: dict[str, str]) -> tuple[str, str, str]:
    return row["block"], row["item"], row["group"]


def write_survey(edit: Callable[[Rows], Rows], source: Path, folder: Path) -> None:
    """Write the report's cells, edited, as tables of one's own.

    Args:
        edit: One of `SURVEYS`.
        source: File of the report's cells.
        folder: Where to.
    """
    with source.open(encoding="utf-8", newline="") as handle:
        rows: Rows = list(csv.DictReader(handle))
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(edit(rows))
    folder.mkdir(parents=True, exist_ok=True)
    put(folder / FILE, buffer.getvalue().encode())


@dataclass(frozen=True)
class SurveyContrasts:
    """Contrasts between hbo and wo, in points, that a calibration to a made-up survey shows.

    Attributes:
        mean: Mean over draws, shape (contrasts,).
        error: Standard error of that, what runs differ by for chance included.
        report: The report's own, whatever the model was fitted to.
        fitted: Those of the survey that it was fitted to.
    """

    mean: Floats
    error: Floats
    report: Floats
    fitted: Floats

    @property
    def noise(self) -> float:
        """Monte Carlo noise of the means: their errors' root mean square."""
        return float(np.sqrt(np.mean(self.error**2)))

    @property
    def spread(self) -> float:
        """Standard deviation of the means over contrasts, noise taken off."""
        return float(np.sqrt(max(self.mean.var(ddof=1) - self.noise**2, 0.0)))

    @property
    def following(self) -> float:
        """Correlation of the means with the report's contrasts."""
        return float(np.corrcoef(self.mean, self.report)[0, 1])


def falsify(plan: CalibrationPlan, tell: Tell) -> dict[str, Any]:
    """Calibrate to each made-up survey, blind, on the plan's design and runs near the best point.

    Inputs are not solved anew: they say nothing of how people choose. What is on disk is kept.

    Returns:
        By survey the spread, noise and correlation of contrasts; whether each bar holds.

    Raises:
        NotFollowed: a bar is missed, or a survey could not be calibrated to; the text says which.
    """
    found: dict[str, Any] = {}
    for name, edit in SURVEYS.items():
        shown = calibrate_to(plan, name, edit, tell)
        found[name] = {
            "spread": shown.spread,
            "noise": shown.noise,
            "following": shown.following,
            "explained": float(np.corrcoef(shown.mean, shown.fitted)[0, 1] ** 2)
            if np.ptp(shown.fitted) > 0
            else None,
            "contrasts": int(shown.mean.size),
        }
        tell(
            f"{name}: contrasts spread {shown.spread:.2f} points (noise {shown.noise:.2f} taken "
            f"off); correlation with the report's {shown.following:+.2f}"
        )
    return {"surveys": found, "holds": bars(found)}


def bars(found: dict[str, Any]) -> dict[str, bool]:
    """Whether each bar holds, by words that say what it asks."""
    noise = max(row["noise"] for row in found.values())
    return {
        f"no contrasts after the constant survey: spread below {SPREAD.high:g} points": bool(
            found["constant"]["spread"] < SPREAD.high
        ),
        f"contrasts upside down with swapped tables: correlation below {FOLLOWING.high:g}": bool(
            found["swapped"]["following"] < FOLLOWING.high
        ),
        f"enough runs: noise below {NOISE_MOST:g} points": bool(noise < NOISE_MOST),
    }


def calibrate_to(
    plan: CalibrationPlan, name: str, edit: Callable[[Rows], Rows], tell: Tell
) -> SurveyContrasts:
    """Fit to a made-up survey and run draws of the posterior.

    Args:
        plan: The calibration whose design, scale and priors are used.
        name: Name of the survey.
        edit: What it makes of the report's cells.
        tell: Called with words.
    """
    output = plan.output / "falsify" / name
    folder = plan.base["data"]
    packaged = Path(str(files("hesim.tables"))) / "data" / FILE
    own = None if folder is None else Path(str(folder)) / FILE
    with storage():
        write_survey(edit, own if own is not None and own.is_file() else packaged, output / "data")
    base = plan.base.with_values({"data": str((output / "data").resolve())})
    made = replace(plan, name=plan.blind_name, base=base, output=output, shipped=output)
    work = Work(made, tell)
    known, near = work.design, plan.count("refine")
    fitted, _ = work.fit(known)
    # As in a real calibration: far from the middle of the prior an emulator of the design alone
    # knows too little. Without these runs a swapped survey was followed half as far.
    points = work.draw(fitted, near, plan.count("seed") + 1).points
    known = known + run_points(made, "refine", points, FIRST["falsify"] + REFINED, tell)
    fitted, _ = work.fit(known, work.weights(near))
    points = work.draw(fitted, DRAWS, plan.count("seed") + 2).points
    runs = run_points(made, "draws", points, FIRST["falsify"], tell)
    listed, original = t.contrasts(made.tables), t.contrasts(tables_of(None))
    at = {name: k for k, name in enumerate(work.names)}
    columns = [[at["|".join(key)] for key in each.keys] for each in listed]
    apart = np.array([runs.values[:, hbo] - runs.values[:, wo] for hbo, wo in columns])
    return SurveyContrasts(
        mean=100.0 * apart.mean(axis=1),
        error=100.0 * apart.std(axis=1, ddof=1) / np.sqrt(apart.shape[1]),
        report=100.0 * _contrasts(original, listed),
        fitted=100.0 * _contrasts(listed, listed),
    )


def _contrasts(source: list[t.Contrast], order: list[t.Contrast]) -> Floats:
    """Contrasts of one survey, in the order of another's."""
    found = {each.keys: each.shares[0] - each.shares[1] for each in source}
    return np.array([found[each.keys] for each in order])
