"""Hold which levers one visitor has on since when, and change them as the page asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from hesim.app.levers import (
    Changes,
    Choice,
    bounds,
    controls,
    on_in,
    overrides,
    read_choice,
    ready_packages,
    settings_with_levers,
    write_choice,
)

if TYPE_CHECKING:
    from hesim.app.server_state import Served
    from hesim.levers.lever import Lever


class OutOfRange(ValueError):
    """A dial outside its range; args: lever, name of the dial, lowest, highest value."""


class LeverState:
    """The changes of levers of one visitor's run.

    Attributes:
        changes: Months from which on other levers are on.
        unknown: What the address named that is no lever, no dial or out of range.
    """

    def __init__(
        self,
        served: Served,
        extra: Callable[[], dict[str, object]],
        given: Iterable[tuple[int, str]],
    ) -> None:
        """Begin with the levers of an address.

        Args:
            served: What the server shows.
            extra: Gives the visitor's own settings by dotted path.
            given: Month and text of each change.
        """
        self._served, self._extra = served, extra
        self.changes: dict[int, Choice] = {}
        self.unknown: list[str] = []
        for month, words in given:
            chosen, wrong = read_choice(words)
            if chosen or self.changes:
                self.changes[month] = chosen
            self.unknown += wrong

    @property
    def first(self) -> str:
        """First recorded month, as `2011-01`."""
        return self._served.settings.text("start")

    def on(self, month: int) -> Choice:
        """Levers that are on in a month."""
        return on_in(self.changes, month)

    def asked(self, asked: dict[str, Any], month: int) -> Changes | None:
        """What the changes become when levers are switched or a dial turned from a month on.

        Args:
            asked: `key` and `on`, or `key`, `name` and `value`, or `package`, as the page sends
                them. A package switches its levers on; those that are on already stay as they are.
            month: The month to come.

        Returns:
            The changes, or None when the page asks for nothing that there is.

        Raises:
            OutOfRange: A dial outside its range.
        """
        key, package = str(asked.get("key")), asked.get("package")
        if key not in controls() and package not in ready_packages():
            return None
        now = {name: dict(dials) for name, dials in self.on(month).items()}
        if package in ready_packages():
            now = {name: {} for name in ready_packages()[package]} | now
        elif "on" in asked:
            now.pop(key, None)
            if asked["on"] is True:
                now[key] = {}
        elif key in now:
            name, value = str(asked.get("name")), asked.get("value")
            limits = bounds(controls()[key], name)
            if limits is None or isinstance(value, bool) or not isinstance(value, int | float):
                return None
            if not limits[0] <= value <= limits[1]:
                raise OutOfRange(key, name, *limits)
            now[key][name] = float(f"{value:.4g}")
        changes = {m: x for m, x in self.changes.items() if m < month}
        if now != on_in(changes, month):
            changes[month] = now
        return changes

    def levers(self, month: int, changes: Changes | None = None) -> tuple[Lever, ...]:
        """Levers that are on in a month, checked.

        Raises:
            ConfigErrors: They contradict each other.
        """
        words = overrides(self.changes if changes is None else changes, month, self.first)
        if not words:
            return ()
        return settings_with_levers(
            self._served.overrides, self._served.config, self._extra(), words
        )[1]

    def cut(self, month: int) -> None:
        """Forget the changes from a month on."""
        self.changes = {m: x for m, x in self.changes.items() if m < month}

    def dated(self) -> tuple[tuple[int, tuple[str, ...]], ...]:
        """Words of the levers by month of change, as the worker takes them."""
        if self._served.lever_words:
            return ((0, self._served.lever_words),)
        return tuple(
            (month, tuple(overrides(self.changes, month, self.first)))
            for month in sorted(self.changes)
        )

    def words(self, month: int) -> list[str]:
        """Settings of the levers that are on in a month, those of a recorded run included."""
        return [*overrides(self.changes, month, self.first), *self._served.lever_words]

    def address(self) -> tuple[tuple[int, str], ...]:
        """The changes as the address holds them."""
        return tuple((month, write_choice(x)) for month, x in sorted(self.changes.items()))

    def keys(self) -> set[str]:
        """Names of all levers that are on at some time."""
        if self._served.folder is not None:
            return set(self._served.settings.mapping("levers"))
        return {key for chosen in self.changes.values() for key in chosen}
