"""Explain the terms of the page where they stand: on hover, by key, and in one list.

Terms and meanings stand in `glossary.yaml`, the English ones as in docs/glossary.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib import resources

from hesim.app.words import LANGUAGES


@dataclass(frozen=True)
class Term:
    """A term of the page in one language.

    Attributes:
        key: Its name, the same in every language.
        forms: How it may stand in a text; the first is the term itself.
        meaning: What it means.
    """

    key: str
    forms: tuple[str, ...]
    meaning: str


@cache
def glossary(language: str) -> Mapping[str, Term]:
    """All terms by key, in the alphabetical order of a language (`en` or `nl`)."""
    import yaml

    text = resources.files("hesim.app").joinpath("glossary.yaml").read_text(encoding="utf-8")
    at = LANGUAGES.index(language)
    terms = [
        Term(str(key), tuple(map(str, body[language])), str(body["about"][at]))
        for key, body in yaml.safe_load(text).items()
    ]
    return {each.key: each for each in sorted(terms, key=lambda each: each.forms[0].lower())}


@cache
def _pattern(language: str) -> re.Pattern[str]:
    # Longer forms first: "PhD candidate" is one term.
    forms = sorted((form for each in glossary(language).values() for form in each.forms), key=len)
    return re.compile(r"(?<!\w)(" + "|".join(map(re.escape, reversed(forms))) + r")(?!\w)", re.I)


def terms_apart(text: str, language: str, known: set[str] | None = None) -> Iterator[str | Term]:
    """A text in pieces: words as they stand, and each term where it comes first.

    A term's piece has the form in the text as its only form.

    Args:
        text: The text.
        language: `en` or `nl`.
        known: Keys of the terms that were explained before; those found are added.
    """
    known = set() if known is None else known
    terms = {form.lower(): each for each in glossary(language).values() for form in each.forms}
    end = 0
    for found in _pattern(language).finditer(text):
        term = terms[found[0].lower()]
        if term.key in known:
            continue
        known.add(term.key)
        if found.start() > end:
            yield text[end : found.start()]
        yield Term(term.key, (found[0],), term.meaning)
        end = found.end()
    if end < len(text):
        yield text[end:]


def with_meaning(word: str, meaning: str) -> str:
    """A word that says what it means on hover, and when it is reached by key, as HTML."""
    tip = f'<span role="tooltip" class="hesim-meaning">{escape(meaning)}</span>'
    return f'<dfn class="hesim-term" tabindex="0">{escape(word)}{tip}</dfn>'


def with_terms(text: str, language: str, known: set[str] | None = None) -> str:
    """A text whose terms say what they mean, as HTML; see `terms_apart`."""
    return "".join(
        with_meaning(piece.forms[0], piece.meaning) if isinstance(piece, Term) else escape(piece)
        for piece in terms_apart(text, language, known)
    )
