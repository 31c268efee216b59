"""Read and set the share that takes part in the levers of an arm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hesim.study.arms import Arm

LARGEST = 1.0
"""The largest share that can take part."""
SHARE = "levers.{}.reach.share"
"""Path of the share that takes part in a lever."""


def share_of(body: Mapping[str, Any]) -> float:
    """The share that takes part, of a lever's settings."""
    return float(body["reach"]["share"])


def arm_with_shares(arm: Arm, shares: Mapping[str, float], name: str = "") -> Arm:
    """An arm with other shares.

    Args:
        arm: The arm.
        shares: Share by lever; others stay.
        name: Its new name; that of the arm if empty.
    """
    settings = {
        lever: {**body, "reach": {**body["reach"], "share": shares[lever]}}
        if lever in shares
        else body
        for lever, body in arm.settings.items()
    }
    return replace(arm, name=name or arm.name, settings=settings)
