"""Count what a lever reaches and changes in a month, for its accounts.

Only what an item of its cost is counted by is worked out, and whom it reaches. Vacancies and hires
are those of the month before, as levers act before vacancies open and people are hired.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.levers.lever import Lever, Parameters
from hesim.levers.market import aligned_pay, joined
from hesim.levers.reach import Area
from hesim.model.decisions import DIRECT
from hesim.model.market import NEARLY_FULL, pick, vacancy_identity
from hesim.random import uniforms

if TYPE_CHECKING:
    from hesim.levers.accounts import Accounts
    from hesim.model.higher_education import HigherEducation

Acting = dict[str, Parameters]
BEFORE = 36
"""Months before a lever's start that its hires are compared with."""
STAY_YEARS = 10.0
"""How long hours that an offer gained last: a job in hbo, of whose staff 10% leave a year."""


@dataclass
class Tally:
    """What a lever has reached so far.

    Attributes:
        institutions: Institutions that took part in a recorded month before.
        pairs: Pairs of partners that did.
        begun: Whether it has acted in a recorded month.
        fte: Full-time posts of hours that its offers gained and that still last.
        ordinals: Vacancies so far by employer, role and field, when it last counted them.
        before: Share of hires before it began that were of the kind that it is about; not known yet
            if None.
    """

    institutions: set[int] = field(default_factory=set)
    pairs: set[tuple[int, int]] = field(default_factory=set)
    begun: bool = False
    fte: float = 0.0
    ordinals: NDArray[np.int64] | None = None
    before: float | None = None


@dataclass(frozen=True)
class LeverMonth:
    """A lever's month.

    Attributes:
        model: The model.
        lever: The lever.
        area: Where it acts.
        acting: Parameters of each mechanism that acts.
        people: How many people came.
        tally: What it has reached so far; changes.
    """

    model: HigherEducation
    lever: Lever
    area: Area
    acting: Acting
    people: int
    tally: Tally

    @property
    def inside(self) -> NDArray[np.int64]:
        """Institutions that have posts in reach."""
        model = self.model
        posts = np.asarray(self.area.cells & (model.state.demand.first > 0))
        inside = np.asarray(posts.any(axis=(1, 2)))
        return np.flatnonzero(inside[: model.employers.institutions])

    def of(self, mechanism: str, parameter: str) -> float:
        """A parameter of a mechanism; 0 where it does not act."""
        return self.acting.get(mechanism, {}).get(parameter, 0.0)


def count_month(month: LeverMonth, accounts: Accounts) -> None:
    """Note what a lever reaches and changes this month.

    Args:
        month: The lever's month, in which it acts.
        accounts: Where it is noted.
    """
    now = month.model.month
    kind = month.lever.about.taking_part
    people = month.people if kind == "yearly" else month.people / 12.0
    accounts.note(month.lever, now, "invited" if kind == "yearly" else "taking_part", people)
    accounts.note(month.lever, now, "institutions", month.inside.size / 12.0)
    for per in dict.fromkeys(item.per for item in month.lever.about.costs):
        if per in COUNTERS:
            what, counter = COUNTERS[per]
            accounts.note(month.lever, now, what, counter(month))


def _new_institutions(month: LeverMonth) -> float:
    """Institutions that take part for the first time in a recorded month.

    What is paid once stands in the accounts also of a lever that began before them, as with
    `_beginnings`.
    """
    if month.model.month < 0:
        return 0.0
    new = set(month.inside.tolist()) - month.tally.institutions
    month.tally.institutions |= new
    return float(len(new))


def _new_pairs(month: LeverMonth) -> float:
    """Partners, or of one employer all its institutions of a region, not paired before."""
    if month.model.month < 0:
        return 0.0
    model, inside = month.model, month.inside
    e = model.employers
    if "one_employer" in month.acting:
        inside = joined(inside, month.area.key, month.of("one_employer", "kept"))
    hbo, wo = (inside[e.sector[inside] == sector] for sector in (c.HBO, c.WO))
    together = (
        e.region[hbo][:, None] == e.region[wo][None, :]
        if "one_employer" in month.acting
        else model.employers.partner[np.ix_(hbo, wo)] == 1
    )
    rows, columns = np.nonzero(together)
    found = set(zip(hbo[rows].tolist(), wo[columns].tolist(), strict=True))
    new = found - month.tally.pairs
    month.tally.pairs |= new
    return float(len(new))


def _regions(month: LeverMonth) -> float:
    return np.unique(month.model.employers.region[month.inside]).size / 12.0


def _beginnings(month: LeverMonth) -> float:
    if month.model.month < 0 or month.tally.begun:
        return 0.0
    month.tally.begun = True
    return 1.0


def _years(month: LeverMonth) -> float:
    """A twelfth of a year, or less while the lever rises or when it has faded."""
    lever = month.lever
    full = lever.amount(month.model.month) / lever.strength if lever.strength else 0.0
    return full / 12.0


def _opened(month: LeverMonth) -> NDArray[np.int64]:
    """Employer, role, field and ordinal of the posts in reach that opened since it last counted.

    Also those that were filled at once, which stand nowhere any more. Shape (4, posts).
    """
    now, before = month.model.market.ordinals, month.tally.ordinals
    month.tally.ordinals = now.astype(np.int64)
    if before is None:
        return np.empty((4, 0), np.int64)
    new = np.where(month.area.cells, now - before, 0)
    cells = np.nonzero(new)
    counts = new[cells]
    employer, role, of = (np.repeat(each, counts) for each in cells)
    first = np.repeat(before[cells], counts)
    within = np.arange(first.size) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.stack([employer, role, of, first + within])


def _names(posts: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Identities of vacancies, by which all is drawn that they offer."""
    return np.array([vacancy_identity(*post) for post in posts.T.tolist()], np.uint64)


def _vacancies(month: LeverMonth) -> float:
    """Posts that are advertised; of a lever that changes offers those that may gain prospect."""
    model, posts = month.model, _opened(month)
    names = _names(posts)
    prospect = month.of("offers", "prospect")
    if prospect:
        return float((uniforms(np.uint64(model.streams.offer), names, 0, 2) < prospect).sum())
    draws = uniforms(np.uint64(model.streams.vacancy), names, model.month - 1, DIRECT)
    directly = model.rates.vacancies.direct[model.employers.sector[posts[0]]]
    return float((draws >= directly).sum())


def _fte_years(month: LeverMonth) -> float:
    """Hours that raised offers gained, for as long as a job lasts on average.

    What a vacancy would have offered is known: its draws are keyed by its name.
    """
    model, tally, posts = month.model, month.tally, _opened(month)
    profiles, names = model.rates.vacancies.profiles, _names(posts)
    draws = uniforms(np.uint64(model.streams.vacancy), names, 0, 2)
    bands = np.array(
        [
            pick(profiles.hours[role], draw)
            for role, draw in zip(posts[1].tolist(), draws.tolist(), strict=True)
        ],
        np.int64,
    )
    raised = uniforms(np.uint64(model.streams.offer), names, 0, 0) < month.of("offers", "full")
    hours = profiles.hours_of_band.astype(np.int64)
    gained = hours[np.maximum(bands, NEARLY_FULL)] - hours[bands]
    tally.fte += float(gained[raised].sum()) / model.rates.jobs.full_week
    tally.fte *= 1.0 - 1.0 / (12.0 * STAY_YEARS)
    return tally.fte / 12.0


def _hires(month: LeverMonth) -> float:
    """Hires of last month that a lever is about: who crossed, or PhDs or masters beyond before.

    PhDs and masters were hired before a lever ranked them higher. Only those count whose share of
    all hires in reach goes beyond that of the three years before, so a month can count less than
    none. A share, as hires as a whole come and go with growth.
    """
    now = month.model.month - 1
    kind, every = _hired(month, now, now)
    if not (month.of("ranking", "phd") or month.of("ranking", "master")):
        return float(kind)
    if month.tally.before is None:
        first = month.lever.start
        of_kind, of_all = _hired(month, first - BEFORE, first - 1)
        month.tally.before = of_kind / max(of_all, 1)
    return kind - month.tally.before * every


def _hired(month: LeverMonth, first: int, last: int) -> tuple[int, int]:
    """Hires in reach in some months that the lever is about, and all hires in reach."""
    model = month.model
    ledger, used = model.ledger, int(model.ledger.used[1])
    joined_in = ledger.m_joined[:used]
    rows = np.flatnonzero((joined_in >= first) & (joined_in <= last) & (ledger.m_to[:used] >= 0))
    to, role, of = ledger.m_to[rows], ledger.m_to_role[rows], ledger.m_field[rows]
    rows = rows[month.area.cells[to, role, of]]
    level = ledger.m_education_joined[rows]
    if month.of("ranking", "phd"):
        return int((level == c.PHD).sum()), rows.size
    if month.of("ranking", "master"):
        return int((level >= c.MASTER).sum()), rows.size
    sector, origin = model.employers.sector, ledger.m_from[rows]
    here, there = sector[ledger.m_to[rows]], sector[np.maximum(origin, 0)]
    crossed = (origin >= 0) & (here <= c.WO) & (there <= c.WO) & (here != there)
    return int(crossed.sum()), rows.size


def _doctorates(month: LeverMonth) -> float:
    """Doctorates of the month, of the share of people that takes part.

    Of a lever that lets people start one, its process notes those that come of it.
    """
    if "doctorate" in month.acting:
        return 0.0
    model = month.model
    return float(model.recorder.defences.get(model.month, 0)) * month.lever.reach.share


def _post_years(month: LeverMonth) -> float:
    """Posts that the lever adds, or moves from wo to hbo."""
    posts, cells = month.model.state.demand.first, month.area.cells
    added = month.of("demand", "rise") * float(posts[cells].sum())
    of_wo = cells & (month.model.employers.sector == c.WO)[:, None, None]
    return (added + month.of("demand", "shift") * float(posts[of_wo].sum())) / 12.0


def _percent_years(month: LeverMonth) -> float:
    """Percent by which the pay of hbo's teaching staff in reach rises, of all there is."""
    p, e = month.model.persons, month.model.employers
    alignment, direction = month.of("terms", "alignment"), month.of("terms", "direction")
    pay = month.model.rates.pay
    rise = np.maximum(aligned_pay(pay, min(alignment, 1.0), direction) / pay - 1.0, 0.0)
    rows = np.flatnonzero((p.present == 1) & (p.employer >= 0))
    rows = rows[e.sector[p.employer[rows]] == c.HBO]
    paid = pay[p.role[rows]] * p.hours[rows]
    more = paid * rise[p.role[rows]] * month.area.employers[p.employer[rows]]
    return 100.0 * float(more.sum()) / max(float(paid.sum()), 1e-9) / 12.0


COUNTERS: dict[str, tuple[str, Callable[[LeverMonth], float]]] = {
    "hire": ("hires", _hires),
    "vacancy": ("vacancies", _vacancies),
    "doctorate": ("doctorates", _doctorates),
    "post_year": ("post_years", _post_years),
    "fte_year": ("fte_years", _fte_years),
    "institution": ("new_institutions", _new_institutions),
    "pair": ("new_pairs", _new_pairs),
    "region_year": ("regions", _regions),
    "percent_pay_year": ("percent_years", _percent_years),
    "lever": ("beginnings", _beginnings),
    "year": ("years", _years),
}
"""Each unit of cost with what is noted and what counts it. Those who come, and what processes start
and place, are noted elsewhere."""
