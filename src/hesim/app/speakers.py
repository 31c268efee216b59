"""Let the answers of studies speak the visitor's language.

English stands where a sentence is said, Dutch by the English one in `sentences_nl.yaml`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from importlib import resources

from hesim.app.lever_words import arm_heading
from hesim.app.settings_words import setting_title
from hesim.app.words import Words, speak
from hesim.calibration.titles import PARAMETERS, STRUCTURES
from hesim.outcomes.registry import OUTCOMES
from hesim.study.answers.speaker import Speaker
from hesim.study.barriers import BARRIERS
from hesim.study.points import CENTRAL
from hesim.survey.crossings import definition

GRADED = (
    "assumed",
    "report",
    "transfer evidence",
    "published of the same instrument",
    "calibrated",
    "not calibrated",
    "uncalibrated",
    "usual",
)
"""What figures rest on, and words for usual values."""
MOST_MONTHS = 61
"""Months within which the next job counts, one more than there can be."""


@cache
def dutch_sentences() -> Mapping[str, str]:
    """Dutch sentences by the English ones."""
    import yaml

    text = resources.files("hesim.app").joinpath("sentences_nl.yaml").read_text(encoding="utf-8")
    return {str(english): str(dutch) for english, dutch in yaml.safe_load(text).items()}


def speaker(words: Words) -> Speaker:
    """What says the sentences of a study in a language."""
    return _of_language(words.language)


@cache
def _of_language(language: str) -> Speaker:
    words = speak(language)
    sentences = dutch_sentences() if words.language == "nl" else {}
    heading, write = partial(arm_heading, words=words), partial(_figure_in, words)
    setting = partial(setting_title, words=words)
    return Speaker(sentences, _names(words), heading, write, setting=setting)


def _figure_in(words: Words, value: float, form: str) -> str:
    """A number of a sentence, with the digits that it has everywhere on the page.

    Values of settings, which have their own digits, stay as the form says.
    """
    if not form.endswith("f"):
        return words.written(value, form)
    return words.signed(value) if form.startswith("+") else words.number(value)


def _names(words: Words) -> dict[str, str]:
    """Words for the names that stand in results."""
    found = {each.english: words(name) for name, each in OUTCOMES.items()}
    found |= {name: words(name) for name in OUTCOMES}
    if words.language != "en":
        # In English sentences have the names as words, as they stand in commands.
        found |= {f"outcome {name}": words(name) for name in OUTCOMES}
    found |= {definition(k): words("crossing_rule", months=k) for k in range(MOST_MONTHS)}
    found |= {title: words(f"parameter_{name}") for name, title in PARAMETERS.items()}
    found |= {word: words(f"answer_{word}") for word in ("more", "less")}
    found |= {each.unit: words.unit(each.unit) for each in OUTCOMES.values()}
    found |= {each.title: words(f"barrier_{each.name}") for each in BARRIERS}
    found |= {each.off: words(f"barrier_off_{each.name}") for each in BARRIERS}
    found |= {title: words(f"structure_{name}") for name, title in STRUCTURES.items()}
    found[CENTRAL] = words(f"scenario_{CENTRAL}")
    for grade in GRADED:
        found[grade] = words(f"rests_{grade}")
    return found
