"""Give the chance that a channel of table 3.4 shows a vacancy, from kind to kind."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from benchmarks.reference.rates import HBO, NO_KIND, OUTSIDE, WO, logistic
from hesim import categories as c

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.tables import ReportTables

SCHOOL = c.CHANNELS.index("internship_school")
ACQUAINTANCES = c.CHANNELS.index("acquaintances")
ASKED = c.CHANNELS.index("asked_by_employer")
PREVIOUS = c.CHANNELS.index("previous_employer")
NAME_NO_CHANNEL = (
    "early_retirement",
    "retirement",
    "disabled_full",
    "disabled_part_lost_job",
    "disabled_part_kept_job",
)


def channel_odds(tables: ReportTables, group: str) -> list[float | None]:
    """Log-odds of each channel in a group; None where the source has a dash."""
    asked: float = tables.n("3.4", group)
    named_of = asked
    if group.endswith("_out"):
        reasons = tables.shares("2.2", "exit_reason", group)
        asked *= 1.0 - sum(reasons.get(reason, 0.0) for reason in NAME_NO_CHANNEL)
    odds: list[float | None] = []
    for channel in c.CHANNELS:
        percent = tables.percent("3.4", channel, group)
        if percent is None:
            odds.append(None)
        else:
            named = percent / 100.0 * named_of
            odds.append(math.log((named + 0.5) / (asked - named + 0.5)))
    return odds


def seen_at_all(shares: list[float]) -> float:
    """Solve v = 1 - product(1 - m v): the chance that any channel shows a vacancy."""
    v = 1.0
    for _ in range(500):
        v = 1.0 - math.prod(1.0 - m * v for m in shares)
    return v


class Channels:
    """Chances of each channel from kind (hbo, wo, outside, none) to kind (hbo, wo, outside)."""

    def __init__(self, settings: Settings, tables: ReportTables) -> None:
        """Average table 3.4 over the groups that a move belongs to."""
        get = settings.number
        self.contacts_gain = get("model.search.contacts_gain")
        self.contacts_most = get("model.search.contacts_most")
        self.partner_gain = get("model.search.partner_gain")
        self.most = get("model.search.channel_most")
        odds = {group: channel_odds(tables, group) for group in c.MOVER_GROUPS}
        for k in range(len(c.CHANNELS)):
            given = [one for one in (odds[group][k] for group in odds) if one is not None]
            for group in odds:
                if odds[group][k] is None:
                    odds[group][k] = sum(given) / len(given)
        shift = settings.mapping("model.inputs.channels")
        for group in odds:
            odds[group] = [
                (one or 0.0) + shift[group][name]
                for one, name in zip(odds[group], c.CHANNELS, strict=True)
            ]
        self.chances: dict[tuple[int, int], list[float]] = {}
        self.visible: dict[tuple[int, int, bool], float] = {}
        for old in (HBO, WO, OUTSIDE, NO_KIND):
            for new in (HBO, WO, OUTSIDE):
                joins = [f"{name}_in" for kind, name in ((HBO, "hbo"), (WO, "wo")) if new == kind]
                leaves = [f"{name}_out" for kind, name in ((HBO, "hbo"), (WO, "wo")) if old == kind]
                shares = []
                for k in range(len(c.CHANNELS)):
                    # The school helps as it helps those who leave the sector, whatever they join.
                    groups = leaves if k == SCHOOL and leaves else joins + leaves
                    groups = groups or list(c.MOVER_GROUPS)
                    pooled = sum(odds[group][k] or 0.0 for group in groups) / len(groups)
                    shares.append(logistic(pooled))
                v = seen_at_all(shares)
                self.chances[old, new] = [m * v for m in shares]

    def of(self, old: int, new: int, worked: bool, contacts: float, partners: bool) -> list[float]:
        """Chance of each channel for one person and one vacancy.

        Args:
            old: Kind of the person's job, or of the job lost.
            new: Kind of the vacancy's employer.
            worked: Whether the person ever worked.
            contacts: Contacts in the other sector; none that count without a job.
            partners: Whether both employers share a partnership.
        """
        chances = list(self.chances[old, new])
        if not worked:
            chances[PREVIOUS] = 0.0
        if (old, new) in ((HBO, WO), (WO, HBO)):
            gain = 1.0 + self.contacts_gain * min(contacts, self.contacts_most)
            if partners:
                gain *= 1.0 + self.partner_gain
            for k in (ACQUAINTANCES, ASKED):
                chances[k] = min(chances[k] * gain, self.most)
        return chances

    def visibility(
        self, old: int, new: int, worked: bool, contacts: float, partners: bool
    ) -> float:
        """Chance that at least one channel shows the vacancy."""
        if OUTSIDE in (old, new) or old in (new, NO_KIND):
            key = (old, new, worked)
            if key not in self.visible:
                chances = self.of(old, new, worked, 0.0, False)
                self.visible[key] = 1.0 - math.prod(1.0 - chance for chance in chances)
            return self.visible[key]
        chances = self.of(old, new, worked, contacts, partners)
        return 1.0 - math.prod(1.0 - chance for chance in chances)
