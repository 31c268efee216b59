"""Try whether a model can be made of settings and tables: a small one, for a month."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

from hesim.input.problems import ConfigErrors, Problem

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.tables import ReportTables

SCALE = 0.02
"""Of the model that is tried, unless the settings ask for a smaller one."""
MATTERS = ("model.", "population.", "survey.", "levers.", "without", "calibration", "data", "start")
"""Beginnings of the settings that decide whether a model can be made."""

_ENDS = (ArithmeticError, AssertionError, LookupError, RuntimeError, TypeError, ValueError)


def matters(settings: Settings) -> bool:
    """Whether settings differ from the packaged ones in what a model is made of."""
    changed = [path for path in settings.changed() if path != "population.scale"]
    return any(path.startswith(MATTERS) for path in changed)


def try_model(settings: Settings, tables: ReportTables) -> None:
    """Make a small model and let a month pass.

    Single values were checked before this; here is seen whether they go together.

    Raises:
        ConfigErrors: no model can be made, with what it ended in.
    """
    import numpy as np

    from hesim.model.higher_education import HigherEducation

    small = min(settings.number("population.scale"), SCALE)
    try:
        # A chance of nought has a logarithm that is infinite; what is no number is a fault.
        with np.errstate(divide="ignore", invalid="raise"):
            given = settings.with_values({"population.scale": small})
            model = HigherEducation(given, tables, 0)
            model.step()
    except _ENDS as error:
        words = " ".join(str(error).split()) or type(error).__name__
        allowed = f"no model can be made of these settings and tables together: {words}"
        raise ConfigErrors([Problem("settings", None, allowed + _place(error))]) from error


def _place(error: BaseException) -> str:
    """The last function of hesim that the error passed, for those who read the code."""
    found = ""
    for frame, _ in traceback.walk_tb(error.__traceback__):
        module = str(frame.f_globals.get("__name__", ""))
        if module.startswith("hesim."):
            found = f" (in {frame.f_code.co_name} of {module})"
    return found
