"""Write the settings of a visitor's run as a file that `hesim run --config FOLDER` takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hesim.config import Settings

HEAD = """\
# Settings of a run, from the page of `hesim view`. To run them again, with all outputs:
#   put this file into an empty folder as config.yaml, then: hesim run --config FOLDER
# Levers start in the month in which they were switched on. A dial that was turned in mid-run has
# its last value from the start.
"""


def config_text(settings: Settings, levers: Sequence[str]) -> str:
    """The file: what differs from the packaged settings, on top of them.

    Args:
        settings: Composed settings, levers included.
        levers: Names of the levers that are on.
    """
    import yaml

    from hesim.config.nodes import packaged_node

    listed = packaged_node("config.yaml").defaults or ()
    defaults = [entry for entry in listed if not _names_levers(entry)]
    body: dict[str, Any] = {}
    machine = {"workers", "output", "data"}
    for path in settings.changed():
        if path not in machine:
            _put(body, path.split("."), settings[path])
    chosen = [{"levers": sorted(levers)}] if levers else [{"levers": []}]
    whole = {"defaults": [*chosen, *defaults], **body}
    return HEAD + str(yaml.safe_dump(whole, sort_keys=False, allow_unicode=True))


def _names_levers(entry: object) -> bool:
    return isinstance(entry, dict) and "levers" in entry


def _put(body: dict[str, Any], path: list[str], value: object) -> None:
    for part in path[:-1]:
        body = body.setdefault(part, {})
    body[path[-1]] = value
