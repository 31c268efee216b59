"""Log every look at the held-out tables in docs/holdout-looks.csv."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

from hesim.record.manifest import commit
from hesim.sources import packaged

COLUMNS = ("date", "commit", "table", "by", "why")


def log_look(table: str, by: str, why: str, file: Path | None = None) -> Path | None:
    """Append one look.

    Args:
        table: Tables looked at.
        by: Command.
        why: Reason, in words.
        file: The log; that of the checkout if None.

    Returns:
        The log, or None where there is no checkout to keep one.
    """
    if file is None:
        root = packaged().parent
        file = root / "docs" / "holdout-looks.csv"
        if not (root / "pyproject.toml").is_file() or not file.is_file():
            return None
    row = (datetime.now(UTC).date().isoformat(), (commit() or "none")[:7], table, by, why)
    with file.open("a", encoding="utf-8", newline="") as log:
        csv.writer(log, lineterminator="\n").writerow(row)
    return file
