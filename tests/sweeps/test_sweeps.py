"""Sweeps by Hydra's own sweeper: one table over all jobs, each with its objective, no strangers."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path

import pytest

from hesim.cli import main
from hesim.record.run_folder import Run
from hesim.scenario import compose
from hesim.study.answers.objective import NoObjective, better_of, objective_of_study
from hesim.study.folder import Study
from hesim.sweeps import table
from hesim.sweeps.words import plan_sweep

TINY = ["population.scale=0.01", "years=1", "burn_in=6"]
RUN = [*TINY, "replications=1", "workers=1", "figures=false"]
LEVER = [
    "study.levers=[joint_appointment]",
    "levers.joint_appointment.start=2011-01",
    "study.outcome=joint_appointments",
]
STUDY = [*TINY, *LEVER, "study.replications=1", "engine=serial"]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def rows(folder: Path) -> list[dict[str, str]]:
    (file,) = (folder / "outputs" / "multirun").glob("*/jobs.csv")
    with file.open(encoding="utf-8") as text:
        return list(csv.DictReader(text))


def test_a_sweep_of_runs_leaves_one_table_with_the_outcome_of_each(
    here: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    words = [*RUN, "study.outcome=turnover_wo"]
    assert main(["run", "-m", *words, "seed=1,2"]) == 0
    found = rows(here)
    assert [row["overrides"] for row in found] == ["seed=1", "seed=2"]
    assert [row["status"] for row in found] == ["complete", "complete"]
    for row in found:
        made = Run(Path(row["folder"]))
        assert f"seed={made.manifest['seed']}" == row["overrides"]
        mine = made.summary[(made.summary["outcome"] == "turnover_wo")]
        assert float(row["objective"]) == float(mine[mine["year"] == "all"]["mean"].iloc[0])
        assert row["unit"] == "percent of staff a year" and float(row["seconds"]) >= 0.0
    best = max(found, key=lambda row: float(row["objective"]))
    assert f"Best: job {best['job']} ({best['overrides']})" in capfd.readouterr().out
    # Beside the table Hydra and the rows leave nothing.
    (sweep,) = (here / "outputs" / "multirun").iterdir()
    assert [file.name for file in sweep.iterdir()] == ["jobs.csv"]


def test_a_sweep_is_told_as_json(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "-m", *RUN, "seed=1,2", "--json", "--quiet"]) == 0
    said = capfd.readouterr()
    told = json.loads(said.out)
    assert [job["overrides"] for job in told["jobs"]] == ["seed=1", "seed=2"]
    assert Path(told["table"]).is_file() and "job 0" not in said.err
    assert "Simulating" not in said.err


def test_a_job_that_fails_is_named_and_the_others_go_on(
    here: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    # The second job finds the folder of the first.
    assert main(["run", "--multirun", *RUN, "output=one,one,two"]) == 1
    found = rows(here)
    assert [row["status"] for row in found] == ["complete", "failed", "complete"]
    assert "exists already" in found[1]["words"] and found[1]["objective"] == ""
    told = capfd.readouterr()
    assert "job 1 (output=one) is failed: output" in told.err
    assert "3 jobs, 2 of them complete" in told.out
    assert (here / "two" / "summary.csv").exists()


def test_a_folder_of_ones_own_holds_the_table_and_all_jobs(here: Path) -> None:
    assert main(["run", "-m", *RUN, "output=all"]) == 0
    assert sorted(file.name for file in (here / "all").iterdir()) == ["0", "jobs.csv"]
    assert (here / "all" / "0" / "summary.csv").exists()
    assert main(["run", "-m", *RUN, "output=all"]) == 2


def test_a_study_hands_back_the_effect_of_its_best_arm_and_per_euro(here: Path) -> None:
    words = [*STUDY, "levers.joint_appointment.offers=0.3"]
    assert main(["study", "-m", *words, "study.objective=effect,per_euro"]) == 0
    found = rows(here)
    study = Study(Path(found[0]["folder"]))

    def effect(outcome: str) -> float:
        answer = study.query(
            f"select avg(difference) as mean from differences where outcome = '{outcome}' "
            "and arm = 'joint_appointment'"
        )
        return float(answer["mean"].iloc[0])

    starts, cost = effect("joint_appointments"), effect("lever_cost")
    assert starts > 0.0 and cost > 0.0
    assert float(found[0]["objective"]) == pytest.approx(starts)
    assert float(found[1]["objective"]) == pytest.approx(1e6 * starts / cost)
    assert found[1]["unit"] == f"{found[0]['unit']} per million euros"
    assert {row["arm"] for row in found} == {"joint_appointment"}
    # Without levers it is the outcome itself, and nothing can be divided by what they cost.
    bare = ["study.uncertainties=[model.choice.sector_cost:1:3]", "study.replications=1"]
    assert main(["study", *TINY, *bare, "engine=serial", "output=bare"]) == 0
    study = Study(here / "bare")
    level = objective_of_study(study)
    assert level.arm == "baseline" and level.value >= 0.0
    study.settings["study"]["objective"] = "per_euro"
    with pytest.raises(NoObjective, match="no levers"):
        objective_of_study(study)


def test_less_is_better_where_a_study_says_so() -> None:
    values = {0: 3.0, 1: math.nan, 2: 1.0}
    assert better_of(values, "more") == 0 and better_of(values, "less") == 2
    assert better_of({0: math.nan}, "more") is None


REFUSED = {
    "hydra.callbacks.mine._target_=os.getcwd": "takes only hydra/sweeper=",
    "hydra.sweeper._target_=os.getcwd": "calls nothing but",
    "hydra.launcher={_target_:os.getcwd}": "takes only hydra/sweeper=",
    "+hydra.launcher.more={_target_:os.getcwd}": "calls nothing but",
    "hydra.sweeper.custom_search_space=os.getcwd": "type the settings themselves",
    "hydra.searchpath=[/tmp]": "takes only hydra/sweeper=",
    "hydra/job_logging=default": "takes only hydra/sweeper=",
    "hydra/sweeper=nobody": "is not installed; there are basic",
    "start=2011-01,x": "must be a month",
    "nonsense=1,2": "no such key",
    "seed=5,6": "given twice",
    "levers=[meet_and_greet],[meet_and_gret]": "did you mean meet_and_greet?",
    "--order": "unknown option",
    "seeds": "not understood",
}


@pytest.mark.parametrize("word", REFUSED)
def test_bad_words_are_refused_before_anything_is_written(
    here: Path, capfd: pytest.CaptureFixture[str], word: str
) -> None:
    assert main(["run", "-m", *RUN, "seed=1,2", word]) == 2
    assert REFUSED[word] in " ".join(capfd.readouterr().err.split())
    assert not list(here.iterdir())


def test_files_of_the_users_own_reach_no_part_of_hydra(
    here: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    target = here / "called"
    for place in ("config.yaml", "hydra/launcher/basic.yaml", "experiment/mine.yaml"):
        file = here / "conf" / place
        file.parent.mkdir(parents=True, exist_ok=True)
        body = f"_target_: os.mkdir\npath: {target}\n"
        nested = "".join(f"      {line}\n" for line in body.splitlines())
        head = "# @package _global_\n" if "experiment" in place else ""
        lines = body if "launcher" in place else f"hydra:\n  callbacks:\n    mine:\n{nested}"
        file.write_text(head + lines, encoding="utf-8")
    words = ["--config", "conf", *RUN, "seed=1,2", "+experiment=mine"]
    assert main(["run", "-m", *words]) == 2
    assert not target.exists() and not (here / "outputs").exists()
    # Settings of one's own hold in all jobs.
    for file in (here / "conf").rglob("*.yaml"):
        file.unlink()
    (here / "conf" / "hydra" / "launcher").rmdir()
    (here / "conf" / "hydra").rmdir()
    (here / "conf" / "config.yaml").write_text("start: 2012-01\n", encoding="utf-8")
    assert main(["run", "-m", *words[:-1]]) == 0
    made = [Run(Path(row["folder"])).manifest for row in rows(here)]
    assert [one["seed"] for one in made] == [1, 2]
    capfd.readouterr()


def test_a_job_whose_process_ended_is_told(tmp_path: Path) -> None:
    table.write_row(tmp_path, table.SweepJob(0, "seed=1", "a", "complete", 1.5))
    table.write_row(tmp_path, table.SweepJob(1, "seed=2"))
    lines = (tmp_path / "jobs.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == ",".join(table.COLUMNS)
    assert lines[1:] == ["0,seed=1,a,complete,1.5,,,,", "1,seed=2,,running,,,,,"]
    assert [job.status for job in table.close(tmp_path)] == ["complete", "died"]
    assert [file.name for file in tmp_path.iterdir()] == ["jobs.csv"]


def test_what_varies_stands_apart_from_what_stays() -> None:
    words = [*TINY, "seed=choice(1,2,3)", "model.choice.sector_cost=interval(1,3)", "output=x"]
    plan = plan_sweep(None, words, None)
    assert (plan.kind, plan.output, plan.fixed) == ("run", "x", tuple(TINY))
    assert [(each.key, each.values) for each in plan.swept] == [
        ("seed", ("1", "2", "3")),
        ("model.choice.sector_cost", ("1.0", "3.0")),
    ]
    assert plan_sweep(None, ["+experiment=sector_costs,sector_costs"], None).kind == "study"
    assert compose([])["study.objective"] is None
