"""Lay out what differs between the worlds of a study, and could be learned before one chooses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hesim.calibration.titles import path_title
from hesim.config.folders import STRUCTURE
from hesim.config.trees import leaves
from hesim.levers.catalogue import HEADER
from hesim.levers.titles import arm_title, dial_title
from hesim.study.answers.best import Worlds
from hesim.study.answers.curves import FOLDS, Floats, Groups
from hesim.study.answers.draw_ranks import setting_values
from hesim.study.points import CENTRAL
from hesim.study.structures import plain_name

if TYPE_CHECKING:
    from hesim.study.folder import Study

DERIVED = "model.inputs."
"""How paths begin of what is solved from tables and parameters: nobody could learn it alone."""
Cell = tuple[int, int]
"""World and draw."""


@dataclass(frozen=True)
class Topic:
    """Something that could be learned.

    Attributes:
        key: Path of a setting, or a name.
        kind: `parameter`, `dial`, `lever` (all dials of one), `group`, `structure` or `survey`.
        title: What it is, in words.
        known: What would be known in each world, shape (worlds, numbers).
        groups: Worlds of one number share what is known, shape (worlds,).
    """

    key: str
    kind: str
    title: str
    known: Floats
    groups: Groups


@dataclass(frozen=True)
class WorldDifferences:
    """What differs between worlds, those of all structures beside one another.

    Attributes:
        structures: Name of the structure of each world, without its calibration.
        parameters: Values of each parameter in each world, by its path.
        dials: Values of each dial, likewise.
        settings: Every number of the settings that a survey may ask for, by path.
    """

    structures: tuple[str, ...]
    parameters: Mapping[str, Floats]
    dials: Mapping[str, Floats]
    settings: Mapping[str, Floats]

    @property
    def of_structures(self) -> Floats:
        """One column for each structure but the first: 1 where it holds."""
        names = list(dict.fromkeys(self.structures))[1:]
        columns = [[float(each == name) for each in self.structures] for name in names]
        return np.array(columns).T.reshape(len(self.structures), len(names))


def differences_between(
    studies: Mapping[str, Study], worlds: Mapping[str, Worlds], paths: tuple[str, ...]
) -> WorldDifferences:
    """Find what differs between the worlds of a study.

    Args:
        studies: The part of each structure, by its name.
        worlds: Its worlds.
        paths: Settings that are wanted even where they do not differ.
    """
    each: list[Mapping[str, Any]] = []
    structures: list[str] = []
    for name, study in studies.items():
        usual = dict(leaves(study.settings))
        own = _values(study)
        each += [usual | own[cell] for cell in worlds[name].cells]
        structures += [plain_name(name)] * len(worlds[name].cells)
    changed = {
        path
        for study in studies.values()
        for of in _values(study).values()
        for path in of
        if not path.startswith(DERIVED)
    }
    found = setting_values([{path: one.get(path) for path in sorted(changed)} for one in each])
    numbers = {path: np.array(values, np.float64) for path, values in found.items()}
    asked = {
        path: np.array([float(one[path]) for one in each])
        for path in paths
        if all(isinstance(one.get(path), int | float) for one in each)
    }
    return WorldDifferences(
        tuple(structures),
        {path: values for path, values in numbers.items() if not path.startswith(HEADER)},
        {path: values for path, values in numbers.items() if path.startswith(HEADER)},
        asked,
    )


def _values(study: Study) -> dict[Cell, dict[str, Any]]:
    """What each world sets otherwise, in whatever arm, by world and draw."""
    rows = study.connect().execute(
        "select d.world, d.draw, p.values from design d join points p on p.point = d.point "
        "where d.scenario = ?",
        [CENTRAL],
    )
    made: dict[Cell, dict[str, Any]] = {}
    for world, draw, values in rows.fetchall():
        of = made.setdefault((int(world), int(draw)), {})
        of.update({k: v for k, v in json.loads(values).items() if k != STRUCTURE})
    return made


def topics_of(found: WorldDifferences) -> list[Topic]:
    """Each parameter and dial, groups of them, and the structure.

    Args:
        found: What differs.
    """
    structures = found.of_structures
    drawn = _groups(found.parameters, structures)
    dosed = _groups(found.dials, structures)
    made = [
        Topic(path, "parameter", path_title(path), values[:, None], drawn)
        for path, values in found.parameters.items()
    ]
    made += [
        Topic(path, "dial", dial_title(path), values[:, None], dosed)
        for path, values in found.dials.items()
    ]
    by_lever: dict[str, list[Floats]] = {}
    for path, values in found.dials.items():
        by_lever.setdefault(path.removeprefix(HEADER).partition(".")[0], []).append(values)
    made += [
        Topic(lever, "lever", f"{arm_title(lever)}: all its dials", np.stack(of, axis=1), dosed)
        for lever, of in by_lever.items()
        if len(of) > 1
    ]
    if structures.shape[1]:
        made.append(Topic(STRUCTURE, STRUCTURE, "which structure holds", structures, drawn))
    parameters, dials = list(found.parameters.values()), list(found.dials.values())
    if len(parameters) > 1:
        known = np.stack(parameters, axis=1)
        made.append(Topic("parameters", "group", "all fitted parameters", known, drawn))
    if len(by_lever) > 1:
        made.append(Topic("dials", "group", "all dials", np.stack(dials, axis=1), dosed))
    if (len(parameters) > 0) + (len(dials) > 0) + (structures.shape[1] > 0) > 1:
        every = np.stack([*parameters, *dials, *structures.T], axis=1)
        words = "all that differs between worlds"
        made.append(Topic("everything", "group", words, every, drawn))
    return made


def groups_of_draws(found: WorldDifferences) -> Groups:
    """Worlds that have the same parameters, shape (worlds,)."""
    return _groups(found.parameters, found.of_structures)


def _groups(of: Mapping[str, Floats], structures: Floats) -> Groups:
    """Worlds in which all of this is alike; each by itself where too few differ to be split."""
    columns = [*of.values(), *structures.T]
    each = np.arange(structures.shape[0])
    if not columns:
        return each
    _, groups = np.unique(np.stack(columns, axis=1), axis=0, return_inverse=True)
    return groups.ravel().astype(np.int64) if groups.max() + 1 >= 2 * FOLDS else each
