"""The layout in a real browser: what is seen first, what is reached, and where errors stand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from browser import Opening
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.slow
READY = ".hesim-play:not([disabled])"
LETTERS = """() => {
  const found = {small: [], faces: new Set()};
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement, text = walk.currentNode.textContent.trim();
    if (!text || !element.getClientRects().length || element.closest("script, style, title, desc"))
      continue;
    const style = getComputedStyle(element);
    const drawn = element.ownerSVGElement ? element.getScreenCTM().a : 1;
    if (parseFloat(style.fontSize) * drawn < 11.95) found.small.push(text);
    found.faces.add(style.fontFamily);
  }
  return {small: found.small, faces: [...found.faces]};
}"""
"""Words on the page that are smaller than 12 pixels as drawn, and the type faces in use."""


def _bottom(found: Locator) -> float:
    box = found.bounding_box()
    assert box is not None
    return box["y"] + box["height"]


def _stays_in_width(page: Page, width: int) -> None:
    wide = page.evaluate(
        """width => [...document.querySelectorAll('.hesim-page *')]
          .filter(e => e.checkVisibility() && e.getBoundingClientRect().right > width + 1
            && !e.closest('.hesim-svg, .hesim-sheet, .v-tabs, .v-slide-group, .hesim-skip'))
          .map(e => e.outerHTML.slice(0, 120))""",
        width,
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= width, wide


def test_the_answer_the_strip_and_a_chart_are_seen_at_once(open_page: Opening) -> None:
    page = open_page("?levers=0:job_swap", size=(1280, 800)).page
    page.wait_for_selector(READY)
    page.wait_for_selector(".hesim-difference .hesim-view svg")
    for part in (".hesim-scenarios", ".hesim-sentence", ".hesim-view"):
        assert _bottom(page.locator(part).first) < 800, part
    _stays_in_width(page, 1280)
    # The rail stays in sight, and scrolls by itself.
    page.mouse.move(900, 600)
    page.mouse.wheel(0, 400)
    page.wait_for_function("scrollY >= 300")
    box = page.locator(".hesim-side").bounding_box()
    assert box is not None and 0 <= box["y"] < 10 and box["height"] <= 800
    assert 230 <= box["width"] <= 270
    page.set_viewport_size({"width": 1920, "height": 1080})
    main = page.locator(".hesim-main").bounding_box()
    assert main is not None and main["x"] + main["width"] > 1880


@pytest.mark.parametrize("width", [390, 1280, 1920])
@pytest.mark.parametrize("query", ["?levers=0:job_swap", "?tab=flows&month=2&lang=nl"])
def test_letters_have_one_face_and_twelve_pixels(
    open_page: Opening, width: int, query: str
) -> None:
    page = open_page(query, size=(width, 844)).page
    page.wait_for_selector(READY)
    page.wait_for_selector(".hesim-svg svg" if "flows" in query else ".hesim-difference svg")
    found = page.evaluate(LETTERS)
    assert not found["small"] and len(found["faces"]) == 1, found
    _stays_in_width(page, width)


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_head_of_a_telephone_leaves_room_for_the_answer(
    open_page: Opening, language: str
) -> None:
    page = open_page(f"?tab=flows&month=14&levers=3:job_swap&lang={language}", (390, 844)).page
    page.wait_for_selector(READY)
    page.wait_for_selector(".hesim-svg svg")
    head = page.locator(".hesim-head").bounding_box()
    assert head is not None and head["height"] <= 130
    # Title, calibration and language share a row; what is not seen is said all the same.
    rows = {
        part: page.locator(part).bounding_box()
        for part in (".hesim-head h1", ".hesim-warning", ".hesim-language")
    }
    assert all(box is not None and box["y"] < 40 and box["height"] < 40 for box in rows.values())
    title = page.locator(".hesim-head h1").text_content() or ""
    assert "hesim: " in title and len(title) > 30
    assert _bottom(page.locator(".hesim-tabs")) < 700


def test_a_telephone_shows_the_answer_and_folds_the_rail(open_page: Opening) -> None:
    page = open_page(size=(390, 844)).page
    page.wait_for_selector(READY)
    assert _bottom(page.locator(".hesim-sentence")) < 844
    box = page.locator('input[data-lever="job_swap"]')
    expect(page.locator(".hesim-levers")).to_be_hidden()
    fold = page.get_by_role("button", name="Levers and settings")
    fold.click()
    expect(fold).to_have_attribute("aria-expanded", "true")
    page.locator(".hesim-search input").fill("swap")
    box.check()
    expect(page.locator('[data-chip="job_swap"]')).to_be_visible()
    fold.click()
    expect(page.locator(".hesim-levers")).to_be_hidden()
    expect(page.get_by_role("button", name="Levers and settings (1 on)")).to_be_visible()


def test_levers_are_searched_and_chips_switch_them_off(open_page: Opening) -> None:
    page = open_page("?lang=nl&levers=0:job_swap").page
    page.wait_for_selector(READY)
    search = page.get_by_label("Zoek een maatregel")
    boxes = page.locator("input[data-lever]")
    everything = boxes.count()
    # By title, without its accents, and by key.
    for typed, key in (("een CAO", "single_cao"), ("single_cao", "single_cao")):
        search.fill(typed)
        expect(page.locator(f'input[data-lever="{key}"]')).to_be_visible()
        assert 1 <= boxes.count() < 6
    search.fill("zoiets bestaat niet")
    expect(page.locator(".hesim-levers [role=status]")).to_have_text("Geen maatregel heet zo.")
    search.press("Escape")
    expect(boxes).to_have_count(everything)
    page.click('[data-chip="job_swap"]')
    expect(page.locator("[data-chip]")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("job_swap"))


def test_errors_stand_beside_what_caused_them(open_page: Opening, tmp_path: Path) -> None:
    page = open_page("?levers=0:abolish_binary").page
    page.wait_for_selector(READY)
    number = page.locator('[data-number="abolish_binary.strength"]')
    number.fill("7")
    number.press("Enter")
    alert = page.locator(".hesim-dials [role=alert]")
    expect(alert).to_contain_text("must be from 0 to 1")
    expect(number).to_have_attribute("aria-invalid", "true")
    number.fill("0.5")
    number.press("Enter")
    expect(page).to_have_url(re.compile("strength=0.5"))
    expect(alert).to_have_count(0)
    # A lever that contradicts one that is on: at its own box, which stays off.
    opposed = page.locator(".hesim-lever", has=page.locator('input[data-lever="single_cao"]'))
    box = opposed.locator("input[type=checkbox]")
    for _ in range(2):
        box.click()
        expect(opposed.locator("[role=alert]")).to_contain_text("contradict each other")
        expect(box).not_to_be_checked()
    page.locator(".hesim-run > summary").click()
    scale = page.get_by_label("Scale (1 = everybody)")
    scale.fill("9")
    page.get_by_role("button", name="Start anew with these").click()
    expect(page.locator(".hesim-run [role=alert]")).to_contain_text("Scale (1 = everybody): must")
    expect(scale).to_have_attribute("aria-invalid", "true")
    page.locator(".hesim-more summary").click()
    (tmp_path / "bad.yaml").write_text("yaers: 3\n")
    page.set_input_files('[data-step="open_file"]', tmp_path / "bad.yaml")
    expect(page.locator(".hesim-more-box [role=alert]")).to_contain_text("nothing has changed")
    page.locator(".hesim-more summary").click()
    page.click(".hesim-tab-person")
    page.get_by_label("Number of the person").fill("zz")
    page.get_by_role("button", name="Follow", exact=True).click()
    expect(page.locator("main [role=alert]").last).to_contain_text("no number of a person")
    assert page.locator(".hesim-head [role=alert]").count() == 0


def test_keys_play_step_and_open_tabs(open_page: Opening) -> None:
    page = open_page("?tab=flows").page
    page.wait_for_selector(".hesim-svg svg")
    page.wait_for_selector(READY)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the answer")
    expect(skip).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#hesim-main")).to_be_focused()
    assert "#" not in page.url
    page.keyboard.press("m")
    expect(page.locator(".hesim-month")).to_contain_text("month 2 of")
    page.keyboard.press("3")
    expect(page).to_have_url(re.compile("tab=outcomes"))
    # Each tab has a key: 0 opens the tenth, and the list of keys says so.
    page.keyboard.press("0")
    expect(page).to_have_url(re.compile("tab=info"))
    expect(page.locator(".hesim-keys dt", has_text="1-9 0")).to_have_count(1)
    assert page.locator(".hesim-tabs .v-tab").count() == 10
    page.keyboard.press("3")
    expect(page).to_have_url(re.compile("tab=outcomes"))
    # Whoever writes means the letters; / leads to the search.
    page.keyboard.press("/")
    search = page.locator(".hesim-search input")
    expect(search).to_be_focused()
    page.keyboard.type("m2p")
    expect(search).to_have_value("m2p")
    search.blur()
    page.locator(".hesim-keys > summary").click()
    expect(page.locator(".hesim-keys dl")).to_contain_text("Play or pause")
    page.get_by_label("Single keys work on this page").uncheck()
    page.keyboard.press("2")
    page.get_by_label("Single keys work on this page").check()
    assert "tab=outcomes" in page.url
    page.keyboard.press("p")
    expect(page.locator(".hesim-month")).to_contain_text("month 24 of 24")
    # The address was kept while playing.
    expect(page).to_have_url(re.compile("month=24"))


def test_circles_of_the_map_are_reached_and_opened_by_key(open_page: Opening) -> None:
    page = open_page("?tab=flows").page
    page.wait_for_selector(".hesim-svg svg")
    page.wait_for_selector(READY)
    first = page.locator('.hesim-svg [data-pick][tabindex="0"]')
    expect(first).to_have_count(1)
    first.focus()
    page.keyboard.press("ArrowRight")
    here = page.evaluate("document.activeElement.getAttribute('data-pick')")
    assert here and here != first.first.get_attribute("data-nothing")
    # Another month draws the map anew: whoever stood on a circle stands there again.
    page.keyboard.press("m")
    expect(page.locator(".hesim-month")).to_contain_text("month 2 of")
    again = f"document.activeElement.getAttribute('data-pick') === '{here}'"
    page.wait_for_function(again)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"institution={here.partition(':')[2]}"))
    expect(page).to_have_url(re.compile("tab=institution"))
    page.go_back()
    expect(page).to_have_url(re.compile("tab=flows"))
    page.wait_for_selector(".hesim-svg [data-pick]")


def test_back_and_forward_move_through_tabs_and_scenarios(open_page: Opening) -> None:
    page = open_page("?levers=0:job_swap").page
    page.wait_for_selector(READY)
    page.click(".hesim-tab-staff")
    expect(page).to_have_url(re.compile("tab=staff"))
    # Neither a month nor a lever is a move.
    page.click(".hesim-step")
    expect(page).to_have_url(re.compile("month=2"))
    page.click('[data-step="duplicate"]')
    copy = page.locator('[data-scenario="mine, copy"]')
    expect(copy).to_have_attribute("aria-pressed", "true")
    page.click(".hesim-tab-outcomes")
    expect(page).to_have_url(re.compile("tab=outcomes"))
    mine = page.locator('[data-scenario="mine"]')
    page.go_back()
    expect(page.locator(".hesim-tab-staff")).to_have_attribute("aria-selected", "true")
    expect(copy).to_have_attribute("aria-pressed", "true")
    page.go_back()
    expect(mine).to_have_attribute("aria-pressed", "true")
    # What was made stays; the place alone goes back.
    expect(copy).to_be_visible()
    expect(page).to_have_url(re.compile(r"scenario=mine,(%20|\+)copy"))
    page.go_back()
    expect(page.locator(".hesim-tab-answer")).to_have_attribute("aria-selected", "true")
    page.go_forward()
    expect(page.locator(".hesim-tab-staff")).to_have_attribute("aria-selected", "true")
    page.go_forward()
    expect(copy).to_have_attribute("aria-pressed", "true")


def test_a_package_stands_in_a_link_and_acts_from_the_first_month(open_page: Opening) -> None:
    page = open_page("?package=exchange&package=nothing").page
    page.wait_for_selector(READY)
    named = page.locator('[data-scenario="Working on both sides"]')
    expect(named).to_have_attribute("aria-pressed", "true")
    expect(page.locator('[data-chip="secondment"]')).to_be_visible()
    expect(page.locator(".hesim-head [role=alert]")).to_contain_text("package")
    expect(page.locator(".hesim-sentence")).to_contain_text("from January 2011")
    assert "package=" not in page.url and "nothing" not in page.url


def test_our_own_pictures_have_a_table_and_full_screen(open_page: Opening) -> None:
    page = open_page("?tab=flows&month=3").page
    page.wait_for_selector(".hesim-svg svg")
    ribbons = page.locator(".hesim-own").nth(1)
    ribbons.get_by_role("button", name="Table: ").click()
    table = ribbons.locator(".hesim-sheet table")
    expect(table.locator("thead")).to_contain_text("persons")
    with page.expect_download() as coming:
        ribbons.get_by_role("button", name="Download CSV: ").click()
    lines = Path(coming.value.path()).read_text().splitlines()
    expect(table.locator("tbody tr")).to_have_count(len(lines) - 1)
    ribbons.get_by_role("button", name="Full screen: ").click()
    expect(ribbons).to_have_class(re.compile("hesim-full"))
    page.wait_for_function("document.fullscreenElement !== null")
    page.evaluate("document.exitFullscreen()")
    expect(ribbons).not_to_have_class(re.compile("hesim-full"))
