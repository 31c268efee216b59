"""Say sentences of answers in a language: English as it stands in the code, or another one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hesim.calibration.titles import path_title, structure_title
from hesim.levers.titles import arm_title


def plain_dial(lever: str, dial: str) -> str:
    """A dial by its own name."""
    return dial


@dataclass(frozen=True)
class Speaker:
    """Says sentences whose English stands where they are said; English unless told otherwise.

    Attributes:
        sentences: Sentences of another language by the English ones; both have the same braces.
        names: Words for names that stand in results, such as units, grades and barriers.
        arm: Gives the title of an arm by its name.
        write: Writes a number in a form of Python's `format`.
        dial: Gives the name of a dial by lever and dial.
        setting: Gives the title of a setting by its path.
    """

    sentences: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    arm: Callable[[str], str] = arm_title
    write: Callable[[float, str], str] = format
    dial: Callable[[str, str], str] = plain_dial
    setting: Callable[[str], str] = path_title

    def __call__(self, english: str, **values: object) -> str:
        """A sentence, or a part of one, with values for what stands in braces."""
        return self.sentences.get(english, english).format(**values)

    def name(self, english: str) -> str:
        """The words for a name."""
        return self.names.get(english, english)

    def outcome(self, name: str) -> str:
        """An outcome within a sentence; in English its name as words."""
        words = name.replace("flow.", "flow ").replace(".", " to ").replace("_", " ")
        return self.names.get(f"outcome {name}", words)

    def years(self, first: int, last: int) -> str:
        """Which years these are."""
        return f"{first}" if first == last else self("{first} to {last}", first=first, last=last)

    def grade(self, english: str) -> str:
        """What a figure rests on."""
        calibration, _, last = english.rpartition(" ")
        if last == "calibration" and " " not in calibration:
            return self("{name} calibration", name=calibration)
        return self.name(english)

    def structure(self, name: str) -> str:
        """A structure in words."""
        title = self.name(structure_title(name.partition(":")[0]))
        return f"{title} ({name.partition(':')[2]})" if ":" in name else title

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


class Note(str):
    """A remark: its English, which can be said in another language too.

    Values may be plain, other remarks, or functions that give their words in a language.
    """

    english: str
    values: Mapping[str, Any]

    def __new__(cls, english: str, **values: Any) -> Note:
        """A remark.

        Args:
            english: What it says, with braces.
            **values: What stands in the braces.
        """
        made = super().__new__(cls, _filled(ENGLISH, english, values))
        made.english, made.values = english, values
        return made

    def said(self, say: Speaker) -> str:
        """The remark in a language."""
        return _filled(say, self.english, self.values)


def arm_in(arm: str, say: Speaker) -> str:
    """The title of an arm in a language, as a value of a remark."""
    return say.arm(arm)


def note_in(note: str, say: Speaker) -> str:
    """A remark in a language; one that is plain English stays that."""
    return note.said(say) if isinstance(note, Note) else note


def _filled(say: Speaker, english: str, values: Mapping[str, Any]) -> str:
    words = {
        name: value(say) if callable(value) else note_in(value, say)
        for name, value in values.items()
    }
    return say(english, **words)
