"""Answers of a study: known effects, components and indices are found again."""

from __future__ import annotations

import math
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import study_fakes

from hesim.cli import main
from hesim.config import ConfigErrors
from hesim.report.comparison import compare
from hesim.study import start
from hesim.study.answers.comparison import answer_study
from hesim.study.answers.components import complete_part, split
from hesim.study.answers.discovery import NoDiscovery, discover
from hesim.study.answers.phrases import change_words
from hesim.study.answers.robustness import pareto, regret, robustness
from hesim.study.answers.sentences import _of_arms, sentences
from hesim.study.folder import Study

pytestmark = pytest.mark.once

DIALS = "study.uncertainties=[model.choice.sector_cost:1:3,model.choice.distance_cost:0:1]"


def make(folder: Path, *more: str) -> Study:
    overrides = ["calibration=none", "years=3", "engine=serial", *more, f"output={folder}"]
    made = start(overrides, simulate=study_fakes.policy)
    assert made is not None
    return made


@pytest.fixture(scope="module")
def sampled(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return make(
        tmp_path_factory.mktemp("answers") / "sampled",
        DIALS,
        "study.design=lhs",
        "study.n=60",
        "study.levers=[job_swap,meet_and_greet,job_swap+meet_and_greet]",
        "study.replications=4",
        "study.threshold=5",
    )


def test_components_of_variance_are_found_again() -> None:
    rng = np.random.default_rng(3)
    parameters, noise, covered = [], [], 0
    worlds, seeds = 12, 8
    for _ in range(300):
        table = (
            5.0
            + rng.normal(0, 2.0, (worlds, 1))
            + rng.normal(0, 1.0, (1, seeds))
            + rng.normal(0, 3.0, (worlds, seeds))
        )
        found = split(table)
        parameters.append(found.sd_parameters**2)
        noise.append(found.sd_noise**2)
        # The effect in one world that might be the true one.
        covered += found.low <= 5.0 + rng.normal(0, 2.0) <= found.high
    assert np.mean(parameters) == pytest.approx(4.0, rel=0.1)
    assert np.mean(noise) == pytest.approx(1.0 / seeds + 9.0 / (worlds * seeds), rel=0.2)
    assert 0.92 <= covered / 300 <= 0.99


def test_one_world_gives_the_ordinary_interval() -> None:
    from hesim.outcomes.summary import interval

    values = np.array([1.0, 3.0, 2.0, 6.0])
    found = split(values[None, :])
    assert (found.mean, found.low, found.high) == pytest.approx(interval(values), rel=1e-2)
    assert (found.noise_low, found.noise_high) == (found.low, found.high)
    assert math.isnan(split(np.array([[1.0]])).low)


@pytest.mark.parametrize("spread", [0.0, 0.3, 1.0])
def test_little_parameters_make_no_wild_interval(spread: float) -> None:
    """The interval is no wider than worlds that were simulated, and still holds the truth."""
    rng = np.random.default_rng(4)
    held, times = 0, 300
    for _ in range(times):
        of_world = spread * rng.normal(size=(20, 1))
        found = split(of_world + rng.normal(size=(20, 4)))
        held += found.low <= spread * rng.normal() <= found.high
        # Two and a half standard deviations of a world's mean, noise included, to either side.
        sd = math.hypot(spread, 0.5)
        assert found.high - found.low < 7.0 * sd
    assert 0.91 <= held / times <= 0.995


def test_one_replication_has_no_interval_however_many_worlds_there_are() -> None:
    """The worlds share their random numbers: what these do to all of them does not show."""
    found = split(np.array([[8.5], [8.5], [8.6]]))
    assert found.mean == pytest.approx(8.5333, abs=1e-4) and found.worlds == 3
    assert math.isnan(found.low) and math.isnan(found.high)


def test_gaps_cost_as_little_as_possible() -> None:
    table = np.ones((6, 4))
    table[2, :] = math.nan
    table[:, 3] = math.nan
    assert complete_part(table).shape == (5, 3)
    table = np.ones((6, 4))
    table[1, 2] = math.nan
    assert complete_part(table).shape == (5, 4)
    assert split(table).left_out == 23 - 20


def test_effects_are_paired_and_split(sampled: Study) -> None:
    made = answer_study(sampled)
    rows = made.tables["comparison"]
    main_rows = rows[(rows["outcome"] == "wo_to_hbo") & (rows["arm"] != "baseline")]
    effects = main_rows.set_index("arm")
    # Each lever adds four times the sector cost, 1 to 3 evenly: 8, with sd 4 / sqrt(3).
    assert effects.loc["job_swap", "difference_mean"] == pytest.approx(8.0, abs=0.5)
    assert effects.loc["job_swap+meet_and_greet", "difference_mean"] == pytest.approx(16, abs=0.8)
    assert effects.loc["job_swap", "difference_sd_parameters"] == pytest.approx(2.31, rel=0.1)
    assert effects["difference_distinguishable"].all()
    assert effects.loc["job_swap", "difference_share_parameters"] > 0.9
    # Pairing takes away the noise that both arms share, several times that of the effect.
    levels = sampled.query(
        "select d.arm, d.world, replication, avg(value) as v from results "
        "join design d using (point) where outcome = 'wo_to_hbo' group by all"
    ).pivot_table("v", ["world", "replication"], "arm")
    apart = (levels["job_swap"] - levels["baseline"].to_numpy()[::-1]).var()
    assert (levels["job_swap"] - levels["baseline"]).var() < apart / 2
    assert made.best == "job_swap+meet_and_greet"
    told = " ".join(sentences(made))
    assert "raises" in told and "95% interval" in told and "assumed" in told


def test_sensitivity_by_regression(sampled: Study) -> None:
    frame = answer_study(sampled).tables["sensitivity"].set_index("uncertainty")
    # Two levers: 2 x 4 x (3 - 1), and nothing by the distance.
    assert frame.loc["model.choice.sector_cost", "mean"] == pytest.approx(16.0, abs=0.6)
    row = frame.loc["model.choice.distance_cost"]
    assert row["low"] < 0 < row["high"]


def test_tornado_is_paired(tmp_path: Path) -> None:
    frame = answer_study(make(tmp_path / "list", DIALS, "study.replications=3")).tables[
        "sensitivity"
    ]
    means = frame.set_index(["uncertainty", "value"])["mean"]
    assert means["model.choice.sector_cost", 1.0] == pytest.approx(-10.0)
    assert means["model.choice.sector_cost", 3.0] == pytest.approx(10.0)
    assert frame["high"].sub(frame["low"]).max() < 1e-6


def test_sobol_and_morris_find_what_matters(tmp_path: Path) -> None:
    sobol = (
        answer_study(
            make(tmp_path / "s", DIALS, "study.design=sobol", "study.n=64", "study.replications=2")
        )
        .tables["sensitivity"]
        .set_index("uncertainty")
    )
    # Levels: 10 x (1..3) and 3 x (0..1): variances in the ratio 400 to 9.
    assert sobol.loc["model.choice.sector_cost", "total"] == pytest.approx(400 / 409, abs=0.15)
    assert sobol.loc["model.choice.distance_cost", "total"] == pytest.approx(9 / 409, abs=0.02)
    assert (sobol["total_half"] > 0).all() and sobol["seed_noise"].max() < 1e-6
    morris = (
        answer_study(
            make(tmp_path / "m", DIALS, "study.design=morris", "study.n=6", "study.replications=1")
        )
        .tables["sensitivity"]
        .set_index("uncertainty")
    )
    assert morris["mu_star"].to_list() == pytest.approx([20.0, 3.0], rel=0.01)


def test_seed_noise_is_told_apart() -> None:
    from hesim.study.answers.sensitivity import seed_noise

    rng = np.random.default_rng(1)
    values = rng.normal(0, 1, (200, 1)) + rng.normal(0, 5, (1, 4)) + rng.normal(0, 2, (200, 4))
    # Noise of a mean of four: 4 / 4 = 1, as much as the worlds differ; common noise is none.
    assert seed_noise(dict(enumerate(values))) == pytest.approx(0.5, abs=0.1)


def test_regret_and_satisficing() -> None:
    effects = pd.DataFrame(
        [[0.0, 0.0], [4.0, -2.0], [1.0, 1.0]], ["baseline", "bold", "steady"], ["w0", "w1"]
    )
    assert regret(effects, "more").to_numpy().tolist() == [[4, 1], [0, 3], [3, 0]]
    assert regret(effects, "less").to_numpy().tolist() == [[0, 2], [4, 0], [1, 3]]
    table = robustness(effects, "more", 0.5).set_index("arm")
    assert table["largest_regret"].to_dict() == {"bold": 3.0, "steady": 3.0, "baseline": 4.0}
    assert table["satisfices"].to_dict() == {"bold": 0.5, "steady": 1.0, "baseline": 0.0}


def test_pareto_front() -> None:
    points = np.array([[1.0, 1.0], [2.0, 0.0], [0.0, 2.0], [0.5, 0.5], [2.0, 0.0]])
    assert pareto(points).tolist() == [True, True, True, False, True]


def test_scenarios_are_discovered(sampled: Study) -> None:
    pytest.importorskip("ema_workbench")
    rng = np.random.default_rng(1)
    worlds = pd.DataFrame(rng.random((300, 3)), columns=["a.b", "c", "d"])
    good = (worlds["a.b"] > 0.5) & (worlds["c"] < 0.4)
    box = discover(worlds, good).set_index("uncertainty")
    assert set(box.index) == {"a.b", "c"}
    assert box.loc["a.b", "from"] == pytest.approx(0.5, abs=0.06)
    assert box.loc["c", "to"] == pytest.approx(0.4, abs=0.1)
    with pytest.raises(NoDiscovery, match="alike"):
        discover(worlds, np.ones(300, bool))
    with pytest.raises(NoDiscovery, match="40 worlds"):
        discover(worlds[:20], good[:20])


def test_compare_writes_tables_and_figures(
    sampled: Study, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", str(sampled.folder), "study.threshold=14"]) == 0
    said = capsys.readouterr().out
    assert "job_swap" not in said and "Swaps of jobs + Meet & greets of hbo and wo" in said
    assert "Across worlds" in said and "PRIM" in said
    names = {file.name for file in (sampled.folder / "answers").iterdir()}
    assert {
        "comparison.csv",
        "league.png",
        "fan.png",
        "sensitivity.png",
        "regret.png",
        "flows_job_swap.png",
        "robustness.csv",
        "discovery.csv",
        "trade_offs.csv",
    } <= names
    for file in (sampled.folder / "answers").glob("*.png"):
        assert file.stat().st_size > 10_000
    with pytest.raises(ConfigErrors, match="must be more or less"):
        compare(sampled.folder, ["study.better=best"])


def test_questions_in_sql(sampled: Study, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(sampled.folder)
    assert main(["query", folder]) == 0
    assert "differences(arm, scenario" in capsys.readouterr().out
    sql = "select arm, count(*) as n from differences where outcome = 'wo_to_hbo' group by 1"
    assert main(["query", folder, f"{sql} order by 1", "--csv"]) == 0
    # 60 worlds, 4 replications, 3 years.
    assert capsys.readouterr().out.splitlines()[:2] == ["arm,n", "job_swap,720"]
    assert main(["query", folder, "select nothing from nowhere"]) == 2
    assert "views: results" in capsys.readouterr().err


def test_answers_of_a_study_under_way_say_so(tmp_path: Path) -> None:
    made = make(tmp_path / "cut", "study.levers=[job_swap]", "study.replications=2")
    for file in (made.folder / "parts").iterdir():
        file.unlink()
    empty = answer_study(Study(made.folder))
    assert "no run is whole yet" in empty.notes
    assert sentences(empty) == ["No run of this study is whole yet."]


@pytest.mark.parametrize(
    ("effects", "better", "said"),
    [
        ([3.0, 1.0], "more", "Of 2 arms a does best: it raises it by 3.0"),
        ([-3.0, -1.0], "less", "Of 2 arms a does best: it lowers it by 3.0"),
        ([-3.0], "more", "The arm a lowers it by 3.0"),
        ([0.0], "more", "The arm a changes nothing"),
        ([-1.0, -3.0], "more", "None of 2 arms gives more of it; a comes nearest: it lowers it"),
    ],
)
def test_the_sentence_says_whether_the_best_arm_is_any_good(
    effects: list[float], better: str, said: str
) -> None:
    best = {"difference_mean": effects[0], "difference_low": effects[0] - 0.5}
    asked = SimpleNamespace(best="a", better=better)
    words = _of_arms(len(effects), len(effects), best, asked) + change_words(effects[0])
    assert words.startswith(said)


def test_pairing_says_what_common_random_numbers_gain(sampled: Study) -> None:
    found = answer_study(sampled).tables["pairing"]
    assert set(found["arm"]) == set(sampled.arms) - {"baseline"}
    one = found[(found["arm"] == "job_swap") & (found["scenario"] == "central")].iloc[-1]
    frame = sampled.query(
        "select world, replication, sum(value) mine, sum(baseline_value) base from differences "
        f"where arm = 'job_swap' and outcome = 'wo_to_hbo' and year <= {one['year']} group by all"
    )
    paired = (frame["mine"] - frame["base"]).var()
    assert one["ratio"] == pytest.approx(paired / (frame["mine"].var() + frame["base"].var()))
