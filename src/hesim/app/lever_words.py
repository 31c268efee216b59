"""Name the levers, their dials and ready packages in the reader's language.

The English stands in the levers' files, the Dutch in `levers_nl.yaml`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from hesim.app.levers import STRENGTH, Choice, controls, whole

if TYPE_CHECKING:
    from hesim.app.words import Words
    from hesim.levers.catalogue import Description, Dial


@cache
def dutch() -> dict[str, dict[str, Any]]:
    """By lever: `title`, `about`, and `dials` with `label`, `about` and `unit` of each."""
    import yaml

    text = resources.files("hesim.app").joinpath("levers_nl.yaml").read_text(encoding="utf-8")
    return {str(key): body for key, body in yaml.safe_load(text).items()}


def lever_heading(key: str, words: Words, other: str | None = None) -> str:
    """The title of a lever.

    Args:
        key: Name of the lever.
        words: Language.
        other: Title where the lever is not one of the page's; by default its name.
    """
    lever = controls().get(key)
    said = _said(key, words).get("title") if other is None or _same(lever, other) else None
    return str(said or other or (lever.title if lever else words(key)))


def _same(lever: Description | None, title: str) -> bool:
    """Whether a recorded run's lever is the packaged one, not one of the user's own."""
    return lever is not None and lever.title == title


def about(lever: Description, words: Words) -> str:
    """How a lever works in the model."""
    return str(_said(lever.key, words).get("about") or lever.about)


def report_section(lever: Description, words: Words) -> str:
    """Section of the report that a lever is from."""
    if words.language == "en":
        return lever.section
    return lever.section.replace("appendix", "bijlage").replace(" and ", " en ")


def label(lever: Description, dial: str, words: Words) -> str:
    """The name of a dial, or of the strength."""
    if dial == STRENGTH:
        return words("dial_strength")
    return str(_of_dial(lever.key, dial, words).get("label") or dial.replace("_", " "))


def explained(lever: Description, dial: Dial, words: Words) -> tuple[str, str, str]:
    """What a dial is, its unit, and where its default comes from."""
    said = _of_dial(lever.key, dial.name, words)
    source = words("no_figure") if dial.source == "no figure found" else dial.source
    return str(said.get("about") or dial.about), str(said.get("unit") or dial.unit), source


def levers_in_words(chosen: Choice, words: Words) -> str:
    """Levers that are on, with the dials that were turned, in words; a package by its name."""
    package = whole(chosen)
    if package and not any(chosen.values()):
        return f"{words('ready_package')}: {words(f'package_{package}')}"
    parts = []
    for key, dials in sorted(chosen.items()):
        given = "; ".join(
            f"{label(controls()[key], name, words)} {words.written(value)}"
            for name, value in sorted(dials.items())
        )
        parts.append(
            f"{lever_heading(key, words)} ({given})" if given else lever_heading(key, words)
        )
    return ", ".join(parts) or words("no_levers")


def _said(key: str, words: Words) -> Mapping[str, Any]:
    return dutch().get(key, {}) if words.language == "nl" else {}


def _of_dial(key: str, dial: str, words: Words) -> Mapping[str, str]:
    found: Mapping[str, str] = _said(key, words).get("dials", {}).get(dial, {})
    return found


def arm_heading(arm: str, words: Words) -> str:
    """An arm's name: the titles of its levers where there are any."""
    return " + ".join(lever_heading(part, words) for part in arm.split("+"))
