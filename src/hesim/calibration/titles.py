"""Call fitted parameters by words that people read, wherever one of them is named."""

from __future__ import annotations

from functools import cache

from hesim.calibration.plan import read_calibration_plan

PARAMETERS = {
    "tilt_work": "push of hbo against wo: the work",
    "tilt_people": "push of hbo against wo: people",
    "tilt_conditions": "push of hbo against wo: conditions",
    "tilt_preconditions": "push of hbo against wo: preconditions",
    "tilt_organisation": "push of hbo against wo: organisation",
    "offer_work": "offer of hbo's jobs: the work",
    "offer_conditions": "offer of hbo's jobs: conditions",
    "offer_preconditions": "offer of hbo's jobs: preconditions",
    "pull_scale": "how gains show in answers",
    "push_scale": "how push shows in answers",
    "push_base": "start of a search, chance a year",
    "practice": "weight of practice in hbo's hiring",
    "choice_scale": "weight of what jobs offer",
    "sector_cost": "cost of a step between hbo and wo",
    "contract_cost": "cost of giving up a permanent post",
    "familiarity": "how familiar hbo and wo are",
    "offers_jobless": "offers from outside without a job",
    "abroad": "share of doctors' offers that lie abroad",
    "not_told_wo": "new jobs that wo's leavers do not tell",
    "competitors": "competitors from outside",
}
"""Fitted parameters in words."""


STRUCTURES = {
    "standing": "standing permanent posts in wo",
    "growing": "growing permanent posts in wo",
}
"""Structures of the package in words."""


def structure_title(name: str) -> str:
    """A structure in words, with the calibration that was asked for it, if one was.

    Args:
        name: As settings and tables have it, `growing` or `growing:blind`.
    """
    plain, _, calibration = name.partition(":")
    title = STRUCTURES.get(plain, plain.replace("_", " "))
    return f"{title} ({calibration})" if calibration else title


def parameter_name(parameter: str) -> str:
    """A fitted parameter in words."""
    return PARAMETERS.get(parameter, parameter.replace("_", " "))


def path_title(path: str) -> str:
    """A setting in words: those of the fitted parameter that moves it, else its path's last parts.

    Args:
        path: Of the setting, as `model.choice.sector_cost`.
    """
    name = _parameter_of().get(path)
    return parameter_name(name) if name else " ".join(path.split(".")[-2:]).replace("_", " ")


@cache
def _parameter_of() -> dict[str, str]:
    """Name of the parameter that moves a setting, by the path of the setting."""
    fitted = read_calibration_plan([]).parameters.all
    return {path: each.name for each in fitted for path in each.paths()}
