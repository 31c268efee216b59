"""Simulate in this process, one run after another."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future

from hesim.execution.simulate import forget_trunk
from hesim.study.task import Orders, Report, Task, perform


class Serial:
    """An engine without other processes: an error is caught, but nothing limits time or memory."""

    workers = 1
    chunks_a_worker = 1

    def __init__(self, orders: Orders) -> None:
        self.orders = orders

    def send(self, tasks: Sequence[Task]) -> Future[list[Report]]:
        """Run the tasks at once."""
        future: Future[list[Report]] = Future()
        future.set_result([perform(self.orders, task) for task in tasks])
        return future

    def close(self) -> None:
        """Nothing was started; the months that runs shared are given up."""
        forget_trunk()

    def where(self) -> str:
        """Say where runs are simulated."""
        return "in this process"
