"""Entries: the value of each setting and its meaning stand side by side in one file."""

from __future__ import annotations

from pathlib import Path

import hydra
import pytest
from omegaconf import OmegaConf

from hesim.config import ConfigErrors, nodes
from hesim.config.composition import order, overlay, stored
from hesim.config.entries import FITTED, UNCALIBRATED, VALUE, entries_of, values_of
from hesim.config.folders import SettingsFile, packaged_file, packaged_places
from hesim.config.nodes import packaged_node
from hesim.config.points import STRUCTURE, point, points, structure_of
from hesim.config.trees import leaves
from hesim.input.document import parse
from hesim.scenario import compose
from hesim.sources import packaged

WITH_ENTRIES = [place for place in packaged_places() if entries_of(packaged_file(place).body)]


def fitted() -> set[str]:
    """The path of each fitted setting, by what the entries say."""
    found: set[str] = set()
    for place in WITH_ENTRIES:
        entries = entries_of(packaged_file(place).body)
        body = {name: entry for name, entry in entries.items() if entry.get(FITTED)}
        package = packaged_node(place).package
        found |= {f"{package}.{path}" for path, _ in leaves(values_of(body))} if body else set()
    return found


@pytest.mark.parametrize("name", points())
def test_entries_say_what_each_calibration_sets(name: str) -> None:
    # Entries speak of the usual structure; the plan of another one says what is fitted there.
    if structure_of(name) == STRUCTURE:
        assert fitted() == point(name).keys()
    else:
        settings = compose([f"structure={structure_of(name)}", "calibration=none"])
        assert all(isinstance(settings[path], float | int) for path in point(name))


@pytest.mark.parametrize("place", packaged_places())
def test_packaged_files_read_strictly_as_those_of_a_user(place: str) -> None:
    file = packaged_file(place)
    assert (parse(file.text) or {}) == file.body


def test_a_packaged_file_holds_entries_or_options_of_one_that_does() -> None:
    for place in packaged_places():
        group = place.partition("/")[0]
        if place in WITH_ENTRIES or group in ("levers", "experiment", "structure"):
            continue
        plain = {key for key in packaged_file(place).body if key != "defaults"}
        described = {
            key
            for each in WITH_ENTRIES
            if each.startswith(f"{group}/")
            for key in entries_of(packaged_file(each).body)
        }
        assert plain <= described, place


def test_a_star_stands_for_the_keys_of_the_value() -> None:
    about = {"about": "a", "label": "data"}
    body = {
        "tilt.*.people": {**about, VALUE: {"hbo": 1, "wo": 2}},
        "tilt.*.work": {**about, FITTED: True, UNCALIBRATED: {"hbo": 3}},
        "pay.*.*": {**about, VALUE: {"lector": {"a": 4}}},
        "plain": {"b": 5},
    }
    assert values_of(body) == {
        "tilt": {"hbo": {"people": 1, "work": 3}, "wo": {"people": 2}},
        "pay": {"lector": {"a": 4}},
        "plain": {"b": 5},
    }
    assert values_of(body, own=True)["tilt"] == {"hbo": {"people": 1}, "wo": {"people": 2}}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({VALUE: 9.0}, "value = 9.0: the calibration sets it"),
        ({UNCALIBRATED: None}, "without a calibration"),
        ({FITTED: None}, "has no value"),
    ],
)
def test_a_packaged_entry_that_contradicts_itself_is_refused(
    change: dict[str, object], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, body = packaged_file("model/choice.yaml")
    entry = {**entries_of(body)["sector_cost"], **change}
    changed = {key: value for key, value in entry.items() if value is not None}
    file = SettingsFile(text, {**body, "sector_cost": changed})
    monkeypatch.setattr(nodes, "packaged_file", lambda place: file)
    with pytest.raises(ConfigErrors, match="sector_cost") as caught:
        packaged_node.__wrapped__("model/choice.yaml")
    assert words in str(caught.value)


def test_copies_of_all_packaged_files_change_nothing(tmp_path: Path) -> None:
    for place in packaged_places():
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_bytes((packaged() / place).read_bytes())
    settings = compose(["levers=everything"], tmp_path)
    assert settings == compose(["levers=everything"]) and settings.departures() == {}


def test_a_copy_may_change_values_fitted_or_not(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    text = (packaged() / "model" / "choice.yaml").read_text(encoding="utf-8")
    for old, new in (
        ("value: 0.9\n", "value: 0.7\n"),
        ("\nsector_cost:\n", "\nsector_cost:\n  value: 9.0\n"),
    ):
        assert text.count(old) == 1
        text = text.replace(old, new)
    (tmp_path / "model" / "choice.yaml").write_text(text, encoding="utf-8")
    settings = compose(folder=tmp_path)
    assert settings.changed() == ("model.choice.distance_cost", "model.choice.sector_cost")
    assert settings.departures().keys() == {"model.choice.sector_cost"}
    assert settings.number("model.choice.sector_cost") == 9.0


@pytest.mark.parametrize(
    "choices",
    [
        (),
        ("calibration=blind",),
        ("calibration=none", "engine=slurm"),
        ("levers=[everything]",),
        ("levers=[single_cao,exchange]", "+experiment=headline_levers"),
    ],
)
def test_files_are_laid_over_one_another_as_hydra_would(choices: tuple[str, ...]) -> None:
    every = nodes.packaged_nodes()
    with stored(every), hydra.initialize(config_path=None, version_base="1.3"):
        whole = OmegaConf.to_container(hydra.compose("config", overrides=list(choices)))
    assert overlay(every, order(every, choices)) == whole
