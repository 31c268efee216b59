"""Count a visitor's moves through tabs and scenarios, which the browser's history holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hesim.app.address import View

PLACE = ("tab", "open", "against")
"""Parts of the view that say where a visitor is; a change of the others is no move."""


class BrowserHistory:
    """The moves of one visitor.

    Attributes:
        moves: Moves so far. The browser adds an entry when it rises.
        followed: Number of the last step back or forward in the browser that the page has followed.
    """

    def __init__(self) -> None:
        """Nobody has moved."""
        self.moves = self.followed = 0
        self._resting = False

    def note(self, view: View, changes: Mapping[str, object]) -> None:
        """Count a change of the view that is a move.

        Args:
            view: The view before the change.
            changes: What changes in it.
        """
        moved = any(name in changes and changes[name] != getattr(view, name) for name in PLACE)
        if moved and not self._resting:
            self.moves += 1

    @contextmanager
    def resting(self) -> Iterator[None]:
        """Count no move meanwhile."""
        self._resting = True
        try:
            yield
        finally:
            self._resting = False
