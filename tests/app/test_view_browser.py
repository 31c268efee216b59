"""The page in a real browser: Debian's Chromium, headless, against a server of this machine."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import processes
import pytest
from browser import SMALL_RUN, Opening, Server
from playwright.sync_api import Browser, Page, expect

from hesim.api import run
from hesim.cli import main
from hesim.scenario import compose

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def recorded(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("recorded") / "run"
    settings = compose(
        [*SMALL_RUN, "replications=2", "workers=1", "figures=false", f"output={folder}"]
    )
    run(settings=settings)
    started = Server(str(folder))
    yield started
    assert started.end() == 0


def _step(page: Page, times: int = 1) -> None:
    for _ in range(times):
        before = page.inner_text(".hesim-month")
        page.click(".hesim-step")
        expect(page.locator(".hesim-month")).not_to_have_text(before)


def test_a_run_is_played_stepped_and_copied_to_another_page(open_page: Opening) -> None:
    watched = open_page("?tab=flows")
    page = watched.page
    page.wait_for_selector(".hesim-play:not([disabled])")
    # The page opens on the first month, with its pictures.
    assert "Jan 2011: month 1 of 24" in watched.month()
    page.wait_for_selector(".hesim-svg svg")
    _step(page)
    assert "Feb 2011: month 2 of 24" in watched.month()
    assert page.locator(".hesim-svg svg").count() == 2
    page.click(".hesim-play")
    expect(page.locator(".hesim-month")).to_contain_text("month 24 of 24")
    # The address holds what is seen; another visitor's page simulates the same.
    page.click(".hesim-tab-staff")
    expect(page).to_have_url(re.compile("tab=staff"))
    expect(page).to_have_url(re.compile("month=24"))
    page.wait_for_selector(".hesim-view svg text:text-is('35 to 54')")
    query = "?" + page.url.partition("?")[2]
    other = open_page(query)
    other.page.wait_for_selector("svg text:text-is('35 to 54')")
    mine = page.locator(".hesim-panels").first.get_attribute("aria-label")
    assert other.page.locator(".hesim-panels").first.get_attribute("aria-label") == mine
    assert mine and "35 to 54, hbo" in mine


def test_language_selection_and_downloads(server: Server, open_page: Opening) -> None:
    watched = open_page("?tab=flows&month=8")
    page = watched.page
    page.wait_for_selector(".hesim-svg svg")
    everybody = page.locator(".hesim-svg").nth(1).inner_html()
    page.click(".hesim-language")
    page.wait_for_selector("text=Afspelen")
    assert page.evaluate("document.documentElement.lang") == "nl"
    page.goto(f"{server.address}?tab=flows&month=8&lang=nl&sector=hbo")
    page.wait_for_selector(".hesim-svg svg")
    assert page.locator(".hesim-svg").nth(1).inner_html() != everybody
    found = {}
    for kind in ("SVG", "PNG", "CSV"):
        with page.expect_download() as coming:
            page.locator(f".hesim-downloads button:text-is('{kind}')").first.click()
        found[kind] = Path(coming.value.path()).read_bytes()
    assert found["SVG"].startswith(b"<svg") and found["PNG"].startswith(b"\x89PNG")
    assert found["CSV"].startswith(b"what,origin,destination,persons")
    page.locator(".hesim-run > summary").click()
    with page.expect_download() as coming:
        page.click(".hesim-config")
    text = Path(coming.value.path()).read_text()
    assert "scale: 0.03" in text and "years: 2" in text


def test_a_lever_changes_the_numbers_from_the_next_month(open_page: Opening) -> None:
    watched = open_page("?tab=flows&month=3")
    page = watched.page
    page.wait_for_selector(".hesim-svg svg")
    page.locator("summary", has_text="Terms of employment").click()
    page.check('input[data-lever="abolish_binary"]')
    page.wait_for_selector("text=From Apr 2011")
    expect(page).to_have_url(re.compile("levers=3:abolish_binary"))
    dial = page.locator('input[data-dial^="abolish_binary."]').first
    dial.evaluate("e => { e.value = 0.4; e.dispatchEvent(new Event('change')) }")
    expect(page).to_have_url(re.compile(r"abolish_binary\("))
    _step(page, 2)
    # A map and ribbons of the difference, then of both arms.
    pictures = page.locator(".hesim-svg svg")
    expect(pictures).to_have_count(2)
    page.select_option(".hesim-way select", index=1)
    expect(pictures).to_have_count(4)
    page.click(".hesim-tab-outcomes")
    page.wait_for_selector(".hesim-chart-title :text-is('assumed effect')")
    page.wait_for_selector("text=policy less baseline", state="attached")


def test_a_package_is_switched_on_from_the_keyboard_on_the_dutch_page(open_page: Opening) -> None:
    watched = open_page("?lang=nl&tab=flows&month=2&levers=1:meet_and_greet(contacts=3)")
    page = watched.page
    page.wait_for_selector(".hesim-svg svg")
    package = page.get_by_label("Kant-en-klaar pakket")
    package.focus()
    # Going through the list changes nothing yet.
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    expect(package).to_have_value("exchange")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator('input[data-lever="secondment"]')).to_be_checked()
    expect(page).to_have_url(
        re.compile(r"levers=2:job_swap,.*,meet_and_greet\(contacts=3\),secondment")
    )
    assert "Detacheringen tussen hbo en wo" in page.inner_text(".hesim-levers")
    # A package that contradicts a lever that is on is refused.
    page.locator("summary", has_text="Arbeidsvoorwaarden").click()
    page.check('input[data-lever="abolish_binary"]')
    expect(page).to_have_url(re.compile("abolish_binary"))
    package.select_option("terms")
    page.click("text=Zet aan")
    expect(page.locator(".hesim-levers [role=alert]")).to_contain_text("spreken elkaar tegen")
    expect(page.locator('input[data-lever="single_cao"]')).not_to_be_checked()
    # The head's first row ends in the language; no button is wider than its column.
    right = "e => e.getBoundingClientRect().right"
    language, title = page.locator(".hesim-language"), page.locator("h1")
    head = page.locator(".hesim-head").evaluate(right)
    assert head - 30 < language.evaluate(right) <= head
    assert language.bounding_box()["y"] < title.bounding_box()["y"] + 12  # type: ignore[index]
    side = page.locator(".hesim-side").evaluate(right)
    for button in page.locator(".hesim-side button").all():
        assert button.evaluate(right) <= side
        assert button.evaluate("e => e.scrollWidth <= e.clientWidth + 1")


def test_a_persons_story_is_told(server: Server, open_page: Opening) -> None:
    watched = open_page("?month=14&tab=person")
    page = watched.page
    page.click(".hesim-crosser")
    page.wait_for_selector(".hesim-diary section")
    assert "person=" in page.url
    page.wait_for_selector("text=Career of person", state="attached")
    searches = page.locator(".hesim-diary details")
    assert searches.count() > 0
    searches.last.evaluate("e => { e.open = true }")
    assert "Seen by" in searches.last.inner_text()
    page.goto(f"{server.address}?month=6&tab=institution&institution=3")
    page.locator(".hesim-view svg").first.wait_for()
    page.click(".hesim-replay")
    page.wait_for_selector("text=Vacancies and applicants: baseline")


def test_a_recorded_run_has_a_slider_and_its_stories(recorded: Server, open_page: Opening) -> None:
    # It opens where it is told to, without a word at its beginning.
    watched = open_page("?month=24", other=recorded)
    page = watched.page
    page.wait_for_selector(".hesim-svg svg")
    assert "month 24 of 24" in watched.month()
    slider = page.locator(".hesim-slider [role=slider]")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".hesim-month")).to_contain_text("month 23 of 24")
    expect(page).to_have_url(re.compile("month=23"))
    page.click(".hesim-tab-outcomes")
    page.wait_for_selector("text=Turnover of hbo", state="attached")
    assert "95" in page.inner_text("body") or "to" in page.inner_text(".hesim-cards")
    page.click(".hesim-tab-person")
    page.click(".hesim-crosser")
    page.wait_for_selector(".hesim-diary section")
    # The replay knows what no table of the folder holds.
    page.click(".hesim-tab-staff")
    page.wait_for_selector("svg text:text-is('35 to 54')")


def test_a_study_has_a_league(open_page: Opening, tmp_path: Path) -> None:
    folder = tmp_path / "study"
    words = ["study", "study.levers=[abolish_binary,meet_and_greet]", "study.replications=2"]
    words += ["study.draws=0", "population.scale=0.02", "years=4", "burn_in=3", "engine=serial"]
    assert main([*words, f"output={folder}"]) == 0
    server = Server(str(folder))
    try:
        watched = open_page("?arm=abolish_binary", other=server)
        page = watched.page
        title = ".hesim-chart-title:text-is('{}: difference from the baseline')"
        page.wait_for_selector(title.format("From wo to hbo"))
        page.wait_for_selector("text=Comparison over all outcomes")
        page.select_option(".hesim-outcome select", "turnover_wo")
        page.wait_for_selector(title.format("Turnover of wo"))
        expect(page).to_have_url(re.compile("outcome=turnover_wo"))
        page.goto("about:blank")
    finally:
        assert server.end() == 0


def test_a_hostile_address_gets_a_word(open_page: Opening) -> None:
    bad = "?replications=1000000&scale=9&sector=%3Cscript%3Ealert(1)%3C/script%3E&levers=2:nothing"
    watched = open_page(bad + "&levers=1:single_cao,abolish_binary&month=3")
    page = watched.page
    page.wait_for_selector("text=Not understood in the address")
    text = page.inner_text("body")
    for part in ("replications", "scale", "sector", "nothing"):
        assert part in text
    # Levers that contradict each other are told, and the run goes on without them.
    page.wait_for_selector("text=contradict")
    page.wait_for_selector(".hesim-svg svg")


def test_visitors_have_runs_of_their_own_which_go_when_they_leave(
    server: Server, open_page: Opening
) -> None:
    one, other = open_page(), open_page("?seed=2")
    for each in (one, other):
        each.page.wait_for_selector(".hesim-play:not([disabled])")
    _step(one.page, 2)
    _step(other.page, 1)
    assert "month 3 of" in one.month() and "month 2 of" in other.month()
    before = _visits(server)
    other.page.goto("about:blank")
    processes.until(lambda: _visits(server) < before)
    assert _visits(server) == before - 1
    _step(one.page, 1)


def _visits(server: Server) -> int:
    with urllib.request.urlopen(f"{server.address}hesim/visits", timeout=processes.HANG) as got:
        return int(got.read())


def test_a_port_in_use_is_told(server: Server) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "hesim",
            "view",
            "--no-open",
            "--port",
            str(server.port),
            *SMALL_RUN,
        ],
        capture_output=True,
        text=True,
        timeout=processes.HANG,
        check=False,
        env={**os.environ, "PYTHONWARNINGS": "error::ResourceWarning"},
    )
    assert done.returncode == 1
    assert f"port {server.port} is in use" in done.stderr and "Traceback" not in done.stderr


def test_a_request_for_another_host_is_refused(server: Server) -> None:
    asked = urllib.request.Request(server.address, headers={"Host": "evil.example"})
    with pytest.raises(urllib.error.HTTPError) as told:
        urllib.request.urlopen(asked, timeout=processes.HANG)
    assert told.value.code == 400
