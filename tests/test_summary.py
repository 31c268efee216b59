import numpy as np
import pytest
from scipy.stats import t

from hesim.run.summary import interval, t_quantile


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
