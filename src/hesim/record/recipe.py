"""Keep with results what it takes to make them again, whatever becomes of the user's own files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from hesim.config.own_folder import settings_folder
from hesim.files import put
from hesim.input import userfile

if TYPE_CHECKING:
    from hesim.config import Settings

CONFIG, DATA = "config", "data"
"""Folders of a run or study, as `--config` and `data=` take them."""
_HEAD = "# Written by hesim, for `--config`: all settings of the run, whatever is packaged later.\n"


def own_files(folder: Path) -> dict[str, bytes]:
    """The user's configuration files by their path in the folder, hidden ones left out."""
    folder, found = settings_folder(folder), {}
    for file in sorted(folder.rglob("*")):
        place = file.relative_to(folder)
        if file.is_file() and not any(
            part.startswith((".", "__pycache__")) for part in place.parts
        ):
            found[place.as_posix()] = userfile.content(file)
    return found


def own_tables(settings: Settings) -> dict[str, bytes]:
    """The user's own tables (`data=DIR`) by name."""
    if settings["data"] is None:
        return {}
    folder = Path(settings.text("data"))
    return {file.name: userfile.content(file) for file in sorted(folder.glob("*.csv"))}


def config_files(settings: Settings) -> dict[str, bytes]:
    """Configuration files that compose to these settings, by their path in a folder.

    Every value is written out, levers included. So the files need no others of the user, and no
    packaged value that may change.
    """
    import yaml

    from hesim.config.nodes import packaged_node
    from hesim.config.points import points

    body: dict[str, Any] = yaml.safe_load(settings.yaml())
    levers = body.pop("levers", None) or {}
    defaults: list[Any] = []
    for entry in packaged_node("config.yaml").defaults or ():
        if isinstance(entry, dict) and "levers" in entry:
            entry = {"levers": list(levers)}
        elif isinstance(entry, dict) and "calibration" in entry:
            # All that a calibration sets is written out below; its name is one more setting.
            name = str(body.get("calibration"))
            entry = {"calibration": name if name in points() else "none"}
        elif isinstance(entry, dict) and "structure" in entry:
            entry = {"structure": str(body.get("structure"))}
        defaults.append(entry)
    # Groups of which all belongs to the machine are written as empty.
    plain = {key: value for key, value in body.items() if value != {}}
    made = {"config.yaml": _text({"defaults": defaults, **plain})}
    for name, lever in levers.items():
        made[f"levers/{name}.yaml"] = f"# @package levers.{name}\n".encode() + _text(lever)
    for file in settings.process_files():
        made[file.place] = file.text.encode()
    return made


def write_recipe(folder: Path, settings: Settings) -> None:
    """Write a run's settings as configuration files, and the user's own tables, into its folder."""
    for place, files in ((CONFIG, config_files(settings)), (DATA, own_tables(settings))):
        for name, content in files.items():
            (folder / place / name).parent.mkdir(parents=True, exist_ok=True)
            put(folder / place / name, content)


def _text(body: dict[str, Any]) -> bytes:
    import yaml

    text = yaml.safe_dump(body, sort_keys=False, allow_unicode=True)
    return (_HEAD + text if "defaults" in body else text).encode()
