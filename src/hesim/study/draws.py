"""Take draws of a calibration's posterior for a study."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hesim.config import Problem
from hesim.config.trees import leaves
from hesim.scenario import compose
from hesim.study.design import World

if TYPE_CHECKING:
    from hesim.config import Settings


def draws_of(settings: Settings) -> tuple[list[World | None], list[Problem]]:
    """The draws of the calibrated ensemble; [None] stands for the calibrated point."""
    count, name = settings.integer("study.draws"), settings.text("calibration")
    if count == 0:
        return [None], []
    from hesim.calibration import ensemble

    if not ensemble.is_there(name):
        shipped = ", ".join(ensemble.available()) or "none"
        words = f"needs a calibration with draws, as calibration=NAME; there are: {shipped}"
        return [None], [Problem("study.draws", count, words)]
    found = ensemble.draws(name)
    if count > len(found):
        words = f"the calibration {name} has {len(found)} draws"
        return [None], [Problem("study.draws", count, words)]
    structure = settings.text("structure")
    point = dict(leaves(compose([f"structure={structure}", f"calibration={name}"]).resolved()))
    problems = [
        Problem(path, settings[path], "is set by each draw; leave it out, or study.draws=0")
        for path in found[0]
        if settings[path] != point[path]
    ]
    return [dict(one) for one in found[:count]], problems
