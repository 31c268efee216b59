"""Runs and studies on disk: what a listing says of each, and what may be cleaned away."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from run_fakes import fails, go, interrupts

from hesim.cli import main
from hesim.process.lease import Lease
from hesim.record.cleaning import removals, remove_folder
from hesim.record.listing import list_folders, size_of, size_words
from hesim.study.run_outputs import RunFailed


def manifest(folder: Path, **body: object) -> Path:
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps(body))
    return folder


def study(folder: Path, status: str, **more: object) -> Path:
    settings = {"years": 3, "population": {"scale": 0.1}}
    arms = {"baseline": [], "a": ["terms"], "b": ["terms", "job_swap"]}
    return manifest(
        folder,
        status=status,
        facts={"settings": settings},
        arm_levers=arms,
        replications=8,
        points=12,
        **more,
    )


@pytest.fixture
def outputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A whole run, one that was interrupted, one that failed, studies, and what is not hesim's."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "cache"))
    place = tmp_path / "outputs"
    go(place / "runs" / "whole", levers=["single_cao"], population={"scale": 0.5})
    with pytest.raises(KeyboardInterrupt):
        go(place / "runs" / "stopped", interrupts)
    with pytest.raises(RunFailed):
        go(place / "runs" / "failed", fails)
    study(place / "studies" / "asked", "complete", question="Which?", created="2020-01-01T00:00")
    study(place / "studies" / "killed", "running", created="2020-01-02T00:00")
    manifest(place / "web" / "extension", name="of another program", status="complete")
    return place


def test_a_listing_says_what_each_folder_is_and_how_it_ended(outputs: Path) -> None:
    found = {entry.folder.name: entry for entry in list_folders(outputs)}
    assert set(found) == {"whole", "stopped", "failed", "asked", "killed"}
    whole = found["whole"]
    assert (whole.kind, whole.status, whole.title) == ("run", "complete", "single_cao")
    assert (whole.scale, whole.years, whole.replications, whole.asked) == (0.5, 2, 3, 3)
    assert whole.bytes == sum(f.stat().st_size for f in whole.folder.rglob("*") if f.is_file())
    stopped = found["stopped"]
    assert (stopped.status, stopped.replications, stopped.asked) == ("interrupted", 1, 3)
    assert (found["failed"].status, found["failed"].title) == ("failed", "no levers")
    asked = found["asked"]
    assert (asked.kind, asked.title, asked.levers) == ("study", "Which?", ("terms", "job_swap"))
    assert (asked.scale, asked.years, asked.replications, asked.points) == (0.1, 3, 8, 12)
    # Its manifest says that it runs, and nobody holds it.
    assert found["killed"].status == "interrupted"
    assert [entry.folder.name for entry in list_folders(outputs)][-2:] == ["killed", "asked"]
    assert list_folders(outputs / "none") == []
    assert [entry.folder for entry in list_folders(outputs / "runs" / "whole")] == [whole.folder]


def test_what_is_held_is_running_and_what_nobody_holds_was_killed(outputs: Path) -> None:
    begun = outputs / "runs" / ".mine.abcdefgh.part"
    begun.mkdir()
    lease = Lease(begun)
    [entry] = [each for each in list_folders(outputs) if each.folder == begun]
    assert (entry.kind, entry.status) == ("begun", "running")
    assert begun not in [each.folder for each in removals(outputs)[0]]
    lease.release()
    (begun / ".lease").touch()
    [entry] = [each for each in list_folders(outputs) if each.folder == begun]
    assert entry.status == "killed"
    [removal] = [each for each in removals(outputs)[0] if each.folder == begun]
    assert remove_folder(removal) and not begun.exists()


def test_a_manifest_that_cannot_be_read_is_told(outputs: Path) -> None:
    (outputs / "runs" / "whole" / "manifest.json").write_text("{")
    [entry] = [each for each in list_folders(outputs) if each.folder.name == "whole"]
    assert entry.status == "damaged"
    assert "whole" not in {each.folder.name for each in removals(outputs)[0]}


def test_nothing_is_removed_but_what_is_hesims_and_not_whole(
    outputs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (outputs / "link").symlink_to(outputs / "runs" / "stopped")
    noted = outputs / "runs" / "noted"
    with pytest.raises(KeyboardInterrupt):
        go(noted, interrupts)
    (noted / "my notes.txt").write_text("mine")
    gone = outputs.parent / "hesim-data-1"
    gone.mkdir()
    (gone / ".lease").touch()
    code = outputs.parent / "cache" / "hesim" / "0123"
    code.mkdir(parents=True)
    (code / "in_use").touch()
    alien = outputs.parent / "cache" / "hesim" / "alien"
    alien.mkdir()
    before = size_of(outputs.parent)
    assert main(["clean"]) == 0
    said = capsys.readouterr().out
    assert size_of(outputs.parent) == before
    assert "nothing was removed" in said and "my notes.txt" in said
    assert said.count("Would remove:") == 4 and "an interrupted run: 1 of 3" in said
    assert "killed: a study that can be resumed" in said
    assert main(["clean", "--yes", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {Path(each["folder"]).name for each in told["removable"]} == {
        "stopped",
        "failed",
        "hesim-data-1",
        "0123",
    }
    assert all(each["removed"] for each in told["removable"])
    left = {each.name for each in (outputs / "runs").iterdir()}
    assert left == {"whole", "noted"} and (noted / "my notes.txt").read_text() == "mine"
    assert {"asked", "killed"} == {each.name for each in (outputs / "studies").iterdir()}
    assert (outputs / "web" / "extension" / "manifest.json").is_file() and alien.is_dir()
    assert not gone.exists() and not code.exists()
    assert main(["clean"]) == 0
    assert "There is nothing to remove." in capsys.readouterr().out


def test_what_became_whole_meanwhile_stays(outputs: Path) -> None:
    [removal] = [each for each in removals(outputs)[0] if each.folder.name == "stopped"]
    file = removal.folder / "manifest.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "status": "complete"}))
    assert not remove_folder(removal) and removal.folder.is_dir()
    target = removal.folder.rename(outputs / "elsewhere")
    removal.folder.symlink_to(target)
    assert not remove_folder(removal) and target.is_dir()


def test_the_command_lists_for_people_and_for_programs(
    outputs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["runs"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 6 and "1 of 3" in "".join(lines) and "12 x 8" in "".join(lines)
    assert main(["runs", "outputs/studies", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [each["status"] for each in told] == ["interrupted", "complete"]
    assert main(["runs", "nowhere"]) == 2
    assert "must be a folder that exists" in capsys.readouterr().err


def test_sizes_are_in_words() -> None:
    assert [size_words(n) for n in (0, 999, 12_000, 3_400_000, 2_100_000_000)] == [
        "0 B",
        "999 B",
        "12 kB",
        "3 MB",
        "2.1 GB",
    ]
