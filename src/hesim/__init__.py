"""Simulate labour mobility in Dutch higher education.

Run and read:
    `run`: simulate, with or without levers.
    `run_study`: simulate a sweep of levers and uncertainties.
    `load`, `load_study`: open the folder of an earlier run or study.
    `compare`: two runs, or the arms of a study.

Ask:
    `barriers`: what stands between wo and hbo.
    `dose`: what more of one lever does.
    `worth_knowing`: what would be worth most to know before one chooses.
    `validate`: how far the model can be trusted.
    `reproduce`: make the pages of `experiments/` again and compare their numbers.

Look up:
    `list_levers`: the levers.
    `settings`: all that can be set, with the values in force.
    `report_table`: a table of the report that the model rests on.

Build:
    `Model`: the model itself, a Mesa model.

`help(hesim.run)` explains one. README.md has a first example.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hesim.api import (
        barriers,
        compare,
        dose,
        load,
        load_study,
        reproduce,
        run,
        run_study,
        worth_knowing,
    )
    from hesim.lookup import list_levers, report_table, settings, validate
    from hesim.mesa import Model

    __version__: str

__all__ = [
    "Model",
    "__version__",
    "barriers",
    "compare",
    "dose",
    "list_levers",
    "load",
    "load_study",
    "report_table",
    "reproduce",
    "run",
    "run_study",
    "settings",
    "validate",
    "worth_knowing",
]


def __getattr__(name: str) -> Any:
    """Import a name of the Python API when it is asked for, so that `import hesim` stays quick."""
    if name == "Model":
        from hesim.mesa import Model

        return Model
    if name in ("list_levers", "report_table", "settings", "validate"):
        from hesim import lookup

        return getattr(lookup, name)
    if name == "__version__":
        # pyproject.toml is the only place of the version; installing hesim brings it here.
        from importlib.metadata import version

        return version("hesim")
    if name in __all__:
        from hesim import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """Names of the Python API."""
    return list(__all__)
