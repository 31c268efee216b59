"""Record what stands between wo and hbo for the page, from a finished study of barriers.

    uv run hesim barriers output=FOLDER                       # twenty minutes
    uv run python -m benchmarks.recorded_barriers FOLDER

It writes `src/hesim/app/recorded_barriers.json`. Make it anew after each calibration, and whenever
the test `tests/app/test_decomposition.py` says so.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from hesim.app import decomposition
from hesim.study.answers.barriers import barriers_of
from hesim.study.folder import Damage, NoStudy, Study

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "src" / "hesim" / "app" / decomposition.FILE


def main(argv: Sequence[str] | None = None) -> int:
    """Read the study and write the file."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.recorded_barriers")
    parser.add_argument("study", type=Path, help="folder of a finished study of barriers")
    parser.add_argument("--output", type=Path, default=FILE)
    asked = parser.parse_args(argv)
    try:
        study = Study(asked.study)
    except (NoStudy, Damage) as error:
        parser.error(str(error))
    if not barriers_of(study):
        parser.error(f"{asked.study} is no study of barriers")
    if not study.completeness.complete:
        parser.error(f"{asked.study} is not finished: {study.completeness.words}")
    text = decomposition.decomposition_text(decomposition.decomposition_of(study))
    asked.output.write_text(text, encoding="utf-8")
    print(f"{asked.output}: {study.completeness.whole:,} runs, {len(text.encode()):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
