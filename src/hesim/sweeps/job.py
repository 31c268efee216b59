"""Do one job of a sweep: a run or a study, its row of the table, and its objective."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from hesim.input.problems import ConfigErrors
from hesim.study.answers.objective import (
    NoObjective,
    Objective,
    objective_of_run,
    objective_of_study,
)
from hesim.study.console import Console, Show
from hesim.sweeps import table


@dataclass(frozen=True)
class SweepTask:
    """What all jobs of a sweep have in common; launchers send it to other processes.

    Attributes:
        kind: `run` or `study`.
        fixed: Overrides that all jobs have.
        sigils: What stands before settings that vary, where something does.
        config: Folder of the user's own settings files.
        folder: Folder of the sweep.
        apart: Give each job a folder below that of the sweep.
        show: What runs and studies print.
    """

    kind: str
    fixed: tuple[str, ...]
    sigils: dict[str, str]
    config: Path | None
    folder: Path
    apart: bool
    show: Show = True

    def __call__(self, config: Any) -> float:
        """Do the job that Hydra has come to.

        Args:
            config: What Hydra composed. It holds nothing but what varies.

        Returns:
            The objective, which Optuna's sweeper improves.

        Raises:
            Exception: whatever the run or study ended in; Hydra goes on with the next job.
        """
        from hydra.core.global_hydra import GlobalHydra
        from hydra.core.hydra_config import HydraConfig

        of_hydra = HydraConfig.get()
        lines = [str(line) for line in of_hydra.overrides.task]
        number = int(of_hydra.job.num)
        # hesim composes with Hydra too, which allows one at a time; the sweep needs it no more.
        GlobalHydra.instance().clear()
        lines = [self.sigils.get(line.partition("=")[0], "") + line for line in lines]
        return self.do(number, lines)

    def do(self, number: int, lines: list[str]) -> float:
        """Do a job, and write its row before and after.

        Args:
            number: Number of the job.
            lines: What varies, as overrides.
        """
        row = table.SweepJob(number, " ".join(lines))
        Console(self.show).note(f"hesim: job {number}: {row.overrides}")
        table.write_row(self.folder, row)
        begun = time.monotonic()
        overrides = [*self.fixed, *lines]
        if self.apart:
            overrides.append(f'output="{self.folder / str(number)}"')
        try:
            folder, status, ask = self._simulate(overrides)
            row = replace(row, folder=str(folder), status=status)
            found = ask()
            row = replace(row, objective=found.value, unit=found.unit, arm=found.arm)
        except BaseException as error:
            if row.status == table.RUNNING:
                told = "interrupted" if isinstance(error, KeyboardInterrupt) else "failed"
                row = replace(row, status=told)
            row = replace(row, words=words_of(error))
            raise
        finally:
            table.write_row(self.folder, replace(row, seconds=time.monotonic() - begun))
        return found.value

    def _simulate(self, overrides: list[str]) -> tuple[Path, str, Callable[[], Objective]]:
        """Make the run or study of a job: its folder, its status, and what reads its objective."""
        from hesim.scenario import compose

        if self.kind == "study":
            from hesim.study.launch import start

            study = start(overrides, self.config, show=self.show)
            assert study is not None
            return study.folder, str(study.manifest["status"]), partial(objective_of_study, study)
        from hesim.api import run

        settings = compose(overrides, self.config)
        made = run(settings=settings, show=self.show)
        ask = partial(objective_of_run, made, settings)
        return made.folder, str(made.manifest["status"]), ask


def words_of(error: BaseException) -> str:
    """What went wrong, in one line."""
    told = str(error).strip()
    if isinstance(error, ConfigErrors):
        told = "; ".join(map(str, error.problems))
    elif not isinstance(error, NoObjective):
        told = f"{type(error).__name__}: {told}" if told else type(error).__name__
    return " ".join(told.split())
