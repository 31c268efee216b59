"""Compare permanent staff by role and year with what is declared (`check=true`).

A run counts contracts by role each December, in margins.parquet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hesim import categories as c
from hesim.model.rates.careers import slot_rates

if TYPE_CHECKING:
    import pandas as pd

    from hesim.config import Settings
    from hesim.record.run_folder import Run
    from hesim.tables import ReportTables

CONTRACT, PERMANENT = "contract", c.CONTRACTS[c.PERMANENT]
SETTLED = 1
"""Years before the first that is compared: the report asked after the moves of 2011."""


def permanent_shares(run: Run) -> pd.DataFrame:
    """Permanent staff in percent of a role's staff: a row for each role, a column for each year.

    Counted each December, all replications together.
    """
    counted = run.margins
    counted = counted[counted["what"] == CONTRACT]
    year = counted["month"].astype(str).str[:4].astype(int)
    role = counted["role"].astype(str)
    whole = counted.groupby([role, year])["persons"].sum()
    mine = counted["band"] == PERMANENT
    part = counted[mine].groupby([role[mine], year[mine]])["persons"].sum()
    return (100.0 * part.reindex(whole.index, fill_value=0) / whole).unstack()


def worst_gaps(run: Run, settings: Settings, tables: ReportTables) -> dict[str, float]:
    """Largest gap between permanent and declared share over the years, in points, by role."""
    rates, shares = slot_rates(settings, tables), permanent_shares(run)
    found = {}
    for role, of_year in shares.iterrows():
        code = c.ROLES.index(str(role))
        sector = c.HBO if code in c.HBO_ROLES else c.WO
        gaps = [
            float(share) - 100.0 * float(rates.permanent_in(12 * (at + 1))[sector, code])
            for at, share in enumerate(of_year)
            if at >= SETTLED
        ]
        if gaps:
            found[str(role)] = max(gaps, key=abs)
    return found
