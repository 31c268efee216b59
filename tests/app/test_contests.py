"""The contests of an institution: who applied from where, who won, and why the others did not."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from hesim import categories as c
from hesim.app.contests import contests_html, vacancy_counts, vacancy_stories
from hesim.app.scene import Scene
from hesim.app.words import speak
from hesim.record.places import Places, read_places
from hesim.record.reader import ClosedVacancies, Record
from hesim.story.institution import Contest
from hesim.story.ranking import Applicant, fate_of
from hesim.tables import ReportTables

pytestmark = pytest.mark.once
ROLE = c.ROLES.index("lecturer")
HERE = 0


@pytest.fixture(scope="module")
def places(tables: ReportTables) -> Places:
    return read_places(tables)


def applicant(
    person: int, points: dict[str, float], employer: int = -1, fate: str = "", wanted: int = 1
) -> Applicant:
    return Applicant(
        person,
        40.0,
        1,
        ROLE,
        employer,
        3.0,
        4.0,
        points,
        fate == "refused",
        fate == "hired",
        wanted,
    )


LIKED = applicant(1, {"level": 3.0, "practice": 1.0}, wanted=2)
WINNER = applicant(2, {"level": 2.0, "practice": 1.0, "field": 0.5}, 5, "hired")
LOWER = applicant(3, {"level": 2.0, "practice": 0.4, "unseen": -5.0}, 5)
LOWEST = applicant(4, {"level": 1.8, "practice": 0.2, "unseen": -5.0}, 5)
REFUSED = applicant(5, {"level": 9.0}, 6, "refused")
EVERYBODY = [LIKED, WINNER, LOWER, LOWEST, REFUSED]


def contest(month: int, vacancy: int, applicants: list[Applicant], opened: int = 0) -> Contest:
    return Contest(month, vacancy, ROLE, 1, opened, 0, applicants)


def test_each_applicant_has_one_fate() -> None:
    fates = [fate_of(one, EVERYBODY) for one in EVERYBODY]
    assert fates == ["other_post", "hired", "outranked", "outranked", "refused"]
    # Where nobody is hired, nobody is ranked below anybody.
    assert fate_of(LOWER, [LIKED, LOWER]) == "other_post"


def test_vacancies_are_told_once_the_latest_first_and_only_of_the_year() -> None:
    contests = [
        contest(3, 70, [LOWER]),
        contest(13, 71, [LOWER]),
        contest(14, 71, EVERYBODY),
        contest(15, 72, [REFUSED]),
        contest(24, 73, [LOWER]),
    ]
    found = vacancy_stories(contests, 12, 24)
    assert [story.last.vacancy for story in found] == [72, 71]
    filled = found[1]
    assert filled.winner is WINNER and len(filled.applicants) == 6
    assert filled.fates() == Counter(outranked=2, other_post=2, refused=1)
    assert found[0].winner is None and found[0].behind() == []


def test_those_ranked_below_are_behind_in_what_the_employer_weighs() -> None:
    [story] = vacancy_stories([contest(3, 70, EVERYBODY)], 0, 12)
    # Practice: 1.0 less the mean of 0.4 and 0.2; field: 0.5 less nothing; level: 2.0 less 1.9.
    # What the model does not see is not named.
    assert story.behind() == ["practice", "field"]
    # Who took another post was not behind.
    [alone] = vacancy_stories([contest(3, 70, [LIKED, WINNER])], 0, 12)
    assert alone.behind() == []


def record() -> Record:
    """Vacancies of two employers; those that closed late stood open before."""
    rows = [
        # employer, opened, closed, filled
        (HERE, 2, 5, True),
        (HERE, 10, 13, True),
        (HERE, 12, 14, False),
        (HERE, 20, 26, True),
        (HERE, 21, -1, False),
        (HERE, 25, -1, False),
        (HERE + 1, 13, 14, True),
    ]
    employer, opened, closed, filled = (np.array(column) for column in zip(*rows, strict=True))
    nothing = np.zeros_like(employer)
    vacancies = ClosedVacancies(employer, nothing, nothing, opened, closed, filled.astype(bool))
    return cast(Record, SimpleNamespace(vacancies=lambda: vacancies))


def test_vacancies_are_counted_as_they_stood_in_the_month_looked_at() -> None:
    counts = vacancy_counts(record(), HERE, 12, 24)
    assert counts == {"opened": 3, "filled": 1, "withdrawn": 1, "open": 2}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            (
                "from Jan 2012 to Dec 2012: 3 opened, 1 filled, 1 withdrawn, 2 still open",
                "1 without a job",
                "2 ranked below who was hired",
                "Won by: lecturer (hbo) at",
                "fewer points above all for practice, field",
            ),
        ),
        (
            "nl",
            (
                "van jan 2012 tot en met dec 2012: 3 geopend, 1 vervuld, 1 ingetrokken",
                "1 zonder baan",
                "2 stond lager dan wie is aangenomen",
                "Gewonnen door: docent (hbo) bij",
                "vooral minder punten voor praktijk, vakgebied",
            ),
        ),
    ],
)
def test_the_page_tells_it_in_both_languages(
    places: Places, language: str, words: tuple[str, ...]
) -> None:
    scene = SimpleNamespace(
        words=speak(language), month=24, first="2011-01", snapshot=SimpleNamespace(places=places)
    )
    contests = [contest(3, 70, [LOWER]), contest(14, 71, EVERYBODY)]
    html = contests_html(record(), contests, HERE, cast(Scene, scene))
    for said in words:
        assert said in html
    assert html.count("<details>") == 1
