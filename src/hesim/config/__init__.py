"""Settings: what can be set, how values are laid over one another, and what is wrong with them.

Runs take theirs from `hesim.scenario.compose`, which knows levers and outcomes too.
"""

from __future__ import annotations

from hesim.config.settings import Settings
from hesim.input.problems import ConfigErrors, Problem

__all__ = ["ConfigErrors", "Problem", "Settings"]
