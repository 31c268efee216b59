"""Damaged folders of runs: words that name the file and a way back, and never a traceback."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import study_damage
from tiny_run import tiny_run

from hesim.app.folder import serve_folder
from hesim.cli import main
from hesim.record.run_folder import IncompleteRun, NoRun, load

pytestmark = pytest.mark.once

Harm = Callable[[Path], object]
READ = ("manifest.json", "config.yaml", "summary.csv")
"""What a report reads."""
TABLES = ("flows.parquet", "stocks.parquet", "movers.parquet", "vacancies.parquet", "survey.csv")


def text(name: str, content: str | bytes) -> Harm:
    body = content.encode() if isinstance(content, str) else content
    return lambda folder: (folder / name).write_bytes(body)


def manifest(key: str, value: object) -> Harm:
    return lambda folder: study_damage.manifest(folder, lambda body: body.update({key: value}))


def without_column(folder: Path) -> None:
    file = folder / "summary.csv"
    lines = [line.split(",", 1)[1] for line in file.read_text().splitlines()]
    file.write_text("\n".join(lines) + "\n")


CASES: dict[str, tuple[str, Harm]] = {
    f"{name} {what}": (name, lambda f, h=harm: h(f, f))
    for name in (*READ, *TABLES)
    for what, harm in study_damage.of_file(name).items()
}
CASES |= {
    f"{name} a folder": (name, lambda f, n=name: study_damage.as_folder(f / n)) for name in READ
}
CASES |= {
    f"{name} {what}": (name, text(name, content))
    for name, contents in {
        "manifest.json": {
            "a list": "[]",
            "a number": "1",
            "null": "null",
            "an empty mapping": "{}",
            "UTF-16": "{}".encode("utf-16"),
            "nested deeply": "[" * 100_000,
        },
        "config.yaml": {
            "a list": "- 1\n",
            "a number": "3\n",
            "not YAML": "a: [",
            "another's": "years: 2\n",
            "nested deeply": "a: " + "[" * 3000,
            "UTF-16": "years: 2\n".encode("utf-16"),
        },
        "summary.csv": {"words": "not a table\n", "another's": "a;b\n1;2\n"},
    }.items()
    for what, content in contents.items()
}
CASES |= {
    f"manifest.json {key} {value!r}": ("manifest.json", manifest(key, value))
    for key, value in (
        ("replications", 4),
        ("replications", {"done": 3}),
        ("replications", []),
        ("status", 3),
        ("seed", "x"),
        ("data_sha256", []),
    )
}
CASES["summary.csv without a column"] = ("summary.csv", without_column)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "whole"
    tiny_run(folder, replications=2, calibration="none")
    return folder


@pytest.mark.parametrize("case", CASES)
def test_a_damaged_run_says_so(
    case: str, whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name, harm = CASES[case]
    folder = tmp_path / "run"
    shutil.copytree(whole, folder)
    harm(folder)
    code = main(["report", str(folder)])
    told = capsys.readouterr()
    assert "Traceback" not in told.out + told.err
    if name in READ:
        assert code == 2 and name in told.err and str(folder) in told.err
        assert not (folder / "report.html").exists()
        if (folder / "manifest.json").exists():
            assert f"hesim run --config {folder}/config" in told.err
    else:
        # A report does without the large tables; whoever reads one is told.
        assert code == 0
        with pytest.raises(NoRun, match=name) as refused:
            getattr(load(folder), name.split(".")[0])
        assert f"hesim run --config {folder}/config" in str(refused.value)
    served, problems = serve_folder(folder, [])
    if name != "survey.csv":
        assert served is None and problems


def test_a_run_of_which_replications_failed_says_so(
    whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "run"
    shutil.copytree(whole, folder)
    file = folder / "manifest.json"
    body = json.loads(file.read_text())
    body |= {"status": "incomplete"}
    body["replications"] = {"asked": 3, "done": [0, 1], "failed": {"2": "words"}}
    file.write_text(json.dumps(body))
    assert main(["report", str(folder)]) == 1
    assert "2 of 3 replications are whole; 1 failed" in capsys.readouterr().err
    page = (folder / "report.html").read_text()
    assert 'class="warning"' in page and "2 of 3 replications are whole" in page
    with pytest.warns(IncompleteRun, match="2 of 3"):
        load(folder)


def test_parts_of_a_calibration_that_are_damaged_are_run_again(tmp_path: Path) -> None:
    import numpy as np

    from hesim.calibration import parts

    points = np.arange(6.0).reshape(3, 2)
    file = tmp_path / "part_00000.npz"
    others = {name: np.zeros(3) for name in ("values", "answers", "asked", "yearly")}
    np.savez(file, mark=np.array("mark"), points=points, **others)
    assert parts.has_part(file, points, "mark")
    assert not parts.has_part(tmp_path / "part_00010.npz", points, "mark")
    with pytest.raises(FileExistsError, match=r"part_00000.*another calibration"):
        parts.has_part(file, points, "other")
    whole = file.read_bytes()
    for content in (b"", whole[:50], os.urandom(300), b"[]", whole[:-30]):
        file.write_bytes(content)
        assert not parts.has_part(file, points, "mark")
        aside = tmp_path / "part_00000.npz.corrupt"
        assert aside.read_bytes() == content and not file.exists()
    np.savez(file, points=points)
    assert not parts.has_part(file, points, "mark")
