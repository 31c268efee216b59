"""Say everything in English or Dutch.

The words stand in `words.yaml`, those of the guide in `info.yaml`, and the titles of outcomes in
`outcomes.registry`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache, cached_property
from importlib import resources

from hesim.charts.phrases import Phrases

LANGUAGES = ("en", "nl")
FILES = ("words.yaml", "info.yaml")


@dataclass(frozen=True)
class Words:
    """Words of one language: `words("play")`, with values for what stands in braces."""

    language: str
    _known: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """The words of a key; of a category without words of its own, its name."""
        text = self._known.get(key)
        if text is None:
            return key.replace("_", " ")
        return text.format(**values) if values else text

    def known(self, key: str, other: str) -> str:
        """The words of a key, or other words where it has none."""
        return self._known.get(key, other)

    def unit(self, text: str) -> str:
        """A unit of `outcomes.registry` in this language."""
        return self.known("u_" + text.replace(" ", "_"), text)

    @cached_property
    def phrases(self) -> Phrases:
        """What charts say in this language."""
        said = {each.name: self(each.name) for each in fields(Phrases) if each.name != "language"}
        return Phrases(self.language, **said)

    def number(self, value: float, digits: int | None = None) -> str:
        """A number as people read it; see `Phrases.number`."""
        return self.phrases.number(value, digits)

    def signed(self, value: float) -> str:
        """A difference as people read it; see `Phrases.signed`."""
        return self.phrases.signed(value)

    def written(self, value: float, form: str = "g") -> str:
        """A number in a form of Python's `format`, with this language's separators."""
        return self.phrases.written(value, form)

    def plain(self, text: str) -> str:
        """A number that stands as text, with this language's separators; words stay as they are."""
        try:
            value = float(text)
        except ValueError:
            return text
        return self.written(value, ".6g") if "." in text else text

    def month(self, number: int, start: str) -> str:
        """A month as `jan 2014`, counted from the first recorded one; see `Phrases.month`."""
        return self.phrases.month(number, start)

    def month_in_full(self, number: int, start: str) -> str:
        """A month as `January 2014`, counted from the first recorded one."""
        months = int(start[:4]) * 12 + int(start[5:7]) - 1 + number
        return f"{self('months_in_full').split()[months % 12]} {months // 12}"


@cache
def speak(language: str) -> Words:
    """The words of a language (`en` for any other than `nl`)."""
    return Words(language, {key: pair[LANGUAGES.index(language)] for key, pair in _read().items()})


@cache
def _read() -> dict[str, tuple[str, str]]:
    import yaml

    from hesim.outcomes.registry import OUTCOMES

    words = {name: (each.english, each.dutch) for name, each in OUTCOMES.items()}
    for file in FILES:
        text = resources.files("hesim.app").joinpath(file).read_text(encoding="utf-8")
        words |= {str(key): (str(en), str(nl)) for key, (en, nl) in yaml.safe_load(text).items()}
    return words
