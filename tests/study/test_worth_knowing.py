"""What is worth knowing before one chooses between the arms of a study."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest
import study_fakes

import hesim
from hesim.cli import main
from hesim.config import ConfigErrors
from hesim.report.document import write_report
from hesim.report.page import cell_text
from hesim.scenario import compose
from hesim.study import start
from hesim.study.answers.comparison import answer_study
from hesim.study.answers.draw_ranks import setting_values
from hesim.study.answers.information import partial
from hesim.study.answers.surveys import SETTINGS, SURVEYS
from hesim.study.answers.topics import WorldDifferences, topics_of
from hesim.study.folder import Study

pytestmark = pytest.mark.once

COST = "model.choice.sector_cost"
DIALS = f"study.uncertainties=[{COST}:1:3,model.choice.distance_cost:0:1]"


def make(folder: Path, *more: str, simulate: Any = study_fakes.rivals) -> Study:
    overrides = ["years=2", "engine=serial", "study.flows=false", *more, f"output={folder}"]
    made = start(overrides, simulate=simulate)
    assert made is not None
    return made


@pytest.fixture(scope="module")
def sampled(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return make(
        tmp_path_factory.mktemp("knowing") / "sampled",
        "calibration=none",
        DIALS,
        "study.design=lhs",
        "study.n=40",
        "study.levers=[job_swap]",
        "study.replications=2",
    )


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return make(
        tmp_path_factory.mktemp("knowing") / "drawn",
        "study.levers=[job_swap,meet_and_greet]",
        "study.draws=12",
        "study.dials=prior",
        "study.replications=1",
    )


@pytest.fixture(scope="module")
def answer(sampled: Study) -> pd.DataFrame:
    return hesim.worth_knowing(sampled.folder).tables["worth_knowing"].set_index("key")


def test_the_setting_that_decides_is_worth_what_it_brings(answer: pd.DataFrame) -> None:
    # The effect is even from -10 to 10: E max(0, x) = 2.5, and nobody would choose it blindly.
    row = answer.loc[COST]
    assert row["value"] == pytest.approx(2.5, abs=0.15)
    assert row["told"] and row["low"] < 2.5 < row["high"]
    assert row["changes_percent"] == pytest.approx(50.0, abs=5.0)
    assert row["kind"] == "parameter" and row["worlds"] == 40
    assert row["title"] == "cost of a step between hbo and wo"
    other = answer.loc["model.choice.distance_cost"]
    assert other["value"] < 0.1 and not other["told"]
    assert answer.loc["parameters", "value"] == pytest.approx(2.5, abs=0.2)
    assert answer.loc["perfect", "value"] >= row["value"] - 0.05
    assert np.isnan(answer.loc["perfect", "low"])


def test_a_survey_is_worth_less_the_fewer_it_asks(sampled: Study, answer: pd.DataFrame) -> None:
    whole = answer.loc["movers"]
    assert whole["size"] == 1000 and whole["kind"] == "survey" and whole["told"]
    assert 2.0 < whole["value"] < 2.6
    few = hesim.worth_knowing(sampled.folder, ["movers=10"]).tables["worth_knowing"]
    row = few.set_index("key").loc["movers"]
    assert row["size"] == 10 and row["value"] < 0.8 * whole["value"]
    # Vacancies go with nothing, and who considers the other sector is the same in all worlds.
    for name in ("vacancies", "asked"):
        assert answer.loc[name, "value"] < 0.3 and not answer.loc[name, "told"]


def test_luck_is_not_taken_for_knowledge(tmp_path: Path) -> None:
    """Movers show the luck of a world, and its effect is nothing but that luck taken away."""
    study = make(
        tmp_path / "lucky",
        "calibration=none",
        f"study.uncertainties=[{COST}:1:3]",
        "study.design=lhs",
        "study.n=60",
        "study.levers=[job_swap]",
        "study.replications=2",
        simulate=study_fakes.lucky,
    )
    made = hesim.worth_knowing(study.folder)
    rows = made.tables["worth_knowing"].set_index("key")
    # Known as one half of the replications shows it, the luck of that half would bring 2.
    assert rows.loc["movers", "value"] < 0.4 and not rows.loc["movers", "told"]
    assert any("does not hold the time to fill a vacancy" in note for note in made.notes)


def test_less_can_be_wanted(sampled: Study) -> None:
    made = hesim.worth_knowing(sampled.folder, ["study.better=less"]).tables["worth_knowing"]
    assert made.set_index("key").loc[COST, "value"] == pytest.approx(2.5, abs=0.15)


def test_the_command_writes_and_says_the_same(
    sampled: Study, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "mine"
    assert main(["worth-knowing", str(sampled.folder), f"output={target}"]) == 0
    said = capsys.readouterr().out
    assert '"cost of a step between hbo and wo" would be worth most to know' in said
    assert "Between Swaps of jobs and doing nothing" in said and "job_swap" not in said
    with (target / "worth_knowing.csv").open() as file:
        rows = {row["key"]: row for row in csv.DictReader(file)}
    value = float(rows[COST]["value"])
    assert f"{value:,.1f} persons a year" in said and f"{value:.3g}" in said
    assert (target / "worth_knowing.png").stat().st_size > 10_000
    page = write_report(sampled.folder, tmp_path / "report.html").read_text(encoding="utf-8")
    assert "What to measure next" in page and f"{value:,.1f} persons a year" in page


def test_dials_are_learned_where_they_were_drawn(drawn: Study) -> None:
    made = hesim.worth_knowing(drawn.folder, ["arms=[meet_and_greet]"])
    rows = made.tables["worth_knowing"].set_index("key")
    dial = "levers.meet_and_greet.awareness"
    assert rows.loc[dial, "kind"] == "dial" and rows.loc[dial, "worlds"] == 24
    assert rows.loc[dial, "title"] == "Meet & greets of hbo and wo: awareness"
    alone = rows[rows["kind"].isin(["dial", "parameter", "survey"])]
    assert alone["value"].idxmax() == dial and rows.loc[dial, "told"]
    assert rows.loc["meet_and_greet", "kind"] == "lever"
    # One replication tells no luck from knowledge in what a survey hears of the baseline.
    assert "movers" not in rows.index and "asked" in rows.index
    assert any("needs two replications" in note for note in made.notes)


def test_a_parameter_of_several_settings_is_one_thing_where_draws_come_twice(drawn: Study) -> None:
    rows = hesim.worth_knowing(drawn.folder).tables["worth_knowing"]
    mine = rows[rows["kind"] == "parameter"]
    assert len(mine) and mine["title"].is_unique


def test_the_report_says_where_the_doubt_about_effects_comes_from(
    drawn: Study, tmp_path: Path
) -> None:
    shares = answer_study(drawn).tables["variance"]["dose_percent"]
    page = write_report(drawn.folder, tmp_path / "report.html").read_text(encoding="utf-8")
    assert "What is not known of an effect comes from" in page
    assert len(shares) == 2 and all(cell_text(share) in page for share in shares)


def test_the_structure_is_something_to_learn() -> None:
    count = 30
    rng = np.random.default_rng(1)
    first = np.repeat([0.0, 1.0], count)
    found = WorldDifferences(
        ("standing",) * count + ("growing",) * count,
        {COST: rng.uniform(size=2 * count)},
        {},
        {},
    )
    topics = {topic.key: topic for topic in topics_of(found)}
    assert set(topics) == {COST, "structure", "everything"}
    effects = np.stack([0.0 * first, np.where(first > 0, 3.0, -1.0)], axis=1)
    effects[:, 1] += 0.1 * rng.normal(size=2 * count)
    # On average 1 is chosen; who knew would not choose it in half of the worlds.
    told = partial(effects, topics["structure"].known, topics["structure"].groups)
    assert told.value == pytest.approx(0.5, abs=0.05) and told.changes == 0.5
    alone = partial(effects, topics[COST].known, topics[COST].groups)
    assert not alone.is_told
    # One of them by two calibrations is one structure.
    same = WorldDifferences(("standing",) * 2 * count, found.parameters, {}, {})
    assert {topic.key for topic in topics_of(same)} == {COST}


def test_surveys_measure_what_the_model_has() -> None:
    rng = np.random.default_rng(2)
    movers, asked, vacancies = SURVEYS
    many = 4_000_000
    world = {
        "hbo_inflow_from_wo": np.array([20.0, 0.0]),
        "wo_outflow_to_hbo": np.array([5.0, 100.0]),
        "vacancy_months": np.array([0.5, 4.0]),
        "vacancies_unfilled": np.array([2.0, 10.0]),
        **dict(zip(SETTINGS, np.array([[1.25, 3.0], [0.01] * 2, [0.1] * 2]), strict=True)),
    }
    joined, left = movers.read(world, many, rng)
    assert joined == pytest.approx([20.0, 0.0], abs=0.1)
    assert left == pytest.approx([5.0, 100.0], abs=0.1)
    (thinks,) = asked.read(world, many, rng)
    # One who studied there: 1 - (0.99 x 0.9) to the power of the level, as the model has it.
    assert thinks == pytest.approx([100 * (1 - 0.891**1.25), 100 * (1 - 0.891**3)], abs=0.1)
    months, unfilled = vacancies.read(world, many, rng)
    assert months == pytest.approx([0.5, 4.0], rel=0.01)
    assert unfilled == pytest.approx([2.0, 10.0], abs=0.1)
    # A share of 20% told by 50 of 100 movers errs by 5.7 points.
    errs = [movers.read(world, 100, rng)[0][0] for _ in range(400)]
    assert np.std(errs) == pytest.approx(5.66, rel=0.15)


def test_who_is_asked_thinks_of_the_sector_as_in_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    from hesim.model.rates import market
    from hesim.population import biography

    # Where institutions are is no matter to who studied in a sector.
    monkeypatch.setattr(biography, "towns_with", lambda employers: np.zeros(1, np.uint8))
    settings = compose(["calibration=none"])
    chance = market.familiarity_rates(settings, cast(Any, None)).insider
    world = {path: np.array([settings.number(path)]) for path in SETTINGS}
    (thinks,) = SURVEYS[1].read(world, 4_000_000, np.random.default_rng(3))
    assert thinks[0] == pytest.approx(100 * chance[biography.STUDIED, 0], abs=0.1)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["movers=0"], "movers = '0': must be a whole number from 1"),
        (["moverz=5"], "did you mean movers?"),
        (["arms=[job_swop]"], "did you mean job_swap?"),
        (["study.better=best"], "must be more or less"),
    ],
)
def test_what_cannot_be_asked_is_told(words: list[str], told: str, sampled: Study) -> None:
    with pytest.raises(ConfigErrors) as caught:
        hesim.worth_knowing(sampled.folder, words)
    assert told in str(caught.value)


def test_studies_that_cannot_say_it_are_refused_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["worth-knowing", str(tmp_path)]) == 2
    typed = ["calibration=none", "study.replications=1"]
    listed = make(tmp_path / "listed", *typed, DIALS, "study.levers=[job_swap]")
    alone = make(tmp_path / "alone", *typed, DIALS, "study.design=lhs", "study.n=24")
    few = make(
        tmp_path / "few", *typed, DIALS, "study.design=lhs", "study.n=8", "study.levers=[job_swap]"
    )
    capsys.readouterr()
    for study, words in (
        (listed, "one setting at a time"),
        (alone, "has one arm, the baseline"),
        (few, "needs 20 worlds in which all arms are whole, and has 8"),
    ):
        assert main(["worth-knowing", str(study.folder)]) == 2
        assert words in capsys.readouterr().err
        assert not (study.folder / "answers" / "worth_knowing.csv").exists()
    for file in (few.folder / "parts").iterdir():
        file.unlink()
    assert main(["worth-knowing", str(few.folder)]) == 2
    assert "must be whole before it says" in capsys.readouterr().err


def test_settings_that_one_parameter_moves_are_one_thing_to_learn() -> None:
    """Also where worlds share a draw, so that values come twice."""
    draws = [0.3, 0.1, 0.2, 0.3, 0.1, 0.2]
    found = setting_values(
        [{"up": x, "higher": x**2, "down": -x, "other": k % 4} for k, x in enumerate(draws)]
    )
    assert found == {"up": draws, "other": [0.0, 1.0, 2.0, 3.0, 0.0, 1.0]}
