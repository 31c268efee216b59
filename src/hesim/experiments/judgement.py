"""Compare the numbers of a page with those that came out again, within Monte Carlo error."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hesim.experiments.numbers import PageNumber, PageNumbers
from hesim.experiments.table_rows import Estimate

SAME, WITHIN, OUTSIDE, OPEN, NEW = (
    "same to the digit",
    "within Monte Carlo error",
    "outside of it",
    "not judged",
    "new on the page",
)
LEVEL = 0.05
"""Chance that any number of a page is said to be outside while all are as they should be."""
DIGITS = 1e-9
"""Relative difference below which two numbers are the same: sums are rounded on each machine."""


@dataclass(frozen=True)
class Judgement:
    """What is said of one number.

    Attributes:
        number: What it is called.
        verdict: `SAME`, `WITHIN`, `OUTSIDE`, `OPEN` or `NEW`.
        former: What the page says.
        current: What came out now; not a number where it is no longer there.
        limit: By how much the number may differ; not a number where it is not judged by error.
        words: Why, where the verdict does not say it.
    """

    number: str
    verdict: str
    former: float
    current: float
    limit: float = math.nan
    words: str = ""


def judge(
    former: Sequence[PageNumber], numbers: PageNumbers, exact: bool = False
) -> list[Judgement]:
    """Compare numbers one by one.

    Args:
        former: Those of the page as it is.
        numbers: What handed the numbers out that came out now.
        exact: Whether each must be the same to the digit, as in a small version.
    """
    held = {each.number for each in former}
    count = sum(
        1 + (not math.isnan(each.low)) + (not math.isnan(each.high))
        for each in former
        if not math.isnan(each.error)
    )
    found = [_judge(each, numbers, count, exact) for each in former]
    return found + [
        Judgement(each.number, NEW, math.nan, each.value)
        for each in numbers.records
        if each.number not in held
    ]


def _judge(former: PageNumber, numbers: PageNumbers, count: int, exact: bool) -> Judgement:
    now = numbers.current(former)
    if now is None:
        verdict = OPEN if former.column == "rows" and not exact else OUTSIDE
        words = "the page no longer counts it" if former.column == "rows" else "no table has it now"
        return Judgement(former.number, verdict, former.value, math.nan, words=words)
    then = Estimate(former.value, former.low, former.high, former.error, former.freedom)
    pairs = list(number_and_ends(then, now))
    if all(is_same(before, after) for before, after, *_ in pairs):
        return Judgement(former.number, SAME, then.value, now.value)
    made_alike = former.made_from == numbers.origin(former)
    if exact or math.isnan(then.error) or math.isnan(now.error):
        verdict = OUTSIDE if exact or made_alike else OPEN
        words = (
            "other figures from the same rows"
            if made_alike
            else "must be the same to the digit"
            if exact
            else "the table does not tell its Monte Carlo error"
        )
        return Judgement(former.number, verdict, then.value, now.value, words=words)
    verdict, words, limit = WITHIN, "", math.nan
    for name, part in zip(("", "lower end", "upper end"), pairs, strict=False):
        before, after, error, other, freedom, freedom_other = part
        most = largest_difference(error, other, freedom, freedom_other, count)
        limit = most if not name else limit
        if not is_same(before, after) and not abs(after - before) <= most:
            verdict = OUTSIDE
            words = words or (f"its {name}: {before:.6g}, now {after:.6g}" if name else "")
    return Judgement(former.number, verdict, then.value, now.value, limit, words)


Part = tuple[float, float, float, float, float, float]
"""A number before and after, both errors, and their degrees of freedom."""


def number_and_ends(then: Estimate, now: Estimate) -> Iterator[Part]:
    """A number, and the ends of its interval where it has one."""
    yield then.value, now.value, then.error, now.error, then.freedom, now.freedom
    for name in ("low", "high"):
        before, after = getattr(then, name), getattr(now, name)
        if not (math.isnan(before) and math.isnan(after)):
            yield before, after, error_of_end(then), error_of_end(now), then.freedom, now.freedom


def error_of_end(found: Estimate) -> float:
    """Standard error of the end of an interval.

    An interval reaches as far as its estimated width says. An estimated standard error with n
    degrees of freedom has itself a relative error of one over the root of 2n.
    """
    half = (found.high - found.low) / 2
    if math.isnan(half):
        return found.error
    return math.hypot(found.error, half / math.sqrt(2 * found.freedom))


def largest_difference(
    error: float, other: float, freedom: float, freedom_other: float, count: int
) -> float:
    """By how much two independent estimates may differ that are of the same thing.

    It is a quantile of Student's t times the error of their difference. With few replications the
    errors themselves are uncertain, so that a normal quantile would find differences where there
    are none. The quantile is that of 5% shared out over all numbers that are looked at
    (Bonferroni), and the degrees of freedom are those of Welch and Satterthwaite.

    Args:
        error: Standard error of one.
        other: That of the other.
        freedom: Degrees of freedom of `error`; infinite where it is known.
        freedom_other: Those of `other`.
        count: How many numbers are looked at.
    """
    from scipy.special import ndtri, stdtrit

    variance = error**2 + other**2
    if variance == 0:
        return 0.0
    spread = sum(each**4 / n for each, n in ((error, freedom), (other, freedom_other)))
    chance = 1 - LEVEL / 2 / max(1, count)
    both = variance**2 / spread if spread > 0 else math.inf
    quantile = ndtri(chance) if math.isinf(both) else stdtrit(both, chance)
    return float(quantile) * math.sqrt(variance)


def is_same(before: float, after: float) -> bool:
    """Whether two numbers are the same to the digit, or neither is known."""
    if math.isnan(before) or math.isnan(after):
        return math.isnan(before) and math.isnan(after)
    return math.isclose(before, after, rel_tol=DIGITS, abs_tol=DIGITS)


def judgement_lines(found: Sequence[Judgement], most: int = 20) -> Iterator[str]:
    """A short table: how many numbers have each verdict, and those outside, one by one."""
    for verdict in (SAME, WITHIN, OUTSIDE, OPEN, NEW):
        count = sum(each.verdict == verdict for each in found)
        if count or verdict in (SAME, OUTSIDE):
            yield f"  {count:>5,}  {verdict}"
    outside = [each for each in found if each.verdict == OUTSIDE]
    for each in outside[:most]:
        limit = "" if math.isnan(each.limit) else f", may differ by {each.limit:.3g}"
        words = f" ({each.words})" if each.words else ""
        now = "gone" if math.isnan(each.current) else f"{each.current:.6g}"
        yield f"  outside: {each.number}: was {each.former:.6g}, is {now}{limit}{words}"
    if len(outside) > most:
        yield f"  and {len(outside) - most:,} more"
