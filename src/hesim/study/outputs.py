"""What becomes of the reports of a session: the rows of a study, or the files of a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from hesim.execution.engines.engine import EngineFailed
from hesim.execution.task import OK, Report


class Outputs(Protocol):
    """Where the reports of a session go, and how it ends."""

    @property
    def states(self) -> Mapping[int, str]:
        """Status of the runs that have ended, by number."""

    def add(self, report: Report) -> None:
        """Keep a report."""

    def flush(self) -> None:
        """Have on disk what is to be there while the session goes on."""

    def settle(self) -> None:
        """Write what needs all reports; an interrupt may stop it."""

    def end(self, status: str) -> None:
        """Note how the session ended: `complete`, `incomplete` or `interrupted`."""

    def stop(self, error: EngineFailed | OSError) -> None:
        """Do what is to be done when the engine is gone or results cannot be written.

        It returns where what came back is to be settled nevertheless, and raises otherwise.
        """


def failures(states: Mapping[int, str]) -> list[int]:
    """Numbers of the runs that failed, in order."""
    return sorted(number for number, status in states.items() if status != OK)
