"""Simulate labour mobility in Dutch higher education: `hesim.run(...)` and `hesim.load(folder)`."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

__version__ = "0.1.0"


class _Package(ModuleType):
    """Keep `hesim.run` the function, although a package of that name does the work.

    Importing `hesim.run` would otherwise replace the function by the module. Being read
    on demand also keeps `import hesim` and `hesim --help` quick.
    """

    @property
    def run(self) -> Any:
        from hesim.run import run

        return run

    @run.setter
    def run(self, module: ModuleType) -> None:
        """Ignore what the import system sets; the module stays in `sys.modules`."""

    @property
    def load(self) -> Any:
        from hesim.run import load

        return load


sys.modules[__name__].__class__ = _Package
