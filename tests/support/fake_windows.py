"""What Windows has in place of Unix modules, and what it lacks, simulated on Linux."""

from __future__ import annotations

import builtins
import errno
import fcntl
import os
import signal
import struct
import sys
import types
from typing import Any

MISSING = frozenset(
    {"crypt", "fcntl", "grp", "nis", "posix", "pty", "pwd", "readline", "resource", "spwd"}
    | {"syslog", "termios", "tty"}
)
"""Modules that Windows does not have."""
SPARED = {*sys.stdlib_module_names, "filelock", "psutil"}
"""What asks for other modules on Windows by itself, and takes this for a Unix without locks."""
ON_WINDOWS = ("SIGABRT", "SIGFPE", "SIGILL", "SIGINT", "SIGSEGV", "SIGTERM")
ONLY_UNIX = {
    "WIFSIGNALED",
    "WTERMSIG",
    "chown",
    "chroot",
    "fchmod",
    "fchown",
    "fork",
    "forkpty",
    "getegid",
    "geteuid",
    "getgid",
    "getgroups",
    "getloadavg",
    "getpgid",
    "getpgrp",
    "getresuid",
    "getsid",
    "getuid",
    "killpg",
    "lockf",
    "mkfifo",
    "mknod",
    "nice",
    "openpty",
    "posix_spawn",
    "pread",
    "pwrite",
    "register_at_fork",
    "sched_getaffinity",
    "sched_setaffinity",
    "setpgid",
    "setsid",
    "setuid",
    "statvfs",
    "sync",
    "sysconf",
    "tcgetpgrp",
    "ttyname",
    "uname",
    "wait3",
    "wait4",
}
"""Functions of `os` that Windows does not have."""
NAMED_NT = ("hesim.process.lock", "hesim.process.parent")
"""Modules whose branches for Windows run on Linux too."""

LK_NBLCK = 2


def locking(number: int, mode: int, count: int) -> None:
    """Lock bytes from the place in the file on, as `msvcrt.locking` does without waiting."""
    assert mode == LK_NBLCK
    place = os.lseek(number, 0, os.SEEK_CUR)
    assert place + count < 2**31, "the C library of Windows takes places for 32 bits"
    flock = struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, place, count, 0)
    try:
        # Held by what is open, and not by the process, as locks of Windows are.
        fcntl.fcntl(number, fcntl.F_OFD_SETLK, flock)
    except OSError as error:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES)) from error


def module() -> Any:
    """The module `msvcrt`."""
    made: Any = types.ModuleType("msvcrt")
    made.locking, made.LK_NBLCK = locking, LK_NBLCK
    return made


def pretend() -> None:
    """Let imports of this process find what they would find on Windows."""
    real = builtins.__import__
    msvcrt, signals = module(), types.ModuleType("signal")
    system, system_nt = types.ModuleType("os"), types.ModuleType("os")
    names = {*ON_WINDOWS, *(each for each in vars(signal) if not each.startswith("SIG"))}
    names -= {"pthread_sigmask", "pthread_kill", "alarm", "setitimer", "sigwait", "pause"}
    vars(signals).update({each: getattr(signal, each) for each in names | {"SIG_DFL", "SIG_IGN"}})
    for each in (system, system_nt):
        vars(each).update({key: value for key, value in vars(os).items() if key not in ONLY_UNIX})
    vars(system_nt)["name"] = "nt"

    def load(
        name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0
    ) -> Any:
        whose = (globals or {}).get("__name__") or ""
        top = whose.partition(".")[0]
        if level == 0 and name.partition(".")[0] in MISSING and top not in SPARED:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        if level == 0 and top == "hesim":
            if name == "msvcrt":
                return msvcrt
            if name == "signal":
                return signals
            if name == "os":
                return system_nt if whose in NAMED_NT else system
        return real(name, globals, locals, fromlist, level)

    builtins.__import__ = load
