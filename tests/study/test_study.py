"""Studies from end to end with a quick stand-in for the model: rows, engines, resume, precision."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import study_fakes
from study_fakes import DIAL

from hesim.config import ConfigErrors
from hesim.study import load, resume, start
from hesim.study.folder import Study
from hesim.study.manifest import NoStudy
from hesim.study.progress import StudyProgress, duration
from hesim.study.resumption import Mismatch
from hesim.study.store import InUse, Store

ARMS = "study.levers=[job_swap,meet_and_greet]"
BASIC = [
    "calibration=none",
    "years=2",
    "study.replications=4",
    "engine=serial",
    f"study.uncertainties=[{DIAL}:1:3]",
    "study.outcome=wo_to_hbo",
]


def make(folder: Path, *more: str, simulate: object = study_fakes.effect) -> Study:
    made = start([*BASIC, *more, f"output={folder}"], simulate=simulate)  # type: ignore[arg-type]
    assert made is not None
    return made


def rows(study: Study) -> pd.DataFrame:
    return study.query("from results order by all")


def results_bytes(study: Study) -> str:
    files = sorted((study.folder / "parts").glob("*.results.parquet"))
    assert len(files) == 1
    return hashlib.sha256(files[0].read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return make(tmp_path_factory.mktemp("studies") / "whole")


def test_a_study_keeps_every_row(whole: Study) -> None:
    found = rows(whole)
    # 3 points, 4 replications, 4 outcomes, 2 years.
    assert len(found) == 3 * 4 * 4 * 2
    assert set(found["year"]) == {2011, 2012}
    assert whole.manifest["status"] == "complete"
    states = whole.query("from status")
    assert len(states) == 12 and set(states["status"]) == {"ok"}
    dial = whole.query(
        "select d.world, r.replication, r.value from results r join design d using (point) "
        "where outcome = 'wo_to_hbo' and year = 2011"
    ).pivot(index="replication", columns="world", values="value")
    # The dial counts tenfold; everything else is common random numbers.
    assert np.allclose(dial[2] - dial[1], 20.0) and np.allclose(dial[1] - dial[0], -10.0)


def test_the_same_rows_on_every_engine(whole: Study, tmp_path: Path) -> None:
    other = make(tmp_path / "processes", "engine=processes", "workers=2")
    assert results_bytes(other) == results_bytes(whole)
    chunks = make(tmp_path / "chunks", "engine.chunk_seconds=100")
    assert results_bytes(chunks) == results_bytes(whole)


def test_a_folder_that_was_moved_still_works(whole: Study, tmp_path: Path) -> None:
    moved = shutil.copytree(whole.folder, tmp_path / "elsewhere" / "moved")
    again = resume(moved, ["study.replications=5", "engine=serial"], simulate=study_fakes.effect)
    assert len(rows(again)) == 3 * 5 * 4 * 2
    fresh = make(tmp_path / "fresh", "study.replications=5")
    pd.testing.assert_frame_equal(rows(again), rows(fresh))


def test_two_processes_cannot_share_a_study(whole: Study, tmp_path: Path) -> None:
    folder = shutil.copytree(whole.folder, tmp_path / "shared")
    store = Store(folder)
    try:
        with pytest.raises(InUse, match="in use by process"):
            resume(folder, simulate=study_fakes.effect)
    finally:
        store.close()
    assert resume(folder, ["engine=serial"], simulate=study_fakes.effect).manifest["status"]


def test_a_taken_folder_is_told_how_to_go_on(whole: Study) -> None:
    with pytest.raises(ConfigErrors, match="hesim resume"):
        make(whole.folder)
    with pytest.raises(NoStudy, match="holds no study"):
        load(whole.folder / "parts")


def test_a_dry_run_leaves_nothing(tmp_path: Path) -> None:
    target = [f"output={tmp_path / 'dry'}"]
    made = start([*BASIC, *target], simulate=study_fakes.effect, dry_run=True)
    assert made is None and list(tmp_path.iterdir()) == []


def test_changed_settings_data_or_code_are_refused(
    whole: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = shutil.copytree(whole.folder, tmp_path / "study")
    with pytest.raises(Mismatch, match="years: cannot be changed"):
        resume(folder, ["years=3"], simulate=study_fakes.effect)
    config = folder / "config.yaml"
    text = config.read_text()
    config.write_text(text.replace("years: 2", "years: 3"))
    with pytest.raises(Mismatch, match="years: was 2, is 3"):
        resume(folder, simulate=study_fakes.effect)
    config.write_text(text)
    from hesim.study import identity

    real = identity.code_hashes()
    monkeypatch.setattr(identity, "code_hashes", lambda: {**real, "model/search.py": "other"})
    with pytest.raises(Mismatch, match=r"code: model/search.py has changed"):
        resume(folder, simulate=study_fakes.effect)
    forked = resume(folder, ["engine=serial"], simulate=study_fakes.effect, force=True)
    assert forked.folder.name == "study_2" and forked.manifest["forked_from"] == "study"
    assert len(rows(forked)) == len(rows(whole))


def test_other_data_go_with_the_study_and_their_change_is_refused(tmp_path: Path) -> None:
    from hesim.tables.loading import __file__ as loading

    data = tmp_path / "data"
    data.mkdir()
    source = Path(loading).parent / "data" / "macro_2011.csv"
    shutil.copy(source, data)
    made = make(tmp_path / "study", f"data={data}")
    shutil.rmtree(data)
    again = resume(
        made.folder, ["study.replications=5", "engine=serial"], simulate=study_fakes.effect
    )
    assert again.manifest["status"] == "complete"
    kept = made.folder / "data" / "macro_2011.csv"
    kept.write_text(kept.read_text().replace("31000", "31001"))
    with pytest.raises(Mismatch, match=r"data: macro_2011.csv has changed"):
        resume(made.folder, simulate=study_fakes.effect)


def test_precision_adds_replications_the_same_however_it_was_stopped(tmp_path: Path) -> None:
    asked = (ARMS, "study.uncertainties=[]", "study.precision=1.0", "study.most_replications=40")
    made = make(tmp_path / "whole", *asked, simulate=study_fakes.levered)
    taken = made.query("select max(replication) + 1 as n from results")["n"][0]
    assert 4 < taken <= 40
    from hesim.study.answers.components import split
    from hesim.study.answers.effects import levels, paired_differences

    for table in paired_differences(levels(made, "wo_to_hbo")).values():
        found = split(table.values)
        assert found.noise_high - found.noise_low <= 1.0 or found.replications == 40
    # The same with fewer to begin with, and then more asked for: as after a stop.
    shutil.copytree(made.folder, tmp_path / "cut")
    for file in (tmp_path / "cut" / "parts").iterdir():
        file.unlink()
    again = resume(tmp_path / "cut", ["engine=serial"], simulate=study_fakes.levered)
    pd.testing.assert_frame_equal(rows(again), rows(made))


def test_progress_tells_rate_failures_and_time_left() -> None:
    now, said = [0.0], []
    progress = StudyProgress(100, 20, True, said.append, clock=lambda: now[0])
    progress.start()
    for number in range(40):
        now[0] += 1.0
        progress.note_end(number, False)
    assert said == []
    progress.note_end(40, True, "point x: failed")
    now[0] += 30.0
    progress.tick()
    assert said[0] == "  failed: point x: failed"
    assert "61 of 100 runs" in said[1] and "1 failed" in said[1] and "s left" in said[1]
    assert duration(3600 * 3) == "3.0 hours" and duration(100_000_000).endswith("days")


def test_code_that_can_change_a_row_is_part_of_what_a_study_is() -> None:
    """What a simulation imports is hashed, but for the parts that plan, store and show."""
    import subprocess
    import sys

    from hesim.study.identity import code_hashes

    script = (
        "import sys, hesim.study.observation, hesim.execution.simulate, hesim.outcomes.registry\n"
        "import hesim.survey.movers, hesim.study.twins\n"
        "print(*[name for name in sys.modules if name.startswith('hesim.')])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    hashed = {name.removesuffix(".py").removesuffix("/__init__") for name in code_hashes()}
    others = {
        "cautions",
        "compilation",
        "config",
        "input",
        "process",
        "scenario",
        "shelf",
        "sources",
        "study",
    }
    names = {name.removeprefix("hesim.").replace(".", "/") for name in answer.stdout.split()}
    # The room's own file only says what it holds.
    names -= {"record"}
    assert {name for name in names if name.split("/")[0] not in others} <= hashed
    assert any(name.startswith("outcomes/") for name in hashed)
    # Of the study's own modules only what reads outcomes off a world.
    own = {name for name in hashed if name.startswith("study/")}
    assert own == {"study/observation", "study/twins"}
