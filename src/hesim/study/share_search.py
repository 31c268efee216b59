"""Find the shares at which each arm of a study spends its budget, by a few pilot runs.

Pilots tell what an arm spends without anybody who takes part, at its usual shares, with many, and
at the largest. Where the usual effort lies on the line from nobody to many, that line gives the
share: it rests on most participants, so it is the most exact. Elsewhere the share is found between
the two nearest pilots, and further pilots follow until one spends the budget.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hesim.levers.arms import BASELINE
from hesim.levers.catalogue import describe
from hesim.study.answers.phrases import beyond_credible
from hesim.study.effort import FIXED, NOTHING, UNITS, Effort, Scaling, scaling_of
from hesim.study.shares import dial_at, share_of
from hesim.study.unpriced import partly_priced

if TYPE_CHECKING:
    from hesim.study.arms import Arm

ROUNDS = 6
"""Rounds of pilots at most."""
NEAR = 0.005
"""An effort is met that is no further from the budget, as a share of it."""
TWICE = 2.0
"""Standard errors of a pilot within which two efforts cannot be told apart."""
NORMAL = 1.96
"""Standard errors from the middle of a 95% interval to its ends."""

MOST_STEPS = 50.0
"""Powers of e between two doses beyond which pilots show no power law."""

COLUMNS = (
    "arm",
    "lever",
    "share_usual",
    "share",
    "dial",
    "dial_value",
    "dial_credible",
    "beyond_credible",
    "unit",
    "budget",
    "effort_usual",
    "effort_fixed",
    "effort",
    "effort_low",
    "effort_high",
    "at_least",
    "on_budget",
    "saturated",
    "words",
)
"""Columns of effort.csv."""


class Trial(NamedTuple):
    """What a pilot tries: an arm, with all shares that are scaled times a factor."""

    arm: str
    factor: float


Floats = NDArray[np.float64]
Pilots = Callable[[Sequence[Trial]], Mapping[Trial, Floats]]
"""Gives what each trial spends, at full scale: shape (replications, years)."""


class Spending(NamedTuple):
    """What an arm spends a year, with its standard error."""

    mean: float
    error: float

    def meets(self, amount: float) -> bool:
        """Whether it cannot be told from an amount, or is as near as is asked."""
        return abs(self.mean - amount) <= max(NEAR * amount, TWICE * self.error)


def spending(values: Floats) -> Spending:
    """Mean over replications and years, with the error that replications show.

    Args:
        values: Shape (replications, years).
    """
    replications, years = values.shape
    if replications < 2:
        return Spending(float(values.mean()), 0.0)
    # Chance differs from year to year, as who comes does, or lasts, as who takes part for good.
    passing = values.var(axis=0, ddof=1).mean() / years
    lasting = values.mean(axis=1).var(ddof=1)
    return Spending(float(values.mean()), math.sqrt(float(max(passing, lasting)) / replications))


@dataclass(frozen=True)
class ArmEffort:
    """An arm at equal effort.

    Attributes:
        arm: The arm with its shares in force.
        rows: One mapping for each lever, with the keys `COLUMNS`.
    """

    arm: Arm
    rows: tuple[dict[str, Any], ...]


class ShareSearch:
    """The search for the shares of one arm.

    Attributes:
        scaling: How its shares are scaled.
        effort: What it may spend.
        seen: What pilots spent, by factor.
    """

    def __init__(self, arm: Arm, effort: Effort, scale: float) -> None:
        """Begin without any pilot; `scale` is that of the population of pilots."""
        self.scaling: Scaling = scaling_of(arm, effort.unit)
        # What one more of those who are simulated makes at full scale.
        self._step = max(self.scaling.of_people / scale, self.scaling.of_places)
        self.effort = effort
        self.seen: dict[float, Spending] = {}
        self._factor: float | None = None
        self._words = ""
        self._stays = False
        self._pilots = 0

    def wanted(self) -> list[float]:
        """Factors that pilots are to try next; none when the search is over."""
        if not self.seen:
            return self.scaling.first
        if self._factor is not None:
            return []
        factor = self._proposal()
        return [] if factor in self.seen else [factor]

    def learn(self, found: Mapping[float, Floats]) -> None:
        """Take what pilots spent, by factor, and see whether that is enough.

        Args:
            found: By factor, shape (replications, years).
        """
        first = not self.seen
        fixed = float(found[0.0].mean()) if 0.0 in found else self._fixed()
        self.seen |= {factor: self._bounded(values, fixed) for factor, values in found.items()}
        if first:
            self._pilots = len(found)
            self._judge()
        else:
            met = [factor for factor in found if self.seen[factor].meets(self.effort.amount)]
            self._factor = met[0] if met else self._factor

    def result(self) -> ArmEffort:
        """The arm with the shares that were found; the nearest that were tried if none fits."""
        factor, words = self._factor, self._words
        if factor is None:
            amount = self.effort.amount
            tried = {f: each for f, each in self.seen.items() if f > 0.0}
            factor = min(tried, key=lambda f: abs(tried[f].mean - amount))
            words = "no share that was tried comes nearer to the budget"
        return ArmEffort(self.scaling.scaled(factor), tuple(self._rows(factor, words)))

    def _fixed(self) -> float:
        """What the arm spends without anybody who takes part."""
        return self.seen[0.0].mean if 0.0 in self.seen else 0.0

    def _bounded(self, values: Floats, fixed: float) -> Spending:
        """What a pilot spent, with an error no larger than counts of those who come can have.

        A few replications that are far apart by luck would let anything pass for the budget.
        """
        mean, error = spending(values)
        replications, years = values.shape
        counts = replications * (1 if self.scaling.lasting else years)
        return Spending(mean, min(error, math.sqrt(max(mean - fixed, 0.0) * self._step / counts)))

    def _judge(self) -> None:
        """See from the first pilots whether the budget can be spent at all."""
        budget, top = self.effort.amount, self.scaling.top
        if not self.scaling.usual:
            self._stay(" and ".join(dict.fromkeys(self.scaling.reasons.values())))
            return
        fixed, most = self.seen[0.0], self.seen[top]
        if most.mean == fixed.mean == 0.0:
            self._stay(NOTHING)
        elif abs(most.mean - fixed.mean) <= NEAR * abs(most.mean):
            self._stay(FIXED)
        elif fixed.mean > budget:
            alone = self.effort.words(fixed.mean)
            self._stay(f"its fixed costs alone are {alone}, more than the budget")
        elif most.mean <= budget:
            self._factor = top
            if not most.meets(budget):
                self._words = (
                    f"with the largest share it spends {self.effort.words(most.mean)}, and no more"
                )

    def _stay(self, why: str) -> None:
        """Leave the shares as they are."""
        self._factor, self._stays = 1.0, True
        self._words = f"{why}, so the share stays as it is"

    def _proposal(self) -> float:
        """The factor that pilots so far point at."""
        budget, scaling = self.effort.amount, self.scaling
        dose = {factor: scaling.dose(factor) for factor in self.seen}
        fixed, many, usual = self.seen[0.0], self.seen[scaling.reference], self.seen[1.0]
        slope = (many.mean - fixed.mean) / dose[scaling.reference]
        straight = usual.meets(fixed.mean + slope * dose[1.0]) and budget <= many.mean
        if straight and len(self.seen) == self._pilots:
            return scaling.factor((budget - fixed.mean) / slope)
        below = max((f for f in self.seen if self.seen[f].mean <= budget), key=lambda f: dose[f])
        above = min(
            (f for f in self.seen if self.seen[f].mean > budget and dose[f] > dose[below]),
            key=lambda f: dose[f],
        )
        low, high = self.seen[below].mean, self.seen[above].mean
        line = dose[below] + (budget - low) / (high - low) * (dose[above] - dose[below])
        bent = self._power_law(dose)
        inside = bent is not None and dose[below] < bent < dose[above]
        return scaling.factor(bent if bent is not None and inside else line)

    def _power_law(self, dose: Mapping[float, float]) -> float | None:
        """The dose at which a power of it through the two nearest pilots spends the budget.

        It is exact where costs bend evenly; None where pilots do not show a power.
        """
        fixed = self.seen[0.0].mean
        variable = {f: each.mean - fixed for f, each in self.seen.items() if each.mean > fixed}
        wanted = self.effort.amount - fixed
        if len(variable) < 2 or wanted <= 0.0:
            return None
        first, second = sorted(variable, key=lambda f: abs(math.log(variable[f] / wanted)))[:2]
        if variable[first] == variable[second]:
            return None
        power = math.log(dose[second] / dose[first]) / math.log(variable[second] / variable[first])
        steps = power * math.log(wanted / variable[first])
        return dose[first] * math.exp(steps) if abs(steps) < MOST_STEPS else None

    def _rows(self, factor: float, words: str) -> list[dict[str, Any]]:
        scaling, spent = self.scaling, self.seen[factor]
        shares = scaling.shares(factor)
        half = NORMAL * spent.error
        settings = scaling.arm.settings
        partly = bool(partly_priced({scaling.arm.name: settings}))
        made = []
        for lever, body in settings.items():
            row = {
                "arm": scaling.arm.name,
                "lever": lever,
                "share_usual": share_of(body),
                "share": shares.get(lever, share_of(body)),
                **dial_at(describe(lever, body), shares.get(lever, 0.0)),
                "unit": UNITS[self.effort.unit],
                "budget": self.effort.amount,
                "effort_usual": self.seen[1.0].mean,
                "effort_fixed": self.seen[0.0].mean if 0.0 in self.seen else None,
                "effort": spent.mean,
                "effort_low": spent.mean - half,
                "effort_high": spent.mean + half,
                "at_least": partly,
                "on_budget": not words,
                "saturated": shares.get(lever) == scaling.largest.get(lever, 0.0)
                and not self._stays,
            }
            beyond = beyond_credible([row]).removesuffix(".")
            parts = (words, self._reason(lever), f"{beyond[:1].lower()}{beyond[1:]}")
            made.append(row | {"words": "; ".join(part for part in parts if part)})
        return made

    def _reason(self, lever: str) -> str:
        """Why one lever of several keeps its share; empty where all of them do."""
        why = self.scaling.reasons.get(lever, "") if self.scaling.usual else ""
        return f"{lever} keeps its share: {why}" if why else ""


def at_equal_effort(
    arms: Sequence[Arm], effort: Effort, pilots: Pilots, scale: float = 1.0
) -> list[ArmEffort]:
    """Scale the shares of all arms so that each spends the same.

    Args:
        arms: With or without the baseline, which is left out.
        effort: What each may spend.
        pilots: Tells what trials spend.
        scale: Scale of the population of pilots.

    Returns:
        Each arm with its shares in force, in the order of `arms`.
    """
    searches = {arm.name: ShareSearch(arm, effort, scale) for arm in arms if arm.name != BASELINE}
    for _ in range(ROUNDS):
        trials = [
            Trial(name, factor) for name, search in searches.items() for factor in search.wanted()
        ]
        if not trials:
            break
        found = pilots(trials)
        for name, search in searches.items():
            mine = {t.factor: found[t] for t in trials if t.arm == name}
            if mine:
                search.learn(mine)
    return [search.result() for search in searches.values()]
