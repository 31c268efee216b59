"""Keep what runs of parameter points show, in parts that a later start takes up again."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hesim.calibration.observation import Observed
from hesim.calibration.plan import CalibrationPlan
from hesim.files import replacing

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Runs:
    """Runs of parameter points.

    Attributes:
        points: In standard units, shape (runs, parameters).
        values: What each shows, shape (runs, names).
        answers: Mean covariance of one respondent's answers, shape (4, contrasts, contrasts).
        asked: Movers asked behind each, shape (runs, 4).
        yearly: Crossings by year, shape (runs, 2, years).
    """

    points: Floats
    values: Floats
    answers: Floats
    asked: Floats
    yearly: Floats

    def __add__(self, other: Runs) -> Runs:
        """Both together."""
        share = self.points.shape[0] / (self.points.shape[0] + other.points.shape[0])
        return Runs(
            np.concatenate([self.points, other.points]),
            np.concatenate([self.values, other.values]),
            share * self.answers + (1 - share) * other.answers,
            np.concatenate([self.asked, other.asked]),
            np.concatenate([self.yearly, other.yearly]),
        )


class DamagedPart(ValueError):
    """A file of runs that cannot be read; the message says what to do."""


class OtherRuns(FileExistsError):
    """A folder holds runs of other points or settings."""


class NoRuns(FileNotFoundError):
    """Runs that must come first are not there."""


ARRAYS = ("mark", "points", "values", "answers", "asked", "yearly")
"""What a part holds."""


def arrays_of(file: Path, names: Sequence[str] = ARRAYS) -> dict[str, Any]:
    """The arrays that stand in a file.

    Raises:
        DamagedPart: it cannot be read, or lacks one of them.
    """
    try:
        with np.load(file) as part:
            return {name: part[name] for name in names}
    except (OSError, ValueError, KeyError, EOFError, TypeError, zipfile.BadZipFile) as error:
        words = f"{file} is damaged ({error}); delete it, and the same command runs it again"
        raise DamagedPart(words) from error


def has_part(file: Path, points: Floats, mark: str) -> bool:
    """Whether a part is there and whole; a damaged one is set aside, to be run again.

    Raises:
        OtherRuns: it is of other points or settings.
    """
    if not os.path.lexists(file):
        return False
    try:
        found = arrays_of(file)
    except DamagedPart:
        file.replace(file.with_name(f"{file.name}.corrupt"))
        return False
    same = str(found["mark"]) == mark and found["points"].shape == points.shape
    if not (same and bool(np.allclose(found["points"], points))):
        raise OtherRuns(f"{file} is of another calibration; name another folder with output=")
    return True


def stored_points(plan: CalibrationPlan, stage: str) -> Runs:
    """Runs of a stage that is over.

    Raises:
        NoRuns: there are none.
        DamagedPart: one of them cannot be read.
    """
    files = sorted((plan.output / stage).glob("part_?????.npz"))
    if not files:
        words = f"no runs in {plan.output / stage}: `hesim calibrate name=blind` comes first"
        raise NoRuns(words)
    return read_parts(files)


def write_runs(file: Path, points: Floats, mark: str, shown: Sequence[Observed]) -> None:
    """Write what runs of some points show, whole or not at all."""
    with replacing(file) as part, part.open("wb") as handle:
        np.savez(
            handle,
            mark=np.array(mark),
            points=points,
            values=np.array([x.values for x in shown]),
            asked=np.array([x.asked for x in shown]),
            answers=np.mean([x.answers for x in shown], axis=0).astype(np.float32),
            yearly=np.array([x.yearly for x in shown]),
        )


def read_parts(files: Sequence[Path]) -> Runs:
    """Read parts, and put their runs together."""
    loaded = [arrays_of(file) for file in files]
    join = {
        name: np.concatenate([x[name] for x in loaded])
        for name in ("points", "values", "asked", "yearly")
    }
    weights = [x["points"].shape[0] for x in loaded]
    answers = np.average([x["answers"] for x in loaded], axis=0, weights=weights)
    return Runs(join["points"], join["values"], answers, join["asked"], join["yearly"])
