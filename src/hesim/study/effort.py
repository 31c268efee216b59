"""Say what each arm of a study may spend, and which of its shares are scaled to spend it.

`study.budget` is in euros a year, `study.days` in working days a year, both at full scale and
without transfers. The budget is of an arm as a whole: the shares that take part in all its levers
are scaled by one factor, and each stops at its largest. See docs/effort.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from hesim.config import Problem
from hesim.levers.accounts import OF_PEOPLE
from hesim.levers.catalogue import Description, describe
from hesim.levers.registry import PEOPLE
from hesim.study.shares import (
    EVERYBODY,
    arm_with_shares,
    largest_share,
    rounded,
    share_of,
    values_at,
    variation_problems,
)

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.study.arms import Arm

ASKS = {"euros": "study.budget", "days": "study.days"}
"""The setting that asks for equal effort, by the unit of effort."""
MEASURES = {"euros": "lever_cost", "days": "lever_days"}
"""The outcome that says what an arm spends, by the unit of effort."""
UNITS = {"euros": "euros a year", "days": "working days a year"}
"""Units of effort in words."""
REPLICATIONS = 4
"""Replications of each pilot, by which chance can be told."""
MANY = 0.25
"""Share of people invited anew that is many, and still leaves everybody's chance below 1."""
MANY_PLACES = 10.0
"""Share beyond 1 that is many, and seldom so many that posts for them run out."""
OF_NO_SHARE = ("lever", "year")
"""Units of cost whose number is the same whatever share takes part."""

NO_COST = "no cost of it is known"
TRANSFER = "it only moves money and uses no resources"
NO_DAYS = "it takes no working days"
FIXED = "its costs do not depend on the share that takes part"
NOBODY = "its share is 0"
NOTHING = "it spends nothing in these years, whatever share takes part"


class Effort(NamedTuple):
    """What each arm may spend.

    Attributes:
        unit: `euros` or `days`.
        amount: How many a year, at full scale.
    """

    unit: str
    amount: float

    def words(self, amount: float | None = None) -> str:
        """An amount in words, as `1,000,000 euros a year`; the budget itself if none is named."""
        return f"{self.amount if amount is None else amount:,.0f} {UNITS[self.unit]}"


def effort_of(settings: Settings) -> Effort | None:
    """What each arm of a study may spend; None where nobody asks for equal effort."""
    for unit, path in ASKS.items():
        if settings[path] is not None:
            return Effort(unit, settings.number(path))
    return None


def effort_problems(settings: Settings, arms: Sequence[Arm]) -> list[Problem]:
    """What stands in the way of equal effort."""
    asked = [path for path in ASKS.values() if settings[path] is not None]
    if not asked:
        return []
    found = []
    if len(asked) > 1:
        words = f"cannot be asked beside {asked[0]}: effort is counted in one unit"
        found.append(Problem(asked[1], settings[asked[1]], words))
    if settings["study.dose"]:
        words = "cannot be asked beside study.dose, whose arms differ in their effort"
        found.append(Problem(asked[0], settings[asked[0]], words))
    elif not any(arm.settings for arm in arms):
        found.append(
            Problem(asked[0], settings[asked[0]], "needs levers: name some in study.levers")
        )
    return found + variation_problems(settings, arms, asked[0])


def why_unscaled(about: Description, share: float, unit: str) -> str:
    """Why the share of a lever is not scaled to a budget; empty if it is.

    Args:
        about: What the lever is.
        share: The share that takes part in it.
        unit: Unit of effort.
    """
    paid = [item for item in about.costs if not item.transfer]
    counted = [item for item in paid if unit == "euros" or item.days + item.hosts > 0.0]
    if not about.costs:
        return NO_COST
    if not paid:
        return TRANSFER
    if not counted:
        return NO_DAYS
    if all(item.per in OF_NO_SHARE for item in counted):
        return FIXED
    return NOBODY if share <= 0.0 else ""


@dataclass(frozen=True)
class Scaling:
    """How one factor scales the shares of an arm.

    Attributes:
        arm: The arm with its usual shares.
        usual: Usual share by lever, of those that are scaled.
        largest: Largest share of each of them.
        reasons: Why each of the others is not, by lever.
        yearly: Levers whose people are invited anew each month: of these each further share counts
            for more, since a share of people is invited, and not a number of times.
        of_people: What one more person or post costs at most, in the unit of effort.
        of_places: What one more institution or region costs at most.
        lasting: Whether the same people or institutions take part in all years.
    """

    arm: Arm
    usual: Mapping[str, float]
    largest: Mapping[str, float]
    reasons: Mapping[str, str]
    yearly: frozenset[str]
    of_people: float
    of_places: float
    lasting: bool

    @property
    def top(self) -> float:
        """The factor at which all shares are at their largest."""
        return max((self.largest[key] / share for key, share in self.usual.items()), default=1.0)

    @property
    def reference(self) -> float:
        """The factor at which many take part, to which costs rise in a line if they do at all.

        Where people are invited anew, some are certain to come long before a share of 1. Where
        shares go on beyond 1, posts for more people run out.
        """
        many = {key: MANY_PLACES for key, most in self.largest.items() if most > EVERYBODY}
        many |= dict.fromkeys(self.yearly, MANY)
        bend = min((share / self.usual[lever] for lever, share in many.items()), default=self.top)
        return min(max(1.0, bend), self.top)

    @property
    def first(self) -> list[float]:
        """Factors of the first pilots: nobody, usual, many, everybody; usual if none is scaled."""
        return sorted({0.0, 1.0, self.reference, self.top}) if self.usual else [1.0]

    def shares(self, factor: float) -> dict[str, float]:
        """The share of each lever that is scaled."""
        return {
            lever: rounded(min(factor * share, self.largest[lever]))
            for lever, share in self.usual.items()
        }

    def values(self, factor: float) -> dict[str, float]:
        """The settings that make these shares, by path."""
        return {
            path: value
            for lever, share in self.shares(factor).items()
            for path, value in values_at(describe(lever, self.arm.settings[lever]), share).items()
        }

    def dose(self, factor: float) -> float:
        """What costs rise with in a line: how often people take part, against usual."""
        return sum(
            self._times(lever, min(factor * share, self.largest[lever])) / self._times(lever, share)
            for lever, share in self.usual.items()
        )

    def factor(self, dose: float) -> float:
        """The factor of a dose, found by halving."""
        low, high = 0.0, self.top
        for _ in range(60):
            middle = (low + high) / 2.0
            low, high = (middle, high) if self.dose(middle) < dose else (low, middle)
        return high

    def scaled(self, factor: float) -> Arm:
        """The arm with its shares scaled."""
        return arm_with_shares(self.arm, self.shares(factor))

    def _times(self, lever: str, share: float) -> float:
        """Times a year that one person takes part on average; see `levers.lever.monthly`."""
        return 12.0 * (1.0 - (1.0 - share) ** (1.0 / 12.0)) if lever in self.yearly else share


def scaling_of(arm: Arm, unit: str) -> Scaling:
    """Which shares of an arm are scaled.

    Args:
        arm: The arm.
        unit: Unit of effort.
    """
    usual, largest, reasons, yearly = {}, {}, {}, set()
    people, places, lasting = [0.0], [0.0], False
    for lever, body in arm.settings.items():
        about, share = describe(lever, body), share_of(body)
        why = why_unscaled(about, share, unit)
        if why:
            reasons[lever] = why
            continue
        usual[lever], largest[lever] = share, largest_share(about)
        lasting |= about.taking_part != "yearly"
        for item in about.costs:
            if not item.transfer and item.per not in OF_NO_SHARE:
                each = item.whole if unit == "euros" else item.days + item.hosts
                (people if item.per in OF_PEOPLE else places).append(each)
        if about.taking_part == "yearly" and set(about.mechanisms) & set(PEOPLE):
            yearly.add(lever)
    most = max(people), max(places)
    return Scaling(arm, usual, largest, reasons, frozenset(yearly), *most, lasting)


def pilot_settings(settings: Settings) -> Settings:
    """Settings of the pilots of a study.

    They have its scale: in a thinner population fewer find a post or a partner, so levers that
    need one spend less there.
    """
    return settings.with_values({"study.flows": False, "study.by": []})


def pilot_words(settings: Settings, arms: Sequence[Arm], effort: Effort) -> str:
    """Say that pilots come before a study, and about how many there are."""
    scalings = [scaling_of(arm, effort.unit) for arm in arms if arm.settings]
    count = REPLICATIONS * sum(len(each.first) for each in scalings)
    scale = pilot_settings(settings).number("population.scale")
    return (
        f"equal effort    {effort.words()} for each arm; {count} pilot runs at scale {scale:g} "
        "come first and find the shares, and some more where costs do not rise in a line"
    )
