"""Progress: a bar on a terminal, few lines elsewhere, nothing unless asked."""

from __future__ import annotations

import io
import re
import sys

import pytest
from run_fakes import simulate

import hesim
from hesim.execution.task import Month
from hesim.scenario import compose
from hesim.study.progress import MONTHS_PAUSE, RunProgress


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def play(progress: RunProgress, clock: Clock, months: int, seconds: float) -> None:
    """Two replications side by side, each month so long."""
    progress.start()
    for month in range(months):
        clock.now += seconds
        for number in (0, 1):
            progress.hear(Month(number, month + 1, months))
    for number in (0, 1):
        progress.note_end(number, failed=number == 1)
    progress.stop()


def test_lines_come_seldom_and_say_how_long_it_takes() -> None:
    lines: list[str] = []
    clock = Clock()
    play(RunProgress(2, 0, True, lines.append, clock, months=200), clock, 200, 0.1)
    assert 2 + 2 <= len(lines) <= 2 + clock.now / MONTHS_PAUSE
    assert lines[0].startswith("   25% of the months, 0 of 2 replications")
    # 5.1 s for the first 51 of 200 months: three times as long to go.
    assert "about 15 s left" in lines[0]
    assert lines[-1] == "  100% of the months, 2 of 2 replications, 1 failed"


def test_a_terminal_gets_a_bar_that_moves_by_month(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    lines: list[str] = []
    progress = RunProgress(2, 0, True, lines.append, months=10)
    progress.start()
    progress.hear(Month(0, 3, 10))
    progress.hear(Month(1, 4, 10))
    progress.bar.drawn.refresh()
    progress.stop()
    shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", screen.getvalue())
    assert "7/20 months, 0 of 2 replications" in shown
    assert lines == []


def test_nothing_is_shown_unless_asked(
    monkeypatch: pytest.MonkeyPatch, tmp_path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    given = {"years": 1, "replications": 2, "workers": 1, "figures": False}
    hesim.run(simulate=simulate, output=str(tmp_path / "quiet"), **given)
    assert capsys.readouterr() == ("", "")
    monkeypatch.undo()
    settings = compose(extra={**given, "output": str(tmp_path / "loud")})
    hesim.run(settings=settings, show=True, simulate=simulate)
    shown = capsys.readouterr()
    assert "2 of 2 replications" in shown.err and "2 of 2 replications" not in shown.out
