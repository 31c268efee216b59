"""Look up from Python what the model rests on: levers, settings, tables and how far to trust it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hesim.input.problems import ConfigErrors, Problem, nearest

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["list_levers", "report_table", "settings", "validate"]


def list_levers(config: str | Path | None = None) -> pd.DataFrame:
    """The levers: name, title, group, what it does, who takes part, and what it rests on.

    Args:
        config: The user's own configuration files, whose levers are listed too.
    """
    import pandas as pd

    from hesim.levers.catalogue import catalogue

    rows = [
        {
            "name": each.key,
            "title": each.title,
            "group": each.group,
            "about": each.about,
            "taking_part": each.taking_part,
            "grade": each.grade,
            "dials": ", ".join(dial.name for dial in each.dials),
        }
        for each in catalogue(None if config is None else Path(config))
    ]
    return pd.DataFrame(rows)


def settings(
    name: str = "", overrides: Sequence[str] = (), *, config: str | Path | None = None
) -> pd.DataFrame:
    """All that can be set, with the value in force: one row a setting.

    Args:
        name: A setting, or a group such as `model.choice`; all unless given.
        overrides: As on the command line, to see what they make of it.
        config: The user's own configuration files.

    Returns:
        Columns path, value, allowed, unit, label (what the value rests on), source, about and
        origin (what set it).

    Raises:
        ConfigErrors: overrides that cannot hold, or no setting of this name.
    """
    import pandas as pd

    from hesim.config.listing import rows_below, setting_rows
    from hesim.scenario import scenario_layers

    folder = None if config is None else str(config)
    everything = setting_rows(scenario_layers(overrides, folder), folder)
    listed = rows_below(everything, name) if name else everything
    if not listed:
        known = [row.path for row in everything]
        words = "no such setting; hesim.settings() lists them"
        raise ConfigErrors([Problem(name, None, words, nearest(name, known))])
    columns = ("path", "value", "allowed", "unit", "label", "source", "about", "origin")
    return pd.DataFrame([{key: getattr(row, key) for key in columns} for row in listed])


def report_table(name: str, data: str | Path | None = None) -> pd.DataFrame:
    """A table of the report that the model rests on, such as `3.5`, or another table of inputs.

    Args:
        name: The table, as `hesim tables` lists them.
        data: Folder of the user's own tables.

    Raises:
        ConfigErrors: there is no such table.
        DataError: the user's own tables break the rules.
    """
    from dataclasses import asdict

    import pandas as pd

    from hesim.tables import TABLES, read
    from hesim.tables.printing import rows_of_table

    if name not in TABLES:
        words = f"must be one of {', '.join(TABLES)}"
        raise ConfigErrors([Problem("table", name, words, nearest(name, TABLES))])
    tables = read(None if data is None else Path(data))
    return pd.DataFrame([asdict(row) for row in rows_of_table(name, tables)])


def validate(name: str | None = None, **given: str) -> dict[str, Any]:
    """How far a calibration can be trusted: inputs, fitted and held-out figures.

    Like `hesim validate`, it logs that somebody has looked at the held-out tables.

    Args:
        name: `blind` or `production`, or the name of a calibration.
        **given: `structure`, `calibration` or `data`, as on the command line.

    Returns:
        What `hesim validate --json` prints.

    Raises:
        ConfigErrors: there is no such calibration.
    """
    from hesim.calibration.choice import calibration_name, held_out_files, tables_for
    from hesim.calibration.looks import log_look
    from hesim.calibration.validation import validation

    chosen = calibration_name(name, given)
    tables = tables_for(chosen, given.get("data"))
    if held_out_files(tables):
        log_look("3.1 and 1.1", "hesim.validate", f"calibration {chosen}")
    return validation(chosen, tables)
