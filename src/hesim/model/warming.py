"""Compile the kernels, or load them from disk, by two months of a tiny population."""

from __future__ import annotations

from hesim.shelf import shelf


def announcement() -> str:
    """What `compile_kernels` is about to do, in words."""
    if shelf().whole():
        return "Loading the compiled model ..."
    if shelf().prepare():
        return "Compiling the model (about 30 seconds, once for this code and machine) ..."
    return "Compiling the model in memory (about 30 seconds) ..."


def compile_kernels() -> None:
    """Compile what a month needs, or load it, and keep it on disk, so that workers only load it."""
    from hesim.config import compose
    from hesim.model.higher_education import HigherEducation
    from hesim.tables import read

    model = HigherEducation(
        compose(["population.scale=0.003", "burn_in=0", "force=true"]), read(), 0
    )
    for _ in range(2):
        model.step()
    shelf().close_whole()
