"""Read, check and print the report's tables."""

from __future__ import annotations

from hesim.tables.loading import ReportTables, read
from hesim.tables.printing import table_titles
from hesim.tables.schema import TABLES, Cell, DataError, InstitutionRow, Partnership, PublicFact

__all__ = [
    "TABLES",
    "Cell",
    "DataError",
    "InstitutionRow",
    "Partnership",
    "PublicFact",
    "ReportTables",
    "read",
    "table_titles",
]
