"""Read and set the share that takes part in the levers of an arm.

`reach.share` ends at 1, where everybody in reach takes part. Some levers have a dial that says how
many do, such as the offers of joint appointments. With these a share goes on beyond 1: at a share
of 2, `reach.share` is 1 and the dial is twice what it is as a rule. See docs/effort.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hesim.config import Problem
from hesim.levers.catalogue import Description, describe

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.study.arms import Arm

EVERYBODY = 1.0
"""The largest share of levers without a dial that says how many take part."""
SHARE = "levers.{}.reach.share"
"""Path of the share that takes part in a lever."""
DIAL = "levers.{}.{}"
"""Path of a dial of a lever."""
CREDIBLE = 0.975
"""Part of what is believed of a dial that lies at or below the largest credible value."""


def rounded(number: float) -> float:
    """A share as it is written: with six digits."""
    return float(f"{number:.6g}")


def share_of(body: Mapping[str, Any]) -> float:
    """`reach.share` of a lever's settings."""
    return float(body["reach"]["share"])


def largest_share(about: Description) -> float:
    """The largest share that can take part: beyond 1 as far as the range of the dial goes.

    Args:
        about: The lever, with its dials as they are as a rule.
    """
    dial = about.volume
    if dial is None or dial.default <= 0.0:
        return EVERYBODY
    return max(EVERYBODY, rounded(dial.high / dial.default))


def dial_beyond(about: Description, share: float) -> str:
    """Name of the dial that makes a share above 1; empty for other shares."""
    dial = about.volume
    return dial.name if dial is not None and share > EVERYBODY else ""


def values_at(about: Description, share: float) -> dict[str, float]:
    """The settings that make a share, by path.

    Args:
        about: The lever, with its dials as they are as a rule.
        share: From 0 to `largest_share`.
    """
    values = {SHARE.format(about.key): min(share, EVERYBODY)}
    dial = about.volume
    if dial is not None and share > EVERYBODY:
        # Rounding must not lead beyond the range, nor stop short of its end.
        most = share >= largest_share(about)
        value = dial.high if most else min(rounded(dial.default * share), dial.high)
        values[DIAL.format(about.key, dial.name)] = value
    return values


def dial_at(about: Description, share: float) -> dict[str, Any]:
    """The dial that makes a share above 1, and whether its value is beyond what is credible.

    Args:
        about: The lever, with its dials as they are as a rule.
        share: From 0 to `largest_share`.

    Returns:
        `dial`, its name; `dial_value`; `dial_credible`, the 97.5% point of its prior, if it has
        one; and `beyond_credible`. For other shares the name is empty and there are no values.
    """
    name, dial = dial_beyond(about, share), about.volume
    if dial is None or not name:
        return {"dial": "", "dial_value": None, "dial_credible": None, "beyond_credible": False}
    value = values_at(about, share)[DIAL.format(about.key, name)]
    most = rounded(dial.prior.at(CREDIBLE)) if dial.prior.is_drawn else None
    return {
        "dial": name,
        "dial_value": value,
        "dial_credible": most,
        "beyond_credible": most is not None and value > most,
    }


def arm_with_shares(arm: Arm, shares: Mapping[str, float], name: str = "") -> Arm:
    """An arm with other shares.

    Args:
        arm: The arm, with shares and dials as they are as a rule.
        shares: Share by lever; others stay.
        name: Its new name; that of the arm if empty.
    """
    settings = {
        lever: _at_share(lever, body, shares[lever]) if lever in shares else body
        for lever, body in arm.settings.items()
    }
    return replace(arm, name=name or arm.name, settings=settings)


def _at_share(lever: str, body: Mapping[str, Any], share: float) -> dict[str, Any]:
    """A lever's settings with another share."""
    values = values_at(describe(lever, body), share)
    reach = {**body["reach"], "share": values.pop(SHARE.format(lever))}
    dials = {path.rpartition(".")[2]: value for path, value in values.items()}
    return {**body, "reach": reach, **dials}


def paths_of_shares(arms: Sequence[Arm]) -> set[str]:
    """Paths of all settings by which a study sets how many take part in the levers of its arms."""
    found = set()
    for arm in arms:
        for lever, body in arm.settings.items():
            found.add(SHARE.format(lever))
            dial = describe(lever, body).volume
            if dial is not None:
                found.add(DIAL.format(lever, dial.name))
    return found


def variation_problems(settings: Settings, arms: Sequence[Arm], by: str) -> list[Problem]:
    """Uncertainties that would change what a study itself sets.

    Args:
        settings: The composed config.
        arms: The arms.
        by: Path of the setting that asks for shares.
    """
    uncertain = settings["study.uncertainties"]
    listed = uncertain if isinstance(uncertain, list | tuple) else [uncertain]
    paths = paths_of_shares(arms)
    return [
        Problem("study.uncertainties", str(spec), f"cannot vary where {by} sets it")
        for spec in listed
        if str(spec).partition(":")[0] in paths
    ]
