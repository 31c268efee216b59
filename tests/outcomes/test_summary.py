from types import SimpleNamespace

import numpy as np
import pytest
from scipy.stats import t, ttest_ind

from hesim.outcomes.registry import OUTCOMES
from hesim.outcomes.summary import (
    independent_interval,
    interval,
    is_year,
    mechanism_effects,
    summarise,
    t_quantile,
)


@pytest.mark.parametrize("freedom", [1, 2, 2.5, 7, 20, 21, 30, 1000, np.inf])
def test_t_quantiles_agree_with_scipy(freedom):
    assert t_quantile(freedom) == pytest.approx(t.ppf(0.975, freedom), rel=1e-9)


def test_interval_of_known_values():
    mean, low, high = interval(np.array([1.0, 2.0, 3.0]))
    assert mean == 2.0
    assert high - mean == pytest.approx(4.302653 / 3**0.5)
    assert mean - low == pytest.approx(high - mean)


def test_the_interval_of_independent_samples_is_welchs():
    first, second = np.array([10.0, 12.0, 14.0, 20.0]), np.array([20.0, 22.0, 30.0])
    mean, low, high = independent_interval(first, second)
    known = ttest_ind(second, first, equal_var=False).confidence_interval(0.95)
    assert mean == 10.0
    assert (low, high) == pytest.approx((known.low, known.high))
    # Spreads of their own: the wide sample decides, and not both alike.
    wide, narrow = np.array([0.0, 40.0, 80.0]), np.array([1.0, 1.1, 1.2, 1.3, 1.4])
    known = ttest_ind(narrow, wide, equal_var=False).confidence_interval(0.95)
    assert independent_interval(wide, narrow)[1:] == pytest.approx((known.low, known.high))


def test_independent_samples_without_spread_or_without_two_values():
    same = np.array([3.0, 3.0])
    assert independent_interval(same, np.array([5.0, 5.0, 5.0])) == (2.0, 2.0, 2.0)
    mean, low, high = independent_interval(same, np.array([4.0]))
    assert mean == 1.0 and np.isnan(low) and np.isnan(high)


def test_one_replication_has_no_interval():
    mean, low, high = interval(np.array([5.0]))
    assert mean == 5.0
    assert np.isnan(low)
    assert np.isnan(high)


def test_every_outcome_reads_as_at_full_scale_in_the_summary():
    made = [
        SimpleNamespace(arm="baseline", outcomes={n: np.array([2.0 + k, 6.0]) for n in OUTCOMES})
        for k in range(2)
    ]
    rows = {(row["outcome"], row["year"]): row for row in summarise(made, 2011, 0.5)}
    for name, outcome in OUTCOMES.items():
        times = 2 if outcome.kind == "count" else 1
        assert rows[name, "2011"]["mean"] == 2.5 * times
        assert rows[name, "2012"]["mean"] == 6.0 * times
        assert rows[name, "all"]["mean"] == 4.25 * times
        assert rows[name, "2011"]["unit"] == outcome.unit
        grade = "calibrated" if outcome.grade == "emergent" else outcome.grade
        assert rows[name, "2011"]["grade"] == grade


def of_arm(arm, *replications):
    """Replications in which every outcome has the same values by year."""
    return [
        SimpleNamespace(arm=arm, outcomes={name: np.array(values) for name in OUTCOMES})
        for values in replications
    ]


def test_a_policy_is_set_beside_its_baseline_in_pairs():
    made = of_arm("baseline", [1.0, 2.0, 6.0], [3.0, 4.0, 8.0])
    made += of_arm("policy", [1.0, 5.0, 7.0], [3.0, 6.0, 12.0])
    rows = summarise(made, 2011, 1.0, grade="assumed", calibrated="uncalibrated", before=1)
    found = {(row["arm"], row["outcome"], row["year"]): row for row in rows}
    assert {arm for arm, _, _ in found} == {"baseline", "policy", "difference"}
    for name, outcome in OUTCOMES.items():
        by_year = [found["difference", name, str(2011 + k)]["mean"] for k in range(3)]
        assert by_year == [0.0, 2.5, 2.5]
        assert found["difference", name, "all"]["mean"] == round(5 / 3, 4)
        # The lever starts in 2012: 2 and 3 persons more in either replication.
        in_force = found["difference", name, "in_force"]
        assert (in_force["mean"], in_force["replications"]) == (2.5, 2)
        assert in_force["low"] == round(2.5 - 12.706205 * 0.5, 4)
        assert in_force["high"] == round(2.5 + 12.706205 * 0.5, 4)
        assert found["baseline", name, "in_force"]["mean"] == 5.0
        assert found["policy", name, "in_force"]["mean"] == 7.5
        emerges = outcome.grade == "emergent"
        of_baseline = "uncalibrated" if emerges else outcome.grade
        assert found["baseline", name, "all"]["grade"] == of_baseline
        assert found["policy", name, "all"]["grade"] == "assumed"
        assert found["difference", name, "all"]["grade"] == "assumed"
    assert sum(map(is_year, rows)) == 3 * 3 * len(OUTCOMES)
    assert len(rows) == 3 * 5 * len(OUTCOMES)


def test_all_years_count_where_none_is_said_to_come_before_the_levers():
    made = of_arm("baseline", [1.0, 2.0]) + of_arm("policy", [2.0, 6.0])
    made += of_arm("without network", [1.0, 3.0])
    found = {(row["arm"], row["year"]): row["mean"] for row in summarise(made, 2011, 1.0)}
    assert found["difference", "in_force"] == found["difference", "all"] == 2.5
    assert {row["mean"] for row in mechanism_effects(made, 1.0)} == {2.0}


def test_means_are_told_with_four_decimals_and_no_interval_where_there_is_none():
    (row,) = [
        row
        for row in summarise(of_arm("baseline", [1 / 3]), 2011, 1.0)
        if row["outcome"] == "wo_to_hbo" and row["year"] == "all"
    ]
    assert row["mean"] == 0.3333
    assert (row["low"], row["high"], row["replications"]) == (None, None, 1)


def test_a_mechanism_causes_what_is_missing_without_it():
    made = of_arm("baseline", [0.0, 0.0], [0.0, 0.0])
    made += of_arm("policy", [9.0, 4.00004], [9.0, 6.00004])
    made += of_arm("without network", [2.0, 1.0], [3.0, 1.0])
    rows = {
        (row["mechanism"], row["outcome"]): row for row in mechanism_effects(made, 0.5, before=1)
    }
    assert {name for name, _ in rows} == {"network"}
    for name, outcome in OUTCOMES.items():
        times = 2 if outcome.kind == "count" else 1
        row = rows["network", name]
        assert row["mean"] == round(4.00004 * times, 4)
        assert row["low"] == round((4.00004 - 12.706205) * times, 4)
        assert row["high"] == round((4.00004 + 12.706205) * times, 4)
        assert row["unit"] == outcome.unit
    (alone, *_) = mechanism_effects([made[2], made[4]], 1.0, before=1)
    assert (alone["low"], alone["high"]) == (None, None)
