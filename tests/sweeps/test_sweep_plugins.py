"""Sweeps by Hydra's plugins themselves: Optuna's sweeper, and the launchers joblib and submitit."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml
from test_sweeps import RUN, STUDY, here, rows

from hesim.cli import main

__all__ = ["here"]
pytestmark = [pytest.mark.long, pytest.mark.once]


def needs(plugin: str) -> pytest.MarkDecorator:
    there = find_spec("hydra_plugins") and find_spec(f"hydra_plugins.{plugin}")
    return pytest.mark.skipif(
        not there, reason=f"{plugin} is not installed: uv run --group tools pytest -m long"
    )


@needs("hydra_optuna_sweeper")
@pytest.mark.parametrize(("better", "ends"), [("more", max), ("less", min)])
def test_optuna_finds_the_dial_that_brings_most(here: Path, better: str, ends: Any) -> None:
    words = [
        "hydra/sweeper=optuna",
        "hydra.sweeper.n_trials=4",
        "hydra.sweeper.n_jobs=1",
        "hydra.sweeper.sampler.seed=1",
        f"study.better={better}",
        "study.objective=per_euro",
        "levers.joint_appointment.offers=interval(0.05,0.3)",
    ]
    assert main(["study", "-m", *STUDY, *words]) == 0
    found = rows(here)
    assert len({row["overrides"] for row in found}) == 4
    values = [float(row["objective"]) for row in found]
    assert any(values) and all(row["unit"].endswith("per million euros") for row in found)
    # Optuna was told what the table says, and which way is better.
    (file,) = (here / "outputs" / "multirun").glob("*/optimization_results.yaml")
    told = yaml.safe_load(file.read_text(encoding="utf-8"))
    best = ends(range(4), key=values.__getitem__)
    assert told["best_value"] == values[best]
    assert [f"{key}={value}" for key, value in told["best_params"].items()] == [
        found[best]["overrides"]
    ]


@needs("hydra_optuna_sweeper")
def test_a_trial_that_fails_stops_optuna_and_stands_in_the_table(here: Path) -> None:
    words = ["hydra/sweeper=optuna", "hydra.sweeper.n_trials=3", "hydra.sweeper.n_jobs=1"]
    assert main(["run", "-m", *RUN, *words, "output=choice(one)"]) == 1
    assert [row["status"] for row in rows(here)] == ["complete", "failed"]


@pytest.mark.parametrize("launcher", ["joblib", "submitit"])
def test_launchers_do_jobs_in_other_processes(here: Path, launcher: str) -> None:
    if not (find_spec("hydra_plugins") and find_spec(f"hydra_plugins.hydra_{launcher}_launcher")):
        pytest.skip(
            f"hydra-{launcher}-launcher is not installed: uv run --group tools pytest -m long"
        )
    name = "submitit_local" if launcher == "submitit" else launcher
    # Without levers nothing can be divided by what they cost, so the last job has no objective.
    words = [f"hydra/launcher={name}", "study.outcome=turnover_wo"]
    assert main(["run", "-m", *RUN, *words, "study.objective=null,effect,per_euro"]) == 1
    found = rows(here)
    assert [row["overrides"].partition("=")[2] for row in found] == ["null", "effect", "per_euro"]
    assert [row["status"] for row in found] == ["complete"] * 3
    assert float(found[0]["objective"]) == float(found[1]["objective"]) > 0.0
    assert found[2]["objective"] == "" and "no levers" in found[2]["words"]
    assert len({row["folder"] for row in found}) == 3
