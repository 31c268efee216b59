"""Run the model from Python and read what a run left behind."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hesim.config import ConfigErrors, Problem, Settings, compose
from hesim.run import outputs, screen
from hesim.run.arithmetic import arithmetic, text_of
from hesim.run.manifest import write_manifest
from hesim.run.replications import Simulate, run_replications, simulate_one
from hesim.run.summary import COLUMNS, summarise
from hesim.tables import ReportTables, read

if TYPE_CHECKING:
    import pandas as pd

    from hesim.survey.replicate import Replication

SHORT = {"scale": "population.scale"}
"""Names of Python's keywords for settings whose dotted path is no keyword."""


class RunFailed(RuntimeError):
    """Every replication failed; the message holds the first error."""


@dataclass(frozen=True)
class Run:
    """What a run left behind; each table is read when asked for."""

    folder: Path

    @cached_property
    def stocks(self) -> pd.DataFrame:
        """Persons and fte by month and group."""
        return self._parquet("stocks")

    @cached_property
    def flows(self) -> pd.DataFrame:
        """Moves by month, origin and destination."""
        return self._parquet("flows")

    @cached_property
    def movers(self) -> pd.DataFrame:
        """One row for each move in or out of hbo and wo."""
        return self._parquet("movers")

    @cached_property
    def vacancies(self) -> pd.DataFrame:
        """One row for each vacancy."""
        return self._parquet("vacancies")

    @cached_property
    def survey(self) -> pd.DataFrame:
        """The report's tables as simulated respondents answered them."""
        return self._csv("survey", {"table": str})

    @cached_property
    def summary(self) -> pd.DataFrame:
        """Outcomes by year with intervals."""
        return self._csv("summary", {"year": str})

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """How the run was made."""
        import json

        text = (self.folder / "manifest.json").read_text(encoding="utf-8")
        content: dict[str, Any] = json.loads(text)
        return content

    @cached_property
    def settings(self) -> dict[str, Any]:
        """The settings as nested dictionaries."""
        import yaml

        text = (self.folder / "config.yaml").read_text(encoding="utf-8")
        content: dict[str, Any] = yaml.safe_load(text)
        return content

    def _parquet(self, name: str) -> pd.DataFrame:
        import pandas as pd

        return pd.read_parquet(self.folder / f"{name}.parquet")

    def _csv(self, name: str, types: dict[str, Any]) -> pd.DataFrame:
        import pandas as pd

        return pd.read_csv(self.folder / f"{name}.csv", dtype=types)


def load(folder: str | Path) -> Run:
    """Open the folder of an earlier run."""
    path = Path(folder)
    if not (path / "manifest.json").is_file():
        raise FileNotFoundError(f"{path} holds no run: there is no manifest.json in it")
    return Run(path)


def run(
    *,
    settings: Settings | None = None,
    show: bool = False,
    simulate: Simulate | None = None,
    **overrides: object,
) -> Run:
    """Simulate all replications and write the results.

    Args:
        settings: Composed settings; else they are composed from the overrides.
        show: Print progress and results.
        simulate: Another model; it must be importable by name when workers > 1.
        **overrides: Settings, as `years=5`, `scale=0.1` or `**{"population.scale": 0.1}`.

    Raises:
        ConfigErrors: settings that cannot hold, or an output folder that exists.
        RunFailed: every replication failed.
    """
    if settings is None:
        settings = compose(extra={SHORT.get(key, key): value for key, value in overrides.items()})
    elif overrides:
        raise TypeError("give settings or overrides, not both")
    wall, cpu = time.perf_counter(), time.process_time()
    data = settings["data"]
    tables = read(None if data is None else Path(str(data)))
    folder = _output(settings)
    work = _workplace(folder)
    told = screen.Screen(settings, show)
    good: list[Replication] = []
    failed: dict[int, str] = {}
    status = "complete"
    try:
        try:
            _simulate(settings, simulate, told, good, failed)
        except KeyboardInterrupt:
            status = "interrupted"
        good.sort(key=lambda each: each.number)
        if status == "complete" and failed:
            status = "incomplete" if good else "failed"
        rows = _write(work, settings, tables, good, status)
        write_manifest(
            work,
            status=status,
            data_sha256=tables.hashes,
            seed=settings.integer("seed"),
            replications={
                "asked": settings.integer("replications"),
                "done": [each.number for each in good],
                "failed": {str(number): words for number, words in sorted(failed.items())},
            },
            changed_settings=list(settings.changed()),
            output=str(folder),
            milliseconds_a_month=_milliseconds(settings, good),
            workers=_workers(settings),
            wall_seconds=round(time.perf_counter() - wall, 2),
            cpu_seconds=round(time.process_time() - cpu + _children_seconds(), 2),
        )
        work.rename(folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    if status == "interrupted":
        told.say(f"Interrupted; the replications that were whole are in {folder}")
        raise KeyboardInterrupt
    if status == "failed":
        raise RunFailed(f"every replication failed; see {folder}\n{failed[min(failed)]}")
    for number, words in sorted(failed.items()):
        told.say(f"replication {number} failed:\n{words}")
    made = Run(folder)
    told.finish(
        made, rows, {key: tables.macro_value(*where) for key, where in screen.INPUTS.items()}
    )
    if settings.flag("profile"):
        told.profile(made.manifest["milliseconds_a_month"])
    if settings.flag("check"):
        told.say(text_of(arithmetic(made, settings, tables)))
    return Run(folder)


def _workers(settings: Settings) -> int:
    asked = settings["workers"]
    count = settings.integer("workers") if asked is not None else os.cpu_count() or 1
    return max(1, min(count, settings.integer("replications")))


def _children_seconds() -> float:
    spent = os.times()
    return spent.children_user + spent.children_system


def _simulate(
    settings: Settings,
    simulate: Simulate | None,
    told: screen.Screen,
    good: list[Replication],
    failed: dict[int, str],
) -> None:
    if simulate is None:
        # Compiled once here, so that the workers find the result on disk.
        from hesim.model.warming import compile_kernels

        told.say("Compiling the model (the first time about 20 seconds) ...")
        compile_kernels()
        simulate = simulate_one
    told.start()
    try:
        for number, made, error in run_replications(settings, _workers(settings), simulate):
            if made is not None:
                good.append(made)
            else:
                failed[number] = error or "no reason known"
            told.ended(len(good), len(failed))
    finally:
        told.stop()


def _milliseconds(settings: Settings, good: list[Replication]) -> dict[str, float]:
    """CPU milliseconds a month by event, the mean over replications."""
    months = settings.integer("burn_in") + 12 * settings.integer("years")
    events = list(good[0].profile) if good else []
    return {
        event: round(1000.0 * sum(r.profile[event] for r in good) / len(good) / months, 4)
        for event in events
    }


def _output(settings: Settings) -> Path:
    given = settings["output"]
    if given is None:
        parent = Path("outputs") / "runs"
        stamp = datetime.now().strftime("%Y-%m-%d_%H-%M-%S")
        folder, again = parent / stamp, 1
        while folder.exists():
            again += 1
            folder = parent / f"{stamp}_{again}"
        return folder.absolute()
    folder = Path(str(given)).absolute()
    if folder.exists():
        raise ConfigErrors([Problem("output", str(given), "exists already; name a new folder")])
    return folder


def _workplace(folder: Path) -> Path:
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        inside = tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".part", dir=folder.parent)
    except OSError as error:
        words = f"cannot be written ({error.strerror}); name a folder that can"
        raise ConfigErrors([Problem("output", str(folder), words)]) from None
    # mkdtemp lets only the owner in; results are for whoever can read the parent.
    Path(inside).chmod(0o755)
    return Path(inside)


def _write(
    work: Path,
    settings: Settings,
    tables: ReportTables,
    good: list[Replication],
    status: str,
) -> list[dict[str, object]]:
    outputs.put(work / "config.yaml", settings.yaml().encode())
    if not good:
        return []
    from hesim.survey.outcomes import OUTCOMES

    kinds = settings["export"] or []
    asked = kinds if isinstance(kinds, list | tuple) else [kinds]
    outputs.write_tables(work, good, tuple(str(kind) for kind in asked))
    first = int(settings.text("start")[:4])
    rows = summarise(good, first, settings.number("population.scale"), OUTCOMES)
    outputs.write_rows(work / "summary.csv", COLUMNS, rows)
    if settings.flag("figures") and status != "interrupted":
        import pyarrow.parquet as pq

        from hesim.figures import draw_all

        survey = [row for each in good for row in each.survey]
        margins = [each.margins for each in good]
        flows = pq.read_table(work / "flows.parquet")
        draw_all(work / "figures", rows, flows, survey, margins, settings, tables)
    return rows
