"""Hold columns of names as codes, few bytes each, as workers hand them over."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.generic]


@dataclass(frozen=True)
class Coded:
    """A column of names: `names[codes]`."""

    codes: NDArray[np.signedinteger]
    names: tuple[str, ...]


Columns = dict[str, Array | Coded]


def coded(codes: Array, names: tuple[str, ...]) -> Coded:
    """Name a column of codes."""
    return Coded(np.asarray(codes, np.int8 if len(names) < 128 else np.int16), names)
