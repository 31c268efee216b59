"""Sort the ledger's spells into the four groups of movers that the report compares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.survey.crossings import crossing, ways

if TYPE_CHECKING:
    from hesim.model.ledger import Ledger
    from hesim.population.employers import Employers

RETIRED_OR_DISABLED = 5
"""Exit reasons below this code name no channel and no new job (assumed)."""
ASKED_PUSH = (c.EXIT_REASONS.index("declined_renewal"), c.EXIT_REASONS.index("resigned"))


@dataclass(frozen=True)
class Movers:
    """Rows of movers, one for each group that a spell belongs to.

    Attributes:
        spell: Row in the ledger, int64.
        group: Code in `categories.MOVER_GROUPS`, int8.
        month: Month of leaving (out) or joining (in), int16.
        origin: Sector left, `none` where there was no job (or it ended too long ago).
        destination: Sector joined, `none` where no job was found in time.
        way: Code in `crossings.WAYS`: from job to job, or after a time without one.
        between: Months between the job left and the one joined, int16; -1 unless both are known.
        crossing: Code in `crossings.CODES`: wo to hbo, hbo to wo or neither. A crossing has two
            rows: one of who leaves and one of who joins.
        known: Whether an old (in) or new (out) job is known, as table 3.1 asks.
        surveyed: Whether the survey covers the role (professors are left out).
        band: Code of each characteristic of tables 2.1-3.3 by block name; -1 where not asked.
    """

    spell: NDArray[np.int64]
    group: NDArray[np.int8]
    month: NDArray[np.int16]
    origin: NDArray[np.int64]
    destination: NDArray[np.int64]
    way: NDArray[np.int8]
    between: NDArray[np.int16]
    crossing: NDArray[np.int8]
    known: NDArray[np.bool_]
    surveyed: NDArray[np.bool_]
    band: dict[str, NDArray[np.int8]]


def _bands(values: NDArray[np.generic], edges: tuple[int, ...]) -> NDArray[np.int8]:
    band = np.zeros(values.size, np.int8)
    for edge in edges:
        band += np.asarray(values) >= edge
    return band


class Spells(Protocol):
    """What movers are sorted from: a model, or what is kept of one."""

    @property
    def ledger(self) -> Ledger:
        """All changes of job."""

    @property
    def employers(self) -> Employers:
        """Employers, for their sectors."""


def sort_movers(model: Spells) -> Movers:
    """Sort the spells of the recorded months; wo to wo is a leaver and an entrant of wo."""
    ledger, used = model.ledger, int(model.ledger.used[1])
    left, joined = ledger.m_left[:used], ledger.m_joined[:used]
    sector = np.append(model.employers.sector, c.NO_JOB).astype(np.int64)
    origin, destination = sector[ledger.m_from[:used]], sector[ledger.m_to[:used]]
    parts: list[tuple[int, NDArray[np.int64]]] = []
    for code, name in enumerate(c.MOVER_GROUPS):
        wanted = c.SECTORS.index(name.split("_")[0])
        inside = joined >= 0 if name.endswith("_in") else left >= 0
        side = destination if name.endswith("_in") else origin
        parts.append((code, np.flatnonzero(inside & (side == wanted))))
    spell = np.concatenate([rows for _, rows in parts])
    group = np.concatenate([np.full(rows.size, code, np.int8) for code, rows in parts])
    entering = np.array([name.endswith("_in") for name in c.MOVER_GROUPS])[group]

    def at(name: str) -> NDArray[np.generic]:
        column: NDArray[np.generic] = getattr(ledger, f"m_{name}")[:used][spell]
        return column

    def either(entrant: str, leaver: str) -> NDArray[np.generic]:
        return np.where(entering, at(entrant), at(leaver))

    month = either("joined", "left").astype(np.int16)
    role = either("to_role", "from_role")
    contract = either("to_contract", "from_contract").astype(np.int8)
    band = {
        "age": _bands((month - at("born").astype(np.float32)) / np.float32(12.0), c.AGE_EDGES),
        "sex": at("sex").astype(np.int8),
        "education_level": either("education_joined", "education_left").astype(np.int8),
        "field": at("field").astype(np.int8),
        "experience": _bands(
            either("experience_joined", "experience_left").astype(np.float32) / np.float32(12.0),
            c.EXPERIENCE_EDGES,
        ),
        "contract": contract,
        "weekly_hours": _bands(either("to_hours", "from_hours"), c.HOURS_EDGES),
        "prior_situation": np.where(entering, at("prior").astype(np.int8), np.int8(-1)),
        "exit_reason": np.where(entering, np.int8(-1), at("reason").astype(np.int8)),
    }
    gone = ~entering & (band["exit_reason"] < RETIRED_OR_DISABLED)
    known = np.where(entering, origin[spell] != c.NO_JOB, destination[spell] != c.NO_JOB) & ~gone
    both = (origin[spell] != c.NO_JOB) & (destination[spell] != c.NO_JOB)
    between = np.where(both, at("joined").astype(np.int16) - at("left").astype(np.int16), -1)
    return Movers(
        spell=spell,
        group=group,
        month=month,
        origin=origin[spell],
        destination=destination[spell],
        way=ways(ledger)[spell],
        between=between.astype(np.int16),
        crossing=crossing(origin[spell], destination[spell]),
        known=known,
        surveyed=role != c.PROFESSOR,
        band=band,
    )
