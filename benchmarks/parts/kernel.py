"""Compare the search-and-choice kernel with the same loop in C (`benchmarks/kernel/search.c`).

One model at full scale settles and comes to the search of its next month; then both do that search
again and again, in turn and in one process. Before anything is timed both must write the same
applications: the same seekers and vacancies in the same order, utilities to 1e-9. The C is compiled
into a temporary folder by `cc` or `gcc`; without either the part is skipped.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks import worlds
from benchmarks.clock import Spent, interleave, milliseconds, ratio, spend
from benchmarks.kernel import binding
from benchmarks.part import Bar, Measured, Options, Part

if TYPE_CHECKING:
    from hesim.model.higher_education import HigherEducation
    from hesim.model.search import Applications

BARS = (Bar("times", "search and choice over the same in C", 1.6, 1.2),)
ROUNDS = 20
"""Rounds for each round asked for: one takes hundredths of a second."""
CLOSE = 1e-9
"""How far utilities may be apart: C may round a multiplication and an addition at once."""


def measure(options: Options) -> Measured:
    """Check that both write the same, then alternate them."""
    if binding.compiler() is None:
        return Measured(skipped=binding.NO_COMPILER)
    model = worlds.world(options.pick(1.0, 0.02), options.whole(worlds.SETTLE, 2))
    with tempfile.TemporaryDirectory() as folder:
        kernel, in_c = both(model, Path(folder))
        written = agree(kernel, in_c)
        works: dict[str, Callable[[], Spent]] = {
            "numba": partial(spend, kernel),
            "c": partial(spend, in_c),
        }
        interleave(works, 3)
        spent = interleave(works, options.whole(ROUNDS, 1) * options.rounds)
    facts: dict[str, str | float] = {
        "a month, numba": milliseconds(spent["numba"]),
        "a month, C": milliseconds(spent["c"]),
        "seekers": int(model.market.seekers.size),
        "open vacancies": int(model.market.board.place.size),
        "applications": written,
    }
    return Measured({"times": ratio(spent["numba"], spent["c"])}, facts)


class Kernel:
    """One call of the model's own kernel, to be repeated.

    Attributes:
        arguments: Its arguments but the last.
        out: The last: applications that it writes.
    """

    def __init__(self, arguments: tuple[Any, ...], out: Applications) -> None:
        """Take the arguments."""
        self.arguments, self.out = arguments, out

    def __call__(self) -> int:
        """Write the applications; return their number."""
        from hesim.model.search import search_and_choose

        kernel: Any = search_and_choose
        return int(kernel(*self.arguments, self.out))


def both(model: HigherEducation, folder: Path) -> tuple[Kernel, binding.Call]:
    """Make both calls of the search of a model's next month, and bring the model there.

    Args:
        model: At the end of a month; it is left in the middle of the next.
        folder: Where the C is compiled to.
    """
    from hesim.model.order import ORDER
    from hesim.model.search import SeekerRates

    # Up to the search itself, so that persons are as they were when it looked at them.
    for event in ORDER[: [event.name for event in ORDER].index("search") + 1]:
        model.carry_out(event.name)
    state, rates = model.state, model.rates
    arguments = (
        state.persons.columns,
        state.market.board,
        state.market.seekers,
        state.places,
        state.month,
        SeekerRates(rates.search, rates.channels, state.choice),
        model.effects.frictions,
        model.streams,
    )
    kernel = Kernel(arguments, _room(model))
    return kernel, binding.Call(binding.build(folder), arguments, _room(model))


def _room(model: HigherEducation) -> Applications:
    from hesim.model.search import Applications

    room = model.market.seekers.size * int(np.ceil(model.rates.search.applications)) + 1
    return Applications(
        np.full(room, -1, np.int64),
        np.full(room, -1, np.int64),
        np.full(room, np.nan),
        np.zeros(room, np.uint8),
    )


def agree(kernel: Kernel, in_c: binding.Call) -> int:
    """Run both; return how many applications both wrote.

    Raises:
        RuntimeError: when they differ.
    """
    one, other = kernel(), in_c()
    if one != other:
        raise RuntimeError(f"numba wrote {one} applications and C {other}")
    for name in ("seeker", "vacancy", "posts"):
        if not np.array_equal(getattr(kernel.out, name)[:one], getattr(in_c.out, name)[:one]):
            raise RuntimeError(f"numba and C wrote different applications: {name}")
    apart = np.abs(kernel.out.utility[:one] - in_c.out.utility[:one])
    if one and not apart.max() <= CLOSE:
        raise RuntimeError(f"utilities of numba and C are up to {apart.max()} apart")
    return one


PART = Part("kernel", "search and choice against the same loop in C", BARS, measure)
