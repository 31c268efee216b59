"""Tell two worlds apart: which changes of job happened in one and not in the other, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hesim import categories as c

if TYPE_CHECKING:
    from hesim.model.higher_education import HigherEducation


Change = tuple[int, int, int, int]
"""Month, person, employer left and employer joined (-1: none)."""


def job_changes(model: HigherEducation) -> dict[Change, str]:
    """List the changes of job in and out of hbo and wo.

    A spell without a job between leaving and joining counts as two changes, each in its month: what
    came of it later does not alter that somebody left.

    Args:
        model: A model that has been stepped.

    Returns:
        A sentence for each change, by month, person, employer left and employer joined.
    """
    ledger, names = model.ledger, (*model.employers.names, "no job")
    nowhere = (-1, c.JOB_SEEKER)
    found: dict[Change, str] = {}
    for row in range(int(ledger.used[1])):
        person = int(ledger.m_person[row])
        old = int(ledger.m_from[row]), int(ledger.m_from_role[row])
        new = int(ledger.m_to[row]), int(ledger.m_to_role[row])
        left, joined = int(ledger.m_left[row]), int(ledger.m_joined[row])
        whole = left == joined
        steps = [(left, old, new if whole else nowhere)]
        if not whole and new != nowhere:
            steps.append((joined, nowhere, new))
        for month, source, target in steps:
            found[month, person, source[0], target[0]] = (
                f"month {month}: person {person:x} from {names[source[0]]} "
                f"({c.ROLES[source[1]]}) to {names[target[0]]} ({c.ROLES[target[1]]})"
            )
    return found


def trace(world: HigherEducation, other: HigherEducation) -> list[str]:
    """Say what happened in only one of two worlds, by month.

    Args:
        world: The first world, e.g. the baseline.
        other: The second, e.g. with one extra vacancy.

    Returns:
        Lines in the order of the months: `-` only in the first, `+` only in the second.
    """
    first, second = job_changes(world), job_changes(other)
    lines = [(key, f"- {first[key]}") for key in first.keys() - second.keys()]
    lines += [(key, f"+ {second[key]}") for key in second.keys() - first.keys()]
    return [text for _, text in sorted(lines)]
