"""The answers of studies in the visitor's language: sentences, remarks and names."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import hesim
from hesim.app.glossary import with_meaning
from hesim.app.outcome_terms import outcome_html, outcome_meaning
from hesim.app.speakers import dutch_sentences, speaker
from hesim.app.words import speak
from hesim.calibration.titles import PARAMETERS
from hesim.outcomes.registry import OUTCOMES
from hesim.study.answers.phrases import change_words, doubt
from hesim.study.answers.speaker import ENGLISH, Note, arm_in, note_in

pytestmark = pytest.mark.once
PACKAGE = Path(hesim.__file__).parent
SPEAKING = (
    *sorted((PACKAGE / "study" / "answers").glob("*.py")),
    PACKAGE / "study" / "unpriced.py",
    PACKAGE / "report" / "figures.py",
    PACKAGE / "charts" / "sankey.py",
)
# Functions that print lines take a `say` too, which is no speaker.
PRINTING = re.compile(r"tell_|_tell")


def said(path: Path) -> set[str]:
    """English sentences that a module says through a speaker, or as a remark."""
    found: set[str] = set()
    for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(function, ast.FunctionDef) or PRINTING.match(function.name):
            continue
        if function.name == "tell":
            continue
        for node in ast.walk(function):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else ""
            own = name == "self" and path.name == "speaker.py"
            if name in ("say", "Note") or own:
                found |= {
                    each.value
                    for each in ast.walk(node.args[0])
                    if isinstance(each, ast.Constant) and isinstance(each.value, str)
                }
    return found


def braces(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", text))


def test_whatever_is_said_has_dutch_words_with_the_same_values() -> None:
    dutch = dutch_sentences()
    for path in SPEAKING:
        missing = sorted(text for text in said(path) if text not in dutch)
        assert not missing, f"{path.name}: {missing}"
    for english, other in dutch.items():
        assert braces(english) == braces(other), english
        # A part of a sentence keeps the blank at its end or beginning.
        assert (english[0] == " ") == (other[0] == " ")
        assert (english[-1] == " ") == (other[-1] == " ")


def test_a_speaker_says_names_and_numbers_of_its_language() -> None:
    dutch, english = speaker(speak("nl")), speaker(speak("en"))
    # The page has the same digits for a number everywhere; a screen has those of its table.
    assert dutch.ends(1234.6, 2000.0) == " (95%-interval 1.235 tot 2.000)"
    assert english.ends(1234.6, 2000.0) == " (95% interval 1,235 to 2,000)"
    assert ENGLISH.ends(1234.6, 2000.0) == " (95% interval 1,234.6 to 2,000.0)"
    assert dutch.write(2.5, "+,.1f") == "+2,5" and dutch.write(0.025, "g") == "0,025"
    assert dutch.ends(float("nan"), 1.0) == ""
    assert dutch.enumeration(["a", "b", "c"]) == "a, b en c"
    assert dutch.arm("single_cao+meet_and_greet") == "Eén cao + Meet & greets van hbo en wo"
    assert dutch.outcome("wo_to_hbo") == "Van wo naar hbo"
    assert english.outcome("wo_to_hbo") == ENGLISH.outcome("wo_to_hbo") == "wo to hbo"
    assert dutch.grade("production calibration") == "kalibratie production"
    assert dutch.grade("assumed") == "aangenomen" and dutch.grade("other words") == "other words"
    assert dutch.years(2014, 2020) == "2014 tot en met 2020" and dutch.years(2014, 2014) == "2014"
    assert change_words(-2.0, dutch) == "verlaagt het met 2"
    row = {"difference_low": -1.0, "difference_distinguishable": False}
    assert doubt(row, dutch) == ", niet van nul te onderscheiden"


def test_a_remark_is_english_and_can_be_said_in_dutch() -> None:
    inner = Note("no box was found")
    note = Note(
        "scenario discovery for {arm}: {why}",
        arm=lambda say: arm_in("single_cao", say),
        why=inner,
    )
    assert note == "scenario discovery for One collective labour agreement: no box was found"
    dutch = speaker(speak("nl"))
    assert note_in(note, dutch) == "zoeken naar scenario's voor Eén cao: er is geen gebied gevonden"
    assert note_in("plain words", dutch) == "plain words"


def test_every_outcome_and_parameter_has_a_meaning_in_both_languages() -> None:
    for language in ("en", "nl"):
        words = speak(language)
        for name, outcome in OUTCOMES.items():
            meaning = outcome_meaning(name, words)
            assert f"meaning_{name}" not in meaning and words.unit(outcome.unit) in meaning
            assert not meaning.startswith(f"meaning {name.replace('_', ' ')}"), name
            assert outcome_meaning(f"{name}_difference", words) == meaning
            assert outcome_html(name, words) == with_meaning(words(name), meaning)
        for name, title in PARAMETERS.items():
            assert words.known(f"parameter_{name}", "")
            assert language == "nl" or words(f"parameter_{name}") == title
    assert outcome_meaning("staff_role", speak("en")) == ""
