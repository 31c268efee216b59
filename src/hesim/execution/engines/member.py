"""Be the scheduler or a worker of a Dask cluster that hesim has started on this machine.

Run as `python -m hesim.execution.engines.member PARENT MODULE ARGUMENTS`. Such a process ends soon
after its parent, however that ended, so that nothing is left that listens.
"""

from __future__ import annotations

import os
import signal
import sys
from importlib import import_module
from typing import Any

from hesim.process.parent import watch_parent


def main() -> None:
    """Become what Dask's own command of that module is."""
    _, parent, module, *arguments = sys.argv
    watch_parent(int(parent))
    for name in ("SIGINT", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    sys.argv = [module, *arguments]
    command: Any = import_module(module).main
    # Without a place to come back to Python may wait for ever for threads of a pool.
    try:
        command(args=arguments, standalone_mode=False)
    except SystemExit as ended:
        os._exit(ended.code if isinstance(ended.code, int) else 1)
    os._exit(0)


if __name__ == "__main__":
    main()
