"""Say what of a calibration's results may be quoted: one verdict for each use.

A verdict follows from the figures of `validation` by a rule of `RULES`, and by nothing else. Why it
came out as it did is a reason: a key, with numbers and names. The English of each stands in
`WORDS`, the Dutch among the words of the page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from hesim.calibration.titles import parameter_name
from hesim.outcomes.bars import DOCTORS, EXPLAINED, WIDTH

YES, CARE, NO = "yes", "with care", "no"
RANKING, SIZE, LEVEL, DOCTORATES = (
    "ranking of levers",
    "size of an effect",
    "level of a flow",
    "hbo's share of PhDs",
)
KEYS = {RANKING: "ranking", SIZE: "size", LEVEL: "level", DOCTORATES: "doctorates"}
"""By use, its key among the words of the page."""
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
WAYS = {"wo_to_hbo": "from wo to hbo", "hbo_to_wo": "from hbo to wo"}
"""Flows in words, by the name of their outcome."""
WORDS = {
    "ranking_not_followed": "Do not rank levers: the model does not follow the survey.",
    "ranking_not_sound": "Do not rank levers: its intervals do not hold what they should.",
    "ranking_yes": "Quote an order that holds over the draws and in both structures.",
    "ranking_care": (
        "Quote an order only where it holds over the draws of blind and of production and in both "
        "structures: {doubts}."
    ),
    "doubt_no_recovery": "nobody has tried whether its intervals are right",
    "doubt_no_sibling": "there is no second calibration to hold it against",
    "doubt_apart": "blind and production part on {names}",
    "doubt_hires": "the blind forecast of table 3.1 is not surely better than one from hires alone",
    "size_no": "Quote no size: not even an order may be quoted.",
    "size_yes": "Quote it with its 95% interval, and say that the lever's dials are assumed.",
    "size_care": (
        "Quote it with its 95% interval, and say that the lever's dials are assumed; take the "
        "interval over draws, and set both structures side by side: {doubts}."
    ),
    "doubt_nobody_asked": "nobody has asked what the survey tells of the parameters",
    "doubt_told": "the survey tells {told} of {parameters} parameters",
    "level_untested": "Quote no level: nothing was held out that could have tested it.",
    "level_outside": "Do not quote how many cross in a year, but how arms differ: {doubts}.",
    "doubt_flow": "{names} {low} to {high} were forecast, and the report says {reported}",
    "level_wide": "Do not quote how many cross in a year: the forecast is {width} wide.",
    "level_care": "Quote it with its interval alone: the forecast is {width} wide.",
    "level_yes": "Quote it with its interval.",
    "doctorates_unknown": "Do not quote it: this calibration has no figure of it.",
    "doctorates_entrants": (
        "Do not quote it: {entrants} PhDs enter hbo a year, and the aim is {aim}, give or take "
        "{deviation}."
    ),
    "doctorates_apart": (
        "Do not quote it: blind and production part, {low} to {high}% and {other_low} to "
        "{other_high}%."
    ),
    "doctorates_care": (
        "Quote how a lever changes it, with the interval. Its level ({mean}%, {low} to {high}) "
        "rests on what went in: {bar_low} to {bar_high}% of lecturers in 2009, and table 3.2 for "
        "who enters."
    ),
}
"""By reason, its words in English. Numbers and names stand in braces; see `Reason`."""


class Reason(NamedTuple):
    """Why a verdict came out as it did.

    Attributes:
        key: One of `WORDS`.
        numbers: What stands in its braces: each number with its form in Python's `format`.
        names: Flows or parameters, for `{names}`.
        doubts: Reasons behind it, for `{doubts}`.
    """

    key: str
    numbers: Mapping[str, tuple[float, str]] = {}
    names: Sequence[str] = ()
    doubts: Sequence[Reason] = ()


class Language(NamedTuple):
    """How reasons are said.

    Attributes:
        words: By key of a reason, and `and`.
        number: Writes a number in a form.
        name: Names a flow or a parameter.
    """

    words: Callable[[str], str]
    number: Callable[[float, str], str]
    name: Callable[[str], str]


def _english_name(key: str) -> str:
    return WAYS.get(key) or parameter_name(key)


ENGLISH = Language({**WORDS, "and": "and"}.__getitem__, format, _english_name)


def reason_in_words(reason: Reason, language: Language = ENGLISH) -> str:
    """A reason as a sentence."""
    # Flows are few and long, so they stand in a list with "and".
    joint = f" {language.words('and')} " if reason.key == "level_outside" else "; "
    return language.words(reason.key).format(
        **{key: language.number(*value) for key, value in reason.numbers.items()},
        names=", ".join(map(language.name, reason.names)),
        doubts=joint.join(reason_in_words(each, language) for each in reason.doubts),
    )


def reason_body(reason: Reason) -> dict[str, Any]:
    """A reason as it stands in files."""
    return {
        "key": reason.key,
        "numbers": {key: list(value) for key, value in reason.numbers.items()},
        "names": list(reason.names),
        "doubts": [reason_body(each) for each in reason.doubts],
    }


def read_reason(body: Mapping[str, Any]) -> Reason:
    """A reason from what `reason_body` left of it."""
    numbers = {key: (float(value), str(form)) for key, (value, form) in body["numbers"].items()}
    doubts = tuple(map(read_reason, body["doubts"]))
    return Reason(body["key"], numbers, tuple(body["names"]), doubts)


def uses(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What may be quoted of results of this calibration, by use.

    Args:
        body: What `validation` found.

    Returns:
        For each use its verdict (`yes`, `with care` or `no`), what that means in words, the rule
        that it follows, and the `reason` as `reason_body` has it, for words in another language.
    """
    found = {
        RANKING: _ranking(body),
        SIZE: _size(body),
        LEVEL: _level(body["held_out"]),
        DOCTORATES: _doctorates(body["certainty"]["doctors"]),
    }
    return [
        {
            "use": use,
            "quote": quote,
            "words": reason_in_words(reason),
            "rule": RULES[use],
            "reason": reason_body(reason),
        }
        for use, (quote, reason) in found.items()
    ]


def _ranking(body: Mapping[str, Any]) -> tuple[str, Reason]:
    found, held = body["certainty"], body["held_out"]
    recovery, apart = found["recovery"], found["apart"]
    if 100.0 * body["fitted"]["deviance_explained"] < EXPLAINED.low:
        return NO, Reason("ranking_not_followed")
    if recovery is not None and not _sound(recovery):
        return NO, Reason("ranking_not_sound")
    doubts = []
    if recovery is None:
        doubts.append(Reason("doubt_no_recovery"))
    if apart is None:
        doubts.append(Reason("doubt_no_sibling"))
    elif apart:
        doubts.append(Reason("doubt_apart", names=[row["parameter"] for row in apart]))
    if held is not None and not _beats_hires(held):
        doubts.append(Reason("doubt_hires"))
    return (CARE, Reason("ranking_care", doubts=doubts)) if doubts else (YES, Reason("ranking_yes"))


def _sound(recovery: Mapping[str, Any]) -> bool:
    low, high = recovery["band"]
    return bool(low <= recovery["coverage_90"] <= high)


def _beats_hires(held: Mapping[str, Any]) -> bool:
    gains = held["table_3_1"]["gains"]
    return any(x["rival"] == "proportional to hires" and x["low"] > 0.0 for x in gains)


def _size(body: Mapping[str, Any]) -> tuple[str, Reason]:
    quote, _ = _ranking(body)
    survey = body["certainty"]["identification"]
    if quote == NO:
        return NO, Reason("size_no")
    if quote == YES and survey is not None and 2 * survey["told"] >= survey["parameters"]:
        return YES, Reason("size_yes")
    if survey is None:
        return CARE, Reason("size_care", doubts=[Reason("doubt_nobody_asked")])
    counts = {key: (survey[key], ".0f") for key in ("told", "parameters")}
    return CARE, Reason("size_care", doubts=[Reason("doubt_told", counts)])


def _level(held: Mapping[str, Any] | None) -> tuple[str, Reason]:
    if held is None:
        return NO, Reason("level_untested")
    flows = held["table_1_1"]
    outside = [_flow(flow) for flow in flows if not flow["inside"]]
    widest = max(flow["high"] - flow["low"] for flow in flows)
    width = {"width": (widest, ".0f")}
    if outside:
        return NO, Reason("level_outside", doubts=outside)
    if widest >= WIDTH.high:
        return NO, Reason("level_wide", width)
    goal = WIDTH.goal[1] if WIDTH.goal else WIDTH.high
    return (CARE, Reason("level_care", width)) if widest >= goal else (YES, Reason("level_yes"))


def _flow(flow: Mapping[str, Any]) -> Reason:
    numbers = {
        "low": (flow["low"], ".0f"),
        "high": (flow["high"], ".0f"),
        "reported": (flow["reported_mean"], ".0f"),
    }
    return Reason("doubt_flow", numbers, [flow["flow"]])


def _doctorates(found: Mapping[str, Any] | None) -> tuple[str, Reason]:
    if found is None:
        return NO, Reason("doctorates_unknown")
    (mean, low, high), other = found["share"], found["share_of_sibling"]
    aim, deviation = found["aim"]
    if abs(found["entrants"][0] - aim) > 2.0 * deviation:
        figures = {"entrants": found["entrants"][0], "aim": aim, "deviation": deviation}
        return NO, Reason("doctorates_entrants", {k: (x, ".0f") for k, x in figures.items()})
    if other is not None and (other[1] > high or low > other[2]):
        figures = {"low": low, "high": high, "other_low": other[1], "other_high": other[2]}
        return NO, Reason("doctorates_apart", {k: (x, ".1f") for k, x in figures.items()})
    figures = {"mean": mean, "low": low, "high": high}
    bars = {"bar_low": (DOCTORS.low, "g"), "bar_high": (DOCTORS.high, "g")}
    return CARE, Reason("doctorates_care", {k: (x, ".1f") for k, x in figures.items()} | bars)
