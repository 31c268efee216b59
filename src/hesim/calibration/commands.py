"""What `hesim calibrate` does, stage by stage."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np

from hesim.calibration.plan import INPUTS, CalibrationPlan, read_calibration_plan
from hesim.calibration.stages import Work
from hesim.execution.trial import try_tables
from hesim.files import put

Tell = Callable[[str], None]
Stage = Callable[[CalibrationPlan, Tell], None]


def calibrate(overrides: Sequence[str], tell: Tell = print) -> None:
    """Carry out one stage of a calibration, and those that it needs.

    Args:
        overrides: Such as `name=blind`, `stage=recovery`, `design=100`.
        tell: Called with lines of text.

    Raises:
        ConfigErrors: overrides that cannot hold.
    """
    plan = read_calibration_plan(overrides)
    try_tables(plan.base)
    start = time.perf_counter()

    def timed(words: str) -> None:
        tell(f"[{time.perf_counter() - start:6.0f} s] {words}")

    if plan.own_data and plan.stage == "all":
        _chain(overrides, timed)
    else:
        STAGES[plan.stage](plan, timed)


def _chain(overrides: Sequence[str], tell: Tell) -> None:
    """Calibrate to tables of one's own from the beginning: inputs, both fits, and what they tell.

    Production learns from the runs of the blind calibration too, so that one comes first.
    """
    plan = read_calibration_plan(overrides)
    if not (plan.output / INPUTS).is_file():
        _inputs(plan, tell)
    kinds = ["blind"] if plan.blind else ["blind", "production"]
    for kind in kinds:
        # Read anew: the inputs that it begins from are there now.
        plan = read_calibration_plan([*overrides, f"name={kind}"])
        _whole(plan, tell)
    _fit(plan, tell)
    _identify(plan, tell)
    tell(f"done; in every command: calibration={plan.output} data={plan.base['data']}")


def _whole(plan: CalibrationPlan, tell: Tell) -> None:
    from hesim.calibration.shipment import ship

    work = Work(plan, tell)
    _tell_fit(work, tell)
    figures = ship(work)["figures"]
    tell(
        f"{plan.name}: {figures['draws_run']} draws run, effective sample size "
        f"{figures['effective_sample_size']:.0f}; deviance of table 3.5's contrasts explained "
        f"{figures['deviance_explained']:.1%}; {figures['inside_95']:.1%} of "
        f"{figures['contrasts']} inside their 95% interval"
    )


def _tell_fit(work: Work, tell: Tell) -> None:
    fitted, emulator = work.first
    explained = emulator.explained()
    tell(f"emulator: predicts {np.median(explained):.0%} of the variance between runs (median)")
    tell(f"Gauss-Newton: half squared loss {-fitted.likelihood.log_posterior(fitted.point):.2f}")


def _inputs(plan: CalibrationPlan, tell: Tell) -> None:
    from hesim.calibration.inputs import solve, write_default

    middle = np.zeros(plan.parameters.size)
    found = solve(plan, "inputs", middle, 0, plan.count("checks"), tell)
    if plan.own_data:
        put(plan.output / INPUTS, (json.dumps(found, indent=1) + "\n").encode())
        tell(f"wrote the inputs into {plan.output / INPUTS}: later stages begin from them")
        return
    write_default(found, plan.structure)
    tell("wrote the inputs into the packaged configuration: later stages begin from them")


def _fit(plan: CalibrationPlan, tell: Tell) -> None:
    from hesim.calibration.fit import cma_es, not_ruled_out

    work = Work(plan, tell)
    _tell_fit(work, tell)
    fitted, _ = work.first
    other, loss = cma_es(fitted.likelihood, plan.count("seed"))
    apart = np.abs(other - fitted.point).max()
    tell(f"CMA-ES: half squared loss {loss:.2f}, at most {apart:.2f} prior deviations away")
    left = not_ruled_out(plan.parameters, fitted.likelihood, 100_000, plan.count("seed"))
    for of, (share, best) in left.items():
        tell(f"history matching ({of}): {share:.1%} of the prior is not ruled out; best {best:.2f}")
    for k, parameter in enumerate(plan.parameters.all):
        value = plan.parameters.natural(fitted.point)[k]
        tell(f"  {parameter.name:20}{value:9.4f}   {fitted.point[k]:+.2f} prior deviations")
    found = {
        "gauss_newton_loss": float(-fitted.likelihood.log_posterior(fitted.point)),
        "cma_es_loss": loss,
        "farthest_apart": float(apart),
        "not_ruled_out": {of: share for of, (share, _) in left.items()},
        "lowest_implausibility": {of: best for of, (_, best) in left.items()},
        "point": dict(zip(plan.parameters.names, map(float, fitted.point), strict=True)),
    }
    ship_findings(plan, "fit", found)


def _identify(plan: CalibrationPlan, tell: Tell) -> None:
    from hesim.calibration.identification import identify

    found = identify(plan, tell)
    ship_findings(plan, "identification", found)
    tell(f"{found['directions_beyond_prior']} directions are known better than the prior knows")
    for row in found["parameters"]:
        tell(f"  {row['parameter']:20}{row['shrinkage']:7.0%} shrunk   {row['label']}")


def _recover(plan: CalibrationPlan, tell: Tell) -> None:
    from hesim.calibration.recovery import recover

    found = recover(plan, tell)
    ship_findings(plan, "recovery", found)
    low, high = found["band"]
    tell(f"coverage of 90% intervals {found['coverage_90']:.1%} (band {low:.1%} to {high:.1%})")


def _morris(plan: CalibrationPlan, tell: Tell) -> None:
    from hesim.calibration.sensitivity import morris

    found = morris(plan, tell)
    ship_findings(plan, "morris", found)
    for outcome, row in found["outcomes"].items():
        first = ", ".join(x["setting"] for x in row["settings"][:3])
        tell(f"  {outcome}: {row['beyond_noise']} settings beyond noise; first {first}")


def _joints(plan: CalibrationPlan, tell: Tell) -> None:
    from hesim.calibration.sensitivity import joints

    found = joints(plan, tell)
    ship_findings(plan, "joints", found)
    for name, row in found["differences"].items():
        for outcome, (mean, low, high) in row.items():
            tell(
                f"  {name} less {found['default']}: {outcome} {mean:+.2f} [{low:+.2f}, {high:+.2f}]"
            )


def _claims(plan: CalibrationPlan, tell: Tell) -> None:
    from hesim.calibration.claims import claims

    found = claims(plan, tell)
    ship_findings(plan, "claims", found)
    for row in found["claims"]:
        tell(f"  {row['claim']}: {'holds' if row['holds'] else 'FAILS'} ({row['found']})")


def _falsify(plan: CalibrationPlan, tell: Tell) -> None:
    from hesim.calibration.falsification import NotFollowed, falsify

    found = falsify(plan, tell)
    ship_findings(plan, "falsify", found)
    missed = [words for words, holds in found["holds"].items() if not holds]
    for words, holds in found["holds"].items():
        tell(f"  {words}: {'holds' if holds else 'FAILS'}")
    if missed:
        raise NotFollowed("preferences do not follow the survey: " + "; ".join(missed))


def ship_findings(plan: CalibrationPlan, what: str, found: dict[str, Any]) -> None:
    """Keep a stage's findings beside the shipped calibration."""
    body = {
        "calibration": plan.name,
        "stage": what,
        "date": datetime.now(UTC).date().isoformat(),
        "fingerprint": plan.fingerprint(),
        "matter": plan.matter_hash(),
        **found,
    }
    text = json.dumps(body, indent=1) + "\n"
    put(plan.shipped / f"{plan.name}_{what}.json", text.encode())


STAGES: dict[str, Stage] = {
    "all": _whole,
    "inputs": _inputs,
    "fit": _fit,
    "identification": _identify,
    "recovery": _recover,
    "morris": _morris,
    "joints": _joints,
    "claims": _claims,
    "falsify": _falsify,
}
