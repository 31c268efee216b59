"""Record what may be quoted of each shipped calibration, for the page.

    uv run python -m benchmarks.recorded_uses

It looks at the tables that were held out, and logs that as `hesim validate` does. It writes
`src/hesim/app/recorded_uses.json`. Make it anew after each calibration.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from hesim.app.recorded_uses import FILE
from hesim.calibration.ensemble import available
from hesim.calibration.looks import log_look
from hesim.calibration.validation import validation
from hesim.tables import ReportTables, read

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Validate all shipped calibrations and write the file."""
    log_look("3.1 and 1.1", "benchmarks.recorded_uses", "what may be quoted, for the page")
    (ROOT / "src" / "hesim" / "app" / FILE).write_text(to_text(read(None)), encoding="utf-8")
    return 0


def to_text(tables: ReportTables) -> str:
    """The file's text."""
    return json.dumps({name: _body(name, tables) for name in available()}, indent=1) + "\n"


def _body(name: str, tables: ReportTables) -> dict[str, Any]:
    body = validation(name, tables)
    rows = [{key: row[key] for key in ("use", "quote", "reason")} for row in body["verdicts"]]
    return {"date": body["made"]["date"], "uses": rows}


if __name__ == "__main__":
    sys.exit(main())
