"""Let ties to the other sector grow and fade: contacts there, and awareness of it.

Contacts come from partnerships of the employer and raise what is seen of the other sector's
vacancies (channels `acquaintances` and `asked_by_employer`). Where somebody has worked is noted for
good in the `past`. Awareness is what levers tell of the other sector, and fades. Theory: weak ties
and referral networks. Label: assumed.
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
        awareness_decay: Share of awareness that is lost in a month.
    """

    contacts_gain: float
    contacts_decay: float
    awareness_decay: float


@compiled(inline="always")
def change_ties(p: Columns, i: int, partnerships: float, rates: TieRates) -> None:
    """Carry a person's ties over a month, at an employer with so many partnerships."""
    contacts = p.contacts[i] + rates.contacts_gain * partnerships
    p.awareness[i] *= 1.0 - rates.awareness_decay
    p.contacts[i] = contacts * (1.0 - rates.contacts_decay)


@compiled(inline="always")
def note_work(p: Columns, i: int, kind: int) -> None:
    """Let a person have worked in hbo or wo."""
    p.past[i] |= np.uint8(WORKED << kind)
