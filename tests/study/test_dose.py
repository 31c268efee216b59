"""Dose-response: the effect of a lever over the share that takes part."""

from __future__ import annotations

from html import escape
from pathlib import Path

import effort_fakes
import numpy as np
import pandas as pd
import pytest
import yaml

import hesim
from hesim.app.study_answers import StudyAnswers
from hesim.app.words import speak
from hesim.charts import drawing, style
from hesim.cli import main
from hesim.config import ConfigErrors
from hesim.record.description import columns_of
from hesim.report.document import write_report
from hesim.study import share_search
from hesim.study.answers.dose import COLUMNS as dose_columns
from hesim.study.answers.dose_sentences import dose_sentence
from hesim.study.answers.question import Answer
from hesim.study.answers.sentences import sentences
from hesim.study.dose import ladder, share_in_arm
from hesim.study.plan import plan_study

pytestmark = pytest.mark.once


def test_the_ladder_goes_from_half_the_usual_share_to_ten_times_it() -> None:
    assert ladder(0.01) == [0.005, 0.01, 0.0178, 0.0316, 0.0562, 0.1]
    assert ladder(0.0625)[-1] == 0.625
    assert ladder(0.25) == [0.125, 0.25, 0.354, 0.5, 0.707, 1.0]
    assert ladder(1.0) == [0.2, 0.4, 0.6, 0.8, 1.0]
    assert ladder(0.7) == [0.2, 0.4, 0.6, 0.7, 0.8, 1.0]
    assert ladder(0.0) == [0.2, 0.4, 0.6, 0.8, 1.0]
    assert 0.012345 in ladder(0.012345) and 0.0123 not in ladder(0.012345)
    assert ladder(1.0, 60.0) == [0.5, 1.0, 1.78, 3.16, 5.62, 10.0]
    assert ladder(1.0, 4.0) == [0.5, 1.0, 1.41, 2.0, 2.83, 4.0]
    assert ladder(1.0, 1.5) == [0.3, 0.6, 0.9, 1.0, 1.2, 1.5]


def test_a_share_above_one_is_in_a_dial() -> None:
    doses = plan_study(["study.dose=joint_appointment", "study.shares=[0.5,1,3,100]"])
    found = {
        arm.name: (body["reach"]["share"], body["offers"])
        for arm in doses.arms[1:]
        for body in arm.settings.values()
    }
    assert found == {
        "joint_appointment at 0.5": (0.5, 0.003),
        "joint_appointment": (1.0, 0.003),
        "joint_appointment at 3": (1.0, 0.009),
        "joint_appointment at 100": (1.0, 0.3),
    }
    shares = [share_in_arm(arm.name, body) for arm in doses.arms for body in arm.settings.values()]
    assert shares == [0.5, 1.0, 3.0, 100.0]


def test_the_dial_in_force_says_how_far_shares_go() -> None:
    typed = "levers.joint_appointment.offers=0.1"
    doses = plan_study(["study.dose=joint_appointment", typed])
    assert [share_in_arm(arm.name, *arm.settings.values()) for arm in doses.arms[1:]] == [
        *(0.5, 1.0, 1.32, 1.73, 2.28, 3.0)
    ]
    with pytest.raises(ConfigErrors, match="must be at most 3 for joint_appointment"):
        plan_study(["study.dose=joint_appointment", typed, "study.shares=[3.1]"])


def test_each_share_is_an_arm_and_the_usual_one_is_the_arm_of_other_studies() -> None:
    doses = plan_study(["study.dose=meet_and_greet", "study.shares=[0.1,0.015,1]"])
    assert [arm.name for arm in doses.arms] == [
        "baseline",
        "meet_and_greet",
        "meet_and_greet at 0.1",
        "meet_and_greet at 1",
    ]
    usual = plan_study(["study.levers=[meet_and_greet]"])
    assert {point.id for point in usual.points} <= {point.id for point in doses.points}
    typed = plan_study(["study.dose=meet_and_greet", "levers.meet_and_greet.reach.share=0.5"])
    [arm] = [arm for arm in typed.arms if arm.name == "meet_and_greet"]
    assert arm.settings["meet_and_greet"]["reach"]["share"] == 0.5


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (["study.dose=meet_and_great"], "did you mean meet_and_greet?"),
        (["study.dose=terms"], "must be one lever"),
        (["study.dose=job_swap+secondment"], "must be one lever"),
        (["study.dose=job_swap", "study.levers=[single_cao]"], "cannot be asked beside study.dose"),
        (["study.dose=job_swap", "levers=[single_cao]"], "levers = ['single_cao']: cannot be"),
        (["study.dose=job_swap", "study.shares=[0,0.5]"], "must be above 0"),
        (["study.dose=job_swap", "study.shares=[-1]"], "each a number of at least 0"),
        (
            ["study.dose=meet_and_greet", "study.shares=[0.5,2]"],
            "study.shares = 2.0: must be at most 1 for meet_and_greet, which is everybody",
        ),
        (
            ["study.dose=job_swap", "study.shares=[2,201]"],
            "study.shares = 201.0: must be at most 200 for job_swap, where volunteers is at its",
        ),
        (
            ["study.dose=job_swap", "study.uncertainties=[levers.job_swap.volunteers]"],
            "cannot vary where study.dose sets it",
        ),
        (["study.dose=job_swap", "study.budget=5"], "cannot be asked beside study.dose"),
        (["study.dose=job_swap", "study.design=grid"], "cannot be asked beside study.dose"),
        (["study.shares=[0.5]"], "needs a lever"),
    ],
)
def test_what_does_not_go_together_is_told(asked: list[str], words: str) -> None:
    with pytest.raises(ConfigErrors) as caught:
        plan_study(asked)
    assert words in str(caught.value)


def test_a_package_of_one_lever_is_a_package_too(tmp_path: Path) -> None:
    (tmp_path / "levers").mkdir()
    (tmp_path / "levers" / "swaps.yaml").write_text("defaults:\n  - job_swap\n  - _self_\n")
    with pytest.raises(ConfigErrors, match="must be one lever; this is a ready package"):
        plan_study(["study.dose=swaps"], tmp_path)


@pytest.fixture(scope="module")
def doses(tmp_path_factory: pytest.TempPathFactory) -> Answer:
    return hesim.dose(
        "meet_and_greet",
        ["calibration=none", "years=4", "engine=serial", "replications=4"],
        simulate=effort_fakes.known_spending,
        output=str(tmp_path_factory.mktemp("doses") / "study"),
    )


def test_the_curve_says_what_each_share_does_and_takes(doses: Answer) -> None:
    table = doses.tables["dose"]
    shares = ladder(0.015)
    assert list(table["share"]) == shares
    assert list(table["usual"]) == [share == 0.015 for share in shares]
    assert table["effect"].to_numpy() == pytest.approx(40.0 * np.sqrt(shares), abs=1.0)
    whole = effort_fakes.WHOLE["meet_and_greet"]
    euros = [whole * effort_fakes.times("meet_and_greet", share) for share in shares]
    assert table["euros"].to_numpy() == pytest.approx(euros)
    assert table["euros_high"].to_numpy() == pytest.approx(2.0 * np.array(euros))
    assert table["days"].to_numpy() == pytest.approx(np.array(euros) / 400.0)
    assert table["distinguishable"].all()
    assert (doses.study.folder / "answers" / "dose.csv").is_file()
    assert (doses.study.folder / "answers" / "dose.png").is_file()


def test_the_chart_has_a_panel_for_each_measure_of_effort(doses: Answer) -> None:
    chart = doses.figures["dose"]
    assert [panel.name for panel in chart.panels] == ["share", "euros", "days"]
    assert {panel.x.scale for panel in chart.panels} == {"log"}
    table = doses.tables["dose"]
    rows = chart.rows(chart.panels[1])
    assert [row["effort"] for row in rows] == list(table["euros"])
    assert [row["low"] for row in rows] == list(table["effect_low"])
    assert style.png(drawing.draw(chart))


def row(share: float, effect: float, sure: bool, euros: float, usual: bool = False) -> dict:
    return {
        "lever": "job_swap",
        "share": share,
        "usual": usual,
        "effect": effect,
        "effect_low": effect - 1.0,
        "effect_high": effect + 1.0,
        "unit": "persons a year",
        "distinguishable": sure,
        "euros": euros,
        "days": 0.0,
    }


def test_the_sentence_names_the_usual_share_and_the_largest() -> None:
    rows = [
        row(0.05, 0.5, False, 5e4),
        row(0.1, 2.0, True, 1e5, usual=True),
        row(1.0, 10.0, True, 1e6),
    ]
    assert dose_sentence(rows, "wo_to_hbo") == (
        "Swaps of jobs changes wo to hbo by +2.0 persons a year (95% interval 1.0 to 3.0) at the "
        "usual share of 0.1 for 100,000 euros a year; +10.0 persons a year (95% interval 9.0 to "
        "11.0) at the share of 1 for 1,000,000 euros a year. It is distinguishable from zero from "
        "a share of 0.1 on; a euro does 50% of what it does at the usual share."
    )
    turned = dose_sentence([rows[1], row(1.0, -10.0, True, 1e6)], "wo_to_hbo")
    assert "a euro does" not in turned and turned.endswith("from a share of 0.1 on.")
    unsure = [{**each, "distinguishable": False} for each in rows]
    assert dose_sentence(unsure, "wo_to_hbo") == (
        "The effect of Swaps of jobs on wo to hbo at none of 3 shares is distinguishable from zero."
    )
    assert "at 1 of 3 shares" in dose_sentence([rows[1], rows[0], unsure[2]], "wo_to_hbo")


def test_the_model_is_followed_over_shares(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "study"
    words = ["years=2", "burn_in=0", "scale=0.02", "engine=serial", "replications=2"]
    start = "levers.meet_and_greet.start=2011-03"
    asked = ["dose", "meet_and_greet", "shares=[0.2,0.6]", *words, start, f"output={folder}"]
    assert main(asked) == 0
    assert "The lever at each share that takes part" in capsys.readouterr().out
    table = pd.read_csv(folder / "answers" / "dose.csv")
    assert list(table["share"]) == [0.2, 0.6] and not table["usual"].any()
    # Visits go with the chance a month that makes these shares a year.
    wanted = effort_fakes.times("meet_and_greet", 0.6) / effort_fakes.times("meet_and_greet", 0.2)
    assert table["euros"][1] / table["euros"][0] == pytest.approx(wanted, rel=0.15)
    assert (folder / "answers" / "dose.png").is_file()


def test_a_lever_whose_cost_nobody_knows_is_not_free(tmp_path: Path) -> None:
    own = tmp_path / "conf" / "levers"
    own.mkdir(parents=True)
    body = yaml.safe_load(Path("conf/levers/career_event.yaml").read_text(encoding="utf-8"))
    del body["costs"], body["expect"]
    text = f"# @package levers.own_event\n{yaml.safe_dump(body)}"
    (own / "own_event.yaml").write_text(text, encoding="utf-8")
    made = hesim.dose(
        "own_event",
        [
            *("years=2", "burn_in=0", "engine=serial", "replications=2", "shares=[0.1,1]"),
            "levers.own_event.start=2011-03",
        ],
        scale=0.02,
        config=tmp_path / "conf",
        output=str(tmp_path / "study"),
    )
    table = made.tables["dose"]
    assert table["effect"].notna().all()
    assert table[["euros", "euros_low", "euros_high", "days", "transfers"]].isna().all(axis=None)
    assert [panel.name for panel in made.figures["dose"].panels] == ["share"]


def test_a_curve_beyond_everybody_says_what_its_shares_mean(tmp_path: Path) -> None:
    made = hesim.dose(
        "job_swap",
        ["calibration=none", "years=4", "engine=serial", "replications=4", "shares=[0.5,1,4]"],
        simulate=effort_fakes.known_spending,
        output=str(tmp_path / "study"),
    )
    table = made.tables["dose"]
    assert list(table["share"]) == [0.5, 1.0, 4.0]
    assert list(table["dial"]) == ["", "", "volunteers"]
    assert list(table["euros"]) == pytest.approx([4e5, 6e5, 1.8e6])
    assert sentences(made)[-1] == (
        "A share above 1 offers places to more people: at 2, to twice as many as at 1. "
        "The dial that rises is volunteers of Swaps of jobs."
    )
    titles = [panel.x.title for panel in made.figures["dose"].panels]
    assert "2 means twice as many places (dial: volunteers)" in titles[0]
    assert titles[1:] == ["euros a year, days priced", "working days a year"]
    assert style.png(drawing.draw(made.figures["dose"]))


def test_a_curve_up_to_everybody_speaks_of_no_dial(doses: Answer) -> None:
    assert doses.figures["dose"].panels[0].x.title == "share that takes part"
    assert not any("dial" in line for line in sentences(doses))


def test_several_structures_have_a_curve_each(tmp_path: Path) -> None:
    made = hesim.dose(
        "meet_and_greet",
        ["calibration=none", "years=4", "engine=serial", "replications=3", "shares=[0.1,1]"],
        simulate=effort_fakes.known_spending,
        structures=["standing", "growing"],
        output=str(tmp_path / "study"),
    )
    assert list(made.tables["dose"]["structure"]) == ["standing"] * 2 + ["growing"] * 2
    assert {entry.name for entry in made.figures["dose"].entries} == {"standing", "growing"}
    said = sentences(made)
    assert [line.partition(":")[0] for line in said] == ["standing", "growing"]


def test_the_command_answers_a_study_again(
    doses: Answer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["dose", str(doses.study.folder), f"output={tmp_path / 'again'}"]) == 0
    said = capsys.readouterr().out
    assert (
        "Meet & greets of hbo and wo changes wo to hbo by" in said
        and "at the usual share of 0.015" in said
    )
    again = pd.read_csv(tmp_path / "again" / "dose.csv")
    assert again["effect"].to_numpy() == pytest.approx(doses.tables["dose"]["effect"].to_numpy())
    assert main(["dose"]) == 2
    assert "name a lever" in capsys.readouterr().err


def test_every_column_of_efforts_and_doses_is_described() -> None:
    for table, columns in (("study/effort", share_search.COLUMNS), ("answers/dose", dose_columns)):
        described = {column.name for column in columns_of(table)}
        assert set(columns) == described - {"structure"}


def test_a_study_of_doses_is_written_up(doses: Answer, tmp_path: Path) -> None:
    page = write_report(doses.study.folder, tmp_path / "page.html").read_text(encoding="utf-8")
    for sentence in sentences(doses):
        assert escape(sentence) in page
    assert "The lever at each share that takes part" in page
    answer = StudyAnswers(doses.study.folder).answer("wo_to_hbo", speak("en"))
    assert [picture.name for picture in answer.pictures] == ["dose"]
    assert list(answer.sentences[:1]) == sentences(doses)
