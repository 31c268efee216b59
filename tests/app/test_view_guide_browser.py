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


@pytest.mark.parametrize("size", [(390, 844), (1280, 800)])
@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_walk_hides_nothing_that_it_points_at(
    browser: Browser,
    server: Server,
    opened: list[Watched],
    size: tuple[int, int],
    language: str,
) -> None:
    query = f"?lang={language}&levers=0:job_swap"
    watched = Watched(browser, server, query, size=size, newcomer=True)
    opened.append(watched)
    page = watched.page
    page.wait_for_selector(".hesim-difference .hesim-view svg")
    card = page.locator(".hesim-walk")
    for step, target in enumerate((".hesim-answer", ".hesim-side", ".hesim-strip", ".hesim-tabs")):
        # Each step is taken anew, as the answer may have grown in the meantime.
        card.locator("[data-walk=next]" if step else "[data-walk=close]").wait_for()
        if step:
            card.locator("[data-walk=next]").click()
        expect(card).to_contain_text(str(step + 1))
        box = card.bounding_box()
        assert box is not None and box["height"] < size[1] / (4 if size[0] < 900 else 3)
        page.wait_for_function(
            """target => {
              const [card, aim] = [".hesim-walk", target].map(
                (one) => document.querySelector(one).getBoundingClientRect());
              return aim.bottom <= card.top || aim.top >= card.bottom || aim.right <= card.left;
            }""",
            arg=target,
        )


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
