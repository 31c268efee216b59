"""Play and click at the same time in a real browser: no picture may take the page with it."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle, islice

import pytest
from browser import Server, Watched
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.slow
TABS = ("flows", "outcomes", "staff", "market", "institution", "person")
LEVERS = ("meet_and_greet", "job_swap", "secondment", "single_cao")


@contextmanager
def _load(loops: int) -> Iterator[None]:
    """Loops that keep the processors busy beside the test."""
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(loops)]
    try:
        yield
    finally:
        for each in busy:
            each.kill()
            each.wait()


def _done(page: Page) -> int:
    found = re.search(r"month (\d+) of", page.inner_text(".hesim-month"))
    return int(found.group(1)) if found else 0


def _sound(page: Page) -> None:
    """No traceback, and no picture that failed."""
    text = page.inner_text("body")
    assert "Traceback" not in text, text[-2000:]
    assert page.locator(".hesim-failed").count() == 0


def _play_and_click(watched: Watched, rounds: int) -> None:
    """Play with levers on, and click tabs, choices and levers all the while."""
    page = watched.page
    page.wait_for_selector(".hesim-svg svg")
    page.wait_for_selector(".hesim-play:not([disabled])")
    began = _done(page)
    page.click(".hesim-play")
    page.locator(".hesim-show > summary").click()
    sector = page.locator(".hesim-show label", has_text="Sector").first.locator("select")
    for turn in range(rounds):
        for tab, lever, choice in zip(
            TABS, islice(cycle(LEVERS), turn, None), cycle(("hbo", "", "wo")), strict=False
        ):
            page.click(f".hesim-tab-{tab}")
            expect(page).to_have_url(re.compile(f"tab={tab}"))
            _sound(page)
            sector.select_option(choice)
            expect(page).to_have_url(
                re.compile(f"sector={choice}" if choice else r"^((?!sector=).)*$")
            )
            box = page.locator(f'input[data-lever="{lever}"]')
            before = page.url
            # The click itself: a page that is drawn anew meanwhile must not lose it.
            box.evaluate("e => e.click()")
            page.wait_for_function("given => location.href !== given", arg=before)
            _sound(page)
    assert _done(page) > began
    page.wait_for_selector(".hesim-month")
    _sound(page)


@contextmanager
def _visited(browser: Browser, opened: list[Watched], query: str) -> Iterator[Watched]:
    server = Server("population.scale=0.05", "years=20", "burn_in=6")
    try:
        watched = Watched(browser, server, query)
        opened.append(watched)
        yield watched
        watched.page.goto("about:blank")
    finally:
        assert server.end() == 0
        assert "Traceback" not in server.told, server.told


def test_the_page_lives_while_it_plays_and_is_clicked(
    browser: Browser, opened: list[Watched]
) -> None:
    with _visited(
        browser, opened, "?tab=flows&month=2&institution=3&levers=1:meet_and_greet"
    ) as watched:
        _play_and_click(watched, 1)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1, 6))
def test_the_page_lives_under_load(browser: Browser, opened: list[Watched], seed: int) -> None:
    query = f"?tab=flows&month=2&institution=3&levers=1:meet_and_greet&seed={seed}&replications=2"
    with _load(2 * (os.cpu_count() or 1)), _visited(browser, opened, query) as watched:
        _play_and_click(watched, 2)


CLICKED = (
    ".hesim-page button:enabled, .hesim-page summary, .hesim-page [role=tab], "
    ".hesim-page input[type=checkbox], .hesim-page select, .hesim-page svg [data-mark]"
)
SPARED = "hesim-make-study"
"""A step of the page that begins a process of its own; see test_view_scenarios_browser.py."""


def _click_at_random(watched: Watched, clicks: int, seed: int) -> None:
    """Click whatever can be clicked, while the run plays."""
    page, chance = watched.page, random.Random(seed)
    page.wait_for_selector(".hesim-play:not([disabled])")
    page.click(".hesim-play")
    for _ in range(clicks):
        # What stands there is drawn anew all the time, so it is found and clicked in one go.
        page.evaluate(
            """([clicked, spared, draw]) => {
              const all = [...document.querySelectorAll(clicked)].filter(
                (e) => e.offsetParent !== null && !e.closest("." + spared));
              const one = all[Math.floor(draw * all.length)];
              if (one.tagName === "SELECT") {
                one.selectedIndex = Math.floor(draw * 997) % one.options.length;
                one.dispatchEvent(new Event("change", {bubbles: true}));
              } else {
                one.dispatchEvent(new MouseEvent("click", {bubbles: true, cancelable: true}));
              }
            }""",
            [CLICKED, SPARED, chance.random()],
        )
        _sound(page)
    page.wait_for_selector(".hesim-month")
    _sound(page)


@pytest.mark.parametrize(
    "clicks", [pytest.param(80, id="some"), pytest.param(800, id="many", marks=pytest.mark.long)]
)
def test_the_page_lives_whatever_is_clicked(
    browser: Browser, opened: list[Watched], clicks: int
) -> None:
    with _visited(browser, opened, "?tab=flows&month=2&levers=1:meet_and_greet") as watched:
        _click_at_random(watched, clicks, seed=clicks)
