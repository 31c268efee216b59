"""Say where leavers and PhD candidates go, beside what is published of that (`check=true`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hesim import categories as c
from hesim.outcomes.bars import ABROAD, ACADEMIC_POST, JOB_AT_DEFENCE, NEW_JOB, Bar
from hesim.survey.movers import RETIRED_OR_DISABLED

if TYPE_CHECKING:
    import pandas as pd

    from hesim.config import Settings
    from hesim.record.run_folder import Run

NOT_ASKED = c.EXIT_REASONS[:RETIRED_OR_DISABLED]
CANDIDATE = c.ROLES[c.PHD_CANDIDATE]
EARLY = (CANDIDATE, c.ROLES[c.POSTDOC])
"""Roles from which people go abroad within ten years of their PhD (assumed)."""
ENDS = ("move", "step", "separation", "departure")


def destinations(run: Run, settings: Settings) -> Iterator[tuple[Bar, float]]:
    """Yield each line: what it has to be, and what it is, in percent.

    Args:
        run: The run.
        settings: Its settings.
    """
    for sector, bar in NEW_JOB.items():
        share = new_job_known(run.movers, settings, sector)
        if share is not None:
            yield bar, share
    yield from _of_candidates(run.flows)
    defences = run.manifest.get("defences", {})
    if defences.get("persons"):
        yield JOB_AT_DEFENCE, 100.0 * defences["in_work"] / defences["persons"]


def new_job_known(movers: pd.DataFrame, settings: Settings, sector: str) -> float | None:
    """Percent of a sector's leavers, neither retired nor disabled, whose new sector is known.

    Leavers of the last year are left out: they are interviewed after the end of the run.

    Args:
        movers: Those of a run.
        settings: Its settings: when leavers are interviewed, and how many do not tell.
        sector: `hbo` or `wo`.
    """
    first, years = int(settings.text("start")[:4]), settings.integer("years")
    month = movers["month"].astype(str)
    year = month.str[:4].astype(int) - first
    mine = movers["surveyed"] & (movers["group"] == f"{sector}_out") & (year < max(years - 1, 1))
    mine &= ~movers["reason"].isin(NOT_ASKED)
    if not mine.any():
        return None
    known = movers["destination_sector"][mine] != c.SECTORS[c.NO_JOB]
    interview = settings["survey.interview"]
    if isinstance(interview, int):
        joined = month[mine].str[5:].astype(int) - 1 + movers["months_between"][mine]
        known &= joined <= 12 + interview
    told = 1.0 - settings.number(f"model.outside.not_told.{sector}")
    return 100.0 * told * float(known.mean())


def _of_candidates(flows: pd.DataFrame) -> Iterator[tuple[Bar, float]]:
    """What becomes of those whose time as a PhD candidate ends."""

    def persons(rows: pd.Series) -> float:
        return float(flows["persons"][rows].sum())

    ends = (flows["origin_role"] == CANDIDATE) & flows["kind"].isin(ENDS)
    whole = persons(ends)
    if not whole:
        return
    on = ends & (flows["destination_sector"] == "wo") & (flows["destination_role"] != CANDIDATE)
    yield ACADEMIC_POST, 100.0 * persons(on) / whole
    abroad = (flows["kind"] == "departure") & (flows["destination_role"] == "professional")
    if not abroad.any():
        # A closed market knows nothing of abroad.
        return
    jobless = (flows["origin_sector"] == c.SECTORS[c.NO_JOB]) & (flows["previous_sector"] == "wo")
    yield ABROAD, 100.0 * persons(abroad & (flows["origin_role"].isin(EARLY) | jobless)) / whole
