"""Plan a dose-response study: one lever, with a share that takes part as an arm of its own each.

A share above 1 stands in a dial of the lever, so the name of its arm says what it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hesim.config import Problem
from hesim.levers.catalogue import describe
from hesim.study.shares import (
    EVERYBODY,
    arm_with_shares,
    dial_beyond,
    largest_share,
    rounded,
    share_of,
    variation_problems,
)

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.study.arms import Arm

DOSE, SHARES = "study.dose", "study.shares"
TIMES = 10.0
"""How many times the usual share a ladder goes up to: more is credible of no lever by default."""
STEPS = 4
"""Steps from the usual share to the last: each multiplies the share by the same factor."""
EVEN = 5
"""Even steps to the last share where the usual one is more than half of it."""
AT = " at "
"""What stands between lever and share in the name of an arm that has not the usual share."""


def ladder(usual: float, largest: float = EVERYBODY) -> list[float]:
    """The shares that are tried if nobody names some, in rising order.

    Args:
        usual: The share that takes part as a rule; it is one of them, unless it is 0.
        largest: The largest share that can.
    """
    last = min(TIMES * usual, largest) if usual > 0.0 else EVERYBODY
    if 0.0 < usual <= last / 2.0:
        growth = (last / usual) ** (1.0 / STEPS)
        found = [usual / 2.0, *(usual * growth**k for k in range(1, STEPS))]
    else:
        found = [last * k / EVEN for k in range(1, EVEN)]
    shares = {usual, last, *(float(f"{share:.3g}") for share in found)}
    return sorted(rounded(share) for share in shares if share > 0.0)


def dose_shares(settings: Settings) -> list[float]:
    """The shares that a study names, each once, from the smallest to the largest."""
    given = settings[SHARES]
    listed = given if isinstance(given, list | tuple) else [given]
    return sorted({rounded(float(str(share))) for share in listed})


def dose_arms(settings: Settings, baseline: Arm, arm: Arm) -> list[Arm]:
    """The arms of a dose-response study: the baseline, and the lever at each share.

    At its usual share the lever is the arm that it is in any other study, and has the same name.

    Args:
        settings: The composed config.
        baseline: The arm without levers.
        arm: The lever as it is as a rule.
    """
    [(lever, body)] = arm.settings.items()
    usual = share_of(body)
    shares = dose_shares(settings) or ladder(usual, largest_share(describe(lever, body)))
    doses = [
        arm
        if share == rounded(usual)
        else arm_with_shares(arm, {lever: share}, f"{arm.name}{AT}{share:.6g}")
        for share in shares
        if share > 0.0
    ]
    return [baseline, *doses]


def share_in_arm(name: str, body: Mapping[str, Any]) -> float:
    """The share of an arm of a dose-response study, which may be above 1.

    Args:
        name: Name of the arm.
        body: Settings of its lever.
    """
    lever, _, share = name.rpartition(AT)
    return float(share) if lever else share_of(body)


def lever_problems(settings: Settings, arm: Arm) -> list[Problem]:
    """What of a dose-response study does not go with its lever.

    Args:
        settings: The composed config.
        arm: The lever as it is as a rule.
    """
    [(lever, body)] = arm.settings.items()
    about = describe(lever, body)
    largest = largest_share(about)
    dial = dial_beyond(about, largest)
    why = f"where {dial} is at its largest" if dial else "which is everybody"
    words = f"must be at most {largest:g} for {lever}, {why}"
    shares = [share for share in dose_shares(settings) if share > largest]
    found = [Problem(SHARES, share, words) for share in shares]
    return found + variation_problems(settings, [arm], DOSE)


def dose_problems(settings: Settings) -> list[Problem]:
    """What stands in the way of a dose-response study."""
    shares = dose_shares(settings)
    if settings[DOSE] is None:
        if shares:
            return [Problem(SHARES, shares, f"needs a lever: name one in {DOSE}")]
        return []
    found = []
    if settings["study.levers"]:
        words = f"cannot be asked beside {DOSE}, which names the lever"
        found.append(Problem("study.levers", settings["study.levers"], words))
    others = [lever for lever in settings.mapping("levers") if lever != settings[DOSE]]
    if others:
        found.append(Problem("levers", others, f"cannot be asked beside {DOSE}, which names one"))
    if settings["study.design"] == "grid":
        words = f"cannot be asked beside {DOSE}: shares are no on and off"
        found.append(Problem("study.design", "grid", words))
    if shares and shares[0] <= 0.0:
        words = "must be above 0: the baseline is the share of nobody"
        found.append(Problem(SHARES, shares[0], words))
    if not str(settings[DOSE]).strip() or "+" in str(settings[DOSE]):
        found.append(Problem(DOSE, settings[DOSE], "must be one lever; `hesim levers` lists them"))
    return found
