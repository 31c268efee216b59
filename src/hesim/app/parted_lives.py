"""Find persons whose lives differ between two worlds with the same random numbers; say where."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.levers.arms import BASELINE, POLICY

if TYPE_CHECKING:
    from hesim.app.diary import Diary
    from hesim.app.words import Words
    from hesim.record.reader import MoverRows, Record
    from hesim.story.person import Follower

TURNS = frozenset(
    {
        "entered",
        "departed",
        "defended",
        "joined",
        "stepped",
        "left",
        "made_permanent",
        "contract_renewed",
        "hours_changed",
        "second_job_started",
        "second_job_ended",
        "moved_house",
    }
)
"""Happenings that make another life. What pushes and who looks around may differ long before."""


class Parting(NamedTuple):
    """Where two lives of one person part.

    Attributes:
        month: First month in which something else happens; None where all is the same.
        sought: First month in which something else is seen, weighed or felt, if that is earlier.
        told: By arm, what happens in the month of the parting, as HTML; empty where nothing does.
    """

    month: int | None
    sought: int | None
    told: dict[str, str]


def parted_persons(one: Record, other: Record, role: str | None = None) -> NDArray[np.uint64]:
    """Persons who moved otherwise in one world than in the other.

    Args:
        one: The record of a world.
        other: That of another with the same random numbers.
        role: Only those who had or got this role in a move that differs; None takes all.

    Returns:
        Their identities in order.
    """
    months = min(one.months, other.months)
    rows = [_rows(record.movers(), months) for record in (one, other)]
    # A row that both worlds have is there twice; what differs is there once.
    alike, count = np.unique(np.concatenate(rows), return_counts=True)
    differing = alike[count == 1]
    if role is not None:
        code = c.ROLES.index(role)
        differing = differing[(differing["from_role"] == code) | (differing["to_role"] == code)]
    return np.unique(differing["person"])


def _rows(moved: MoverRows, months: int) -> NDArray[np.void]:
    """All moves within some months, one row each, as records that can be compared."""
    columns = {
        "person": moved.person.astype(np.uint64),
        "month": moved.month.astype(np.int64),
        "from": moved.origin.astype(np.int64),
        "from_role": moved.origin_role.astype(np.int64),
        "to": moved.target.astype(np.int64),
        "to_role": moved.target_role.astype(np.int64),
    }
    kinds = [(name, column.dtype) for name, column in columns.items()]
    made = np.empty(moved.person.size, kinds)
    for name, column in columns.items():
        made[name] = column
    # Who belongs to two groups of the survey has two rows for one move.
    return np.unique(made[made["month"] < months])


def draw_parted(one: Record, other: Record, role: str) -> int | None:
    """Draw somebody whose life differs at random, of a role if there is anybody, else of any.

    Args:
        one: The record of a world.
        other: That of another with the same random numbers.
        role: Role that is looked for first.

    Returns:
        An identity; None when there is nobody.
    """
    found = parted_persons(one, other, role)
    found = found if found.size else parted_persons(one, other)
    return int(np.random.default_rng().choice(found)) if found.size else None


def parting_of(diaries: Mapping[str, Diary]) -> Parting:
    """Where the two lives of a person part.

    Args:
        diaries: The diary of each arm; two of them.
    """
    first, second = diaries.values()
    turns = [_sentences(diary, turning=True) for diary in (first, second)]
    whole = [diary.months() for diary in (first, second)]
    month = _first_difference(turns[0], turns[1])
    sought = _first_difference(whole[0], whole[1])
    told = {}
    if month is not None:
        told = {arm: turns[k].get(month, "") for k, arm in enumerate(diaries)}
    earlier = sought is not None and (month is None or sought < month)
    return Parting(month, sought if earlier else None, told)


def _sentences(diary: Diary, turning: bool) -> dict[int, str]:
    """What happened in each month, as HTML; of turning points alone or of everything."""
    found: dict[int, list[str]] = {}
    for one in diary.story.happenings:
        text = diary.sentence(one)
        if text and (one.kind in TURNS or not turning):
            found.setdefault(one.month, []).append(text)
    return {month: " ".join(texts) for month, texts in found.items()}


def _first_difference(one: Mapping[int, str], other: Mapping[int, str]) -> int | None:
    differ = [month for month in one.keys() | other.keys() if one.get(month) != other.get(month)]
    return min(differ, default=None)


def parting_html(found: Parting, first: str, words: Words) -> str:
    """One sentence on where two lives part, and what happens there in each.

    Args:
        found: Where they part.
        first: First recorded month, as `2011-01`.
        words: Language.
    """
    if found.month is None and found.sought is None:
        return f"<p class='hesim-sentence'>{escape(words('lives_same'))}</p>"
    if found.month is None:
        assert found.sought is not None
        told = words("lives_sought_only", month=words.month_in_full(found.sought, first))
        return f"<p class='hesim-sentence'>{escape(told)}</p>"
    nothing = escape(words("lives_nothing"))
    happens = {
        arm: (found.told.get(arm) or nothing).removesuffix(".") for arm in (BASELINE, POLICY)
    }
    month = words.month_in_full(found.month, first)
    # What is told is HTML already: names of employers have a dot in their sector's colour.
    html = f"<p class='hesim-sentence'>{words('lives_part', month=month, **happens)}</p>"
    if found.sought is not None:
        sought = words("lives_sought", month=words.month_in_full(found.sought, first))
        html += f"<p class='hesim-small'>{escape(sought)}</p>"
    return f"<div class='hesim-diary'>{html}</div>"


def stories_part(stories: Mapping[str, Follower]) -> bool:
    """Whether there are two lives to compare."""
    return stories.keys() == {BASELINE, POLICY}
