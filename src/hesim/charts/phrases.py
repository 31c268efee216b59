"""Say numbers, months and intervals in a language: what every chart says, whatever it is of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SWAPPED = str.maketrans(",.", ".,")


def digits_of(value: float) -> int:
    """Decimals with which a number is read: none from 20 on and of whole ones, two below 2.

    What the rounding makes of it counts: 19.97 is 20, and not 20.0.
    """
    return digits_of_all((value,))


def digits_of_all(values: Sequence[float]) -> int:
    """Decimals of numbers that are read together: those that the largest of them needs."""
    size = max(map(abs, values))
    if all(value == int(value) for value in values) or round(size, 1) >= 20:
        return 0
    return 1 if round(size, 2) >= 2 else 2


@dataclass(frozen=True)
class Phrases:
    """What charts say of their own accord; English unless told otherwise.

    Attributes:
        language: `en` or `nl`; says how numbers are written.
        months: Names of the months, short.
        mean: What a thick line or a dot is.
        watched: What a thin line is.
        band: What a band or a bar beside a dot is.
        levers_changed: What a line across the months is.
        levers_begin: What it is where levers begin.
        one_run: Why there is no interval.
        mean_of_runs: Over how many runs a mean is; over runs that differ by month
            `mean_of_some_runs`.
        range: An interval.
        not_distinguishable: What holds of an interval with 0 in it.
        year: What the number of a calendar year is called.
    """

    language: str = "en"
    months: str = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
    mean: str = "mean"
    watched: str = "the run that is watched"
    band: str = "95% interval of the mean"
    levers_changed: str = "levers changed"
    levers_begin: str = "{levers} (from {month})"
    one_run: str = "One run, no interval."
    mean_of_runs: str = "Mean of {count} runs, with its 95% interval."
    mean_of_some_runs: str = "Mean of {least} to {most} runs, with its 95% interval."
    range: str = "[{low} to {high}]"
    not_distinguishable: str = "not distinguishable from zero"
    year: str = "year"

    def number(self, value: float, digits: int | None = None) -> str:
        """A number as people read it: thousands apart, few digits when small.

        Args:
            value: The number; one that is not a number is a dash.
            digits: Decimals; by default fewer, the larger the number.
        """
        if value != value:
            return "-"
        # Adding nothing takes the sign off a zero that is left.
        rounded = round(value, digits_of(value) if digits is None else digits) + 0.0
        return self.written(rounded, f",.{digits_of(rounded) if digits is None else digits}f")

    def signed(self, value: float) -> str:
        """A difference as people read it: `number` with a sign, also where it is more."""
        text = self.number(value)
        return f"+{text}" if value > 0 and text != "0" else text

    def written(self, value: float, form: str = "g") -> str:
        """A number in a form of Python's `format`, with this language's separators."""
        text = format(value, form)
        return text.translate(SWAPPED) if self.language == "nl" else text

    def month(self, number: int, start: str) -> str:
        """A month as `Jan 2014`, counted from the first recorded one.

        Args:
            number: 0 is the first month.
            start: The first month, as `2011-01`.
        """
        first = int(start[:4]) * 12 + int(start[5:7]) - 1
        year, month = divmod(first + number, 12)
        return f"{self.months.split()[month]} {year}"

    def figure_and_interval(
        self, mean: float, low: float, high: float, signed: bool = False
    ) -> tuple[str, str]:
        """A figure and its interval, as `12` and `[10 to 14]`; all three have the same decimals.

        Args:
            mean: The figure.
            low: Lower end, not a number without an interval.
            high: Upper end.
            signed: Give the figure a sign, also where it is more.

        Returns:
            Both texts; the second is empty without an interval.
        """
        if low != low or high != high:
            return self.signed(mean) if signed else self.number(mean), ""
        digits = digits_of_all((mean, low, high))
        figure, lower, upper = (self.number(one, digits) for one in (mean, low, high))
        plus = "+" if signed and round(mean, digits) > 0 else ""
        return plus + figure, self.range.format(low=lower, high=upper)

    def estimate(self, mean: float, low: float, high: float, signed: bool = False) -> str:
        """A figure with its interval, as `12 [10 to 14]`; see `figure_and_interval`."""
        return " ".join(filter(None, self.figure_and_interval(mean, low, high, signed)))

    def runs(self, counts: Iterable[int]) -> str:
        """Says over how many runs the means are; with one run, that there is no interval."""
        known = {count for count in counts if count > 0}
        if not known:
            return ""
        if max(known) == 1:
            return self.one_run
        if len(known) == 1:
            return self.mean_of_runs.format(count=max(known))
        return self.mean_of_some_runs.format(least=min(known), most=max(known))
