"""Studies with the real model, tiny: the same figures as a run, and Hydra's own multirun."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import processes

from hesim.cli import main
from hesim.execution.replication import simulate_one
from hesim.outcomes.breakdown import OF_STUDIES, parts_of
from hesim.scenario import compose
from hesim.study.folder import Study
from hesim.study.groups import Groups, pieces
from hesim.study.launch import start_plan
from hesim.study.observation import FLOWS, replication_outcomes
from hesim.study.plan import plan_study

TINY = ["population.scale=0.01", "years=1", "burn_in=6"]
LEVER = ["levers=[joint_appointment]", "levers.joint_appointment.start=2011-01"]


def test_a_point_shows_what_a_run_shows() -> None:
    settings = compose([*TINY, *LEVER])
    seen, run = replication_outcomes(settings, 1), simulate_one(settings, 1)
    stored = {part.name: part for part in parts_of(outcomes=OF_STUDIES)}
    assert set(seen) == {*run.outcomes, *FLOWS, *stored}
    for name, part in stored.items():
        assert np.array_equal(seen[name], run.parts[part] / 0.01)
    from hesim.outcomes.registry import OUTCOMES

    for name, values in run.outcomes.items():
        assert np.allclose(seen[name], values / OUTCOMES[name].divisor(0.01))
    moved = {"move", "hire", "separation", "entry", "departure"}
    names = run.flows["kind"].names  # type: ignore[union-attr]
    kinds = np.array(names)[run.flows["kind"].codes]  # type: ignore[union-attr]
    origin = np.array(run.flows["origin_sector"].names)[run.flows["origin_sector"].codes]  # type: ignore[union-attr]
    target = run.flows["destination_sector"]
    target = np.array(target.names)[target.codes]  # type: ignore[union-attr]
    persons = np.asarray(run.flows["persons"])
    counted = np.isin(kinds, list(moved))
    assert counted.any()
    from_wo = persons[counted & (origin == "wo") & (target == "none")].sum()
    assert seen["flow.wo.no_job"].sum() == from_wo / 0.01
    into_hbo = persons[counted & (target == "hbo")].sum()
    assert sum(seen[name].sum() for name in FLOWS if name.endswith(".hbo")) == into_hbo / 0.01


def test_without_flows_they_are_left_out() -> None:
    seen = replication_outcomes(compose([*TINY, "study.flows=false", "study.by=[sex]"]), 0)
    assert not set(seen) & set(FLOWS)
    assert {name for name in seen if name.startswith("by.")} == {
        part.name for part in parts_of(("sex",), OF_STUDIES)
    }


def test_a_study_from_the_command_line(tmp_path: Path, capsys: object) -> None:
    folder = tmp_path / "study"
    # Offers to so many that some accept even in a world of a few hundred people.
    words = [
        *TINY,
        "study.levers=[joint_appointment]",
        LEVER[1],
        "levers.joint_appointment.offers=0.3",
        "study.replications=2",
    ]
    assert main(["study", *words, f"output={tmp_path / 'no'}", "--dry-run", "engine=serial"]) == 0
    assert not (tmp_path / "no").exists()
    assert main(["study", *words, f"output={folder}", "workers=2"]) == 0
    assert main(["study", *words, f"output={folder}"]) == 2
    assert main(["study", "study.levers=[joint_apointment]"]) == 2
    assert main(["resume", str(folder), "seed=2"]) == 2
    assert main(["resume", str(tmp_path)]) == 2
    assert main(["resume", str(folder), "engine=serial"]) == 0
    here = tmp_path / "serial"
    assert main(["study", *words, f"output={here}", "engine=serial"]) == 0
    one, other = (Study(place).query("from results order by all") for place in (folder, here))
    pd.testing.assert_frame_equal(one, other)
    # The lever acts: joint appointments start in the policy arm only.
    starts = Study(folder).query(
        "select arm, sum(value) as n from results join points using (point) "
        "where outcome = 'joint_appointments' group by arm"
    )
    counts = dict(zip(starts["arm"], starts["n"], strict=True))
    assert counts["baseline"] == 0 < counts["joint_appointment"]


def test_hydras_multirun_sweeps_coarse_axes(tmp_path: Path) -> None:
    words = [
        *TINY,
        "seed=1,2",
        "study.uncertainties=[model.choice.sector_cost:1:3]",
        "study.replications=1",
        "engine=serial",
    ]
    made = subprocess.run(
        [sys.executable, "-m", "hesim.multirun", "--multirun", *words],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=processes.HANG,
    )
    assert made.returncode == 0, made.stderr[-3000:]
    studies = sorted((tmp_path / "outputs" / "studies").iterdir())
    assert [Study(folder).settings["seed"] for folder in studies] == [1, 2]
    assert all(Study(folder).manifest["status"] == "complete" for folder in studies)
    # Hydra leaves no logs and no folders of its own for each job.
    assert not list(tmp_path.rglob("*.log")) and not list(tmp_path.rglob(".hydra"))


def test_runs_that_share_their_first_months_give_what_they_give_alone(tmp_path: Path) -> None:
    words = [
        *TINY,
        "study.levers=[meet_and_greet,single_cao]",
        "study.design=grid",
        "levers.meet_and_greet.start=2011-07",
        "levers.single_cao.start=2011-04",
        "study.replications=2",
    ]
    plan = plan_study(words)
    made = start_plan(plan_study([*words, f"output={tmp_path / 'shared'}", "workers=2"]))
    assert made is not None
    branches = plan.branches(None)
    rows = made.query("from results order by outcome, year").groupby(["point", "replication"])
    for number in range(plan.runs):
        branch, point = plan.branch(number), plan.points[number % len(plan.points)]
        alone = replication_outcomes(branches.settings_of(branch), branch.replication)
        shared = rows.get_group((point.id, branch.replication))
        for name, values in alone.items():
            assert np.array_equal(shared["value"][shared["outcome"] == name], values), name


def test_groups_put_the_first_to_branch_first_and_the_baseline_last() -> None:
    plan = plan_study(
        [
            *TINY,
            "study.levers=[meet_and_greet,single_cao]",
            "study.replications=2",
            "levers.meet_and_greet.start=2011-07",
            "levers.single_cao.start=2011-04",
            "study.uncertainties=[model.choice.sector_cost:1:3]",
            "study.design=grid",
            "study.n=2",
        ]
    )
    groups = Groups(plan)
    cut = groups.of(range(plan.runs))
    assert sorted(number for group in cut for number in group) == list(range(plan.runs))
    assert len(cut) == 2 * 2
    for group in cut:
        arms = [plan.branch(number).arm for number in group]
        assert arms == [
            "single_cao",
            "single_cao+meet_and_greet",
            "meet_and_greet",
            "baseline",
        ] or (arms == ["single_cao", "meet_and_greet+single_cao", "meet_and_greet", "baseline"])
        assert len({plan.branch(number).group for number in group}) == 1
        assert [task.content.more for task in groups.tasks(group)] == [True] * 3 + [False]
    # 6 + 12 months of each trunk, and 9, 9, 6 and no months of the arms.
    assert groups.months(cut) == 4 * (18 + 9 + 9 + 6)
    assert [len(piece) for piece in pieces(groups, range(plan.runs), 1)] == [1] * plan.runs
    assert [len(piece) for piece in pieces(groups, range(plan.runs), 6)] == [8, 8]
