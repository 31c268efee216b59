"""Print results on one stream and what goes on on another, as long as anybody reads them."""

from __future__ import annotations

import sys
from typing import Literal

Show = bool | Literal["progress", "results", "warnings"]
"""What a command prints: all (True), nothing (False, as in Python), or only what is named.

Warnings and what went wrong are printed in any case but False.
"""


class Console:
    """Prints lines at once. Results go to stdout, so that a pipe or a file gets them alone.

    Attributes:
        show: What is printed.
    """

    def __init__(self, show: Show) -> None:
        """Prepare."""
        self.show = show
        self._gone: set[str] = set()

    @property
    def results(self) -> bool:
        """Whether results are printed."""
        return self.show is True or self.show == "results"

    @property
    def progress(self) -> bool:
        """Whether it is told what goes on."""
        return self.show is True or self.show == "progress"

    def say(self, text: str) -> None:
        """Print a result, on stdout."""
        if self.results:
            self._print("stdout", text)

    def note(self, text: str) -> None:
        """Say what goes on, on stderr."""
        if self.progress:
            self._print("stderr", text)

    def alert(self, text: str) -> None:
        """Say what went wrong, on stderr."""
        if self.show:
            self._print("stderr", text)

    def _print(self, stream: str, text: str) -> None:
        if stream in self._gone:
            return
        try:
            print(text, flush=True, file=getattr(sys, stream))
        except OSError:
            # The reader of a pipe, such as `head`, has seen enough, or the terminal is gone; what
            # is simulated goes on. What a full disk behind `> file` cannot take is told at the end.
            self._gone.add(stream)
