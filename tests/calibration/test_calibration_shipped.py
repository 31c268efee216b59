"""What is shipped: draws that compose, the config's point, and a model that still fits."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from harness import sampled

from hesim.calibration import assessment
from hesim.calibration import targets as t
from hesim.calibration.ensemble import arrays, available, draws, finding, manifest
from hesim.calibration.likelihood import blocks
from hesim.calibration.observation import names, observe_point
from hesim.calibration.plan import STAGES, read_calibration_plan
from hesim.calibration.validation import validation
from hesim.charts.calibration import draw_calibration
from hesim.cli import main
from hesim.config.points import structure_of
from hesim.config.schema import read_schema
from hesim.scenario import compose
from hesim.sources import packaged
from hesim.tables import ReportTables
from hesim.tables.schema import TOLD

pytestmark = pytest.mark.once

SCALE, REPEATS = 0.1, 3
CHANCE = 4.5
"""Standard errors by which the largest of some fifty figures may be off by chance."""


def in_force(name: str) -> list[str]:
    """What to ask for, so that a calibration holds in the structure that it was made for."""
    return [f"structure={structure_of(name)}", f"calibration={name}"]


@pytest.mark.parametrize("name", available())
def test_an_ensemble_is_whole(name: str) -> None:
    body, drawn = manifest(name), draws(name)
    assert len(drawn) >= 200
    assert body["figures"]["effective_sample_size"] >= 100
    assert body["figures"]["monte_carlo_share"] < 0.10
    assert set(drawn[0]) == set(body["settings"])
    values = np.array(
        [[d[path] for path in body["plan"]["parameters"]["push_base"]["sets"]] for d in drawn]
    )
    assert values.std() > 0
    for draw in (drawn[0], drawn[-1]):
        uncalibrated = [f"structure={structure_of(name)}", "calibration=none"]
        settings = compose(uncalibrated, extra=draw)
        assert settings.number("model.push.base") == draw["model.push.base"]
    assert len({tuple(d.values()) for d in drawn}) == len(drawn)


@pytest.mark.parametrize("name", available())
def test_the_config_is_the_shipped_point(name: str) -> None:
    settings = compose(in_force(name))
    assert settings.text("calibration") == name
    for path, value in manifest(name)["settings"].items():
        assert settings.number(path) == pytest.approx(value), path


def test_a_run_uses_production_unless_told_otherwise() -> None:
    usual = "production" if "production" in available() else "none"
    assert compose().text("calibration") == usual
    assert compose(["calibration=none"]).text("calibration") == "none"


def test_unknown_calibrations_are_refused_with_names() -> None:
    with pytest.raises(KeyError, match="blind"):
        draws("nosuch")


def test_data_are_those_that_were_calibrated_to(tables: ReportTables) -> None:
    for name in available():
        calibrated = {
            file: known for file, known in manifest(name)["data"].items() if file not in TOLD
        }
        assert calibrated == {file: tables.hashes[file] for file in calibrated}
        # No rule of the first structure reads the published figures.
        assert set(tables.hashes) - set(calibrated) <= {"public_facts.csv", *TOLD}


@pytest.mark.parametrize("name", available())
def test_findings_of_further_stages_belong_to_what_is_shipped(name: str) -> None:
    role = "blind" if name.endswith("blind") else "production"
    plan = read_calibration_plan([f"name={role}", f"structure={structure_of(name)}"])
    assert plan.name == name
    assert manifest(name)["matter"] == plan.matter_hash()
    found = {stage: finding(name, stage) for stage in STAGES if stage != "all"}
    there = {stage: body for stage, body in found.items() if body is not None}
    assert {"identification", "recovery"} <= set(there)
    # Code may be tidied between a calibration and a finding: the baselines say that it gives the
    # same. Model, population, survey and priors may not.
    assert {body["matter"] for body in there.values()} == {plan.matter_hash()}


def test_labels_of_fitted_settings_follow_the_shipped_identification() -> None:
    found = finding("production", "identification")
    assert found is not None
    schema = read_schema(packaged())
    labels = set()
    for row in found["parameters"]:
        expected = "data" if row["shrinkage"] >= found["threshold"] else "prior"
        assert row["label"] == expected
        for path in row["paths"]:
            meaning = schema.find(path)
            assert meaning is not None and meaning.label == expected, path
            labels.add(expected)
    assert labels == {"data", "prior"}


def test_every_figure_of_a_calibration_can_be_drawn(tmp_path: Path) -> None:
    drawn = {file.name for file in draw_calibration("production", tmp_path)}
    kinds = ("contrasts", "inputs", "posterior", "forecast", "identification", "recovery")
    assert {f"production_{kind}.png" for kind in kinds} <= drawn
    assert all((tmp_path / name).read_bytes().startswith(b"\x89PNG") for name in drawn)


@pytest.mark.parametrize("name", available())
def test_the_shipped_calibration_still_fits(name: str, tables: ReportTables) -> None:
    """Fails when the model has changed so much that `hesim calibrate` must be run again."""
    kept, body = arrays(name), manifest(name)
    plan = body["plan"]
    settings = compose(
        [
            *in_force(name),
            f"population.scale={SCALE}",
            f"years={plan['years']}",
            f"burn_in={plan['burn_in']}",
            f"seed={plan['seed']}",
        ],
        extra={path: 0.0 for path in body["settings"] if path.startswith("survey.offset.")},
    )
    order = [str(x) for x in kept["names"]]
    now = list(names(tables))
    # What a calibration showed must be shown still; figures may have come that it had no use for.
    assert [x for x in now if x in set(order)] == order
    runs = np.array([observe_point(settings, tables, 500_000 + k).values for k in range(REPEATS)])
    shown = runs.mean(axis=0)[[now.index(x) for x in order]]
    # Errors of the checks, at full scale, widened to those of so few and small runs.
    one = np.sqrt(plan["checks"]) * kept["error"] * np.sqrt(1 / SCALE / REPEATS)
    listed = [b for b in blocks(tables, {}) if b.kind == "contrast"]
    at = {x: k for k, x in enumerate(order)}
    for block in listed:
        for a, b in zip(block.plus, block.minus, strict=True):
            gap = (shown[at[a]] - shown[at[b]]) - (kept["mean"][at[a]] - kept["mean"][at[b]])
            error = np.hypot(one[at[a]], one[at[b]])
            assert abs(gap) < CHANCE * error + 0.01, a
    for outcome, slack in (("turnover_wo", 0.5), ("turnover_hbo", 0.4)):
        k = at[f"outcome|{outcome}"]
        assert abs(shown[k] - kept["mean"][k]) < CHANCE * one[k] + slack, outcome
    null, own = assessment.deviance(tables, dict(zip(order, map(float, shown), strict=True)))
    stored = body["figures"]["deviance_explained"]
    assert abs((1 - own / null) - stored) < 0.15


def test_a_changed_model_would_be_noticed(tables: ReportTables) -> None:
    """The test above can fail: without its tilts the model explains next to nothing."""
    body = manifest("production")
    flat = {path: 0.0 for path in body["settings"] if ".tilt." in path}
    settings = compose(
        [*in_force(body["name"]), f"population.scale={SCALE}", "years=3"], extra=flat
    )
    shown = dict(zip(names(tables), observe_point(settings, tables, 1).values, strict=True))
    null, own = assessment.deviance(tables, {k: float(v) for k, v in shown.items()})
    assert (1 - own / null) < body["figures"]["deviance_explained"] - 0.15


def test_validation_keeps_three_figures_apart(tables: ReportTables) -> None:
    body = validation("blind", tables)
    inputs, fitted, held = body["inputs"], body["fitted"], body["held_out"]
    used = inputs["input"]["cells"] + inputs["derived"]["cells"]
    sums = [x for x in tables.cells if x.table in ("2.1", "2.2", "3.2", "3.3", "3.4")]
    assert used == sum(not t.excluded(x) for x in sums)
    assert fitted["contrasts"] == 56 and fitted["parameters"] <= 20
    assert held["table_3_1"]["cells"] == 36 and held["validation"] is True
    low, high = fitted["bands"]["1"]
    assert 0.8 < low < high <= 1.0
    assert fitted["deviance_explained"] >= 0.3
    assert inputs["pooled_3_5"]["within_monte_carlo_error"] == 56
    json.dumps(body)
    assert body["agreement"] is None and held["calibration"] == "blind"


@pytest.mark.parametrize("name", [name for name in available() if not name.endswith("blind")])
def test_held_out_figures_are_those_of_the_structures_own_blind_calibration(
    name: str, tables: ReportTables
) -> None:
    body = validation(name, tables)
    blind = name.replace("production", "blind")
    assert body["held_out"] == validation(blind, tables)["held_out"]
    assert body["held_out"]["calibration"] == blind and body["held_out"]["label"] == "held out"
    own = body["agreement"]
    assert own["calibration"] == name and own["label"] == "fitted" and not own["validation"]
    names = [row["name"] for row in body["bars"] if row["name"].startswith(("1.1", "3.1"))]
    assert len(names) == 9 and sum(name.endswith("(fitted)") for name in names) == 2
    assert {row["use"]: row["quote"] for row in body["verdicts"]} == {
        "ranking of levers": "with care",
        "size of an effect": "with care",
        "level of a flow": "no",
        "hbo's share of PhDs": "with care",
    }
    assert 9 <= len(body["sentences"]) <= 12
    assert [row["parameter"] for row in body["certainty"]["apart"]] == [
        "sector_cost",
        "competitors",
    ]


def test_the_command_prints_json_and_logs_the_look(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[tuple[str, ...]] = []
    monkeypatch.setattr("hesim.calibration.looks.log_look", lambda *words: looks.append(words))
    assert main(["validate", "blind", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["name"] == "blind"
    assert len(looks) == 1 and "blind" in looks[0][2]
    assert main(["validate"]) == 0
    short = capsys.readouterr().out.splitlines()
    assert short[0] == "How far this can be trusted" and len(short) < 60
    assert "calibration production of the structure standing" in short[1]
    assert looks.pop()[2] == "calibration production, with the forecast of blind"
    assert main(["validate", "--full"]) == 0
    full = capsys.readouterr().out.splitlines()
    assert full[: len(short)] == short and len(full) > 2 * len(short)
    assert looks.pop()[2] == "calibration production, with the forecast of blind"
    assert main(["validate", "blin"]) == 2
    assert "did you mean blind?" in capsys.readouterr().err
    assert len(looks) == 1


@pytest.mark.parametrize("sector", ["hbo", "wo"])
@pytest.mark.parametrize("name", sampled(available(), lambda name: name == "production"))
def test_staff_of_a_draw_comes_out(name: str, sector: str, tables: ReportTables) -> None:
    """Also in the draw that leaves most posts open: it brings as many more."""
    path = f"model.inputs.posts.{sector}"
    draw = max(draws(name), key=lambda each: each[path])
    plan = manifest(name)["plan"]
    settings = compose(
        [
            *in_force(name),
            "population.scale=0.3",
            f"years={plan['years']}",
            f"burn_in={plan['burn_in']}",
        ],
        extra=draw,
    )
    # Of single replications the standard deviation is 1.
    shown = [
        dict(zip(names(tables), observe_point(settings, tables, number).values, strict=True))
        for number in range(4)
    ]
    filled = float(np.mean([one[f"outcome|heads_{sector}"] for one in shown]))
    assert filled * (1.0 + draw[path] / 100.0) == pytest.approx(100.0, abs=1.5)
    usual = compose([f"structure={structure_of(name)}", "calibration=none"]).number(path)
    assert draw[path] > usual


@pytest.mark.parametrize("name", available())
def test_draws_live_in_the_world_of_their_point(name: str) -> None:
    kept, chosen = arrays(name), manifest(name)["settings"]
    paths = [str(x) for x in kept["paths"]]
    for column, path in enumerate(paths):
        if path.startswith("model.inputs.") and not path.startswith("model.inputs.posts."):
            assert set(kept["values"][:, column].tolist()) == {chosen[path]}, path
    names = [str(x) for x in kept["names"]]
    for flow in ("wo_to_hbo", "hbo_to_wo"):
        at = names.index(f"outcome|{flow}")
        drawn = kept["shown"][:, at].astype(float)
        assert abs(kept["mean"][at] - drawn.mean()) < drawn.std()
