"""Plan a dose-response study: one lever, with a share that takes part as an arm of its own each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hesim.config import Problem
from hesim.study.shares import LARGEST, arm_with_shares, share_of

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.study.arms import Arm

DOSE, SHARES = "study.dose", "study.shares"
STEPS = 4
"""Steps from the usual share to the largest: each multiplies the share by the same factor."""
EVEN = 5
"""Even steps to the largest share where the usual one is more than half of it."""


def ladder(usual: float) -> list[float]:
    """The shares that are tried if nobody names some, from the smallest to the largest.

    Args:
        usual: The share that takes part as a rule; it is one of them, unless it is 0.
    """
    if 0.0 < usual <= LARGEST / 2.0:
        growth = (LARGEST / usual) ** (1.0 / STEPS)
        found = [usual / 2.0, *(usual * growth**k for k in range(STEPS)), LARGEST]
    else:
        found = [LARGEST * k / EVEN for k in range(1, EVEN + 1)]
    rounded = {usual, *(float(f"{share:.3g}") for share in found)}
    return sorted(share for share in rounded if share > 0.0)


def asked_shares(settings: Settings) -> list[float]:
    """The shares that a study names, each once, from the smallest to the largest."""
    given = settings[SHARES]
    listed = given if isinstance(given, list | tuple) else [given]
    return sorted({float(str(share)) for share in listed})


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
    shares = asked_shares(settings) or ladder(usual)
    names = {share: f"{arm.name} at {share:.6g}" for share in shares if share > 0.0}
    names |= {usual: arm.name} if usual in names else {}
    return [
        baseline,
        *(arm_with_shares(arm, {lever: share}, name) for share, name in names.items()),
    ]


def dose_problems(settings: Settings) -> list[Problem]:
    """What stands in the way of a dose-response study."""
    shares = asked_shares(settings)
    if settings[DOSE] is None:
        if shares:
            return [Problem(SHARES, shares, f"needs a lever: name one in {DOSE}")]
        return []
    found = []
    if settings["study.levers"]:
        words = f"cannot be asked beside {DOSE}, which names the lever"
        found.append(Problem("study.levers", settings["study.levers"], words))
    if settings["study.design"] == "grid":
        words = f"cannot be asked beside {DOSE}: shares are no on and off"
        found.append(Problem("study.design", "grid", words))
    if shares and shares[0] <= 0.0:
        words = "must be above 0: the baseline is the share of nobody"
        found.append(Problem(SHARES, shares[0], words))
    if not str(settings[DOSE]).strip() or "+" in str(settings[DOSE]):
        found.append(Problem(DOSE, settings[DOSE], "must be one lever; `hesim levers` lists them"))
    return found
