"""Change rules of the model wherever they are called, by dials that tests turn.

The callers are compiled anew, which takes seconds: once for all rules, each with a dial of its own.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from ctypes import CFUNCTYPE, c_double, c_int64
from types import ModuleType
from typing import Any, NamedTuple

from numba import njit
from numba.core.registry import CPUDispatcher


class Rule(NamedTuple):
    """A rule with a dial.

    Attributes:
        function: The compiled function that is the rule.
        expression: What it returns instead: `made` is what it returned, `dial` is 0 until turned.
        scope: Names in the expression.
    """

    function: CPUDispatcher
    expression: str
    scope: Mapping[str, Any] = {}


class Dials:
    """What the rules of this block are turned to, by name."""

    def __init__(self, names: list[str]) -> None:
        self._names = names
        self.values = [0.0] * len(names)

    @contextmanager
    def turned(self, name: str, value: float) -> Iterator[None]:
        """Let one rule differ from what the model has."""
        self.values[self._names.index(name)] = value
        try:
            yield
        finally:
            self.values[self._names.index(name)] = 0.0


def _modules() -> list[ModuleType]:
    return [module for name, module in sys.modules.items() if name.startswith("hesim.")]


def _compiled() -> dict[int, CPUDispatcher]:
    found = (value for module in _modules() for value in vars(module).values())
    return {id(value): value for value in found if isinstance(value, CPUDispatcher)}


def callers_of(rules: list[CPUDispatcher]) -> list[CPUDispatcher]:
    """Compiled functions that call a rule, directly or through others."""
    reached, grows = {id(rule) for rule in rules}, True
    every = _compiled()
    while grows:
        grows = False
        for key, each in every.items():
            names = each.py_func.__code__.co_names
            called = {id(each.py_func.__globals__.get(name)) for name in names}
            if key not in reached and called & reached:
                reached.add(key)
                grows = True
    rest = reached - {id(rule) for rule in rules}
    return [each for key, each in every.items() if key in rest]


def more_of(parts: type[Any], factor: str) -> str:
    """The expression that gives the same parts, one of them larger by the dial."""
    names = (f"made.{name}{' + dial' * (name == factor)}" for name in parts._fields)
    return f"{parts.__name__}({', '.join(names)})"


def _mutant(rule: Rule, number: int, turn: Any) -> CPUDispatcher:
    code = rule.function.py_func.__code__
    takes = ", ".join(code.co_varnames[: code.co_argcount])
    # Written out, since compiled code takes no variable number of arguments.
    text = (
        f"def mutant({takes}):\n    made = inner({takes})\n    dial = turn({number})\n"
        f"    return {rule.expression}\n"
    )
    inner = njit(inline="always")(rule.function.py_func)
    scope = {**rule.scope, "inner": inner, "turn": turn}
    exec(text, scope)
    return njit(inline="always")(scope["mutant"])


@contextmanager
def dialled(rules: Mapping[str, Rule]) -> Iterator[Dials]:
    """Let rules return to all of their callers what their dials say."""
    dials = Dials(list(rules))
    turn = CFUNCTYPE(c_double, c_int64)(lambda number: dials.values[number])
    replaced = {
        id(rule.function): _mutant(rule, number, turn) for number, rule in enumerate(rules.values())
    }
    for each in callers_of([rule.function for rule in rules.values()]):
        inline = each.targetoptions.get("inline", "never")
        replaced[id(each)] = njit(inline=inline)(each.py_func)
    before = [
        (module, name, value)
        for module in _modules()
        for name, value in vars(module).items()
        if id(value) in replaced
    ]
    try:
        for module, name, value in before:
            setattr(module, name, replaced[id(value)])
        yield dials
    finally:
        for module, name, value in before:
            setattr(module, name, value)
