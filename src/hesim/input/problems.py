"""What is wrong with a configuration: every problem at once, each with what is allowed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

LONGEST = 300
"""Characters of a value or a path that a message shows."""


@dataclass(frozen=True)
class Problem:
    """One thing to correct."""

    path: str
    value: object
    allowed: str
    nearest: str | None = None

    def __str__(self) -> str:
        """Say it in one line."""
        shown = "" if self.value is None else f" = {shortened(self.value)}"
        hint = f"; did you mean {self.nearest}?" if self.nearest else ""
        path = self.path if len(self.path) <= LONGEST else f"{self.path[:LONGEST]}..."
        return f"{path}{shown}: {self.allowed}{hint}"


def shortened(value: object) -> str:
    """A value as Python writes it, cut off where it is long."""
    if isinstance(value, int) and value.bit_length() > LONGEST:
        # Python itself refuses to write integers of thousands of digits.
        return f"a number of about {round(value.bit_length() * 0.30103)} digits"
    text = repr(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."


class ConfigErrors(ValueError):
    """All problems of a configuration."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        head = "1 problem" if count == 1 else f"{count} problems"
        lines = "".join(f"\n  {problem}" for problem in self.problems)
        super().__init__(f"{head} in the configuration{lines}")

    def __reduce__(self) -> tuple[type[ConfigErrors], tuple[tuple[Problem, ...]]]:
        """Travel between processes with the problems, not with the message."""
        return (ConfigErrors, (self.problems,))


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The most similar of the names: as a whole path, then by its last part."""
    known = sorted(names)
    whole = get_close_matches(name, known, n=1, cutoff=0.75)
    if whole:
        return whole[0]
    by_last: dict[str, str] = {}
    for path in known:
        by_last.setdefault(path.rpartition(".")[2], path)
    last = get_close_matches(name.rpartition(".")[2], list(by_last), n=1, cutoff=0.6)
    return by_last[last[0]] if last else None
