"""Share one small run between the tests of what `hesim run check=true` says of a run."""

from __future__ import annotations

import pytest

import hesim
from hesim.config import Settings
from hesim.record.run_folder import Run
from hesim.scenario import compose

TWO_YEARS = (
    "structure=standing",
    "population.scale=0.02",
    "burn_in=0",
    "years=2",
    "replications=1",
    "workers=1",
    "figures=false",
)


@pytest.fixture(scope="session")
def two_years() -> Settings:
    return compose(TWO_YEARS)


@pytest.fixture(scope="session")
def standing_run(two_years: Settings, tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("runs") / "run"
    made = hesim.run(settings=two_years.with_values({"output": str(folder)}))
    # What is checked divides by the scale itself.
    return Run(made.folder)
