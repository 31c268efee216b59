"""Say through which of the twelve channels of table 3.4 a person comes to see a vacancy.

Each channel shows a vacancy on its own, with a chance set by the kinds of employer left and joined
(derived from table 3.4, see `rates.channel_chances`). Ties to the other sector raise the chances of
`acquaintances` and `asked_by_employer` between hbo and wo; who never worked has no
`previous_employer`. Theory: referral networks (assumed gains).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.compilation import compiled
from hesim.random import moment, uniform_of

ACQUAINTANCES = c.CHANNELS.index("acquaintances")
ASKED = c.CHANNELS.index("asked_by_employer")
PREVIOUS = c.CHANNELS.index("previous_employer")
SCHOOL_LEAVER = c.PRIOR_SITUATIONS.index("school_leaver")


class TieGains(NamedTuple):
    """How ties to the other sector raise the channels that people carry.

    Attributes:
        contacts: How much each contact raises them.
        contacts_most: Contacts that count at most.
        partner: How much a partnership of both employers raises them.
        most: Chance that no channel exceeds.
    """

    contacts: float
    contacts_most: float
    partner: float
    most: float


class ChannelRates(NamedTuple):
    """Chances of the channels, from kind to kind (hbo, wo, outside, none to hbo, wo, outside).

    Attributes:
        chance: Chance that a channel shows a vacancy, shape (4, 3, 12).
        unseen: Chance that none of the channels without ties shows it, shape (4, 3, 2), see
            `unseen_by_others`.
        gains: What ties add.
    """

    chance: NDArray[np.float64]
    unseen: NDArray[np.float64]
    gains: TieGains


@compiled(inline="always")
def strength_of_ties(contacts: float, partners: bool, gains: TieGains) -> float:
    """Factor on the channels that people carry, between hbo and wo."""
    factor = 1.0 + gains.contacts * min(contacts, gains.contacts_most)
    return factor * (1.0 + gains.partner) if partners else factor


@compiled
def channel_chance(
    channel: int, origin: int, target: int, ties: float, worked: bool, rates: ChannelRates
) -> float:
    """Chance that one channel shows the vacancy."""
    chance = float(rates.chance[origin, target, channel])
    if channel == PREVIOUS and not worked:
        return 0.0
    if channel in (ACQUAINTANCES, ASKED):
        return min(chance * ties, rates.gains.most)
    return chance


def unseen_by_others(
    chance: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Chance that no channel but the two that people carry shows a vacancy.

    Args:
        chance: Chances of the channels, shape (4, 3, 12).

    Returns:
        Shape (4, 3, 2): for those who never worked (0) and others (1).
    """
    unseen = 1.0 - chance
    unseen[:, :, [ACQUAINTANCES, ASKED]] = 1.0
    everybody = np.prod(unseen, axis=2)
    unseen[:, :, PREVIOUS] = 1.0
    return np.stack([np.prod(unseen, axis=2), everybody], axis=2)


@compiled(inline="always")
def chance_seen(
    unseen: float, acquaintances: float, asked: float, ties: float, most: float
) -> float:
    """Chance that at least one channel shows the vacancy.

    Args:
        unseen: Chance that none of the other ten does.
        acquaintances: Chance of that channel without ties.
        asked: Chance of `asked_by_employer` without ties.
        ties: Factor on both.
        most: Chance that neither exceeds.
    """
    return 1.0 - unseen * (1.0 - min(acquaintances * ties, most)) * (1.0 - min(asked * ties, most))


@compiled
def draw_channels(
    origin: int,
    target: int,
    ties: float,
    worked: bool,
    rates: ChannelRates,
    more: NDArray[np.float64],
    key: np.uint64,
    pair: np.uint64,
) -> int:
    """Draw the channels that showed a vacancy which was seen, as bits: at least one.

    By turn, each given that none came before and one must come; after the first, freely. `more` is
    the further chance of each channel by policy, shape (12,).
    """
    count = rates.chance.shape[2]
    none_from = np.ones(count + 1)
    for channel in range(count - 1, -1, -1):
        chance = channel_chance(channel, origin, target, ties, worked, rates)
        chance += (1.0 - chance) * more[channel]
        none_from[channel] = none_from[channel + 1] * (1.0 - chance)
    bits = 0
    for channel in range(count):
        chance = channel_chance(channel, origin, target, ties, worked, rates)
        chance += (1.0 - chance) * more[channel]
        if bits == 0 and none_from[channel] < 1.0:
            chance /= 1.0 - none_from[channel]
        if uniform_of(moment(key, 0, channel), pair) < chance:
            bits |= 1 << channel
    return bits
