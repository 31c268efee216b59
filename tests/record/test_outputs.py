from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from run_fakes import fails, fails_once, files, go, interrupts, simulate

from hesim import categories as c
from hesim.api import RunFailed, run
from hesim.config import ConfigErrors
from hesim.record import results
from hesim.record.run_folder import load


def test_same_seed_gives_the_same_bytes_with_any_workers(tmp_path):
    go(tmp_path / "one", figures=True, export="csv")
    go(tmp_path / "two", figures=True, export="csv", workers=2)
    one, two = files(tmp_path / "one"), files(tmp_path / "two")
    assert one == two
    assert {"config.yaml", "survey.csv", "summary.csv", "stocks.csv"} <= set(one)
    assert {f"figures/{n}.png" for n in ("flows", "cells", "stock", "origin_destination")} <= set(
        one
    )


def test_tables_begin_with_arm_and_replication_and_hold_names(tmp_path):
    made = go(tmp_path / "run")
    for name in ("stocks", "flows", "vacancies", "movers"):
        schema = pq.read_schema(made.folder / f"{name}.parquet")
        assert schema.names[:2] == ["arm", "replication"]
        assert b"pandas" not in (schema.metadata or {})
    assert set(made.flows["origin_sector"]) <= set(c.SECTORS)
    assert sorted(made.flows["replication"].unique()) == [0, 1, 2]
    assert list(made.survey.columns[:5]) == ["arm", "replication", "year", "table", "block"]
    summary = load(made.folder).summary
    assert "all" in set(summary["year"])
    assert list(summary.columns) == [
        "arm",
        "outcome",
        "year",
        "mean",
        "low",
        "high",
        "replications",
        "unit",
        "grade",
    ]


@pytest.mark.parametrize(("model", "workers"), [(fails_once, 1), (fails_once, 2)])
def test_one_bad_replication_does_not_lose_the_others(tmp_path, model, workers):
    made = go(tmp_path / "run", model, workers=workers)
    assert made.manifest["status"] == "incomplete"
    assert made.manifest["replications"]["done"] == [0, 2]
    assert list(made.manifest["replications"]["failed"]) == ["1"]


def test_all_failing_is_an_error_with_the_cause(tmp_path):
    with pytest.raises(RunFailed, match="broken on purpose"):
        go(tmp_path / "run", fails)


def test_interrupt_leaves_a_marked_folder_with_whole_files_only(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        go(tmp_path / "run", interrupts)
    left = load(tmp_path / "run")
    assert left.manifest["status"] == "interrupted"
    assert set(left.flows["replication"]) == {0}
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
    assert not list(tmp_path.rglob("*.part"))


def test_an_interrupt_while_drawing_keeps_the_tables(tmp_path, monkeypatch):
    from hesim import api

    def draw_all(*_):
        yield "flows", b"one"
        raise KeyboardInterrupt

    monkeypatch.setattr(api, "draw_all", draw_all)
    with pytest.raises(KeyboardInterrupt):
        go(tmp_path / "run", figures=True)
    left = load(tmp_path / "run")
    assert left.manifest["status"] == "interrupted"
    assert left.manifest["replications"]["done"] == [0, 1, 2]
    assert len(left.summary) and len(left.flows)


def test_results_that_cannot_be_written_are_an_error_in_words(tmp_path, monkeypatch):

    def write(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(results, "write_results", write)
    with pytest.raises(RunFailed, match=r"cannot be written to .*run: .*No space left"):
        go(tmp_path / "run")
    assert not list(tmp_path.iterdir())


def takes_the_name(settings, replication):
    folder = Path(settings.text("output"))
    folder.mkdir(exist_ok=True)
    (folder / "kept").touch()
    return simulate(settings, replication)


def test_a_folder_that_appears_meanwhile_is_left_alone(tmp_path):
    made = go(tmp_path / "run", takes_the_name)
    assert made.folder == tmp_path / "run_2"
    assert made.manifest["output"] == str(made.folder)
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["kept"]


def test_an_existing_output_is_refused_and_untouched(tmp_path):
    with pytest.raises(ConfigErrors, match="exists already"):
        go(tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("heldout", [False, True])
def test_held_out_figures_are_shown_only_when_asked(tmp_path, capsys, heldout):
    from hesim.scenario import compose

    settings = compose(
        extra={
            "years": 2,
            "replications": 2,
            "workers": 1,
            "figures": False,
            "output": str(tmp_path / "run"),
            "heldout": heldout,
        }
    )
    run(settings=settings, show=True, simulate=simulate)
    shown = capsys.readouterr().out
    assert ("held out: table 3.1" in shown) == heldout
    assert ("held out: table 1.1" in shown) == heldout
    assert "(input)" in shown


@pytest.mark.parametrize("scale", [1.0, 0.5])
def test_the_screen_says_when_counts_are_scaled_up(tmp_path, capsys, scale):
    from hesim.scenario import compose

    settings = compose(
        extra={
            "years": 1,
            "replications": 2,
            "workers": 1,
            "figures": False,
            "output": str(tmp_path / "run"),
            "population.scale": scale,
        }
    )
    made = run(settings=settings, show=True, simulate=simulate)
    assert ("divided by it" in capsys.readouterr().out) == (scale != 1)
    summary = made.summary.set_index(["outcome", "year"])["mean"]
    plain = np.mean([simulate(settings, k).outcomes["wo_to_hbo"][0] for k in (0, 1)])
    assert summary["wo_to_hbo", "2011"] == pytest.approx(plain / scale, abs=1e-3)


def test_the_profile_keeps_the_order_of_the_month(tmp_path, capsys):
    from hesim.model.order import ORDER
    from hesim.scenario import compose

    events = [event.name for event in ORDER]
    assert events != sorted(events)
    settings = compose(
        extra={
            "years": 1,
            "replications": 2,
            "workers": 1,
            "figures": False,
            "output": str(tmp_path / "run"),
            "profile": True,
        }
    )
    made = run(settings=settings, show=True, simulate=profiled)
    assert list(made.manifest["milliseconds_a_month"]) == events
    shown = capsys.readouterr().out.partition("milliseconds a month")[2]
    assert [line.split()[0] for line in shown.strip().splitlines()] == [*events, "together"]


def profiled(settings, replication):
    from hesim.model.order import ORDER

    made = simulate(settings, replication)
    made.profile.update({event.name: 0.1 for event in ORDER})
    return made
