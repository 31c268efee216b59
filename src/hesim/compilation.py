"""Compile functions by Numba, and keep them on disk for the same sources only.

Numba's own cache looks at the file of a function. But a compiled function holds the code of those
it calls, from other files too, and the values of names it reads: an edit there would go unseen.
Here a folder holds code of one state of all those sources (see `hesim.sources`).
"""

from __future__ import annotations

import hashlib
import inspect
import pickle
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal, TypeVar, overload

from numba import njit, types
from numba.core.caching import CompileResultCacheImpl, FunctionCache
from numba.core.serialize import dumps

from hesim.shelf import shelf, sources
from hesim.sources import PACKAGE

NAMED: Any = types.BaseNamedTuple
TUPLE: Any = types.BaseTuple

F = TypeVar("F", bound=Callable[..., Any])


@overload
def compiled(function: F) -> F: ...


@overload
def compiled(*, inline: Literal["never", "always"]) -> Callable[[F], F]: ...


def compiled(function: Any = None, *, inline: Literal["never", "always"] = "never") -> Any:
    """Compile a function when it is first called, as `numba.njit` does, and keep the result.

    Args:
        function: What to compile.
        inline: `always` writes it into those who call it.
    """
    if function is None:
        return partial(_compiled, inline=inline)
    return _compiled(function, inline)


def _compiled(function: Any, inline: Literal["never", "always"]) -> Any:
    made: Any = njit(inline=inline)(function)
    # NUMBA_DISABLE_JIT gives the function back as it is.
    if hasattr(made, "enable_caching"):
        made._cache = _Cache(function)
    return made


class _Overloads(CompileResultCacheImpl):
    """Turns compiled code into bytes and back; says nothing of where it lies."""

    def __init__(self, function: Any) -> None:
        """Note what a warning of Numba would name."""
        self._lineno = function.__code__.co_firstlineno
        self._locator = SimpleNamespace(_py_file=inspect.getfile(function))


class _Cache(FunctionCache):
    """Compiled code of one function, a file for each types of arguments.

    Numba's own files are an index and numbered files, which two processes can mix up.
    """

    def __init__(self, function: Any) -> None:
        """Take the function; the disk is left alone until it is called."""
        self._name, self._py_func = repr(function), function
        self._impl = _Overloads(function)
        self.enable()

    @property
    def cache_path(self) -> str | None:
        """Folder of the files; None where there can be none."""
        try:
            return str(shelf().place())
        except OSError:
            return None

    def flush(self) -> None:
        """Stop keeping: who recompiles has changed what the sources do not show."""
        self.disable()

    def _load_overload(self, sig: Any, target_context: Any) -> Any:
        if not (self._enabled and _is_hashed(self._py_func)):
            return None
        content = shelf().read(self._file(sig, target_context.codegen()))
        if content is None:
            return None
        return self._impl.rebuild(target_context, pickle.loads(content))

    def _save_overload(self, sig: Any, data: Any) -> None:
        if self._enabled and _is_hashed(self._py_func) and self._impl.check_cachable(data):
            name = self._file(sig, data.codegen)
            shelf().write(name, dumps(self._impl.reduce(data)))

    def _file(self, sig: Any, codegen: Any) -> str:
        own = self._py_func
        _, machine, code = self._index_key(sig, codegen)
        name = f"{own.__module__}.{own.__qualname__}".replace("<", "").replace(">", "")
        kinds = [_layout(kind) for kind in getattr(sig, "args", sig)]
        given = str(getattr(sig, "return_type", None))
        matter = (own.__code__.co_firstlineno, kinds, given, machine, code)
        return f"{name}-{hashlib.sha256(repr(matter).encode()).hexdigest()[:24]}"


def _is_hashed(function: Any) -> bool:
    """Whether an edit of a function's file gives another folder; else it must not be kept."""
    file = Path(inspect.getfile(function))
    try:
        return file.is_relative_to(PACKAGE) and file.relative_to(PACKAGE).as_posix() in sources()
    except OSError:
        return False


def _layout(kind: Any) -> str:
    """A type in words; of tuples with named fields the names too, which Numba leaves out."""
    if isinstance(kind, NAMED):
        inner = [f"{name}: {_layout(each)}" for name, each in zip(kind.fields, kind, strict=True)]
        return f"{kind.instance_class.__module__}.{kind.instance_class.__name__}{inner}"
    if isinstance(kind, TUPLE):
        return f"({', '.join(map(_layout, kind))})"
    return str(kind)
