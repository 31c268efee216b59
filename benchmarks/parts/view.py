"""Measure the page in a real browser: wall time of what a visitor waits for, at full scale.

- Usable: from asking for the address until Play can be pressed, the server being up, in a browser
  without a cache (a new context each time).
- Step: from the press of "one month" until the new month is drawn, on the page with the map and the
  ribbons, after two years.
- Play: months a second as fast as it goes, and pictures a second that the browser really drew.
- Visitors: resident memory of the server and its worker when ten visitors at scale 0.1 play.

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

BARS = (
    Bar("usable", "page usable", 4, 2, "s"),
    Bar("step", "a month at 1:1 stepped and drawn", 0.5, 0.2, "s"),
    Bar("months", "months a second, playing at 1:1", 5, 10, at_most=False),
    Bar("frames", "pictures a second, playing at 1:1", 3, 3, at_most=False),
    Bar("visitors", "ten visitors at scale 0.1", 2000, 2000, "MB"),
)
COUNT = """() => { window.seen = []; new MutationObserver(() => window.seen.push(performance.now()))
  .observe(document.querySelector('.hesim-main'), {subtree: true, childList: true}); }"""
"""Notes in the page when its pictures change."""


def measure(options: Options) -> Measured:
    """Start servers and browsers."""
    from playwright.sync_api import sync_playwright

    scale, visitors = (0.02, 2) if options.quick else (1.0, 10)
    figures: dict[str, list[float]] = {bar.key: [] for bar in BARS}
    with sync_playwright() as playwright:
        path = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        with _server(f"population.scale={scale}") as (address, _):
            for _ in range(options.rounds):
                _one_visit(browser, address, figures)
        with _server("population.scale=0.1") as (address, process):
            figures["visitors"].append(_many(browser, address, process, visitors))
        browser.close()
    return Measured({name: Figure(tuple(values)) for name, values in figures.items()}, {})


def _one_visit(browser: Any, address: str, figures: dict[str, list[float]]) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
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
    contexts = [browser.new_context() for _ in range(visitors)]
    pages = [context.new_page() for context in contexts]
    for seed, page in enumerate(pages):
        page.goto(f"{address}?tab=flows&seed={seed + 1}")
        page.wait_for_selector(".hesim-play:not([disabled])", timeout=120_000)
        page.click(".hesim-play")
    most, until = 0.0, time.monotonic() + 60.0
    while time.monotonic() < until and not all(_done(page) >= 119 for page in pages):
        family = [process, *process.children(recursive=True)]
        most = max(most, sum(each.memory_info().rss for each in family) / 1e6)
        time.sleep(0.5)
    for context in contexts:
        context.close()
    return most


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
