"""Start a Python that inherits one end of a pipe, on every system."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from multiprocessing import connection
from typing import Any

WINDOWS = os.name == "nt"


def start_python(
    code: str, pipe: connection.Connection, arguments: Sequence[str]
) -> subprocess.Popen[bytes]:
    """Start a fresh Python; it finds the pipe's handle in `sys.argv[1]`, see `inherited`.

    Args:
        code: What it runs.
        pipe: What it inherits.
        arguments: What it finds in `sys.argv` behind that.
    """
    handle = pipe.fileno()
    given = windows_options(handle) if WINDOWS else {"pass_fds": (handle,)}
    command = [sys.executable, "-c", code, str(handle), *arguments]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, close_fds=True, **given)


def inherited(handle: int) -> connection.Connection:
    """The end of a pipe that this process was started with."""
    kind = getattr(connection, "PipeConnection", connection.Connection)
    made: connection.Connection = kind(handle)
    return made


def windows_options(handle: int) -> dict[str, Any]:
    """What `Popen` needs on Windows; it has been simulated, and not been run there.

    Handles are listed there, since descriptors are not inherited. In a group of its own the child
    does not hear the Ctrl-C of its parent's console. The Python of a virtual environment is a
    starter there, whose process id would be taken for that of the Python that it starts.
    """
    system: Any = os
    system.set_handle_inheritable(handle, True)
    windows: Any = subprocess
    given: dict[str, Any] = {
        "startupinfo": windows.STARTUPINFO(lpAttributeList={"handle_list": [handle]}),
        "creationflags": windows.CREATE_NEW_PROCESS_GROUP,
    }
    real = getattr(sys, "_base_executable", sys.executable)
    if real != sys.executable:
        given["executable"] = real
        given["env"] = {**os.environ, "__PYVENV_LAUNCHER__": sys.executable}
    return given
