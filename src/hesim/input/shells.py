"""What shells make of a command that is typed, and how to write one that all of them read alike.

bash and zsh, PowerShell, and Windows' cmd agree on little: a word of letters, digits and marks such
as `,` or `:` stands for itself, and `"..."` around a whole word is taken away by each of them. cmd
hands single quotes on to the program, with the comment behind a command.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Sequence

COMMENT = "#"
_PLAIN = re.compile(r"[\w+=:,./-]+")
"""Such words stand for themselves everywhere, but one that begins with a comma."""
_IN_DOUBLE_QUOTES = re.compile(r"[^\"$`!]*[^\"$`!\\]")
_OPENS = re.compile(r"'[^']*|[\w.+]+='[^']*")
"""A word in which a quote begins that does not end in it."""


def unquoted(words: Iterable[str]) -> list[str]:
    """The words of a command as they were meant: without quotes and comments that cmd left there.

    `'levers=[a, b]'` comes from cmd as two words, with the quotes. Nothing changes in words from a
    shell that knows quotes and comments, but where these were meant to be part of a word.
    """
    waiting = list(words)
    made: list[str] = []
    while waiting:
        word = waiting.pop(0)
        if word == COMMENT:
            break
        if _OPENS.fullmatch(word):
            ends = (n for n, each in enumerate(waiting) if each.count("'"))
            end = next(ends, None)
            if end is not None and waiting[end].endswith("'") and waiting[end].count("'") == 1:
                word = " ".join([word, *waiting[: end + 1]])
                del waiting[: end + 1]
        made.append(_bare(word))
    return made


def quoted(word: str) -> str:
    """A word as it is typed, in quotes where shells would read it otherwise."""
    if _PLAIN.fullmatch(word) and not word.startswith(","):
        return word
    if _IN_DOUBLE_QUOTES.fullmatch(word):
        return f'"{word}"'
    # A text that hesim quoted: its quotes may be single ones as well.
    key, equals, text = word.partition('="')
    if equals and text.endswith('"') and re.fullmatch(r"[^\"'$`!\\]*", text[:-1]):
        return f"\"{key}='{text[:-1]}'\""
    # Nothing that all shells read alike: as Unix has it.
    return shlex.quote(word)


def command_line(words: Sequence[str]) -> str:
    """A command as it is typed."""
    return " ".join(map(quoted, words))


def _bare(word: str) -> str:
    """A word without the pair of quotes around all of it."""
    mark = word[:1]
    inside = word[1:-1]
    pair = mark in ("'", '"') and len(word) > 1 and word.endswith(mark) and mark not in inside
    return inside if pair else word
