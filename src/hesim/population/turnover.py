"""Solve how contracts turn over, since permanent posts are slots: from turnover and caps.

Staff stands still, so as many leave a sector and contract as enter it. How many enter follows from
turnover (macro figures) and the contracts of entrants (tables 3.2 and 3.3), how many there are from
the share of permanent posts in each role (the cap). What is left to find is a renewal of contracts
without prospect, how many prospects are promised, and which share of free slots is offered at once.
Renewal is a closed form; prospects are found in a few rounds, since a role has room for them only
as far as it hires. Contracts of leavers are not used: they are a test. Label: derived.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.population.contracts import (
    candidate_survival,
    contract_terms,
    declared_permanent,
    growth_of_slots,
    spare_posts,
)
from hesim.population.employers import role_shares
from hesim.population.ladder import LADDER
from hesim.population.stationarity import OLDEST, YOUNGEST, stationary_ages
from hesim.tables.schema import Contradiction

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.tables import ReportTables

Floats = NDArray[np.float64]
ROUNDS = 200
"""Rounds in which prospects and vacancies settle; each goes half the way."""
INVOLUNTARY = (
    "early_retirement",
    "retirement",
    "disabled_full",
    "disabled_part_lost_job",
    "dismissed",
    "reorganisation",
)
"""Reasons of table 2.2 for which permanent staff leaves (temporary staff is younger; assumed)."""
TEMPORARY_TENURE = 1.0
"""Years that temporary staff has been in post, on average, beside the sojourn of the others."""


class Turnover(NamedTuple):
    """How the contracts of a sector turn over; shares are of the sector's staff, rates a year.

    Attributes:
        renewal: Chance that a contract without prospect is renewed.
        at_once: Share of the slots that come free which is offered with a vacancy.
        promise: Prospects promised for each slot expected free within a term.
        prospects: Share of a role's staff that holds a contract with prospect, shape (roles,).
        waiting: Slots that wait for those who are to be kept, as a share of a role's staff,
            shape (roles,).
        entrants: Who enters by role, shape (roles,).
    """

    renewal: float
    at_once: float
    promise: float
    prospects: Floats
    waiting: Floats
    entrants: Floats


class _Flows(NamedTuple):
    """What a sector's staff does in a year.

    Attributes:
        surveyed: Turnover of all but professors, as a share of all staff.
        candidates: Candidates who start, as a share of all staff.
        permanent: Chance to leave of one permanent member of staff, by role, shape (roles,).
        temporary: The same of one temporary member, before the contract ends.
    """

    surveyed: float
    candidates: float
    permanent: Floats
    temporary: float


def offered_contracts(settings: Settings, tables: ReportTables, sector: str) -> Floats:
    """Share of each contract among entrants, times what stage A finds (`model.inputs.offers`)."""
    table = tables.shares("3.2" if sector == "hbo" else "3.3", "contract", f"{sector}_in")
    shift = settings.mapping(f"model.inputs.offers.{sector}.contract")
    names = c.CONTRACTS[: c.NO_CONTRACT]
    shares = np.array([table.get(n, 0.0) * np.exp(float(shift.get(n, 0.0))) for n in names])
    if not shares.sum() > 0:
        raise Contradiction(f"{sector}_in: contract: all shares are 0; entrants need a contract")
    return np.asarray(shares / shares.sum())


def _eagerness(settings: Settings, tables: ReportTables, sector: str, permanent: float) -> float:
    """How much more readily temporary staff starts to search than permanent staff; a ratio.

    By the settings of `model.push`: contract, age and tenure. Permanent posts lie over ages as
    `population.ties.permanent_by_age` has it.
    """
    get = settings.number
    ages = stationary_ages(tables, sector, settings.integer("population.early_retirement_from"))
    years = np.arange(YOUNGEST, YOUNGEST + ages.size)
    tie = np.zeros(ages.size)
    weights = settings.mapping("population.ties")["permanent_by_age"]
    for (low, high), weight in zip(pairwise((0, *c.AGE_EDGES, OLDEST)), weights, strict=True):
        tie[(years >= low) & (years < high)] = weight
    fixed = np.minimum(tie * permanent / max(float(ages @ tie), 1e-9), 1.0) * ages
    loose = np.maximum(ages - fixed, 0.0)
    of_age = np.exp(get("model.push.per_age_decade") * (years - 40.0) / 10.0)
    mean = [float(part @ of_age / max(part.sum(), 1e-9)) for part in (fixed, loose)]
    apart = get(f"population.sojourn_{sector}") - TEMPORARY_TENURE
    longer = np.exp(get("model.push.per_tenure_decade") * apart / 10.0)
    return float(np.exp(get("model.push.temporary")) * mean[1] / max(mean[0] * longer, 1e-9))


def _flows(
    settings: Settings, tables: ReportTables, sector: str, roles: Floats, fixed: Floats
) -> _Flows:
    """Candidates who start, and yearly exits of one permanent and one temporary member of staff.

    Table 2.2 says who leaves for which reason. Staff resigns as readily as it starts to search, by
    contract, and candidates less so; who declines a renewal had a temporary contract. The survey
    left professors out, who leave at a share of the others' rate.
    """
    turnover = tables.macro_value("turnover", sector) / 100.0
    part_of = settings.number("model.careers.professor_turnover_share")
    professors = float(roles[c.PROFESSOR])
    rate = turnover / (1.0 - professors * (1.0 - part_of))
    surveyed = rate * (1.0 - professors)
    reasons = tables.shares("2.2", "exit_reason", f"{sector}_out")
    whole = max(sum(reasons.values()), 1e-9)
    part = {name: surveyed * share / whole for name, share in reasons.items()}
    staying = candidate_survival(settings)
    share = float(roles[c.PHD_CANDIDATE])
    candidates = 12.0 * share / float(staying.sum())
    if candidates > turnover:
        raise Contradiction(
            f"{sector}: turnover of {100 * turnover:.3g}% of staff a year is less than PhD "
            f"candidates alone who start: {100 * candidates:.3g}%"
        )
    resigned = part.get("resigned", 0.0)
    resigned = max(resigned - candidates * settings.number("model.careers.phd_dropout"), 0.0)
    permanent = float(roles @ fixed) - professors * float(fixed[c.PROFESSOR])
    temporary = max(1.0 - permanent - professors - share, 1e-6)
    eager = _eagerness(settings, tables, sector, permanent)
    of_candidate = eager * float(np.exp(settings.mapping("model.push.of_role")["phd_candidate"]))
    each = resigned / (permanent + eager * temporary + of_candidate * share)
    # Candidates who go to another job shorten the stay that their clocks give.
    staying = staying * np.exp(-of_candidate * each * np.arange(staying.size) / 12.0)
    left = sum(part.get(name, 0.0) for name in INVOLUNTARY)
    leaves = np.full(roles.size, each + left / max(permanent, 1e-6))
    leaves[c.PROFESSOR] = part_of * rate
    return _Flows(
        surveyed=surveyed,
        candidates=12.0 * share / float(staying.sum()),
        permanent=leaves,
        temporary=eager * each + part.get("declined_renewal", 0.0) / temporary,
    )


def _gained(settings: Settings, roles: Floats, fixed: Floats, growth: float) -> Floats:
    """Slots that growth adds in the first year, by role, as a share of staff."""
    spare = roles * spare_posts(fixed, settings.number("model.careers.permanence_floor"))
    whole = float(spare.sum())
    return spare * min(growth * float(roles @ fixed) / max(whole, 1e-9), 1.0)


def _expected(settings: Settings, slots: Floats, rate: Floats, gained: Floats) -> Floats:
    """Slots that come free a year for offers and promises, by role, as a share of staff.

    Where somebody steps up, the free slot moves to the role that the step left.
    """
    steps = settings.mapping("model.careers.internal_step")
    free = rate * slots + gained
    for origin, target, _ in LADDER:
        if slots[origin] > 0 and slots[target] > 0:
            moved = float(steps.get(c.ROLES[target], 0.0)) * rate[target] * slots[target]
            free[target] -= moved
            free[origin] += moved
    return free


def _shared_out(need: float, weight: Floats, room: Floats) -> tuple[float, Floats]:
    """Find the factor on `weight`, cut at `room`, that sums to `need`, or fills all room."""
    used = weight > 0.0
    full = np.divide(room, weight, out=np.zeros_like(room), where=used)
    factor = float(full.max())
    # What each is filled at, in order: between two of these the sum rises in a straight line.
    for at in np.unique(full[used]).tolist():
        free = used & (full >= at)
        if float(np.minimum(at * weight, room).sum()) >= need:
            factor = (need - float(room[used & ~free].sum())) / float(weight[free].sum())
            break
    return factor, np.minimum(factor * weight, room)


class _Memory:
    """What was solved last: a world asks eight times for the same two sectors."""

    last: tuple[Settings, ReportTables, dict[str, Turnover]] | None = None


_memory = _Memory()


def solve_turnover(settings: Settings, tables: ReportTables, sector: str) -> Turnover:
    """Solve a sector's contracts.

    Args:
        settings: `population`, `model.careers`, `model.push` and `model.inputs.offers`.
        tables: The report's tables.
        sector: `hbo` or `wo`.

    Raises:
        Contradiction: When two figures contradict each other.
    """
    last = _memory.last
    # Neither settings nor tables ever change, so the same ones have the same solution.
    if last is None or last[0] is not settings or last[1] is not tables:
        last = _memory.last = (settings, tables, {})
    if sector not in last[2]:
        last[2][sector] = _solve(settings, tables, sector)
    return last[2][sector]


def _solve(settings: Settings, tables: ReportTables, sector: str) -> Turnover:
    roles = role_shares(settings, tables, sector)
    fixed = declared_permanent(settings, sector)
    flows = _flows(settings, tables, sector, roles, fixed)
    enters = flows.surveyed * offered_contracts(settings, tables, sector)
    slots = roles * fixed
    gained = _gained(settings, roles, fixed, growth_of_slots(settings)[sector])
    free = _expected(settings, slots, flows.permanent, gained)
    at_once = min(float(enters[c.PERMANENT] / max(free.sum(), 1e-9)), 1.0)

    loose = roles * (1.0 - fixed)
    loose[c.PHD_CANDIDATE] = 0.0
    terms = contract_terms(settings) / 12.0
    term = float(terms[:, c.WITH_PROSPECT].max())
    # Somebody with prospect stays for the term, but for those who leave before: half of it each.
    lasts = term * max(1.0 - flows.temporary * term / 2.0, 0.1)
    stays = settings.number("model.careers.phd_success")
    stays *= settings.number("model.careers.phd_stay") * flows.candidates
    inflow = max(float(enters[c.WITHOUT_PROSPECT]) - flows.candidates, 0.0) + stays
    hires = loose + free
    # Prospects are offered with vacancies, and there are the more of these the fewer are kept.
    for _ in range(ROUNDS):
        room = np.minimum(loose, lasts * np.maximum(hires - at_once * free, 0.0))
        room[slots <= 0] = 0.0
        promise, tied = _shared_out(float(enters[c.WITH_PROSPECT]) * lasts, term * free, room)
        without = loose - tied
        ends = without / terms[:, c.WITHOUT_PROSPECT]
        not_renewed = inflow - flows.temporary * float(without.sum())
        not_renewed = min(max(not_renewed / max(float(ends.sum()), 1e-9), 0.0), 1.0)
        leave = flows.permanent * slots + flows.temporary * without + not_renewed * ends
        leave += np.maximum(tied / lasts - (1.0 - at_once) * free, 0.0)
        hires = (hires + _hires(settings, leave)) / 2.0
    hires[c.PHD_CANDIDATE] = flows.candidates
    hires[c.POSTDOC] = max(hires[c.POSTDOC] - stays, 0.0)
    ahead = settings.integer("model.push.contract_window") / 12.0
    waiting = np.minimum((1.0 - at_once) * free, tied / lasts) * min(ahead, term)
    staff = np.where(roles > 0, roles, 1.0)
    return Turnover(
        renewal=1.0 - not_renewed,
        at_once=at_once,
        promise=promise,
        prospects=tied / staff,
        waiting=waiting / staff,
        entrants=hires,
    )


def _hires(settings: Settings, leave: Floats) -> Floats:
    """Who is hired by role, where those who leave are replaced: from inside by a step, or not."""
    steps = settings.mapping("model.careers.internal_step")
    hires, gone = leave.copy(), leave.copy()
    for origin, target, _ in LADDER:
        inside = float(steps.get(c.ROLES[target], 0.0)) * gone[target]
        hires[target] -= inside
        hires[origin] += inside
        gone[origin] += inside
    return hires


def contracts_of_staff(settings: Settings, tables: ReportTables, sector: str) -> Floats:
    """Share of each contract within a role at the start, shape (roles, contracts).

    There are as many permanent posts as settings declare, and as many prospects as the rule of
    promises keeps up.
    """
    shares = np.zeros((len(c.ROLES), c.NO_CONTRACT))
    fixed, tied = (
        declared_permanent(settings, sector),
        solve_turnover(settings, tables, sector).prospects,
    )
    roles = list(c.HBO_ROLES if sector == "hbo" else c.WO_ROLES)
    shares[:, c.PERMANENT], shares[:, c.WITH_PROSPECT] = fixed, tied
    shares[roles, c.WITHOUT_PROSPECT] = 1.0 - fixed[roles] - tied[roles]
    return shares
