"""Find the settings files in a folder that a user gives: the folder itself, or its `conf/`.

`hesim init` makes such a folder: it holds settings in `conf/`, and a notebook, tables and results
beside them.
"""

from __future__ import annotations

from pathlib import Path

from hesim.input import userfile

CONF = "conf"
"""Folder of settings inside the folder of a project."""


def settings_folder(folder: Path) -> Path:
    """Where the settings files of a folder lie.

    Args:
        folder: What was given with `--config`.
    """
    inside = folder / CONF
    return inside if userfile.is_folder(inside) else folder
