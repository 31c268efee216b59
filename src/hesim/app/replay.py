"""Replay a world from its settings and keys, to tell one person's or one institution's story."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hesim.app.worker import World, begin, due
from hesim.story.institution import Watcher
from hesim.story.person import Follower, watched_month

if TYPE_CHECKING:
    from hesim.app.session import Session


@dataclass(frozen=True)
class Replay:
    """What a replay leaves.

    Attributes:
        follower: The person's story, if one was followed.
        watcher: The institution's, if one was watched.
        towns: Names of the towns by code.
        margins: Margins of the stock by month, see `records.MARGINS`.
        months: Months replayed.
    """

    follower: Follower | None
    watcher: Watcher | None
    towns: tuple[str, ...]
    margins: dict[int, dict[str, NDArray[np.uint32]]]
    months: int


def replay(world: World, months: int, person: int | None, institution: int | None) -> Replay:
    """Simulate a world again, with a follower or watcher between its events.

    Args:
        world: What to simulate.
        months: Recorded months to replay.
        person: Identity of the person to follow.
        institution: Code of the institution to watch.
    """
    from hesim.app.session import act
    from hesim.levers.arms import BASELINE

    session: Session = begin(world)
    book = session.books[BASELINE]
    follower = None if person is None else Follower(person)
    watcher = None if institution is None else Watcher(institution)
    watching = [one for one in (follower, watcher) if one is not None]
    while session.month < months:
        levers = due(world, session.month)
        if levers is not None:
            act(book.model, levers)
        watched_month(book.model, watching)
        book.after_month()
    margins = book.record().margins
    return Replay(follower, watcher, book.model.employers.towns, margins, session.month)
