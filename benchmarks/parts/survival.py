"""Kill a study of 1,000 runs five times at random moments, resume it, and count lost rows.

The model is the real one at scale 0.02 on two processes. What is killed, with -9, is in turn the
conducting process or one of its workers, as chance has it. Its rows are compared with those of a
study that nobody disturbed.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.part import Bar, Figure, Measured, Options, Part

BARS = (
    Bar("lost", "rows lost, doubled or other after five kills", 0, 0),
    Bar("kills", "kills that hit", 5, 5, at_most=False),
)
KILLS = 5
SEED = 20140101


def measure(options: Options) -> Measured:
    """Run the study once in peace and once in war."""
    import psutil

    from hesim.study import Study

    runs = options.whole(1000, 30)
    chance = random.Random(SEED)
    root = Path(__file__).resolve().parents[2]
    with tempfile.TemporaryDirectory(prefix="hesim-bench-") as place:
        settings = [
            "population.scale=0.02",
            "years=2",
            "burn_in=12",
            "workers=2",
            f"study.replications={runs // 5}",
            "study.uncertainties=[model.choice.sector_cost:1|1.5|2|2.5|3]",
        ]
        hesim = [sys.executable, "-m", "hesim"]
        peace, war = Path(place) / "peace", Path(place) / "war"
        began = time.perf_counter()
        subprocess.run(
            [*hesim, "study", *settings, f"output={peace}"],
            cwd=root,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        took = time.perf_counter() - began
        kills, told, victims = 0, [*hesim, "study", *settings, f"output={war}"], []
        while kills < KILLS:
            process = subprocess.Popen(told, cwd=root, stdout=subprocess.DEVNULL)
            before = _runs(war)
            # Only once rows of this session are on disk, so that every kill has something to lose.
            while process.poll() is None and _runs(war) <= before:
                time.sleep(0.1)
            time.sleep(chance.uniform(0.0, took / 12))
            if process.poll() is not None:
                break
            workers = psutil.Process(process.pid).children()
            victim = chance.choice(["conductor", "worker"]) if workers else "conductor"
            pid = process.pid if victim == "conductor" else chance.choice(workers).pid
            os.kill(pid, signal.SIGKILL)
            kills += 1
            victims.append(victim)
            if victim == "worker":
                # The study goes on; the next kill takes the whole of it.
                time.sleep(chance.uniform(0.5, 2.0))
                if kills < KILLS and process.poll() is None:
                    process.kill()
                    kills += 1
                    victims.append("conductor")
            process.kill() if victim == "conductor" else None
            process.wait()
            told = [*hesim, "resume", str(war), "workers=2"]
        subprocess.run(told, cwd=root, check=True, stdout=subprocess.DEVNULL)
        mine, theirs = (Study(each).query("from results order by all") for each in (war, peace))
        both = mine.merge(theirs, how="outer", indicator=True)
        lost = int((both["_merge"] != "both").sum()) + abs(len(mine) - len(theirs))
        sessions = len(Study(war).manifest["sessions"])
    return Measured(
        {"lost": Figure((float(lost),)), "kills": Figure((float(kills),))},
        {
            "runs": runs,
            "rows": len(theirs),
            "killed": ", ".join(victims),
            "sessions": sessions,
            "seconds in peace": took,
        },
    )


def _runs(folder: Path) -> int:
    from hesim.study.parts import committed_parts

    place = folder / "parts"
    return sum(part.runs for part in committed_parts(place)) if place.is_dir() else 0


PART = Part("survival", "a study that is killed five times", BARS, measure)
