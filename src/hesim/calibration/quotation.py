"""Say in plain sentences how far a calibration can be trusted.

Each sentence is filled in from the figures of `validation`. What may be quoted stands in `uses`.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from hesim.calibration.ensemble import is_blind
from hesim.calibration.uses import WAYS
from hesim.config.points import structure_of, usual_calibration
from hesim.outcomes.bars import EXPLAINED

RIVALS = {
    "random matching": "random matching",
    "proportional to hires": "one that knows only how many each sector hires",
    "pooled over groups": "one distribution for all groups",
}
"""Forecasts without a model, in words."""
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
