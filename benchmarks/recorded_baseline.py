"""Record the baseline that the page opens with: packaged settings, full scale, ten years.

    uv run python -m benchmarks.recorded_baseline                     # 16 replications
    uv run python -m benchmarks.recorded_baseline --replications 2    # provisional

It takes about ten seconds for each replication, and writes
`src/hesim/app/recorded_baseline.json`. Make it anew after each calibration, and whenever the test
`tests/app/test_recorded_baseline.py` says so.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from hesim.app import recorded_baseline as recorded
from hesim.app.measures import origin_destination
from hesim.app.outcome_store import OutcomesOfArm
from hesim.app.selection import Selection
from hesim.app.worker import World, play
from hesim.config import Settings
from hesim.levers.arms import BASELINE
from hesim.outcomes.registry import at_full_scale, headline
from hesim.outcomes.summary import summarise
from hesim.record.places import read_places
from hesim.scenario import compose
from hesim.sources import digest, model_hash
from hesim.survey.movers import sort_movers
from hesim.tables import ReportTables, read

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "src" / "hesim" / "app" / recorded.FILE
RESULTS = ROOT / "tests" / "baseline.json"
"""Results that a test holds to the byte: they change when the model does."""


def main(argv: Sequence[str] | None = None) -> int:
    """Simulate the baseline and write the file."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.recorded_baseline")
    parser.add_argument("--replications", type=int, default=16)
    parser.add_argument("--output", type=Path, default=FILE)
    asked = parser.parse_args(argv)
    if asked.replications < 2:
        parser.error("--replications must be at least 2: one run has no interval")
    made = record_baseline((), asked.replications)
    asked.output.write_text(recorded.to_text(made), encoding="utf-8")
    print(
        f"{asked.output}: {asked.replications} replications, {asked.output.stat().st_size:,} bytes"
    )
    return 0


def record_baseline(overrides: Sequence[str], replications: int) -> recorded.RecordedBaseline:
    """Simulate replications of the baseline.

    Args:
        overrides: Settings that differ from the packaged ones.
        replications: How many.
    """
    settings, tables = compose(overrides), read(None)
    places, years = read_places(tables), settings.integer("years")
    scale = settings.number("population.scale")
    arms, flows = [], []
    for number in range(replications):
        book = play(World(tuple(overrides), None, json.dumps({}), (), number))
        moves = origin_destination(book.record(), places, Selection(), 0, 12 * years)
        book.model.finish()
        outcomes = headline(book.model, sort_movers(book.model), years)
        arms.append(OutcomesOfArm(BASELINE, at_full_scale(outcomes, scale)))
        book.model.let_go()
        flows.append(moves / years / scale)
        print(f"replication {number + 1} of {replications}", file=sys.stderr, flush=True)
    state = "uncalibrated" if settings.text("calibration") == "none" else "calibrated"
    rows = summarise(arms, int(settings.text("start")[:4]), 1.0, calibrated=state)
    facts = {
        "made": datetime.now(UTC).strftime("%Y-%m-%d"),
        "seed": settings.integer("seed"),
        "start": settings.text("start"),
        "years": years,
        "scale": scale,
        "replications": replications,
        "calibration": settings.text("calibration"),
        **hashes(settings, tables),
    }
    return recorded.RecordedBaseline(facts, tuple(rows), np.array(flows))


def hashes(settings: Settings, tables: ReportTables) -> dict[str, str]:
    """What a baseline belongs to, as hashes by name."""
    return {
        "settings": recorded.settings_hash(settings),
        "tables": digest({name: one.encode() for name, one in tables.hashes.items()})[:16],
        "model": model_hash()[:16],
        "results": hashlib.sha256(RESULTS.read_bytes()).hexdigest()[:16],
    }


if __name__ == "__main__":
    sys.exit(main())
