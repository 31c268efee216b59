"""Count the runs that are here against the plan, and say what is missing and how to get it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hesim.execution.task import OK
from hesim.study.manifest import resume_command


class IncompleteStudy(UserWarning):
    """Runs of the study are missing, so its answers rest on fewer than were planned."""


@dataclass(frozen=True)
class Completeness:
    """How many of the planned runs of a study are here.

    Attributes:
        folder: The study.
        status: What the manifest says.
        planned: Runs of the plan: points by replications.
        whole: Planned runs that are here and ended well.
        failed: Planned runs that failed.
        points: Points of which some run is missing or failed.
        damaged: What is wrong with damaged files of rows.
        open_end: Whether more may be planned: a precision was asked and is not reached.
    """

    folder: Path
    status: str
    planned: int
    whole: int
    failed: int
    points: int
    damaged: tuple[str, ...] = ()
    open_end: bool = False

    @property
    def missing(self) -> int:
        """Planned runs of which nothing is here."""
        return self.planned - self.whole - self.failed

    @property
    def complete(self) -> bool:
        """Whether every planned run is here and ended well."""
        return self.whole == self.planned and not self.open_end

    @property
    def words(self) -> str:
        """What is missing and what to do; empty when all is here."""
        if self.complete:
            return ""
        said = [f"{self.whole:,} of {self.planned:,} runs are here"]
        resume = resume_command(self.folder)
        if self.missing:
            said[0] += f"; {resume} makes the others again"
            said.append(f"{self.points:,} points have fewer runs than planned.")
        elif self.open_end:
            said[0] += f"; {resume} adds those that the asked precision needs"
        if self.failed:
            again = resume_command(self.folder, "--retry-failed")
            said.append(f"{self.failed:,} failed; {again} tries them again.")
        if self.status == "running" and (self.missing or self.open_end):
            said.append("The study is still running, or was killed.")
        said[0] += "."
        said += [f"Damaged: {line.rstrip('.')}." for line in self.damaged]
        return " ".join(said)


def count_runs(
    folder: Path,
    manifest: Mapping[str, Any],
    points: int,
    states: Mapping[int, str],
    damaged: Sequence[str],
) -> Completeness:
    """Count runs against the plan, for each point and replication.

    Args:
        folder: The study.
        manifest: Its manifest.
        points: How many points it has.
        states: Status of each run that is here, by its number.
        damaged: What is wrong with damaged files of rows.
    """
    least = int(manifest["replications"])
    taken = manifest.get("replications_of_points")
    if not (isinstance(taken, list) and len(taken) == points):
        taken = [least] * points
    whole = failed = planned = 0
    short = set()
    for point, many in enumerate(taken):
        for replication in range(max(least, int(many))):
            planned += 1
            state = states.get(replication * points + point)
            whole += state == OK
            failed += state not in (OK, None)
            if state != OK:
                short.add(point)
    settings = manifest["facts"]["settings"].get("study", {})
    ended = manifest["status"] in ("complete", "incomplete")
    open_end = settings.get("precision") is not None and not ended
    return Completeness(
        folder,
        str(manifest["status"]),
        planned,
        whole,
        failed,
        len(short),
        tuple(damaged),
        open_end,
    )
