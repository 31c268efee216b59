"""Find the commands that the texts show: `uv run python -m docs.site.commands` lists them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from docs.site.links import texts, tokens_of
from docs.site.navigation import ROOT

SHELLS = ("", "text", "console", "bash", "sh", "shell", "powershell")
"""Languages of a block of code that may hold commands."""
_BEFORE = re.compile(r"^(?:\$ )?(?:uv run (?:--(?:extra|group) \S+ |--[a-z-]+ )*)?(?=hesim )")
_NOTE = re.compile(r"\s+#\s.*$")
_PLACEHOLDER = re.compile(r"(?<![\w-])[A-Z]{3,}\d?(?![\w.])|\.\.\.")
_GRAMMAR = re.compile(r"[\[|<>]")
"""What stands in a pattern of commands, and in no command."""


class Command(NamedTuple):
    """A command of `hesim` as a text shows it.

    Attributes:
        file: The text.
        words: What is typed after `hesim`.
    """

    file: Path
    words: tuple[str, ...]

    @property
    def placeholder(self) -> bool:
        """Whether the reader puts a name of his own into it, as for FOLDER."""
        return any(_PLACEHOLDER.search(word) for word in self.words)

    @property
    def settings(self) -> list[str]:
        """What is set, as key=value."""
        return [word for word in self.words[1:] if "=" in word and not word.startswith("-")]

    @property
    def options(self) -> list[str]:
        """Names of its options."""
        return [word.partition("=")[0] for word in self.words[1:] if word.startswith("-")]


def commands(file: Path) -> Iterator[Command]:
    """The commands in blocks of code of a text, and those that stand alone in small code."""
    for token in tokens_of(file):
        if token.type == "code_inline":
            yield from _commands(file, token.content, inline=True)
        elif token.type in ("code_block", "fence") and token.info.strip() in SHELLS:
            # Help texts have patterns first, and examples at their end.
            usage, example, examples = token.content.partition("\nExample")
            yield from _commands(file, examples if example else usage, inline=False)


def _commands(file: Path, content: str, inline: bool) -> Iterator[Command]:
    for line in content.splitlines():
        typed, found = _BEFORE.subn("", _NOTE.sub("", line.strip()))
        typed = re.sub(r" > \S+$", "", typed.removeprefix("hesim "))
        if found and not _GRAMMAR.search(typed):
            yield Command(file, tuple(shlex.split(typed)))


def main() -> None:
    """Print each command once, with the texts that show it."""
    places: dict[str, set[str]] = {}
    for file in texts():
        for command in commands(file):
            name = file.relative_to(ROOT).as_posix()
            places.setdefault(shlex.join(("hesim", *command.words)), set()).add(name)
    for line in sorted(places):
        print(f"{line}  ({', '.join(sorted(places[line]))})")
    print(f"{len(places)} commands")


if __name__ == "__main__":
    main()
