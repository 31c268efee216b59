"""Say in plain sentences how far a calibration can be trusted, and what of it may be quoted.

Each sentence is filled in from the figures of `validation`. Each verdict follows from these figures
by a rule of `RULES`, and by nothing else.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from hesim.calibration.ensemble import is_blind
from hesim.config.points import structure_of, usual_calibration
from hesim.outcomes.bars import DOCTORS, EXPLAINED, WIDTH

YES, CARE, NO = "yes", "with care", "no"
RANKING, SIZE, LEVEL, DOCTORATES = (
    "ranking of levers",
    "size of an effect",
    "level of a flow",
    "hbo's share of PhDs",
)
RULES = {
    RANKING: (
        f"no, where less than {EXPLAINED.low:g}% of the deviance of table 3.5's contrasts is "
        "explained, or recovery is outside of its band; with care, where recovery never ran, the "
        "blind calibration and the production one part on a parameter (their 90% intervals do not "
        "meet, or one of them is missing), or the blind forecast of table 3.1 is not surely better "
        "than one from hires alone; else yes"
    ),
    SIZE: (
        "no, where a ranking is not to be quoted; with care, where that needs care, or the survey "
        "tells fewer than half of the parameters; else yes"
    ),
    LEVEL: (
        "yes, where the blind 90% forecast of a year holds the report's mean of both flows and is "
        f"narrower than {WIDTH.goal[1] if WIDTH.goal else WIDTH.high:g} persons for both; with "
        f"care, where it holds both and is narrower than {WIDTH.high:g}; else no, and no where "
        "there is no blind calibration"
    ),
    DOCTORATES: (
        "no, where the PhDs who enter hbo a year are more than two declared deviations off their "
        "aim, or the 90% intervals of the share in blind and production do not meet; else with "
        "care; never yes, as no table that was held out says it"
    ),
}
"""By use, the rule that its verdict follows."""
RIVALS = {
    "random matching": "random matching",
    "proportional to hires": "one that knows only how many each sector hires",
    "pooled over groups": "one distribution for all groups",
}
"""Forecasts without a model, in words."""
WAYS = {"wo_to_hbo": "from wo to hbo", "hbo_to_wo": "from hbo to wo"}
WIDE = 96
"""Letters in a line of text."""


def quotation_sentences(body: Mapping[str, Any]) -> list[str]:
    """About ten sentences on a calibration, each filled in from its figures.

    Args:
        body: What `validation` found.
    """
    return [
        _identity(body),
        *_of_inputs(body["inputs"]["input"]),
        *_of_contrasts(body["fitted"]),
        *_of_forecast(body["held_out"]),
        *_of_agreement(body["agreement"]),
        *_of_certainty(body["certainty"]),
        _of_bars(body["bars"]),
    ]


def uses(body: Mapping[str, Any]) -> list[dict[str, str]]:
    """What may be quoted of results of this calibration, by use.

    Args:
        body: What `validation` found.

    Returns:
        For each use its verdict (`yes`, `with care` or `no`), what that means in words, and the
        rule that it follows.
    """
    found = {
        RANKING: _ranking(body),
        SIZE: _size(body),
        LEVEL: _level(body["held_out"]),
        DOCTORATES: _doctorates(body["certainty"]["doctors"]),
    }
    return [
        {"use": use, "quote": quote, "words": words, "rule": RULES[use]}
        for use, (quote, words) in found.items()
    ]


def quotation_lines(body: Mapping[str, Any]) -> Iterator[str]:
    """Sentences and verdicts as text.

    Args:
        body: What `validation` found.
    """
    yield "How far this can be trusted"
    for sentence in body["sentences"]:
        yield from textwrap.wrap(sentence, WIDE, initial_indent="- ", subsequent_indent="  ")
    yield ""
    yield "What may be quoted"
    for row in body["verdicts"]:
        head = f"- {_capital(row['use'])}: {row['quote']}. {row['words']}"
        yield from textwrap.wrap(head, WIDE, subsequent_indent="  ")
    yield ""
    yield 'Tables: hesim validate --full. Rules: docs/trace.md, "What may be quoted".'


def verdicts_alone(body: Mapping[str, Any]) -> Iterator[str]:
    """Verdicts alone, a line each.

    Args:
        body: What `validation` found.
    """
    for row in body["verdicts"]:
        yield f"{_capital(row['use'])}: {row['quote']}"


def _identity(body: Mapping[str, Any]) -> str:
    name = str(body["name"])
    structure, short = structure_of(name), Path(name).name
    if is_blind(name):
        role = "it never saw tables 3.1 and 1.1"
    elif name == usual_calibration(structure):
        role = "runs of that structure use it, and it saw all tables"
    else:
        role = "it saw all tables"
    made = body["made"]["date"]
    return f"This is the calibration {short} of the structure {structure}, made on {made}: {role}."


def _of_inputs(part: Mapping[str, Any]) -> Iterator[str]:
    yield (
        f"Of {part['cells']} inputs {part['within_monte_carlo_error_of_all']} come out as they "
        f"went in, but for chance, and the farthest is {100 * part['largest_gap']:.1f} points off; "
        "that is no success of the model."
    )


def _of_contrasts(fitted: Mapping[str, Any]) -> Iterator[str]:
    yield (
        f"It explains {fitted['deviance_explained']:.0%} of how hbo and wo differ in the reasons "
        f"of table 3.5, to which it was fitted; {EXPLAINED.low:g}% was asked beforehand."
    )
    yield (
        f"Of these {fitted['contrasts']} differences {fitted['inside_95']:.0%} lie inside the "
        f"survey's 95% interval: {fitted['verdict']}."
    )


def _of_forecast(held: Mapping[str, Any] | None) -> Iterator[str]:
    """What the blind calibration forecasts."""
    if held is None:
        yield "Nothing was held out: there is no blind calibration of this structure and survey."
        return
    name = Path(str(held["calibration"])).name
    gains = {gain["rival"]: _against(gain) for gain in held["table_3_1"]["gains"]}
    *most, last = [f"{gains[rival]} {RIVALS[rival]}" for rival in RIVALS]
    yield (
        f"Table 3.1 was held out of the calibration {name}: its forecast of where movers come from "
        f"and go to is {', '.join(most)}, and {last}."
    )
    for flow in held["table_1_1"]:
        verdict = "lies inside" if flow["inside"] else "lies OUTSIDE"
        yield (
            f"{_capital(WAYS[flow['flow']])} it forecasts {flow['low']:.0f} to {flow['high']:.0f} "
            f"persons a year (table 1.1, held out too); the report's mean of "
            f"{flow['reported_mean']:.0f} {verdict}."
        )


def _against(gain: Mapping[str, Any]) -> str:
    """How a forecast does against a rival, by the 95% interval of its gain."""
    if gain["low"] > 0.0:
        return "better than"
    return "worse than" if gain["high"] < 0.0 else "not surely better than"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _of_agreement(seen: Mapping[str, Any] | None) -> Iterator[str]:
    """How near a calibration comes to tables that it saw."""
    if seen is None:
        return
    flows = " and ".join(
        f"{flow['low']:.0f} to {flow['high']:.0f} {WAYS[flow['flow']]} (report "
        f"{flow['reported_mean']:.0f}, {'inside' if flow['inside'] else 'OUTSIDE'})"
        for flow in seen["table_1_1"]
    )
    name = Path(str(seen["calibration"])).name
    yield f"That {name} gives {flows} is fitted, and no test: it saw both tables."


def _of_certainty(found: Mapping[str, Any]) -> Iterator[str]:
    told, recovery = found["identification"], found["recovery"]
    if told is not None:
        yield (
            f"The survey tells {told['told']} of the {told['parameters']} fitted parameters; of "
            "the others it leaves most of what was believed before."
        )
    if recovery is not None:
        low, high = recovery["band"]
        yield (
            f"Fitted to {recovery['surveys']} invented surveys, its 90% intervals held the truth "
            f"in {recovery['coverage_90']:.1%} of cases; right ones do in {low:.1%} to {high:.1%}."
        )


def _of_bars(bars: list[dict[str, Any]]) -> str:
    missed = [_plain(row["name"]) for row in bars if not row["holds"]]
    words = f"; missed: {'; '.join(missed)}" if missed else ""
    return f"Of {len(bars)} bars that were set beforehand {len(bars) - len(missed)} are met{words}."


def _plain(name: str) -> str:
    """The name of a bar with flows in words."""
    for flow, words in WAYS.items():
        name = name.replace(flow, words)
    return name


def _ranking(body: Mapping[str, Any]) -> tuple[str, str]:
    found, held = body["certainty"], body["held_out"]
    recovery, apart = found["recovery"], found["apart"]
    if 100.0 * body["fitted"]["deviance_explained"] < EXPLAINED.low:
        return NO, "Do not rank levers: the model does not follow the survey."
    if recovery is not None and not _sound(recovery):
        return NO, "Do not rank levers: its intervals do not hold what they should."
    doubts = []
    if recovery is None:
        doubts.append("nobody has tried whether its intervals are right")
    if apart is None:
        doubts.append("there is no second calibration to hold it against")
    elif apart:
        doubts.append(f"blind and production part on {', '.join(row['title'] for row in apart)}")
    if held is not None and not _beats_hires(held):
        doubts.append(
            "the blind forecast of table 3.1 is not surely better than one from hires alone"
        )
    if not doubts:
        return YES, "Quote an order that holds over the draws and in both structures."
    return CARE, (
        "Quote an order only where it holds over the draws of blind and of production and in both "
        f"structures: {'; '.join(doubts)}."
    )


def _sound(recovery: Mapping[str, Any]) -> bool:
    low, high = recovery["band"]
    return bool(low <= recovery["coverage_90"] <= high)


def _beats_hires(held: Mapping[str, Any]) -> bool:
    gains = held["table_3_1"]["gains"]
    return any(x["rival"] == "proportional to hires" and x["low"] > 0.0 for x in gains)


def _size(body: Mapping[str, Any]) -> tuple[str, str]:
    quote, _ = _ranking(body)
    told = body["certainty"]["identification"]
    if quote == NO:
        return NO, "Quote no size: not even an order may be quoted."
    always = "Quote it with its 95% interval, and say that the lever's dials are assumed"
    if quote == YES and told is not None and 2 * told["told"] >= told["parameters"]:
        return YES, f"{always}."
    known = (
        "nobody has asked what the survey tells of the parameters"
        if told is None
        else f"the survey tells {told['told']} of {told['parameters']} parameters"
    )
    return CARE, (
        f"{always}; take the interval over draws, and set both structures side by side: {known}."
    )


def _level(held: Mapping[str, Any] | None) -> tuple[str, str]:
    if held is None:
        return NO, "Quote no level: nothing was held out that could have tested it."
    flows = held["table_1_1"]
    out = [flow for flow in flows if not flow["inside"]]
    widest = max(flow["high"] - flow["low"] for flow in flows)
    if out:
        words = " and ".join(
            f"{WAYS[flow['flow']]} {flow['low']:.0f} to {flow['high']:.0f} were forecast, and the "
            f"report says {flow['reported_mean']:.0f}"
            for flow in out
        )
        return NO, f"Do not quote how many cross in a year, but how arms differ: {words}."
    if widest >= WIDTH.high:
        return NO, f"Do not quote how many cross in a year: the forecast is {widest:.0f} wide."
    goal = WIDTH.goal[1] if WIDTH.goal else WIDTH.high
    if widest >= goal:
        return CARE, f"Quote it with its interval alone: the forecast is {widest:.0f} wide."
    return YES, "Quote it with its interval."


def _doctorates(found: Mapping[str, Any] | None) -> tuple[str, str]:
    if found is None:
        return NO, "Do not quote it: this calibration has no figure of it."
    (mean, low, high), other = found["share"], found["share_of_sibling"]
    aim, deviation = found["aim"]
    if abs(found["entrants"][0] - aim) > 2.0 * deviation:
        return NO, (
            f"Do not quote it: {found['entrants'][0]:.0f} PhDs enter hbo a year, and the aim is "
            f"{aim:.0f}, give or take {deviation:.0f}."
        )
    if other is not None and (other[1] > high or low > other[2]):
        return NO, (
            f"Do not quote it: blind and production part, {low:.1f} to {high:.1f}% and "
            f"{other[1]:.1f} to {other[2]:.1f}%."
        )
    return CARE, (
        f"Quote how a lever changes it, with the interval. Its level ({mean:.1f}%, {low:.1f} to "
        f"{high:.1f}) rests on what went in: {DOCTORS.low:g} to {DOCTORS.high:g}% of lecturers in "
        "2009, and table 3.2 for who enters."
    )
