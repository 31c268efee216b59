"""Replay a world from its settings and keys, to tell one person's or one institution's story."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hesim.app.worker import World, play
from hesim.story.institution import Watcher
from hesim.story.person import Follower


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
    follower = None if person is None else Follower(person)
    watcher = None if institution is None else Watcher(institution)
    book = play(world, months, [one for one in (follower, watcher) if one is not None])
    margins = book.record().margins
    return Replay(follower, watcher, book.model.employers.towns, margins, book.months)
