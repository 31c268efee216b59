"""Mesa's own page, SolaraViz, with a world of hesim in it, in a real browser and offline."""

from __future__ import annotations

import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import processes
import pytest
from browser import PATIENCE
from playwright.sync_api import Browser, expect

pytestmark = [
    pytest.mark.long,
    pytest.mark.once,
    pytest.mark.skipif(
        not find_spec("altair"), reason="altair is not installed: uv run --group tools pytest ..."
    ),
]
GUIDE = Path(__file__).resolve().parents[2] / "docs" / "mesa.md"


def answers(place: str) -> bool:
    try:
        with urllib.request.urlopen(place, timeout=processes.HANG) as got:
            return bool(got.status == 200)
    except urllib.error.URLError:
        return False


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The page of the guide, served by Solara."""
    blocks = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.S)
    (page,) = (block for block in blocks if "SolaraViz" in block)
    (tmp_path / "page.py").write_text(f"from hesim.mesa import Model\n\n{page}", encoding="utf-8")
    command = [sys.executable, "-m", "solara", "run", "page.py", "--production", "--no-open"]
    process = subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--port", "0"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    told = ""
    assert process.stdout is not None
    for line in process.stdout:
        told += line
        found = re.search(r"http://(?:localhost|127\.0\.0\.1):(\d+)", line)
        if found:
            place = f"http://127.0.0.1:{found.group(1)}/"
            # It says so before it listens.
            while not answers(place):
                assert process.poll() is None
            yield place
            break
    else:
        raise AssertionError(told)
    process.terminate()
    process.communicate(timeout=processes.HANG)


def after(months: int) -> re.Pattern[str]:
    """What the page says after so many months: a step in Mesa 3.3, the time in 3.5."""
    return re.compile(rf"Step: {months}(?!\d)|Time: {months}\.0")


def test_mesas_page_steps_a_world_to_its_horizon_and_resets_it(
    browser: Browser, address: str
) -> None:
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    left: list[str] = []
    page.on(
        "request",
        lambda asked: (
            None if asked.url.startswith((address, "data:", "blob:")) else left.append(asked.url)
        ),
    )
    page.goto(address)
    body = page.locator("body")
    expect(body).to_contain_text(after(0))
    assert "Console" not in page.inner_text("body")
    # Two months of burn-in and a year, a month a click.
    step = page.get_by_role("button", name="Step")
    for month in range(1, 15):
        step.click()
        expect(body).to_contain_text(after(month))
    expect(page.locator("img").first).to_be_visible()
    expect(step).to_be_disabled()
    page.get_by_role("button", name="Reset").click()
    expect(body).to_contain_text(after(0))
    expect(step).to_be_enabled()
    assert "error" not in page.inner_text("body").lower()
    assert not [url for url in left if not url.startswith("ws")], left
    page.close()
