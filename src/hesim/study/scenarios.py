"""Read the structural scenarios of a study: `path:value`, several at once, or with a name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from hesim.config import Problem
from hesim.config.trees import leaves
from hesim.input.document import BadDocument, parse
from hesim.input.problems import nearest
from hesim.study.points import CENTRAL
from hesim.study.uncertainty import outside_range

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.config.schema import Schema
    from hesim.study.design import World

SETTING = "study.scenarios"
BETWEEN = re.compile(r"\+(?=[A-Za-z_][\w.]*:)")
"""What stands between the settings of one scenario: a plus before a path. That of 1e+6 is none."""
NAMED = re.compile(r"([A-Za-z_]\w*)=(.*)", re.DOTALL)
"""A scenario with a name of its own, as `many_posts=model.vacancies.growth.hbo:0.05`."""


def read_scenarios(
    specs: Iterable[str], settings: Settings, schema: Schema, dials: Mapping[str, Mapping[str, Any]]
) -> tuple[dict[str, World], list[Problem]]:
    """Settings of each structural scenario by its name, the central one first.

    Args:
        specs: What the user wrote, each one scenario.
        settings: The composed config, levers of all arms included.
        schema: What each setting means.
        dials: Facts of the levers' dials by path: `min` and `max` among them.

    Returns:
        The scenarios by name, and what is wrong with those that cannot be read. Without a name of
        its own a scenario is called by its settings, as `path=value+path=value`.
    """
    known = dict(leaves(settings.resolved()))
    made: dict[str, World] = {CENTRAL: {}}
    problems: list[Problem] = []
    for spec in specs:
        values: World = {}
        words = []
        named = NAMED.fullmatch(spec)
        name, listed = named.groups() if named else ("", spec)
        for part in BETWEEN.split(listed):
            path, _, word = part.partition(":")
            if path not in known or not word:
                allowed = "must be path:value of a setting that exists"
                problems.append(Problem(SETTING, part, allowed, nearest(path, known)))
                continue
            if path in values:
                problems.append(Problem(SETTING, spec, f"sets {path} twice"))
            try:
                value = parse(word)
            except BadDocument as error:
                problems.append(Problem(SETTING, part, error.without_line()))
                continue
            meaning = schema.find(path)
            problems.extend(meaning.problems(path, value) if meaning is not None else ())
            problems.extend(outside_range(path, (value,), dials.get(path, {})))
            values[path] = value
            words.append(f"{path}={word}")
        name = name or "+".join(words)
        if name in made:
            problems.append(Problem(SETTING, spec, f"there is a scenario {name} already"))
        elif values:
            made[name] = values
    return made, problems
