"""Print what goes on, line by line, as long as anybody reads it."""

from __future__ import annotations


class Console:
    """Prints lines at once; silent unless asked to show.

    Attributes:
        show: Whether lines are printed; no more once nobody reads them.
    """

    def __init__(self, show: bool) -> None:
        """Prepare."""
        self.show = show

    def say(self, text: str) -> None:
        """Print a line."""
        if not self.show:
            return
        try:
            print(text, flush=True)
        except OSError:
            # The reader of a pipe, such as `head`, has seen enough, or the terminal is gone; what
            # is simulated goes on. What a full disk behind `> file` cannot take is told at the end.
            self.show = False
