"""Simulate labour mobility in Dutch higher education.

`hesim.run(...)`, `hesim.barriers(...)` and `hesim.load(folder)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hesim.api import barriers, run
    from hesim.record.run_folder import load

__version__ = "0.1.0"
__all__ = ["__version__", "barriers", "load", "run"]


def __getattr__(name: str) -> Any:
    """Import a name of the Python API when it is asked for, so that `import hesim` stays quick."""
    if name == "run":
        from hesim.api import run

        return run
    if name == "barriers":
        from hesim.api import barriers

        return barriers
    if name == "load":
        from hesim.record.run_folder import load

        return load
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """Names of the Python API."""
    return list(__all__)
