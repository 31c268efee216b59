"""Lead a first visitor through the page in four steps."""

from __future__ import annotations

import solara

from hesim.app.words import Words

STEPS = 4


@solara.component_vue("walk.vue")
def WalkView(texts: list[str], words: dict[str, str]) -> None:
    """Show the steps one by one, once in each browser, and again when asked.

    Args:
        texts: What each step says.
        words: `title` with braces for the step and their number, and words of the buttons.
    """


@solara.component
def FirstWalk(words: Words) -> None:
    """The walk in the reader's language."""
    around = {key: words(f"walk_{key}") for key in ("title", "next", "back", "close")}
    WalkView(texts=[words(f"walk_{step}") for step in range(1, STEPS + 1)], words=around)
