"""Share one small finished run between the tests that only look at it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import environment  # noqa: F401 - before NumPy
import pytest
from browser import FLAGS, PATIENCE, Watched, chromium
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, sync_playwright

from hesim.config import Settings
from hesim.model.higher_education import HigherEducation
from hesim.scenario import compose
from hesim.tables import ReportTables, read

# Neither says how fast a machine must be. `.ci/long` tries many.
for name, examples in (("few", 40), ("many", 1000)):
    settings.register_profile(
        name,
        deadline=None,
        max_examples=examples,
        suppress_health_check=[HealthCheck.too_slow],
    )
settings.load_profile("few")

COMPILE = """
from hesim.shelf import shelf
if not shelf().whole():
    from hesim.model.warming import compile_kernels
    compile_kernels()
"""


def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile the model once, before each process of a whole suite would do so for itself."""
    config = session.config
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    if whole and not hasattr(config, "workerinput") and not config.option.collectonly:
        subprocess.run([sys.executable, "-c", COMPILE], check=False)


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


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path, why = chromium()
    if path is None:
        pytest.skip(why)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=path, args=list(FLAGS), timeout=PATIENCE
        )
        yield started
        started.close()


@pytest.fixture
def opened(browser: Browser) -> Iterator[list[Watched]]:
    """Pages to be closed, and looked through for errors, at the end."""
    pages: list[Watched] = []
    yield pages
    wrong = [each.wrong for each in pages]
    for each in pages:
        each.context.close()
    assert not any(wrong), wrong
