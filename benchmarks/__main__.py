"""The command `python -m benchmarks`: choose parts, measure them, show bars and verdicts."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import machine, parts, report
from benchmarks.part import Measured, Options, Part


def main(argv: Sequence[str] | None = None) -> int:
    """Run the parts asked for; 0 when no bar is missed and no figure invalid, else 1."""
    # Parts are imported after this, and NumPy with them: one thread each, so that CPU time is the
    # time of one core.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    asked = _arguments(argv)
    if asked.list:
        for name in parts.REGISTRY:
            part = parts.load(name)
            print(f"{name:12} {part.about}")
            for bar in part.bars:
                print(f"{'':14} {bar.about}: {bar.words()}")
        return 0
    rounds = asked.rounds if asked.rounds is not None else (2 if asked.quick else 5)
    options = Options(rounds, asked.quick, asked.reference_months)
    if options.quick:
        print(report.NOT_A_MEASUREMENT)
    elif rounds < 5:
        print("Fewer than five rounds: too few to be quoted.")
    bodies = []
    for name in asked.parts or parts.REGISTRY:
        bodies.append(_measure(parts.load(name), options))
        print(report.text_of(bodies[-1]), flush=True)
    everything = report.whole(bodies, options, machine.facts(), machine.versions())
    _write(asked.json, json.dumps(everything, indent=2) + "\n")
    _write(asked.markdown, report.markdown(everything))
    return 0 if report.good(bodies) else 1


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help="parts to measure (default: all)")
    parser.add_argument("--list", action="store_true", help="list parts and bars, and stop")
    parser.add_argument("--quick", action="store_true", help="tiny smoke run; not a measurement")
    parser.add_argument("--rounds", type=int, help="interleaved rounds (default: 5)")
    parser.add_argument(
        "--reference-months", type=int, default=6, help="months the reference is timed (default: 6)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything as JSON")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write it as Markdown")
    asked = parser.parse_args(argv)
    unknown = [name for name in asked.parts if name not in parts.REGISTRY]
    if unknown:
        parser.error(f"no part {', '.join(unknown)}; there are {', '.join(parts.REGISTRY)}")
    if asked.rounds is not None and asked.rounds < 1:
        parser.error("--rounds must be at least 1")
    return asked


def _measure(part: Part, options: Options) -> dict[str, Any]:
    before = machine.load()
    print(f"\nmeasuring {part.name} ...", file=sys.stderr, flush=True)
    measured: Measured = part.measure(options)
    return report.part_body(part, measured, options, (before, machine.load()))


def _write(path: Path | None, text: str) -> None:
    if path is not None:
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
