"""Log every look at the held-out tables: in a checkout in docs/, else in the user's own folder."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

from hesim.record.manifest import commit
from hesim.sources import packaged

COLUMNS = ("date", "commit", "table", "by", "why")


FILE = "holdout-looks.csv"


def log_of_looks() -> Path:
    """The log that looks go to: that of a checkout of hesim itself, else one of the user's own."""
    root = packaged().parent
    if (root / "pyproject.toml").is_file():
        return root / "docs" / FILE
    # Imported late: in a checkout nobody asks for it.
    from platformdirs import user_data_path

    return user_data_path("hesim", appauthor=False) / FILE


def log_look(table: str, by: str, why: str, file: Path | None = None) -> Path:
    """Append one look.

    Args:
        table: Tables looked at.
        by: Command.
        why: Reason, in words.
        file: The log; `log_of_looks` if None.

    Returns:
        The log.

    Raises:
        OSError: it cannot be written.
    """
    log = log_of_looks() if file is None else file
    log.parent.mkdir(parents=True, exist_ok=True)
    row = (datetime.now(UTC).date().isoformat(), (commit() or "none")[:7], table, by, why)
    with log.open("a", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        if opened.tell() == 0:
            writer.writerow(COLUMNS)
        writer.writerow(row)
    return log
