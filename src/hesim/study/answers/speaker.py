"""Say sentences of answers in a language: English as it stands in the code, or another one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from hesim.levers.titles import arm_title


@dataclass(frozen=True)
class Speaker:
    """Says sentences whose English stands where they are said; English unless told otherwise.

    Attributes:
        sentences: Sentences of another language by the English ones; both have the same braces.
        names: Words for names that stand in results, such as units, grades and barriers.
        arm: Gives the title of an arm by its name.
        write: Writes a number in a form of Python's `format`.
    """

    sentences: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    arm: Callable[[str], str] = arm_title
    write: Callable[[float, str], str] = format

    def __call__(self, english: str, **values: object) -> str:
        """A sentence, or a part of one, with values for what stands in braces."""
        return self.sentences.get(english, english).format(**values)

    def name(self, english: str) -> str:
        """The words for a name."""
        return self.names.get(english, english)

    def low(self, english: str) -> str:
        """The words for a name, within a sentence."""
        return self.name(english).lower()

    def ends(self, low: float, high: float, form: str = ",.1f", unit: str = "") -> str:
        """A 95% interval in brackets, with a blank before it; nothing where there is none."""
        if low != low:
            return ""
        ends = {"low": self.write(low, form), "high": self.write(high, form)}
        return self(" (95% interval {low} to {high}{unit})", unit=unit, **ends)

    def enumeration(self, names: Sequence[str]) -> str:
        """Names in a row, as `first, standing and growing`."""
        *before, last = names
        return self("{before} and {last}", before=", ".join(before), last=last) if before else last


ENGLISH = Speaker()
