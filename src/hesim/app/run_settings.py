"""Hold the settings of one visitor's run, and say what its worlds are made from."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from hesim.app.config_file import config_text
from hesim.app.levers import settings_with_levers
from hesim.app.worker import World
from hesim.levers.arms import POLICY
from hesim.scenario import compose

if TYPE_CHECKING:
    from hesim.app.address import View
    from hesim.app.lever_state import LeverState
    from hesim.app.server_state import Served
    from hesim.config import Settings

Dated = tuple[tuple[int, tuple[str, ...]], ...]
"""Words of levers by month of change."""


class RunSettings:
    """Settings of one visitor's run: those of the server, with seed, scale and years of the view.

    Attributes:
        levers: The visitor's levers; set once they are read from the address.
    """

    levers: LeverState

    def __init__(self, served: Served, view: Callable[[], View]) -> None:
        """Hold what the settings follow from.

        Args:
            served: What the server shows.
            view: Gives what the visitor looks at now.
        """
        self._served, self._view = served, view

    def differing(self) -> dict[str, object]:
        """Settings of the view that differ from the server's, by dotted path."""
        own, view = self._served.settings, self._view()
        wanted = {"seed": view.seed, "population.scale": view.scale, "years": view.years}
        return {key: value for key, value in wanted.items() if value not in (None, own[key])}

    def settings(self) -> Settings:
        """The settings of the run, without its levers."""
        extra = self.differing()
        if not extra:
            return self._served.settings
        return compose(self._served.overrides, self._served.config, extra)

    @property
    def seed(self) -> int:
        """`seed` of the run."""
        given = self._view().seed
        return self._served.settings.integer("seed") if given is None else given

    @property
    def scale(self) -> float:
        """`population.scale` of the run."""
        given = self._view().scale
        return self._served.settings.number("population.scale") if given is None else given

    @property
    def years(self) -> int:
        """Years of the run."""
        given = self._view().years
        return self._served.settings.integer("years") if given is None else given

    def config(self, further: Mapping[str, object] | None = None) -> str:
        """The settings of the run as a file that `hesim run --config` takes.

        Args:
            further: Settings besides, by dotted path.
        """
        served = self._served
        words = self.levers.words(12 * self.years)
        extra = {**served.extra, **self.differing(), **(further or {})}
        settings, levers = settings_with_levers(served.overrides, served.config, extra, words)
        return config_text(settings, [lever.key for lever in levers])

    def world(self, arm: str, replication: int) -> World:
        """What a replication of an arm is made from."""
        return self.world_with(self.levers.dated() if arm == POLICY else (), replication)

    def world_with(self, dated: Dated, replication: int, scale: float | None = None) -> World:
        """What a replication with some levers is made from.

        Args:
            dated: Words of the levers by month of change.
            replication: Its number.
            scale: `population.scale`; by default the run's.
        """
        served = self._served
        extra = {**served.extra, **self.differing()}
        if scale is not None and scale != self.scale:
            extra["population.scale"] = scale
        given = served.overrides, served.config, json.dumps(extra, sort_keys=True)
        return World(*given, dated, replication)
