"""Call levers, arms and dials by the titles of the levers' files, wherever people read of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from hesim.levers.catalogue import HEADER, catalogue

BETWEEN = "+"
"""What stands between the levers in the name of an arm."""


@cache
def lever_titles() -> Mapping[str, str]:
    """Title of each lever of the package, by its name."""
    return {lever.key: lever.title for lever in catalogue()}


def titles_of(arm: str) -> list[str]:
    """Titles of the levers of an arm.

    Args:
        arm: Its name, as `single_cao+meet_and_greet`. A lever that the package does not know, and a
            ready package, are called by their name in words.
    """
    known = lever_titles()
    return [known.get(name, name.replace("_", " ")) for name in arm.split(BETWEEN)]


def arm_title(arm: str) -> str:
    """An arm in one line: the titles of its levers."""
    return " + ".join(titles_of(arm))


def dial_title(path: str) -> str:
    """A dial by its lever's title, as `Meet & greets of hbo and wo: awareness`.

    Args:
        path: Its path, as `levers.meet_and_greet.awareness`.
    """
    lever, _, dial = path.removeprefix(HEADER).partition(".")
    return f"{arm_title(lever)}: {dial.replace('_', ' ').replace('.', ', ')}"
