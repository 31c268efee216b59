"""Call settings by titles in the reader's language, those that no calibration fits too.

The English titles are those of `calibration.titles`, the Dutch ones stand in `settings_nl.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from hesim.app import lever_words
from hesim.app.levers import STRENGTH, controls
from hesim.calibration.titles import path_title

if TYPE_CHECKING:
    from hesim.app.words import Words

LEVERS = "levers"
"""First part of the path of a lever's setting."""


@cache
def dutch_settings() -> Mapping[str, str]:
    """Dutch titles by path, in which a star stands for a key."""
    import yaml

    text = resources.files("hesim.app").joinpath("settings_nl.yaml").read_text(encoding="utf-8")
    return {str(path): str(title) for path, title in yaml.safe_load(text).items()}


def setting_title(path: str, words: Words) -> str:
    """The title of a setting; of a lever's own, that of the lever before it.

    Args:
        path: Of the setting, as `model.choice.sector_cost`.
        words: Language.
    """
    first, _, rest = path.partition(".")
    lever, _, dial = rest.partition(".")
    if first == LEVERS and lever in controls():
        return f"{lever_words.lever_heading(lever, words)}: {_dial_title(lever, dial, words)}"
    if words.language == "en":
        return path_title(path)
    return _dutch_title(path, words) or path_title(path)


def _dial_title(lever: str, dial: str, words: Words) -> str:
    known = controls()[lever]
    if dial == STRENGTH or any(each.name == dial for each in known.dials):
        return lever_words.label(known, dial, words)
    title = _dutch_title(f"{LEVERS}.*.{dial}", words) if words.language == "nl" else ""
    return title or " ".join(dial.split(".")).replace("_", " ")


def _dutch_title(path: str, words: Words) -> str:
    """The Dutch title of a path, with the keys that a star stands for; empty if there is none."""
    known = dutch_settings()
    if path in known:
        return known[path]
    for pattern in sorted(known, key=lambda each: each.count("*")):
        found = re.fullmatch(re.escape(pattern).replace(r"\*", "([^.]*)"), path)
        if found:
            keys = ", ".join(words(key) for key in found.groups())
            return f"{known[pattern]} ({keys})"
    return ""
