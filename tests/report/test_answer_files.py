"""Every table that an answer leaves is described, column by column, in the package beside it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import barrier_fakes
import effort_fakes
import fake_structures
import pytest
import study_fakes
from packages import faults, package_in, undescribed
from run_fakes import go
from tiny_run import tiny_run

import hesim
from hesim.cli import main
from hesim.outcomes.breakdown import ABOUT
from hesim.record import description, participant_table
from hesim.report.breakdown import find_breakdown
from hesim.report.comparison import compare
from hesim.study import start
from hesim.study.answers import barriers, knowing, structures
from hesim.study.answers.breakdown import breakdown
from hesim.study.folder import Study

pytestmark = pytest.mark.once

DIALS = "study.uncertainties=[model.choice.sector_cost:1:3,model.choice.distance_cost:0:1]"
LEVERS = "study.levers=[job_swap,meet_and_greet,job_swap+meet_and_greet]"
OF_RUN = ("year", "from_year", "to_year", "mean", "low", "high", "replications")
"""Columns of outcomes by region, age and so on that tables of a run have, or those by year."""
Simulate = Callable[..., study_fakes.Outcomes]


def costly(settings: hesim.config.Settings, replication: int) -> study_fakes.Outcomes:
    """Levers with an effect, flows and costs."""
    return {
        **study_fakes.priced(settings, replication),
        **study_fakes.policy(settings, replication),
    }


KINDS: dict[str, tuple[Simulate, tuple[str, ...]]] = {
    "sampled": (costly, (DIALS, "study.design=lhs", "study.n=44", LEVERS, "study.threshold=16")),
    "listed": (study_fakes.policy, (DIALS, "study.levers=[job_swap]")),
    "sobol": (study_fakes.effect, (DIALS, "study.design=sobol", "study.n=8")),
    "morris": (study_fakes.effect, (DIALS, "study.design=morris", "study.n=4")),
    "alike": (study_fakes.constant, (DIALS, "study.design=lhs", "study.n=6")),
    "structures": (
        fake_structures.by_structure,
        ("study.structures=[standing,growing]", DIALS, "study.design=lhs", "study.n=5", LEVERS),
    ),
    "effort": (
        effort_fakes.known_spending,
        ("study.levers=[meet_and_greet,job_swap]", "study.budget=1e6", "study.flows=false"),
    ),
    "dials": (
        study_fakes.rivals,
        (
            "calibration=production",
            "study.levers=[job_swap,meet_and_greet]",
            "study.draws=12",
            "study.dials=prior",
            "study.flows=false",
        ),
    ),
}
"""Studies that fill all tables of `hesim compare` but those named below."""


@pytest.fixture(scope="module", autouse=True)
def unpainted() -> Iterator[None]:
    """Figures are drawn elsewhere."""
    from hesim.charts import drawing, style

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drawing, "draw", lambda chart: None)
        patch.setattr(style, "png", lambda figure: b"")
        yield


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Folders with answers of each kind of study."""
    place = tmp_path_factory.mktemp("answers")
    found = {}
    for name, (simulate, words) in KINDS.items():
        common = ["calibration=none", "years=3", "engine=serial", "study.replications=2"]
        made = start([*common, *words, f"output={place / name}"], simulate=simulate)
        assert made is not None
        compare(made.folder)
        found[name] = made.folder / "answers"
    hesim.dose(
        "meet_and_greet",
        ["calibration=none", "years=3", "engine=serial", "replications=2"],
        simulate=effort_fakes.known_spending,
        output=str(place / "dose"),
    )
    hesim.barriers(
        ["engine=serial", "names=[familiarity,posts]", "draws=3", "structures=[standing]"],
        simulate=barrier_fakes.known_barriers,
        output=str(place / "barriers"),
    )
    hesim.worth_knowing(place / "dials")
    hesim.worth_knowing(place / "sampled", ["value=100000", "budget=1e9"])
    return found | {name: place / name / "answers" for name in ("dose", "barriers")}


@pytest.fixture(autouse=True)
def with_discovery() -> None:
    pytest.importorskip("ema_workbench")


def test_every_table_is_in_the_package_and_every_column_described(
    answers: dict[str, Path],
) -> None:
    for name, folder in answers.items():
        package = package_in(folder)
        assert faults(package, folder) == [], name
        assert undescribed(package) == [], name
        described = {each["path"] for each in package["resources"]}
        assert described == {file.name for file in folder.glob("*.csv")}, name


def test_every_table_that_the_code_names_is_described() -> None:
    """Answers of studies of which none is made above."""
    place = Path(hesim.__file__).parent / "study" / "answers"
    named = {
        name.replace("{file_name(arm)}", "arm")
        for file in place.glob("*.py")
        for name in re.findall(r"\.tables\[f?\"([^\"]+)\"\] =", file.read_text(encoding="utf-8"))
    }
    named |= {knowing.TABLE, knowing.NET_TABLE, participant_table.TABLE, structures.RANGES}
    named |= set(barriers.TABLES)
    assert len(named) > 15
    for name in named:
        assert description.table_named(name, description.ANSWERS) is not None, name


def test_nothing_is_described_that_no_answer_has(answers: dict[str, Path]) -> None:
    used: dict[str, set[str]] = {}
    for folder in answers.values():
        for each in package_in(folder)["resources"]:
            table = description.table_named(Path(each["path"]).stem, description.ANSWERS)
            assert table is not None
            names = [field["name"] for field in each["schema"]["fields"]]
            columns = [description.column_of(table, name) for name in names]
            used.setdefault(table, set()).update(column.name for column in columns if column)
    # Others write these two, of outcomes that the stand-ins do not have.
    used["answers/participants"] = {"arm", "scenario", *participant_table.COLUMNS, "grade"}
    used["answers/by_*"] = {*used["answers/comparison"], *ABOUT, *OF_RUN}
    for table in description.described_tables(description.ANSWERS):
        described = {column.name for column in description.columns_of(table)}
        assert described - used[table] <= {"structure"}, table


def test_a_breakdown_has_the_columns_that_are_described(answers: dict[str, Path]) -> None:
    study = Study(answers["listed"].parent)
    table = description.table_named("by_field", description.ANSWERS)
    assert table == "answers/by_*"
    assert description.table_named("by_year", description.ANSWERS) == "answers/by_year"
    for dimension in ABOUT:
        for name in breakdown(study, dimension, yearly=True).columns:
            assert description.column_of(table, name) is not None
        for name in breakdown(study, dimension).columns:
            assert description.column_of(table, name) is not None


def test_tables_of_a_run_are_described_too(tmp_path: Path) -> None:
    made = hesim.load(tiny_run(tmp_path / "run", figures=False).folder)
    there = tmp_path / "tables"
    find_breakdown(made.folder, "field", there)
    package = package_in(there)
    assert faults(package, there) == [] and undescribed(package) == []
    assert package["hesim"] == package_in(made.folder)["hesim"]
    assert {each["path"] for each in package["resources"]} == {f.name for f in there.glob("*.csv")}
    [first, _] = package["resources"]
    assert (first["path"], first["hesim"]["by"]) == ("by_field.csv", "field")
    assert (
        first["hesim"]["runs"]
        == first["hesim"]["planned_runs"]
        == len(made.manifest["replications"]["done"])
    )


def test_a_package_says_what_was_asked_and_of_how_many_runs(answers: dict[str, Path]) -> None:
    folder = answers["sampled"]
    package, study = package_in(folder), package_in(folder.parent)
    origin = {key: value for key, value in study["hesim"].items() if key != "settings"}
    assert package["hesim"] == origin
    [best] = [each for each in package["resources"] if each["path"] == "best.csv"]
    asked = best["hesim"]
    assert (asked["outcome"], asked["better"], asked["threshold"]) == ("wo_to_hbo", "more", 16.0)
    assert asked["unit"] == "persons a year"
    assert asked["runs"] == asked["planned_runs"] == 44 * 4 * 2
    assert asked["answered_by"]["hesim_version"] == hesim.__version__
    fields = {field["name"]: field for field in best["schema"]["fields"]}
    assert fields["best_percent"]["unit"] == "percent of the worlds"


def test_another_question_leaves_the_entries_of_other_tables(
    answers: dict[str, Path], tmp_path: Path
) -> None:
    folder = tmp_path / "study"
    shutil.copytree(answers["sampled"].parent, folder)
    there = folder / "answers"
    before = {each["path"]: each for each in package_in(there)["resources"]}
    hesim.worth_knowing(folder, ["study.outcome=hbo_to_wo"])
    after = {each["path"]: each for each in package_in(there)["resources"]}
    assert set(after) - set(before) == {"worth_knowing.csv"}
    assert {name: after[name] for name in before} == before
    assert after["worth_knowing.csv"]["hesim"]["outcome"] == "hbo_to_wo"
    # What somebody changed is no longer what was written, and a file of another is none of these.
    with (there / "best.csv").open("a", encoding="utf-8") as file:
        file.write("mine\n")
    (there / "mine.csv").write_text("mine\n", encoding="utf-8")
    hesim.worth_knowing(folder)
    again = {each["path"] for each in package_in(there)["resources"]}
    assert again == set(after) - {"best.csv"}
    assert faults(package_in(there), there) == []


def test_answers_of_another_study_are_not_taken_for_ones_own(
    answers: dict[str, Path], tmp_path: Path
) -> None:
    compare(answers["structures"].parent, output=tmp_path / "both")
    compare(answers["listed"].parent, output=tmp_path / "both")
    package = package_in(tmp_path / "both")
    paths = {each["path"] for each in package["resources"]}
    assert "comparison.csv" in paths and "structures.csv" not in paths
    assert (tmp_path / "both" / "structures.csv").is_file()
    assert package["hesim"] == package_in(answers["listed"])["hesim"]


def test_answers_beside_a_study_leave_its_own_package(
    answers: dict[str, Path], tmp_path: Path
) -> None:
    folder = tmp_path / "study"
    shutil.copytree(answers["listed"].parent, folder)
    before = (folder / "datapackage.json").read_bytes()
    compare(folder, output=folder)
    assert (folder / "comparison.csv").is_file()
    assert (folder / "datapackage.json").read_bytes() == before


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"hesim": 1, "resources": 2}'])
def test_a_package_that_is_none_is_written_anew(
    content: str, answers: dict[str, Path], tmp_path: Path
) -> None:
    (tmp_path / "datapackage.json").write_text(content, encoding="utf-8")
    compare(answers["listed"].parent, output=tmp_path)
    assert faults(package_in(tmp_path), tmp_path) == []


def test_a_comparison_of_runs_says_what_made_both(tmp_path: Path) -> None:
    first, second = go(tmp_path / "first"), go(tmp_path / "second", seed=2)
    there = tmp_path / "compared"
    words = ["compare", str(first.folder), str(second.folder), f"output={there}", "--quiet"]
    assert main(words) == 0
    package = package_in(there)
    assert faults(package, there) == [] and undescribed(package) == []
    assert {each["path"] for each in package["resources"]} == {
        "comparison.csv",
        "comparison_by_year.csv",
    }
    for which, run in (("first", first), ("second", second)):
        assert package["hesim"][which] == package_in(run.folder)["hesim"]
    for table in ("runs/comparison", "runs/comparison_by_year"):
        name = f"{table.partition('/')[2]}.csv"
        [fields] = [
            [field["name"] for field in each["schema"]["fields"]]
            for each in package["resources"]
            if each["path"] == name
        ]
        assert fields == [column.name for column in description.columns_of(table)]
