"""Say where leavers and PhD candidates go, beside what is published of that (`check=true`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hesim import categories as c
from hesim.outcomes.bars import ABROAD, ACADEMIC_POST, DOCTORS, JOB_AT_DEFENCE, NEW_JOB, Bar
from hesim.outcomes.candidates import CandidateFates, fate_shares
from hesim.survey.movers import RETIRED_OR_DISABLED

if TYPE_CHECKING:
    import pandas as pd

    from hesim.config import Settings
    from hesim.record.run_folder import Run

NOT_ASKED = c.EXIT_REASONS[:RETIRED_OR_DISABLED]
OF_CANDIDATES = {
    "candidates_academic": ACADEMIC_POST,
    "candidates_abroad": ABROAD,
    "job_at_defence": JOB_AT_DEFENCE,
    "hbo_lecturers_phd": DOCTORS,
}


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
    found = fate_shares(CandidateFates(**run.manifest.get("doctors", {})))
    for name, bar in OF_CANDIDATES.items():
        if name in found:
            yield bar, found[name]


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
    joined = month[mine].str[5:].astype(int) - 1 + movers["months_between"][mine]
    known &= joined <= 12 + settings.integer("survey.interview")
    told = 1.0 - settings.number(f"model.outside.not_told.{sector}")
    return 100.0 * told * float(known.mean())
