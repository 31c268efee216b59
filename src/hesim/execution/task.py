"""What engines do: tasks, how each is done, and what comes back.

An engine knows nothing of runs, studies and calibrations. Whoever uses one hands in a procedure,
which travels once to each process, and tasks, which the procedure carries out one by one.
"""

from __future__ import annotations

import time
import traceback
from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

OnMonth = Callable[[int, int], None]
"""Called after each month of a task with the months done and the months in all."""

OK, FAILED, TIMED_OUT, OUT_OF_MEMORY, DIED = "ok", "failed", "timed_out", "out_of_memory", "died"


class Task(NamedTuple):
    """One thing to do.

    Attributes:
        number: Names it among the tasks of its procedure.
        content: What it is about; the procedure understands it.
        group: The same for tasks that are cheaper when one process does them in turn.
    """

    number: int
    content: Any = None
    group: Hashable = None


class Report(NamedTuple):
    """What became of a task.

    Attributes:
        number: Of the task.
        status: `ok`, `failed`, `timed_out`, `out_of_memory` or `died`.
        made: What the procedure gave; None unless `ok`.
        seconds: Wall time.
        error: What went wrong, with its traceback.
    """

    number: int
    status: str
    made: Any
    seconds: float
    error: str


class Month(NamedTuple):
    """A month of a task has passed."""

    number: int
    done: int
    total: int


class Loss(NamedTuple):
    """A task has lost its process and is tried again."""

    number: int
    words: str


Hear = Callable[[Month | Loss], None]
"""Called with what happens to a task before it ends, from whatever thread."""


def deaf(event: Month | Loss) -> None:
    """Do nothing about what happens to a task before it ends."""


class Procedure(ABC):
    """How tasks are done; pickled once for each process."""

    @property
    def own_function(self) -> object:
        """A function of the caller's own in it, which other processes must be able to import."""
        return None

    def prepare(self) -> None:
        """Load and compile what all tasks need; no task's time limit counts it."""
        from hesim.model.warming import compile_kernels

        compile_kernels()

    @abstractmethod
    def perform(self, task: Task, on_month: OnMonth) -> Any:
        """Do a task.

        Args:
            task: Which one.
            on_month: May be called after each month.

        Returns:
            What it gives; it is pickled on its way back.
        """

    def with_data(self, folder: Path) -> Procedure:
        """The same procedure with the files that travelled with it in another folder."""
        return self


@dataclass(frozen=True)
class Calls(Procedure):
    """Calls a function with what all tasks share and with each task's content.

    Attributes:
        function: It stands in a module.
        shared: What all tasks share.
        compiled: Whether it runs worlds, so that the model is compiled first.
    """

    function: Callable[[Any, Any], Any]
    shared: Any = None
    compiled: bool = True

    @property
    def own_function(self) -> object:
        """What is called."""
        return self.function

    def prepare(self) -> None:
        """Compile the model where it is needed."""
        if self.compiled:
            super().prepare()

    def perform(self, task: Task, on_month: OnMonth) -> Any:
        """Call the function."""
        return self.function(self.shared, task.content)


def perform(procedure: Procedure, task: Task, on_month: OnMonth) -> Report:
    """Do a task; an error becomes words."""
    start = time.perf_counter()
    try:
        made = procedure.perform(task, on_month)
    except Exception as error:  # noqa: BLE001 - whatever went wrong is told where results are kept
        status = OUT_OF_MEMORY if isinstance(error, MemoryError) else FAILED
        seconds = time.perf_counter() - start
        return Report(task.number, status, None, seconds, traceback.format_exc())
    return Report(task.number, OK, made, time.perf_counter() - start, "")
