"""What `hesim calibrate` does, stage by stage."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np

from hesim.calibration.plan import Plan, read_plan

Tell = Callable[[str], None]


def calibrate(overrides: Sequence[str], tell: Tell = print) -> None:
    """Carry out one stage of a calibration, and those that it needs.

    Args:
        overrides: Such as `name=blind`, `stage=recovery`, `design=100`.
        tell: Called with lines of text.

    Raises:
        ConfigErrors: overrides that cannot hold.
    """
    plan = read_plan(overrides)
    start = time.perf_counter()

    def timed(words: str) -> None:
        tell(f"[{time.perf_counter() - start:6.0f} s] {words}")

    STAGES[plan.stage](plan, timed)


def _whole(plan: Plan, tell: Tell) -> None:
    from hesim.calibration.ship import ship
    from hesim.calibration.work import Work

    work = Work(plan, tell)
    _tell_fit(work, tell)
    made = work.confirmed
    body = ship(work)
    figures = body["figures"]
    tell(
        f"{plan.name}: {figures['draws_run']} draws run, effective sample size "
        f"{figures['effective_sample_size']:.0f}; deviance of table 3.5's contrasts explained "
        f"{figures['deviance_explained']:.1%}; {figures['inside_95']:.1%} of "
        f"{figures['contrasts']} inside their 95% interval"
    )
    del made


def _tell_fit(work: object, tell: Tell) -> None:
    from hesim.calibration.work import Work

    assert isinstance(work, Work)
    fitted, emulator = work.first
    explained = emulator.explained()
    tell(f"emulator: predicts {np.median(explained):.0%} of the variance between runs (median)")
    tell(f"Gauss-Newton: half squared loss {-fitted.likelihood.log_posterior(fitted.point):.2f}")


def _fit(plan: Plan, tell: Tell) -> None:
    from hesim.calibration.fit import cma_es, not_ruled_out
    from hesim.calibration.work import Work

    work = Work(plan, tell)
    _tell_fit(work, tell)
    fitted, _ = work.first
    other, loss = cma_es(fitted.likelihood, plan.count("seed"))
    apart = np.abs(other - fitted.point).max()
    tell(f"CMA-ES: half squared loss {loss:.2f}, at most {apart:.2f} prior deviations away")
    share, best = not_ruled_out(plan.parameters, fitted.likelihood, 100_000, plan.count("seed"))
    tell(f"history matching: {share:.3%} of the prior is not ruled out; best {best:.2f}")
    for k, parameter in enumerate(plan.parameters.all):
        value = plan.parameters.natural(fitted.point)[k]
        tell(f"  {parameter.name:20}{value:9.4f}   {fitted.point[k]:+.2f} prior deviations")


STAGES: dict[str, Callable[[Plan, Tell], None]] = {
    "all": _whole,
    "fit": _fit,
}
