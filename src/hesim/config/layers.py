"""Compose settings with Hydra, after checking every name, and report all problems at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any

from hesim.config.checks import (
    DESCRIBING,
    LEVERS,
    check_chosen,
    check_folders,
    check_values,
    no_lever,
    unknown,
)
from hesim.config.composition import NotComposed, order, overlay
from hesim.config.defaults import EXPERIMENT
from hesim.config.folders import CALIBRATION, STRUCTURE, options, packaged_places
from hesim.config.nodes import (
    Node,
    Nodes,
    at,
    calibration,
    packaged_node,
    packaged_nodes,
    user_nodes,
    with_own,
)
from hesim.config.overrides import Override, ambiguity, read_overrides
from hesim.config.points import (
    calibration_in,
    points,
    structure_of,
    usual_calibration,
)
from hesim.config.points import point as point_of
from hesim.config.schema import Schema, read_schema
from hesim.config.settings import Settings
from hesim.config.trees import Tree, branches, laid_over, leaves, tree_of, without
from hesim.input.document import DEEPEST
from hesim.input.problems import ConfigErrors, Problem, nearest
from hesim.sources import packaged


@dataclass(frozen=True)
class Layers:
    """Composed settings with what they were made from.

    Attributes:
        settings: The settings.
        nodes: All files, those of the user laid over packaged ones.
        places: Those in force, in order: each is laid over those before it.
        own: The user's files alone.
        given: Values by path from the command line, or from Python.
        point: What the calibration says of each fitted setting.
    """

    settings: Settings
    nodes: Nodes
    places: tuple[str, ...]
    own: Nodes
    given: Mapping[str, object]
    point: Mapping[str, object]

    def uncalibrated(self) -> dict[str, object]:
        """What the files say of each setting without a calibration, by path."""
        kept = [place for place in self.places if calibration(place) is None]
        return dict(leaves(overlay(self.nodes, kept)))


Check = Callable[[Tree, Schema], Iterable[Problem]]
"""Names what is wrong with composed values that only rooms above know: levers, thin populations."""
MakePolicy = Callable[[Settings], Any]
"""Makes the policy of composed settings from their levers."""


def layers(
    overrides: Sequence[str] = (),
    folder: str | Path | None = None,
    extra: Mapping[str, object] | None = None,
    check: Check | None = None,
    make_policy: MakePolicy | None = None,
) -> Layers:
    """Compose and validate settings, and keep what they were made from.

    Args:
        overrides: Hydra overrides such as `years=5` or `population.scale=0.1`.
        folder: Configuration files that are laid over packaged ones of the same name.
        extra: Values by dotted path, for callers in Python; they win over overrides.
        check: What else may be wrong with the values; without it no levers can be chosen.
        make_policy: Where settings take their policy from.

    Raises:
        ConfigErrors: with every problem there is.
    """
    schema = read_schema(packaged())
    own = {} if folder is None else user_nodes(Path(folder))
    shipped = [f"{CALIBRATION}/{name}.yaml" for name in points()]
    groups = options({*packaged_places(), *shipped, *own})
    of_python = {str(path): value for path, value in (extra or {}).items()}
    chosen = [key for key in groups if key == LEVERS or isinstance(of_python.get(key), str)]
    more = [_choice_of(key, of_python.pop(key)) for key in chosen if key in of_python]
    of_paths = [meaning.path for meaning in schema.meanings if meaning.type == "path"]
    lists = partial(_is_list, schema)
    parsed, plain, problems = read_overrides([*overrides, *more], of_paths, lists)
    choices, rest, wrong, fitted = _choices(parsed, groups)
    problems.extend(wrong)
    try:
        defaults = _defaults()
        nodes, places, point = _composed(own, choices, fitted)
    except NotComposed as error:
        words = "the lists under `defaults:` of its files do not go together; leave them out"
        where = "configuration" if folder is None else str(folder)
        raise ConfigErrors([*problems, Problem(where, None, words)]) from error
    known = overlay(nodes, places)
    given, wrong = _given(rest, {**plain, **of_python}, known, groups[LEVERS])
    values = deepcopy(known)
    for path, value in given.items():
        _put(values, path, value)
    problems = [*problems, *wrong, *_faults(values, defaults, schema)]
    if isinstance(chosen_levers := values.get(LEVERS), dict):
        unchosen = dict(check_chosen(chosen_levers, places, groups[LEVERS]))
        problems.extend(unchosen.values())
        for name in unchosen.keys() & _of_arms(values, own):
            problems.remove(unchosen[name])
        values[LEVERS] = {key: body for key, body in chosen_levers.items() if key not in unchosen}
    if check is not None:
        problems.extend(check(values, schema))
    elif values.get(LEVERS):
        problems.append(
            Problem(LEVERS, values[LEVERS], "cannot be chosen: nothing checks them here")
        )
    problems.extend(_misnamed(values.get(CALIBRATION), places, groups[CALIBRATION]))
    problems.extend(_mismatched(values))
    if problems:
        raise ConfigErrors(problems)
    usual = dict(leaves(defaults)) | dict(leaves({LEVERS: known.get(LEVERS, {})}))
    absent = object()
    changed = [path for path, value in leaves(values) if usual.get(path, absent) != value]
    departures = tuple(
        (path, value) for path, value in sorted(point.items()) if at(values, path) != value
    )
    settings = Settings(
        values,
        tuple(sorted(changed)),
        schema.machine(),
        departures,
        make_policy,
        _sparse=schema.sparse(),
    )
    return Layers(settings, nodes, places, own, given, point)


def _is_list(schema: Schema, key: str) -> bool:
    """Whether a setting holds a list; levers are chosen by a list of names too."""
    meaning = schema.find(key)
    return key == LEVERS or (meaning is not None and meaning.type == "list")


def _choice_of(group: str, given: object) -> str:
    """The override that chooses options which were given in Python: one name, or several."""
    if group != LEVERS:
        return f"{group}={given}"
    names = list(given) if isinstance(given, list | tuple | set) else [given]
    return f"{LEVERS}=[{','.join(str(name) for name in names if name is not None)}]"


def _choices(
    parsed: Sequence[Override], groups: Mapping[str, Sequence[str]]
) -> tuple[list[str], list[Override], list[Problem], str]:
    """Overrides that choose options, as Hydra takes them; the others; and what is wrong.

    The last is a calibration in a folder of the user's, or empty.
    """
    choices: list[str] = []
    levers: list[str] = []
    rest: list[Override] = []
    problems: list[Problem] = []
    picked: dict[str, str] = {}
    fitted = ""
    for override in parsed:
        key, value, line = override
        if key == LEVERS:
            names = [str(each) for each in (value if isinstance(value, list) else [value])]
            wrong = [name for name in names if name not in groups[LEVERS]]
            levers += [name for name in names if name not in wrong]
            problems.extend(no_lever(name, groups[LEVERS]) for name in wrong)
        elif key not in groups:
            rest.append(override)
        elif key == EXPERIMENT and key in picked:
            words = f"one experiment at a time is read, and {picked[key]} is chosen already"
            problems.append(Problem(key, value, words))
        elif value in groups[key]:
            # An experiment has no default that it replaces.
            choices.append(f"+{line.lstrip('+')}" if key == EXPERIMENT else line)
            picked[key] = str(value)
        elif key == CALIBRATION and (found := calibration_in(str(value))) is not None:
            # Its point takes the place of the packaged file for no calibration.
            fitted = picked[key] = found
            choices.append(f"{key}=none")
        else:
            allowed = "must be one of " + ", ".join(groups[key])
            if key == CALIBRATION:
                allowed += ", or a folder that `hesim calibrate data=FOLDER` filled"
            problems.append(Problem(key, value, allowed, nearest(str(value), groups[key])))
    if STRUCTURE in picked and CALIBRATION not in picked:
        choices.append(f"{CALIBRATION}={usual_calibration(picked[STRUCTURE])}")
    if levers:
        choices.append(f"{LEVERS}=[{','.join(dict.fromkeys(levers))}]")
    return choices, rest, problems, fitted


def _composed(
    own: Nodes, choices: Sequence[str], fitted: str
) -> tuple[Nodes, tuple[str, ...], Tree]:
    """All files, the places of those that are in force, and what the calibration says by path.

    What the user's files say of a fitted setting is in force: the calibration leaves it alone.

    Raises:
        NotComposed: Hydra did not understand the files.
    """
    if not own:
        nodes: Nodes = _with_fitted(packaged_nodes(choices), fitted)
        places = _packaged_order(tuple(choices))
        return nodes, places, _point(nodes, places)
    nodes = _with_fitted(with_own(packaged_nodes(), own), fitted)
    places = order(nodes, choices)
    point = _point(nodes, places)
    mine = {
        path
        for place in own
        for path, value in leaves(own[place].tree())
        if place in places and value != {}
    }
    # A mapping where a number must be, or the other way round, is not hidden by the calibration.
    above = {part for path in mine for part in _parents(path)}
    paths = frozenset(
        path for path in point if path in mine | above or not mine.isdisjoint(_parents(path))
    )
    nodes = {
        place: replace(node, package="", body=without(node.tree(), paths))
        if calibration(place) is not None and place not in own
        else node
        for place, node in nodes.items()
    }
    return nodes, places, point


def _parents(path: str) -> list[str]:
    """The paths of all mappings that hold a path."""
    return [path[:place] for place, letter in enumerate(path) if letter == "."]


def _with_fitted(nodes: dict[str, Node], fitted: str) -> dict[str, Node]:
    """Files with the point of a calibration of the user's, where one is chosen."""
    if fitted:
        body = {**tree_of(point_of(fitted)), CALIBRATION: fitted}
        nodes[f"{CALIBRATION}/none.yaml"] = Node("", body)
    return nodes


def _point(nodes: Nodes, places: Sequence[str]) -> Tree:
    """What the chosen calibration says of each setting, by path."""
    chosen = [place for place in places if calibration(place) is not None]
    found = dict(leaves(overlay(nodes, chosen)))
    return {path: value for path, value in found.items() if path != CALIBRATION}


def _of_arms(values: Tree, own: Nodes) -> set[str]:
    """Levers of the arms of a study, with those of ready packages: each arm chooses its own."""
    asked = at(values, "study.levers")
    listed = asked if isinstance(asked, list) else [asked]
    names = {name.strip() for each in listed for name in str(each).split("+")}
    found = set(names)
    for name in names:
        place = f"{LEVERS}/{name}.yaml"
        node = own.get(place)
        if node is None and place in packaged_places():
            node = packaged_node(place)
        found |= {str(entry) for entry in (node.defaults if node is not None else None) or ()}
    return found


def _misnamed(name: object, places: Sequence[str], known: Sequence[str]) -> Iterator[Problem]:
    """Yield the problem of a file that says `calibration: NAME`, which chooses none."""
    chosen = [found for place in places if (found := calibration(place)) is not None]
    if name in known and chosen and name != chosen[-1]:
        words = (
            f"is not the calibration that is chosen, {chosen[-1]}; "
            f"choose it as calibration={name}, or under `defaults:`"
        )
        yield Problem(CALIBRATION, name, words)


def _mismatched(values: Tree) -> Iterator[Problem]:
    """Yield the problem of a calibration that was made for another structure."""
    name, structure = values.get(CALIBRATION), values.get(STRUCTURE)
    if str(name) == "none" or structure_of(str(name)) == structure:
        return
    words = (
        f"was made for structure={structure_of(str(name))}; "
        f"choose calibration={usual_calibration(str(structure))} with structure={structure}"
    )
    yield Problem(CALIBRATION, name, words)


@lru_cache(maxsize=64)
def _packaged_order(choices: tuple[str, ...]) -> tuple[str, ...]:
    """The packaged files do not change, so their order is remembered."""
    return order(packaged_nodes(choices), choices)


@cache
def _defaults() -> Tree:
    """What the packaged files amount to."""
    return overlay(packaged_nodes(()), _packaged_order(()))


def _given(
    overrides: Sequence[Override],
    further: Mapping[str, object],
    known: Tree,
    levers: Sequence[str],
) -> tuple[dict[str, object], list[Problem]]:
    """Values by path from the command line and from Python, and what is wrong with them."""
    paths = {path for path, _ in leaves(known)} | set(branches(known))
    given: dict[str, object] = {}
    problems: list[Problem] = []
    for override in overrides:
        key, value, _ = override
        if _describes_lever(key):
            words = "describes the lever; change it in a file of your own (--config DIR)"
            problems.append(Problem(key, value, words))
        elif key not in paths:
            problems.append(unknown(key, value, paths, levers))
        elif (unclear := ambiguity(override)) is not None:
            problems.append(unclear)
        else:
            # Of two that set the same, the last counts, and at its own place.
            given.pop(key, None)
            given[key] = value
    for path, value in further.items():
        if path not in paths:
            problems.append(unknown(path, value, paths, levers))
        elif _depth(value) > DEEPEST:
            words = f"is nested deeper than {DEEPEST} levels, or holds itself"
            problems.append(Problem(path, None, words))
        else:
            given[path] = value
    return given, problems


def _put(values: Tree, path: str, value: object) -> None:
    """Set a path to a value; a mapping is laid over the one that is there."""
    *parents, last = path.split(".")
    node = values
    for part in parents:
        child = node.get(part)
        if not isinstance(child, dict):
            return
        node = child
    plain = str(value) if isinstance(value, Path) else _plain(value)
    below = node.get(last)
    both = isinstance(below, Mapping) and isinstance(plain, Mapping)
    node[last] = laid_over(below, plain) if both else plain  # type: ignore[arg-type]


def _depth(value: object, above: int = 0) -> int:
    """How deep a value is nested; one that holds itself is deeper than is allowed."""
    inside: Iterable[object] = ()
    if isinstance(value, Mapping):
        inside = value.values()
    elif isinstance(value, list | tuple):
        inside = value
    deepest = above
    for item in inside if above <= DEEPEST else ():
        deepest = max(deepest, _depth(item, above + 1))
        if deepest > DEEPEST:
            break
    return deepest


def _plain(value: object) -> object:
    """Python's own types, so that a NumPy number or a tuple is checked and written like others."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    item = getattr(value, "item", None)
    return item() if callable(item) else value


def _faults(values: Tree, defaults: Tree, schema: Schema) -> Iterator[Problem]:
    """What is wrong with composed values, apart from levers."""
    plain = {key: value for key, value in values.items() if key != LEVERS}
    usual = {key: value for key, value in defaults.items() if key != LEVERS}
    yield from check_values(plain, usual, schema)
    yield from check_folders(plain)
    if not isinstance(values.get(LEVERS, {}), dict):
        yield Problem(LEVERS, values[LEVERS], "must be a mapping; choose levers as levers=A,B")


def _describes_lever(key: str) -> bool:
    """Whether a path is part of what a lever is, not of how it is used."""
    group, _, rest = key.partition(".")
    return group == LEVERS and rest.partition(".")[2].partition(".")[0] in DESCRIBING
