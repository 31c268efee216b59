"""Try whether a model can be made of settings and tables: a small one, for a month."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from hesim.input.problems import ConfigErrors, Problem
from hesim.levers.own_process import ProcessFault
from hesim.levers.registry import OWN
from hesim.tables import read
from hesim.tables.schema import Contradiction

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.tables import ReportTables

MONTHS_OF_OWN = 3
"""Months that it lives where a lever has a process of the user's own: what one began goes on."""
SCALE = 0.02
"""Of the model that is tried, unless the settings ask for a smaller one."""
MATTERS = ("model.", "population.", "survey.", "levers.", "without", "calibration", "data", "start")
"""Beginnings of the settings that decide whether a model can be made."""

_ENDS = (ArithmeticError, AssertionError, LookupError, RuntimeError, TypeError, ValueError)


def matters(settings: Settings) -> bool:
    """Whether what a model is made of differs from the packaged settings and processes."""
    changed = [path for path in settings.changed() if path != "population.scale"]
    return any(path.startswith(MATTERS) for path in changed) or bool(_own_levers(settings))


def try_model(settings: Settings, tables: ReportTables) -> None:
    """Make a small model and let a month pass, three where a lever has a process of its own.

    Single values were checked before this; here is seen whether they go together.

    Raises:
        ConfigErrors: no model can be made, with what it ended in.
    """
    import numpy as np

    from hesim.execution.simulate import Unwatched, pass_months
    from hesim.model.higher_education import HigherEducation

    small = min(settings.number("population.scale"), SCALE)
    try:
        # A chance of nought has a logarithm that is infinite; what is no number is a fault.
        with np.errstate(divide="ignore", invalid="raise"):
            given = settings.with_values({"population.scale": small})
            own = _own_levers(settings)
            model = HigherEducation(_at_once(given, own), tables, 0)
            months = MONTHS_OF_OWN if own else 1
            pass_months(model, Unwatched(), model.month + months)
    except ProcessFault as error:
        names = _own_levers(settings)
        key = next(key for key in names if settings[f"levers.{key}.{OWN}"] == error.process)
        path = f"levers.{key}.{OWN}"
        raise ConfigErrors([Problem(path, error.process, str(error))]) from error
    except Contradiction as error:
        path = "settings" if settings["data"] is None else "data"
        raise ConfigErrors([Problem(path, settings["data"], str(error))]) from error
    except _ENDS as error:
        words = " ".join(str(error).split()) or type(error).__name__
        allowed = f"no model can be made of these settings and tables together: {words}"
        raise ConfigErrors([Problem("settings", None, allowed + _place(error))]) from error


def try_tables(settings: Settings) -> None:
    """Try tables of the user's own; without such tables nothing is done.

    Raises:
        DataError: they break the rules.
        ConfigErrors: figures contradict each other.
    """
    if settings["data"] is not None:
        try_model(settings, read(Path(settings.text("data"))))


def try_processes(settings: Settings) -> None:
    """Try the levers that have a process of the user's own; without such levers nothing is done.

    Raises:
        ConfigErrors: a process goes wrong, with its file and line.
    """
    own = _own_levers(settings)
    if own:
        levers = settings.mapping("levers")
        data = settings["data"]
        tables = read(None if data is None else Path(str(data)))
        try_model(settings.with_values({"levers": {key: levers[key] for key in own}}), tables)


def _own_levers(settings: Settings) -> list[str]:
    """Names of the levers that have a process of the user's own."""
    return [key for key, body in settings.mapping("levers").items() if body.get(OWN)]


def _at_once(settings: Settings, levers: list[str]) -> Settings:
    """The settings with these levers acting from the first month on."""
    if not levers:
        return settings
    starts: dict[str, object] = {f"levers.{key}.start": settings.text("start") for key in levers}
    ends: dict[str, object] = {f"levers.{key}.end": None for key in levers}
    return settings.with_values({"burn_in": 0, **starts, **ends})


def _place(error: BaseException) -> str:
    """The last function of hesim that the error passed, for those who read the code."""
    found = ""
    for frame, _ in traceback.walk_tb(error.__traceback__):
        module = str(frame.f_globals.get("__name__", ""))
        if module.startswith("hesim."):
            found = f" (in {frame.f_code.co_name} of {module})"
    return found
