"""A server of the page and visitors of it, for the tests in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browser import SMALL_RUN, Opening, Server, Watched
from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def server(browser: Browser) -> Iterator[Server]:
    started = Server(*SMALL_RUN)
    yield started
    assert started.end() == 0
    assert "Traceback" not in started.told


@pytest.fixture
def open_page(browser: Browser, request: pytest.FixtureRequest, opened: list[Watched]) -> Opening:
    """A visitor's page; it is closed, and looked through for errors, at the end of the test."""

    def opening(
        query: str = "", size: tuple[int, int] = (1280, 900), other: Server | None = None
    ) -> Watched:
        shown = other or request.getfixturevalue("server")
        watched = Watched(browser, shown, query, size)
        opened.append(watched)
        return watched

    return opening
