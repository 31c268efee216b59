"""Damaged folders of studies: words, the right exit code, and the rows back where that can be."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
import study_damage
import study_fakes
from harness import sampled
from study_fakes import DIAL

from hesim.app.folder import serve_folder
from hesim.cli import main
from hesim.study import observation, start, store
from hesim.study.folder import IncompleteStudy, Study, load
from hesim.study.inspection import inspect
from hesim.study.manifest import read_study_manifest

pytestmark = pytest.mark.once

CASES = study_damage.cases()
PLAN = [
    "calibration=none",
    "years=2",
    "engine=serial",
    "study.outcome=wo_to_hbo",
    "study.flows=false",
    f"study.uncertainties=[{DIAL}:1|2|3|4]",
]
RUNS = 4 * 5
"""Four points, five times each."""


@pytest.fixture(scope="module", autouse=True)
def cheap() -> Iterator[None]:
    """The command line knows no other model: this one stands in for it. Pictures are left out."""
    from hesim.charts import fan, style, tornado
    from hesim.outcomes import registry

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(observation, "replication_outcomes", study_fakes.as_model(study_fakes.effect))
        patch.setattr(registry, "UNITS", {"wo_to_hbo": "persons a year"})
        for figure in (fan, tornado):
            patch.setattr(figure, "draw", lambda *given: None)
        patch.setattr(style, "png", lambda figure: b"")
        patch.setattr(style, "svg", lambda figure: "<svg/>")
        yield


def make(folder: Path, *more: str) -> Path:
    """A complete study in several parts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "FLUSH_RUNS", 5)
        patch.setattr(store.parts, "MERGE", 100)
        patch.setattr(store.Store, "settle", store.Store.flush)
        start([*PLAN, "study.replications=5", *more, f"output={folder}"])
    return folder


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make(tmp_path_factory.mktemp("damage") / "whole")
    assert len(list((folder / "parts").iterdir())) == 8
    return folder


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(
        tmp_path_factory.mktemp("damage") / "other",
        "seed=5",
        f"study.uncertainties=[{DIAL}:1|2|3|5]",
    )


@pytest.fixture(scope="module")
def undisturbed(whole: Path) -> pd.DataFrame:
    return rows(whole)


def rows(folder: Path) -> pd.DataFrame:
    return Study(folder).query("from results order by all")


def content(folder: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and file.name != ".lock"
    }


def said(capsys: pytest.CaptureFixture[str]) -> str:
    told = capsys.readouterr()
    assert "Traceback" not in told.out + told.err
    return told.out + told.err


def reading(folder: Path) -> list[list[str]]:
    """The commands that read a study."""
    return [
        ["query", str(folder), "select count(*) as n from results"],
        ["compare", str(folder)],
        ["report", str(folder), f"output={folder.parent / 'report.html'}"],
    ]


def test_there_are_enough_of_them() -> None:
    often = [name for name in CASES if not name.endswith(study_damage.VARIANTS)]
    assert len(CASES) > 130 and len(often) >= 45
    assert {CASES[name].outcome for name in often} >= {"mended", "rows", "sound", "lost"}


@pytest.mark.parametrize(
    "name",
    sampled(CASES, lambda name: not name.endswith(study_damage.VARIANTS)),
)
def test_a_damaged_study_says_so_and_comes_back(
    name: str,
    whole: Path,
    other: Path,
    undisturbed: pd.DataFrame,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    harm, outcome, word = CASES[name]
    folder = tmp_path / "study"
    shutil.copytree(whole, folder)
    harm(folder, other)
    before = content(folder)
    refused = outcome in ("mended", "lost")
    wanted = 2 if refused else int(outcome == "rows")
    for command in reading(folder):
        code = main(command)
        told = said(capsys)
        assert code == wanted, told
        assert not refused or str(folder) in told
        if word and wanted:
            assert word in told
        if outcome == "mended":
            assert "hesim resume" in told and "--force" not in told
    if outcome == "rows":
        assert f"of {RUNS} runs are here" in told and "hesim resume" in told
        text = (tmp_path / "report.html").read_text()
        assert 'class="warning"' in text and f"of {RUNS} runs are here" in text
    served, problems = serve_folder(folder, [])
    assert (served is None) == refused and bool(problems) == refused
    if not refused:
        assert len(rows(folder)) == len(undisturbed) or outcome == "rows"
    # Reading changes nothing but the answers.
    after = {k: v for k, v in content(folder).items() if not k.startswith("answers/")}
    assert after == before

    code = main(["resume", str(folder), "engine=serial"])
    told = said(capsys)
    if outcome == "lost":
        assert code == 2 and str(folder) in told and (not word or word in told)
        assert {k: v for k, v in content(folder).items() if k in before} == before
        return
    assert code == 0, told
    assert word in told or outcome == "rows"
    if outcome == "mended":
        assert "made again" in told or "planned again" in told
    pd.testing.assert_frame_equal(rows(folder), undisturbed)
    assert Study(folder).completeness.complete
    if outcome == "sound":
        # What hesim did not write is still there.
        names = {file for file in before if file.startswith("parts/")} - set(content(whole))
        assert names <= set(content(folder))
    assert main(["query", str(folder), "from status"]) == 0


def test_a_bit_that_flips_is_noticed_or_changes_nothing(whole: Path, tmp_path: Path) -> None:
    """In numbers, texts and the note of a status file; the results have a hash as a whole."""
    manifest = read_study_manifest(whole)
    labels = store.labels_of(manifest, store.read_points(whole, manifest))
    status = shutil.copy(study_damage.status(whole, 0), tmp_path)
    shutil.copy(study_damage.results(whole, 0), tmp_path)
    sound = inspect(tmp_path, labels)
    [rows], [part] = sound.status, sound.parts
    content, noticed = Path(status).read_bytes(), 0
    # A prime, so that in the end bytes of each kind are tried.
    for place in range(0, len(content), 7):
        flipped = bytearray(content)
        flipped[place] ^= 1 << place % 8
        Path(status).write_bytes(bytes(flipped))
        found = inspect(tmp_path, labels)
        noticed += bool(found.damaged)
        assert found.damaged or (found.parts == [part] and found.status[0].equals(rows)), place
    assert noticed > len(content) / 7 / 2


def test_half_of_the_rows_are_told_as_half(
    whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "study"
    shutil.copytree(whole, folder)
    for which in (1, 2):
        study_damage.cut(study_damage.status(folder, which))
    assert main(["compare", str(folder)]) == 1
    told = said(capsys)
    assert f"10 of 20 runs are here; `hesim resume {folder}` makes the others again" in told
    assert main(["report", str(folder)]) == 1
    assert "10 of 20 simulations" in (folder / "report.html").read_text()
    with pytest.warns(IncompleteStudy, match="10 of 20 runs are here"):
        found = load(folder).completeness
    assert (found.whole, found.planned, found.missing, found.complete) == (10, 20, 10, False)
    assert len(found.damaged) == 2


def test_as_many_rows_of_the_wrong_runs_are_not_all_runs(whole: Path, tmp_path: Path) -> None:
    """Rows are counted for each point and replication, not as a sum."""
    folder = tmp_path / "study"
    shutil.copytree(whole, folder)
    store_of = store.Store(folder)
    try:
        store_of.note(replications=6)
    finally:
        store_of.close()
    found = Study(folder).completeness
    assert (found.planned, found.whole, found.points) == (24, 20, 4)


def test_rows_that_a_precision_added_are_missed_too(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    asked = ["study.levers=[job_swap]", "study.precision=1", "study.most_replications=12"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "FLUSH_RUNS", 5)
        patch.setattr(store.parts, "MERGE", 100)
        start(
            [*PLAN[:5], "study.replications=2", *asked, f"output={folder}"],
            simulate=study_fakes.levered,
        )
        made = Study(folder).completeness
        assert made.complete and made.planned > 4
    (folder / "manifest.copy.json").unlink()
    for file in (folder / "parts").iterdir():
        file.unlink()
    found = Study(folder).completeness
    assert (found.whole, found.planned) == (0, made.planned)


@pytest.mark.parametrize("asked", ["study.replications=1", "replications=4"])
def test_a_study_cannot_be_made_smaller(
    asked: str, whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "study"
    shutil.copytree(whole, folder)
    before = content(folder)
    assert main(["resume", str(folder), asked, "engine=serial"]) == 2
    told = said(capsys)
    assert "cannot shrink: it has 5 replications" in told and asked.split("=")[0] in told
    assert content(folder) == before
