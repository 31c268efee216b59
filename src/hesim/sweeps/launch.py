"""Hand a sweep over to Hydra, gather its table, and say what came of it."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from hesim.config.composition import stored
from hesim.config.nodes import Node
from hesim.config.trees import tree_of
from hesim.input import userfile
from hesim.input.problems import ConfigErrors, Problem
from hesim.process import signals
from hesim.record.folders import new_folder
from hesim.study.answers.objective import better_of
from hesim.study.console import Console, Show
from hesim.sweeps import table
from hesim.sweeps.job import SweepTask, words_of
from hesim.sweeps.words import SweepPlan, plan_sweep

DEFAULT = Path("outputs") / "multirun"
"""Where the tables of sweeps go; under the current folder."""
QUIET = (
    "hydra.output_subdir=null",
    "hydra/job_logging=disabled",
    "hydra/hydra_logging=disabled",
    "hydra.run.dir=.",
    "hydra.sweep.subdir=.",
)
"""Hydra's logging and folders are off: runs and studies have their own."""
OF_HYDRA = "multirun.yaml"
"""Hydra's own file about a sweep; the table says the same and more."""
PLUGINS = "pip install hydra-optuna-sweeper hydra-joblib-launcher hydra-submitit-launcher"
SAMPLERS = "optuna.samplers."
"""Where Optuna's samplers stand, which its sweeper calls."""


def sweep(
    kind: str | None,
    words: Sequence[str],
    config: str | Path | None = None,
    show: Show = True,
    hand: Callable[[Path, Sequence[table.SweepJob]], None] | None = None,
) -> int:
    """Do one run or study for each combination that Hydra's sweeper comes to.

    Args:
        kind: `run` or `study`; None takes a study where `study.*` asks something.
        words: Overrides; those with several values vary.
        config: The user's own settings files.
        show: What the jobs and the sweep print.
        hand: Is handed the table's file and its rows at the end.

    Returns:
        0 if all jobs are whole, else 1.

    Raises:
        ConfigErrors: words that cannot hold; nothing is written then.
        KeyboardInterrupt: after the table was written.
    """
    plan = plan_sweep(kind, words, config)
    given = [*plan.hydra]
    optuna = any(line == "hydra/sweeper=optuna" for line in given)
    if optuna and not any("hydra.sweeper.direction=" in line for line in given):
        given.append(
            f"hydra.sweeper.direction={'maximize' if plan.better == 'more' else 'minimize'}"
        )
    _refuse_strangers(plan, given)
    wanted = DEFAULT / f"{datetime.now():%Y-%m-%d_%H-%M-%S}"
    if plan.output is not None:
        wanted = userfile.place(plan.output)
    with new_folder(wanted.absolute(), plan.output is not None) as lease:
        folder = lease.folder
    task = SweepTask(
        plan.kind,
        plan.fixed,
        {each.key: each.sigil for each in plan.swept if each.sigil},
        None if plan.config is None else plan.config.absolute(),
        folder,
        plan.output is not None,
        show,
    )
    Console(show).note(f"hesim: a sweep of {plan.kind} jobs; table: {folder / table.TABLE}")
    stopped = None
    with signals.interrupts():
        try:
            with _hydra(plan) as hydra:
                hydra.multirun("config", task, _lines(plan, given, folder), False)
        except Exception as error:  # noqa: BLE001 - launchers raise what their jobs ended in
            stopped = error
        finally:
            jobs = table.close(folder)
            (folder / OF_HYDRA).unlink(missing_ok=True)
    if hand is not None:
        hand(folder / table.TABLE, jobs)
    return _tell(folder, jobs, plan.better, stopped, Console(show).say)


@contextmanager
def _hydra(plan: SweepPlan) -> Iterator[Any]:
    """Hydra, with a configuration of its own that holds the names of what varies alone."""
    from hydra import initialize
    from hydra.core.global_hydra import GlobalHydra

    names = tree_of({each.key: None for each in plan.swept})
    with (
        stored({"config.yaml": Node("", names)}),
        initialize(config_path=None, job_name="hesim", version_base="1.3"),
    ):
        yield GlobalHydra.instance().hydra


def _lines(plan: SweepPlan, given: Sequence[str], folder: Path | None) -> list[str]:
    """What Hydra is handed."""
    of_sweep = [] if folder is None else [f'hydra.sweep.dir="{folder}"']
    return [*(f"{each.key}={each.word}" for each in plan.swept), *given, *QUIET, *of_sweep]


def _refuse_strangers(plan: SweepPlan, given: Sequence[str]) -> None:
    """Look at what Hydra would call before it does: its sweepers and launchers, and nothing else.

    Raises:
        ConfigErrors: it would call something else, or does not understand the words.
    """
    from hydra.core.plugins import Plugins
    from hydra.errors import HydraException
    from hydra.plugins.launcher import Launcher
    from hydra.plugins.sweeper import Sweeper
    from hydra.types import RunMode
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    with _hydra(plan) as hydra:
        try:
            made = hydra.compose_config("config", _lines(plan, given, None), RunMode.MULTIRUN)
        except (HydraException, OmegaConfBaseException, ImportError) as error:
            raise ConfigErrors([_not_understood(given, error)]) from error
        of_hydra: Any = OmegaConf.to_container(made.hydra, resolve=False)
        known = {
            f"{one.__module__}.{one.__qualname__}"
            for kind in (Sweeper, Launcher)
            for one in Plugins.instance().discover(kind)
        }
    problems = [
        Problem(f"hydra.{path}", target, "a sweep calls only Hydra's own sweepers and launchers")
        for part in ("sweeper", "launcher", "callbacks")
        for path, target in _targets(of_hydra[part], part)
        if target not in known and not (part == "sweeper" and target.startswith(SAMPLERS))
    ]
    if problems:
        raise ConfigErrors(problems)


def _targets(node: object, path: str) -> Iterator[tuple[str, str]]:
    """Path and name of everything that would be called."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "_target_":
                yield path, str(value)
            else:
                yield from _targets(value, f"{path}.{key}")
    elif isinstance(node, list):
        for value in node:
            yield from _targets(value, path)


def _not_understood(given: Sequence[str], error: Exception) -> Problem:
    """Name the word that Hydra stumbles over, and the way to a plugin that is not here."""
    from hydra.core.config_store import ConfigStore
    from hydra.core.object_type import ObjectType

    store = ConfigStore.instance()
    for line in given:
        group, _, name = line.partition("=")
        if group in ("hydra/sweeper", "hydra/launcher"):
            if store.get_type(f"{group}/{name}.yaml") == ObjectType.CONFIG:
                continue
            here = [each.removesuffix(".yaml") for each in store.list(group) if ".yaml" in each]
            allowed = f"is not installed; there are {', '.join(here)} (more: {PLUGINS})"
            return Problem(group, name, allowed)
    return Problem(" ".join(given), None, " ".join(str(error).split()))


def _tell(
    folder: Path,
    jobs: Sequence[table.SweepJob],
    better: str,
    stopped: Exception | None,
    say: Callable[[str], None],
) -> int:
    """Say what came of the jobs, and whether all are whole."""
    wrong = [each for each in jobs if each.status != table.COMPLETE or each.words]
    values = {each.job: each.objective for each in jobs}
    best = better_of(values, better)
    say(f"\n{len(jobs)} jobs, {len(jobs) - len(wrong)} of them complete.")
    say(f"Table: {folder / table.TABLE}")
    if best is not None and len(jobs) > 1:
        one = next(each for each in jobs if each.job == best)
        say(f"Best: job {one.job} ({one.overrides}): {one.objective:.4g} {one.unit}, {one.arm}")
    for each in wrong:
        told = f": {each.words}" if each.words else ""
        print(f"hesim: job {each.job} ({each.overrides}) is {each.status}{told}", file=sys.stderr)
    if stopped is not None and not wrong:
        print(f"hesim: the sweep stopped: {words_of(stopped)}", file=sys.stderr)
    if jobs and all(math.isnan(value) for value in values.values()):
        print("hesim: no job handed an objective back", file=sys.stderr)
    return 1 if wrong or stopped is not None else 0
