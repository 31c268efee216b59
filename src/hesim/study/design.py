"""Choose the worlds of a study: combinations of values of what is uncertain."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from hesim.study.uncertainty import Uncertainty

SIZES = {"list": 0, "grid": 3, "lhs": 64, "sobol": 64, "morris": 8}
"""What `study.n` is when nobody says: levels of a grid, worlds, base samples, trajectories."""

World = dict[str, Any]


def worlds(design: str, uncertainties: Sequence[Uncertainty], n: int, seed: int) -> list[World]:
    """Values by path for each world; the central world is empty.

    Args:
        design: `list` (central, then each uncertainty at its ends, the others as usual), `grid`
            (all combinations of levels), `lhs`, `sobol` or `morris`.
        uncertainties: What varies.
        n: Size of the sample, see `SIZES`.
        seed: Where the sample's randomness comes from.
    """
    if not uncertainties:
        return [{}]
    if design == "list":
        ends = ((one.path, value) for one in uncertainties for value in one.ends())
        return [{}, *({path: value} for path, value in ends)]
    if design == "grid":
        levels = [[(one.path, value) for value in one.levels(n)] for one in uncertainties]
        return [dict(chosen) for chosen in itertools.product(*levels)]
    return [
        {one.path: one.at(float(share)) for one, share in zip(uncertainties, row, strict=True)}
        for row in _sample(design, len(uncertainties), n, seed)
    ]


def problem_of(count: int) -> dict[str, Any]:
    """How SALib wants to be told about so many uncertainties, each a share from 0 to 1."""
    names = [f"x{k}" for k in range(count)]
    return {"num_vars": count, "names": names, "bounds": [[0.0, 1.0]] * count}


def _sample(design: str, count: int, n: int, seed: int) -> Any:
    problem = problem_of(count)
    if design == "lhs":
        from scipy.stats import qmc

        return qmc.LatinHypercube(d=count, rng=seed).random(n)
    if design == "sobol":
        from SALib.sample import sobol

        return sobol.sample(problem, n, calc_second_order=False, seed=seed)
    from SALib.sample import morris

    return morris.sample(problem, n, num_levels=4, seed=seed)
