"""Simulate labour mobility in Dutch higher education.

`hesim.run(...)`, `hesim.barriers(...)`, `hesim.dose(...)`, `hesim.worth_knowing(folder)` and
`hesim.load(folder)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hesim.api import barriers, dose, run, worth_knowing
    from hesim.record.run_folder import load

__version__ = "0.1.0"
__all__ = ["__version__", "barriers", "dose", "load", "run", "worth_knowing"]


def __getattr__(name: str) -> Any:
    """Import a name of the Python API when it is asked for, so that `import hesim` stays quick."""
    if name == "run":
        from hesim.api import run

        return run
    if name == "barriers":
        from hesim.api import barriers

        return barriers
    if name == "worth_knowing":
        from hesim.api import worth_knowing

        return worth_knowing
    if name == "dose":
        from hesim.api import dose

        return dose
    if name == "load":
        from hesim.record.run_folder import load

        return load
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """Names of the Python API."""
    return list(__all__)
