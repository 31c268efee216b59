"""Change one rule of the model wherever it is called, and compile its callers anew."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from numba import njit
from numba.core.registry import CPUDispatcher


def _modules() -> list[ModuleType]:
    return [module for name, module in sys.modules.items() if name.startswith("hesim.")]


def _compiled() -> dict[int, CPUDispatcher]:
    found = (value for module in _modules() for value in vars(module).values())
    return {id(value): value for value in found if isinstance(value, CPUDispatcher)}


def callers_of(rule: CPUDispatcher) -> list[CPUDispatcher]:
    """Compiled functions that call a rule, directly or through others."""
    reached, grows = {id(rule)}, True
    while grows:
        grows = False
        for key, each in _compiled().items():
            names = each.py_func.__code__.co_names
            called = {id(each.py_func.__globals__.get(name)) for name in names}
            if key not in reached and called & reached:
                reached.add(key)
                grows = True
    return [each for key, each in _compiled().items() if key in reached and each is not rule]


def more_of(parts: type[Any], factor: str) -> str:
    """The expression that gives the same parts, one of them a tenth larger."""
    names = (f"made.{name}{' + 0.1' * (name == factor)}" for name in parts._fields)
    return f"{parts.__name__}({', '.join(names)})"


@contextmanager
def mutated(rule: CPUDispatcher, expression: str, **scope: Any) -> Iterator[None]:
    """Let a rule return something else to all of its callers.

    Args:
        rule: A compiled function.
        expression: What it returns instead; `made` is what it returned.
        **scope: Names in the expression.
    """
    code = rule.py_func.__code__
    takes = ", ".join(code.co_varnames[: code.co_argcount])
    # Written out, since compiled code takes no variable number of arguments.
    text = f"def mutant({takes}):\n    made = inner({takes})\n    return {expression}\n"
    scope = {**scope, "inner": njit(inline="always")(rule.py_func)}
    exec(text, scope)
    replaced = {id(rule): njit(inline="always")(scope["mutant"])}
    for each in callers_of(rule):
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
        yield
    finally:
        for module, name, value in before:
            setattr(module, name, value)
