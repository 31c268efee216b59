"""Load the process of a lever that stands outside of the package: a user's file or an entry point.

A lever's file names it: `process: NAME`. The name is that of a file `processes/NAME.py` in the
folder given with `--config`, or else of an entry point of the group `hesim.processes` that an
installed package offers. Code comes from these two places alone. Whatever is wrong in it is told in
words, with its file and line.
"""

from __future__ import annotations

import hashlib
import linecache
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from hesim.config.process_files import ProcessFile
from hesim.levers.registry import OWN

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.levers.processes.process import Process

GROUP = "hesim.processes"
"""Group of the entry points of installed packages."""
Source = ProcessFile | EntryPoint
"""Where the code of a process stands."""


class ProcessFault(RuntimeError):
    """A process that cannot be loaded, or went wrong in a month; the message says where and why.

    Attributes:
        process: Its name.
    """

    def __init__(self, process: str, words: str) -> None:
        """Say what is wrong with which process."""
        super().__init__(process, words)
        self.process = process

    def __str__(self) -> str:
        """What is wrong."""
        return str(self.args[1])


def source_of(name: str, files: Mapping[str, ProcessFile]) -> Source:
    """Where a process stands: the user's file comes before an installed package.

    Raises:
        ProcessFault: there is none of this name.
    """
    if name in files:
        return files[name]
    installed = {each.name: each for each in entry_points(group=GROUP)}
    if name in installed:
        return installed[name]
    known = ", ".join(sorted({*files, *installed})) or "there is none"
    raise ProcessFault(
        name,
        f"no process of this name: needs a file processes/{name}.py in the folder given with "
        f"--config, or an installed package that offers it; known: {known}",
    )


def load_process(source: Source) -> type[Process]:
    """The class of a process; its code is run where it was not yet.

    Raises:
        ProcessFault: the code cannot be run, or holds no process, or several.
    """
    # Only where there is one, as it takes the compiled model along.
    from hesim.levers.processes.process import Process

    if isinstance(source, EntryPoint):
        with process_faults(source.name, None):
            found = source.load()
        if not (isinstance(found, type) and issubclass(found, Process)):
            raise ProcessFault(source.name, f"{source.value} is no subclass of Process")
        return found
    module = _module_of(source)
    classes = [
        each
        for each in vars(module).values()
        if isinstance(each, type)
        and issubclass(each, Process)
        and each.__module__ == module.__name__
    ]
    if len(classes) != 1:
        held = ", ".join(each.__name__ for each in classes) or "none"
        words = f"{source.file}: must hold one subclass of Process, and holds {held}"
        raise ProcessFault(source.name, words)
    missing = sorted(getattr(classes[0], "__abstractmethods__", ()))
    if missing:
        words = f"{source.file}: {classes[0].__name__} lacks {', '.join(missing)}"
        raise ProcessFault(source.name, words)
    return classes[0]


def _module_of(source: ProcessFile) -> ModuleType:
    """The module of a user's file, made once for each text."""
    name = f"hesim_process_{source.name}_{source.sha256[:16]}"
    if name in sys.modules:
        return sys.modules[name]
    module = ModuleType(name)
    module.__file__ = source.file
    # So that a traceback shows the line also where the file is not, as in a worker elsewhere.
    lines = source.text.splitlines(keepends=True)
    linecache.cache[source.file] = (len(source.text), None, lines, source.file)
    sys.modules[name] = module
    try:
        with process_faults(source.name, source.file):
            exec(compile(source.text, source.file, "exec"), vars(module))
    except ProcessFault:
        del sys.modules[name]
        raise
    return module


@contextmanager
def process_faults(process: str, file: str | None) -> Iterator[None]:
    """Turn whatever goes wrong in a process into words with its file and line.

    Args:
        process: Name of the process.
        file: Its file; None for one of an installed package.

    Raises:
        ProcessFault: something went wrong.
    """
    try:
        yield
    except ProcessFault:
        raise
    except SyntaxError as error:
        where = f"{error.filename}, line {error.lineno}"
        raise ProcessFault(process, f"{where}: {error.msg}") from error
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        mine = [frame for frame in frames if frame.filename == file] or list(frames)
        words = " ".join(str(error).split())
        what = f"{type(error).__name__}: {words}" if words else type(error).__name__
        where = f"{mine[-1].filename}, line {mine[-1].lineno}, in {mine[-1].name}"
        raise ProcessFault(process, f"{where}: {what}") from error


def file_of(source: Source) -> str | None:
    """The file of a user's process; None for one of an installed package."""
    return source.file if isinstance(source, ProcessFile) else None


def process_hashes(settings: Settings) -> dict[str, str]:
    """Hash of the code of each process from outside of the package, by where it stands.

    Of a user's folder all processes are named, of installed packages those that the levers use.

    Args:
        settings: Composed settings.
    """
    files = {each.name: each for each in settings.process_files()}
    found = {each.place: each.sha256 for each in files.values()}
    levers = settings.mapping("levers").values()
    for name in sorted({str(body[OWN]) for body in levers if body.get(OWN)} - files.keys()):
        source = source_of(name, files)
        assert isinstance(source, EntryPoint)
        spec = find_spec(source.module)
        origin = None if spec is None else spec.origin
        content = b"" if origin is None else Path(origin).read_bytes()
        found[f"{GROUP}:{source.name} ({source.value})"] = hashlib.sha256(content).hexdigest()
    return found
