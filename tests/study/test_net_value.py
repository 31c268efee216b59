"""Which arm brings more than it costs, what a budget leaves, and what that makes worth knowing."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import study_fakes
from numpy.typing import NDArray
from own_levers import without_costs
from scipy.stats import norm

import hesim
from hesim.cli import main
from hesim.config import ConfigErrors
from hesim.study import start
from hesim.study.answers.best import Worlds
from hesim.study.answers.information import partial, perfect
from hesim.study.answers.net_value import EUROS, Weighing
from hesim.study.folder import Study

pytestmark = pytest.mark.once

DIAL, DISTANCE = "model.choice.sector_cost", "model.choice.distance_cost"
OF_SAMPLE = (
    "calibration=none",
    "years=2",
    "engine=serial",
    "study.flows=false",
    f"study.uncertainties=[{DIAL}:1:3,{DISTANCE}:0:1]",
    "study.design=lhs",
    "study.n=40",
    "study.replications=2",
)


def worlds(effects: Any, spent: Any) -> Worlds:
    """Arms a, b and so on, with these effects and costs by world."""
    rows = np.array(effects, np.float64)
    cells = tuple((world, 0) for world in range(rows.shape[1]))
    paid = np.array(spent, np.float64)
    return Worlds(tuple("abc"[: len(rows)]), cells, rows, paid, paid)


def gain_of_normal(mean: float, sd: float) -> float:
    """What it brings to know a normal gain before taking it: E max(0, x) - max(0, mean)."""
    z = mean / sd
    return float(mean * norm.cdf(z) + sd * norm.pdf(z) - max(mean, 0.0))


def test_a_net_value_is_the_effect_times_its_value_less_the_cost_of_the_same_world() -> None:
    found = Weighing(value=100.0).payoffs(worlds([[10, 20], [5, 1]], [[400, 3000], [50, 200]]))
    assert found.tolist() == [[600, 450, 0], [-1000, -100, 0]]
    assert Weighing().payoffs(worlds([[10, 20]], [[1, 1]])).tolist() == [[10, 0], [20, 0]]
    assert Weighing(value=1.0).unit("persons a year") == EUROS
    assert Weighing(budget=1.0).unit("persons a year") == "persons a year"


def test_where_an_arm_costs_more_than_the_budget_nothing_is_done() -> None:
    both = worlds([[10, 20], [5, 1]], [[400, 3000], [50, 200]])
    assert Weighing(budget=400).payoffs(both).tolist() == [[10, 5, 0], [0, 1, 0]]
    found = Weighing(value=100.0, budget=100).payoffs(both)
    assert found.tolist() == [[0, 450, 0], [0, 0, 0]]
    assert Weighing(budget=400).payable(both).tolist() == [[True, False], [True, True]]


def test_the_value_from_which_on_something_pays_is_that_of_the_cheapest() -> None:
    both = worlds([[10, 20], [-5, 1]], [[400, 2600], [50, 200]])
    # 3,000 euros for 30, while the other takes away.
    assert Weighing(value=1.0).least_value(both) == 100.0
    assert Weighing(value=1.0, budget=400).least_value(both) == 40.0
    assert Weighing(value=1.0, budget=10).least_value(both) == float("inf")


@pytest.mark.parametrize(
    ("value", "mean", "cost"), [(1.0, 0.5, 0.5), (50.0, 2.0, 100.0), (50.0, 1.0, 90.0)]
)
def test_knowing_a_normal_effect_is_worth_its_known_value_in_euros(
    value: float, mean: float, cost: float
) -> None:
    """The net value is normal: its mean is value x mean - cost, its spread the value."""
    shares = (np.arange(3000) + 0.5) / 3000
    effect: NDArray[np.float64] = norm.ppf(np.random.default_rng(1).permutation(shares), mean, 1.0)
    net = Weighing(value=value).payoffs(worlds([effect], [np.full(3000, cost)]))
    wanted = gain_of_normal(value * mean - cost, value)
    assert partial(net, effect[:, None]).value == pytest.approx(wanted, rel=0.02)
    assert perfect(net) == pytest.approx(wanted, rel=0.01)


def test_knowing_a_cost_is_worth_something_where_costs_count_alone() -> None:
    """The cost is N(100, 20) and the effect N(2, 1): at 50 euros the net value is N(0, ...)."""
    rng, shares = np.random.default_rng(2), (np.arange(3000) + 0.5) / 3000
    cost = norm.ppf(rng.permutation(shares), 100.0, 20.0)
    effect = norm.ppf(rng.permutation(shares), 2.0, 1.0)
    mine = worlds([effect], [cost])
    net = Weighing(value=50.0).payoffs(mine)
    assert partial(net, cost[:, None]).value == pytest.approx(gain_of_normal(0, 20), rel=0.15)
    assert partial(net, effect[:, None]).value == pytest.approx(gain_of_normal(0, 50), rel=0.03)
    assert partial(Weighing().payoffs(mine), cost[:, None]).value == 0.0


def make(folder: Path, levers: str, config: Path | None = None) -> Study:
    words = [*OF_SAMPLE, f"study.levers=[{levers}]", f"output={folder}"]
    made = start(words, config, simulate=study_fakes.priced)
    assert made is not None
    return made


@pytest.fixture(scope="module")
def sampled(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return make(tmp_path_factory.mktemp("net") / "sampled", "job_swap")


def test_a_study_says_what_it_is_worth_to_know_in_euros(sampled: Study) -> None:
    made = hesim.worth_knowing(sampled.folder, ["value=20000"])
    assert made.unit == EUROS
    rows = made.tables["worth_knowing_net"].set_index("key")
    # Even from -10 to 10 at a cost that is 5 of them on average: E max(0, x - 5) = 0.625.
    assert rows.loc[DIAL, "value"] == pytest.approx(0.625 * 20_000, rel=0.1)
    assert rows.loc[DIAL, "changes_percent"] == pytest.approx(25.0, abs=3.0)
    assert rows.loc[DIAL, "told"] and not rows.loc[DISTANCE, "told"]
    assert set(rows["unit"]) == {EUROS} and set(rows["value_each"]) == {20_000}
    assert rows["budget"].isna().all()
    # A survey of movers tells most of the dial, and costs of both halves are those of the worlds.
    assert 0.6 < rows.loc["movers", "value"] / rows.loc[DIAL, "value"] < 1.0


def test_a_very_large_value_gives_the_answer_without_costs_in_euros(sampled: Study) -> None:
    plain = hesim.worth_knowing(sampled.folder).tables["worth_knowing"].set_index("key")
    assert not {"unit", "value_each", "budget"} & set(plain.columns)
    large = hesim.worth_knowing(sampled.folder, ["value=1e12"]).tables["worth_knowing_net"]
    scaled = large.set_index("key").loc[plain.index]
    for column in ("value", "low", "high", "error"):
        wanted = pytest.approx(plain[column].to_numpy(), abs=1e-4, nan_ok=True)
        assert scaled[column].to_numpy() / 1e12 == wanted
    assert (scaled["told"] == plain["told"]).all()
    told = plain["told"]
    assert (scaled["changes_percent"] == plain["changes_percent"])[told].all() and told.any()
    # And a budget that everything fits into binds nobody.
    wide = hesim.worth_knowing(sampled.folder, ["budget=150001"]).tables["worth_knowing_net"]
    assert (wide.set_index("key")["value"] == plain["value"]).all()


def test_a_budget_bars_an_arm_in_the_worlds_in_which_it_costs_more(sampled: Study) -> None:
    made = hesim.worth_knowing(sampled.folder, ["budget=100000"])
    rows = made.tables["worth_knowing_net"].set_index("key")
    assert made.unit == "persons a year" and set(rows["budget"]) == {100_000}
    # It can be paid in half of the worlds: half of what it is worth to know the dial else.
    assert rows.loc["perfect", "value"] == pytest.approx(1.25, abs=0.2)
    assert 0.5 < rows.loc[DIAL, "value"] < 1.5
    assert any("costs more than the budget in 50% of the worlds" in note for note in made.notes)


def test_without_a_budget_only_the_baseline_is_left(
    sampled: Study, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for asked in (["budget=0"], ["budget=0", "value=20000"]):
        target = tmp_path / str(len(asked))
        assert main(["worth-knowing", str(sampled.folder), *asked, f"output={target}"]) == 0
        said = " ".join(capsys.readouterr().out.split())
        assert "The budget leaves nothing to choose but doing nothing." in said
        assert "Swaps of jobs may not be chosen: it costs " in said
        assert "euros a year, and in every world more than the budget" in said
        with (target / "worth_knowing_net.csv").open() as file:
            assert {float(row["value"]) for row in csv.DictReader(file)} == {0.0}


def test_the_command_says_value_cost_and_choice(
    sampled: Study, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "mine"
    words = ["value=2e4", "budget=1e6", f"output={target}"]
    assert main(["worth-knowing", str(sampled.folder), *words]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "Between Swaps of jobs and doing nothing, doing nothing does best on average" in said
    assert (
        "At 20,000 euros for each additional one of wo to hbo (persons a year), that choice brings "
        "0 euros a year more than it costs, and costs 0."
    ) in said
    assert "The budget is 1,000,000 euros a year; where an arm costs more, it may not" in said
    assert sorted(file.name for file in target.iterdir()) == [
        "datapackage.json",
        "worth_knowing_net.csv",
        "worth_knowing_net.png",
    ]
    with (target / "worth_knowing_net.csv").open() as file:
        value = float(next(row["value"] for row in csv.DictReader(file) if row["key"] == DIAL))
    assert f"{value:,.0f} euros a year (95% interval" in said
    assert said.count(f" {value:,.0f} ") == 2 and "e+0" not in said


def test_an_arm_of_unknown_cost_is_left_out_in_a_sentence(
    sampled: Study, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = without_costs(tmp_path / "own", "meet_and_greet")
    both = make(tmp_path / "both", "job_swap,job_swap+meet_and_greet", config)
    made = hesim.worth_knowing(both.folder, ["value=20000"])
    words = (
        "Swaps of jobs + Meet & greets of hbo and wo is left out, as no cost of Meet & greets of "
        "hbo and wo is known"
    )
    assert words in made.notes
    alone = hesim.worth_knowing(sampled.folder, ["value=20000"]).tables["worth_knowing_net"]
    assert made.tables["worth_knowing_net"]["value"].tolist() == alone["value"].tolist()
    # Where costs do not count it is a choice.
    assert words not in hesim.worth_knowing(both.folder).notes
    capsys.readouterr()
    arms = "arms=[job_swap+meet_and_greet]"
    assert main(["worth-knowing", str(both.folder), arms, "budget=5"]) == 2
    assert f"has no arm to choose: {words}" in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["value=0"], "value = '0': must be euros that an additional one is worth, above 0"),
        (["value=much"], "value = 'much': must be euros"),
        (["budget=-1"], "budget = '-1': must be euros a year, from 0 up"),
        (["budgett=1"], "did you mean budget?"),
        (["value=5", "study.outcome=lever_cost"], "nothing is paid for a cost"),
    ],
)
def test_amounts_that_cannot_be_are_refused(words: list[str], message: str, sampled: Study) -> None:
    with pytest.raises(ConfigErrors) as caught:
        hesim.worth_knowing(sampled.folder, words)
    assert message in str(caught.value)


def test_a_study_that_holds_no_costs_is_refused(tmp_path: Path) -> None:
    words = [*OF_SAMPLE, "study.levers=[job_swap]", f"output={tmp_path / 'old'}"]
    made = start(words, simulate=study_fakes.rivals)
    assert made is not None
    with pytest.raises(ConfigErrors, match="does not hold what its levers cost"):
        hesim.worth_knowing(made.folder, ["value=5"])
