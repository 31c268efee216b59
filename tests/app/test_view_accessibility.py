"""Nobody is shut out: axe finds no fault on any tab, in both languages, at three widths."""

from __future__ import annotations

from importlib import resources

import pytest
from browser import Server, Watched
from playwright.sync_api import Browser, Page, expect

from hesim.app.address import TABS
from hesim.app.words import LANGUAGES

pytestmark = pytest.mark.slow
WIDTHS = (390, 1280, 1920)
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
QUERY = "?month=14&levers=1:meet_and_greet&person=100&institution=3&replications=2"


def faults(page: Page) -> list[str]:
    """What axe finds, each with the elements."""
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", list(RULES)
    )
    return [
        f"{fault['id']} ({fault['impact']}): {fault['help']}: "
        + "; ".join(node["html"][:160] for node in fault["nodes"][:3])
        for fault in found["violations"]
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_no_fault_on_any_tab_at_any_width(
    browser: Browser, server: Server, opened: list[Watched], language: str
) -> None:
    watched = Watched(browser, server, f"{QUERY}&tab={TABS[0]}&lang={language}", newcomer=True)
    opened.append(watched)
    page = watched.page
    page.evaluate(resources.files("axe_playwright_python").joinpath("axe.min.js").read_text())
    page.wait_for_selector(".hesim-walk")
    page.wait_for_selector(".hesim-sentence")
    found = {}
    for tab in TABS:
        page.locator(f".hesim-tab-{tab}").evaluate("tab => tab.click()")
        expect(page.locator(f".hesim-tab-{tab}")).to_have_attribute("aria-selected", "true")
        expect(page.locator(".hesim-wait")).to_have_count(0)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            wrong = faults(page)
            # Nothing is cut off at the side, or has to be scrolled to.
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                wrong.append(f"{wide} pixels wide")
            if wrong:
                found[f"{tab} at {width}"] = wrong
    assert not found, "\n".join(f"{place}: {wrong}" for place, wrong in found.items())
