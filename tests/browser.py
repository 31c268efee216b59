"""Find Debian's Chromium for the tests of the page, installing it where that is possible."""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS = ("--no-sandbox", "--disable-background-networking", "--disable-component-update")


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
                command, capture_output=True, text=True, timeout=400, check=False,
                env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            )  # fmt: skip
        except (OSError, subprocess.TimeoutExpired) as error:
            return str(error)
        told = done.stderr.strip()[-300:]
    return told
