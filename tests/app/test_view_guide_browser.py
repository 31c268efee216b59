"""The first walk and the guide in a real browser."""

from __future__ import annotations

import pytest
from browser import Server, Watched
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.slow


def test_a_newcomer_is_led_once_and_again_when_asked(
    browser: Browser, server: Server, opened: list[Watched]
) -> None:
    watched = Watched(browser, server, newcomer=True)
    opened.append(watched)
    page = watched.page
    walk = page.locator(".hesim-walk")
    expect(walk).to_contain_text("step 1 of 4")
    for step in (2, 3, 4):
        walk.locator("[data-walk=next]").click()
        expect(walk).to_contain_text(f"step {step} of 4")
        assert page.evaluate("document.documentElement.dataset.walk") == str(step)
    expect(walk.locator("[data-walk=next]")).to_have_count(0)
    walk.locator("[data-walk=close]").click()
    expect(walk).to_have_count(0)
    assert page.evaluate("document.documentElement.dataset.walk") is None
    # Who has seen it is left in peace, and may ask for it.
    page.reload()
    page.wait_for_selector(".hesim-sentence")
    expect(walk).to_have_count(0)
    page.locator(".hesim-tab-info").click()
    page.locator(".hesim-walk-again").click()
    expect(walk).to_contain_text("step 1 of 4")
    page.keyboard.press("Escape")


def test_a_term_says_what_it_means_on_hover_and_by_key(
    browser: Browser, server: Server, opened: list[Watched]
) -> None:
    watched = Watched(browser, server, "?tab=info&lang=nl")
    opened.append(watched)
    page = watched.page
    term = page.locator(".hesim-term", has_text="maatregel").first
    meaning = term.locator(".hesim-meaning")
    expect(meaning).to_be_hidden()
    term.hover()
    expect(meaning).to_be_visible()
    page.mouse.move(0, 0)
    expect(meaning).to_be_hidden()
    term.focus()
    expect(meaning).to_be_visible()
    expect(page.locator(".hesim-info")).to_contain_text("Wat u mag citeren")
