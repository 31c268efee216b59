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
    Event("age", "everybody grows older, those in work gain experience; ties change; PhDs defend"),
    Event("levers", "policy acts: on people in its reach, on terms, visibility, ranking, demand"),
    Event(
        "careers",
        "contracts end or go on, PhDs stop, people retire or fall ill; hours change",
    ),
    Event("outside", "graduates and arrivals enter the pool as job seekers"),
    Event("push", "push items and contract ends make people start to search, or stop"),
    Event("vacancies", "targets grow; stale posts close, staff step up, missing posts open"),
    Event("search", "seekers meet vacancies, weigh them and apply"),
    Event("hiring", "employers rank applicants; offers by deferred acceptance"),
    Event("moves", "accepted offers are carried out"),
    Event("record", "stocks and flows are counted"),
)


def describe_order() -> list[tuple[str, str]]:
    """List the month's events in order, each with what it does."""
    return [(event.name, event.about) for event in ORDER]
