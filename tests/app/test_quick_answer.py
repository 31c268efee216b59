"""The quick answer: pairs with common random numbers, the same figures as a run's, sentences."""

from __future__ import annotations

import json
from concurrent.futures import Future
from dataclasses import replace

import numpy as np
import processes
import pytest

from hesim.app.answer_words import (
    answer_sentences,
    choice_in_words,
    effect_in_words,
    money_in_words,
    since_in_words,
)
from hesim.app.levers import overrides
from hesim.app.outcome_store import OutcomesOfArm, OutcomeStore, simulate_worlds
from hesim.app.quick_answer import (
    QuickAnswer,
    QuickAnswers,
    Stage,
    answer_of,
    stages,
    years_before_changes,
)
from hesim.app.scenarios import MINE, NamedScenario, ScenarioStrip
from hesim.app.share_runs import ShareRuns, combinations_of, only
from hesim.app.words import speak
from hesim.app.worker import World, replicate
from hesim.execution.replication import simulate_one
from hesim.levers.arms import BASELINE, DIFFERENCE, POLICY
from hesim.outcomes.registry import OUTCOMES, at_full_scale
from hesim.outcomes.summary import summarise
from hesim.scenario import compose
from hesim.study.answers.shapley import shapley_values

SMALL = ("population.scale=0.02", "years=2", "burn_in=3")
LEVERS = {5: {"meet_and_greet": {}}}


def _world(changes, replication: int = 0) -> World:  # type: ignore[no-untyped-def]
    dated = tuple((m, tuple(overrides(changes, m, "2011-01"))) for m in sorted(changes))
    return World(SMALL, None, json.dumps({}), dated, replication)


def test_quick_worlds_are_those_of_a_run() -> None:
    found = simulate_worlds([_world({}), _world(LEVERS)])
    alone = [simulate_worlds([each])[0] for each in (_world({}), _world(LEVERS))]
    words = overrides(LEVERS, 5, "2011-01")
    whole = [simulate_one(compose([*SMALL, *more]), 0) for more in ([], words)]
    for mine, by_itself, theirs in zip(found, alone, whole, strict=True):
        scaled = at_full_scale(theirs.outcomes, 0.02)
        for name in OUTCOMES:
            assert mine[name] == pytest.approx(scaled[name], nan_ok=True), name
            assert np.array_equal(mine[name], by_itself[name], equal_nan=True), name
    assert found[1]["lever_cost"].sum() > 0
    # A further replication of the pictures, which has records, says the same.
    kept = at_full_scale(replicate(_world({})).yearly(), 0.02)
    for name in OUTCOMES:
        assert kept[name] == pytest.approx(found[0][name], nan_ok=True), name


def test_a_lever_without_effect_gives_exactly_zero() -> None:
    null = {0: {"single_cao": {"strength": 0.0}, "meet_and_greet": {"strength": 0.0}}}
    pairs = []
    for replication in range(2):
        base, policy = simulate_worlds([_world({}, replication), _world(null, replication)])
        pairs += [OutcomesOfArm(BASELINE, base), OutcomesOfArm(POLICY, policy)]
    found = answer_of(pairs, 0.02, "2011-01", 0)
    for row in found.rows:
        if row["arm"] == DIFFERENCE:
            assert (row["mean"], row["low"], row["high"]) == (0.0, 0.0, 0.0), row
    for language, said in (("en", "exactly as many"), ("nl", "precies evenveel")):
        strip = ScenarioStrip((NamedScenario(MINE, null),))
        there, back = answer_sentences(found, strip, "2011-01", "A", speak(language))
        assert said in there and said in back


def _outcomes(there: list[float], back: list[float], cost: float = 0.0) -> dict[str, np.ndarray]:
    made = {name: np.zeros(len(there)) for name in OUTCOMES}
    made |= {"wo_to_hbo": np.array(there), "hbo_to_wo": np.array(back)}
    return made | {"lever_cost": np.full(len(there), cost)}


def _pairs(*given: tuple[list[float], list[float]], cost: float = 0.0) -> list[OutcomesOfArm]:
    """Pairs of which the baseline has 100 persons a year each way, and the policy what is given."""
    pairs = []
    for there, back in given:
        years = [100.0] * len(there)
        pairs.append(OutcomesOfArm(BASELINE, _outcomes(years, years)))
        pairs.append(OutcomesOfArm(POLICY, _outcomes(there, back, cost)))
    return pairs


# Differences of the means over the second and third year: 88, 92 and 90 from wo to hbo (mean 90,
# standard deviation 2, half of the interval 4.3027 * 2 / 3 ** 0.5 = 4.968), and 1, -2, 2 back
# (mean 0.3333, standard deviation 2.0817, half 5.1712).
HAND = _pairs(
    ([100.0, 178.0, 198.0], [100.0, 102.0, 100.0]),
    ([100.0, 192.0, 192.0], [100.0, 96.0, 100.0]),
    ([100.0, 190.0, 190.0], [100.0, 103.0, 101.0]),
    cost=1_234_000.0,
)
STRIP = ScenarioStrip((NamedScenario(MINE, {12: {"meet_and_greet": {}}}),))


def test_sentences_by_hand_in_both_languages() -> None:
    found = answer_of(HAND, 0.1, "2013-01", 1, "A")
    row = found.mean("wo_to_hbo")
    assert (row["mean"], row["low"], row["high"]) == pytest.approx((90, 85.0317, 94.9683), abs=1e-3)
    assert found.runs == 3 and found.years == (2014, 2015) and row["grade"] == "assumed"
    assert answer_sentences(found, STRIP, "2013-01", "A", speak("en")) == [
        "With meet & greets of hbo and wo from January 2014 about 90 [85 to 95] more persons a "
        "year go from wo to hbo (3 paired runs at scale 0.1; the size of the lever is assumed; it "
        "costs about 1.2 million euros a year).",
        "This cannot be told from zero: from hbo to wo about 0.3 [-4.8 to 5.5] more persons a "
        "year go.",
    ]
    assert answer_sentences(found, STRIP, "2013-01", "A", speak("nl")) == [
        "Met meet & greets van hbo en wo vanaf januari 2014 gaan ongeveer 90 [85 tot 95] meer "
        "personen per jaar van wo naar hbo (3 gepaarde runs op schaal 0,1; de grootte van de "
        "maatregel is aangenomen; het kost ongeveer 1,2 miljoen euro per jaar).",
        "Dit is niet van nul te onderscheiden: van hbo naar wo gaan ongeveer 0,3 [-4,8 tot 5,5] "
        "meer personen per jaar.",
    ]


def test_the_figures_are_those_of_summary_csv() -> None:
    rows = summarise(HAND, 2013, 1.0, "assumed", before=1)
    assert list(answer_of(HAND, 0.1, "2013-01", 1, "A").rows) == rows


def test_one_run_has_no_interval_and_fewer_are_told_as_fewer() -> None:
    found = answer_of(_pairs(([70.0], [100.0])), 1.0, "2011-01", 0)
    for language, told in (
        ("en", "about 30 fewer persons a year go from wo to hbo (one run, no interval, at full"),
        ("nl", "gaan ongeveer 30 minder personen per jaar van wo naar hbo (één run, geen interval"),
    ):
        there, _ = answer_sentences(found, STRIP, "2011-01", "A", speak(language))
        assert told in there and "[" not in there
    # Fewer persons: the ends of the interval change places and signs.
    row = {"mean": -20.0, "low": -30.0, "high": -10.0}
    assert "20 [10 to 30] fewer" in effect_in_words("wo_to_hbo", row, speak("en"), "x")
    row = {"mean": -20.0, "low": -50.0, "high": 10.0}
    assert "20 [-10 to 50] fewer" in effect_in_words("wo_to_hbo", row, speak("en"), "x")


def test_scenarios_are_compared_by_name() -> None:
    swaps = NamedScenario("swaps", {0: {"job_swap": {}}})
    strip = ScenarioStrip((*STRIP.own, swaps), open=MINE, against="swaps")
    found = answer_of(HAND, 0.1, "2013-01", 1)
    there, _ = answer_sentences(found, strip, "2013-01", "A", speak("nl"))
    assert there.startswith("Met “mijn” in plaats van “swaps” gaan ongeveer 90")
    assert "de grootte van de maatregelen is aangenomen" in there


@pytest.mark.parametrize(
    ("euros", "english", "dutch"),
    [
        (1_234_000, "1.2 million euros", "1,2 miljoen euro"),
        (999_700, "1.0 million euros", "1,0 miljoen euro"),
        (456_750, "457,000 euros", "457.000 euro"),
        (640, "640 euros", "640 euro"),
    ],
)
def test_money(euros: float, english: str, dutch: str) -> None:
    assert money_in_words(euros, speak("en")) == english
    assert money_in_words(euros, speak("nl")) == dutch


def test_levers_in_a_sentence() -> None:
    english = speak("en")
    swap, meet = {"job_swap": {}}, {"meet_and_greet": {}}
    changes = {1: swap, 36: {**swap, **meet}, 40: {}}
    assert since_in_words(changes, "2011-01", english) == (
        "swaps of jobs from February 2011, then swaps of jobs and meet & greets of hbo and wo from "
        "January 2014, then no levers from May 2014"
    )
    assert choice_in_words({"job_swap": {"strength": 0.5}}, english).endswith("(with other dials)")


def test_stages_and_years() -> None:
    assert stages(1.0) == (Stage(0.1, 4), Stage(0.1, 8), Stage(1.0, 4), Stage(1.0, 8))
    assert stages(0.05) == (Stage(0.05, 4), Stage(0.05, 8))
    assert stages(1.0, 1) == (Stage(0.1, 1), Stage(1.0, 1))
    swap = {"job_swap": {}}
    assert years_before_changes([{}, {37: swap}], "2011-01", 10) == 3
    assert years_before_changes([{5: {}, 40: swap}, {14: swap}], "2011-01", 10) == 1
    assert years_before_changes([{200: swap}], "2011-01", 10) == 0


class Hands:
    """A worker that does what it is told at once, and counts it."""

    def __init__(self) -> None:
        self.simulated: list[tuple[World, ...]] = []
        self.closed = False

    def submit(self, task, worlds, lane):  # type: ignore[no-untyped-def]
        future: Future[list[dict[str, np.ndarray]]] = Future()
        self.simulated.append(tuple(worlds))
        future.set_result([_fake(world) for world in worlds])
        return future


def _fake(world: World) -> dict[str, np.ndarray]:
    """100 persons a year, one more for each replication, and 8 and 4 for levers and both."""
    words = [word for _, given in world.changes for word in given]
    text = " ".join(words)
    a, b = "job_swap" in text, "meet_and_greet" in text
    there = 100.0 + world.replication + 8 * a + 4 * b + 2 * (a and b)
    return _outcomes([there, there], [100.0, 100.0])


def test_answers_are_asked_for_once_and_sharpened() -> None:
    hands, store = Hands(), OutcomeStore()
    quick = QuickAnswers(hands, store, lambda: None)  # type: ignore[arg-type]

    def worlds(scale: float, replication: int) -> tuple[World, World]:
        extra = json.dumps({"population.scale": scale})
        given = ((), None, extra)
        change = ((0, ("levers=[job_swap]",)),)
        return World(*given, (), replication), World(*given, change, replication)

    assert quick.answer("2011-01", 0) is None
    quick.ask((Stage(0.1, 4), Stage(0.1, 8)), worlds)
    processes.until(lambda: quick.come() == (4, 4))
    processes.until(lambda: (quick.answer("2011-01", 0) or _none()).runs == 8)
    found = quick.answer("2011-01", 0)
    assert found is not None and found.mean("wo_to_hbo")["mean"] == 8.0
    # Pairs share their random numbers: replications differ, their differences do not.
    assert found.mean("wo_to_hbo")["low"] == found.mean("wo_to_hbo")["high"] == 8.0
    assert len(hands.simulated) == 8 and all(len(group) == 2 for group in hands.simulated)
    quick.ask((Stage(0.1, 4), Stage(0.1, 8)), worlds)
    assert len(hands.simulated) == 8
    # Two that differ from these in one scenario need only the new worlds.
    other = ((0, ("levers=[meet_and_greet]",)),)
    quick.ask(
        (Stage(0.1, 4),), lambda s, k: (worlds(s, k)[1], replace(worlds(s, k)[0], changes=other))
    )
    processes.until(lambda: quick.come() == (4, 4))
    assert [len(group) for group in hands.simulated[8:]] == [1] * 4
    found = quick.answer("2011-01", 0)
    assert found is not None and found.mean("wo_to_hbo")["mean"] == -4.0


def _none() -> QuickAnswer:
    return QuickAnswer((), 0.0, 0, (0, 0))


def test_shares_by_hand() -> None:
    hands = Hands()
    runs = ShareRuns(hands, OutcomeStore(), lambda: None)  # type: ignore[arg-type]
    changes = {0: {"job_swap": {}, "meet_and_greet": {}}}

    def make(some, replication: int) -> World:  # type: ignore[no-untyped-def]
        return _world({m: x for m, x in some.items() if x}, replication)

    assert runs.shares("wo_to_hbo", 0) is None
    runs.ask_shares(changes, ["job_swap", "meet_and_greet"], make)
    processes.until(lambda: runs.shares("wo_to_hbo", 0) is not None)
    rows = runs.shares("wo_to_hbo", 0)
    assert rows is not None
    # Alone 8 and 4, together 14: each has half of the 2 that come on top.
    assert [(row["lever"], row["alone"], row["last"], row["share"]) for row in rows] == [
        ("job_swap", 8.0, 10.0, 9.0),
        ("meet_and_greet", 4.0, 6.0, 5.0),
    ]
    assert [row["share"] for row in rows] == shapley_values(
        np.array([0.0, 8.0, 4.0, 14.0])
    ).tolist()
    assert only(changes, ["job_swap"]) == {0: {"job_swap": {}}}
    assert len(combinations_of("abcde")) == 32
