"""Have further replications simulated beside the run that is watched, for the intervals."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING, Any

from hesim.app.errands import Errands
from hesim.app.outcome_store import OutcomeStore
from hesim.app.outcomes import OutcomeFollower
from hesim.app.session import Session
from hesim.app.snapshot import ArmRecord
from hesim.app.worker import Workers, World, replicate
from hesim.levers.arms import BASELINE, POLICY
from hesim.outcomes.registry import at_full_scale

if TYPE_CHECKING:
    from hesim.record.archive import RecordCopy


class Others(Errands):
    """The further replications of one visitor's run.

    Attributes:
        wanted: How many are asked for, each arm counted.
    """

    def __init__(self, workers: Workers, store: OutcomeStore, show: Callable[[], None]) -> None:
        """Prepare, see `Errands`.

        Args:
            workers: Where the work is done.
            store: Remembers the outcomes by year, for the quick answer.
            show: Draws the present state.
        """
        super().__init__(workers, show)
        self._store = store
        self._waiting: list[Future[RecordCopy]] = []
        self._known: dict[World, ArmRecord] = {}
        self._turn = 0
        self._lock = threading.Lock()
        self.wanted = 0

    @property
    def pending(self) -> int:
        """How many are still to come."""
        return sum(not future.done() for future in self._waiting)

    def ask(self, session: Session, worlds: dict[str, list[World]]) -> None:
        """Have these worlds simulated, by arm; what is known already is not simulated again.

        Args:
            session: Gets them as they become whole, in order.
            worlds: By arm, in order of the replications.
        """
        turn = self.stop()
        flat = [
            (arm, worlds[arm][k])
            for k in range(max(map(len, worlds.values()), default=0))
            for arm in (BASELINE, POLICY)
            if k < len(worlds.get(arm, []))
        ]
        kept = {world for _, world in flat}
        self._known = {world: arm for world, arm in self._known.items() if world in kept}
        self.wanted = len(flat)
        with self._lock:
            if turn == self._turn:
                session.set_others({})
        tasks: list[tuple[str, World, Any]] = []
        for arm, world in flat:
            future = None
            if world not in self._known:
                future = self._workers.submit(replicate, world)
                self._waiting.append(future)
            tasks.append((arm, world, future))
        receive = partial(self._receive, session, tasks, turn)
        self._await(receive, "a further replication could not be simulated")

    def _receive(self, session: Session, tasks: list[tuple[str, World, Any]], turn: int) -> None:
        shown: dict[str, list[ArmRecord]] = {}
        for arm, world, future in tasks:
            if future is not None:
                record = future.result()
                self._store.put(world, at_full_scale(record.yearly(), session.scale))
                self._known[world] = ArmRecord(record, OutcomeFollower(record, session.places))
            shown.setdefault(arm, []).append(self._known[world])
            # Other levers may be on since: their replications are not to be mixed with these.
            with self._lock:
                if turn != self._turn:
                    return
                session.set_others(shown)
            self._show()

    def stop(self) -> int:
        """Give up what has not begun; the number of what is asked for from now on."""
        with self._lock:
            self._turn += 1
            turn = self._turn
        for future in self._waiting:
            future.cancel()
        self._waiting = []
        return turn

    def close(self) -> None:
        """Let everything go."""
        self.stop()
        self._known = {}
