"""Settings: composed, validated whole, immutable, and free of the machine."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hesim.calibration.plan import read_calibration_plan
from hesim.cli import main
from hesim.config import ConfigErrors
from hesim.config.labels import KINDS
from hesim.config.listing import rows_below, setting_rows
from hesim.config.schema import read_schema
from hesim.config.trees import leaves
from hesim.input.problems import nearest
from hesim.scenario import compose, scenario_layers
from hesim.sources import packaged


def problems(
    *overrides: str, folder: Path | None = None, extra: dict[str, object] | None = None
) -> dict[str, str]:
    with pytest.raises(ConfigErrors) as caught:
        compose(overrides, folder, extra)
    return {problem.path: str(problem) for problem in caught.value.problems}


def written(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return folder


def test_defaults_are_a_decade_at_full_scale() -> None:
    settings = compose()
    assert settings.integer("years") == 10
    assert settings.text("start") == "2011-01"
    assert settings.number("population.scale") == 1.0
    assert settings.flag("figures") is True
    assert settings["workers"] is None
    assert "careers" in settings.mapping("model")
    assert settings.changed() == ()


def test_overrides_and_python_values_are_applied() -> None:
    settings = compose(["years=3", "start=2014-02", "export=[csv,xlsx]"], extra={"seed": 7})
    assert settings.integer("years") == 3
    assert settings.text("start") == "2014-02"
    assert settings["export"] == ["csv", "xlsx"]
    assert settings.changed() == ("export", "seed", "start", "years")


def test_every_leaf_has_a_meaning() -> None:
    schema = read_schema(packaged())
    settings = compose().resolved()
    # Levers have theirs in their own files; see test_levers_config.py.
    assert settings.pop("levers") == {}
    missing = [path for path, _ in leaves(settings) if schema.find(path) is None]
    assert missing == []


def test_every_meaning_has_a_leaf_a_source_and_words() -> None:
    paths = [path for path, _ in leaves(compose(["levers=everything"]).resolved())]
    for meaning in read_schema(packaged()).meanings:
        assert any(meaning.fits(path) for path in paths), meaning.path
        assert meaning.about, meaning.path
        assert meaning.source, meaning.path


def test_all_problems_come_at_once() -> None:
    found = problems(
        "years=-1", "seeed=3", "start=2011-13", "population.scale=9", "a b", "figures=2"
    )
    assert set(found) == {"years", "seeed", "start", "population.scale", "a b", "figures"}
    assert "from 1 to 100" in found["years"] and "-1" in found["years"]
    assert "did you mean seed?" in found["seeed"]
    assert "2014-01" in found["start"]
    assert "true or false" in found["figures"]


@pytest.mark.parametrize(
    ("override", "path"),
    [
        ("years=2.5", "years"),
        ("years=true", "years"),
        ("years=null", "years"),
        ("years={a:1}", "years"),
        ("years=1,2", "years"),
        ("population.scale=nan", "population.scale"),
        ("population.scale=tiny", "population.scale"),
        ("export=pdf", "export"),
        ("seed=${oc.env:HOME}", "seed"),
        ("population=nowhere", "population"),
        ("model.careers=3", "model.careers"),
        ("model.search.reach=1", "model.search.reach"),
        ("hydra.verbose=true", "hydra.verbose"),
        ("+more=1", "+more=1"),
        ("~seed", "~seed"),
    ],
)
def test_a_wrong_override_is_named(override: str, path: str) -> None:
    assert path in problems(override)


def test_names_that_begin_with_a_digit_are_set_and_checked_like_others() -> None:
    age = "model.inputs.entrants.hbo.age"
    settings = compose([f"{age}.55_plus=0.5", f"{age}.25_35=-0.25", "years=2"])
    assert settings.number(f"{age}.55_plus") == 0.5
    assert settings.number(f"{age}.25_35") == -0.25 and settings.integer("years") == 2
    with pytest.raises(ConfigErrors) as caught:
        compose([f"{age}.55_plus=99", f"{age}.25_35=x,y", f"{age}.25_36=0", f"{age}.35_54={{"])
    text = str(caught.value)
    assert all(f"{age}.{band}" in text for band in ("55_plus", "25_35", "25_36", "35_54"))
    assert "did you mean" in text


def test_python_values_are_checked_like_overrides() -> None:
    found = problems("years=0", extra={"replications": "four", "seeds": 1})
    assert set(found) == {"years", "replications", "seeds"}


def test_output_must_be_new_and_writable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "exists already" in problems(f"output={tmp_path}")["output"]
    assert "cannot be written" in problems(f"output={tmp_path}/file/run")["output"]
    assert compose([f"output={tmp_path}/deep/run"]).text("output").endswith("run")
    assert [file.name for file in tmp_path.iterdir()] == ["file"]


def test_a_data_folder_must_exist(tmp_path: Path) -> None:
    assert "data" in problems(f"data={tmp_path}/none")


def test_yaml_is_stable_and_knows_no_machine(tmp_path: Path) -> None:
    here = compose(["years=2", "workers=1", f"output={tmp_path}/a"]).yaml()
    there = compose(["workers=2", f"output={tmp_path}/b"], extra={"years": 2}).yaml()
    assert here == there
    assert "years: 2" in here
    assert "workers" not in here and str(tmp_path) not in here


def test_settings_cannot_be_changed_and_travel() -> None:
    settings = compose(["years=2"])
    settings.mapping("population")["scale"] = 3
    settings.resolved()["years"] = 9
    with pytest.raises(AttributeError):
        settings._values = {}  # type: ignore[misc]
    assert settings.number("population.scale") == 1.0
    assert settings.integer("years") == 2
    assert pickle.loads(pickle.dumps(settings)) == settings
    with pytest.raises(KeyError, match=r"population\.scales"):
        settings["population.scales"]
    with pytest.raises(TypeError, match="start"):
        settings.number("start")


def test_errors_travel_between_processes() -> None:
    with pytest.raises(ConfigErrors) as caught:
        compose(["years=0"])
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_a_users_file_is_laid_over_the_packaged_one(tmp_path: Path) -> None:
    settings = compose(folder=written(tmp_path, "population/default.yaml", "scale: 0.5\n"))
    assert settings.number("population.scale") == 0.5
    assert settings.changed() == ("population.scale",)


def test_a_users_new_option_of_a_group_can_be_chosen(tmp_path: Path) -> None:
    text = "defaults: [default]\nscale: 0.25\n"
    folder = written(tmp_path, "population/quarter.yaml", text)
    assert compose(folder=folder).number("population.scale") == 1.0
    assert compose(["population=quarter"], folder).number("population.scale") == 0.25
    assert "quarter" in problems("population=quartr", folder=folder)["population"]


def test_files_that_would_be_ignored_are_refused(tmp_path: Path) -> None:
    folder = written(tmp_path, "populaton/default.yaml", "scale: 1\n")
    written(tmp_path, "model/careers.yml", "x: 1\n")
    written(tmp_path, "model/search.yaml", "base: [1\n")
    found = problems(folder=folder)
    assert "did you mean population/default.yaml?" in found[f"{tmp_path}/populaton/default.yaml"]
    assert "would be ignored" in found[f"{tmp_path}/model/careers.yml"]
    assert "valid YAML" in found[f"{tmp_path}/model/search.yaml"]
    assert "--config" in problems(folder=tmp_path / "none")


def test_what_a_users_file_adds_is_named_and_the_rest_stays(tmp_path: Path) -> None:
    folder = written(tmp_path, "model/search.yaml", "other_rgion: 1\n")
    found = problems(folder=folder)
    assert set(found) == {"model.search.other_rgion"}
    assert "did you mean model.search.other_region?" in found["model.search.other_rgion"]
    written(tmp_path, "model/search.yaml", "# @package model.search\nother_region: 0.5\n")
    written(tmp_path, "config.yaml", "years: 3\n")
    assert compose(folder=folder).changed() == ("model.search.other_region", "years")


def test_a_file_may_be_written_from_the_top(tmp_path: Path) -> None:
    text = "# @package _global_\nmodel: {search: {other_region: 0.5}}\n"
    settings = compose(folder=written(tmp_path, "model/search.yaml", text))
    assert settings.changed() == ("model.search.other_region",)


def test_a_list_of_shares_is_checked(tmp_path: Path) -> None:
    base = "type: list, of: float, min: 0, max: 1, length: 2, sum: 1, label: assumed"
    text = f"a.*: {{{base}, keys: REGIONS, source: s, about: a}}\n"
    schema = read_schema(written(tmp_path, "schema/a.yaml", text))
    meaning = schema.find("a.north")
    assert meaning is not None
    assert list(meaning.problems("a.north", [0.4, 0.6])) == []
    assert len(list(meaning.problems("a.north", [0.4, 0.5]))) == 1
    assert len(list(meaning.problems("a.north", [1.0]))) == 1
    (wrong,) = meaning.problems("a.nord", [0.4, 0.6])
    assert wrong.nearest == "north"


def test_a_broken_schema_names_everything(tmp_path: Path) -> None:
    text = "a: {type: number, label: data}\nb: {type: int, label: guess, rnge: 3}\n"
    with pytest.raises(ConfigErrors, match=r"(?s)a: type.*b: has unknown.*rnge.*b: label"):
        read_schema(written(tmp_path, "schema/a.yaml", text))


def test_a_list_of_names_misspelled_is_a_fault_of_the_schema(tmp_path: Path) -> None:
    fields = "label: assumed, source: s, about: a"
    text = f"a.*: {{keys: REGOINS, {fields}}}\nb: {{type: choice, choices: ROLE, {fields}}}\n"
    text += f"c.*.*: {{keys: [SEXES, FIELD], {fields}}}\nd.*: {{keys: [hbo, wo], {fields}}}\n"
    with pytest.raises(ConfigErrors) as wrong:
        read_schema(written(tmp_path, "schema/a.yaml", text))
    assert [problem.path for problem in wrong.value.problems] == ["a.*", "b", "c.*.*"]
    assert "keys: REGOINS is no list of names" in str(wrong.value)
    assert "did you mean REGIONS?" in str(wrong.value)


def test_listing_names_defaults_and_ranges() -> None:
    listed = setting_rows(scenario_layers())
    (row,) = rows_below(listed, "population.scale")
    assert (row.path, row.value) == ("population.scale", 1.0)
    assert "0.001" in row.allowed and row.source and row.about
    parts = {entry.path.split(".")[1] for entry in rows_below(listed, "model")}
    assert parts >= {"careers", "search"}
    assert rows_below(listed, "pop") == []


@given(st.text(max_size=12))
def test_nearest_returns_a_known_name_or_none(name: str) -> None:
    assert nearest(name, ["years", "population.scale"]) in ("years", "population.scale", None)


def test_labels_are_counted_for_each_structure(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config", "labels"]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    names, counted = lines[0][1:], {line[0]: line[1:] for line in lines[1:]}
    assert {"standing", "growing"} <= set(names)
    columns = [[int(x) for x in counted[kind][: len(names)]] for kind in KINDS]
    totals = [int(x) for x in counted["all"]]
    assert [sum(column) for column in zip(*columns, strict=True)] == totals
    fitted = dict(zip(names, (int(x) for x in counted["fitted"][: len(names)]), strict=True))
    plan = read_calibration_plan(["structure=standing"]).parameters.all
    assert fitted["standing"] == len({path for each in plan for path in each.paths()})
    assert main(["config", "labels", "years=3"]) == 2
