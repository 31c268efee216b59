"""The page in a real browser: why, one life in two worlds, contests, recorded runs and studies."""

from __future__ import annotations

import re
from collections.abc import Iterator

import barrier_fakes
import pytest
from browser import Server, Watched
from playwright.sync_api import Browser, expect

import hesim
from hesim.cli import main

pytestmark = pytest.mark.slow
SETTINGS = ("population.scale=0.03", "years=2", "burn_in=6")
LEVERS = "levers=1:abolish_binary,meet_and_greet"


def test_the_recorded_barriers_show_at_once_in_both_languages(
    browser: Browser, server: Server, opened: list[Watched]
) -> None:
    watched = Watched(browser, server, "?tab=why")
    opened.append(watched)
    page = watched.page
    page.wait_for_selector(".hesim-barriers .hesim-view svg")
    expect(page.locator(".hesim-sentence").nth(1)).to_contain_text("Shares of the difference")
    # The page runs at another scale and for other years than the recorded study.
    expect(page.locator(".hesim-change")).to_contain_text("not of the run on this page")
    assert page.locator(".hesim-barriers .hesim-panel").count() == 2
    # What the outcome over a panel means shows when it is reached by key.
    term = page.locator(".hesim-barriers .hesim-term").first
    meaning = term.locator(".hesim-meaning")
    expect(meaning).to_be_hidden()
    term.focus()
    expect(meaning).to_be_visible()
    page.click(".hesim-language")
    expect(page.locator(".hesim-main")).to_contain_text("Aandelen in het verschil")
    expect(page.locator(".hesim-barriers")).to_contain_text("Vertrouwdheid")


def test_a_life_that_differs_is_followed_to_where_it_parts(
    browser: Browser, server: Server, opened: list[Watched]
) -> None:
    watched = Watched(browser, server, f"?tab=person&month=20&{LEVERS}")
    opened.append(watched)
    page = watched.page
    page.click(".hesim-parted")
    told = page.locator(".hesim-diary .hesim-sentence")
    expect(told).to_contain_text(re.compile(r"From \w+ 201\d the two lives differ\. Without"))
    # Both lanes of the career, and a line where they part.
    lanes = page.locator(".hesim-svg svg")
    expect(lanes).to_contain_text("baseline")
    expect(lanes).to_contain_text("policy")
    assert lanes.locator("line[stroke-dasharray='5 3']").count() == 1


def test_the_contests_of_an_institution_are_told(
    browser: Browser, server: Server, opened: list[Watched]
) -> None:
    watched = Watched(browser, server, "?tab=institution&institution=3&month=20&lang=nl")
    opened.append(watched)
    page = watched.page
    page.click(".hesim-replay")
    told = page.locator(".hesim-diary .hesim-sentence")
    expect(told).to_contain_text("Vacatures van sep 2011 tot en met aug 2012")


@pytest.fixture(scope="module")
def recorded(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("recorded") / "run"
    more = ("levers=[single_cao]", "levers.single_cao.start=2011-07", "workers=1", "figures=false")
    assert main(["run", *SETTINGS, *more, "replications=2", f"output={folder}"]) == 0
    started = Server(str(folder))
    yield started
    assert started.end() == 0


def test_a_recorded_run_opens_at_its_beginning_or_as_told_and_marks_its_levers(
    browser: Browser, recorded: Server, opened: list[Watched]
) -> None:
    watched = Watched(browser, recorded, "?tab=outcomes")
    opened.append(watched)
    page = watched.page
    expect(page.locator(".hesim-month")).to_contain_text("month 1 of 24")
    page.click(".hesim-play")
    expect(page.locator(".hesim-month")).to_contain_text("month 24 of 24")
    rule = page.locator(".hesim-swatches li", has_text="One collective labour agreement")
    expect(rule.first).to_contain_text("from Jul 2011")
    page.wait_for_selector(".hesim-view svg text:has-text('One collective')")
    told = Watched(browser, recorded, "?tab=outcomes&month=9")
    opened.append(told)
    expect(told.page.locator(".hesim-month")).to_contain_text("month 9 of 24")


@pytest.fixture(scope="module")
def barriers(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("barriers") / "study"
    hesim.barriers(
        ["engine=serial"],
        names=["familiarity", "posts"],
        structures=["standing"],
        draws=3,
        output=str(folder),
        simulate=barrier_fakes.known_barriers,
    )
    started = Server(str(folder))
    yield started
    assert started.end() == 0


def test_a_study_of_barriers_is_shown(
    browser: Browser, barriers: Server, opened: list[Watched]
) -> None:
    watched = Watched(browser, barriers, "?lang=nl")
    opened.append(watched)
    page = watched.page
    page.wait_for_selector(".hesim-barriers .hesim-view svg")
    expect(page.locator(".hesim-main")).to_contain_text("zonder alle 2 drempels")
    expect(page.locator(".hesim-main")).to_contain_text("gelijkblijvende vaste banen bij wo")
