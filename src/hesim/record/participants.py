"""Lay what became of each participant of a lever beside the same person in the baseline world.

Both worlds have the same random numbers, so that each person is in both: the *twin*. Participants
are those whose two worlds were still alike when it began: the same place, contract, second post and
search at the end of the month before. Others differ from their twin by what the levers did before,
through colleagues who took part. Somebody is invited, for example, because a lever has made that
person stay in a job; to count such people would take the one for what the other does. How many are
left out is told (`APART`).

Two clocks are counted on. The first is months since a participant first took part (`HORIZONS`). The
second is the calendar, for participants and for everybody else (`OTHERS`), also those who would
have got the posts. What both differ by there adds up to what the whole world differs by.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.record.whereabouts import (
    ELSEWHERE,
    GONE,
    IN_HBO,
    IN_WO,
    JOBLESS,
    PERMANENT,
    PLACE,
    PLACES,
    SECOND_IN_HBO,
    SECOND_IN_WO,
    UNKNOWN,
    Lives,
    States,
)
from hesim.survey.columns import Columns, coded
from hesim.survey.crossings import CROSSINGS

if TYPE_CHECKING:
    from hesim.levers.attendance import Participants

HORIZONS = (12, 36, 60)
"""Months after which participants are looked up, the first month of taking part included."""
PREFIX = "participants"
"""How the names of outcomes begin that count participants: `participants.LEVER.WHEN.WORLD.MEASURE`,
persons at full scale by the year in which they first took part or by calendar year."""
WORLDS = ("baseline", "policy")
PARTICIPANTS, OTHERS = "participants", "others"
"""Groups on the calendar."""
PERSONS, APART = "persons", "apart"
OTHER_SECTOR = "other_sector"
STATES_OF: tuple[str, ...] = (
    OTHER_SECTOR,
    "in_hbo",
    "in_wo",
    "two_posts",
    "permanent",
    "elsewhere",
    "no_job",
    "gone",
)
"""What is counted of where people are. Who holds a post in hbo or wo does so by the main job or by
the second post of a joint appointment, and counts in both where these are of both; so
in_hbo + in_wo - two_posts + elsewhere + no_job + gone counts heads."""
MEASURES: tuple[str, ...] = (*CROSSINGS, *STATES_OF)
"""All that is counted: crossings since the beginning, and where people are at the end."""
SECONDS = ("", "hbo", "wo")
"""In which sector somebody has a second post, if at all."""
MONTHS = 12
Counts = dict[tuple[str, str, str], NDArray[np.float64]]
"""By what is looked at (a horizon in months, or a group), world and measure."""


@dataclass(frozen=True)
class Twins:
    """Participants of one lever with their twins.

    Attributes:
        participants: Who took part, and when for the first time.
        before: State at the end of the month before, in both worlds, uint8, shape (persons, 2).
        states: State after each horizon, uint8, shape (persons, 2, horizons).
        crossings: Crossings from the first month of taking part to the end of each horizon, by way
            in the order of `CROSSINGS`, int16, shape (persons, 2, horizons, 2).
    """

    participants: Participants
    before: States
    states: States
    crossings: NDArray[np.int16]

    @property
    def alike(self) -> NDArray[np.bool_]:
        """Whose two worlds were still the same when it began, shape (persons,)."""
        return np.asarray(self.before[:, 0] == self.before[:, 1])


def follow(participants: Participants, baseline: Lives, policy: Lives) -> Twins:
    """Look participants up in both worlds.

    Args:
        participants: Who took part in a lever.
        baseline: The world without levers, with the same random numbers.
        policy: The world with levers.
    """
    who, since = participants.person, participants.month.astype(np.int64)
    worlds = (baseline, policy)
    before = np.stack([world.at(who, since - 1) for world in worlds], axis=1)
    states = np.stack(
        [
            np.stack([world.at(who, since + months - 1) for months in HORIZONS], axis=1)
            for world in worlds
        ],
        axis=1,
    )
    crossings = np.zeros((who.size, len(WORLDS), len(HORIZONS), len(CROSSINGS)), np.int16)
    for k, world in enumerate(worlds):
        person, row = _places(who, world.crosser)
        after = world.crossed[row] - since[person]
        for h, months in enumerate(HORIZONS):
            inside = (after >= 0) & (after < months)
            np.add.at(crossings[:, k, h], (person[inside], world.way[row[inside]]), 1)
    return Twins(participants, before, states, crossings)


def _places(
    who: NDArray[np.uint64], wanted: NDArray[np.uint64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where the identities that are wanted stand among `who`, and which of them stand there."""
    if not who.size:
        none = np.zeros(0, np.int64)
        return none, none
    order = np.argsort(who, kind="stable")
    at = np.minimum(np.searchsorted(who[order], wanted), who.size - 1)
    row = np.flatnonzero(who[order][at] == wanted)
    return order[at[row]], row


def in_states(states: States, home: NDArray[np.uint8]) -> dict[str, NDArray[np.bool_]]:
    """Say of states which of `STATES_OF` they are.

    Args:
        states: States, of any shape.
        home: Code in `categories.KINDS` of the sector that each comes from, of the same shape.
    """
    known = states != UNKNOWN
    place = states & PLACE
    in_hbo = known & ((place == IN_HBO) | (states & SECOND_IN_HBO != 0))
    in_wo = known & ((place == IN_WO) | (states & SECOND_IN_WO != 0))
    return {
        OTHER_SECTOR: ((home == c.HBO) & in_wo) | ((home == c.WO) & in_hbo),
        "in_hbo": in_hbo,
        "in_wo": in_wo,
        "two_posts": in_hbo & in_wo,
        "permanent": known & (states & PERMANENT != 0),
        "elsewhere": known & (place == ELSEWHERE),
        "no_job": known & (place == JOBLESS),
        "gone": known & (place == GONE),
    }


def count_since(found: Twins, years: int, scale: float) -> Counts:
    """Count participants and twins after each horizon, by the year in which they first took part.

    Args:
        found: Participants of a lever with their twins.
        years: Recorded years.
        scale: `population.scale`; counts are divided by it.

    Returns:
        Counts of shape (years,) by horizon, world and measure, and the number of `PERSONS` that
        they are of and of those who stood `APART` (both under the policy's world). Who took part so
        late that the run ends before the horizon is in none of them.
    """
    made: Counts = {}
    year, alike = found.participants.month // MONTHS, found.alike
    for h, months in enumerate(HORIZONS):
        when = str(months)
        seen = (found.states[:, :, h] != UNKNOWN).all(axis=1)
        here = seen & alike
        made[when, WORLDS[1], PERSONS] = _by_year(year[here], years) / scale
        made[when, WORLDS[1], APART] = _by_year(year[seen & ~alike], years) / scale
        for k, world in enumerate(WORLDS):
            for way, name in enumerate(CROSSINGS):
                crossed = found.crossings[here, k, h, way]
                made[when, world, name] = _by_year(year[here], years, crossed) / scale
            flags = in_states(found.states[here, k, h], found.participants.home[here])
            for name, flag in flags.items():
                made[when, world, name] = _by_year(year[here][flag], years) / scale
    return made


def count_worlds(
    twins: Mapping[str, Twins], baseline: Lives, policy: Lives, years: int, scale: float
) -> dict[str, Counts]:
    """Count both worlds by calendar year: participants of a lever, and everybody else.

    Args:
        twins: Those who took part, by lever.
        baseline: The world without levers.
        policy: The world with levers.
        years: Recorded years.
        scale: `population.scale`; counts are divided by it.

    Returns:
        For each lever, counts of shape (years,) by group, world and measure but `OTHER_SECTOR`:
        crossings in the year, and where people are at its end. Under the policy's world there are
        also the number of participants (`PERSONS`) by the year in which they first took part, and
        of those who stood `APART`.
    """
    everybody = np.union1d(baseline.person, policy.person)
    nowhere = np.full(everybody.size, c.NO_KIND, np.uint8)
    made: dict[str, Counts] = {}
    inside: dict[str, NDArray[np.bool_]] = {}
    for lever, found in twins.items():
        who, since, _ = found.participants
        inside[lever] = np.isin(everybody, who[found.alike])
        made[lever] = {
            (PARTICIPANTS, WORLDS[1], name): _by_year(since[rows] // MONTHS, years) / scale
            for name, rows in ((PERSONS, found.alike), (APART, ~found.alike))
        }
    for world, lives in zip(WORLDS, (baseline, policy), strict=True):
        recorded = (lives.crossed >= 0) & (lives.crossed < MONTHS * years)
        crosser = np.searchsorted(everybody, lives.crosser[recorded])
        year, way = lives.crossed[recorded] // MONTHS, lives.way[recorded]
        ends = [MONTHS * each + MONTHS - 1 for each in range(years)]
        flags = [
            in_states(lives.at(everybody, np.full(everybody.size, end)), nowhere) for end in ends
        ]
        for lever, took in inside.items():
            for group, mine in ((PARTICIPANTS, took), (OTHERS, ~took)):
                counts = made[lever]
                for code, name in enumerate(CROSSINGS):
                    here = mine[crosser] & (way == code)
                    counts[group, world, name] = _by_year(year[here], years) / scale
                for name in STATES_OF:
                    if name != OTHER_SECTOR:
                        of_year = [np.count_nonzero(flag[name] & mine) for flag in flags]
                        counts[group, world, name] = np.array(of_year, np.float64) / scale
    return made


def count_participants(
    taken: Mapping[str, Participants], baseline: Lives, policy: Lives, years: int, scale: float
) -> dict[str, Counts]:
    """All counts of `count_since` and `count_worlds` for each lever of a world."""
    twins = {lever: follow(each, baseline, policy) for lever, each in taken.items()}
    made = count_worlds(twins, baseline, policy, years, scale)
    for lever, found in twins.items():
        made[lever] |= count_since(found, years, scale)
    return made


def _by_year(
    year: NDArray[np.integer], years: int, weight: NDArray[np.integer] | None = None
) -> NDArray[np.float64]:
    return np.bincount(year, weight, minlength=years).astype(np.float64)


def participant_columns(
    taken: Mapping[str, Participants], baseline: Lives, policy: Lives, months: tuple[str, ...]
) -> Columns:
    """Columns of participants.parquet: a row for each lever and participant, with its twin.

    Args:
        taken: Who took part, by lever.
        baseline: The world without levers.
        policy: The world with levers.
        months: Names of the recorded months.
    """
    levers = tuple(taken)
    each = [follow(one, baseline, policy) for one in taken.values()]
    sizes = [one.participants.person.size for one in each]

    def joined(arrays: list[NDArray[np.generic]]) -> NDArray[np.generic]:
        return np.concatenate(arrays)

    states = joined([one.states for one in each])
    before = joined([one.before for one in each])
    crossings = joined([one.crossings for one in each])
    made: Columns = {
        "lever": coded(np.repeat(np.arange(len(levers)), sizes), levers),
        "person": joined([one.participants.person for one in each]),
        "month": coded(joined([one.participants.month for one in each]), months),
        "home": coded(joined([one.participants.home for one in each]), c.KINDS),
        "alike": joined([one.alike for one in each]),
    }
    for k, world in enumerate(WORLDS):
        made |= _state_columns(f"{world}_before", before[:, k])
        for h, horizon in enumerate(HORIZONS):
            prefix = f"{world}_{horizon}"
            made |= _state_columns(prefix, states[:, k, h])
            for way, name in enumerate(CROSSINGS):
                made[f"{prefix}_{name}"] = crossings[:, k, h, way].astype(np.int8)
    return made


def _state_columns(prefix: str, states: NDArray[np.generic]) -> Columns:
    """A state as columns: where somebody is, on what contract, and where the second post is."""
    state = np.asarray(states, np.uint8)
    known = state != UNKNOWN
    place = np.where(known, state & PLACE, len(PLACES))
    second = np.where(state & SECOND_IN_HBO != 0, 1, np.where(state & SECOND_IN_WO != 0, 2, 0))
    return {
        f"{prefix}_place": coded(place, (*PLACES, "")),
        f"{prefix}_permanent": known & (state & PERMANENT != 0),
        f"{prefix}_second_post": coded(np.where(known, second, 0), SECONDS),
    }
