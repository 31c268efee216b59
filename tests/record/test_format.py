"""Folders of other formats: shown as far as they go, or words that say which version reads them."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import study_fakes
from run_fakes import go

from hesim.app.folder import serve_folder
from hesim.app.words import speak
from hesim.cli import main
from hesim.record.format import FORMAT, Unreadable, older_in_words
from hesim.record.run_folder import NoRun, load
from hesim.study import resume, start
from hesim.study.folder import Study
from hesim.study.manifest import NoStudy
from hesim.study.resumption import Mismatch

BY = {"commit": "a1b2c3", "versions": {"python": "3.11", "hesim": "0.0.7"}}


def written_anew(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change a manifest, and its copy where there is one."""
    body = json.loads((folder / "manifest.json").read_text())
    change(body)
    for name in ("manifest.json", "manifest.copy.json"):
        if (folder / name).exists():
            (folder / name).write_text(json.dumps(body))


def old(body: dict[str, Any]) -> None:
    body.pop("format")
    body |= BY


Rows = list[dict[str, str]]


def with_summary(folder: Path, change: Callable[[Rows], Rows]) -> None:
    """Change the rows of a run's summary as if the run had written them so."""
    file = folder / "summary.csv"
    with file.open(newline="") as source:
        rows = change(list(csv.DictReader(source)))
    with file.open("w", newline="") as target:
        writer = csv.DictWriter(target, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    written_anew(folder, lambda body: body["files"].update({"summary.csv": digest}))


def without_direct(rows: Rows) -> Rows:
    """As before outcomes told who goes from job to job, with a policy beside the baseline."""
    left = [row for row in rows if not row["outcome"].endswith("_direct")]
    return left + [{**row, "arm": arm} for row in left for arm in ("policy", "difference")]


def without_grades(rows: Rows) -> Rows:
    return [{key: value for key, value in row.items() if key != "grade"} for row in rows]


def sentences(folder: Path) -> str:
    """The answer of a report."""
    found = re.search(r'class="answer">(.*?)</p>', (folder / "report.html").read_text(), re.S)
    assert found is not None
    return found[1]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "run"
    go(folder, export=["csv"])
    return folder


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("studies") / "study"
    asked = ["calibration=none", "years=2", "engine=serial", "study.outcome=wo_to_hbo"]
    levers = ["study.levers=[job_swap]", "study.replications=3"]
    start([*asked, *levers, f"output={folder}"], simulate=study_fakes.levered)
    return folder


def test_folders_name_their_format(run: Path, study: Path) -> None:
    assert load(run).manifest["format"] == Study(study).manifest["format"] == FORMAT == 2
    assert next(iter(load(run).manifest)) == next(iter(Study(study).manifest)) == "format"


def test_who_opens_the_one_as_the_other_is_told_how(run: Path, study: Path) -> None:
    with pytest.raises(
        NoRun, match=re.escape(f"{study} holds a study: open it by hesim.load_study")
    ):
        _ = load(study).manifest
    with pytest.raises(NoStudy, match="holds no study but a run"):
        _ = Study(run).manifest


def test_an_older_run_is_shown_without_what_it_does_not_tell(run: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(run, tmp_path / "run")
    assert main(["report", str(folder)]) == 0
    assert "of whom" in sentences(folder)
    written_anew(folder, old)
    with_summary(folder, without_direct)
    assert main(["report", str(folder)]) == 0
    then = sentences(folder)
    assert "from wo to hbo" in then and "With  " in then
    assert "of whom" not in then and "from job to job:" not in then
    assert len(load(folder).summary)


def test_an_older_run_that_lacks_more_names_the_version_that_reads_it(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = shutil.copytree(run, tmp_path / "run")
    with_summary(folder, without_grades)
    assert main(["report", str(folder)]) == 2
    assert "is cut short" in capsys.readouterr().err
    written_anew(folder, old)
    assert main(["report", str(folder)]) == 2
    told = capsys.readouterr().err
    assert "format 1" in told and "summary.csv has no grade" in told
    assert "Read it with hesim 0.0.7 (commit a1b2c3)" in told and str(folder) in told
    assert not (folder / "report.html").exists()
    assert "grade" not in load(folder).summary


@pytest.mark.parametrize("name", ["run", "study"])
def test_a_newer_format_is_refused_in_words(
    name: str, tmp_path: Path, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = shutil.copytree(request.getfixturevalue(name), tmp_path / name)
    written_anew(folder, lambda body: body.update(format=FORMAT + 1))
    for command in ("report", "resume", "compare") if name == "study" else ("report",):
        assert main([command, str(folder)]) == 2
        told = capsys.readouterr().err
        assert "newer version of hesim (format 3; this one reads 2)" in told
        assert f"to read the {name}" in told
    served, problems = serve_folder(folder, [])
    assert served is None and "newer version" in str(problems[0])
    for wrong in ("two", 1.5, True, 0, None):
        written_anew(folder, lambda body, given=wrong: body.update(format=given))
        assert main(["report", str(folder)]) == 2
        told = capsys.readouterr().err
        assert "format must be a whole number" in told and "manifest.json" in told


def test_an_older_study_is_read_but_not_gone_on_with(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = shutil.copytree(study, tmp_path / "study")
    written_anew(folder, old)
    assert main(["query", str(folder), "select count(*) from results"]) == 0
    assert main(["compare", str(folder)]) == 0
    assert main(["report", str(folder)]) == 0
    assert serve_folder(folder, [])[0] is not None
    capsys.readouterr()
    assert main(["resume", str(folder), "study.replications=4"]) == 2
    told = capsys.readouterr().err
    assert "format: was 1, is 2" in told and "--force starts a new study" in told
    # The first studies named their format.
    written_anew(folder, lambda body: body.update(format=1))
    with pytest.raises(Mismatch, match="format: was 1, is 2"):
        resume(folder, simulate=study_fakes.levered)
    again = resume(folder, ["engine=serial"], simulate=study_fakes.levered, force=True)
    assert again.folder != folder and again.manifest["format"] == FORMAT


def test_an_older_study_of_another_model_is_not_gone_on_with(study: Path, tmp_path: Path) -> None:
    """What the rows were made with stands in the manifest: code that differs is named."""
    folder = shutil.copytree(study, tmp_path / "study")
    body = json.loads((folder / "manifest.json").read_text())
    assert "model/search.py" in body["facts"]["code"]
    with pytest.MonkeyPatch.context() as patch:
        from hesim.study import identity

        other = {**identity.code_hashes(), "model/search.py": "other"}
        patch.setattr(identity, "code_hashes", lambda: other)
        with pytest.raises(Mismatch, match=r"code: model/search\.py has changed"):
            resume(folder, simulate=study_fakes.levered)


def test_what_an_older_study_lacks_becomes_words_and_our_own_errors_stay(
    study: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from hesim.study.answers import effects

    def lacking(*given: object, **more: object) -> None:
        raise KeyError("hbo_to_wo_direct")

    folder = shutil.copytree(study, tmp_path / "study")
    monkeypatch.setattr(effects, "by_year", lacking)
    with pytest.raises(KeyError):
        main(["report", str(folder)])
    written_anew(folder, old)
    for command in ("report", "compare"):
        assert main([command, str(folder)]) == 2
        told = capsys.readouterr().err
        assert "hbo_to_wo_direct" in told and "Read it with hesim 0.0.7 (commit a1b2c3)" in told
    served, _ = serve_folder(folder, [])
    assert served is not None and served.answers is not None
    answer = served.answers.answer("wo_to_hbo", speak("en"))
    assert not answer.pictures and "Read it with hesim 0.0.7" in answer.sentences[0]


def test_words_about_an_older_folder_are_left_as_they_are() -> None:
    for error in (NoRun("words"), NoStudy("words")):
        with pytest.raises(Unreadable, match=r"^words$"), older_in_words(Path("x"), {}):
            raise error
    words = "the version of hesim that wrote it"
    with pytest.raises(Unreadable, match=words), older_in_words(Path("x"), {"versions": []}):
        raise KeyError("x")
