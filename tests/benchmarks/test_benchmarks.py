"""The harness of the benchmarks: arithmetic, verdicts and shapes; nothing here is timed."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import processes
import pytest

pytestmark = pytest.mark.once

# The benchmarks are no part of the package; they are run from the checkout.
command = import_module("benchmarks.__main__")
child = import_module("benchmarks.child")
clock = import_module("benchmarks.clock")
part = import_module("benchmarks.part")
parts = import_module("benchmarks.parts")
report = import_module("benchmarks.report")

LOW = part.Bar("low", "less is better", 1.6, 1.2)
HIGH = part.Bar("high", "more is better", 25, 40, at_most=False)


def _measured() -> dict[str, object]:
    made = part.Part("made_up", "a part for the tests", (LOW, HIGH), lambda options: None)
    figures = {"low": part.Figure((1.0, 3.0, 1.5), 0.99)}
    measured = part.Measured(figures, {"a fact": 2.0})
    return report.part_body(made, measured, part.Options(), (0.1, 0.2))


def test_a_ratio_is_of_cpu_time_round_by_round() -> None:
    above = [clock.Spent(8.0, 8.0), clock.Spent(6.0, 10.0)]
    below = [clock.Spent(2.0, 2.0), clock.Spent(1.0, 1.0)]
    figure = clock.ratio(above, below)
    assert figure.values == (4.0, 6.0)
    assert (figure.low, figure.median, figure.high) == (4.0, 5.0, 6.0)
    assert figure.share == pytest.approx(17.0 / 21.0)
    assert clock.ratio(above, below, times=0.5).values == (2.0, 3.0)


def test_rounds_are_interleaved() -> None:
    seen: list[str] = []

    def work(name: str) -> object:
        seen.append(name)
        return clock.Spent(1.0, 1.0)

    spent = clock.interleave({"a": lambda: work("a"), "b": lambda: work("b")}, 3)
    assert "".join(seen) == "ababab"
    assert len(spent["a"]) == len(spent["b"]) == 3


@pytest.mark.parametrize(
    ("bar", "value", "verdict"),
    [
        (LOW, 1.2, "goal met"),
        (LOW, 1.3, "must met"),
        (LOW, 1.61, "MISSED"),
        (HIGH, 40.0, "goal met"),
        (HIGH, 39.9, "must met"),
        (HIGH, 24.9, "MISSED"),
    ],
)
def test_verdicts(bar: object, value: float, verdict: str) -> None:
    assert bar.verdict(part.Figure((value,), 1.0)) == verdict  # type: ignore[attr-defined]


def test_a_busy_machine_makes_a_timing_invalid() -> None:
    busy, quiet = part.Figure((1.0,), 0.84), part.Figure((1.0,), 0.86)
    assert LOW.verdict(busy) == "invalid: machine busy"
    assert LOW.verdict(quiet) == "goal met"
    # What load cannot change, such as bytes, has no share and is always valid.
    assert LOW.verdict(part.Figure((1.0,))) == "goal met"


def test_a_smoke_run_has_no_verdict() -> None:
    assert LOW.verdict(part.Figure((9.0,), 1.0), quick=True) == "smoke run, no verdict"
    assert LOW.verdict(None) == "not measured"


def test_the_body_fits_into_json_and_holds_every_bar() -> None:
    body = _measured()
    everything = report.whole([body], part.Options(), {"processor": "x"}, {"python": "3"})
    read = json.loads(json.dumps(everything))
    assert set(read) == {"quick", "rounds", "machine", "versions", "parts"}
    low, high = read["parts"][0]["figures"]
    assert (low["min"], low["median"], low["max"], low["verdict"]) == (1.0, 1.5, 3.0, "must met")
    assert (low["must"], low["goal"], low["values"]) == (1.6, 1.2, [1.0, 3.0, 1.5])
    assert high["median"] is None and high["verdict"] == "not measured"


def test_text_and_markdown_show_bar_value_and_verdict() -> None:
    body = _measured()
    everything = report.whole([body], part.Options(), {"processor": "x"}, {"python": "3"})
    for text in (report.text_of(body), report.markdown(everything)):
        for words in ("1 - 1.5 - 3", "at most 1.6 / 1.2", "must met", "a fact"):
            assert words in text
    everything["quick"] = True
    assert report.NOT_A_MEASUREMENT in report.markdown(everything)


def test_only_missed_and_invalid_figures_fail() -> None:
    body = _measured()
    assert report.good([body])
    body["figures"][0]["verdict"] = part.MISSED  # type: ignore[index]
    assert not report.good([body])
    body["figures"][0]["verdict"] = part.BUSY  # type: ignore[index]
    assert not report.good([body])


def test_every_registered_part_has_bars_of_distinct_keys() -> None:
    for name in parts.REGISTRY:
        one = parts.load(name)
        assert one.name == name
        keys = [bar.key for bar in one.bars]
        assert len(keys) == len(set(keys))
        for bar in one.bars:
            assert bar.goal <= bar.must if bar.at_most else bar.goal >= bar.must


def test_the_command_lists_parts_and_refuses_unknown_ones(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert command.main(["--list"]) == 0
    listed = capsys.readouterr().out
    assert all(name in listed for name in parts.REGISTRY)
    with pytest.raises(SystemExit):
        command.main(["speed_of_light"])
    assert "no part speed_of_light" in capsys.readouterr().err


def test_a_call_in_a_fresh_process_gives_result_and_cpu() -> None:
    result, spent = child.call("json", "dumps", {"obj": [1, 2]})
    assert result == "[1, 2]"
    assert spent.cpu > 0.0


def test_a_command_that_fails_is_told_with_its_last_words() -> None:
    with pytest.raises(RuntimeError, match="no good"):
        clock.command([sys.executable, "-c", "raise SystemExit('no good')"])


@pytest.mark.long
@pytest.mark.parametrize("name", parts.REGISTRY)
def test_every_part_still_measures_the_model(name: str) -> None:
    """A smoke run: a model that has changed may not leave a benchmark behind that only fails."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--quick", name],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=processes.HANG,
    )
    assert done.returncode == 0, done.stderr
    assert "Smoke run" in done.stdout
