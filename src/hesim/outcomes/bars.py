"""Declare what figures of a run and of a calibration have to be; nothing is fitted to these bars.

Each figure has a band that it must lie in; some have a narrower one that is the goal. They come
from the specification of the model (`model2.md`, "What will show that it works") and rest on
the published figures in `public_facts.csv`.
"""

from __future__ import annotations

import math
from typing import NamedTuple


class Bar(NamedTuple):
    """What a figure has to be.

    Attributes:
        name: What is measured, and in which unit.
        low: Least that it must be.
        high: Most that it must be.
        goal: Narrower band that is aimed at, or what is aimed at; None where there is none.
    """

    name: str
    low: float
    high: float
    goal: tuple[float, float] | None = None

    def band(self) -> str:
        """The band in words, with the goal."""
        must = _worded(self.low, self.high)
        if self.goal is None:
            return must
        return f"{must} (goal {_worded(*self.goal)})"


def _worded(low: float, high: float) -> str:
    if math.isinf(low):
        return f"below {high:g}"
    if math.isinf(high):
        return f"above {low:g}"
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


ANY = math.inf

# Of a run, by `hesim run check=true`.
PERMANENT = Bar("permanent share, points off at worst", -5, 5, (-3, 3))
TREND = Bar("trend, percent a year", -1, 1, (-0.5, 0.5))
NEW_JOB = {
    # 95% interval of 305 of 380: of 398 leavers 4.6% retired or became disabled (table 2.2).
    "wo": Bar("wo leavers whose new job is known, percent", 76.3, 84.3),
    "hbo": Bar("hbo leavers whose new job is known, percent", 93, 100),
}
VACANCY_MONTHS = Bar("vacancies: months open", 1.2, 2.2, (1.4, 2.0))
VACANCIES_OPEN = Bar("vacancies: open, percent of staff", 0.5, 1.0, (0.7, 0.7))
VACANCIES_CREATED = Bar("vacancies: created, percent of entrants", 30, 50, (39, 39))
JOB_AT_DEFENCE = Bar("PhDs with a job at the defence, percent", 80, 92, (86, 86))
ACADEMIC_POST = Bar("candidates who go on in wo at once, percent", 27, 39, (33, 33))
ABROAD = Bar("candidates who go abroad, percent", 22, 38, (30, 30))
# Of the stock that is drawn for 2009; table 3.2's entrants raise it from then on.
DOCTORS = Bar("hbo lecturers with a PhD in 2009, percent", 4, 6)
FTE = {
    year: Bar(f"hbo fte in {year}", 0.97 * fte, 1.03 * fte)
    for year, fte in (("2011", 18300.0), ("2012", 18800.0))
}
SECOND_JOBS = Bar("hbo lecturers with a second job, percent", 10, 15)
THESES = Bar("theses defended, percent of PhDs begun", 70, 85)

# Of a calibration, by `hesim validate`.
EXPLAINED = Bar("deviance explained on 3.5's contrasts, percent", 50, 100, (65, 100))
PROSPECTS = "3.3|contract|temporary_with_prospect|hbo_out"
"""Cell of leavers of hbo who had a prospect: as many as the survey found, unaided."""
LOG_SCORE = Bar("3.1: log score a respondent beyond the rival", 0, ANY)
WIDTH = Bar("1.1: width of the 90% interval, persons a year", -ANY, 600, (-ANY, 300))
SPREAD = Bar("contrasts after a constant table 3.5, spread in points", -ANY, 2, (-ANY, 1))
FOLLOWING = Bar("contrasts after swapped tables, correlation", -ANY, -0.6, (-ANY, -0.75))
