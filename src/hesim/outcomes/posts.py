"""Compute what becomes of vacancies, and how often a post beside or instead of one's own begins."""

from __future__ import annotations

import numpy as np

from hesim import categories as c
from hesim.outcomes.evidence import Evidence, Floats, percent

FILLED, WITHDRAWN = (c.VACANCY_OUTCOMES.index(name) for name in ("filled", "withdrawn"))


def second_jobs(e: Evidence) -> Floats:
    """Second jobs that begin."""
    return e.flows("second_job_start")


def joint_appointments(e: Evidence) -> Floats:
    """Joint appointments that begin."""
    return e.flows("dual_start")


def secondments(e: Evidence) -> Floats:
    """Secondments that begin."""
    return e.flows("secondment_start")


def swaps(e: Evidence) -> Floats:
    """Persons who swap jobs, two for each swap."""
    return e.flows("swap")


def vacancy_months(e: Evidence) -> Floats:
    """Mean months from opening to filling of the vacancies filled; 0 where none was."""
    v = e.vacancies
    filled = v["outcome"] == FILLED
    waited = e.by_year(filled, v["closed"], v["closed"] - v["opened"])
    return np.asarray(waited / np.maximum(e.by_year(filled, v["closed"]), 1.0))


def vacancies_unfilled(e: Evidence) -> Floats:
    """Share of the vacancies filled or withdrawn that were withdrawn."""
    v = e.vacancies
    withdrawn = v["outcome"] == WITHDRAWN
    ended = withdrawn | (v["outcome"] == FILLED)
    return percent(e.by_year(withdrawn, v["closed"]), e.by_year(ended, v["closed"]))
