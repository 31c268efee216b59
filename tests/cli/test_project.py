"""`hesim init`: a project that runs at once, and nothing where files are already."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hesim import load_study
from hesim.cli import main
from hesim.cli.project import TEMPLATE, commands, project_files
from hesim.input import userfile
from hesim.levers.catalogue import catalogue

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("here") / "mine"
    assert main(["init", str(folder)]) == 0
    return folder


def test_the_commands_of_its_readme_work(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(project)
    asked = commands()
    assert [line.split()[1] for line in asked] == ["check", "study", "report"]
    for line in asked:
        assert "'" not in line and '"' not in line
        assert main(line.split()[1:]) == 0, line
        # Nothing of a new project deserves a warning, but that its scale is small.
        assert "does nothing" not in capsys.readouterr().err
    assert (project / "first_answer" / "report.html").is_file()
    # A first answer that nothing happens would teach nobody anything.
    league = load_study(project / "first_answer").effects()
    own = league[(league["arm"] == "open_day") & (league["outcome"] == "wo_to_hbo")]
    assert own["difference_mean"].item() > 0
    assert {file.name for file in (project / "first_answer" / "config").iterdir()} == {
        "experiment",
        "levers",
    }


def test_the_cells_of_its_notebook_work(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    book = json.loads((project / "notebook.ipynb").read_text("utf-8"))
    assert book["nbformat"] == 4
    cells = [cell for cell in book["cells"] if cell["cell_type"] == "code"]
    assert cells and all(cell["outputs"] == [] for cell in cells)
    names: dict[str, Any] = {}
    for cell in cells:
        exec(compile("".join(cell["source"]), "cell", "exec"), names)
    arms = set(names["crossings"]["arm"])
    assert arms == {"baseline", "policy", "difference"}


def test_its_lever_has_a_cost_and_says_what_is_believed_of_each_dial(project: Path) -> None:
    lever = next(each for each in catalogue(project / "conf") if each.key == "open_day")
    assert lever.costs and lever.dials and all(dial.prior.is_drawn for dial in lever.dials)
    text = (project / "conf" / "levers" / "open_day.yaml").read_text("utf-8")
    # Each group of entries has a comment.
    assert sum(line.lstrip().startswith("#") for line in text.splitlines()) > 15


def test_it_holds_the_files_of_the_package_and_schemas_for_editors(project: Path) -> None:
    files = {file.relative_to(project).as_posix() for file in project.rglob("*.*")}
    shipped = {file.relative_to(TEMPLATE).as_posix() for file in TEMPLATE.rglob("*.*")}
    schemas = {"editor/settings.json", "editor/levers.json"}
    assert files >= shipped | schemas and {*project_files()} == shipped | schemas
    for name in ("experiment/first_question", "levers/open_day"):
        head = (project / "conf" / f"{name}.yaml").read_text("utf-8").splitlines()[1]
        place = head.partition("$schema=")[2]
        assert (project / "conf" / name).parent.joinpath(place).is_file()


def test_an_empty_folder_is_filled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["init", "."]) == 0
    assert (tmp_path / "README.md").is_file()
    assert "cd " not in capsys.readouterr().out
    assert main(["init", "."]) == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["full"], "is not empty"),
        (["file"], "is no folder"),
        (["file/inside"], "cannot be written"),
        ([], "name one folder"),
        (["a", "b"], "name one folder"),
        (["new", "years=3"], "years=3"),
        (["new", "--force"], "unknown option"),
    ],
)
def test_what_cannot_be_begun_leaves_nothing(
    words: list[str],
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / ".hidden").write_text("")
    (tmp_path / "file").write_text("mine")
    before = sorted(tmp_path.rglob("*"))
    monkeypatch.chdir(tmp_path)
    assert main(["init", *words]) == 2
    shown = capsys.readouterr()
    assert told in shown.err and shown.out == ""
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("there", [True, False])
def test_a_full_disk_leaves_nothing_half_written(
    there: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "mine" / "deep"
    if there:
        folder.mkdir(parents=True)
    real = Path.write_bytes

    def full(self: Path, content: bytes) -> int:
        if self.name == "notebook.ipynb":
            raise OSError(28, "No space left on device")
        return real(self, content)

    monkeypatch.setattr(userfile.Path, "write_bytes", full)
    assert main(["init", str(folder)]) == 2
    assert [*tmp_path.rglob("*")] == ([tmp_path / "mine", folder] if there else [])
