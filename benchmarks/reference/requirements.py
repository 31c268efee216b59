"""Say what posts ask of applicants beyond education, and whether a person has it."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from hesim import categories as c

if TYPE_CHECKING:
    from benchmarks.reference.workers import Worker
    from hesim.config import Settings

THESIS = 60
"""Months that a doctorate takes; who writes one hardly teaches."""


class Requirements:
    """Conditions of posts and what meets them."""

    def __init__(self, settings: Settings) -> None:
        """Read `model.requirements`."""
        self.given = settings.mapping("model.requirements")

    def draw(self, role: int, random: Random) -> frozenset[str]:
        """Draw the conditions of a new post."""
        asked = self.given["asked"]
        return frozenset(
            name for name in asked if random.random() < asked[name].get(c.ROLES[role], 0.0)
        )

    def beyond(self, asks: frozenset[str], name: str, months: int) -> float:
        """Months of practice or research that a post does not ask anyway."""
        return max(months - 12.0 * self.given[name], 0.0) if name in asks else float(months)

    def met(self, person: Worker, asks: frozenset[str]) -> bool:
        """Whether a person has everything that a post asks."""
        return all(getattr(self, f"_{name}")(person) for name in sorted(asks))

    def _practice(self, person: Worker) -> bool:
        return bool(person.practice >= 12 * self.given["practice"])

    def _research(self, person: Worker) -> bool:
        return person.education == c.PHD or bool(person.academic >= 12 * self.given["research"])

    def _certificate(self, person: Worker) -> bool:
        taught = person.academic
        if _wrote_or_writes_a_thesis(person):
            taught -= THESIS
        enough = taught >= 12 * self.given["teaching"]
        share = self.given["certified" if enough else "certified_before"]
        return bool(person.leaning_to_teach < share)

    def _dutch(self, person: Worker) -> bool:
        if not _wrote_or_writes_a_thesis(person):
            return True
        if person.practice + person.academic >= 12 * self.given["settled"]:
            return True
        return bool(person.foreignness >= self.given["foreign"] * self.given["without_dutch"])


def _wrote_or_writes_a_thesis(person: Worker) -> bool:
    return person.education == c.PHD or person.role == c.PHD_CANDIDATE
