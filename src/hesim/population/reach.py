"""Say how many people outside hbo and wo are in reach of them at the start.

It follows from how many people a year come to compete: Little's law, a stock is a flow times the
time that each stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hesim.config import Settings


def with_job(settings: Settings) -> float:
    """People with a job outside in reach of hbo and wo, at the scale of the population."""
    scale = settings.number("population.scale")
    flow = settings.number("model.outside.competitors.employed")
    return scale * flow / settings.number("model.outside.applicant_rate")


def without_job(settings: Settings) -> float:
    """People without a job in reach of hbo and wo at the start, at the scale of the population.

    Those who come a year, over the monthly rate at which each is offered a job or gives up
    (derived). Who loses a job in hbo or wo comes on top within the burn-in.
    """
    scale = settings.number("population.scale")
    flows = settings.mapping("model.outside.competitors")
    come = sum(flows[kind] for kind in ("job_losers", "graduates", "arrivals")) / 12.0
    goes = settings.number("model.outside.offers.jobless")
    goes += settings.number("model.outside.no_work") / 12.0
    return scale * come / max(goes, 1.0 / 24.0)
