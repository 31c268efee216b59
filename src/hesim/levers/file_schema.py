"""Describe a lever's file as JSON Schema, so that editors complete and check it."""

from __future__ import annotations

from typing import Any

from hesim.config.checks import WORDS
from hesim.config.json_schema import DRAFT, lever_settings
from hesim.config.schema import Schema
from hesim.levers.catalogue import COSTS, EXPECT, OF_DIAL, TEXTS
from hesim.levers.cost import NUMBERS
from hesim.levers.expectation import ENDS, FIGURES
from hesim.levers.prior import SHAPES
from hesim.levers.registry import ACTS, GRADES, GROUPS, OWN, PAYERS, TAKING_PART, UNITS_OF_COST

KIND = "levers"
"""Name of this kind of files, beside those of `config.json_schema.kinds`."""
ABOUT = {
    "title": "what it is called where people read of it",
    "group": "what it is about",
    "about": "what it does, in a few sentences",
    "section": "where the report, or another source, tells of it",
    "must_not": "what is not typed in, and must come out of the model or not at all",
    "taking_part": "of whom `reach.share` is a share",
}
_TEXT: dict[str, Any] = {"type": "string", "minLength": 1}
_NUMBER = {"type": "number"}


def lever_schema(schema: Schema) -> dict[str, Any]:
    """The JSON Schema of a file of levers: one that describes a lever, or a ready package.

    Args:
        schema: Meanings of settings.
    """
    settings = lever_settings(schema, dials=True)
    words: dict[str, Any] = {name: _TEXT | {"description": ABOUT[name]} for name in TEXTS}
    words["group"] = _one_of(GROUPS, ABOUT["group"])
    words["taking_part"] = _one_of(TAKING_PART, ABOUT["taking_part"])
    words["contradicts"] = {
        "description": "levers that cannot be chosen beside it",
        "type": "array",
        "items": {"type": "string"},
    }
    words["process"] = {"description": "file of processes/, for a lever of its own code", **_TEXT}
    words["dials"] = _named(_dial(), "what each dial acts on, its range, and what it rests on")
    words[COSTS] = _named(_cost(), "what it takes, item by item")
    words[EXPECT] = _expectation()
    return {
        "$schema": DRAFT,
        "title": "hesim: a lever",
        "type": "object",
        "anyOf": [{"required": [*WORDS, *settings["properties"]]}, {"required": ["defaults"]}],
        "properties": {
            **words,
            **settings["properties"],
            "defaults": {
                "description": "levers of a ready package",
                "type": "array",
                "items": {"type": "string"},
            },
        },
        "additionalProperties": {
            "description": "the value of a dial; in a ready package, settings of one of its levers",
            "type": ["number", "object"],
        },
    }


def _dial() -> dict[str, Any]:
    ends: dict[str, Any] = {"low": _NUMBER, "mode": _NUMBER, "high": _NUMBER}
    prior = _closed(
        {
            "shape": _one_of(dict.fromkeys(SHAPES, ""), "how values are spread"),
            "reason": _TEXT | {"description": "why, in a sentence"},
            **ends,
        },
        ("shape", "reason"),
    )
    acts = {
        "description": "the mechanism that it turns; `hesim levers --mechanisms` lists them",
        "anyOf": [{"enum": list(ACTS)}, {"type": "string", "pattern": rf"^{OWN}\."}],
    }
    return _closed(
        {
            "acts": acts,
            "min": _NUMBER | {"description": "its lowest value; the range must hold 0"},
            "max": _NUMBER | {"description": "its highest value"},
            "unit": _TEXT,
            "grade": _one_of(GRADES, "what its value rests on"),
            "source": _TEXT | {"description": "where its value comes from"},
            "about": _TEXT | {"description": "what it is"},
            "scaled": {"type": "boolean", "description": "whether `strength` scales it"},
            "prior": prior | {"description": "what is believed of it before it is measured"},
        },
        OF_DIAL,
    )


def _cost() -> dict[str, Any]:
    properties: dict[str, Any] = {
        "about": _TEXT,
        "per": _one_of(UNITS_OF_COST, "what is counted"),
        **{name: {"type": "number", "minimum": 0} for name in NUMBERS},
        "pays": _one_of(PAYERS, "who pays"),
        "transfer": {"type": "boolean", "description": "whether it only moves money"},
        "grade": _one_of(GRADES, "what the figures rest on"),
        "year": {"type": "integer", "description": "year of the prices"},
        "source": _TEXT,
    }
    return _closed(properties, ())


def _expectation() -> dict[str, Any]:
    span = _closed({name: _NUMBER for name in ENDS}, ENDS)
    figures = {name: span | {"description": about} for name, about in FIGURES.items()}
    made = _closed({"words": _TEXT, "source": _TEXT, **figures}, ("words", "source"))
    return made | {"description": "what a reader may expect of it, and against which evidence"}


def _closed(properties: dict[str, Any], required: tuple[str, ...]) -> dict[str, Any]:
    """A mapping that has these keys and no others."""
    made = {"type": "object", "properties": properties, "additionalProperties": False}
    return made | ({"required": list(required)} if required else {})


def _named(each: dict[str, Any], about: str) -> dict[str, Any]:
    return {"description": about, "type": "object", "additionalProperties": each}


def _one_of(names: dict[str, str], about: str) -> dict[str, Any]:
    told = "; ".join(f"{name}: {words}" for name, words in names.items() if words)
    return {"enum": list(names), "description": f"{about}. {told}" if told else about}
