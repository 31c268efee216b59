"""Tell two worlds apart: which changes of job happened in one and not in the other, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hesim import categories as c

if TYPE_CHECKING:
    from hesim.model.higher_education import HigherEducation


def changes(model: HigherEducation) -> dict[tuple[int, int, int, int], str]:
    """List the changes of job in and out of hbo and wo.

    Args:
        model: A model that has been stepped.

    Returns:
        A sentence for each change, by month, person, employer left and employer joined.
    """
    ledger, used = model.ledger, int(model.ledger.used[1])
    names = (*model.employers.names, "no job")
    found: dict[tuple[int, int, int, int], str] = {}
    for row in range(used):
        origin, target = int(ledger.m_from[row]), int(ledger.m_to[row])
        month = max(int(ledger.m_left[row]), int(ledger.m_joined[row]))
        person = int(ledger.m_person[row])
        found[month, person, origin, target] = (
            f"month {month}: person {person:x} from {names[origin]} "
            f"({c.ROLES[ledger.m_from_role[row]]}) to {names[target]} "
            f"({c.ROLES[ledger.m_to_role[row]]})"
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
    first, second = changes(world), changes(other)
    lines = [(key, f"- {first[key]}") for key in first.keys() - second.keys()]
    lines += [(key, f"+ {second[key]}") for key in second.keys() - first.keys()]
    return [text for _, text in sorted(lines)]
