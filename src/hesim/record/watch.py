"""Note of a world what no table of the model holds, as its months pass, for the files of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hesim.record.whereabouts import Whereabouts
from hesim.survey import margins

if TYPE_CHECKING:
    from hesim.model.higher_education import HigherEducation


class YearlyStaff:
    """Counts the staff each December, for margins.parquet.

    Attributes:
        counts: What was counted, by month.
    """

    def __init__(self) -> None:
        """Begin without a year."""
        self.counts: dict[int, margins.Cubes] = {}

    def after_month(self, model: HigherEducation) -> None:
        """Count when a recorded year is over."""
        if model.month > 0 and model.month % 12 == 0:
            self.counts[model.month - 1] = margins.count(model)


class Watch:
    """All that a run notes of a world as its months pass.

    Attributes:
        staff: Counts the staff each December.
        whereabouts: Follows persons; None unless that is asked.
    """

    def __init__(self, follow: bool = False) -> None:
        """Begin, and say whether persons are followed."""
        self.staff = YearlyStaff()
        self.whereabouts = Whereabouts() if follow else None

    def after_month(self, model: HigherEducation) -> None:
        """Take a look."""
        self.staff.after_month(model)
        if self.whereabouts is not None:
            self.whereabouts.after_month(model)
