"""Folders with odd names: in each a study is made, resumed, asked and written up, and a run."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import study_fakes
from harness import sampled
from tiny_run import tiny_run

from hesim.app.folder import serve_folder
from hesim.cli import main
from hesim.config.writing import override_of
from hesim.record.run_folder import load as load_run
from hesim.report.document import write_report
from hesim.study import load, observation, start

pytestmark = pytest.mark.once

NAMES = [
    "two words",
    " leading space",
    "trailing space ",
    "it's",
    'so "said"',
    "naïve",
    "Zürich/ü",
    "эксперимент",
    "研究",
    "🎓 study",
    "-x",
    "--force",
    "100%",
    "%20",
    "#1",
    "a[b]c",
    "[x]",
    "a=b",
    "year=2099",
    "a,b",
    "{a,b}",
    "l" * 200,
    "dot.",
    ".hidden",
    "new\nline",
    "tab\tin",
    "con",
    "nul.txt",
    "st*r",
    "wh?t",
    "$HOME",
    "back\\slash",
    "~tilde",
    "semi;colon",
    "a&b",
    "a|b",
    "(round)",
    "<angle>",
    "null",
    "1e5",
    "2011-01",
    "true",
    "study.part",
    "@at",
    "!bang",
]
PLAN = [
    "calibration=none",
    "years=2",
    "engine=serial",
    "study.outcome=wo_to_hbo",
    "study.flows=false",
    "study.replications=2",
]


@pytest.fixture(scope="module", autouse=True)
def cheap() -> Iterator[None]:
    """The command line knows no other model: this one stands in for it. Pictures are left out."""
    from hesim.charts import fan, style
    from hesim.outcomes import registry

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(observation, "replication_outcomes", study_fakes.as_model(study_fakes.effect))
        patch.setattr(registry, "UNITS", {"wo_to_hbo": "persons a year"})
        patch.setattr(fan, "draw", lambda *given: None)
        patch.setattr(style, "png", lambda figure: b"")
        patch.setattr(style, "svg", lambda figure: "<svg/>")
        yield


OFTEN = ('so "said"', "Zürich/ü", "-x", "year=2099", "new\nline", "st*r")
"""Names in which a study is made each time; in the others a run is read."""


@pytest.mark.parametrize("name", sampled(NAMES, lambda name: name in OFTEN), ids=range(len(NAMES)))
def test_a_study_lives_in_a_folder_of_any_name(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    # As it is typed: a name that begins with a dash or a tilde is written with its folder.
    typed = f"./{name}" if name.startswith(("-", "~")) else name
    made = start([*PLAN, override_of("output", typed)])
    assert made is not None and made.folder == tmp_path / name
    assert main(["resume", typed, "study.replications=3", "engine=serial"]) == 0
    assert main(["query", typed, "--csv", "select distinct year from results order by 1"]) == 0
    assert capsys.readouterr().out.endswith("year\n2011\n2012\n")
    assert main(["compare", typed]) == 0
    assert (tmp_path / name / "answers" / "comparison.csv").is_file()
    assert main(["report", typed]) == 0
    assert "complete" in (tmp_path / name / "report.html").read_text()
    assert len(load(typed).query("from results")) == len(made.query("from results")) > 0
    assert serve_folder(Path(typed), [])[0] is not None
    told = capsys.readouterr()
    assert "Traceback" not in told.out + told.err
    # All of it is where it was to be.
    top = Path(name).parts[0]
    assert [file.name for file in tmp_path.iterdir()] == [top]


def test_the_rows_are_those_of_this_study_and_not_of_its_neighbour(tmp_path: Path) -> None:
    """DuckDB takes `?` and `*` for patterns, and a folder `year=2099` for a column."""
    for seed, name in enumerate(["sta", "st?", "st*", "year=2099", "point=x"]):
        folder = tmp_path / name / "study"
        start([*PLAN, f"seed={seed}", override_of("output", str(folder))])
    values = {}
    for name in ("sta", "st?", "st*", "year=2099", "point=x"):
        study = load(tmp_path / name / "study")
        frame = study.query("select year, point, value from results order by all")
        assert set(frame["year"]) == {2011, 2012} and "x" not in set(frame["point"])
        assert len(study.connect().execute("from results").df()) == len(frame)
        values[name] = tuple(frame["value"])
    assert len(set(values.values())) == 5


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "a [b] {c}, d=e é🎓 'f' \"g\" #100% $HOME * ? ~"
    tiny_run(folder, calibration="none")
    return folder


def test_a_run_is_made_in_a_folder_of_an_odd_name(run: Path) -> None:
    assert load_run(run).manifest["output"] == str(run)


@pytest.mark.parametrize(
    "name", sampled(NAMES, lambda name: name not in OFTEN), ids=range(len(NAMES))
)
def test_a_run_is_read_in_a_folder_of_any_name(
    name: str,
    run: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(run, tmp_path / name)
    typed = f"./{name}" if name.startswith(("-", "~")) else name
    assert main(["report", typed]) == 0
    assert write_report(Path(typed)).is_file()
    assert len(load_run(typed).flows) and len(load_run(typed).summary)
    assert "Traceback" not in capsys.readouterr().err
