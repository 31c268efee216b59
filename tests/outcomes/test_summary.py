from types import SimpleNamespace

import numpy as np
import pytest
from scipy.stats import t

from hesim.outcomes.registry import OUTCOMES
from hesim.outcomes.summary import interval, summarise, t_quantile


@pytest.mark.parametrize("freedom", [1, 2, 3, 7, 12, 20, 21, 30, 99, 1000])
def test_t_quantiles_agree_with_scipy(freedom):
    assert t_quantile(freedom) == pytest.approx(t.ppf(0.975, freedom), abs=1e-3)


def test_interval_of_known_values():
    mean, low, high = interval(np.array([1.0, 2.0, 3.0]))
    assert mean == 2.0
    assert high - mean == pytest.approx(4.303 / 3**0.5)
    assert mean - low == pytest.approx(high - mean)


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
