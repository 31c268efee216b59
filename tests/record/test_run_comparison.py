"""Two runs beside one another, by hand-computed cases and against the tables of a run."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from run_fakes import go, simulate
from scipy import stats

from hesim.config import ConfigErrors
from hesim.outcomes.summary import t_quantile
from hesim.record.run_comparison import BY_YEAR_COLUMNS, MEANS_COLUMNS
from hesim.record.run_folder import load

DELTA = {0: 1.0, 1: 4.0, 2: 7.0}


def shifted(settings, replication):
    """The same model with a known difference in one outcome."""
    made = simulate(settings, replication)
    made.outcomes["wo_to_hbo"] = made.outcomes["wo_to_hbo"] + DELTA[replication] * np.arange(1, 3)
    return made


def test_the_difference_is_paired_by_replication(tmp_path):
    first = go(tmp_path / "first", scale=0.5)
    second = go(tmp_path / "second", shifted, scale=0.5)
    made = first.compare(second)
    assert tuple(made.by_year.columns) == BY_YEAR_COLUMNS
    assert tuple(made.means.columns) == MEANS_COLUMNS
    rows = made.by_year.set_index(["outcome", "year"])
    # Counts are divided by the scale, so 1, 4 and 7 read as 2, 8 and 14; mean 8, deviation 6.
    half = t_quantile(2) * 6 / math.sqrt(3)
    row = rows.loc[("wo_to_hbo", 2011)]
    assert row["difference"] == pytest.approx(8, abs=1e-3)
    assert (row["low"], row["high"]) == pytest.approx((8 - half, 8 + half), abs=1e-3)
    assert not row["distinguishable"]
    assert rows.loc[("wo_to_hbo", 2012), "difference"] == pytest.approx(16, abs=1e-3)
    assert row["second"] - row["first"] == pytest.approx(8, abs=1e-3)
    mean = made.means.set_index("outcome").loc["wo_to_hbo"]
    assert mean["difference"] == pytest.approx(12, abs=1e-3)
    assert (mean["from_year"], mean["to_year"]) == (2011, 2012)
    others = made.means[made.means["outcome"] != "wo_to_hbo"]
    assert (others["difference"] == 0).all()
    assert second.compare(first).means["difference"].tolist() == [
        -x for x in made.means["difference"]
    ]


def test_levels_are_those_of_the_summary(tmp_path):
    made = go(tmp_path / "run")
    of_year = made.compare(made).by_year.set_index(["outcome", "year"])["first"]
    summary = made.summary[~made.summary["year"].isin(["all", "in_force"])]
    for row in summary.itertuples():
        assert of_year[row.outcome, int(row.year)] == pytest.approx(row.mean, abs=1e-4)


def test_only_common_replications_and_years_count(tmp_path):
    first = go(tmp_path / "first", years=1, replications=2)
    second = go(tmp_path / "second", years=2, replications=3)
    made = first.compare(second)
    assert set(made.by_year["year"]) == {2011}
    assert set(made.by_year["replications"]) == {2}


def test_one_replication_gives_no_interval(tmp_path):
    first = go(tmp_path / "first", replications=1)
    row = first.compare(first).means.iloc[0]
    assert math.isnan(row["low"])
    assert not row["distinguishable"]


def test_runs_that_share_nothing_are_refused_with_every_reason(tmp_path):
    first = go(tmp_path / "first")
    second = go(tmp_path / "second", start="2012-01", scale=0.5)
    with pytest.raises(ConfigErrors) as caught:
        first.compare(second)
    assert [problem.path for problem in caught.value.problems] == ["start", "population.scale"]
    assert "must be '2011-01' as in" in str(caught.value)


def test_other_seeds_give_two_independent_samples(tmp_path):
    first = go(tmp_path / "first", seed=1)
    second = go(tmp_path / "second", seed=2, replications=4)
    made = first.compare(second)
    assert made.unpaired == "the seeds are 1 and 2"
    one, two = (
        run.outcomes[(run.outcomes["outcome"] == "wo_to_hbo") & (run.outcomes["year"] == 2011)]
        for run in (first, second)
    )
    a, b = one["value"].to_numpy(), two["value"].to_numpy()
    assert (a.size, b.size) == (3, 4)
    row = made.by_year.set_index(["outcome", "year"]).loc[("wo_to_hbo", 2011)]
    assert row["difference"] == pytest.approx(b.mean() - a.mean(), abs=1e-3)
    # Welch's interval as scipy has it.
    known = stats.ttest_ind(b, a, equal_var=False).confidence_interval()
    assert (row["low"], row["high"]) == pytest.approx((known.low, known.high), abs=1e-3)
    assert row["replications"] == 3 and "not paired since the seeds are 1 and 2" in str(made)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"population.hbo_staff": 40_000}, "the population at the start differs"),
        ({"burn_in": 3}, "the population at the start differs"),
        ({"model.choice.sector_cost": 2}, ""),
        ({"years": 1}, ""),
    ],
)
def test_runs_are_paired_where_seeds_and_population_agree(tmp_path, given, words):
    first, second = go(tmp_path / "first"), go(tmp_path / "second", **given)
    assert first.compare(second).unpaired == words


def test_another_model_or_other_tables_are_told(tmp_path):
    first, second = go(tmp_path / "first"), go(tmp_path / "second")
    body = json.loads((second.folder / "manifest.json").read_text())
    for key, value, words in (
        ("model_sha256", "0" * 64, "the model is another version"),
        ("processes_sha256", {"processes/own.py": "1"}, "the model is another version"),
        ("data_sha256", {**body["data_sha256"], "macro_2011.csv": "2"}, "from other tables"),
    ):
        (second.folder / "manifest.json").write_text(json.dumps({**body, key: value}))
        assert words in first.compare(load(second.folder)).unpaired


def test_an_arm_that_a_run_lacks_is_named(tmp_path):
    first = go(tmp_path / "first")
    with pytest.raises(ConfigErrors, match="its arms: baseline, difference"):
        first.compare(first.of_arm("policy"))
