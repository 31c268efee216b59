"""Mechanisms of the market: terms, barriers, ranking, offers, demand, search, visibility."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.levers.lever import Parameters
from hesim.levers.reach import Area
from hesim.model.board import SECTORS
from hesim.model.items import HEADINGS
from hesim.model.policy import Effects, Frictions
from hesim.random import uniforms

if TYPE_CHECKING:
    from hesim.model.higher_education import HigherEducation

LIKE_ROLES = ((c.LECTURER, c.UNIVERSITY_LECTURER), (c.LECTOR, c.PROFESSOR))
"""Roles of hbo and wo whose pay one agreement brings together. Assumed: those who do like work on
either side, teaching or leading research. The other roles of wo have none like them in hbo."""
PRECONDITIONS = HEADINGS.index("preconditions")
MOST_SHOWING = 60
"""Levers that show vacancies: a bit of a number each."""
MOST_CLASSES = (1 << 16) // (SECTORS * len(c.REGIONS))
"""Classes of vacancies that the model tells apart, see `board.Board.spot`."""
KEPT = 3
"""Lane of the draws of institutions that are part of one employer."""


class Exposure(NamedTuple):
    """Vacancies that a lever shows: where, and the further chance of each channel."""

    cells: NDArray[np.bool_]
    chance: NDArray[np.float64]


def act_on_market(
    model: HigherEducation, area: Area, acting: dict[str, Parameters], effects: Effects
) -> Effects:
    """Let a lever's dials change the month's effects; arrays in place, replaced parts returned."""
    f, e = effects.frictions, model.employers
    inside = np.append(area.employers & area.cells.any(axis=(1, 2)), False)
    if "barrier" in acting:
        given = acting["barrier"]
        f.sector_left[inside] *= 1.0 - given.get("sector", 0.0)
        f.outside_left[inside] *= 1.0 - given.get("outside", 0.0)
        f.known[inside] += (1.0 - f.known[inside]) * given.get("familiarity", 0.0)
        effects.ranking.asked[inside[:-1]] *= 1.0 - given.get("requirements", 0.0)
    if "terms" in acting:
        effects = _align_terms(model, area, acting["terms"], effects)
    if "ranking" in acting:
        _rank(model, area, acting["ranking"], effects)
    if "offers" in acting:
        for name in ("full", "part", "prospect"):
            share = getattr(effects.offers, name)
            share[area.cells] += (1.0 - share[area.cells]) * acting["offers"].get(name, 0.0)
    if "demand" in acting:
        effects = _change_demand(model, area, acting["demand"], effects)
    if "search" in acting:
        both = area.employers[:, None] & area.cells.any(axis=2)
        effects.drive.eager[both] *= 1.0 + acting["search"].get("start", 0.0)
        effects.drive.ahead[inside[:-1]] += round(acting["search"].get("ahead", 0.0))
    if "retention" in acting:
        effects = _anchor(inside[:-1], acting["retention"], effects)
    if "one_employer" in acting:
        members = np.flatnonzero(area.employers[: e.institutions])
        together = joined(members, area.key, acting["one_employer"].get("kept", 0.0))
        f.pool[together] = e.region[together]
    return effects


def joined(members: NDArray[np.int64], key: np.uint64, kept: float) -> NDArray[np.int64]:
    """Which institutions in reach are part of the one employer; a larger share takes the same."""
    return members[uniforms(key, members.astype(np.uint64), 0, KEPT) < kept]


def _anchor(here: NDArray[np.bool_], given: Parameters, effects: Effects) -> Effects:
    """Let fewer newcomers start to search, each lever for its own months; factors multiply."""
    before, months = effects.drive.anchored, round(given.get("months", 0.0))
    anchored = np.ones((before.shape[0], max(before.shape[1], months)))
    anchored[:, : before.shape[1]] = before
    anchored[here, :months] *= 1.0 - given.get("early", 0.0)
    return effects._replace(drive=effects.drive._replace(anchored=anchored))


def aligned_pay(
    pay: NDArray[np.float64], alignment: float, direction: float
) -> NDArray[np.float64]:
    """Pay of each role after alignment: like roles meet on the scale of log pay.

    Args:
        pay: Pay by role.
        alignment: Share of the gap that goes.
        direction: -1 the lower, 0 the middle, 1 the higher of the two.
    """
    logs = np.log(pay)
    for one, other in LIKE_ROLES:
        low, high = sorted((logs[one], logs[other]))
        meeting = (low + high) / 2.0 + np.clip(direction, -1.0, 1.0) * (high - low) / 2.0
        for role in (one, other):
            logs[role] += alignment * (meeting - logs[role])
    return np.asarray(np.exp(logs))


def _align_terms(
    model: HigherEducation, area: Area, given: Parameters, effects: Effects
) -> Effects:
    alignment = min(given.get("alignment", 0.0), 1.0)
    here = area.employers.copy()
    here[model.employers.institutions :] = False
    left = effects.frictions.sector_left
    left[np.append(here, False)] *= 1.0 - given.get("share", 0.0) * alignment
    gain = np.log(
        aligned_pay(model.rates.pay, alignment, given.get("direction", 0.0)) / model.rates.pay
    )
    names = [name for _, name in model.rates.pull_items.names]
    weight = model.rates.pull_items.pooled[names.index("salary")]
    weight *= model.settings.number("model.choice.pay_weight")
    shape = model.rates.choice.value.shape
    value = np.zeros(shape) if effects.value is None else effects.value
    value[here, :, PRECONDITIONS] += weight * gain
    effects = effects._replace(value=value)
    budget = given.get("budget", 0.0)
    if budget == 0.0:
        return effects
    demand = _demand(model, effects)
    demand[here] *= np.exp(-budget * gain)[None, :, None]
    return effects._replace(demand=demand)


def _demand(model: HigherEducation, effects: Effects) -> NDArray[np.float64]:
    return np.ones(model.state.demand.first.shape) if effects.demand is None else effects.demand


def _change_demand(
    model: HigherEducation, area: Area, given: Parameters, effects: Effects
) -> Effects:
    demand, sector = _demand(model, effects), model.employers.sector
    demand[area.cells] *= 1.0 + given.get("rise", 0.0)
    share = given.get("shift", 0.0)
    if share:
        posts = model.state.demand.first
        of_wo = area.cells & (sector == c.WO)[:, None, None]
        of_hbo = area.cells & (sector == c.HBO)[:, None, None]
        moved = share * posts[of_wo].sum()
        demand[of_wo] *= 1.0 - share
        demand[of_hbo] *= 1.0 + moved / max(posts[of_hbo].sum(), 1)
    return effects._replace(demand=demand)


def holders(model: HigherEducation, level: int) -> NDArray[np.float64]:
    """Share of each employer's staff with this level of education at least, shape (employers,)."""
    p, count = model.persons, len(model.employers.names)
    staff = (p.present == 1) & (p.employer >= 0)
    everybody = np.bincount(p.employer[staff], minlength=count)
    these = np.bincount(p.employer[staff & (p.education >= level)], minlength=count)
    return np.asarray(these / np.maximum(everybody, 1))


def _rank(model: HigherEducation, area: Area, given: Parameters, effects: Effects) -> None:
    rank = effects.ranking
    # Employers that have posts in reach: roles of wo do not reach hogescholen, nor the reverse.
    here = (area.cells & (model.state.demand.first > 0)).any(axis=(1, 2))
    rank.partner[here] += given.get("partner", 0.0)
    rank.crosser[here] += given.get("crosser", 0.0)
    rank.near[here] += given.get("near", 0.0)
    rank.asked[here] *= 1.0 - given.get("experience", 0.0)
    rank.teaching[here] += (1.0 - rank.teaching[here]) * given.get("teaching", 0.0)
    for name, level, points in (("phd", c.PHD, rank.doctor), ("master", c.MASTER, rank.master)):
        if given.get(name, 0.0):
            until = given.get(f"{name}_until", 0.0)
            short = here & (holders(model, level) < until) if until else here
            points[short] += given[name]


def exposure(area: Area, given: Parameters) -> Exposure:
    """What a lever shows of the vacancies in reach."""
    return Exposure(area.cells, np.array([given.get(name, 0.0) for name in c.CHANNELS]))


def promote(model: HigherEducation, everything: list[Exposure], effects: Effects) -> Effects:
    """Sort vacancies into classes by what shows them, for the staff of the other sector.

    Class 0 is shown by nothing. Vacancies of hbo are shown to staff of wo and the reverse. Jobs
    outside are offered in person: nothing shows them.
    """
    if not everything:
        return effects
    if len(everything) > MOST_SHOWING:
        raise ValueError(f"{len(everything)} levers show vacancies; at most {MOST_SHOWING} can")
    sector = model.employers.sector.astype(np.int64)[:, None, None]
    by = sum((each.cells.astype(np.int64) << k for k, each in enumerate(everything)), start=0)
    code = np.where((by > 0) & (sector < SECTORS), by * SECTORS + sector + 1, 0)
    kinds, classes = np.unique(np.append(code.ravel(), 0), return_inverse=True)
    if kinds.size > MOST_CLASSES:
        raise ValueError(
            f"levers show vacancies in {kinds.size} different combinations of reach; at most "
            f"{MOST_CLASSES} can be told apart: let fewer of them differ in reach"
        )
    promoted = np.zeros((kinds.size, len(c.KINDS), len(c.CHANNELS)))
    for row, one in enumerate(kinds.tolist()):
        if one == 0:
            continue
        which, kind = divmod(one - 1, SECTORS)
        unseen = np.ones(len(c.CHANNELS))
        for k, each in enumerate(everything):
            if which >> k & 1:
                unseen *= 1.0 - each.chance
        promoted[row, c.HBO + c.WO - kind] = 1.0 - unseen
    frictions: Frictions = effects.frictions._replace(
        promoted=1.0 - np.prod(1.0 - promoted, axis=2),
        promoted_by=promoted,
        classes=classes[:-1].reshape(code.shape).astype(np.uint16),
    )
    return effects._replace(frictions=frictions)
