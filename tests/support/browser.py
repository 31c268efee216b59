"""Debian's Chromium, a server and a visitor of it, for the tests of the page."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Protocol

import processes
from playwright.sync_api import Browser, expect

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS = ("--no-sandbox", "--disable-background-networking", "--disable-component-update")


PATIENCE = 1000 * processes.HANG
"""Milliseconds after which the page hangs for certain; the machine may be busy."""

expect.set_options(timeout=PATIENCE)

SMALL_RUN = ("population.scale=0.03", "years=2", "burn_in=6")
"""Settings of a run of two years that is quickly there."""


@cache
def chromium() -> tuple[str | None, str]:
    """Path of a Chromium, or None with the reason why there is none."""
    found = _find()
    if found is None and _may_install():
        told = _install()
        found = _find()
        if found is None:
            return None, f"no Chromium, and apt-get could not install it: {told}"
    if found is None:
        return None, "no Chromium here; Debian's: apt-get install chromium"
    return found, ""


def _find() -> str | None:
    return next((path for path in map(shutil.which, NAMES) if path), None)


def _may_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def _install() -> str:
    told = ""
    for command in (["apt-get", "update"], ["apt-get", "install", "-y", "chromium"]):
        try:
            done = subprocess.run(
                command,
                capture_output=True,
                text=True,
                timeout=400,
                check=False,
                env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return str(error)
        told = done.stderr.strip()[-300:]
    return told


# A blank page has no storage: it says so by an error.
SEEN = "try { localStorage.setItem('hesim-walk', 'seen') } catch (none) {}"
"""Script by which a visitor has seen the first walk."""


EMPTY_AXIS = "WARN Infinite extent"
"""Vega's warning of an axis of time without a figure: known, harmless, and still to be mended."""


class Server:
    """A `hesim view` of the tests' own."""

    def __init__(self, *words: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "hesim", "view", "--port", "0", "--no-open", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            # Unbuffered: `communicate` would lose what a buffer has read beyond the address.
            bufsize=0,
        )
        self.told = ""
        assert self.process.stdout is not None
        for read in iter(self.process.stdout.readline, b""):
            line = read.decode()
            self.told += line
            match = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
            if match:
                self.address, self.port = match.group(0), int(match.group(1))
                return
        raise AssertionError(self.told)

    def end(self) -> int:
        """Press Ctrl-C."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        try:
            self.told += self.process.communicate(timeout=processes.HANG)[0].decode()
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        return self.process.returncode

    def memory_mb(self) -> float:
        """Resident memory."""
        text = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", text).group(1)) / 1024  # type: ignore[union-attr]


class Watched:
    """A page with everything that went wrong on it."""

    def __init__(
        self,
        browser: Browser,
        server: Server,
        query: str = "",
        size: tuple[int, int] = (1280, 900),
        newcomer: bool = False,
    ) -> None:
        self.context = browser.new_context(viewport={"width": size[0], "height": size[1]})
        if not newcomer:
            self.context.add_init_script(SEEN)
        self.page = self.context.new_page()
        self.wrong: list[str] = []
        own = f"127.0.0.1:{server.port}"
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on(
            "console",
            lambda said: (
                self.wrong.append(said.text)
                if said.type in ("error", "warning") and not said.text.startswith(EMPTY_AXIS)
                else None
            ),
        )
        self.page.on(
            "request",
            lambda asked: (
                None
                if own in asked.url or asked.url.startswith(("data:", "blob:"))
                else self.wrong.append(f"left the machine: {asked.url}")
            ),
        )
        self.page.on(
            "response",
            lambda got: self.wrong.append(f"{got.status} {got.url}") if got.status >= 400 else None,
        )
        # All pages of this visitor: a second one would else wait half a minute only.
        self.context.set_default_timeout(PATIENCE)
        self.page.goto(server.address + query)

    def month(self) -> str:
        """What the page says of the month."""
        return self.page.inner_text(".hesim-month")


class Opening(Protocol):
    """Opens a page of the module's server, or of another one."""

    def __call__(
        self, query: str = "", size: tuple[int, int] = (1280, 900), other: Server | None = None
    ) -> Watched: ...
