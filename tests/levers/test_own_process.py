"""A lever's process from a folder of one's own runs everywhere, and what is wrong in it is told."""

from __future__ import annotations

import hashlib
import pickle
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import guide
import pandas as pd
import pytest

import hesim
from hesim.cli import main
from hesim.input.problems import ConfigErrors
from hesim.levers import own_process
from hesim.scenario import compose
from hesim.study.launch import start
from hesim.study.resumption import Mismatch, resume

PROCESS, LEVER = "processes/newsletter.py", "levers.newsletter"
SMALL = (
    "population.scale=0.02",
    "years=1",
    "burn_in=0",
    "replications=2",
    "workers=2",
)
COST = ("lever_cost", "lever_cost_low", "lever_cost_high", "lever_days")
"""Outcomes of what a lever takes, not of what it does."""
CHOSEN = ("levers=[newsletter]", f"{LEVER}.start='2011-01'", f"{LEVER}.readers=0.2")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return guide.own_folder(tmp_path / "mine")


def edit(folder: Path, old: str, new: str) -> None:
    file = folder / PROCESS
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_a_process_of_ones_own_runs_in_two_workers(folder: Path, tmp_path: Path) -> None:
    settings = compose([*SMALL, *CHOSEN, f"output={tmp_path / 'out'}", "figures=false"], folder)
    run = hesim.run(settings=settings)
    levers = pd.read_csv(run.folder / "levers.csv")
    assert levers.loc[levers["what"] == "started", "number"].sum() > 0
    costs = pd.read_csv(run.folder / "costs.csv")
    assert set(costs["item"]) == {"issue"} and set(costs["per"]) == {"year"}
    # An editor of 26 days at 360 euros and 640 euros spent, in each of two replications.
    assert costs["number"].tolist() == [1.0, 1.0] and costs["cost"].tolist() == [10_000.0] * 2
    text = (folder / PROCESS).read_bytes()
    assert run.manifest["processes_sha256"] == {PROCESS: hashlib.sha256(text).hexdigest()}
    assert run.manifest["workers"] == 2
    # The run's own folder makes it again.
    again = compose([], run.folder / "config")
    assert [file.text for file in again.process_files()] == [text.decode()]


def test_without_anybody_in_reach_a_run_equals_its_baseline(folder: Path, tmp_path: Path) -> None:
    words = [*SMALL, *CHOSEN, f"{LEVER}.reach.share=0", "figures=false", "workers=1"]
    run = hesim.run(settings=compose([*words, f"output={tmp_path / 'null'}"], folder))
    survey = pd.read_csv(run.folder / "survey.csv")
    arms = [part.drop(columns="arm").reset_index(drop=True) for _, part in survey.groupby("arm")]
    assert len(arms) == 2
    pd.testing.assert_frame_equal(*arms)
    series = pd.read_csv(run.folder / "summary.csv")
    differences = series[series["arm"] == "difference"]
    taken = differences["outcome"].isin(COST)
    assert (~taken).sum() > 0 and (differences.loc[~taken, "mean"] == 0).all()
    # Nobody reads it, and an editor makes it all the same.
    assert (differences.loc[differences["outcome"] == "lever_cost", "mean"] == 10_000).all()


def test_a_study_runs_it_and_is_not_resumed_with_other_code(folder: Path, tmp_path: Path) -> None:
    words = [*SMALL, *CHOSEN[1:], "study.levers=[newsletter]", f"output={tmp_path / 'study'}"]
    study = start(words, folder)
    assert study is not None
    done = study.query(
        "select p.arm, count(*) as n from status s join points p using (point) "
        "where s.status = 'ok' group by p.arm"
    )
    assert dict(zip(done["arm"], done["n"], strict=True)) == {"baseline": 2, "newsletter": 2}
    assert PROCESS in study.manifest["facts"]["code"]
    own = study.folder / "config"
    edit(own, "READS, WHICH = 100, 101", "READS, WHICH = 102, 101")
    with pytest.raises(Mismatch, match=f"code: {PROCESS} has changed"):
        resume(study.folder)


def said(words: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = main(words)
    got = capsys.readouterr()
    assert "Traceback" not in got.out + got.err
    return code, got.out + got.err


@pytest.mark.parametrize(
    ("old", "new", "where", "why"),
    [
        ("import numpy as np", "import numpy as", "", "invalid syntax"),
        ("READS, WHICH = 100, 101", "READS, WHICH = hundred, 101", "<module>", "NameError"),
        ("class Newsletter(Process)", "class Newsletter", "", "must hold one subclass of Process"),
        ("def begin_month", "def month", "", "lacks begin_month"),
        ("self.turn = turn", "self.turn = model.persons.rol", "begin_month", "rol"),
        ("apply_for(model, pairs)", "apply_for(pairs)", "propose", "TypeError"),
        ('"started"', '"readers"', "propose", "'readers' is not counted"),
    ],
)
def test_what_is_wrong_in_it_is_told_with_its_line(
    folder: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, where: str, why: str
) -> None:
    text = (folder / PROCESS).read_text(encoding="utf-8")
    (folder / PROCESS).write_text(text.replace(old, new), encoding="utf-8")
    code, words = said(["check", "--config", str(folder), "levers=[newsletter]"], capsys)
    assert code == 2
    line = text[: text.index(old)].count("\n") + 1
    place = f", line {line}, in {where}" if where else ""
    assert f"{folder / PROCESS}{place}" in words and why in words
    assert f"{LEVER}.process" in words


def test_a_study_tells_it_before_it_begins(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(folder, "apply_for(model, pairs)", "apply_for(pairs)")
    words = [*SMALL, "study.levers=[newsletter]", f"output={tmp_path / 'study'}"]
    with pytest.raises(ConfigErrors, match=r"newsletter.py, line \d+, in propose: TypeError"):
        start(words, folder)
    code, told = said(["check", "--config", str(folder), *words], capsys)
    assert code == 2 and "in propose: TypeError" in told
    assert not (tmp_path / "study").exists()


@pytest.mark.parametrize("name", ["os.system", "../newsletter", "newsleter", "_target_"])
def test_settings_name_a_process_and_hold_no_code(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    file = folder / "levers" / "newsletter.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("process: newsletter", f"process: {name}"), encoding="utf-8")
    code, words = said(["check", "--config", str(folder), "levers=[newsletter]"], capsys)
    assert code == 2 and f"{LEVER}.process" in words and name in words


def test_a_dial_acts_on_a_process_only_where_the_lever_names_one(folder: Path) -> None:
    file = folder / "levers" / "newsletter.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("process: newsletter\n", ""), encoding="utf-8")
    with pytest.raises(ConfigErrors, match="names its own process"):
        compose(["levers=[newsletter]"], folder)


def test_nothing_is_run_before_a_lever_asks_for_it(folder: Path) -> None:
    edit(folder, "import numpy as np", "raise SystemExit")
    settings = compose([], folder)
    assert [file.name for file in settings.process_files()] == ["newsletter"]


def test_settings_take_the_code_along(folder: Path) -> None:
    settings = compose(list(CHOSEN), folder)
    (folder / PROCESS).unlink()
    for each in (settings, pickle.loads(pickle.dumps(settings)), settings.with_values({"seed": 5})):
        policy = each.policy()
        assert policy is not None
        source = policy.levers[0].source  # type: ignore[attr-defined]
        assert own_process.load_process(source).__name__ == "Newsletter"


def test_an_installed_package_offers_one(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "their_processes.py").write_text((folder / PROCESS).read_text(), encoding="utf-8")
    (folder / PROCESS).unlink()
    (folder / "processes").rmdir()
    monkeypatch.syspath_prepend(tmp_path)
    point = EntryPoint("newsletter", "their_processes:Newsletter", own_process.GROUP)
    monkeypatch.setattr(own_process, "entry_points", lambda group: [point])
    settings = compose(list(CHOSEN), folder)
    policy = settings.policy()
    assert policy is not None
    found = own_process.load_process(policy.levers[0].source)  # type: ignore[attr-defined]
    assert found.__module__ == "their_processes"
    ((name, digest),) = own_process.process_hashes(settings).items()
    assert name == "hesim.processes:newsletter (their_processes:Newsletter)"
    assert digest == hashlib.sha256((tmp_path / "their_processes.py").read_bytes()).hexdigest()
    sys.modules.pop("their_processes")
