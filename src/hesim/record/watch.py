"""Note of a world what no table of the model holds, as its months pass, for the files of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hesim.record.whereabouts import Lives, Whereabouts
from hesim.survey import margins
from hesim.survey.age_structure import StaffCount, count_ages

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
        if _year_is_over(model):
            self.counts[model.month - 1] = margins.count(model)


class YearlyAges:
    """Counts the age structure of hbo and wo each December, for staff by age.

    Attributes:
        counts: What was counted, by month.
    """

    def __init__(self) -> None:
        """Begin without a year."""
        self.counts: dict[int, StaffCount] = {}

    def after_month(self, model: HigherEducation) -> None:
        """Count when a recorded year is over."""
        if _year_is_over(model):
            self.counts[model.month - 1] = count_ages(model)


class StudyWatch:
    """All that a run of a study notes of a world as its months pass.

    Attributes:
        ages: Counts staff by age each December.
        whereabouts: Follows persons; None unless that is asked.
    """

    def __init__(self, follow: bool = False) -> None:
        """Begin, and say whether persons are followed."""
        self.ages = YearlyAges()
        self.whereabouts = Whereabouts() if follow else None

    def after_month(self, model: HigherEducation) -> None:
        """Take a look."""
        self.ages.after_month(model)
        if self.whereabouts is not None:
            self.whereabouts.after_month(model)

    def lives(self, model: HigherEducation) -> Lives | None:
        """Where each person of the finished world was; None unless persons are followed."""
        return None if self.whereabouts is None else self.whereabouts.lives(model)


class Watch(StudyWatch):
    """All that a run notes of a world as its months pass, for its files.

    Attributes:
        staff: Counts the staff each December.
    """

    def __init__(self, follow: bool = False) -> None:
        """Begin, and say whether persons are followed."""
        super().__init__(follow)
        self.staff = YearlyStaff()

    def after_month(self, model: HigherEducation) -> None:
        """Take a look."""
        super().after_month(model)
        self.staff.after_month(model)


def _year_is_over(model: HigherEducation) -> bool:
    """Whether the month just simulated is the last of a recorded year."""
    return model.month > 0 and model.month % 12 == 0
