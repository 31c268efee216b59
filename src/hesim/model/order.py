"""Hold the order of events in a month, as data that can be printed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from hesim.model.events.age import event_age
from hesim.model.events.careers import event_careers
from hesim.model.events.hiring import event_hiring
from hesim.model.events.moves import event_moves
from hesim.model.events.outside import event_offers, event_outside
from hesim.model.events.push import event_push
from hesim.model.events.record import event_record
from hesim.model.events.search import event_search
from hesim.model.events.vacancies import event_vacancies

if TYPE_CHECKING:
    from hesim.model.policy import Effects
    from hesim.model.rates.rates import Rates
    from hesim.model.state import State
    from hesim.random import Streams

    Act = Callable[[State, Rates, Streams, Effects], None]


class Event(NamedTuple):
    """One event of the month.

    Attributes:
        name: Name.
        about: What happens, in one line.
        act: What carries it out; None where policy alone acts.
        policy: Method of `policy.Policy` that acts at its end; empty where policy does not act.
    """

    name: str
    about: str
    act: Act | None
    policy: str = ""


ORDER: tuple[Event, ...] = (
    Event(
        "age",
        "everybody grows older, those in work gain experience; ties change; PhDs defend",
        event_age,
    ),
    Event(
        "levers",
        "policy acts: on people in its reach, on terms, visibility, ranking, demand",
        None,
        "begin_month",
    ),
    Event(
        "careers",
        "contracts end or go on, PhDs stop, people retire or fall ill; hours change",
        event_careers,
    ),
    Event(
        "outside",
        "graduates and arrivals come as job seekers, and others with a job outside",
        event_outside,
    ),
    Event(
        "push",
        "push items and contract ends make people start to search, or stop",
        event_push,
    ),
    Event(
        "vacancies",
        "targets grow; stale posts close, staff step up, missing posts open",
        event_vacancies,
    ),
    Event("search", "seekers meet vacancies, weigh them and apply", event_search, "propose"),
    Event("offers", "personal offers come from outside", event_offers),
    Event("hiring", "employers rank applicants; offers by deferred acceptance", event_hiring),
    Event("moves", "accepted offers are carried out", event_moves),
    Event("record", "stocks and flows are counted", event_record),
)


def describe_order() -> list[tuple[str, str]]:
    """List the month's events in order, each with what it does."""
    return [(event.name, event.about) for event in ORDER]
