"""The files of a study say what made them and what they hold, whoever wrote them and whenever."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import effort_fakes
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import study_fakes
from packages import faults, package_in, undescribed

import hesim
from hesim.record import description
from hesim.study import resume, start, store, study_outputs
from hesim.study.folder import Study
from hesim.study.inspection import inspect
from hesim.study.manifest import write_study_manifest
from hesim.study.share_search import COLUMNS

pytestmark = pytest.mark.once

DIAL = "model.choice.sector_cost"
PLAN = (
    "calibration=none",
    "years=2",
    "engine=serial",
    "study.flows=false",
    "study.levers=[job_swap]",
    f"study.uncertainties=[{DIAL}:1|2]",
    "study.design=grid",
)


def make(folder: Path, *more: str) -> Path:
    words = [*PLAN, "study.replications=4", *more, f"output={folder}"]
    start(words, simulate=study_fakes.policy)
    return folder


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("described") / "whole")


def in_parts(folder: Path) -> Path:
    """The same study in several parts that were never put together."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "FLUSH_RUNS", 6)
        patch.setattr(store.parts, "MERGE", 100)
        patch.setattr(store.Store, "settle", store.Store.flush)
        return make(folder)


def words_of(file: Path) -> dict[str, str]:
    return {
        key.decode(): value.decode()
        for key, value in pq.read_schema(file).metadata.items()
        if key != b"hesim"
    }


def tables(folder: Path) -> dict[str, Path]:
    [results], [status] = (
        list((folder / "parts").glob(f"*.{what}.parquet")) for what in ("results", "status")
    )
    points, design = folder / "points.parquet", folder / "design.parquet"
    return {"points": points, "design": design, "results": results, "status": status}


def test_every_table_says_what_made_it_and_what_its_columns_hold(whole: Path) -> None:
    manifest = json.loads((whole / "manifest.json").read_text(encoding="utf-8"))
    settings = hashlib.sha256((whole / "config.yaml").read_bytes()).hexdigest()
    for name, file in tables(whole).items():
        words = words_of(file)
        assert words["hesim_version"] == hesim.__version__
        assert words["commit"] == (manifest["commit"] or "")
        assert words["code_sha256"] == manifest["code_sha256"]
        assert (words["settings_sha256"], words["study"]) == (settings, manifest["study"])
        assert (words["population_scale"], words["seed"]) == ("1", "1")
        assert (words["calibration"], words["structure"]) == ("none", "standing")
        assert words["licence"] == "Apache-2.0" and "simulated" in words["simulated"]
        assert words["title"] == description.title_of(f"study/{name}")
        for field in pq.read_schema(file):
            assert field.metadata[b"description"], f"{name}: {field.name}"
            assert b"unit" in field.metadata
    value = pq.read_schema(tables(whole)["results"]).field("value").metadata
    assert value[b"unit"] == b"of the outcome"


def test_every_column_is_described_and_nothing_else(whole: Path) -> None:
    for name, file in tables(whole).items():
        columns = [column.name for column in description.columns_of(f"study/{name}")]
        wanted = [each for each in columns if each != "structure"]
        names = ["*" if each == DIAL else each for each in pq.read_schema(file).names]
        assert names == wanted


def test_the_package_lists_all_tables_of_a_study(whole: Path) -> None:
    package = package_in(whole)
    assert faults(package, whole) == [] and undescribed(package) == []
    assert [each["name"] for each in package["resources"]] == [
        "points-parquet",
        "design-parquet",
        "results-parquet",
        "status-parquet",
    ]
    study = json.loads((whole / "manifest.json").read_text(encoding="utf-8"))["study"]
    assert (package["hesim"]["study"], package["hesim"]["settings"]) == (study, "config.yaml")
    types = {
        field["name"]: field["type"]
        for each in package["resources"]
        for field in each["schema"]["fields"]
    }
    assert (types["value"], types["run"], types[DIAL]) == ("number", "integer", "any")


def test_two_workers_write_the_same_bytes(whole: Path, tmp_path: Path) -> None:
    words = [word for word in PLAN if not word.startswith("engine")]
    folder = tmp_path / "two"
    again = [*words, "workers=2", "study.replications=4", f"output={folder}"]
    start(again, simulate=study_fakes.policy)
    for name in ("results", "points", "design"):
        assert tables(folder)[name].read_bytes() == tables(whole)[name].read_bytes()


def test_a_study_that_was_cut_short_and_resumed_has_the_same_bytes(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where another commit resumes it, whose rows are the same, and a file is made again."""
    parted = in_parts(tmp_path / "parted")
    several = package_in(parted)
    assert faults(several, parted) == []
    names = [each["name"] for each in several["resources"]]
    assert sum(name.startswith("results-parquet-") for name in names) > 1
    for kind in ("results", "status"):
        for file in (parted / "parts").glob(f"*.{kind}.parquet"):
            assert words_of(file) == words_of(tables(whole)[kind])
    # The half is missing, and comes back in another session.
    for file in sorted((parted / "parts").iterdir())[:2]:
        file.unlink()
    (parted / "points.parquet").unlink()
    other = {"commit": "0" * 40, "dirty": False, "code_sha256": "0" * 64}
    monkeypatch.setattr(study_outputs, "code_facts", lambda: other)
    resume(parted, ["engine=serial"], simulate=study_fakes.policy)
    assert faults(package_in(parted), parted) == []
    for name in ("results", "points", "design"):
        assert tables(parted)[name].read_bytes() == tables(whole)[name].read_bytes()
    assert words_of(tables(parted)["status"]) == words_of(tables(whole)["status"])


def test_the_package_is_gone_while_a_study_goes_on(tmp_path: Path) -> None:
    folder, seen = tmp_path / "study", []

    def looks(settings: hesim.config.Settings, replication: int) -> study_fakes.Outcomes:
        seen.append((folder / "datapackage.json").exists())
        return study_fakes.policy(settings, replication)

    start([*PLAN, "study.replications=2", f"output={folder}"], simulate=looks)
    first = package_in(folder)
    resume(folder, ["study.replications=3", "engine=serial"], simulate=looks)
    assert len(seen) > 8 and not any(seen)
    assert faults(package_in(folder), folder) == []
    assert package_in(folder)["resources"] != first["resources"]
    assert package_in(folder)["hesim"] == first["hesim"]


def undescribed_study(folder: Path) -> None:
    """Make a study what one was before its files described themselves."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    del manifest["settings_sha256"]
    for name in ("points.parquet", "design.parquet"):
        pq.write_table(bare(pq.read_table(folder / name)), folder / name)
        manifest["files"][name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    for file in sorted((folder / "parts").glob("*.results.parquet")):
        pq.write_table(bare(pq.read_table(file)), file)
        status = file.with_name(file.name.replace("results", "status"))
        table = pq.read_table(status)
        note = json.loads(table.schema.metadata[b"hesim"])
        note = {key: note[key] for key in ("level", "replaces", "study")}
        note["sha256"] = hashlib.sha256(file.read_bytes()).hexdigest()
        noted = bare(table).replace_schema_metadata({b"hesim": json.dumps(note).encode()})
        pq.write_table(noted, status)
    (folder / "datapackage.json").unlink()
    write_study_manifest(folder, manifest)


def bare(table: pa.Table) -> pa.Table:
    return pa.table(table.columns, names=table.column_names)


def test_a_study_from_before_is_read_and_resumed(whole: Path, tmp_path: Path) -> None:
    old = in_parts(tmp_path / "old")
    undescribed_study(old)
    asked = "from results order by all"
    assert Study(old).completeness.complete
    assert Study(old).query(asked).equals(Study(whole).query(asked))
    resume(old, ["engine=serial"], simulate=study_fakes.policy)
    # Put together, the rows say what they are; what nobody writes again stays as it is.
    assert tables(old)["results"].read_bytes() == tables(whole)["results"].read_bytes()
    assert pq.read_schema(old / "points.parquet").metadata is None
    package = package_in(old)
    assert faults(package, old) == [] and undescribed(package) == []
    assert package["hesim"] == package_in(whole)["hesim"]


def other_commit(table: pa.Table) -> pa.Table:
    return table.replace_schema_metadata({**table.schema.metadata, b"commit": b"0" * 40})


def other_words(table: pa.Table) -> pa.Table:
    fields = [
        field.with_metadata({**field.metadata, b"unit": b"minutes"})
        if field.name == "seconds"
        else field
        for field in table.schema
    ]
    return table.cast(pa.schema(fields, metadata=table.schema.metadata))


@pytest.mark.parametrize(
    ("which", "change"),
    [("results", other_commit), ("status", other_commit), ("status", other_words)],
)
def test_words_that_were_changed_are_noticed(
    which: str, change: Callable[[pa.Table], pa.Table], whole: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "study"
    shutil.copytree(whole, folder)
    file = tables(folder)[which]
    pq.write_table(change(pq.read_table(file)), file)
    study = Study(folder)
    [why] = inspect(folder / "parts", study._labels).damaged.values()
    assert "not what was written" in why
    assert study.completeness.whole == 0


def test_a_table_of_efforts_is_in_the_package(tmp_path: Path) -> None:
    words = ["calibration=none", "years=4", "engine=serial", "study.replications=2"]
    asked = ["study.levers=[meet_and_greet,job_swap]", "study.budget=1e6", "study.flows=false"]
    folder = tmp_path / "study"
    start([*words, *asked, f"output={folder}"], simulate=effort_fakes.known_spending)
    package = package_in(folder)
    assert faults(package, folder) == [] and undescribed(package) == []
    with (folder / "effort.csv").open(encoding="utf-8") as lines:
        names = next(csv.reader(lines))
    [fields] = [
        [field["name"] for field in each["schema"]["fields"]]
        for each in package["resources"]
        if each["path"] == "effort.csv"
    ]
    assert fields == names == list(COLUMNS)


def test_a_study_of_several_structures_names_all_of_them(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    words = ["years=2", "engine=serial", "study.replications=1", "study.flows=false"]
    asked = ["study.structures=[standing,growing]", "calibration=none", f"output={folder}"]
    start([*words, *asked], simulate=study_fakes.effect)
    words_there = words_of(tables(folder)["results"])
    assert words_there["structure"] == "standing, growing"
    assert words_there["calibration"] == "none"
    design = next(each for each in package_in(folder)["resources"] if "design" in each["name"])
    assert design["schema"]["fields"][0]["name"] == "structure"
