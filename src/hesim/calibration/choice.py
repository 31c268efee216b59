"""Find the calibration, and the tables that it was fitted to, from what a user names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from hesim.calibration.ensemble import BLIND, available, manifest, sibling
from hesim.calibration.plan import NAMES
from hesim.config import ConfigErrors, Problem
from hesim.config.points import PRODUCTION, name_of, names_in, structure_of
from hesim.input import userfile
from hesim.input.problems import nearest
from hesim.input.userfile import is_folder
from hesim.tables import ReportTables, read
from hesim.tables.schema import FLOWS, REPORT, TOLD


def calibration_name(kind: str | None, given: Mapping[str, str]) -> str:
    """Name of the calibration that is meant.

    Args:
        kind: `blind` or `production`, or the name of a shipped calibration; None: the one in
            force, which runs use.
        given: Perhaps `structure`, and `calibration`: a name, or a folder of the user's own.

    Raises:
        ConfigErrors: there is none of that name.
    """
    named = given.get("calibration")
    if named is not None and named not in available():
        return _in_folder(kind, given.get("structure"), named)
    wanted = named or kind or PRODUCTION
    if "structure" in given and wanted in NAMES:
        wanted = name_of(given["structure"], wanted)
    structures = sorted({structure_of(name) for name in available()})
    if given.get("structure", structures[0]) not in structures:
        allowed = "must be one of " + ", ".join(structures)
        close = nearest(given["structure"], structures)
        raise ConfigErrors([Problem("structure", given["structure"], allowed, close)])
    if wanted not in available():
        close = nearest(wanted, available())
        allowed = "must be one of " + ", ".join(available()) + ", or a folder"
        raise ConfigErrors([Problem("calibration", wanted, allowed, close)])
    return wanted


def _in_folder(kind: str | None, structure: str | None, named: str) -> str:
    """The calibration of a kind in a user's folder; None is the one for answers, if any."""
    folder = userfile.place(named)
    names = names_in(folder) if is_folder(folder) else ()
    mine = [name for name in names if structure in (None, structure_of(name))]
    kinds = {name: (name, name.rpartition("_")[2]) for name in mine}
    asked = kind or (PRODUCTION if any(PRODUCTION in of for of in kinds.values()) else None)
    fits = [name for name, of in kinds.items() if asked is None or asked in of]
    if len(fits) == 1:
        return str((folder / fits[0]).resolve())
    if len(fits) > 1:
        words = "name one, as structure=" + " or structure=".join(map(structure_of, fits))
    elif names:
        what = f"{kind} calibration" if kind else "calibration"
        words = f"holds no {what} of {structure or 'any structure'}: {', '.join(names)}"
    else:
        words = "must be a shipped calibration, or a folder that `hesim calibrate` wrote into"
    raise ConfigErrors([Problem("calibration", named, words, nearest(named, available()))])


def tables_for(name: str, folder: str | None) -> ReportTables:
    """The tables that a calibration is held against: those that it was fitted to.

    Args:
        name: The calibration.
        folder: The user's own tables; None: the packaged ones.

    Raises:
        ConfigErrors: they are others than it was fitted to, or there is no such folder.
        DataError: they break the rules.
    """
    place = None if folder is None else userfile.place(folder)
    if place is not None and not is_folder(place):
        raise ConfigErrors([Problem("data", folder, "must be a folder that exists")])
    tables = read(place)
    fitted: Mapping[str, str] = manifest(name)["data"]
    others = [
        file
        for file, known in fitted.items()
        if file not in TOLD and tables.hashes.get(file) != known
    ]
    if others:
        words = f"{Path(name).name} was fitted to another {', '.join(others)}; name its folder"
        raise ConfigErrors([Problem("data", folder, words)])
    return tables


def held_out_files(tables: ReportTables) -> list[str]:
    """Files with held-out tables of the report itself among these, not of a user's own survey."""
    report = read().hashes
    return [file for file in (REPORT, FLOWS) if tables.hashes[file] == report[file]]


def look_in_words(name: str) -> str:
    """What a look at a calibration is logged as; the blind one's forecast is looked at with it."""
    blind = sibling(name, BLIND)
    beside = "" if blind in (None, name) else f", with the forecast of {Path(str(blind)).name}"
    return f"calibration {name}{beside}"
