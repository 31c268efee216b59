"""What a run or study was made from goes with its folder: it can be made again from that alone."""

from __future__ import annotations

import html
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
import study_fakes

from hesim.cli import main
from hesim.config.writing import override_of
from hesim.record.recipe import write_recipe
from hesim.report.document import write_report
from hesim.scenario import compose
from hesim.study import load, observation, resume, start
from hesim.study.folder import Study
from hesim.tables.loading import __file__ as loading

pytestmark = pytest.mark.once

LEVER = "study.levers=[our_swap,meet_and_greet]"


def configure(place: Path) -> Path:
    """A user's configuration: one year, a lever of its own, and tables elsewhere."""
    from hesim.sources import packaged

    conf = place / "my conf"
    (conf / "levers").mkdir(parents=True)
    (conf / "config.yaml").write_text("years: 1\nseed: 77\n")
    lever = (packaged() / "levers" / "job_swap.yaml").read_text()
    (conf / "levers" / "our_swap.yaml").write_text(
        lever.replace("levers.job_swap", "levers.our_swap")
    )
    data = place / "my data"
    data.mkdir()
    shutil.copy(Path(loading).parent / "data" / "macro_2011.csv", data)
    return conf


@pytest.fixture(scope="module")
def cheap() -> Iterator[None]:
    """The command line knows no other model: this one stands in for it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(observation, "replication_outcomes", study_fakes.as_model(study_fakes.policy))
        yield


@pytest.fixture(scope="module")
def first(cheap: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place with a user's configuration and a study that was made with it, and its copy."""
    place = tmp_path_factory.mktemp("recipe") / "place"
    place.mkdir()
    start(
        [
            "calibration=none",
            "engine=serial",
            "study.outcome=wo_to_hbo",
            LEVER,
            "study.replications=3",
            override_of("data", str(place / "my data")),
            override_of("output", str(place / "study")),
        ],
        configure(place),
    )
    return shutil.copytree(place, place.parent / "copy")


@pytest.fixture
def own(first: Path) -> Iterator[Path]:
    """The user's configuration, in the same place each time."""
    place = shutil.copytree(first, first.parent / "place", dirs_exist_ok=True)
    yield place / "my conf"
    shutil.rmtree(place)


def gone(own: Path) -> None:
    """The user's own files go."""
    shutil.rmtree(own)
    shutil.rmtree(own.parent / "my data")


def recipe(folder: Path) -> list[str]:
    """The words of the command in a folder's report."""
    text = html.unescape(write_report(folder).read_text(encoding="utf-8"))
    [line] = re.findall(r"uv run --no-dev hesim ([^\n<]+)", text)
    return shlex.split(line)


def made(own: Path) -> Study:
    return Study(own.parent / "study")


def same(one: Path, other: Path) -> None:
    sql = "from results order by all"
    pd.testing.assert_frame_equal(Study(one).query(sql), Study(other).query(sql))
    assert Study(one).manifest["study"] == Study(other).manifest["study"]


def test_a_study_is_made_again_from_its_folder_alone(
    own: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    study = made(own)
    assert study.settings["years"] == 1 and set(study.arms) >= {"our_swap"}
    gone(own)
    monkeypatch.chdir(own.parent)
    words = recipe(study.folder)
    assert words[:3] == ["study", "--config", "study/config"]
    assert main(words) == 0, capsys.readouterr().err
    same(study.folder, own.parent / "study_again")


def test_a_recipe_holds_after_the_users_files_have_changed(
    own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = made(own)
    for file in own.rglob("*.yaml"):
        file.write_text("years: 9\n" if file.name == "config.yaml" else "# nothing\n")
    monkeypatch.chdir(own.parent)
    assert main(recipe(study.folder)) == 0
    same(study.folder, own.parent / "study_again")


def test_a_recipe_says_the_replications_that_were_added(
    own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = made(own)
    resume(study.folder, ["study.replications=5", "engine=serial"])
    monkeypatch.chdir(own.parent)
    assert main(recipe(study.folder)) == 0
    same(study.folder, own.parent / "study_again")


def test_a_fork_keeps_what_the_study_was_made_from(own: Path) -> None:
    study = made(own)
    resume(study.folder, ["study.replications=4", "engine=serial"])
    gone(own)
    fork = resume(study.folder, ["model.choice.sector_cost=2", "engine=serial"], force=True)
    assert fork.folder.name == "study_2"
    then, now = study.settings, fork.settings
    assert now["years"] == 1 and now["seed"] == 77
    assert now["model"]["choice"].pop("sector_cost") == 2
    then["model"]["choice"].pop("sector_cost")
    assert now["model"] == then["model"] and now["population"] == then["population"]
    assert fork.manifest["facts"]["arms"] == study.manifest["facts"]["arms"]
    assert fork.manifest["facts"]["data_sha256"] == study.manifest["facts"]["data_sha256"]
    assert fork.manifest["replications"] == 4
    # And a fork of the fork.
    shutil.rmtree(study.folder)
    again = resume(fork.folder, ["seed=5", "engine=serial"], force=True)
    assert again.settings["years"] == 1 and again.settings["model"]["choice"]["sector_cost"] == 2


def test_a_fork_of_edited_settings_takes_these(own: Path) -> None:
    study = made(own)
    config = study.folder / "config.yaml"
    config.write_text(config.read_text().replace("years: 1\n", "years: 2\n"))
    fork = resume(study.folder, ["engine=serial"], force=True)
    assert fork.settings["years"] == 2 and fork.settings["seed"] == 77


def test_settings_are_the_same_after_a_recipe(own: Path, tmp_path: Path) -> None:
    for number, (words, folder) in enumerate(
        [
            ([], None),
            (["levers=[terms,job_swap]", "levers.single_cao.start=2013-01", "seed=3"], None),
            (["calibration=none", "model.choice.sector_cost=3", "start='2012-01'"], None),
            (["calibration=blind", "levers=[our_swap]"], own),
            (["+experiment=sector_costs"], None),
        ]
    ):
        settings = compose(words, folder)
        write_recipe(tmp_path / f"kept_{number}", settings)
        assert compose([], tmp_path / f"kept_{number}" / "config").yaml() == settings.yaml()


def test_a_run_is_made_again_from_its_folder_alone(
    own: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(own.parent)
    words = [
        "run",
        "--config",
        str(own),
        "levers=[our_swap]",
        "population.scale=0.01",
        "burn_in=1",
        "calibration=none",
        "replications=1",
        "workers=1",
        "figures=false",
        "output=first",
        "levers.our_swap.start='2011-03'",
        override_of("data", str(own.parent / "my data")),
    ]
    assert main(words) == 0, capsys.readouterr().err
    first = own.parent / "first"
    gone(own)
    assert main(recipe(first)) == 0, capsys.readouterr().err
    again = own.parent / "first_again"
    names = {file.name for file in first.iterdir() if file.suffix in (".csv", ".parquet", ".yaml")}
    assert len(names) > 7
    for name in names:
        assert (first / name).read_bytes() == (again / name).read_bytes(), name


@pytest.mark.parametrize(
    "value",
    [
        "a b",
        "a=b",
        "[x]",
        "it's",
        'say "hi"',
        "back\\slash",
        "end\\",
        'x\\"y',
        "new\nline",
        "é🎓",
        "$HOME",
        "a,b",
        "{a}",
        "#",
        "100%",
        "*?",
        "null",
        "1",
        "2011-01",
        "~x",
        "-x",
        " lead",
        1.5,
        None,
        True,
        [1, "a,b", None],
        {"a": 1, "b": "q r"},
    ],
)
def test_an_override_says_what_it_was_made_from(value: object) -> None:
    from hydra.core.override_parser.overrides_parser import OverridesParser

    read = OverridesParser.create().parse_override(override_of("output", value)).value()
    assert (str(read) if isinstance(value, str) else read) == value


def test_loading_a_whole_study_warns_of_nothing(own: Path) -> None:
    import warnings

    study = made(own)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert load(study.folder).completeness.complete
