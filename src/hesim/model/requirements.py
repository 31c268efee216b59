"""Say what posts ask of applicants beyond education, and who meets it: the one place of that rule.

A post may ask for practice outside, a teaching certificate, a research record, and Dutch. Each
stands in a share of posts, by role. People apply whether or not they meet it; an employer leaves
out, for formal reasons, who does not. (Level and kind of education are different: nobody applies
below them, see `eligibility`.) Theory: requirements as thresholds instead of points that something
else can outweigh. Shares and thresholds are priors or assumed: `conf/model/requirements.yaml`.

A person's certificate and Dutch are no columns: they follow from the biography and one lasting draw
of the person.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.compilation import compiled
from hesim.random import uniform

CONDITIONS: tuple[str, ...] = ("practice", "certificate", "research", "dutch")
"""What a post may ask; the bit of each in a vacancy's `asks` is its place here."""
PRACTICE, CERTIFICATE, RESEARCH, DUTCH = (1 << k for k in range(len(CONDITIONS)))
TEACHING_COUNTS = 1 << len(CONDITIONS)
"""Further bit of `asks`: a teaching certificate does in place of the research record (policy)."""
LANGUAGE = CONDITIONS.index("dutch")
DOCTORATE = 60
"""Months of academic work in which a doctor wrote the thesis, and taught too little for a
certificate: 5.3 years by public_facts.csv."""
RECOGNISED, TAUGHT, SPEAKS = 7, 8, 9
"""Lanes of lasting draws; a vacancy's conditions have those of their places."""


class Thresholds(NamedTuple):
    """What meets a condition; see `conf/model/requirements.yaml`.

    Attributes:
        practice: Months of practice outside.
        research: Months of academic work that do instead of a PhD.
        teaching: Months of academic work, beside a doctorate, after which one may be certified.
        certified: Share of those who have taught so long that holds a certificate.
        certified_before: Share of the others that does.
        no_dutch: Share of candidates and doctors that came without Dutch.
        settled: Months of work after which everybody speaks it.
    """

    practice: int
    research: int
    teaching: int
    certified: float
    certified_before: float
    no_dutch: float
    settled: int


class Background(NamedTuple):
    """What an employer sees of a person when it looks for formal reasons."""

    id: np.uint64
    education: int
    role: int
    practice: int
    academic: int


@compiled
def asked_of(
    shares: NDArray[np.float64],
    vacancy: np.uint64,
    left: float,
    recognition: float,
    key: np.uint64,
) -> int:
    """Draw what a new vacancy asks, as bits.

    Args:
        shares: Share of posts of the role that asks each condition, shape (conditions,).
        vacancy: Identity of the vacancy.
        left: Share of the conditions but Dutch that policy leaves.
        recognition: Share of research records in whose place teaching does, by policy.
        key: Key of the stream `requirement`.
    """
    asks = 0
    for k in range(shares.size):
        chance = shares[k] if k == LANGUAGE else shares[k] * left
        # A draw costs more than to see that none is needed.
        if chance > 0.0 and uniform(key, vacancy, 0, k) < chance:
            asks |= 1 << k
    if asks & RESEARCH and uniform(key, vacancy, 0, RECOGNISED) < recognition:
        asks |= TEACHING_COUNTS
    return asks


@compiled
def is_certified(person: Background, met: Thresholds, key: np.uint64) -> bool:
    """Whether a person holds a teaching certificate; nobody loses it by working on."""
    thesis = person.education == c.PHD or person.role == c.PHD_CANDIDATE
    taught = person.academic - (DOCTORATE if thesis else 0)
    share = met.certified if taught >= met.teaching else met.certified_before
    return uniform(key, person.id, 0, TAUGHT) < share


@compiled
def speaks_dutch(person: Background, met: Thresholds, key: np.uint64) -> bool:
    """Whether a person can teach in Dutch; figures on foreigners are of doctors and candidates."""
    if person.education != c.PHD and person.role != c.PHD_CANDIDATE:
        return True
    if person.practice + person.academic >= met.settled:
        return True
    return uniform(key, person.id, 0, SPEAKS) >= met.no_dutch


@compiled
def unmet(asks: int, person: Background, met: Thresholds, key: np.uint64) -> int:
    """Conditions that a person does not meet, as bits; 0 for who is considered.

    Args:
        asks: What the vacancy asks.
        person: Who applies.
        met: What meets a condition.
        key: Key of the stream `requirement`.
    """
    missing = 0
    if asks & PRACTICE and person.practice < met.practice:
        missing |= PRACTICE
    if asks & CERTIFICATE and not is_certified(person, met, key):
        missing |= CERTIFICATE
    recorded = person.education == c.PHD or person.academic >= met.research
    if asks & TEACHING_COUNTS and not recorded:
        recorded = is_certified(person, met, key)
    if asks & RESEARCH and not recorded:
        missing |= RESEARCH
    if asks & DUTCH and not speaks_dutch(person, met, key):
        missing |= DUTCH
    return missing
