"""JSON Schema and tables of settings: packaged files fit, mistakes do not, nothing is left out."""

from __future__ import annotations

import csv
import io
import json
from functools import cache
from typing import Any

import jsonschema
import pytest
import yaml

from hesim.cli import main
from hesim.cli.formats import COLUMNS, CSV, MARKDOWN, schema_text, table_of
from hesim.config.folders import packaged_file, packaged_places
from hesim.config.json_schema import TOP, kinds, value_schema
from hesim.config.listing import Row, setting_rows
from hesim.config.meaning import meaning_of
from hesim.config.nodes import packaged_node
from hesim.config.schema import read_schema
from hesim.config.trees import leaves
from hesim.levers.file_schema import KIND
from hesim.scenario import compose, scenario_layers
from hesim.sources import PACKAGE, packaged


@cache
def judge(kind: str) -> jsonschema.Draft202012Validator:
    body = json.loads(schema_text(kind))
    jsonschema.Draft202012Validator.check_schema(body)
    return jsonschema.Draft202012Validator(body)


def kind_of(place: str) -> str:
    if place.startswith("levers/"):
        return KIND
    package = packaged_node(place).package
    return next(kind for kind, path in kinds().items() if path == package)


def faults(kind: str, text: str) -> list[str]:
    return [error.message for error in judge(kind).iter_errors(yaml.safe_load(text))]


@pytest.mark.parametrize("place", packaged_places())
def test_every_packaged_file_fits(place: str) -> None:
    body = packaged_file(place).body
    assert [error.message for error in judge(kind_of(place)).iter_errors(body)] == []


def test_the_files_of_a_project_fit() -> None:
    conf = PACKAGE / "project" / "conf"
    for kind, name in ((TOP, "experiment/first_question.yaml"), (KIND, "levers/open_day.yaml")):
        assert faults(kind, (conf / name).read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (TOP, "yeers: 3"),
        (TOP, "years: 0"),
        (TOP, "years: 2.5"),
        (TOP, "start: 2011-13"),
        (TOP, "study: {design: gird}"),
        (TOP, "population: {scale: 9}"),
        (TOP, "levers: {single_cao: {strength: 2}}"),
        (TOP, "model: {choice: {sector_cost: {_target_: os.getcwd}}}"),
        ("model.choice", "sector_csot: 1"),
        ("model.choice", "sector_cost: 11"),
        ("model.choice", "scale: {hbo: much}"),
        ("model.choice", "defaults: 3"),
        (KIND, "title: x"),
        (KIND, "defaults: [single_cao]\ngroup: trems"),
    ],
)
def test_what_settings_may_not_be_does_not_fit(kind: str, text: str) -> None:
    assert faults(kind, text)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (TOP, "years: 3\nworkers: null\nexport: csv\nstart: '2012-02'"),
        (TOP, "model: {choice: {sector_cost: 9.0, scale: {hbo: 2}}}"),
        (TOP, "defaults: [{population: quarter}, {levers: [a, b]}, _self_]"),
        ("model.choice", "scale: {hbo: 2}"),
        ("population", "other_education: {hbo: 0.02}"),
        (KIND, "defaults: [single_cao]\nsingle_cao: {strength: 0.5}"),
    ],
)
def test_partial_files_fit(kind: str, text: str) -> None:
    assert faults(kind, text) == []


def test_the_schema_accepts_what_settings_accept() -> None:
    """Values about the ends of each range and type are judged alike by both."""
    tried: list[object] = [None, True, "", "x", "2014-01", "2014-13", [], ["x"], [1.0], {}, 0.5]
    for meaning in read_schema(packaged()).meanings:
        ends = [end for end in (meaning.min, meaning.max) if end is not None]
        near: list[object] = [end + step for end in ends for step in (-1, 0, 1)]
        names: list[object] = [*meaning.choices, list(meaning.choices)]
        one = jsonschema.Draft202012Validator(value_schema(meaning))
        for value in [*tried, *near, *names]:
            if meaning.sum is not None and isinstance(value, list):
                # What a list must add up to is not said by JSON Schema.
                continue
            accepted = meaning._accepts(value)
            whole = isinstance(value, float) and value.is_integer() and meaning.type == "int"
            if not whole and not (isinstance(value, list) and meaning.type != "list"):
                assert one.is_valid(value) == accepted, (meaning.path, value)


def test_each_setting_has_its_meaning_unit_and_default() -> None:
    body = json.loads(schema_text(TOP))
    values = compose().resolved()
    values.pop("levers")
    for path, value in leaves(values):
        node: dict[str, Any] = body
        for part in path.split("."):
            node = next(each for each in (node, *node.get("anyOf", ())) if "properties" in each)
            node = node["properties"][part]
        assert node.get("default") == value, path
        told = body["$defs"][node["$ref"].removeprefix("#/$defs/")] if "$ref" in node else node
        meaning = read_schema(packaged()).find(path)
        assert meaning is not None
        assert meaning.about in told["description"] and meaning.source in told["description"]
        assert told.get("unit", "") == meaning.unit


def test_a_list_of_one_length_says_so() -> None:
    given = {"type": "list", "of": "float", "min": 0, "max": 1, "length": 2, "label": "assumed"}
    one = jsonschema.Draft202012Validator(value_schema(meaning_of("a", given)))
    assert [one.is_valid(value) for value in ([0, 1], [1], [0, 2], 1)] == [
        True,
        False,
        False,
        False,
    ]


def test_settings_as_csv_have_a_row_each(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config", "--csv", "years=3"]) == 0
    found = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    listed = setting_rows(scenario_layers(["years=3"]))
    assert [row["setting"] for row in found] == [row.path for row in listed]
    years = next(row for row in found if row["setting"] == "years")
    assert years["value"] == "3" and years["set_by"] == "the command line"
    assert years["unit"] == "years" and "from 1 to 100" in years["range"]
    assert years["label"] == "setting" and years["source"] and years["about"]


def test_settings_as_markdown_are_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config", "population", "--markdown"]) == 0
    lines = capsys.readouterr().out.splitlines()
    bars = [line.replace(r"\|", "").count("|") for line in lines]
    assert set(bars) == {len(COLUMNS) + 1}
    assert lines[2].startswith("| population.scale | 1.0 | share |")


def test_bars_and_line_breaks_end_no_cell() -> None:
    row = Row("a", "x|y", about="one\ntwo")
    assert table_of([row], MARKDOWN).splitlines()[2] == (r"| a | x\|y |  |  |  |  | one two |  |")
    assert table_of([row], CSV).splitlines()[1:] == ['a,x|y,,,,,"one', 'two",']


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--schema", "model.choise"], "did you mean model.choice?"),
        (["--schema", "--csv"], "one of these at a time"),
        (["--schema", "years=3"], "years=3"),
        (["--csv", "model.choise"], "did you mean model.choice?"),
    ],
)
def test_bad_words_are_refused(
    words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["config", *words]) == 2
    shown = capsys.readouterr()
    assert told in shown.err and shown.out == ""
