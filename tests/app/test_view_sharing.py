"""The page shared in a house, in a real browser: tokens, places, restarts, memory."""

from __future__ import annotations

import http.client
import re
import urllib.request

import processes
import psutil
import pytest
from browser import Server, Watched
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.slow
SETTINGS = ("population.scale=0.02", "years=2", "burn_in=3")
WORD = "a-word_of-22-letters-0"


def wait_for_picture(page: Page) -> None:
    page.wait_for_selector(".hesim-svg svg, .hesim-view svg")


def visits(server: Server) -> int:
    with urllib.request.urlopen(f"{server.address}hesim/visits", timeout=processes.HANG) as got:
        return int(got.read())


def handshake(server: Server, cookie: str = "", origin: str = "") -> int:
    """Status of an attempt to open a page's connection."""
    asked = http.client.HTTPConnection("127.0.0.1", server.port, timeout=processes.HANG)
    headers = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13"}
    headers |= {"Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==", "Cookie": cookie}
    headers |= {"Origin": origin} if origin else {}
    asked.request("GET", "/jupyter/api/kernels/x/channels?session_id=y", headers=headers)
    status = asked.getresponse().status
    asked.close()
    return status


def test_a_page_for_others_asks_for_its_token(browser: Browser, opened: list[Watched]) -> None:
    server = Server(*SETTINGS, "--host", "0.0.0.0", "--token", WORD)
    try:
        stranger = Watched(browser, server, "?lang=nl&month=2")
        expect(stranger.page.locator("h1")).to_have_text("Deze pagina vraagt om een token")
        expect(stranger.page.locator("html")).to_have_attribute("lang", "nl")
        # The link with the token, from a page of another site, as in a mail.
        asked: list[str] = []
        page = stranger.page
        page.on("request", lambda one: asked.append(one.headers.get("referer", "")))
        link = f"{server.address}?token={WORD}&lang=nl&tab=staff&month=2"
        page.goto("data:text/html," + f"<a href='{link}'>link</a>".replace("&", "%26"))
        page.click("a")
        wait_for_picture(page)
        assert WORD not in page.url and "tab=staff" in page.url and "month=2" in page.url
        assert "maand 2 van" in stranger.month()
        assert not [each for each in asked if WORD in each]
        [cookie] = [
            one for one in stranger.context.cookies() if one["name"].startswith("hesim-token")
        ]
        assert cookie["httpOnly"] and cookie["sameSite"] == "Strict"
        assert WORD not in cookie["value"]
        # Back leads to where the visitor came from, not to the token; a reload needs none.
        page.reload()
        wait_for_picture(page)
        assert not page.evaluate("document.body.innerHTML").count(WORD)
        other = Watched(browser, server, "?" + page.url.partition("?")[2])
        expect(other.page.locator("h1")).to_have_text("Deze pagina vraagt om een token")
        other.context.close()
        named = f"{cookie['name']}={cookie['value']}"
        assert handshake(server) == 403
        assert handshake(server, named, "http://evil.example") == 403
        assert handshake(server, named) == 101
        stranger.wrong.clear()
        stranger.context.close()
    finally:
        assert server.end() == 0
    # It is printed in the two addresses, and nowhere else.
    assert server.told.count(WORD) == 2 and "Traceback" not in server.told


def test_one_visitor_too_many_waits_for_a_place(browser: Browser, opened: list[Watched]) -> None:
    server = Server(*SETTINGS, "--visitors", "1")
    try:
        first = Watched(browser, server)
        opened.append(first)
        wait_for_picture(first.page)
        late = Watched(browser, server, "?month=3")
        expect(late.page.locator("h1")).to_have_text("All places are taken")
        # Who is there may load the page anew.
        first.page.reload()
        wait_for_picture(first.page)
        # Another page in the same browser waits, and opens by itself.
        second = first.context.new_page()
        second.goto(server.address + "?lang=nl&month=2")
        expect(second.locator(".hesim-away h2")).to_have_text("Alle plaatsen zijn bezet")
        first.page.goto("about:blank")
        wait_for_picture(second)
        assert second.locator(".hesim-away").count() == 0
        assert visits(server) == 1
        second.close()
        processes.until(lambda: visits(server) == 0)
        late.page.click("a")
        wait_for_picture(late.page)
        assert "month 3 of" in late.month()
        late.context.close()
        processes.until(lambda: visits(server) == 0)
    finally:
        assert server.end() == 0
    first.wrong[:] = [each for each in first.wrong if "WebSocket" not in each]


def test_a_page_comes_back_after_the_server_was_killed(
    browser: Browser, opened: list[Watched]
) -> None:
    server = Server(*SETTINGS)
    query = "?lang=nl&tab=flows&levers=1:meet_and_greet(contacts=3)&month=4&replications=1"
    watched = Watched(browser, server, query)
    page = watched.page
    wait_for_picture(page)
    expect(page).to_have_url(re.compile("month=4"))
    before, seen = page.url, page.locator(".hesim-svg").first.inner_html()
    assert not watched.wrong
    server.process.kill()
    server.process.communicate()
    expect(page.locator(".hesim-away h2")).to_have_text("De server is weg")
    # Solara's own words do not show, and nothing behind ours can be reached.
    assert not page.get_by_text("Server disconnected").is_visible()
    assert page.evaluate("document.getElementById('app').inert")
    again = Server(*SETTINGS, "--port", str(server.port))
    try:
        page.wait_for_selector(".hesim-away", state="detached")
        wait_for_picture(page)
        expect(page).to_have_url(before)
        expect(page.locator(".hesim-month")).to_contain_text("maand 4 van 24")
        assert page.locator(".hesim-svg").first.inner_html() == seen
        assert visits(again) == 1
        # A connection that only broke leaves the run as it is. Nothing is under way meanwhile: what
        # is drawn is told to the server.
        expect(page.locator(".hesim-sentence")).to_contain_text("één run, geen interval")
        watched.wrong.clear()
        page.click(".hesim-step")
        expect(page.locator(".hesim-month")).to_contain_text("maand 5 van 24")
        page.evaluate("solara.debug.dropConnection()")
        page.wait_for_function("solara.debug.reconnectCount == 1")
        # The browser tells of the broken connection, and of nothing else.
        assert all("onnect" in said or "WebSocket" in said for said in watched.wrong)
        watched.wrong.clear()
        page.click(".hesim-step")
        expect(page.locator(".hesim-month")).to_contain_text("maand 6 van 24")
        assert page.locator(".hesim-away").count() == 0
        assert visits(again) == 1
        opened.append(watched)
        page.goto("about:blank")
        processes.until(lambda: visits(again) == 0)
    finally:
        assert again.end() == 0


def test_memory_returns_after_visitors_left(browser: Browser, opened: list[Watched]) -> None:
    server = Server("population.scale=0.3", "years=2", "burn_in=3")
    process = psutil.Process(server.process.pid)

    def memory() -> int:
        return int(process.memory_info().rss)

    def three_visits() -> int:
        """Let three come and leave; memory while they were there."""
        there = [Watched(browser, server, "?month=3") for _ in range(3)]
        for each in there:
            wait_for_picture(each.page)
        most = memory()
        for each in there:
            assert not each.wrong
            each.page.close()
            each.context.close()
        processes.until(lambda: visits(server) == 0)
        return most

    try:
        # What is loaded once stays.
        first = three_visits()
        processes.until(lambda: memory() < first)
        left = memory()
        most = three_visits()
        held = most - left
        assert held > 0
        for _ in range(3):
            three_visits()
        # Twelve visits: had each left a part of its run, it would be more.
        processes.until(lambda: memory() < left + held / 2)
    finally:
        assert server.end() == 0
