"""Measure the page in a real browser: wall time of what a visitor waits for, at full scale.

- Up: from the start of `hesim view` until it says its address; what is compiled is in the cache.
- Usable: from asking for the address until Play can be pressed, the server being up, in a browser
  without a cache (a new context each time).
- Wire: bytes that the server has sent, sockets included and compressed as they went, until the
  first chart of the opening page shows; a relay counts them.
- Sentence: from the click that switches a lever on until a sentence with its interval stands there
  (four pairs at the small scale of quick answers). How long the sentence of the run's own scale
  takes stands below. Each round takes another lever, as the worlds of one are remembered.
- Step: from the press of "one month" until the new month is drawn, on the page with the map and the
  ribbons, after two years.
- Play: months a second as fast as it goes, and pictures a second that the browser really drew.
- Visitors: memory of the server and its workers when ten visitors at scale 0.1 play. What processes
  share counts once where the system tells it (Linux: proportional set size).

Wall time on a machine that does other things says little: the load average stands below.
"""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psutil

from benchmarks.part import Bar, Figure, Measured, Options, Part
from benchmarks.parts.start import hesim_command
from benchmarks.wire import wire_to

BARS = (
    Bar("up", "server up, warm", 3, 2, "s"),
    Bar("usable", "page usable", 2, 1, "s"),
    Bar("wire", "on the wire until the first chart shows", 1.5, 1.5, "MB"),
    Bar("sentence", "first sentence with an interval", 8, 4, "s"),
    Bar("step", "a month at 1:1 stepped and drawn", 0.2, 0.12, "s"),
    Bar("months", "months a second, playing at 1:1", 10, 20, at_most=False),
    Bar("frames", "pictures a second, playing at 1:1", 5, 10, at_most=False),
    Bar("visitors", "ten visitors at scale 0.1", 1000, 1000, "MB"),
)
LEVERS = ("meet_and_greet", "single_cao", "joint_appointment", "job_swap", "secondment")
"""Levers that are switched on, one each round."""
COUNT = """() => { window.seen = []; new MutationObserver(() => window.seen.push(performance.now()))
  .observe(document.querySelector('.hesim-main'), {subtree: true, childList: true}); }"""
"""Notes in the page when its pictures change."""
SEEN = "try { localStorage.setItem('hesim-walk', 'seen') } catch (none) {}"
"""Script by which a visitor has seen the first walk."""
SENTENCE = re.compile(r"(\[-?[\d.,]+ to -?[\d.,]+\]|exactly as many).*paired runs", re.DOTALL)
"""What an answer with an interval looks like; the recorded baseline has no pairs."""
PATIENCE = 300_000
"""Milliseconds after which something is wrong."""


def measure(options: Options) -> Measured:
    """Start servers and browsers."""
    from playwright.sync_api import sync_playwright

    scale, visitors = (0.02, 2) if options.quick else (1.0, 10)
    figures: dict[str, list[float]] = {bar.key: [] for bar in BARS}
    whole: list[float] = []
    with sync_playwright() as playwright:
        path = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for turn in range(options.rounds):
            begun = time.perf_counter()
            with _server(f"population.scale={scale}") as (address, _):
                if turn:  # The first fills the cache of compiled code.
                    figures["up"].append(time.perf_counter() - begun)
                _one_visit(browser, address, figures)
                _first_bytes(browser, address, figures)
                whole.append(_one_lever(browser, address, LEVERS[turn % len(LEVERS)], figures))
        with _server("population.scale=0.1") as (address, process):
            figures["visitors"].append(_many(browser, address, process, visitors))
        browser.close()
    facts: dict[str, str | float] = {
        "sentence at the run's own scale, s": sorted(whole)[len(whole) // 2]
    }
    return Measured({name: Figure(tuple(values)) for name, values in figures.items()}, facts)


def _visitor(browser: Any) -> Any:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(SEEN)
    context.set_default_timeout(PATIENCE)
    return context


def _one_visit(browser: Any, address: str, figures: dict[str, list[float]]) -> None:
    context = _visitor(browser)
    page = context.new_page()
    begun = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_selector(".hesim-play:not([disabled])")
    figures["usable"].append(time.perf_counter() - begun)
    page.goto(f"{address}?tab=flows&month=24")
    page.wait_for_selector(".hesim-svg svg")
    for _ in range(3):
        figures["step"].append(_step(page))
    page.select_option(".hesim-speed select", index=4)
    first = _done(page)
    page.evaluate(COUNT)
    begun = time.perf_counter()
    page.click(".hesim-play")
    time.sleep(4.0)
    months, spent = _done(page) - first, time.perf_counter() - begun
    drawn = page.evaluate(
        "window.seen.filter((t, k) => k === 0 || t - window.seen[k - 1] > 30).length"
    )
    figures["months"].append(months / spent)
    figures["frames"].append(drawn / spent)
    context.close()


def _first_bytes(browser: Any, address: str, figures: dict[str, list[float]]) -> None:
    with wire_to(address) as wire:
        context = _visitor(browser)
        page = context.new_page()
        page.goto(wire.address, wait_until="commit")
        page.wait_for_selector(".hesim-view svg")
        figures["wire"].append(wire.received / 1e6)
        context.close()


def _one_lever(browser: Any, address: str, lever: str, figures: dict[str, list[float]]) -> float:
    """Switch a lever on; return the seconds until the sentence of the run's own scale."""
    context = _visitor(browser)
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector(".hesim-play:not([disabled])")
    box = page.locator(f'input[data-lever="{lever}"]')
    page.locator("details", has=box).locator("summary").first.click()
    sentence = page.locator(".hesim-sentence")
    begun = time.perf_counter()
    box.check()
    _until(lambda: SENTENCE.search(sentence.inner_text()))
    figures["sentence"].append(time.perf_counter() - begun)
    _until(
        lambda: SENTENCE.search(sentence.inner_text()) and "at scale" not in sentence.inner_text()
    )
    spent = time.perf_counter() - begun
    context.close()
    return spent


def _until(holds: Any) -> None:
    """Look twenty times a second until something holds."""
    end = time.monotonic() + PATIENCE / 1000
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError("the page did not come to it")
        time.sleep(0.05)


def _step(page: Any) -> float:
    before = page.inner_text(".hesim-month")
    picture = page.locator(".hesim-svg").first.inner_html()
    begun = time.perf_counter()
    page.click(".hesim-step")
    page.wait_for_function(
        "given => document.querySelector('.hesim-month').innerText !== given[0] && "
        "document.querySelector('.hesim-svg').innerHTML !== given[1]",
        arg=[before, picture],
    )
    return time.perf_counter() - begun


def _done(page: Any) -> int:
    found = re.search(r"month (\d+) of", page.inner_text(".hesim-month"))
    return int(found.group(1)) if found else 0


def _many(browser: Any, address: str, process: psutil.Process, visitors: int) -> float:
    contexts = [_visitor(browser) for _ in range(visitors)]
    pages = [context.new_page() for context in contexts]
    for seed, page in enumerate(pages):
        page.goto(f"{address}?tab=flows&seed={seed + 1}")
        page.wait_for_selector(".hesim-play:not([disabled])", timeout=120_000)
        page.click(".hesim-play")
    most, until = 0.0, time.monotonic() + 60.0
    while time.monotonic() < until and not all(_done(page) >= 119 for page in pages):
        family = [process, *process.children(recursive=True)]
        most = max(most, sum(map(_memory, family)) / 1e6)
        time.sleep(0.5)
    for context in contexts:
        context.close()
    return most


def _memory(process: psutil.Process) -> float:
    """Bytes of memory of a process; what it shares with others counts for each in part."""
    try:
        full = process.memory_full_info()
    except psutil.Error:
        return 0.0
    return float(getattr(full, "pss", full.rss))


@contextmanager
def _server(*words: str) -> Iterator[tuple[str, psutil.Process]]:
    started = subprocess.Popen(
        [*hesim_command(), "view", "--port", "0", "--no-open", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert started.stdout is not None
        for line in started.stdout:
            found = re.search(r"http://\S+/", line)
            if found:
                yield found.group(0), psutil.Process(started.pid)
                break
    finally:
        started.send_signal(signal.SIGINT)
        started.wait(30)


PART = Part("view", "the page in a browser", BARS, measure)
