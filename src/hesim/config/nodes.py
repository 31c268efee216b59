"""Hold what Hydra composes from: the packaged files, calibrated points, and a user's own files."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from hesim.config.defaults import EXPERIMENT, MAIN, SELF, WHOLE, package_at
from hesim.config.entries import entries_of, value_faults, values_of
from hesim.config.folders import CALIBRATION, packaged_file, packaged_places, user_files
from hesim.config.points import point, points
from hesim.config.trees import Tree, laid_over, tree_at, tree_of
from hesim.input.problems import ConfigErrors, Problem

SELDOM = (EXPERIMENT, "levers")
"""Groups with many files of which few are needed."""


@dataclass(frozen=True)
class Node:
    """One settings file.

    Attributes:
        package: Dotted path below which its settings lie; empty at the top.
        body: Its settings.
        defaults: Files that it builds on, as Hydra reads them; None when it names none.
    """

    package: str
    body: Mapping[str, object]
    defaults: tuple[object, ...] | None = None

    def tree(self) -> Tree:
        """Its settings with all that lies above them."""
        return tree_at(self.package, self.body)

    def over(self, below: Node) -> Node:
        """This node laid over another one."""
        defaults = below.defaults if self.defaults is None else self.defaults
        if self.package == below.package:
            return Node(self.package, laid_over(below.body, self.body), defaults)
        return Node("", laid_over(below.tree(), self.tree()), defaults)


Nodes = Mapping[str, Node]
"""Settings files by their place, as `model/choice.yaml`."""


def calibration(place: str) -> str | None:
    """The name of the calibration that a place stands for; None if it is another file."""
    group, _, file = place.partition("/")
    return file.removesuffix(".yaml") if group == CALIBRATION else None


@cache
def packaged_node(place: str) -> Node:
    """A settings file of the package, or the point of a calibration that it ships.

    Raises:
        ConfigErrors: the file holds entries that contradict themselves.
    """
    name = calibration(place)
    if name in points():
        return Node("", {**tree_of(point(name)), CALIBRATION: name})
    file = packaged_file(place)
    problems = [
        Problem(f"conf/{place}", None, fault)
        for name, entry in entries_of(file.body).items()
        for fault in value_faults(name, entry)
    ]
    if problems:
        raise ConfigErrors(problems)
    return _node(place, file.text, values_of(file.body))


def packaged_nodes(choices: Sequence[str] | None = None) -> dict[str, Node]:
    """The settings files of the package.

    Args:
        choices: Overrides that choose options. Of levers and experiments, which are many, only
            those are read that they name; None reads all.
    """
    words = None if choices is None else {*re.findall(r"\w+", " ".join(choices))}
    made: dict[str, Node] = {}
    waiting = [*packaged_places(), *(f"{CALIBRATION}/{name}.yaml" for name in points())]
    while waiting:
        place = waiting.pop(0)
        group, _, file = place.partition("/")
        if words is None or group not in SELDOM or file.removesuffix(".yaml") in words:
            made[place] = packaged_node(place)
            if group in SELDOM and words is not None:
                more = {str(name) for name in made[place].defaults or ()} - words
                words |= more
                waiting += [f"{group}/{name}.yaml" for name in more if name != SELF]
    return made


def user_nodes(folder: Path) -> dict[str, Node]:
    """The settings files of a user.

    A new option of a group that names no other files builds on the usual option, so that it needs
    only what it changes. A calibration says its own name.

    Raises:
        ConfigErrors: they could never be read.
    """
    made: dict[str, Node] = {}
    for place, file in user_files(folder).items():
        made[place] = _node(place, file.text, values_of(file.body, own=True), _usual_package(place))
    listed = {
        f"{place.partition('/')[0]}/{name}.yaml"
        for place, node in made.items()
        for name in node.defaults or ()
    }
    bases = usual_options()
    for place, node in made.items():
        group = place.partition("/")[0]
        new = place not in packaged_places() and place not in listed and group not in WHOLE
        if new and node.defaults is None and group in bases:
            made[place] = replace(node, defaults=(bases[group], SELF))
        elif (name := calibration(place)) is not None and not node.package:
            made[place] = replace(node, body={CALIBRATION: name, **node.body})
    return made


@cache
def usual_options() -> dict[str, str]:
    """The option that the packaged config.yaml chooses of each group."""
    given = packaged_node(MAIN).defaults or ()
    pairs = [pair for entry in given if isinstance(entry, Mapping) for pair in entry.items()]
    return {str(group): chosen for group, chosen in pairs if isinstance(chosen, str)}


def with_own(below: Nodes, own: Nodes) -> dict[str, Node]:
    """The packaged files with the user's laid over them, or in their place."""
    made = dict(below)
    for place, node in own.items():
        whole = place.partition("/")[0] in WHOLE
        made[place] = node if whole or place not in made else node.over(made[place])
    return made


def at(values: Mapping[str, object], path: str, default: object = None) -> object:
    """What stands at a dotted path."""
    node: object = values
    for part in path.split("."):
        if not isinstance(node, Mapping) or part not in node:
            return default
        node = node[part]
    return node


def _usual_package(place: str) -> str:
    """The package of a file without a header: that of the packaged file of the same name."""
    if place in packaged_places():
        return packaged_node(place).package
    group, slash, _ = place.partition("/")
    return "" if not slash or group in (CALIBRATION, EXPERIMENT) else group


def _node(place: str, text: str, body: Mapping[str, object], usual: str | None = None) -> Node:
    values = dict(body)
    defaults = values.pop("defaults", None)
    listed = tuple(defaults) if isinstance(defaults, list) else None
    return Node(package_at(place, text, usual), values, listed)
