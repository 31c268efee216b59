"""End a process when its parent has ended, however that came about."""

from __future__ import annotations

import os
import threading
import time

PAUSE = 0.5
"""Seconds between two looks at the parent."""


def watch_parent(parent: int) -> None:
    """End this process soon after its parent did, even in the midst of an endless run.

    Args:
        parent: Its process id, as the parent itself knows it: a parent that is gone before this
            process looks would otherwise never be missed.
    """

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(PAUSE)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
