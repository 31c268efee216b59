"""Each rule stands once: a change of it changes the kernel, the stories and the processes alike."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from rule_mutation import Dials, Rule, dialled, more_of

from hesim.levers.processes import joint_appointment
from hesim.model import choice, hiring, interface, requirements, visibility, weighing
from hesim.model.higher_education import HigherEducation
from hesim.model.order import ORDER
from hesim.scenario import compose
from hesim.story import ranking, search
from hesim.tables import ReportTables

pytestmark = pytest.mark.once

FEW = 40
MORE = 0.1


RULES = {
    "offer": Rule(
        choice.offer_parts,
        more_of(choice.OfferParts, "change"),
        {"OfferParts": choice.OfferParts},
    ),
    "present": Rule(
        choice.present_parts,
        more_of(choice.PresentParts, "push"),
        {"PresentParts": choice.PresentParts},
    ),
    "sight": Rule(visibility.chance_to_see, "made * (1.0 - dial)"),
    "biography": Rule(visibility.chance_by_biography, "made * (1.0 - dial)"),
    "points": Rule(hiring.points_of, more_of(hiring.Points, "level"), {"Points": hiring.Points}),
    # Nothing is unmet, or each post asks for something that nobody has.
    "unmet": Rule(requirements.unmet, "(made | (dial > 0.0)) * (dial >= 0.0)"),
}


@pytest.fixture(scope="module")
def dials() -> Iterator[Dials]:
    """The rules, each of which a test can turn; what calls them is compiled once."""
    with dialled(RULES) as made:
        yield made


def searched(tables: ReportTables, *words: str) -> HigherEducation:
    """A model after the search of its fourth month."""
    model = HigherEducation(
        compose(["population.scale=0.03", "years=2", "burn_in=3", *words]), tables, 0
    )
    while model.month < 3:
        model.step()
    for event in ORDER[: [event.name for event in ORDER].index("search") + 1]:
        model.carry_out(event.name)
    return model


@pytest.fixture
def month(tables: ReportTables, dials: Dials) -> HigherEducation:
    """A model after the search of a month with levers."""
    return searched(
        tables,
        "levers=[regional_employer,secondment]",
        "levers.regional_employer.start='2011-01'",
        "levers.secondment.start='2011-01'",
    )


def utilities(model: HigherEducation) -> dict[tuple[int, int], float]:
    """Utility of each application that the kernel made, by person's row and vacancy."""
    a, n = model.market.applications, model.market.applied
    pairs = zip(a.seeker[:n].tolist(), a.vacancy[:n].tolist(), strict=True)
    return dict(zip(pairs, a.utility[:n].tolist(), strict=True))


def test_the_utility_of_an_offer_is_one_rule(month: HigherEducation, dials: Dials) -> None:
    month.policy = None
    kernel = utilities(month)
    pairs = list(kernel)[:FEW]

    def story() -> np.ndarray:
        jobs = [(i, weighing.job_of_vacancy(month, k)) for i, k in pairs]
        return np.array([sum(search.named_offer(month, i, job).values()) for i, job in jobs])

    def process() -> np.ndarray:
        return np.array([interface.utility_of_vacancy(month, i, k) for i, k in pairs])

    told, proposed = story(), process()
    with dials.turned("offer", MORE):
        assert story() == pytest.approx(told - MORE)
        assert process() == pytest.approx(proposed - MORE)
        month.carry_out("search")
    again = utilities(month)
    both = kernel.keys() & again.keys()
    assert len(both) > FEW
    assert all(again[pair] == pytest.approx(kernel[pair] - MORE) for pair in both)


def test_the_worth_of_the_present_job_is_one_rule(month: HigherEducation, dials: Dials) -> None:
    month.policy = None
    employed = [int(i) for i in month.market.seekers if month.persons.employer[i] >= 0][:FEW]

    def story() -> np.ndarray:
        return np.array([sum(search.named_present(month, i).values()) for i in employed])

    def process() -> np.ndarray:
        return np.array([interface.worth_of_present(month, i) for i in employed])

    before, told, proposed = month.market.applied, story(), process()
    with dials.turned("present", 50.0):
        assert story() == pytest.approx(told - 50.0)
        assert process() == pytest.approx(proposed - 50.0)
        month.carry_out("search")
    # Who has next to nothing applies for whatever is seen.
    assert month.market.applied > 1.2 * before


def test_what_a_process_offers_is_weighed_by_the_same_rule() -> None:
    assert joint_appointment.parts_of_job is weighing.parts_of_job
    assert interface.utility_of_vacancy is weighing.utility_of_vacancy


def test_who_sees_a_vacancy_is_one_rule(month: HigherEducation, dials: Dials) -> None:
    month.policy = None
    looking = [int(i) for i in month.market.seekers][:FEW]

    def seen() -> int:
        return sum(len(search.look(month, i).seen) for i in looking)

    kernel, told = month.market.applied, seen()
    with dials.turned("sight", 0.5):
        assert seen() < 0.8 * told
        month.carry_out("search")
    assert month.market.applied < 0.9 * kernel


def test_who_thinks_by_biography_is_one_rule(tables: ReportTables, dials: Dials) -> None:
    model = searched(tables, "calibration=none")
    looking = [int(i) for i in model.market.seekers][:FEW]

    def considered() -> int:
        return sum(len(search.look(model, i).considered) for i in looking)

    kernel, told = model.market.applied, considered()
    with dials.turned("biography", 1.0):
        assert considered() < told
        model.carry_out("search")
    assert model.market.applied < 0.95 * kernel


def test_how_an_employer_ranks_is_one_rule(month: HigherEducation, dials: Dials) -> None:
    month.carry_out("hiring")
    n, taken = month.market.applied, month.market.score[: month.market.applied].copy()
    vacancies = np.unique(month.market.applications.vacancy[:n])[:10].tolist()

    def story() -> np.ndarray:
        ranked = (one for k in vacancies for one in ranking.applicants(month, k))
        return np.array(sorted(one.score for one in ranked))

    told = story()
    with dials.turned("points", MORE):
        assert story() == pytest.approx(told + MORE)
        month.carry_out("hiring")
    both = np.isfinite(taken) & np.isfinite(month.market.score[:n])
    assert month.market.score[:n][both] == pytest.approx(taken[both] + MORE)


def test_what_a_post_asks_is_one_rule(month: HigherEducation, dials: Dials) -> None:
    month.market.vacancies.asks[: month.market.open_count] = requirements.PRACTICE

    def taken() -> np.ndarray:
        month.carry_out("hiring")
        held = month.market.held[: month.market.open_count]
        return month.persons.practice[month.market.applications.seeker[held[held >= 0]]]

    asked = month.rates.hiring.thresholds.practice
    assert taken().size and taken().min() >= asked
    with dials.turned("unmet", -1.0):
        assert taken().min() < asked
    with dials.turned("unmet", 1.0):
        assert taken().size == 0
