"""Check the levers of a configuration: dates, reach, dials and what contradicts, all at once."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from hesim.config.checks import DESCRIBING
from hesim.config.schema import Schema
from hesim.config.trees import leaves
from hesim.input.document import with_point
from hesim.input.problems import Problem, nearest
from hesim.levers.catalogue import COSTS, EXPECT, Description, describe
from hesim.levers.own_process import ProcessFault, load_process, source_of
from hesim.levers.registry import GROUPS, MECHANISMS, TAKING_PART

if TYPE_CHECKING:
    from hesim.config.process_files import ProcessFile
    from hesim.tables import ReportTables


def check_levers(
    levers: Mapping[str, object],
    schema: Schema,
    tables: ReportTables | None,
    force: bool = False,
    processes: Sequence[ProcessFile] = (),
) -> Iterator[Problem]:
    """Yield every problem of the levers of composed settings.

    Args:
        levers: The mapping `levers` of the settings.
        schema: Meaning of the settings that all levers have.
        tables: For the names of institutions and partnerships; None leaves them unchecked.
        force: Let dials pass that are out of range.
        processes: Files with processes of the user's own.
    """
    known: dict[str, Description] = {}
    for key, body in levers.items():
        if not isinstance(body, dict):
            yield Problem(f"levers.{key}", body, "must be a lever of levers=A,B")
            continue
        try:
            known[key] = describe(key, _with_numbers(body))
        except ValueError as error:
            for line in str(error).splitlines():
                # Each line begins with its path.
                path, _, words = line.partition(": ")
                yield Problem(path, None, words)
            continue
        found = list(_settings(key, body, known[key], schema))
        yield from found
        yield from _dials(key, body, known[key], force)
        yield from _process(key, known[key], processes)
        if not {f"levers.{key}.{name}" for name in ("start", "end")} & {p.path for p in found}:
            yield from _dates(key, body)
        if not any(problem.path.startswith(f"levers.{key}.reach") for problem in found):
            yield from _reach(key, body, tables)
    yield from _contradictions(known)


def _with_numbers(body: Mapping[str, object]) -> dict[str, object]:
    """The lever with 0 for dials that are no numbers, which `_dials` tells."""
    dials = body.get("dials")
    names = dials if isinstance(dials, dict) else {}
    return {
        name: 0 if name in names and not isinstance(value, int | float) else value
        for name, value in body.items()
    }


def check_without(without: object) -> Iterator[Problem]:
    """Yield a problem for each name in `without` that is no mechanism."""
    for name in name_list(without) if without else []:
        if name not in MECHANISMS:
            words = "no such mechanism; `hesim levers --mechanisms` lists them"
            yield Problem("without", name, words, nearest(name, MECHANISMS))


def _settings(
    key: str, body: Mapping[str, object], lever: Description, schema: Schema
) -> Iterator[Problem]:
    dials = {dial.name for dial in lever.dials}
    names = {meaning.path.rpartition("*.")[2] for meaning in schema.meanings} | dials
    described = {*DESCRIBING, *dials, COSTS, EXPECT}
    rest = {name: value for name, value in body.items() if name not in described}
    given = dict(leaves(rest))
    for meaning in schema.meanings:
        path = meaning.path.removeprefix("levers.*.")
        if path != meaning.path and path not in given:
            yield Problem(f"levers.{key}.{path}", None, f"is missing; must be {meaning.range()}")
    for path, value in given.items():
        found = schema.find(f"levers.{key}.{path}")
        if found is None:
            whole = f"levers.{key}.{path}"
            yield Problem(whole, value, "no such setting of a lever", nearest(path, names))
        else:
            yield from found.problems(f"levers.{key}.{path}", value)
    for name, allowed in (("group", GROUPS), ("taking_part", TAKING_PART)):
        if body[name] not in allowed:
            words = "must be one of " + ", ".join(allowed)
            yield Problem(
                f"levers.{key}.{name}", body[name], words, nearest(str(body[name]), allowed)
            )


def _dials(
    key: str, body: Mapping[str, object], lever: Description, force: bool
) -> Iterator[Problem]:
    for dial in lever.dials:
        value, path = body[dial.name], f"levers.{key}.{dial.name}"
        if isinstance(value, bool) or not isinstance(value, int | float):
            yield Problem(path, value, "must be a number", with_point(value))
        elif isinstance(value, float) and not math.isfinite(value):
            yield Problem(path, value, "must be a finite number")
        elif not dial.low <= value <= dial.high and not force:
            yield Problem(
                path,
                value,
                f"must be from {dial.low:g} to {dial.high:g} {dial.unit} (force=true lets it pass)",
            )


def _process(key: str, lever: Description, processes: Sequence[ProcessFile]) -> Iterator[Problem]:
    files = {each.name: each for each in processes}
    try:
        if lever.process:
            load_process(source_of(lever.process, files))
    except ProcessFault as error:
        close = nearest(lever.process, files)
        yield Problem(f"levers.{key}.process", lever.process, str(error), close)


def _dates(key: str, body: Mapping[str, object]) -> Iterator[Problem]:
    start, end = str(body["start"]), body["end"]
    if end is not None and start > str(end):
        yield Problem(f"levers.{key}.start", start, f"must not be after the end, {end}")


def name_list(value: object) -> list[str]:
    """Names given as a list, or one alone."""
    return [str(name) for name in value] if isinstance(value, list) else [str(value)]


def _reach(key: str, body: Mapping[str, object], tables: ReportTables | None) -> Iterator[Problem]:
    reach = body.get("reach")
    if tables is None or not isinstance(reach, dict):
        return
    institutions = {each.name: each for each in tables.institutions}
    members = {
        each.initiative: {each.lead, *each.partners} & institutions.keys()
        for each in tables.partnerships
    }
    chosen = set(institutions)
    wrong = False
    for what, names in (("institutions", institutions.keys()), ("partnerships", members.keys())):
        given = name_list(reach[what]) if reach[what] else []
        for name in given:
            if name not in names:
                wrong = True
                close = nearest(name, names)
                words = f"no such name in {what}; `hesim levers --reach` lists them"
                yield Problem(f"levers.{key}.reach.{what}", name, words, close)
        if given and what == "institutions":
            chosen &= set(given)
        elif given:
            chosen &= set().union(*(members.get(name, set()) for name in given))
    regions = name_list(reach["regions"]) if reach["regions"] else []
    if regions:
        chosen = {name for name in chosen if institutions[name].region in regions}
    if not chosen and not wrong:
        places = ", ".join(regions) or "any region"
        yield Problem(
            f"levers.{key}.reach",
            None,
            f"reaches nobody: no institution in {places} is left by institutions = "
            f"{reach['institutions'] or 'all'} and partnerships = {reach['partnerships'] or 'all'}",
        )


def _contradictions(known: Mapping[str, Description]) -> Iterator[Problem]:
    said: set[frozenset[str]] = set()
    aligning = sorted(key for key, lever in known.items() if "terms" in lever.mechanisms)
    for key, lever in known.items():
        for other in lever.contradicts:
            pair = frozenset((key, other))
            if other in known and pair not in said:
                said.add(pair)
                words = f"{key} and {other} contradict each other: choose one"
                yield Problem("levers", sorted(pair), words)
    for pair in map(frozenset, combinations(aligning, 2)):
        if pair not in said:
            words = "all act on terms: together they would close the same gap twice; choose one"
            yield Problem("levers", sorted(pair), words)
