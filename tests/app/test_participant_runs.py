"""What levers did for those who took part, worked out on the page: as a run's files tell it."""

from __future__ import annotations

import math
from concurrent.futures import Future
from pathlib import Path
from typing import Any, cast

import pytest

from hesim.app.folder import folder_settings
from hesim.app.levers import recorded_words
from hesim.app.participant_runs import ParticipantRuns, count_pair
from hesim.app.worker import Workers, World
from hesim.cli import main
from hesim.record.run_folder import Run

SMALL = ("population.scale=0.02", "years=2", "burn_in=1", "start=2013-01", "engine=serial")
LEVERS = ("levers=[meet_and_greet,single_cao]", "levers.meet_and_greet.reach.share=0.5")


class AtOnce:
    """Workers that do their tasks when they are asked."""

    closed = False

    def submit(self, task: Any, *given: Any, lane: str = "whole") -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(task(*given))
        return future


def test_pairs_are_counted_as_a_run_counts_them(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    more = ("replications=2", "workers=1", "figures=false")
    assert main(["run", *SMALL, *LEVERS, *more, f"output={folder}"]) == 0
    words = tuple(recorded_words(folder_settings(folder).mapping("levers")))
    runs = ParticipantRuns(cast(Workers, AtOnce()), lambda: None)
    assert runs.rows(0, "A") is None
    worlds = [World(SMALL, None, "{}", ((0, words),), number) for number in range(2)]
    counts = [count_pair(world, ("meet_and_greet",)) for world in worlds]
    runs.asked, runs._counts = tuple(worlds), counts
    # The levers start in January 2014, so that a year comes before them.
    found = runs.rows(1, "A")
    assert found is not None
    wanted = Run(folder).participants_summary.to_dict("records")
    assert wanted and len(found) == len(wanted)
    for mine, row in zip(found, wanted, strict=True):
        assert mine["grade"] == "assumed"
        for name, value in row.items():
            if isinstance(value, float):
                same = math.isnan(value) and math.isnan(mine[str(name)])
                assert same or mine[str(name)] == pytest.approx(value, abs=1e-3), (name, row)
            else:
                assert mine[str(name)] == value


def test_what_is_asked_again_is_not_simulated_again() -> None:
    asked: list[Any] = []

    class Counting(AtOnce):
        def submit(self, task: Any, *given: Any, lane: str = "whole") -> Future[Any]:
            asked.append(given[0])
            return Future()

    runs = ParticipantRuns(cast(Workers, Counting()), lambda: None)
    worlds = [World((), None, "{}", (), number) for number in range(3)]
    runs.ask(worlds, ("meet_and_greet",))
    runs.ask(worlds, ("meet_and_greet",))
    assert asked == worlds and runs.come == 0 and runs.rows(0, "A") is None
    # Other levers are other worlds: what was on its way is given up.
    before = list(runs._futures)
    runs.ask(worlds[:1], ("meet_and_greet",))
    assert all(future.cancelled() for future in before) and len(asked) == 4
    runs.stop()
    assert runs.asked == () and runs.come == 0
