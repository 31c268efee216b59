"""Conduct one study in a process of its own and print what it took, for the benchmarks.

`python -m benchmarks.studying MODEL OVERRIDE ...`; MODEL is `instant` or `model`.
"""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hesim.config import Settings

OUTCOMES, YEARS = 32, 10


def instant(settings: Settings, replication: int) -> dict[str, NDArray[np.float64]]:
    """As many outcomes and years as a run of ten years leaves, in no time."""
    rng = np.random.default_rng(replication)
    names = ["wo_to_hbo", *(f"outcome_{k}" for k in range(OUTCOMES - 1))]
    return dict(zip(names, rng.normal(100.0, 10.0, (OUTCOMES, YEARS)), strict=True))


def conduct(model: str, overrides: list[str]) -> dict[str, Any]:
    """Run a study and watch its conductor.

    Returns:
        `runs`; `wall` from the end of the pilot to the last run; `seconds` that runs took
        meanwhile; `memory` of this process in MB after the first flush and at most afterwards;
        `files` of the folder at most.
    """
    import psutil

    from benchmarks.studying import instant as importable
    from hesim.study import session, start, store

    seen: dict[str, Any] = {"memory": [], "files": 0, "seconds": 0.0, "wall": 0.0}
    flush, add, work = store.Store.flush, store.Store.add, session.conduct

    def watched_flush(self: Any) -> None:
        flush(self)
        seen["memory"].append(psutil.Process().memory_info().rss / 1e6)
        files = sum(1 for _ in self.folder.rglob("*"))
        seen["files"] = max(seen["files"], files)

    def watched_add(self: Any, report: Any) -> None:
        seen["seconds"] += report.seconds
        add(self, report)

    def watched_work(*given: Any) -> None:
        seen["seconds"] = 0.0
        began = time.perf_counter()
        work(*given)
        seen["wall"] = time.perf_counter() - began

    store.Store.flush = watched_flush  # type: ignore[method-assign]
    store.Store.add = watched_add  # type: ignore[method-assign]
    session.conduct = watched_work
    made = start(overrides, simulate=importable if model == "instant" else None)
    assert made is not None
    memory = seen.pop("memory")
    seen["memory"] = [memory[0], max(memory)]
    seen["runs"] = int(made.query("select count(*) as n from status")["n"][0])
    return seen


if __name__ == "__main__":
    print(json.dumps(conduct(sys.argv[1], sys.argv[2:])))
