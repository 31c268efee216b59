"""Say in a sentence what levers change, with its interval and what it rests on."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from hesim.app.lever_words import lever_heading
from hesim.app.levers import Changes, Choice, controls, whole
from hesim.app.scenarios import MINE, ScenarioStrip
from hesim.levers.arms import BASELINE
from hesim.levers.catalogue import COSTS
from hesim.study.unpriced import partly_priced, unpriced_levers
from hesim.survey.crossings import CROSSINGS

if TYPE_CHECKING:
    from hesim.app.quick_answer import QuickAnswer, Row
    from hesim.app.recorded_baseline import RecordedBaseline
    from hesim.app.words import Words

FEW_LEVERS = 3
"""Levers that a sentence names one by one."""
COST = "lever_cost"
MILLION = 1e6


def answer_sentences(
    answer: QuickAnswer, strip: ScenarioStrip, first: str, grade: str, words: Words
) -> list[str]:
    """What the open scenario changes beside the one that it is compared with.

    Args:
        answer: The comparison.
        strip: The scenarios.
        first: First recorded month, as `2011-01`.
        grade: Weakest grade of the levers of both.
        words: Language.

    Returns:
        A sentence on those who go from wo to hbo, with what it rests on, and one on those who go
        back. What cannot be told from zero says so first.
    """
    levers = [key for name in (strip.open, strip.against) for key in _levers(strip, name)]
    if strip.against == BASELINE:
        what = since_in_words(strip.changes_of(strip.open), first, words)
    else:
        names = [f"\u201c{name_in_words(n, words)}\u201d" for n in (strip.open, strip.against)]
        what = words("rather_than", one=names[0], other=names[1])
    there, back = CROSSINGS
    rests = [
        runs_in_words(answer, words),
        words(f"size_{grade}" if len(set(levers)) == 1 else f"sizes_{grade}"),
        cost_in_words(answer, levers, words),
    ]
    main = effect_in_words(there, answer.mean(there), words, what)
    return [
        f"{main} ({'; '.join(rests)}).",
        effect_in_words(back, answer.mean(back), words) + ".",
    ]


def baseline_sentence(baseline: RecordedBaseline, words: Words) -> str:
    """What the recorded baseline says, with what it rests on."""
    facts = baseline.facts
    name = str(facts["calibration"])
    calibration = (
        words("baseline_uncalibrated")
        if name == "none"
        else words("baseline_calibration", name=name)
    )
    there, back = (level_in_words(baseline.mean(outcome), words) for outcome in CROSSINGS)
    return words(
        "baseline_sentence",
        there=there,
        back=back,
        first=baseline.years[0],
        last=baseline.years[1],
        runs=words("baseline_runs", runs=facts["replications"]),
        calibration=calibration,
    )


def level_in_words(row: Row, words: Words) -> str:
    """A mean with its interval, as `90 [85 to 95]`.

    Args:
        row: A row of summary.csv: `mean`, and `low` and `high`, None without an interval.
        words: Language.
    """
    mean, low, high = (_value(row[key]) for key in ("mean", "low", "high"))
    return words.phrases.estimate(mean, low, high)


def _levers(strip: ScenarioStrip, name: str) -> list[str]:
    return sorted({key for chosen in strip.changes_of(name).values() for key in chosen})


def name_in_words(name: str, words: Words) -> str:
    """A scenario's name; those that the page gives by itself in the visitor's language."""
    return words(f"scenario_{name}") if name in (BASELINE, MINE) else name


def effect_in_words(outcome: str, row: Row, words: Words, what: str = "") -> str:
    """A difference of persons a year with its interval, without a full stop.

    Args:
        outcome: `wo_to_hbo` or `hbo_to_wo`.
        row: Row of the paired difference: `mean`, and `low` and `high`, None without an interval.
        words: Language.
        what: Levers that bring it about, in words; empty where a sentence before named them.
    """
    mean, low, high = (_value(row[key]) for key in ("mean", "low", "high"))
    if mean == low == high == 0.0:
        return words(f"no_effect_{outcome}" if what else f"no_effect_too_{outcome}", what=what)
    way = "more" if mean >= 0 else "fewer"
    low, high = (low, high) if mean >= 0 else (-high, -low)
    number = words.phrases.estimate(abs(mean), low, high)
    key = f"effect_{outcome}_{way}" if what else f"effect_too_{outcome}_{way}"
    sentence = words(key, what=what, number=number)
    if not math.isnan(low) and low <= 0 <= high:
        return words("effect_unsure", sentence=uncapitalised(sentence))
    return sentence


def runs_in_words(answer: QuickAnswer, words: Words) -> str:
    """On how many pairs at which scale an answer rests."""
    full = answer.scale == 1.0
    scale = words("at_full_scale") if full else words("at_scale", scale=words.written(answer.scale))
    if answer.runs == 1:
        return words("one_pair", scale=scale)
    return words("paired_runs", runs=answer.runs, scale=scale)


def cost_in_words(answer: QuickAnswer, levers: list[str], words: Words) -> str:
    """What the levers cost a year, or that it is not known.

    Args:
        answer: The comparison.
        levers: All levers that are on.
        words: Language.
    """
    arm = {"": {key: {COSTS: controls()[key].costs} for key in levers}}
    mean = _value(answer.mean(COST)["mean"])
    if unpriced_levers(arm) and not partly_priced(arm):
        return words("cost_unknown")
    key = "cost_least" if partly_priced(arm) else "cost_more" if mean >= 0 else "cost_less"
    return words(key, money=money_in_words(abs(mean), words))


def money_in_words(euros: float, words: Words) -> str:
    """An amount of euros: millions with a decimal, less in whole thousands."""
    if euros >= MILLION - 500:
        return words("million_euros", number=words.number(euros / MILLION, 1))
    return words("some_euros", number=words.number(round(euros, -3) if euros >= 1000 else euros, 0))


def since_in_words(changes: Changes, first: str, words: Words) -> str:
    """Which levers are on from which month, as `meet & greets from January 2014`."""
    parts = []
    for month, chosen in sorted(changes.items()):
        when = words.month_in_full(month, first)
        parts.append(words("levers_since", levers=choice_in_words(chosen, words), month=when))
    return words("and_then").join(parts)


def choice_in_words(chosen: Choice, words: Words) -> str:
    """Levers by their titles; many by their number; a ready package by its name."""
    package = whole(chosen)
    if package and not any(chosen.values()):
        return words("the_package", name=words(f"package_{package}"))
    if not chosen:
        return words("no_levers")
    if len(chosen) > FEW_LEVERS:
        return words("many_levers", count=len(chosen))
    titles = [uncapitalised(lever_heading(key, words)) for key in sorted(chosen)]
    dials = words("with_dials") if any(chosen.values()) else ""
    *before, last = titles
    listed = words("and_last", before=", ".join(before), last=last) if before else last
    return f"{listed}{dials}"


def uncapitalised(text: str) -> str:
    """A title as it stands within a sentence; `PhD` stays as it is."""
    head = text.split(" ", 1)[0]
    return text if head[1:] != head[1:].lower() else text[:1].lower() + text[1:]


def _value(cell: object) -> float:
    return math.nan if cell is None else float(str(cell))
