"""Compose a scenario: settings whose levers and scale are checked, and that make their policy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from hesim.config.checks import LEVERS
from hesim.config.layers import Layers
from hesim.config.layers import layers as config_layers
from hesim.config.process_files import ProcessFile, process_files
from hesim.config.schema import Schema
from hesim.config.settings import Settings
from hesim.config.trees import Tree
from hesim.input.problems import Problem

if TYPE_CHECKING:
    from hesim.levers.policy import Levers


def compose(
    overrides: Sequence[str] = (),
    folder: str | Path | None = None,
    extra: Mapping[str, object] | None = None,
) -> Settings:
    """Compose and validate the settings of a run.

    Args:
        overrides: Hydra overrides such as `years=5` or `population.scale=0.1`.
        folder: Configuration files that are laid over packaged ones of the same name.
        extra: Values by dotted path, for callers in Python; they win over overrides.

    Raises:
        ConfigErrors: with every problem there is.
    """
    return scenario_layers(overrides, folder, extra).settings


def scenario_layers(
    overrides: Sequence[str] = (),
    folder: str | Path | None = None,
    extra: Mapping[str, object] | None = None,
) -> Layers:
    """Compose and validate the settings of a run, and keep what they were made from; see `compose`.

    Raises:
        ConfigErrors: with every problem there is.
    """
    files = () if folder is None else process_files(Path(folder))
    check = partial(problems, processes=files)
    made = config_layers(overrides, folder, extra, check=check, make_policy=policy)
    return replace(made, settings=made.settings.with_processes(files))


def policy(settings: Settings) -> Levers | None:
    """What the levers of settings make of a world; None without levers."""
    # Imported late, as it brings the model, which most commands do not need.
    from hesim.levers.policy import policy_of

    return policy_of(settings)


def problems(
    values: Tree, schema: Schema, processes: Sequence[ProcessFile] = ()
) -> Iterator[Problem]:
    """Yield what is wrong with the levers of composed values, and with the scale.

    Args:
        values: The values.
        schema: Meanings of settings.
        processes: Files with processes of the user's own.
    """
    yield from check_scale(values)
    if values.get("without"):
        from hesim.levers.checks import check_without

        yield from check_without(values["without"])
    levers = values.get(LEVERS)
    if isinstance(levers, dict) and levers:
        yield from _check_levers(levers, values, schema, processes)


def check_scale(values: Mapping[str, object]) -> Iterator[Problem]:
    """Refuse a population so thin that parts of it are missing, unless `force` says otherwise."""
    from hesim.outcomes.scale_bias import LEAST

    population = values.get("population")
    scale = population.get("scale") if isinstance(population, Mapping) else None
    if not isinstance(scale, int | float) or values.get("force") is True:
        return
    if 0.0 < scale < LEAST:
        allowed = (
            f"leaves hogescholen, and whole roles, without any staff; at least {LEAST:g} "
            "(force=true lets it pass)"
        )
        yield Problem("population.scale", scale, allowed)


def _check_levers(
    levers: Mapping[str, object],
    values: Mapping[str, object],
    schema: Schema,
    processes: Sequence[ProcessFile],
) -> Iterator[Problem]:
    from hesim.levers.checks import check_levers
    from hesim.tables import read
    from hesim.tables.schema import DataError

    data = values.get("data")
    try:
        tables = read(None if data is None else Path(str(data)))
    except DataError:
        # Told by whoever reads the data; names of institutions cannot be checked then.
        tables = None
    force = values.get("force") is True
    yield from check_levers(levers, schema, tables, force, processes)
