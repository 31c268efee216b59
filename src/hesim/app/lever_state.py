"""Hold which levers one visitor has on since when, and change them as the page asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from hesim.app.levers import (
    Changes,
    Choice,
    bounds,
    controls,
    on_in,
    overrides,
    ready_packages,
    settings_with_levers,
)
from hesim.app.scenarios import ScenarioStrip

if TYPE_CHECKING:
    from hesim.app.server_state import Served
    from hesim.levers.lever import Lever


class OutOfRange(ValueError):
    """A dial outside its range; args: lever, name of the dial, lowest, highest value."""


class LeverState:
    """The levers of one visitor's scenarios; those of the open one are the run's.

    Attributes:
        strip: The scenarios.
    """

    def __init__(
        self,
        served: Served,
        extra: Callable[[], dict[str, object]],
        strip: ScenarioStrip,
    ) -> None:
        """Begin with the scenarios of an address.

        Args:
            served: What the server shows.
            extra: Gives the visitor's own settings by dotted path.
            strip: The scenarios.
        """
        self._served, self._extra = served, extra
        self.strip = strip

    @property
    def changes(self) -> Changes:
        """Months from which on other levers are on, in the open scenario."""
        return self.strip.changes_of(self.strip.open)

    @changes.setter
    def changes(self, changes: Changes) -> None:
        self.strip = self.strip.with_changes(changes)

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

        def edited(chosen: Choice) -> Choice:
            """What a choice of levers becomes."""
            now = {name: dict(dials) for name, dials in chosen.items()}
            if package in ready_packages():
                return {name: {} for name in ready_packages()[package]} | now
            if "on" in asked:
                now.pop(key, None)
                return now | {key: {}} if asked["on"] is True else now
            if key in now and turned is not None:
                now[key][turned[0]] = turned[1]
            return now

        turned = None
        if package not in ready_packages() and "on" not in asked and key in self.on(month):
            name, value = str(asked.get("name")), asked.get("value")
            limits = bounds(controls()[key], name)
            if limits is None or isinstance(value, bool) or not isinstance(value, int | float):
                return None
            if not limits[0] <= value <= limits[1]:
                raise OutOfRange(key, name, *limits)
            turned = name, float(f"{value:.4g}")
        changes = {m: x for m, x in self.changes.items() if m < month}
        now = edited(self.on(month))
        if now != on_in(changes, month):
            changes[month] = now
        # A change that is still to come holds what is asked now too.
        return changes | {m: edited(x) for m, x in self.changes.items() if m > month}

    def from_the_start(self, month: int) -> None:
        """Let the levers that are on in a month be on from the first; later changes stay."""
        later = {m: x for m, x in self.changes.items() if m > month}
        self.changes = {0: self.on(month), **later}

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

    def dated(self, changes: Changes | None = None) -> tuple[tuple[int, tuple[str, ...]], ...]:
        """Words of the levers by month of change, as the worker takes them.

        Args:
            changes: Those of another scenario than the open one.
        """
        if self._served.lever_words:
            return ((0, self._served.lever_words),)
        given = self.changes if changes is None else changes
        return tuple((m, tuple(overrides(given, m, self.first))) for m in sorted(given))

    def words(self, month: int) -> list[str]:
        """Settings of the levers that are on in a month, those of a recorded run included."""
        return [*overrides(self.changes, month, self.first), *self._served.lever_words]

    def keys(self, changes: Changes | None = None) -> set[str]:
        """Names of all levers that are on at some time.

        Args:
            changes: Those of another scenario than the open one.
        """
        if self._served.folder is not None:
            return set(self._served.settings.mapping("levers"))
        given = self.changes if changes is None else changes
        return {key for chosen in given.values() for key in chosen}
