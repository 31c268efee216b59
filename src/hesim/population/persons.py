"""Hold the persons as typed columns with stable identities.

A row (slot) belongs to one person until that person leaves the population; the slot is then free
for a later entrant. The identity `id` never changes and is never used twice.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c

NEVER = 32000
"""A month that never comes (no contract end, no defence)."""

COLUMNS: tuple[tuple[str, type, int], ...] = (
    ("id", np.uint64, 0),
    ("present", np.uint8, 0),
    ("born", np.int16, 0),
    ("sex", np.uint8, 0),
    ("education", np.uint8, 0),
    ("field", np.uint8, 0),
    ("home", np.int16, 0),
    ("practice", np.int16, 0),
    ("academic", np.int16, 0),
    ("role", np.uint8, c.JOB_SEEKER),
    ("employer", np.int16, -1),
    ("place", np.int16, -1),
    ("contract", np.uint8, c.NO_CONTRACT),
    ("ends", np.int16, NEVER),
    ("hours", np.uint8, 0),
    ("since", np.int16, 0),
    ("employer2", np.int16, -1),
    ("hours2", np.uint8, 0),
    ("ends2", np.int16, NEVER),
    ("defence", np.int16, NEVER),
    ("dropout", np.int16, NEVER),
    ("prior", np.uint8, 1),
    ("last", np.uint8, c.NO_KIND),
    ("exposure", np.uint64, 0),
    ("search", np.uint8, 0),
    ("search_since", np.int16, 0),
    ("awareness", np.float32, 0),
    ("past", np.uint8, 0),
    ("contacts", np.float32, 0),
    ("pending", np.int32, -1),
    ("outlook", np.float32, 0),
    ("side", np.float32, 0),
    ("crossed", np.int16, -NEVER),
    ("marks", np.uint8, 0),
)
"""Name, dtype and value of an empty slot: months count from the first month of the run.

`last` is the kind of the employer of the job that a jobless person lost (0 hbo, 1 wo, 2 outside).
`past` says where somebody studied and worked, as bits of `hesim.population.biography`.
Policy alone changes three of them: `outlook` is what it adds to the utility of the other sector's
jobs, `side` what a joint appointment adds to that of the present job, `marks` are the bits of
`hesim.model.policy`. `crossed` is the month of the last step between hbo and wo.
"""


class Columns(NamedTuple):
    """The columns as one bundle that compiled code takes (see `COLUMNS`)."""

    id: NDArray[np.uint64]
    present: NDArray[np.uint8]
    born: NDArray[np.int16]
    sex: NDArray[np.uint8]
    education: NDArray[np.uint8]
    field: NDArray[np.uint8]
    home: NDArray[np.int16]
    practice: NDArray[np.int16]
    academic: NDArray[np.int16]
    role: NDArray[np.uint8]
    employer: NDArray[np.int16]
    place: NDArray[np.int16]
    contract: NDArray[np.uint8]
    ends: NDArray[np.int16]
    hours: NDArray[np.uint8]
    since: NDArray[np.int16]
    employer2: NDArray[np.int16]
    hours2: NDArray[np.uint8]
    ends2: NDArray[np.int16]
    defence: NDArray[np.int16]
    dropout: NDArray[np.int16]
    prior: NDArray[np.uint8]
    last: NDArray[np.uint8]
    exposure: NDArray[np.uint64]
    search: NDArray[np.uint8]
    search_since: NDArray[np.int16]
    awareness: NDArray[np.float32]
    past: NDArray[np.uint8]
    contacts: NDArray[np.float32]
    pending: NDArray[np.int32]
    outlook: NDArray[np.float32]
    side: NDArray[np.float32]
    crossed: NDArray[np.int16]
    marks: NDArray[np.uint8]


class Persons:
    """The persons; each column is also an attribute, e.g. `persons.role`.

    Attributes:
        size: Rows, in use or free.
        columns: The columns; they grow in place.
    """

    def __init__(self, size: int) -> None:
        """Make `size` empty slots."""
        self.size = size
        self.columns = Columns(*(np.full(size, empty, dtype) for _, dtype, empty in COLUMNS))

    def __getattr__(self, name: str) -> NDArray[Any]:
        """Give a column by name."""
        if name in Columns._fields:
            column: NDArray[Any] = getattr(self.columns, name)
            return column
        raise AttributeError(name)

    def ensure_free(self, needed: int) -> NDArray[np.int64]:
        """Return `needed` free slots in ascending order, growing the columns when short."""
        free = np.flatnonzero(self.present == 0)
        if free.size < needed:
            extra = max(needed - free.size, self.size // 64 + 64)
            for name, _, empty in COLUMNS:
                column = getattr(self.columns, name)
                # In place, so that old and new columns never stand side by side in memory.
                column.resize(self.size + extra, refcheck=False)
                column[self.size :] = np.asarray(empty).astype(column.dtype)
            free = np.concatenate([free, np.arange(self.size, self.size + extra)])
            self.size += extra
        return free[:needed]

    def clear(self, slots: NDArray[np.int64]) -> None:
        """Free the slots of persons who left the population."""
        for name, dtype, empty in COLUMNS:
            getattr(self, name)[slots] = np.asarray(empty).astype(dtype)
