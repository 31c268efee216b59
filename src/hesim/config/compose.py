"""Compose settings with Hydra, after checking every name, and report all problems at once."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from functools import lru_cache
from pathlib import Path

from hesim.config import userfile
from hesim.config.document import DEEPEST
from hesim.config.folders import groups, merged, packaged
from hesim.config.overrides import EXPERIMENT, Override, doubt, read_overrides
from hesim.config.problems import ConfigErrors, Problem, nearest
from hesim.config.schema import Schema, is_path, read_schema
from hesim.config.settings import Settings, branches, leaves
from hesim.config.userfile import is_folder


def compose(
    overrides: Sequence[str] = (),
    folder: str | Path | None = None,
    extra: Mapping[str, object] | None = None,
) -> Settings:
    """Compose and validate the settings of a run.

    Args:
        overrides: Hydra overrides such as `years=5` or `population.scale=0.1`.
        folder: configuration files that replace packaged ones of the same name.
        extra: values by dotted path, for callers in Python; they win over overrides.

    Raises:
        ConfigErrors: with every problem there is.
    """
    schema = read_schema(packaged())
    defaults = _hydra(packaged(), [])
    of_python = {str(path): value for path, value in (extra or {}).items()}
    if LEVERS in of_python:
        overrides = [*overrides, _levers_word(of_python.pop(LEVERS))]
    of_paths = [meaning.path for meaning in schema.meanings if meaning.type == "path"]
    parsed, plain, problems = read_overrides(overrides, of_paths)
    further = {**plain, **of_python}
    with merged(None if folder is None else Path(folder)) as conf:
        options = groups(conf)
        choices: list[str] = []
        chosen: list[str] = []
        for key, value, line in parsed:
            if key == LEVERS:
                names = [str(each) for each in (value if isinstance(value, list) else [value])]
                wrong = [name for name in names if name not in options[LEVERS]]
                chosen += [name for name in names if name not in wrong]
                problems.extend(_no_lever(name, options[LEVERS]) for name in wrong)
            elif key in options:
                if value in options[key]:
                    choices.append(_choice(key, line))
                else:
                    allowed = "must be one of " + ", ".join(options[key])
                    problems.append(Problem(key, value, allowed, nearest(str(value), options[key])))
        if chosen:
            choices.append(f"{LEVERS}=[{','.join(dict.fromkeys(chosen))}]")
        try:
            known = _hydra(conf, choices) if folder is not None or choices else defaults
            paths = {path for path, _ in leaves(known)} | set(branches(known))
            if folder is not None:
                given = {key for key, _, _ in parsed} | further.keys()
                problems.extend(_overruled(conf, choices, known, given))
            accepted = list(choices)
            for key, value, line in parsed:
                if key not in options and _describes_lever(key):
                    words = "describes the lever; change it in a file of your own (--config DIR)"
                    problems.append(Problem(key, value, words))
                elif key in paths and key not in options:
                    unclear = doubt(Override(key, value, line))
                    problems.extend([unclear] if unclear else ())
                    accepted.extend([] if unclear else [line])
                elif key not in options:
                    problems.append(_unknown(key, value, paths, options[LEVERS]))
            values = _hydra(conf, accepted) if accepted != choices else deepcopy(known)
        except _HydraFailure as error:
            raise ConfigErrors([*problems, Problem("configuration", None, str(error))]) from error
    for path, value in further.items():
        if path in paths and _depth(value) > DEEPEST:
            words = f"is nested deeper than {DEEPEST} levels, or holds itself"
            problems.append(Problem(path, None, words))
        elif path in paths:
            _put(values, path, value)
        else:
            problems.append(_unknown(path, value, paths, options[LEVERS]))
    levers = values.pop(LEVERS, {})
    usual_values = {key: value for key, value in defaults.items() if key != LEVERS}
    problems.extend(_check(values, usual_values, schema))
    problems.extend(_check_folders(values))
    problems.extend(check_scale(values))
    values[LEVERS] = levers
    if values.get("without"):
        from hesim.levers.checks import check_without

        problems.extend(check_without(values["without"]))
    if not isinstance(levers, dict):
        problems.append(Problem(LEVERS, levers, "must be a mapping; choose levers as levers=[A,B]"))
    elif levers:
        problems.extend(_check_levers(levers, values, schema))
    if problems:
        raise ConfigErrors(problems)
    usual = dict(leaves(defaults)) | dict(leaves({LEVERS: known.get(LEVERS, {})}))
    absent = object()
    changed = [path for path, value in leaves(values) if usual.get(path, absent) != value]
    return Settings(values, tuple(sorted(changed)), schema.machine())


def check_scale(values: Mapping[str, object]) -> Iterator[Problem]:
    """Refuse a population so thin that parts of it are missing, unless `force` says otherwise."""
    from hesim.outcomes.scale_bias import LEAST

    population = values.get("population")
    scale = population.get("scale") if isinstance(population, Mapping) else None
    if not isinstance(scale, int | float) or values.get("force") is True:
        return
    if 0.0 < scale < LEAST:
        allowed = (
            f"leaves hogescholen, and whole roles, without any staff; at least {LEAST:g} "
            "(force=true lets it pass)"
        )
        yield Problem("population.scale", scale, allowed)


LEVERS = "levers"
"""The group, and the part of the settings, that holds the levers."""


def _levers_word(given: object) -> str:
    """The override that chooses levers which were given in Python: one name, or several."""
    names = list(given) if isinstance(given, list | tuple | set) else [given]
    return f"{LEVERS}=[{','.join(str(name) for name in names if name is not None)}]"


class _HydraFailure(Exception):
    """Hydra could not compose; the message is its own, in one line."""


def _choice(group: str, line: str) -> str:
    """The override that chooses an option; an experiment has no default that it replaces."""
    return f"+{line.lstrip('+')}" if group == EXPERIMENT else line


def _hydra(folder: Path, overrides: list[str]) -> dict[str, object]:
    """What Hydra composes; of the packaged files, which do not change, it is remembered."""
    if folder == packaged():
        return deepcopy(_composed_before(folder, tuple(overrides)))
    return _composed(folder, overrides)


@lru_cache(maxsize=32)
def _composed_before(folder: Path, overrides: tuple[str, ...]) -> dict[str, object]:
    return _composed(folder, list(overrides))


_OF_HYDRA = (AssertionError, AttributeError, KeyError, RecursionError, TypeError, ValueError)
"""What Hydra itself ends in over files that it does not understand."""


def _composed(folder: Path, overrides: list[str]) -> dict[str, object]:
    import yaml
    from hydra import compose as hydra_compose
    from hydra import initialize_config_dir
    from hydra.errors import HydraException
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    try:
        with initialize_config_dir(config_dir=str(folder), version_base="1.3"):
            config = hydra_compose("config", overrides=overrides)
    except (HydraException, OmegaConfBaseException, yaml.YAMLError, *_OF_HYDRA) as error:
        raise _HydraFailure(" ".join(str(error).split())) from error
    # Interpolations stay as text and are refused: a resolver could read the environment.
    plain = OmegaConf.to_container(config, resolve=False)
    return {str(key): value for key, value in plain.items()} if isinstance(plain, dict) else {}


def _overruled(
    conf: Path, choices: list[str], composed: dict[str, object], given: set[str]
) -> Iterator[Problem]:
    """Settings of the user's files that the calibration would take back without a word."""
    none = "calibration=none"
    others = [line for line in choices if not line.startswith("calibration=")]
    plain = dict(leaves(_hydra(conf, [*others, none])))
    usual = dict(leaves(_hydra(packaged(), [none])))
    for path, value in leaves(composed):
        own = plain.get(path)
        if path == "calibration" or own == usual.get(path) or value == own or path in given:
            continue
        allowed = f"is overruled by the calibration; choose {none}, or give {path}=... as a word"
        yield Problem(path, own, allowed)


def _no_lever(name: str, names: Sequence[str]) -> Problem:
    return Problem(LEVERS, name, "no such lever; `hesim levers` lists them", nearest(name, names))


def _describes_lever(key: str) -> bool:
    """Whether a path is part of what a lever is, not of how it is used."""
    from hesim.levers.catalogue import WORDS

    group, _, rest = key.partition(".")
    return group == LEVERS and rest.partition(".")[2].partition(".")[0] in WORDS


def _check_levers(
    levers: Mapping[str, object], values: Mapping[str, object], schema: Schema
) -> Iterator[Problem]:
    """Ask the package of the levers, which alone knows what they mean."""
    from hesim.levers.checks import check_levers
    from hesim.tables import read
    from hesim.tables.schema import DataError

    data = values.get("data")
    try:
        tables = read(None if data is None else Path(str(data)))
    except DataError:
        # Told by whoever reads the data; names of institutions cannot be checked then.
        tables = None
    yield from check_levers(levers, schema, tables, force=values.get("force") is True)


def _unknown(key: str, value: object, paths: set[str], levers: Sequence[str] = ()) -> Problem:
    allowed = "no such key; `hesim config` lists them"
    first, _, rest = key.partition(".")
    lever, _, rest = rest.partition(".")
    if first == LEVERS and rest and f"{LEVERS}.{lever}" not in paths:
        if lever in levers:
            return Problem(key, value, f"{lever} is not chosen; add it to levers=[...]")
        return _no_lever(lever, levers)
    return Problem(key, value, allowed, nearest(key, paths))


def _put(values: dict[str, object], path: str, value: object) -> None:
    *parents, last = path.split(".")
    node = values
    for part in parents:
        child = node[part]
        if not isinstance(child, dict):
            return
        node = child
    node[last] = str(value) if isinstance(value, Path) else _plain(value)


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


def _check(
    values: dict[str, object], defaults: dict[str, object], schema: Schema
) -> Iterator[Problem]:
    usual = dict(leaves(defaults))
    found = dict(leaves(values))
    for path, value in found.items():
        if isinstance(value, str) and re.search(r"\$\{", value):
            yield Problem(path, value, "must be a value: interpolations are not resolved")
            continue
        meaning = schema.find(path)
        if meaning is not None:
            yield from meaning.problems(path, value)
        elif any(known.startswith(f"{path}.") for known in usual):
            yield Problem(path, value, "must be a mapping with the keys it has by default")
        elif path not in usual:
            yield _unknown(path, value, set(usual))
    for path in usual:
        parents = {path[: index.start()] for index in re.finditer(r"\.", path)}
        if path not in found and not parents & set(found):
            if any(name.startswith(f"{path}.") for name in found):
                yield Problem(path, None, "must be a value, not a mapping")
            else:
                yield Problem(path, None, "is missing")


def _check_folders(values: dict[str, object]) -> Iterator[Problem]:
    data, output = values.get("data"), values.get("output")
    if isinstance(data, str) and data and not is_folder(Path(data)):
        yield Problem("data", data, "must be a folder that exists, with CSV files")
    if not isinstance(output, str) or not output or not is_path(output):
        # That it is none is told with the other settings.
        return
    target = userfile.place(output)
    if target.exists() or target.is_symlink():
        yield Problem("output", output, "exists already; must be a new folder")
        return
    parent = next((place for place in target.absolute().parents if place.exists()), Path("/"))
    try:
        # Only trying tells: rights alone say nothing about a read-only disk, or for root.
        with tempfile.TemporaryDirectory(dir=parent, prefix=".hesim-"):
            pass
    except OSError as error:
        why = error.strerror or "not possible"
        yield Problem("output", output, f"cannot be written: {parent}: {why}")
