"""Share one small finished run between the tests that only look at it."""

from __future__ import annotations

import pytest

from hesim.config import Settings, compose
from hesim.model.higher_education import HigherEducation
from hesim.tables import ReportTables, read


@pytest.fixture(scope="session")
def tables() -> ReportTables:
    return read()


@pytest.fixture(scope="session")
def small() -> Settings:
    return compose(["population.scale=0.05", "years=2", "burn_in=12", "replications=1"])


@pytest.fixture(scope="session")
def finished(small: Settings, tables: ReportTables) -> HigherEducation:
    model = HigherEducation(small, tables, 0)
    for _ in range(36):
        model.step()
    model.finish()
    return model
