"""Bundle everything that is computed once from settings and tables before the first month."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.model.careers import CareerRates
from hesim.model.channels import ChannelRates
from hesim.model.choice import ChoiceRates
from hesim.model.eligibility import qualifying_classes
from hesim.model.entrants import Entrants
from hesim.model.hiring import HiringRates
from hesim.model.items import Items, read_items
from hesim.model.jobs import JobRates
from hesim.model.market import VacancyRates
from hesim.model.moves import MoveRates, PhdClocks
from hesim.model.outside_offers import OutsideRates
from hesim.model.push import PushRates
from hesim.model.rates.careers import (
    Pension,
    career_rates,
    job_rates,
    move_rates,
    pension_rule,
    phd_clocks,
    slot_rates,
    tie_rates,
)
from hesim.model.rates.market import channel_rates, hiring_rates, search_rates, vacancy_rates
from hesim.model.rates.outside import outside_rates, with_competitors
from hesim.model.rates.preferences import choice_rates, pay_of_roles, push_rates, quality
from hesim.model.search import SearchRates
from hesim.model.slots import SlotRates
from hesim.model.ties import TieRates
from hesim.population.employers import Employers, entrant_fields

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.tables import ReportTables


class Rates(NamedTuple):
    """Numbers of all rules, by the rule that reads them; nothing changes them in a run.

    Attributes:
        careers: Exits, contracts and their ends.
        pension: The age at which people retire, by year.
        phd: Clocks of a PhD.
        ties: Contacts in the other sector and awareness of it.
        jobs: Hours within a job, and second jobs.
        moves: What a move brings about.
        entrants: Who comes into reach from outside each month.
        push: What pushes people to search.
        vacancies: How vacancies open, what they offer and when they are withdrawn.
        slots: How many permanent posts there are, where they are limited.
        steps: Chance by role that a missing post is filled from inside, shape (roles,).
        search: How far people look.
        channels: Through what they see vacancies.
        qualifying: Who may apply, by role and level, see `eligibility.qualifying_classes`.
        choice: What jobs are worth, without policy.
        hiring: How employers rank.
        pay: Monthly gross pay of a full-time job in euros, shape (roles,).
        quality: Lasting quality of each employer by heading, shape (employers, headings).
        pull_items: Items of table 3.5 that pull.
        push_items: Items of table 3.5 that push.
        outside: Personal offers from outside.
    """

    careers: CareerRates
    pension: Pension
    phd: PhdClocks
    ties: TieRates
    jobs: JobRates
    moves: MoveRates
    entrants: Entrants
    push: PushRates
    vacancies: VacancyRates
    slots: SlotRates
    steps: NDArray[np.float64]
    search: SearchRates
    channels: ChannelRates
    qualifying: NDArray[np.int64]
    choice: ChoiceRates
    hiring: HiringRates
    pay: NDArray[np.float64]
    quality: NDArray[np.float64]
    pull_items: Items
    push_items: Items
    outside: OutsideRates


def compute_rates(
    settings: Settings, tables: ReportTables, employers: Employers, replication: int
) -> Rates:
    """Compute all rates of a replication.

    Args:
        settings: The composed config.
        tables: The report's tables.
        employers: The employers, with the posts of January 2011.
        replication: Number of the replication; another number, another quality of employers.
    """
    qualities = quality(employers, settings.integer("seed"), replication)
    pull_items = read_items(tables, ("hbo_in", "wo_in"))
    push_items = read_items(tables, ("hbo_out", "wo_out"))
    steps = settings.mapping("model.careers.internal_step")
    vacancies = vacancy_rates(settings, tables)
    push = push_rates(settings, push_items, employers, qualities)
    return Rates(
        careers=career_rates(settings, tables),
        pension=pension_rule(settings, tables),
        phd=phd_clocks(settings),
        ties=tie_rates(settings),
        jobs=job_rates(settings, tables, employers),
        moves=move_rates(settings),
        entrants=Entrants(settings, employers, entrant_fields(tables)),
        push=with_competitors(push, settings, tables),
        vacancies=vacancies,
        slots=slot_rates(settings, tables),
        steps=np.array([steps.get(role, 0.0) for role in c.ROLES]),
        search=search_rates(settings, employers),
        channels=channel_rates(settings, tables),
        qualifying=qualifying_classes(),
        choice=choice_rates(settings, pull_items, employers, qualities),
        hiring=hiring_rates(settings),
        pay=pay_of_roles(settings),
        quality=qualities,
        pull_items=pull_items,
        push_items=push_items,
        outside=outside_rates(settings, tables, vacancies),
    )
