"""Read a scenario from a file of settings that a visitor opens, checked as every user's file is."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hesim.app.levers import STRENGTH, Changes, bounds, controls, default
from hesim.app.scenarios import ScenarioRefusal
from hesim.input.document import BadDocument, parse
from hesim.input.problems import ConfigErrors
from hesim.levers.dates import month_number

if TYPE_CHECKING:
    from hesim.config import Settings

MOST_CHARACTERS = 200_000
"""A file of settings has a few thousand."""
OF_SERVER = ("data", "output", "hydra")
"""Settings that name files of the server: a file from elsewhere may not."""
SHARED = ("end", "ramp", "fade", "reach")
"""Settings of a lever that the page leaves as they are."""


@dataclass(frozen=True)
class FileScenario:
    """What a file holds.

    Attributes:
        changes: Its changes of levers.
        left_out: Paths of settings that the page does not hold of a scenario.
    """

    changes: Changes
    left_out: tuple[str, ...]


def read_scenario(text: str, own: Settings) -> FileScenario:
    """Read the levers of a file that `hesim run --config` takes.

    Args:
        text: What stands in the file.
        own: Settings of the visitor's run.

    Raises:
        ScenarioRefusal: It is too large, is no YAML, or breaks a rule of settings.
    """
    if len(text) > MOST_CHARACTERS:
        raise ScenarioRefusal("file_too_large", most=MOST_CHARACTERS // 1000)
    try:
        found = parse(text)
    except BadDocument as error:
        raise ScenarioRefusal("file_refused", why=str(error)[:500]) from None
    if not isinstance(found, Mapping):
        raise ScenarioRefusal("file_refused", why="must be settings, as key: value")
    names = [name for name in OF_SERVER if name in found]
    if names:
        why = f"{', '.join(names)}: names a file of the server, and may not stand in it"
        raise ScenarioRefusal("file_refused", why=why)
    settings = _composed(text)
    changes, left_out = _changes(settings, own)
    return FileScenario(changes, tuple(left_out))


def _composed(text: str) -> Settings:
    """The settings of a file, checked in a folder of its own.

    Raises:
        ScenarioRefusal: with every problem there is.
    """
    from hesim.scenario import compose

    with tempfile.TemporaryDirectory(prefix="hesim_") as folder:
        place = Path(folder) / "config.yaml"
        place.write_text(text, encoding="utf-8")
        try:
            return compose((), folder)
        except ConfigErrors as error:
            lines = "; ".join(map(str, error.problems[:8]))
            why = lines.replace(f"{folder}/", "").replace(folder, "")
            raise ScenarioRefusal("file_refused", why=why) from None


def _changes(settings: Settings, own: Settings) -> tuple[Changes, list[str]]:
    """The changes of levers, and the paths of what is left out."""
    first, horizon = own.text("start"), 12 * own.integer("years")
    since: dict[int, dict[str, dict[str, float]]] = {}
    left_out = sorted(_other_settings(settings, own))
    for key, body in settings.mapping("levers").items():
        lever = controls().get(key)
        month = month_number(str(body["start"]), first)
        if lever is None or month >= horizon:
            left_out.append(f"levers.{key}")
            continue
        left_out += [f"levers.{key}.{x}" for x in SHARED if body[x] != lever.settings[x]]
        dials = {}
        for name in (STRENGTH, *(dial.name for dial in lever.dials)):
            low, high = bounds(lever, name) or (0.0, 0.0)
            value = float(body[name])
            if not low <= value <= high:
                # `force=true` lets such values pass in a run of one's own.
                left_out.append(f"levers.{key}.{name}")
            elif not math.isclose(value, default(lever, name), rel_tol=1e-6):
                dials[name] = float(f"{value:.6g}")
        since.setdefault(max(month, 0), {})[key] = dials
    changes: dict[int, dict[str, dict[str, float]]] = {}
    on: dict[str, dict[str, float]] = {}
    for month in sorted(since):
        on = on | since[month]
        changes[month] = on
    return changes, left_out


def _other_settings(settings: Settings, own: Settings) -> set[str]:
    """Paths of settings that are neither of levers nor as in the visitor's run."""
    paths = {*settings.changed(), *own.changed()}
    found: set[str] = set()
    for path in paths:
        if path.split(".", 1)[0] in ("levers", "workers", *OF_SERVER):
            continue
        if _at(settings, path) != _at(own, path):
            found.add(path)
    return found


def _at(settings: Settings, path: str) -> Any:
    try:
        return settings[path]
    except KeyError:
        return None
