"""Say how long contracts last by role, and how long PhD candidates have been in post."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.tables import ReportTables


def contract_terms(settings: Settings) -> NDArray[np.int64]:
    """Months of a new contract by role and type (permanent: 0), shape (roles, 3).

    A role named in `model.careers.contract_months` has a term of its own without prospect.
    """
    given = settings.mapping("model.careers.contract_months")
    terms = np.zeros((len(c.ROLES), c.WITHOUT_PROSPECT + 1), np.int64)
    terms[:, c.WITH_PROSPECT] = given["with_prospect"]
    for code, role in enumerate(c.ROLES):
        terms[code, c.WITHOUT_PROSPECT] = given.get(role, given["without_prospect"])
    return terms


def candidate_ends(settings: Settings) -> NDArray[np.int64]:
    """Months in post at which a PhD candidate's contract and its extensions end, ascending."""
    first = int(contract_terms(settings)[c.PHD_CANDIDATE, c.WITHOUT_PROSPECT])
    more = settings.integer("model.careers.phd_extension_months")
    return first + more * np.arange(settings.integer("model.careers.phd_extensions") + 1)


def candidate_survival(settings: Settings, tables: ReportTables) -> NDArray[np.float64]:
    """Share of PhD candidates still in post after each month, up to the last extension; derived.

    From the clocks alone: some drop out; at each contract end those who have not defended are
    extended with chance `phd_extension`, the others leave or change role.
    """
    get = settings.number
    ends = candidate_ends(settings)
    months = np.arange(ends[-1])
    stopped = get("model.careers.phd_dropout") * (
        1.0 - np.exp(-months / get("model.careers.phd_dropout_months"))
    )
    left = 1.0 - stopped
    success = tables.context_value("phd_success_employed") / 100.0
    mean = tables.context_value("phd_duration_mean") * 12.0
    for end in ends[:-1]:
        spread = get("model.careers.phd_defence_sd") * math.sqrt(2.0)
        defended = success * 0.5 * (1.0 + math.erf((end - mean) / spread))
        left[end:] *= get("model.careers.phd_extension") * (1.0 - defended)
    return left
