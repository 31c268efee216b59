"""Sweeps by Hydra's plugins themselves: Optuna's sweeper, and the launchers joblib and submitit."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest
from test_sweeps import RUN, STUDY, here, rows

from hesim.cli import main

__all__ = ["here"]
pytestmark = [pytest.mark.long, pytest.mark.once]


def needs(plugin: str) -> pytest.MarkDecorator:
    there = find_spec("hydra_plugins") and find_spec(f"hydra_plugins.{plugin}")
    return pytest.mark.skipif(
        not there, reason=f"{plugin} is not installed: uv run --group sweepers pytest -m long"
    )


@needs("hydra_optuna_sweeper")
@pytest.mark.parametrize(("better", "ends"), [("more", max), ("less", min)])
def test_optuna_finds_the_dial_that_brings_most(here: Path, better: str, ends: object) -> None:
    words = [
        "hydra/sweeper=optuna",
        "hydra.sweeper.n_trials=4",
        "hydra.sweeper.n_jobs=1",
        "hydra.sweeper.sampler.seed=1",
        f"hydra.sweeper.storage=sqlite:///{here / 'trials.db'}",
        "hydra.sweeper.study_name=dials",
        f"study.better={better}",
        "study.objective=per_euro",
        "levers.joint_appointment.offers=interval(0.05,0.3)",
    ]
    assert main(["study", "-m", *STUDY, *words]) == 0
    found = rows(here)
    assert len({row["overrides"] for row in found}) == 4
    values = [float(row["objective"]) for row in found]
    assert any(values) and all(row["unit"].endswith("per million euros") for row in found)
    import optuna

    # Optuna was told what the table says, and which way is better.
    study = optuna.load_study(study_name="dials", storage=f"sqlite:///{here / 'trials.db'}")
    assert [trial.value for trial in study.trials] == values
    assert study.best_value == ends(values)  # type: ignore[operator]


@needs("hydra_optuna_sweeper")
def test_a_trial_that_fails_stops_optuna_and_stands_in_the_table(here: Path) -> None:
    words = ["hydra/sweeper=optuna", "hydra.sweeper.n_trials=3", "hydra.sweeper.n_jobs=1"]
    assert main(["run", "-m", *RUN, *words, "output=choice(one)"]) == 1
    assert [row["status"] for row in rows(here)] == ["complete", "failed"]


@pytest.mark.parametrize("launcher", ["joblib", "submitit"])
def test_launchers_do_jobs_in_other_processes(here: Path, launcher: str) -> None:
    if not (find_spec("hydra_plugins") and find_spec(f"hydra_plugins.hydra_{launcher}_launcher")):
        pytest.skip(f"hydra-{launcher}-launcher is not installed: uv run --group sweepers ...")
    name = "submitit_local" if launcher == "submitit" else launcher
    words = [f"hydra/launcher={name}", "output=one,two,one", "study.outcome=turnover_wo"]
    if launcher == "joblib":
        words.append("hydra.launcher.n_jobs=1")
    assert main(["run", "-m", *RUN, *words]) == 1
    found = rows(here)
    assert [row["overrides"] for row in found] == ["output=one", "output=two", "output=one"]
    assert sorted(row["status"] for row in found) == ["complete", "complete", "failed"]
    whole = {row["objective"] for row in found if row["status"] == "complete"}
    assert len(whole) == 1 and float(whole.pop()) > 0.0
