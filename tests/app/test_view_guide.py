"""The guide: terms that say what they mean, what may be quoted, and the words of the walk."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks import recorded_uses as maker

from hesim.app.glossary import Term, glossary, terms_apart, with_terms
from hesim.app.info_tab import info_html
from hesim.app.recorded_uses import recorded_uses, use_in_words
from hesim.app.walk import STEPS
from hesim.app.words import LANGUAGES, speak
from hesim.calibration.ensemble import available
from hesim.calibration.uses import KEYS, WORDS, read_reason, reason_in_words
from hesim.levers.registry import GRADES
from hesim.tables import ReportTables

pytestmark = pytest.mark.once


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_terms_share_a_form(language: str) -> None:
    found = [{form.lower() for form in term.forms} for term in glossary(language).values()]
    assert len(set.union(*found)) == sum(map(len, found))


def test_a_term_is_explained_where_it_comes_first_and_longer_ones_win() -> None:
    found = list(terms_apart("Replications of a PhD candidate, replication by replication.", "en"))
    assert [each.key if isinstance(each, Term) else each for each in found] == [
        "replication",
        " of a ",
        "PhD candidate",
        ", replication by replication.",
    ]
    assert isinstance(found[0], Term) and found[0].forms == ("Replications",)
    # Within a word nothing is found, and what was explained before is not explained again.
    assert list(terms_apart("wonder", "en")) == ["wonder"]
    known = {"wo"}
    assert list(terms_apart("From wo", "en", known)) == ["From wo"]


def test_a_text_of_a_visitor_cannot_bring_elements() -> None:
    assert with_terms("<b>x</b>", "en") == "&lt;b&gt;x&lt;/b&gt;"
    text = with_terms("A crossing & more", "en")
    assert text.startswith('A <dfn class="hesim-term" tabindex="0">crossing<span role="tooltip"')
    assert text.endswith("&amp; more")


def test_verdicts_are_those_that_validate_gives_today(tables: ReportTables) -> None:
    file = Path(maker.ROOT) / "src" / "hesim" / "app" / "recorded_uses.json"
    assert file.read_text(encoding="utf-8") == maker.to_text(tables)


@pytest.mark.parametrize("name", available())
def test_the_english_of_a_verdict_is_that_of_validate(name: str) -> None:
    found = recorded_uses(name)
    assert found is not None and len(found.rows) == len(KEYS)
    for row in found.rows:
        use, quote, why = use_in_words(row, speak("en"))
        assert use.lower() == row["use"].lower() and quote == row["quote"]
        assert why == reason_in_words(read_reason(row["reason"]))


def test_the_page_has_the_words_of_every_reason() -> None:
    english = speak("en")
    for key, text in WORDS.items():
        assert english(f"reason_{key}") == text, key


def test_a_verdict_in_dutch_has_the_figures_with_a_comma() -> None:
    found = recorded_uses("production")
    assert found is not None
    rows = {row["use"]: use_in_words(row, speak("nl")) for row in found.rows}
    numbers = [row for row in found.rows if row["use"] == "hbo's share of PhDs"]
    mean = numbers[0]["reason"]["numbers"]["mean"][0]
    assert f"{mean:.1f}%".replace(".", ",") in rows["hbo's share of PhDs"][2]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_guide_says_what_may_be_quoted_and_explains_each_grade(language: str) -> None:
    words = speak(language)
    text = info_html("production", words)
    found = recorded_uses("production")
    assert found is not None
    for row in found.rows:
        assert use_in_words(row, words)[1] in text
    for grade in GRADES:
        assert f"<th scope='row'>{grade}</th>" in text
    assert words("info_quote_none") in info_html("none", words)
    assert "hesim-walk-again" not in info_html("production", words, walk=False)
    assert f"walk_{STEPS}" in words._known and f"walk_{STEPS + 1}" not in words._known
