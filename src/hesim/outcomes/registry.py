"""List the headline outcomes: one entry says everything that is said of an outcome anywhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from hesim.outcomes import costs, doctors, mobility, posts
from hesim.outcomes.evidence import Evidence, Floats

if TYPE_CHECKING:
    from hesim.model.higher_education import HigherEducation
    from hesim.survey.movers import Movers

Kind = Literal["count", "share", "duration"]
"""A count is divided by the scale of the population, so that it reads as at full scale; a share
and a duration read the same at any scale."""
Grade = Literal["input", "assumed", "emergent"]
"""Whether inputs set an outcome or nearly set it, an assumption does, or it emerges."""
Emulation = Literal["plain", "log"]
"""The scale on which the calibration emulates an outcome."""


@dataclass(frozen=True)
class Outcome:
    """One headline outcome.

    Attributes:
        name: Its name in tables, settings and on the command line.
        english: Title in English.
        dutch: Title in Dutch.
        unit: What one unit of it is.
        kind: Whether the scale of the population divides it.
        grade: What it rests on in the baseline.
        emulation: Scale on which the calibration emulates it.
        compute: Computes it by year, shape (years,), as simulated.
        denominator: What a share or a duration is taken over; empty for a count.
        of_levers: Whether levers alone bring it about, so that it is zero without them.
    """

    name: str
    english: str
    dutch: str
    unit: str
    kind: Kind
    grade: Grade
    emulation: Emulation
    compute: Callable[[Evidence], Floats]
    denominator: str = ""
    of_levers: bool = False

    def divisor(self, scale: float) -> float:
        """What a simulated value is divided by to read as at full scale."""
        return divisor_of(self.kind, scale)


def divisor_of(kind: Kind, scale: float) -> float:
    """What a simulated value of a kind is divided by to read as at full scale."""
    return scale if kind == "count" else 1.0


_ENTRIES = (
    Outcome(
        name="wo_to_hbo",
        english="From wo to hbo",
        dutch="Van wo naar hbo",
        unit="persons a year",
        kind="count",
        grade="emergent",
        emulation="log",
        compute=mobility.wo_to_hbo,
    ),
    Outcome(
        name="wo_to_hbo_direct",
        english="From wo to hbo, from job to job",
        dutch="Van wo naar hbo, van baan naar baan",
        unit="persons a year",
        kind="count",
        grade="emergent",
        emulation="plain",
        compute=mobility.wo_to_hbo_direct,
    ),
    Outcome(
        name="hbo_to_wo",
        english="From hbo to wo",
        dutch="Van hbo naar wo",
        unit="persons a year",
        kind="count",
        grade="emergent",
        emulation="log",
        compute=mobility.hbo_to_wo,
    ),
    Outcome(
        name="hbo_to_wo_direct",
        english="From hbo to wo, from job to job",
        dutch="Van hbo naar wo, van baan naar baan",
        unit="persons a year",
        kind="count",
        grade="emergent",
        emulation="plain",
        compute=mobility.hbo_to_wo_direct,
    ),
    Outcome(
        name="hbo_inflow_from_wo",
        english="Hbo's entrants who come from wo",
        dutch="Instroom hbo die van wo komt",
        unit="percent of hbo entrants",
        kind="share",
        denominator="all who join hbo",
        grade="emergent",
        emulation="plain",
        compute=mobility.hbo_inflow_from_wo,
    ),
    Outcome(
        name="wo_outflow_to_hbo",
        english="Wo's leavers who go to hbo",
        dutch="Uitstroom wo die naar hbo gaat",
        unit="percent of wo leavers",
        kind="share",
        denominator="all who leave wo",
        grade="emergent",
        emulation="plain",
        compute=mobility.wo_outflow_to_hbo,
    ),
    Outcome(
        name="turnover_wo",
        english="Turnover of wo",
        dutch="Verloop wo",
        unit="percent of staff a year",
        kind="share",
        denominator="mean staff of wo",
        grade="input",
        emulation="log",
        compute=mobility.turnover_wo,
    ),
    Outcome(
        name="turnover_hbo",
        english="Turnover of hbo",
        dutch="Verloop hbo",
        unit="percent of staff a year",
        kind="share",
        denominator="mean staff of hbo",
        grade="input",
        emulation="log",
        compute=mobility.turnover_hbo,
    ),
    Outcome(
        name="hbo_phd_share",
        english="PhDs among hbo's staff",
        dutch="Gepromoveerden bij het hbo",
        unit="percent of staff",
        kind="share",
        denominator="staff of hbo at the end of the year",
        grade="emergent",
        emulation="plain",
        compute=doctors.hbo_phd_share,
    ),
    Outcome(
        name="hbo_master_share",
        english="Masters and PhDs among hbo's staff",
        dutch="Masters en gepromoveerden bij het hbo",
        unit="percent of staff",
        kind="share",
        denominator="staff of hbo at the end of the year",
        grade="emergent",
        emulation="plain",
        compute=doctors.hbo_master_share,
    ),
    Outcome(
        name="phd_completions",
        english="PhDs completed",
        dutch="Promoties",
        unit="persons a year",
        kind="count",
        grade="input",
        emulation="plain",
        compute=doctors.phd_completions,
    ),
    Outcome(
        name="phds_in_hbo_within_5y",
        english="PhDs in hbo within five years of wo",
        dutch="Gepromoveerden binnen 5 jaar na wo in hbo",
        unit="persons a year",
        kind="count",
        grade="emergent",
        emulation="log",
        compute=doctors.phds_in_hbo_within_5y,
    ),
    Outcome(
        name="second_jobs",
        english="Second jobs started",
        dutch="Begonnen tweede banen",
        unit="starts a year",
        kind="count",
        grade="assumed",
        emulation="plain",
        compute=posts.second_jobs,
    ),
    Outcome(
        name="joint_appointments",
        english="Joint appointments started",
        dutch="Begonnen dubbele aanstellingen",
        unit="starts a year",
        kind="count",
        grade="assumed",
        emulation="plain",
        compute=posts.joint_appointments,
        of_levers=True,
    ),
    Outcome(
        name="secondments",
        english="Secondments started",
        dutch="Begonnen detacheringen",
        unit="starts a year",
        kind="count",
        grade="assumed",
        emulation="plain",
        compute=posts.secondments,
        of_levers=True,
    ),
    Outcome(
        name="swaps",
        english="Persons who swapped jobs",
        dutch="Personen die van baan ruilden",
        unit="persons a year",
        kind="count",
        grade="assumed",
        emulation="plain",
        compute=posts.swaps,
        of_levers=True,
    ),
    Outcome(
        name="lever_cost",
        english="Cost of the levers",
        dutch="Kosten van de maatregelen",
        unit="euros a year",
        kind="count",
        grade="assumed",
        emulation="plain",
        compute=costs.lever_cost,
        of_levers=True,
    ),
    Outcome(
        name="lever_cost_low",
        english="Cost of the levers, lower end",
        dutch="Kosten van de maatregelen, ondergrens",
        unit="euros a year",
        kind="count",
        grade="assumed",
        emulation="plain",
        compute=costs.lever_cost_low,
        of_levers=True,
    ),
    Outcome(
        name="lever_cost_high",
        english="Cost of the levers, upper end",
        dutch="Kosten van de maatregelen, bovengrens",
        unit="euros a year",
        kind="count",
        grade="assumed",
        emulation="plain",
        compute=costs.lever_cost_high,
        of_levers=True,
    ),
    Outcome(
        name="lever_days",
        english="Working days that the levers take",
        dutch="Werkdagen die de maatregelen kosten",
        unit="days a year",
        kind="count",
        grade="assumed",
        emulation="plain",
        compute=costs.lever_days,
        of_levers=True,
    ),
    Outcome(
        name="lever_transfers",
        english="Money that the levers move",
        dutch="Geld dat de maatregelen verplaatsen",
        unit="euros a year",
        kind="count",
        grade="assumed",
        emulation="plain",
        compute=costs.lever_transfers,
        of_levers=True,
    ),
    Outcome(
        name="wo_jobless_6m",
        english="Wo's leavers who found no job in the model within six months",
        dutch="Uitstroom wo die binnen zes maanden geen baan in het model vond",
        unit="percent of wo leavers",
        kind="share",
        denominator="who left wo at least half a year before the end",
        grade="emergent",
        emulation="log",
        compute=mobility.wo_jobless_6m,
    ),
    Outcome(
        name="vacancy_months",
        english="Time to fill a vacancy",
        dutch="Tijd tot een vacature vervuld is",
        unit="months",
        kind="duration",
        denominator="vacancies of hbo and wo that were filled",
        grade="emergent",
        emulation="plain",
        compute=posts.vacancy_months,
    ),
    Outcome(
        name="vacancies_unfilled",
        english="Vacancies withdrawn unfilled",
        dutch="Vacatures onvervuld ingetrokken",
        unit="percent of closed vacancies",
        kind="share",
        denominator="vacancies of hbo and wo filled or withdrawn",
        grade="emergent",
        emulation="plain",
        compute=posts.vacancies_unfilled,
    ),
)

OUTCOMES: dict[str, Outcome] = {outcome.name: outcome for outcome in _ENTRIES}
"""Every headline outcome by its name, in the order in which it is shown."""
UNITS: dict[str, str] = {outcome.name: outcome.unit for outcome in _ENTRIES}
"""Unit of each outcome."""


def headline(model: HigherEducation, movers: Movers, years: int) -> dict[str, Floats]:
    """Compute each outcome by year, shape (years,); counts are as simulated.

    Args:
        model: The model whose months are over.
        movers: Its spells, sorted by the survey's groups.
        years: Calendar years to report.
    """
    evidence = Evidence(model, movers, years)
    return {outcome.name: outcome.compute(evidence) for outcome in _ENTRIES}


def at_full_scale(values: dict[str, Floats], scale: float) -> dict[str, Floats]:
    """Divide the outcomes that are counts by the scale of the population.

    Args:
        values: Outcomes as simulated, by name.
        scale: `population.scale`.
    """
    return {name: column / OUTCOMES[name].divisor(scale) for name, column in values.items()}
