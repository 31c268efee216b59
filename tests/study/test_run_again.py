"""A run made again from its folder, verified against it, and asked in SQL."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from pyarrow import compute

from hesim.cli import main
from hesim.config import ConfigErrors
from hesim.files import file_hashes
from hesim.record.run_folder import Run
from hesim.study import run_again as again
from hesim.study.verification import CHANGED, DIFFERENT, MISSING, SAME_CONTENT, verify_run
from hesim.tables.loading import __file__ as loading

pytestmark = pytest.mark.once

SMALL = ["scale=0.01", "years=1", "burn_in=1", "workers=1", "figures=false", "calibration=none"]


def configure(place: Path) -> list[str]:
    """A user's settings, lever and table, and the words that take them."""
    from hesim.sources import packaged

    conf, data = place / "conf", place / "data"
    (conf / "levers").mkdir(parents=True)
    data.mkdir()
    (conf / "config.yaml").write_text("seed: 77\n")
    lever = (packaged() / "levers" / "meet_and_greet.yaml").read_text()
    lever = lever.replace("levers.meet_and_greet", "levers.our_meetings")
    (conf / "levers" / "our_meetings.yaml").write_text(lever)
    shutil.copy(Path(loading).parent / "data" / "macro_2011.csv", data)
    policy = ["levers=[our_meetings]", "levers.our_meetings.start='2011-02'"]
    return ["--config", str(conf), f"data={data}", *policy]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with a lever and a table of the user's own, both of which are gone since."""
    place = tmp_path_factory.mktemp("first")
    words = configure(place)
    assert main(["run", *words, *SMALL, "replications=2", f"output={place / 'run'}"]) == 0
    shutil.rmtree(place / "conf")
    shutil.rmtree(place / "data")
    return place / "run"


@pytest.fixture
def copy(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made, tmp_path / "copy")


def edit(folder: Path, change: Callable[[dict], object]) -> None:
    file = folder / "manifest.json"
    body = json.loads(file.read_text())
    change(body)
    file.write_text(json.dumps(body))


def test_a_run_from_its_folder_is_the_same_to_the_byte(made: Path, tmp_path: Path) -> None:
    assert main(["run", "--from", str(made), "workers=1", f"output={tmp_path / 'again'}"]) == 0
    first, second = file_hashes(made), file_hashes(tmp_path / "again")
    assert first == second and {"flows.parquet", "summary.csv", "data/macro_2011.csv"} <= set(first)


def test_a_run_from_a_folder_takes_a_change_and_nothing_else(made: Path) -> None:
    then = Run(made).settings
    found = again.run_again(Run(made), ["years=2", "levers=[job_swap]"])
    assert found.obstacles == ()
    now = found.settings.resolved()
    assert now["years"] == 2 and list(now["levers"]) == ["job_swap"]
    assert now["seed"] == 77 and now["model"] == then["model"]
    assert now["population"] == then["population"]
    assert found.settings["data"] == str(made / "data")


def test_a_folder_that_lacks_what_the_run_was_made_from_says_all_of_it(
    copy: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (copy / "data" / "macro_2011.csv").unlink()
    lever = copy / "config" / "levers" / "our_meetings.yaml"
    lever.write_text(lever.read_text() + "\n# mine\n")
    assert main(["run", "--from", str(copy), f"output={tmp_path / 'no'}", "--force"]) == 2
    said = capsys.readouterr()
    assert "data/macro_2011.csv is not there" in said.err
    assert "config/levers/our_meetings.yaml was changed" in said.err
    assert said.out == "" and not (tmp_path / "no").exists()


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("model_sha256", "0" * 64, "code: the model has changed"),
        ("processes_sha256", {"processes/own.py": "1"}, "code: processes/own.py is gone"),
    ],
)
def test_a_run_that_would_not_be_the_same_is_refused(
    copy: Path, key: str, value: object, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(copy, lambda body: body.update({key: value}))
    assert main(["run", "--from", str(copy)]) == 2
    said = capsys.readouterr().err
    assert words in said and "--force runs it all the same" in said and "Traceback" not in said
    assert again.run_again(Run(copy)).obstacles


def test_other_code_around_the_model_and_other_packages_are_no_obstacle(copy: Path) -> None:
    edit(copy, lambda body: body.update(code_sha256="0" * 64))
    edit(copy, lambda body: body["versions"].update(numpy="1.0"))
    found = again.run_again(Run(copy))
    assert found.obstacles == () and "numpy: was 1.0" in found.notes[0]
    # Folders of before have the hash of the whole package alone.
    edit(copy, lambda body: body.pop("model_sha256"))
    assert again.run_again(Run(copy)).obstacles


def test_settings_of_today_that_differ_are_told(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Run(copy).settings
    monkeypatch.setattr(Run, "settings", {**real, "seed": 5})
    assert again.run_again(Run(copy)).obstacles == ("seed: was 5, is 77",)


def test_what_a_run_from_a_folder_cannot_change_is_refused(
    made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ConfigErrors, match="holds every value that it sets"):
        again.run_again(Run(made), ["calibration=blind", "structure=growing"])
    assert main(["run", "--from", str(made), "--config", "mine", "word"]) == 2
    said = capsys.readouterr().err
    assert "--config" in said and "word" in said
    assert main(["run", "--from"]) == 2
    assert "needs the folder of a run" in capsys.readouterr().err
    assert main(["run", "--from", str(made.parent)]) == 2
    assert "holds no run" in capsys.readouterr().err


def test_a_run_is_verified(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(made), "--json"]) == 0
    said = capsys.readouterr()
    told = json.loads(said.out)
    assert told["agrees"] and {each["state"] for each in told["tables"]} == {"same"}
    assert "summary.csv" in {each["name"] for each in told["tables"]}
    assert "Simulating 1 year" in said.err


def test_each_file_that_was_changed_is_named(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (copy / "survey.csv").write_text("mine")
    (copy / "costs.csv").unlink()
    (copy / "report.html").write_text("a report")
    found = verify_run(copy, anew=False)
    states = {each.name: each.state for each in found.files}
    assert (states["survey.csv"], states["costs.csv"]) == (CHANGED, MISSING)
    assert states["report.html"] == "not of the run" and states["flows.parquet"] == "as written"
    assert main(["verify", str(copy), "--files"]) == 1
    said = capsys.readouterr().out
    assert "survey.csv: changed" in said and "costs.csv: not there" in said
    assert main(["verify", str(copy), "--files", "--quiet"]) == 1
    assert capsys.readouterr().out == f"{copy} DIFFERS.\n"


def test_a_figure_that_was_changed_with_its_hash_is_found_by_simulating(copy: Path) -> None:
    file = copy / "summary.csv"
    lines = file.read_text().splitlines()
    cells = lines[1].split(",")
    lines[1] = ",".join([*cells[:3], "123456.0", *cells[4:]])
    file.write_text("\n".join(lines) + "\n")
    # The same rows in other bytes are the same table.
    table = pq.read_table(copy / "flows.parquet")
    pq.write_table(table, copy / "flows.parquet", compression="zstd")
    edit(copy, lambda body: body.update(files=file_hashes(copy)))
    found = verify_run(copy)
    assert all(each.state == "as written" for each in found.files) and not found.agrees
    tables = {each.name: each for each in found.tables}
    assert tables["summary.csv"].state == DIFFERENT
    assert tables["summary.csv"].words.startswith("it differs in mean in 1 of ")
    assert tables["flows.parquet"].state == SAME_CONTENT


def test_a_run_with_a_part_of_its_replications_is_verified_as_far_as_it_goes(copy: Path) -> None:
    for name, number in (("flows", 1), ("stocks", 1), ("movers", 0)):
        table = pq.read_table(copy / f"{name}.parquet")
        mine = table.filter(compute.equal(table["replication"], number))
        pq.write_table(mine, copy / f"{name}.parquet")
    (copy / "summary.csv").write_text("arm,mean\nbaseline,1\n")
    edit(copy, lambda body: body["replications"].update(done=[1]))
    edit(copy, lambda body: body.update(status="interrupted", files=file_hashes(copy)))
    tables = {each.name: each.state for each in verify_run(copy).tables}
    assert tables["flows.parquet"] == tables["stocks.parquet"] == SAME_CONTENT
    assert tables["movers.parquet"] == DIFFERENT and tables["summary.csv"] == "not compared"


def test_what_cannot_be_verified_is_told(
    tmp_path: Path, copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", str(tmp_path / "none")]) == 2
    assert main(["verify"]) == 2
    edit(copy, lambda body: body.pop("files"))
    assert main(["verify", str(copy)]) == 2
    assert "names no files" in capsys.readouterr().err


def test_a_run_is_asked_in_sql(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["query", str(made)]) == 0
    said = capsys.readouterr().out
    assert "outcomes(arm, replication, outcome, year, value)" in said and "\nsummary(arm" in said
    sql = "select arm, sum(persons) as n from flows group by arm order by arm"
    assert main(["query", str(made), sql, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    flows = pd.read_parquet(made / "flows.parquet")
    by_arm = flows.groupby("arm", observed=True)["persons"].sum()
    assert {row["arm"]: row["n"] for row in rows} == by_arm.to_dict()
    one = "select difference from differences where outcome='wo_to_hbo' order by replication"
    assert main(["query", str(made), one, "--csv"]) == 0
    values = [float(line) for line in capsys.readouterr().out.splitlines()[1:]]
    wide = Run(made).outcomes
    wide = wide[wide["outcome"] == "wo_to_hbo"].pivot(
        index="replication", columns="arm", values="value"
    )
    assert values == pytest.approx((wide["policy"] - wide["baseline"]).tolist())
    assert main(["query", str(made), "select * from nothing"]) == 2
    assert "views: " in capsys.readouterr().err
    assert main(["query", str(made), f"from read_csv('{made}/summary.csv')"]) == 2


def test_a_run_with_every_lever_comes_out_the_same_from_its_folder(tmp_path: Path) -> None:
    """Neither results nor accounts may depend on the order in which levers and items stand."""
    from hesim.levers.catalogue import catalogue

    # The end of the binary system contradicts two of the others.
    keys = {each.key for each in catalogue()} - {"abolish_binary"}
    names = sorted(keys, reverse=True)
    words = ["scale=0.02", "years=2", "burn_in=1", "start=2014-01", "workers=1", "figures=false"]
    ready = [f"levers={','.join(names)}", "calibration=none", "replications=1"]
    assert main(["run", *words, *ready, f"output={tmp_path / 'all'}"]) == 0
    assert main(["run", "--from", str(tmp_path / "all"), f"output={tmp_path / 'again'}"]) == 0
    first, second = file_hashes(tmp_path / "all"), file_hashes(tmp_path / "again")
    assert {"costs.csv", "outcomes.parquet", "levers.csv"} <= set(first)
    assert [name for name in first if first[name] != second.get(name)] == []
