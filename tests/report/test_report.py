"""Reports: one file, nothing from a network, figures with words, and a way to do it again."""

from __future__ import annotations

import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import processes
import pytest
import study_fakes
from tiny_run import tiny_run

from hesim.cli import main
from hesim.config import ConfigErrors
from hesim.report.document import write_report
from hesim.study import start

pytestmark = pytest.mark.once

VOID = {"meta", "img", "br"}


class Page(HTMLParser):
    """Reads a page: open tags, images, links and text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.images: list[dict[str, str | None]] = []
        self.outside: list[str] = []
        self.headings: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        if tag == "img":
            self.images.append(found)
        for name in ("src", "href"):
            value = found.get(name) or ""
            if value and not value.startswith("data:"):
                self.outside.append(value)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "h2":
            self.headings.append(data)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reports") / "study"
    start(
        [
            "calibration=none",
            "years=3",
            "engine=serial",
            'study.question="Which <lever> & why?"',
            "study.levers=[job_swap,meet_and_greet]",
            "study.replications=3",
            "study.uncertainties=[model.choice.sector_cost:1:3]",
            f"output={folder}",
        ],
        simulate=study_fakes.policy,
    )
    return folder


def test_a_study_is_written_up(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(study)]) == 0
    assert str(study / "report.html") in capsys.readouterr().out
    text = (study / "report.html").read_text(encoding="utf-8")
    page = Page(text)
    assert not page.open and not page.outside
    assert page.headings == [
        "Answer",
        "Figures",
        "Figures in numbers",
        "Assumptions",
        "Calibration",
        "Provenance",
        "How to do it again",
    ]
    assert "Which &lt;lever&gt; &amp; why?" in text
    assert len(page.images) >= 4
    for image in page.images:
        assert len(image["alt"] or "") > 20
        assert (image["src"] or "").startswith("data:image/svg+xml;base64,")
    # No address that a browser would ask; the names of SVG's and HTML's grammars are none.
    addresses = set(re.findall(r"https?://[^\s\"'<)]+", text)) - {"http://www.w3.org/2000/svg"}
    assert not addresses
    assert "95% interval" in text and "assumed" in text and "not calibrated" in text
    assert (
        "uv run --no-dev hesim study" in text and "study.levers=[job_swap,meet_and_greet]" in text
    )
    assert str(study) not in text


def test_a_report_goes_where_it_is_asked(study: Path, tmp_path: Path) -> None:
    target = write_report(study, tmp_path / "mine.html")
    assert target.read_bytes() == write_report(study, tmp_path / "again.html").read_bytes()
    with pytest.raises(ConfigErrors, match=r"cannot be written: .*No such file") as refused:
        write_report(study, tmp_path / "nowhere" / "mine.html")
    assert "Errno" not in str(refused.value)
    with pytest.raises(ConfigErrors, match="holds no run and no study"):
        write_report(tmp_path)
    assert main(["report", str(tmp_path)]) == 2
    assert main(["report", str(study), "format=pdf"]) == 2


def test_a_run_is_written_up(tmp_path: Path) -> None:
    made = tiny_run(tmp_path / "run", replications=2, levers=["joint_appointment"])
    text = write_report(made.folder).read_text(encoding="utf-8")
    page = Page(text)
    assert not page.open and not page.outside and page.images
    assert all(image["alt"] for image in page.images)
    assert "In the baseline" in text and "With joint_appointment" in text
    assert "2 of 2 replications at scale 0.01" in text
    assert "Crossings between hbo and wo, 2011<" in text and "2011 to 2011" not in text
    assert "uv run --no-dev hesim run --config run/config " in text


def test_a_browser_draws_the_league(study: Path, tmp_path: Path) -> None:
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        pytest.skip("no Chromium here")
    report = write_report(study, tmp_path / "report.html")
    shown = subprocess.run(
        [
            browser,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--dump-dom",
            f"--user-data-dir={tmp_path / 'profile'}",
            report.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=processes.HANG,
        check=True,
    ).stdout
    league = shown.split('id="league-chart"')[1].split('id="league-told"')[0]
    assert league.count("<circle") == 2 and "Meet &amp; greets of hbo and wo" in league
