"""Let ties to the other sector grow and fade: contacts there, and awareness of it.

Contacts come from partnerships of the employer and raise what is seen of the other sector's
vacancies (channels `acquaintances` and `asked_by_employer`). Awareness is what somebody knows of
the other sector beyond the lasting `knowledge`: contacts teach it, having worked there gives all of
it, and it fades. Where familiarity follows from biographies, what lasts is the `past`, contacts
count as they are, and awareness is only what levers tell. Theory: weak ties and referral networks.
Label: assumed.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from hesim.compilation import compiled
from hesim.population.biography import WORKED
from hesim.population.persons import Columns


class TieRates(NamedTuple):
    """How ties grow and fade; see `conf/model/search.yaml`.

    Attributes:
        contacts_gain: Contacts that a partnership brings a member of staff in a month.
        contacts_decay: Share of contacts that is lost in a month.
        awareness_gain: Share of what is not known that a contact teaches in a month.
        awareness_decay: Share of awareness that is lost in a month.
    """

    contacts_gain: float
    contacts_decay: float
    awareness_gain: float
    awareness_decay: float


@compiled(inline="always")
def change_ties(p: Columns, i: int, partnerships: float, rates: TieRates) -> None:
    """Carry a person's ties over a month, at an employer with so many partnerships."""
    contacts = p.contacts[i] + rates.contacts_gain * partnerships
    awareness = p.awareness[i]
    taught = min(rates.awareness_gain * contacts, 1.0) * (1.0 - awareness)
    p.awareness[i] = awareness * (1.0 - rates.awareness_decay) + taught
    p.contacts[i] = contacts * (1.0 - rates.contacts_decay)


@compiled(inline="always")
def note_work(p: Columns, i: int, kind: int, aware: bool) -> None:
    """Let a person have worked in hbo or wo; `aware`: whether the other sector is known by that."""
    p.past[i] |= np.uint8(WORKED << kind)
    if aware:
        p.awareness[i] = 1.0


@compiled(inline="always")
def chance_to_consider(knowledge: float, awareness: float) -> float:
    """Chance that a person of hbo or wo thinks of the other sector when searching."""
    return knowledge + (1.0 - knowledge) * awareness
