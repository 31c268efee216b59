"""Describe settings files as JSON Schema (draft 2020-12), so that editors complete and check them.

A file says `# yaml-language-server: $schema=FILE` in a comment. A schema is for the files of one
kind: those that set from the top, or those below a path, such as `model.choice`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from hesim.config.checks import LEVERS
from hesim.config.defaults import MAIN
from hesim.config.folders import options, packaged_file, packaged_places
from hesim.config.meaning import Meaning
from hesim.config.nodes import packaged_node
from hesim.config.points import points
from hesim.config.schema import Schema
from hesim.config.trees import leaves

DRAFT = "https://json-schema.org/draft/2020-12/schema"
STEMS = {"float": "number", "int": "integer", "bool": "boolean"}
"""Types of JSON by those of settings; all others are texts."""
TOP = "settings"
"""Name of the kind of files that set from the top: config.yaml, experiments, structures."""
ENTRY = {
    "description": "an entry as in the packaged files: a value beside its meaning; only the value "
    "can be changed",
    "type": "object",
    "required": ["about", "label"],
    "properties": {"about": {"type": "string"}, "label": {"type": "string"}},
}
_IS_ENTRY = {"$ref": "#/$defs/entry"}


def kinds() -> dict[str, str]:
    """Kinds of settings files, each with the path below which its settings lie."""
    packages = {packaged_node(place).package for place in packaged_places() if place != MAIN}
    below = sorted(name for name in packages if name and not name.startswith(f"{LEVERS}."))
    return {TOP: "", **{name: name for name in below if name != LEVERS}}


def file_schema(kind: str, schema: Schema, values: Mapping[str, object]) -> dict[str, Any]:
    """The JSON Schema of the settings files of a kind.

    Args:
        kind: One of `kinds()`.
        schema: Meanings of settings.
        values: Composed settings, for the defaults.
    """
    package = kinds()[kind]
    usual = dict(leaves(values))
    of_levers = f"{LEVERS}."
    meanings = [each for each in schema.meanings if not each.path.startswith(of_levers)]
    properties: dict[str, Any] = {}
    shared: dict[str, Any] = {"entry": ENTRY}
    for path, meaning in _paths(meanings):
        if _below(path, package):
            found = _setting(meaning, usual.get(path))
            if "*" in meaning.path:
                shared.setdefault(meaning.path, _setting(meaning, None))
                found = {"$ref": f"#/$defs/{meaning.path}", "default": usual.get(path)}
            _place(properties, _rest(path, package).split("."), found)
    for meaning in meanings:
        if _below(meaning.path, package):
            _add_entry(properties, _rest(meaning.path, package), meaning)
    if not package:
        properties[LEVERS] = {
            "description": "settings of levers that are chosen, by the lever's name",
            "type": "object",
            "additionalProperties": lever_settings(schema, dials=True),
        }
    properties["defaults"] = _top_list() if not package else _list_of_names()
    return {
        "$schema": DRAFT,
        "title": f"hesim: {package or 'settings from the top'}",
        **_mapping(properties),
        "$defs": shared,
    }


def lever_settings(schema: Schema, dials: bool) -> dict[str, Any]:
    """The JSON Schema of what every lever has: dates, reach and strength.

    Args:
        schema: Meanings of settings.
        dials: Let further names be dials, which are numbers.
    """
    properties: dict[str, Any] = {}
    for meaning in schema.meanings:
        group, star, rest = meaning.path.partition(".*.")
        if group == LEVERS and star:
            _place(properties, rest.split("."), _setting(meaning, None))
    made = _mapping(properties)
    if dials:
        made["additionalProperties"] = {"type": "number", "description": "a dial of the lever"}
    return made


def value_schema(meaning: Meaning) -> dict[str, Any]:
    """The JSON Schema of the values that a setting may have."""
    if meaning.type != "list":
        made = _one(meaning.type, meaning)
    else:
        made = {"type": "array", "items": _one(meaning.of, meaning)}
        if meaning.length is not None:
            made |= {"minItems": meaning.length, "maxItems": meaning.length}
        if meaning.scalar:
            made = {"anyOf": [made, _one(meaning.of, meaning)]}
    return {"anyOf": [made, {"type": "null"}]} if meaning.optional else made


def _one(kind: str, meaning: Meaning) -> dict[str, Any]:
    """The schema of one value of a type."""
    if kind == "choice":
        return {"enum": list(meaning.choices)}
    made: dict[str, Any] = {"type": STEMS.get(kind, "string")}
    if kind == "month":
        made["pattern"] = "^[0-9]{4}-(0[1-9]|1[0-2])$"
    elif kind in ("float", "int"):
        ends = {"minimum": meaning.min, "maximum": meaning.max}
        made |= {name: end for name, end in ends.items() if end is not None}
    elif kind != "bool":
        made["minLength"] = 1
    return made


def _setting(meaning: Meaning, usual: object) -> dict[str, Any]:
    """The schema of a setting in a file: its value, or an entry that holds one."""
    unit = f" [{meaning.unit}]" if meaning.unit else ""
    made: dict[str, Any] = {
        "description": f"{meaning.about}{unit}. {_capital(meaning.range())}. "
        f"{_capital(meaning.label)}: {meaning.source}.",
    }
    if meaning.unit:
        made["unit"] = meaning.unit
    if usual is not None or meaning.optional:
        made["default"] = usual
    value = value_schema(meaning)
    if meaning.path.startswith(f"{LEVERS}."):
        return made | value
    # An editor shows the fault of the first way where none fits.
    return made | {"anyOf": [value, _entry_of(value)]}


def _entry_of(value: Mapping[str, Any]) -> dict[str, Any]:
    fields = ("value", "uncalibrated")
    return {**_IS_ENTRY, "properties": {name: value for name in fields}}


def _add_entry(properties: dict[str, Any], name: str, meaning: Meaning) -> None:
    """Let an entry stand below its dotted name, as the packaged files write it."""
    value = value_schema(meaning)
    parts = name.split(".")
    for _ in range(parts.count("*")):
        value = {"type": "object", "additionalProperties": value}
    # Keys of a mapping are left out of the name where there is one mapping alone, at its end.
    names = {name, name.removesuffix(".*")} if parts.count("*") == 1 else {name}
    for each in names:
        entry = _entry_of(value)
        if each not in properties:
            properties[each] = entry
        elif "." not in each and "anyOf" not in properties[each]:
            properties[each] = {"anyOf": [properties[each], entry]}


def _paths(meanings: list[Meaning]) -> Iterator[tuple[str, Meaning]]:
    """Every path that a meaning stands for, with the keys in the place of its stars."""
    for meaning in sorted(meanings, key=lambda each: -each.path.count("*")):
        parts = meaning.path.split("*")
        for keys in product(*meaning.keys[: len(parts) - 1]):
            path = "".join(part + key for part, key in zip(parts, (*keys, ""), strict=True))
            yield path, meaning


def _place(properties: dict[str, Any], parts: list[str], found: dict[str, Any]) -> None:
    """Put the schema of a setting where its path leads, below mappings."""
    first, *rest = parts
    if not rest:
        properties[first] = found
        return
    below = properties.setdefault(first, _mapping({}))
    _place(below["properties"], rest, found)


def _mapping(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _list_of_names() -> dict[str, Any]:
    return {
        "description": "files of the same folder that this one builds on, without .yaml",
        "type": "array",
        "items": {"type": "string"},
    }


def _top_list() -> dict[str, Any]:
    """The schema of the list in config.yaml, which chooses an option of each group."""
    shipped = [f"calibration/{name}.yaml" for name in points()]
    groups = options({*packaged_places(), *shipped})
    one: dict[str, Any] = {
        group: {"type": "string", "examples": list(names)} for group, names in groups.items()
    }
    one[LEVERS] = {"type": ["array", "string"], "items": {"type": "string"}}
    choice = _mapping(one) | {"minProperties": 1, "maxProperties": 1}
    listed = packaged_file(MAIN).body["defaults"]
    return {
        "description": "the option of each group, and the place of this file's own settings",
        "type": "array",
        "items": {"anyOf": [{"type": "string"}, choice]},
        "default": listed,
    }


def _below(path: str, package: str) -> bool:
    return not package or path.startswith(f"{package}.")


def _rest(path: str, package: str) -> str:
    return path.removeprefix(f"{package}.") if package else path


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
