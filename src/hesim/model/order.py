"""Hold the order of events in a month, as data that can be printed."""

from __future__ import annotations

from typing import NamedTuple


class Event(NamedTuple):
    """One event of the month.

    Attributes:
        name: Name of the method of `HigherEducation` that carries it out.
        about: What happens, in one line.
    """

    name: str
    about: str


ORDER: tuple[Event, ...] = (
    Event("age", "everybody gains a month; those in work gain a month of experience"),
    Event("careers", "contracts end or go on, PhDs defend or stop, people retire or fall ill"),
    Event("outside", "graduates and arrivals enter; some leave the reach of higher education"),
    Event("push", "push items and contract ends make people start to search, or stop"),
    Event("vacancies", "employers open posts up to their targets and withdraw stale ones"),
    Event("search", "seekers meet vacancies, weigh them and apply"),
    Event("hiring", "employers rank applicants; offers by deferred acceptance"),
    Event("moves", "accepted offers are carried out"),
    Event("record", "stocks and flows are counted"),
)


def describe_order() -> list[tuple[str, str]]:
    """List the month's events in order, each with what it does."""
    return [(event.name, event.about) for event in ORDER]
