"""Have the stories of a person and of an institution replayed, and hold what came back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from functools import partial

import numpy as np

from hesim import categories as c
from hesim.app.errands import Errands
from hesim.app.replay import Replay, replay
from hesim.app.worker import Workers, World
from hesim.record.live import LiveRecord
from hesim.record.reader import Record

Asked = tuple[str, int, int, tuple[World, ...]]
"""Kind (`person`, `institution`), its number, months, worlds: what a replay was asked for."""
FOLLOWED = tuple(c.ROLES[:7])
"""Roles among which somebody to follow can be drawn."""


class Stories(Errands):
    """The replays of one visitor.

    Attributes:
        found: By kind, the replay of each arm.
        learned: The last replay of each arm, whatever it was for.
        waiting: Kinds that are being replayed.
    """

    def __init__(self, workers: Workers, show: Callable[[], None]) -> None:
        """Prepare, see `Errands`."""
        super().__init__(workers, show)
        self.learned: dict[str, Replay] = {}
        self.found: dict[str, dict[str, Replay]] = {}
        self.asked: dict[str, Asked] = {}
        self.waiting: set[str] = set()
        self._futures: dict[str, list[Future[Replay]]] = {}

    def ask(self, kind: str, number: int, months: int, worlds: Mapping[str, World]) -> None:
        """Have a story replayed, unless it is known or on its way.

        Args:
            kind: `person` or `institution`.
            number: Identity of the person, or code of the institution.
            months: Months to replay.
            worlds: By arm.
        """
        asked = (kind, number, months, tuple(worlds.values()))
        if self.asked.get(kind) == asked:
            return
        for future in self._futures.get(kind, []):
            future.cancel()
        self.asked[kind] = asked
        self.waiting.add(kind)
        self.failed = None
        who = (number, None) if kind == "person" else (None, number)
        futures = {
            arm: self._workers.submit(replay, world, months, *who) for arm, world in worlds.items()
        }
        self._futures[kind] = list(futures.values())
        receive = partial(self._receive, asked, futures)
        self._await(receive, "a story could not be replayed", partial(self._forsake, asked))

    def _receive(self, asked: Asked, futures: dict[str, Future[Replay]]) -> None:
        kind = asked[0]
        found = {arm: future.result() for arm, future in futures.items()}
        if self.asked.get(kind) == asked:
            self.found[kind] = self.learned = found
            self.waiting.discard(kind)
            self._show()

    def _forsake(self, asked: Asked) -> bool:
        """Wait no longer for a story; says whether it is the one that was asked for last."""
        kind = asked[0]
        if self.asked.get(kind) != asked:
            return False
        self.waiting.discard(kind)
        del self.asked[kind]
        return True

    def forget(self) -> None:
        """Let all stories go, as the run begins anew."""
        for futures in self._futures.values():
            for future in futures:
                future.cancel()
        self.found, self.asked, self.waiting, self._futures = {}, {}, set(), {}


def draw_person(record: Record, role: str, crossed: bool) -> int | None:
    """Draw somebody to follow at random.

    Args:
        record: The replication watched.
        role: Role that the person has now (or had, when moving).
        crossed: Only those who went from wo to hbo or back.

    Returns:
        An identity, or None when there is nobody.
    """
    generator = np.random.default_rng()
    code = c.ROLES.index(role)
    if isinstance(record, LiveRecord) and not crossed:
        ids, roles = record.people
        rows = np.flatnonzero(roles == code)
        return int(ids[generator.choice(rows)]) if rows.size else None
    moved = record.movers()
    mine = (moved.origin_role == code) | (moved.target_role == code)
    if crossed:
        inside = moved.month < record.months
        hbo_in = moved.group == c.MOVER_GROUPS.index("hbo_in")
        wo_in = moved.group == c.MOVER_GROUPS.index("wo_in")
        wo, hbo = c.WO_ROLES, c.HBO_ROLES
        there = hbo_in & np.isin(moved.origin_role, wo)
        back = wo_in & np.isin(moved.origin_role, hbo)
        mine = inside & (there | back)
    rows = np.flatnonzero(mine)
    return int(moved.person[generator.choice(rows)]) if rows.size else None
