"""Levers in the configuration: chosen, combined, overridden; refused with all errors at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from hesim.cli import main
from hesim.config import ConfigErrors
from hesim.config.schema import read_schema
from hesim.config.trees import leaves
from hesim.levers.catalogue import WORDS, catalogue, packages
from hesim.levers.lever import read_lever
from hesim.levers.registry import ACTS, GRADES, GROUPS, MECHANISMS, OWN
from hesim.scenario import compose
from hesim.sources import packaged


def problems(*overrides: str, folder: Path | None = None) -> dict[str, str]:
    with pytest.raises(ConfigErrors) as caught:
        compose(overrides, folder)
    return {problem.path: str(problem) for problem in caught.value.problems}


def test_without_levers_there_are_none() -> None:
    assert compose().mapping("levers") == {}
    assert compose(["levers=[]"]).mapping("levers") == {}


def test_levers_combine_and_dials_are_overridden() -> None:
    settings = compose(
        [
            "levers=[single_cao,meet_and_greet]",
            "levers.single_cao.pay_alignment=0.5",
            "levers.meet_and_greet.start=2015-01",
            "levers.meet_and_greet.reach.regions=[north]",
        ]
    )
    assert list(settings.mapping("levers")) == ["single_cao", "meet_and_greet"]
    assert settings.number("levers.single_cao.pay_alignment") == 0.5
    assert settings.changed() == (
        "levers.meet_and_greet.reach.regions",
        "levers.meet_and_greet.start",
        "levers.single_cao.pay_alignment",
    )
    from_python = compose(extra={"levers": ["job_swap"], "levers.job_swap.months": 6})
    assert from_python.number("levers.job_swap.months") == 6


@pytest.mark.parametrize("name", packages())
def test_ready_packages_choose_their_levers(name: str) -> None:
    assert set(compose([f"levers={name}"]).mapping("levers")) == set(packages()[name])


def test_every_lever_is_described_and_acts_on_what_exists() -> None:
    schema = read_schema(packaged())
    for lever in catalogue():
        assert lever.group in GROUPS and lever.section and lever.about and lever.must_not
        assert lever.dials
        for dial in lever.dials:
            assert dial.acts in ACTS and dial.grade in GRADES and dial.source and dial.about
            assert dial.low <= dial.default <= dial.high
            assert dial.low <= 0 <= dial.high
        for path, _ in leaves(lever.settings):
            assert schema.find(f"levers.{lever.key}.{path}") is not None, path
        assert list(lever.settings["reach"]["roles"]) is not None
    used = {dial.acts for lever in catalogue() for dial in lever.dials}
    assert {acts.partition(".")[0] for acts in used} == MECHANISMS.keys() - {OWN}


def test_all_errors_at_once_each_with_what_is_allowed() -> None:
    found = problems(
        "levers=[single_coa,single_cao,meet_and_greet]",
        "levers.single_cao.pay_alignment=1.5",
        "levers.single_cao.start=2019-01",
        "levers.single_cao.end=2018-12",
        "levers.meet_and_greet.reach.share=1.2",
        "levers.meet_and_greet.contact=1",
        "levers.job_swap.months=6",
        "years=-1",
        "without=[awarenes]",
    )
    assert "did you mean single_cao?" in found["levers"]
    assert "from 0 to 1 share" in found["levers.single_cao.pay_alignment"]
    assert "not be after the end, 2018-12" in found["levers.single_cao.start"]
    assert "a number from 0 to 1" in found["levers.meet_and_greet.reach.share"]
    assert "levers.meet_and_greet.contacts?" in found["levers.meet_and_greet.contact"]
    assert "not chosen" in found["levers.job_swap.months"]
    assert "did you mean awareness?" in found["without"]
    assert "years" in found


def test_a_dial_out_of_range_passes_with_force_alone() -> None:
    wide = ["levers=[image_campaign]", "levers.image_campaign.image_shift=9"]
    assert "levers.image_campaign.image_shift" in problems(*wide)
    settings = compose([*wide, "force=true"])
    assert settings.number("levers.image_campaign.image_shift") == 9
    assert "levers.image_campaign.image_shift" in problems(
        "levers=[image_campaign]", "levers.image_campaign.image_shift=much", "force=true"
    )


def test_contradictions_are_named() -> None:
    found = problems("levers=[abolish_binary,single_cao]")["levers"]
    assert "abolish_binary" in found and "single_cao" in found and "contradict" in found


def test_reach_outside_the_model_is_an_error_with_names() -> None:
    start = ["levers=[meet_and_greet]", "levers.meet_and_greet.reach.regions=[north]"]
    alone = problems(*start, "levers.meet_and_greet.reach.institutions=['Universiteit Utrecht']")
    assert "reaches nobody" in alone["levers.meet_and_greet.reach"]
    assert "north" in alone["levers.meet_and_greet.reach"]
    wrong = problems(*start, "levers.meet_and_greet.reach.institutions=['Universiteit Utrect']")
    assert "did you mean Universiteit Utrecht?" in wrong["levers.meet_and_greet.reach.institutions"]
    named = problems(*start, "levers.meet_and_greet.reach.partnerships=[nothing]")
    assert "no such name" in named["levers.meet_and_greet.reach.partnerships"]
    assert "levers.meet_and_greet.reach.fields" in problems(
        "levers=[meet_and_greet]", "levers.meet_and_greet.reach.fields=[alchemy]"
    )


@pytest.mark.parametrize("word", ["title", "dials.contacts.max", "taking_part", "contradicts"])
def test_what_describes_a_lever_cannot_be_set(word: str) -> None:
    path = f"levers.meet_and_greet.{word}"
    assert "describes the lever" in problems("levers=[meet_and_greet]", f"{path}=x")[path]


def test_a_lever_of_ones_own_needs_no_python(tmp_path: Path) -> None:
    text = (packaged() / "levers" / "career_event.yaml").read_text(encoding="utf-8")
    own = text.replace("levers.career_event", "levers.speed_dates")
    (tmp_path / "levers").mkdir()
    (tmp_path / "levers" / "speed_dates.yaml").write_text(own, encoding="utf-8")
    settings = compose(["levers=[speed_dates]", "levers.speed_dates.awareness=0.9"], tmp_path)
    assert settings.number("levers.speed_dates.awareness") == 0.9
    lever = read_lever("speed_dates", settings.mapping("levers")["speed_dates"], "2011-01")
    assert lever.about.mechanisms == ("awareness", "invitation")
    broken = own.replace("acts: awareness.gain", "acts: awareness.gian").replace("max: 1\n", "")
    (tmp_path / "levers" / "speed_dates.yaml").write_text(broken, encoding="utf-8")
    with pytest.raises(ConfigErrors):
        compose(["levers=[speed_dates]"], tmp_path)


def test_amounts_follow_dates_ramp_and_fading() -> None:
    settings = compose(
        [
            "levers=[guest_lectures]",
            "levers.guest_lectures.start=2012-01",
            "levers.guest_lectures.end=2014-12",
            "levers.guest_lectures.ramp=12",
            "levers.guest_lectures.fade=0.5",
            "levers.guest_lectures.strength=0.8",
        ]
    )
    lever = read_lever("g", settings.mapping("levers")["guest_lectures"], "2011-01")
    assert [lever.amount(month) for month in (-5, 11, 48)] == [0.0, 0.0, 0.0]
    assert lever.amount(12) == pytest.approx(0.8 / 12)
    assert lever.amount(36) == pytest.approx(0.8 * 0.25)
    assert lever.amount(47) > 0
    acting = lever.parameters(lever.amount(36), frozenset({"awareness"}))
    assert acting == {"contacts": {"gain": pytest.approx(0.2)}}
    assert set(WORDS) & set(lever.values) == set()


def test_own_levers_come_beside_the_packaged_ones(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "levers"
    own.mkdir()
    text = (packaged() / "levers" / "meet_and_greet.yaml").read_text(encoding="utf-8")
    (own / "my_lever.yaml").write_text(text.replace("levers.meet_and_greet", "levers.my_lever"))
    keys = [each.key for each in catalogue(tmp_path)]
    assert keys == sorted([*(each.key for each in catalogue()), "my_lever"])
    for name in ("my_lever", "meet_and_greet"):
        assert main(["levers", name, "--config", str(tmp_path)]) == 0
        assert capsys.readouterr().out.startswith(name)
