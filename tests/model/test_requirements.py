"""What posts ask of applicants and who meets it, worked out by hand, and in small worlds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from hesim import categories as c
from hesim.model import requirements as rule
from hesim.model.higher_education import HigherEducation
from hesim.model.order import ORDER
from hesim.model.rates.requirements import requirement_shares, thresholds
from hesim.model.requirements import (
    CERTIFICATE,
    CONDITIONS,
    DUTCH,
    PRACTICE,
    RESEARCH,
    TEACHING_COUNTS,
    Background,
    Thresholds,
)
from hesim.scenario import compose
from hesim.tables import ReportTables

KEY = np.uint64(11)
MET = Thresholds(
    practice=36,
    research=120,
    teaching=24,
    certified=1.0,
    certified_before=0.0,
    no_dutch=1.0,
    settled=60,
)
"""Whom luck does not help: who taught is certified, who came from abroad speaks no Dutch."""
EVERY = (1.0,) * len(CONDITIONS)
PEOPLE = 4000


def person(identity: int = 1, **given: Any) -> Background:
    ordinary = {"education": c.MASTER, "role": c.PROFESSIONAL, "practice": 0, "academic": 0}
    return Background(np.uint64(identity), **{**ordinary, **given})


def asked(shares: Any, vacancy: int = 1, left: float = 1.0, recognition: float = 0.0) -> int:
    return rule.asked_of(np.array(shares), np.uint64(vacancy), left, recognition, KEY)


def lacks(asks: int, who: Background, met: Thresholds = MET) -> int:
    return rule.unmet(asks, who, met, KEY)


def test_a_post_asks_what_its_role_asks() -> None:
    assert asked((0.0,) * 4) == 0
    assert asked(EVERY) == PRACTICE | CERTIFICATE | RESEARCH | DUTCH
    for k, bit in enumerate((PRACTICE, CERTIFICATE, RESEARCH, DUTCH)):
        shares = np.zeros(4)
        shares[k] = 0.3
        found = [asked(shares, vacancy) for vacancy in range(PEOPLE)]
        assert set(found) == {0, bit}
        assert np.mean(np.array(found) > 0) == pytest.approx(0.3, abs=0.03)


def test_conditions_of_a_post_are_drawn_apart() -> None:
    found = np.array([asked((0.5, 0.5, 0.5, 0.5), vacancy) for vacancy in range(PEOPLE)])
    for one in (PRACTICE, CERTIFICATE, RESEARCH):
        for other in (CERTIFICATE, RESEARCH, DUTCH):
            if one < other:
                both = np.mean(found & (one | other) == one | other)
                assert both == pytest.approx(0.25, abs=0.03)


def test_policy_takes_conditions_away_but_dutch_and_adds_none() -> None:
    assert asked(EVERY, left=0.0) == DUTCH
    for vacancy in range(200):
        before, after = (asked((0.6,) * 4, vacancy, left) for left in (1.0, 0.5))
        assert after & before == after
        assert after & DUTCH == before & DUTCH
    fewer = [asked((1.0, 0.0, 0.0, 0.0), vacancy, left=0.5) > 0 for vacancy in range(PEOPLE)]
    assert np.mean(fewer) == pytest.approx(0.5, abs=0.03)


def test_teaching_counts_where_a_research_record_is_asked_and_policy_says_so() -> None:
    assert asked((0.0, 0.0, 1.0, 0.0), recognition=1.0) == RESEARCH | TEACHING_COUNTS
    assert asked((1.0, 1.0, 0.0, 1.0), recognition=1.0) == PRACTICE | CERTIFICATE | DUTCH
    found = [asked((0, 0, 1.0, 0), vacancy, recognition=0.3) for vacancy in range(PEOPLE)]
    assert np.mean(np.array(found) & TEACHING_COUNTS > 0) == pytest.approx(0.3, abs=0.03)


@pytest.mark.parametrize(
    ("asks", "who", "missing"),
    [
        (0, {}, 0),
        (PRACTICE, {"practice": 35, "academic": 400}, PRACTICE),
        (PRACTICE, {"practice": 36}, 0),
        (RESEARCH, {"academic": 119, "practice": 400}, RESEARCH),
        (RESEARCH, {"academic": 120}, 0),
        (RESEARCH, {"education": c.PHD}, 0),
        (CERTIFICATE, {"academic": 23}, CERTIFICATE),
        (CERTIFICATE, {"academic": 24}, 0),
        # Who wrote a thesis, or writes one, hardly taught meanwhile.
        (CERTIFICATE, {"academic": 83, "education": c.PHD}, CERTIFICATE),
        (CERTIFICATE, {"academic": 84, "education": c.PHD}, 0),
        (CERTIFICATE, {"academic": 50, "role": c.PHD_CANDIDATE}, CERTIFICATE),
        (DUTCH, {}, 0),
        (DUTCH, {"education": c.PHD, "academic": 59}, DUTCH),
        (DUTCH, {"education": c.PHD, "academic": 30, "practice": 30}, 0),
        (DUTCH, {"role": c.PHD_CANDIDATE}, DUTCH),
        # A certificate does only where teaching counts.
        (RESEARCH, {"academic": 30}, RESEARCH),
        (RESEARCH | TEACHING_COUNTS, {"academic": 30}, 0),
        (RESEARCH | TEACHING_COUNTS, {"academic": 10}, RESEARCH),
        (PRACTICE | RESEARCH | CERTIFICATE | DUTCH, {}, PRACTICE | RESEARCH | CERTIFICATE),
        (
            PRACTICE | RESEARCH | CERTIFICATE | DUTCH,
            {"education": c.PHD},
            PRACTICE | CERTIFICATE | DUTCH,
        ),
    ],
)
def test_who_meets_what(asks: int, who: dict[str, int], missing: int) -> None:
    assert lacks(asks, person(**who)) == missing


def test_so_many_are_certified_and_speak_dutch() -> None:
    met = MET._replace(certified=0.7, certified_before=0.1, no_dutch=0.22)
    for who, bit, share in (
        ({"academic": 24}, CERTIFICATE, 0.3),
        ({"academic": 0}, CERTIFICATE, 0.9),
        ({"education": c.PHD}, DUTCH, 0.22),
    ):
        out = [lacks(bit, person(k, **who), met) == bit for k in range(PEOPLE)]
        assert np.mean(out) == pytest.approx(share, abs=0.03), who


@given(
    some.integers(0, 10**9),
    some.sampled_from([c.MASTER, c.PHD]),
    some.integers(0, 300),
    some.integers(0, 300),
    some.integers(0, 60),
)
def test_nobody_loses_by_working_on_what_was_met(
    identity: int, education: int, practice: int, academic: int, more: int
) -> None:
    met = MET._replace(certified=0.7, certified_before=0.1, no_dutch=0.22)
    now = person(identity, education=education, practice=practice, academic=academic)
    later = now._replace(practice=practice + more, academic=academic + more)
    every = PRACTICE | CERTIFICATE | RESEARCH | DUTCH
    assert lacks(every, later, met) & ~lacks(every, now, met) == 0


NOTHING_ASKED = (
    *(f"model.requirements.asked.practice.{role}=0" for role in ("lecturer", "lector")),
    *(f"model.requirements.asked.certificate.{role}=0" for role in ("lecturer", "lector")),
    *(
        f"model.requirements.asked.research.{role}=0"
        for role in ("university_lecturer", "other_academic")
    ),
    *(
        f"model.requirements.asked.dutch.{role}=0"
        for role in ("university_lecturer", "other_academic", "professor", "lecturer", "lector")
    ),
)


def test_settings_become_months_and_shares() -> None:
    settings = compose(
        [
            *NOTHING_ASKED,
            "model.requirements.asked.dutch.professor=0.25",
            "model.requirements.practice=2.5",
            "model.requirements.foreign=0.4",
            "model.requirements.without_dutch=0.5",
        ]
    )
    met = thresholds(settings)
    assert (met.practice, met.research, met.teaching, met.settled) == (30, 120, 24, 120)
    assert met.no_dutch == pytest.approx(0.2)
    shares = requirement_shares(settings)
    assert shares[c.PROFESSOR].tolist() == [0.0, 0.0, 0.0, 0.25]
    assert shares.sum() == 0.25


def small(tables: ReportTables, *words: str) -> HigherEducation:
    settings = compose([*words, "population.scale=0.03", "burn_in=0", "years=1"])
    return HigherEducation(settings, tables, 0)


def lacking(model: HigherEducation) -> tuple[np.ndarray, np.ndarray]:
    """Conditions that each applicant of the month lacks, and whether the employer refused."""
    market, p = model.market, model.persons
    n, v = market.applied, market.vacancies
    out = [
        rule.unmet(
            v.asks[k],
            Background(*(getattr(p, name)[i] for name in Background._fields)),
            model.rates.hiring.thresholds,
            model.streams.requirement,
        )
        for i, k in zip(
            market.applications.seeker[:n], market.applications.vacancy[:n], strict=True
        )
    ]
    return np.array(out), np.isneginf(market.score[:n])


def test_without_conditions_no_post_asks_and_with_them_nobody_unfit_is_hired(
    tables: ReportTables,
) -> None:
    free = small(tables, *NOTHING_ASKED)
    model = small(tables)
    hired = refused = 0
    for _ in range(6):
        free.step()
        for event in ORDER:
            model.carry_out(event.name)
            if event.name == "hiring":
                missing, out = lacking(model)
                assert np.all(out[missing != 0])
                held = model.market.held[model.market.held >= 0]
                assert np.all(missing[held] == 0)
                hired, refused = hired + held.size, refused + int(np.sum(missing != 0))
        model.state.month += 1
    v = model.market.vacancies
    asks, role = v.asks[: model.market.open_count], v.role[: model.market.open_count]
    assert np.any(asks) and not np.any(asks[role == c.PROFESSIONAL])
    assert not np.any(free.market.vacancies.asks[: free.market.open_count])
    assert hired > 50 and refused > 20
