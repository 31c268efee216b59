"""Every file of a run says what it is: origin, columns with units, and a data package beside it."""

from __future__ import annotations

import csv
import datetime
import hashlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from packages import faults, package_in
from run_fakes import files, go
from tiny_run import tiny_run

import hesim
from hesim.record import description
from hesim.record.outputs import DATES
from hesim.record.run_folder import Run

ROOT = Path(__file__).resolve().parents[2]
KINDS = {
    description.TEXT: pa.types.is_dictionary,
    description.MONTH: pa.types.is_dictionary,
    description.WHOLE: pa.types.is_integer,
    description.NUMBER: pa.types.is_floating,
    description.FLAG: pa.types.is_boolean,
    description.DATE: pa.types.is_date,
}
"""What each type of a description is in Parquet."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return tiny_run(
        tmp_path_factory.mktemp("run") / "run",
        levers=["meet_and_greet"],
        attribution=True,
        figures=False,
        **{"levers.meet_and_greet.start": "2011-02"},
    )


def tables(run: Run) -> list[Path]:
    return [f for f in sorted(run.folder.iterdir()) if f.suffix in (".parquet", ".csv")]


def test_every_table_and_column_is_described_with_its_type(made: Run) -> None:
    found = {file.stem for file in tables(made)}
    assert found == set(description.described_tables())
    for file in tables(made):
        used = set()
        if file.suffix == ".csv":
            with file.open(encoding="utf-8") as lines:
                names = next(csv.reader(lines))
            kinds = dict.fromkeys(names)
        else:
            kinds = {field.name: field.type for field in pq.read_schema(file)}
        for name, kind in kinds.items():
            column = description.column_of(file.stem, name)
            assert column is not None, f"{file.name}: columns.yaml lacks {name}"
            used.add(column.name)
            if kind is not None:
                assert KINDS[column.type](kind), f"{file.name}: {name} is {kind}"
        described = {column.name for column in description.columns_of(file.stem)}
        assert described == used, f"columns.yaml describes what {file.name} lacks"


def test_parquet_files_say_where_they_come_from(made: Run) -> None:
    for file in tables(made):
        if file.suffix != ".parquet":
            continue
        schema = pq.read_schema(file)
        words = {key.decode(): value.decode() for key, value in schema.metadata.items()}
        assert words["hesim_version"] == hesim.__version__
        assert words["commit"] == (made.manifest["commit"] or "")
        assert words["code_sha256"] == made.manifest["code_sha256"]
        settings = hashlib.sha256((made.folder / "config.yaml").read_bytes()).hexdigest()
        assert words["settings_sha256"] == settings
        assert (words["population_scale"], words["seed"]) == ("0.01", str(made.manifest["seed"]))
        assert words["calibration"] == made.settings["calibration"]
        assert words["licence"] == "Apache-2.0"
        assert "simulated" in words["simulated"]
        for field in schema:
            assert field.metadata[b"description"], f"{file.name}: {field.name}"
            assert b"unit" in field.metadata
    fte = pq.read_schema(made.folder / "stocks.parquet").field("fte").metadata
    assert fte[b"unit"] == b"fte of 38 hours as simulated"


def test_dates_are_the_first_day_of_the_months_beside_them(made: Run) -> None:
    for table in ("stocks", "flows", "vacancies", "movers", "margins", "participants"):
        rows = pq.read_table(made.folder / f"{table}.parquet").to_pylist()
        for text, date in DATES.items():
            if rows and text in rows[0]:
                assert description.column_of(table, date).of == text
                for row in rows[:2000]:
                    day = datetime.date.fromisoformat(f"{row[text]}-01") if row[text] else None
                    assert row[date] == day
    assert str(made.flows["date"].dtype).startswith("datetime64")
    assert made.vacancies["closed_date"].isna().sum() == (made.vacancies["closed"] == "").sum() > 0


def test_the_data_package_names_every_table_as_it_is(made: Run) -> None:
    package = package_in(made.folder)
    assert faults(package, made.folder) == []
    assert {each["path"] for each in package["resources"]} == {f.name for f in tables(made)}
    assert package["hesim"]["population_scale"] == "0.01"
    fields = [field for each in package["resources"] for field in each["schema"]["fields"]]
    assert all({"name", "type", "description"} <= set(field) for field in fields)
    assert {"name": "fte", "unit": "fte of 38 hours as simulated"}.items() <= next(
        field.items() for field in fields if field["name"] == "fte"
    )


def test_a_broken_package_is_noticed(made: Run) -> None:
    package = package_in(made.folder)
    package["resources"][0]["hash"] = "sha256:0"
    package["resources"][1]["schema"]["fields"][0]["type"] = "word"
    assert len(faults(package, made.folder)) == 2


def test_the_document_has_the_same_words() -> None:
    text = (ROOT / "docs" / "outputs.md").read_text(encoding="utf-8")
    for place in (description.RUN, description.STUDY, description.ANSWERS, description.RUNS):
        assert description.markdown(place) in text, (
            f"docs/outputs.md lacks the table of columns {place} as it is now; "
            "`uv run python -m hesim.record.description` prints it"
        )


@pytest.mark.parametrize(
    "place", [description.RUN, description.STUDY, description.ANSWERS, description.RUNS]
)
def test_each_table_of_the_document_names_all_its_columns(place: str) -> None:
    first, *parts = description.markdown(place).split("\n**")
    told = {name: part for part in parts for name in [part.partition("`**")[0].lstrip("`")]}
    assert told.keys() == {
        table.rpartition("/")[2] for table in description.described_tables(place)
    }
    every = {line.split("`")[1] for line in first.splitlines() if line.startswith("| `")}
    for table in description.described_tables(place):
        part = told[table.rpartition("/")[2]]
        like = part.partition("It has the columns of `")[2].partition("`")[0]
        for column in description.columns_of(table):
            assert any(
                f"`{column.name}`" in text for text in (part, told.get(like, ""))
            ) or column.name in every & {"arm", "replication", "structure"}, (table, column.name)


def test_both_ends_of_an_interval_share_a_row() -> None:
    run, answers = description.markdown(description.RUN), description.markdown(description.ANSWERS)
    ends = (
        "| `low`, `high` | number | of the outcome | both ends of the 95% t interval of the mean |"
    )
    assert ends in run
    assert "| `low` | number | see `unit` | lowest end of all 95% intervals |" in answers


def test_exports_are_in_the_package_too(tmp_path: Path) -> None:
    made = go(tmp_path / "run", export=["csv", "xlsx"])
    package = package_in(made.folder)
    paths = {each["path"]: each for each in package["resources"]}
    assert {"flows.parquet", "flows.csv", "flows.xlsx", "outcomes.csv"} <= set(paths)
    names = [[f["name"] for f in paths[p]["schema"]["fields"]] for p in ("flows.csv", "flows.xlsx")]
    assert names[0] == names[1] == list(made.flows.columns)
    again = go(tmp_path / "again", export=["csv", "xlsx"])
    assert files(made.folder) == files(again.folder)
