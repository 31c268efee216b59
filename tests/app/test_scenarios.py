"""Named scenarios: what each step makes of the strip, and that the address holds all of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hesim.app.address import DEFAULT, read_address, write_address
from hesim.app.levers import controls
from hesim.app.scenarios import (
    MINE,
    MOST_SCENARIOS,
    NAME,
    NamedScenario,
    ScenarioRefusal,
    ScenarioStrip,
    read_strip,
    safe_name,
)
from hesim.levers.arms import BASELINE

pytestmark = pytest.mark.once

names = st.sampled_from(
    ["mine", "Mine", "baseline", "a", "b", "Über & co", "x" * 40, "", "<b>", "a;b"]
)
levers = st.sampled_from(["meet_and_greet", "job_swap", "secondment"])
choices = st.dictionaries(levers, st.just({}), max_size=3)
changes = st.dictionaries(st.integers(0, 40), choices, max_size=3)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("add"), names),
        st.tuples(st.just("duplicate"), names, names),
        st.tuples(st.just("rename"), names, names),
        st.tuples(st.just("delete"), names),
        st.tuples(st.just("look_at"), names),
        st.tuples(st.just("compare_with"), names),
        st.tuples(st.just("with_changes"), changes),
    ),
    max_size=14,
)


Step = tuple[object, ...]


def _walk(given_steps: list[Step]) -> list[tuple[ScenarioStrip, ScenarioStrip, Step]]:
    """Each step with the strip before and after it."""
    strip, walked = ScenarioStrip(), []
    for step in given_steps:
        before = strip
        try:
            strip = getattr(strip, str(step[0]))(*step[1:])
        except ScenarioRefusal:
            assert strip is before
        walked.append((before, strip, step))
    return walked


@given(steps)
@settings(max_examples=150, deadline=None)
def test_after_any_steps_the_strip_is_sound(given_steps: list[Step]) -> None:
    for before, strip, step in _walk(given_steps):
        folded = [name.casefold() for name in strip.names]
        assert len(set(folded)) == len(folded)
        assert strip.names[0] == BASELINE and strip.changes_of(BASELINE) == {}
        assert 1 <= len(strip.own) <= MOST_SCENARIOS
        assert strip.open in strip.names and strip.against in strip.names
        assert all(NAME.fullmatch(each.name) for each in strip.own)
        if step[0] in ("add", "duplicate") and strip is not before:
            assert strip.own[:-1] == before.own and strip.open == strip.own[-1].name
        if step[0] == "duplicate" and strip is not before:
            assert strip.own[-1].changes == before.changes_of(str(step[1]))
        if step[0] == "rename":
            assert [x.changes for x in strip.own] == [x.changes for x in before.own]
        if step[0] in ("look_at", "compare_with"):
            assert strip.own == before.own


@given(steps)
@settings(max_examples=150, deadline=None)
def test_the_address_holds_every_strip(given_steps: list[Step]) -> None:
    strip = ([(ScenarioStrip(),) * 2, *_walk(given_steps)])[-1][1]
    view = replace(DEFAULT, **strip.address())  # type: ignore[arg-type]
    read, wrong = read_address(write_address(view))
    assert (read, wrong) == (view, [])
    again, unknown, opposed = read_strip(read.scenarios, read.open, read.against)
    assert (unknown, opposed) == ([], [])
    assert again.texts() == strip.texts()
    assert (again.open, again.against) == (strip.open, strip.against)


def test_steps_by_hand() -> None:
    strip = ScenarioStrip().with_changes({1: {"job_swap": {}}})
    assert strip.own == (NamedScenario(MINE, {1: {"job_swap": {}}}),)
    strip = strip.duplicate(MINE, "mine")
    assert strip.names == (BASELINE, "mine", "mine 2") and strip.open == "mine 2"
    strip = strip.compare_with("mine").rename("mine", "swaps")
    assert strip.names == (BASELINE, "swaps", "mine 2") and strip.against == "swaps"
    # Deleting the one that is compared with goes back to the baseline.
    strip = strip.delete("swaps")
    assert (strip.names, strip.open, strip.against) == ((BASELINE, "mine 2"), "mine 2", BASELINE)
    # The last one leaves an empty one.
    assert strip.delete("mine 2") == ScenarioStrip()


def test_a_lever_on_the_baseline_goes_into_a_scenario() -> None:
    strip = ScenarioStrip().look_at(BASELINE)
    on = strip.with_changes({2: {"job_swap": {}}})
    assert on.open == MINE and on.changes_of(BASELINE) == {}
    again = on.look_at(BASELINE).with_changes({2: {"secondment": {}}})
    assert again.names == (BASELINE, "mine", "mine 2") and again.open == "mine 2"


@pytest.mark.parametrize(
    ("step", "key"),
    [
        (lambda s: s.delete(BASELINE), "baseline_is_fixed"),
        (lambda s: s.rename(BASELINE, "other"), "baseline_is_fixed"),
        (lambda s: s.rename(MINE, "Baseline"), "name_taken"),
        (lambda s: s.rename(MINE, "<script>alert(1)</script>"), "bad_name"),
        (lambda s: s.rename(MINE, "x" * 41), "bad_name"),
        (lambda s: s.add("  "), "bad_name"),
        (lambda s: s.add("a\x00b"), "bad_name"),
        (lambda s: s.look_at("nothing"), "no_scenario"),
    ],
)
def test_what_cannot_be_is_refused_in_words(step, key: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ScenarioRefusal) as told:
        step(ScenarioStrip())
    assert told.value.key == key


def test_there_are_only_so_many() -> None:
    strip = ScenarioStrip()
    for _ in range(MOST_SCENARIOS - 1):
        strip = strip.add("more")
    with pytest.raises(ScenarioRefusal):
        strip.add("more")


@given(st.text(max_size=80))
def test_any_text_makes_a_name(text: str) -> None:
    assert NAME.fullmatch(safe_name(text))


@pytest.mark.parametrize(
    "query",
    [
        "scenario=%3Cscript%3E",
        "scenario=baseline",
        "scenario=a&scenario=A",
        "open=nothing",
        "against=../../etc",
        "&".join(f"scenario=s{k}" for k in range(MOST_SCENARIOS + 1)),
    ],
)
def test_hostile_scenarios_of_an_address_are_told(query: str) -> None:
    view, wrong = read_address(query)
    assert len(wrong) == 1 and wrong[0] in query
    assert read_address(write_address(view)) == (view, [])


def test_refused_levers_are_not_in_the_strip() -> None:
    given_texts = ((MINE, ((2, "nothing,job_swap"), (5, "single_cao,abolish_binary,job_swap"))),)
    strip, unknown, opposed = read_strip(given_texts, MINE, BASELINE)
    assert "abolish_binary" in controls()["single_cao"].contradicts
    assert unknown == ["nothing"] and opposed == [("abolish_binary", "single_cao")]
    assert strip.texts() == ((MINE, ((2, "job_swap"), (5, "job_swap"))),)
