"""Scenarios and the answer in a real browser: a lever is switched on, and a sentence comes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import Opening, Server
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    # Studies that are made from the page go below the current folder.
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("page"))
        started = Server("population.scale=0.02", "years=2", "burn_in=3")
    yield started
    assert started.end() == 0
    assert "Traceback" not in started.told


def test_a_lever_is_switched_on_and_the_sentence_comes(open_page: Opening) -> None:
    watched = open_page()
    page = watched.page
    sentence = page.locator(".hesim-sentence")
    # The recorded baseline first, with its pictures.
    expect(sentence).to_contain_text("Without new levers about")
    page.wait_for_selector(".hesim-svg svg")
    page.wait_for_selector(".hesim-play:not([disabled])")
    page.locator("summary", has_text="Working on both sides").click()
    page.check('input[data-lever="job_swap"]')
    expect(sentence).to_contain_text("8 paired runs at scale 0.02")
    expect(sentence).to_contain_text("swaps of jobs from January 2011")
    expect(sentence).to_contain_text(re.compile(r"\[-?[\d.]+ to -?[\d.]+\]|exactly as many"))
    expect(sentence).to_contain_text("the size of the lever is assumed")
    page.wait_for_selector(".hesim-difference svg")
    expect(page.locator(".hesim-main table").first).to_contain_text("From wo to hbo")
    # A second scenario, compared with the first: both were simulated, so nothing is run anew but
    # the worlds that are new.
    page.click('[data-step="duplicate"]')
    expect(page.locator('[data-scenario="mine, copy"]')).to_have_attribute("aria-pressed", "true")
    page.select_option('[data-step="compare_with"]', "mine")
    expect(sentence).to_contain_text("Both scenarios have the same levers")
    page.check('input[data-lever="secondment"]')
    expect(sentence).to_contain_text("8 paired runs")
    expect(sentence).to_contain_text("“mine, copy” rather than “mine”")
    expect(page).to_have_url(re.compile(r"against=mine&.*scenario=mine,(%20|\+)copy"))
    # Each lever's share of the whole, on demand.
    page.click(".hesim-shares")
    expect(page.locator(".hesim-main table").last).to_contain_text("Percent of the whole")
    # In Dutch, after a reload: the address holds it all.
    page.goto(page.url + "&lang=nl")
    expect(sentence).to_contain_text("8 gepaarde runs op schaal 0,02")
    expect(sentence).to_contain_text("in plaats van “mijn”")


def test_files_are_saved_opened_and_refused(open_page: Opening, tmp_path: Path) -> None:
    watched = open_page("?levers=0:job_swap(strength=0.5)")
    page = watched.page
    page.wait_for_selector(".hesim-play:not([disabled])")
    page.click(".hesim-more summary")
    with page.expect_download() as coming:
        page.click('[data-step="save"]')
    saved = Path(coming.value.path()).read_text()
    assert "job_swap" in saved and "strength: 0.5" in saved
    (tmp_path / "swaps half.yaml").write_text(saved)
    page.set_input_files('[data-step="open_file"]', tmp_path / "swaps half.yaml")
    expect(page.locator('[data-scenario="swaps half"]')).to_have_attribute("aria-pressed", "true")
    expect(page).to_have_url(re.compile(r"scenario=swaps(%20|\+)half&levers=0:job_swap"))
    (tmp_path / "bad.yaml").write_text("yaers: 3\ndata: /etc\n")
    page.set_input_files('[data-step="open_file"]', tmp_path / "bad.yaml")
    expect(page.locator(".hesim-strip [role=alert]")).to_contain_text("nothing has changed")
    page.fill('[data-step="name"]', "<b>bold</b>")
    page.click('[data-step="rename"]')
    expect(page.locator(".hesim-strip [role=alert]")).to_contain_text("<b>bold</b>: a name has")
    page.fill('[data-step="name"]', "Half of it")
    page.click('[data-step="rename"]')
    page.wait_for_selector('[data-scenario="Half of it"]')
    page.click('[data-step="delete"]')
    expect(page.locator('[data-scenario="Half of it"]')).to_have_count(0)
    page.select_option('[data-step="points"]', "package:exchange")
    page.click('[data-step="start_from"]')
    page.wait_for_selector('[data-scenario="Working on both sides"][aria-pressed="true"]')
    expect(page.locator('input[data-lever="secondment"]')).to_be_checked()


def test_a_study_is_made_on_the_page(open_page: Opening) -> None:
    watched = open_page("?levers=0:job_swap&years=1")
    page = watched.page
    page.click(".hesim-make-study")
    expect(page.locator(".hesim-study")).to_contain_text("complete, 16 runs")
    assert "hesim view" in page.inner_text("main")
