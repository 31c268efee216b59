"""Compose and validate the settings of a run: `compose(["years=5"])` gives `Settings`."""

from __future__ import annotations

from hesim.config.compose import compose
from hesim.config.problems import ConfigErrors, Problem
from hesim.config.settings import Settings

__all__ = ["ConfigErrors", "Problem", "Settings", "compose"]
