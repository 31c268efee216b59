"""End a process when its parent has ended, however that came about."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable

WINDOWS = os.name == "nt"
"""There a process is told the id of its parent after that has ended, and it may be another's."""
PAUSE = 0.5
"""Seconds between two looks at the parent."""


def watch_parent(parent: int) -> None:
    """End this process soon after its parent did, even in the midst of an endless run.

    Args:
        parent: Its process id, as the parent itself knows it: a parent that is gone before this
            process looks would otherwise never be missed.
    """
    lives = _look(parent)

    def watch() -> None:
        while lives():
            time.sleep(PAUSE)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _look(parent: int) -> Callable[[], bool]:
    """What says whether the parent is still there."""
    if not WINDOWS:
        return lambda: os.getppid() == parent
    import psutil

    try:
        process = psutil.Process(parent)
    except psutil.NoSuchProcess:
        return lambda: False
    # Knows the process by its start too, so that another with its id is not taken for it.
    return lambda: bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
