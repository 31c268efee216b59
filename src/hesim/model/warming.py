"""Compile the kernels, or load them from the cache, by two months of a tiny population."""

from __future__ import annotations


def compile_kernels() -> None:
    """Bring every compiled function into the cache on disk, so that workers only load them."""
    from hesim.config import compose
    from hesim.model.higher_education import HigherEducation
    from hesim.tables import read

    model = HigherEducation(compose(["population.scale=0.003", "burn_in=0"]), read(), 0)
    for _ in range(2):
        model.step()
