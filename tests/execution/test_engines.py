"""What engines do with tasks of any kind: groups, limits, losses, and what is handed out ahead."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import closing
from pathlib import Path

import processes
import pytest

from hesim.execution.engines.engine import EngineFailed
from hesim.execution.engines.processes import Processes
from hesim.execution.engines.serial import Serial
from hesim.execution.exchange import chunk_size, reports_in_pieces, reports_of
from hesim.execution.limits import Limits
from hesim.execution.task import (
    DIED,
    FAILED,
    OK,
    OUT_OF_MEMORY,
    TIMED_OUT,
    Calls,
    Loss,
    Month,
    OnMonth,
    Procedure,
    Report,
    Task,
)


@pytest.fixture
def marks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which processes leave their events."""
    monkeypatch.setenv("HESIM_TEST_FOLDER", str(tmp_path))
    return tmp_path


def process_of(shared: int, job: int) -> int:
    """The process that does a job, which waits until as many have begun as are to at once."""
    processes.mark(f"begun-{job}")
    folder = Path(os.environ["HESIM_TEST_FOLDER"])
    processes.until(lambda: len(list(folder.glob("begun-*"))) >= shared)
    return os.getpid()


def fault(shared: None, job: str) -> str:
    if job == "raises":
        raise ZeroDivisionError("on purpose")
    if job == "lacks memory":
        raise MemoryError
    if job == "hangs":
        processes.until(lambda: False)
    if job == "dies":
        os.kill(os.getpid(), signal.SIGKILL)
    return job


class Months(Procedure):
    """Tells months; cannot be prepared where the marks say so."""

    def prepare(self) -> None:
        if processes.marked("unprepared"):
            raise RuntimeError("no compiler here")

    def perform(self, task: Task, on_month: OnMonth) -> str:
        on_month(1, 2)
        on_month(2, 2)
        return task.content


def pool(procedure: Procedure, workers: int = 1, limits: Limits | None = None) -> Processes:
    return Processes(procedure, workers, limits or Limits())


def test_a_process_goes_on_with_the_group_that_it_has_begun(
    marks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hesim.execution.engines.processes.HELP", processes.HANG)
    tasks = [Task(number, number, group) for number, group in enumerate("aaabbb")]
    with closing(pool(Calls(process_of, 2, compiled=False), workers=2)) as engine:
        made = {one.number: one.made for one in reports_of(engine, [[task] for task in tasks])}
    assert len({made[0], made[1], made[2]}) == len({made[3], made[4], made[5]}) == 1
    assert made[0] != made[3]


def test_a_process_without_a_group_of_its_own_helps_with_another(marks: Path) -> None:
    chunks = [[Task(number, number, "a")] for number in range(2)]
    with closing(pool(Calls(process_of, 2, compiled=False), workers=2)) as engine:
        made = [report.made for report in reports_of(engine, chunks)]
    assert len(set(made)) == 2


def test_what_goes_wrong_is_one_report_and_the_process_is_replaced() -> None:
    jobs = ["well", "raises", "lacks memory", "hangs", "dies", "well"]
    seen: list[Month | Loss] = []
    with closing(pool(Calls(fault, compiled=False), limits=Limits(seconds=2.0))) as engine:
        chunk = [Task(number, job) for number, job in enumerate(jobs)]
        reports = list(reports_of(engine, [chunk], react=seen.append))
    expected = [OK, FAILED, OUT_OF_MEMORY, TIMED_OUT, DIED, OK]
    assert [report.status for report in reports] == expected
    assert [report.made for report in reports] == ["well", None, None, None, None, "well"]
    assert "ZeroDivisionError: on purpose" in reports[1].error
    assert reports[3].error == "took longer than the time limit of 2 s"
    assert "killed by signal 9" in reports[4].error and reports[4].error.endswith(", 2 times")
    assert [type(event) for event in seen] == [Loss] and seen[0].number == 4


@pytest.mark.parametrize("here", [True, False])
def test_months_come_before_the_report_of_their_task(marks: Path, here: bool) -> None:
    seen: list[object] = []
    with closing(Serial(Months()) if here else pool(Months())) as engine:
        for report in reports_of(engine, [[Task(7, "x")]], react=seen.append):
            seen.append((report.number, report.status, report.made))
    assert seen == [Month(7, 1, 2), Month(7, 2, 2), (7, OK, "x")]


def test_a_process_that_cannot_be_prepared_fails_its_task_and_is_tried_anew(marks: Path) -> None:
    with closing(pool(Months())) as engine:
        processes.mark("unprepared")
        [report] = engine.send([Task(0, "x")]).result()
        assert report.status == FAILED and "no compiler here" in report.error
        (marks / "unprepared").unlink()
        [report] = engine.send([Task(1, "x")]).result()
        assert report.made == "x"


class Ledger:
    """An engine that ends nothing by itself, and notes what it was given."""

    workers = chunks_a_worker = 1
    local = True

    def __init__(self) -> None:
        self.futures: list[Future[list[Report]]] = []

    def send(self, tasks: object, hear: object = None) -> Future[list[Report]]:
        self.futures.append(Future())
        return self.futures[-1]

    def close(self) -> None: ...

    def where(self) -> str:
        return "nowhere"


def test_chunks_are_asked_for_as_they_are_handed_out_and_given_up_at_the_end() -> None:
    asked: list[int] = []

    def chunks() -> Iterator[list[Task]]:
        for number in range(9):
            asked.append(number)
            yield [Task(number)]

    engine = Ledger()

    def end_one() -> None:
        engine.futures[len(asked) - 2].set_result([Report(0, OK, None, 0.0, "")])

    reports = reports_of(engine, chunks(), most=2, wait=end_one)
    next(reports)
    assert asked == [0, 1]
    next(reports)
    assert asked == [0, 1, 2]
    reports.close()
    assert [future.cancelled() for future in engine.futures] == [False, False, True]


def test_whatever_breaks_an_engine_is_one_kind_of_error() -> None:
    engine = Ledger()

    def breaks() -> None:
        engine.futures[0].set_exception(ConnectionError("gone"))

    with pytest.raises(EngineFailed, match="ConnectionError: gone"):
        list(reports_of(engine, [[Task(0)]], wait=breaks))


def test_chunks_take_about_the_wanted_time_and_reach_all_workers() -> None:
    assert chunk_size(0.1, 2.0, 10_000, 8) == 20
    assert chunk_size(0.1, 0.0, 10_000, 8) == 1
    assert chunk_size(0.001, 60.0, 80, 8) == 10
    assert chunk_size(5.0, 1.0, 80, 8) == 1


class AtOnce(Ledger):
    """An engine that does everything at once, each task in a tenth of a second."""

    workers, chunks_a_worker = 2, 2

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[list[int]] = []

    def send(self, tasks: Sequence[Task], hear: object = None) -> Future[list[Report]]:  # type: ignore[override]
        self.pieces.append([task.number for task in tasks])
        future: Future[list[Report]] = Future()
        future.set_result([Report(task.number, OK, None, 0.1, "") for task in tasks])
        return future


@pytest.mark.parametrize(
    ("target", "sizes"), [(0.0, [1] * 13), (0.25, [1, 2, 2, 2, 2, 2, 2]), (60.0, [1, 3, 3, 3, 3])]
)
def test_one_task_tells_how_many_make_a_piece(target: float, sizes: list[int]) -> None:
    engine = AtOnce()
    made = list(reports_in_pieces(engine, [Task(number) for number in range(13)], target))
    assert sorted(report.number for report in made) == list(range(13))
    assert [len(piece) for piece in engine.pieces] == sizes
