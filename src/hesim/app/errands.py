"""What a visitor has the worker do: wait for it in a thread, and say what went wrong with it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError

from hesim.app.worker import Workers

LOG = logging.getLogger(__name__)


class Errands:
    """Errands of one kind.

    Attributes:
        failed: Words on what went wrong, if anything did.
    """

    def __init__(self, workers: Workers, show: Callable[[], None]) -> None:
        """Prepare.

        Args:
            workers: Where the work is done.
            show: Draws the present state.
        """
        self._workers, self._show = workers, show
        self.failed: str | None = None

    def _await(
        self, receive: Callable[[], None], failure: str, forsake: Callable[[], bool] = lambda: True
    ) -> None:
        """Receive what the worker makes, in a thread of its own.

        Args:
            receive: Waits for it and takes it.
            failure: What is logged if it goes wrong.
            forsake: Called then; says whether anybody still wanted it.
        """

        def run() -> None:
            try:
                receive()
            except CancelledError:
                return
            except Exception as error:
                if self._workers.closed:
                    return
                LOG.exception(failure)
                if forsake():
                    self.failed = f"{type(error).__name__}: {error}"
                    self._show()

        threading.Thread(target=run, daemon=True).start()
