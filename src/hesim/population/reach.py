"""Say how many people outside hbo and wo are in reach of them at the start.

With a closed market the pool's size is a setting. With an open one it follows from how many people
a year come to compete: Little's law, a stock is a flow times the time that each stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hesim.config import Settings


def is_open(settings: Settings) -> bool:
    """Whether people outside meet an open market, instead of one another."""
    return settings.text("model.outside.market") == "open"


def with_job(settings: Settings) -> float:
    """People with a job outside in reach of hbo and wo, at the scale of the population."""
    scale = settings.number("population.scale")
    if is_open(settings):
        flow = settings.number("model.outside.competitors.employed")
        return scale * flow / settings.number("model.outside.applicant_rate")
    people = settings.number("population.outside_pool") * scale
    return people * (1.0 - settings.number("population.jobless_share"))


def without_job(settings: Settings) -> float:
    """People without a job in reach of hbo and wo at the start, at the scale of the population.

    Open: those who come a year, over the monthly rate at which each is offered a job or gives up
    (derived). Who loses a job in hbo or wo comes on top within the burn-in.
    """
    scale = settings.number("population.scale")
    if is_open(settings):
        flows = settings.mapping("model.outside.competitors")
        come = sum(flows[kind] for kind in ("job_losers", "graduates", "arrivals")) / 12.0
        goes = settings.number("model.outside.offers.jobless")
        goes += settings.number("model.outside.no_work") / 12.0
        return scale * come / max(goes, 1.0 / 24.0)
    people = settings.number("population.outside_pool") * scale
    return people * settings.number("population.jobless_share")
