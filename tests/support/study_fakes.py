"""Stand-ins for the model, importable by worker processes: quick, and with faults on demand."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from hesim.config import Settings

Outcomes = dict[str, NDArray[np.float64]]
DIAL = "model.choice.sector_cost"
"""The setting that the fakes listen to."""


def effect(settings: Settings, replication: int) -> Outcomes:
    """Noise of the replication, plus ten times the dial; levers do nothing."""
    years = settings.integer("years")
    rng = np.random.default_rng([settings.integer("seed"), replication])
    base = rng.normal(100.0, 5.0, years) + 10.0 * settings.number(DIAL)
    base += 3.0 * settings.number("model.choice.distance_cost")
    return {
        "wo_to_hbo": base,
        "hbo_to_wo": 0.5 * base,
        "flow.wo.hbo": base,
        "flow.hbo.wo": 0.5 * base,
    }


def as_model(fake: Callable[[Settings, int], Outcomes]) -> Callable[..., Outcomes]:
    """A fake that stands in for `replication_outcomes`, which is also told what runs share."""

    def observe(settings: Settings, replication: int, share: object = None) -> Outcomes:
        return fake(settings, replication)

    return observe


def unhurried(settings: Settings, replication: int) -> Outcomes:
    """The same, but slow enough to be interrupted."""
    time.sleep(0.03)
    return effect(settings, replication)


def faulty(settings: Settings, replication: int) -> Outcomes:
    """Goes wrong in the way that the dial says."""
    fault = settings.number(DIAL)
    if fault == 5.0:
        raise ZeroDivisionError("this point raises")
    if fault == 6.0:
        while True:
            time.sleep(0.01)
    if fault == 7.0:
        kept = []
        while True:
            kept.append(np.ones(4_000_000))
            time.sleep(0.01)
    if fault == 8.0:
        os.kill(os.getpid(), signal.SIGKILL)
    return effect(settings, replication)


def mended(settings: Settings, replication: int) -> Outcomes:
    """What `faulty` would be without its faults."""
    return effect(settings, replication)


def dies_once(settings: Settings, replication: int) -> Outcomes:
    """Kills its process at the first try of each run, as a passing want of memory would."""
    folder = os.environ["HESIM_TEST_FOLDER"]
    mark = os.path.join(folder, f"{settings.number(DIAL)}-{replication}")
    if not os.path.exists(mark):
        with open(mark, "w", encoding="utf-8"):
            os.kill(os.getpid(), signal.SIGKILL)
    return effect(settings, replication)


def levered(settings: Settings, replication: int) -> Outcomes:
    """An effect of four a lever, with noise of its own that pairing does not take away."""
    made = effect(settings, replication)
    count = len(settings.mapping("levers"))
    rng = np.random.default_rng([replication, count, 99])
    gain = 4.0 * count + rng.normal(0.0, 2.0, settings.integer("years")) * bool(count)
    return {**made, "wo_to_hbo": made["wo_to_hbo"] + gain}


def policy(settings: Settings, replication: int) -> Outcomes:
    """Each lever adds four times the dial, with noise of its own; distance adds to all arms."""
    made = effect(settings, replication)
    levers = sorted(settings.mapping("levers"))
    years = settings.integer("years")
    gain = np.zeros(years)
    for number, name in enumerate(levers):
        rng = np.random.default_rng([replication, len(name), number])
        gain += 4.0 * settings.number(DIAL) + rng.normal(0.0, 1.0, years)
    return {
        "wo_to_hbo": made["wo_to_hbo"] + gain,
        "hbo_to_wo": made["hbo_to_wo"] - 0.2 * gain,
        "vacancies_unfilled": 10.0 + 0.0 * gain,
        "flow.wo.hbo": made["flow.wo.hbo"] + gain,
        "flow.hbo.wo": made["flow.hbo.wo"] - 0.2 * gain,
        "flow.wo.elsewhere": 200.0 - 0.5 * gain,
    }


def constant(settings: Settings, replication: int) -> Outcomes:
    """The same in each run, whatever the settings and levers are."""
    years = np.ones(settings.integer("years"))
    return {
        "wo_to_hbo": 100.1 * years,
        "hbo_to_wo": 50.0 * years,
        "vacancies_unfilled": 0.0 * years,
        "flow.wo.hbo": 100.1 * years,
        "flow.hbo.wo": 50.0 * years,
    }


def noise(settings: Settings, replication: int) -> Outcomes:
    """Noise of its own in each run, which no setting and no lever moves."""
    word = f"{settings.number(DIAL):.6f}{len(settings.mapping('levers'))}"
    rng = np.random.default_rng([replication, *word.encode()])
    values = rng.normal(100.0, 5.0, settings.integer("years"))
    return {"wo_to_hbo": values, "hbo_to_wo": values, "vacancies_unfilled": values}


def unknown(settings: Settings, replication: int) -> Outcomes:
    """An outcome that has no figure in any run, beside one that has."""
    made = effect(settings, replication)
    return {**made, "wo_to_hbo": np.full(settings.integer("years"), np.nan)}


def rivals(settings: Settings, replication: int) -> Outcomes:
    """Two levers: one gains with the setting `DIAL`, the other with its own dial of awareness.

    What movers say goes with the dial, and vacancies with nothing.
    """
    years = settings.integer("years")
    levers = settings.mapping("levers")
    dial = settings.number(DIAL)
    rng = np.random.default_rng([replication, *f"{dial:.6f}".encode(), len(levers)])
    gain = rng.normal(0.0, 0.5, years)
    if "job_swap" in levers:
        gain += 10.0 * (dial - 2.0)
    if "meet_and_greet" in levers:
        gain += 25.0 * (settings.number("levers.meet_and_greet.awareness") - 0.08)
    share = 20.0 + 10.0 * (dial - 1.0) + rng.normal(0.0, 0.2, years)
    return {
        "wo_to_hbo": 100.0 + gain,
        "hbo_inflow_from_wo": share,
        "wo_outflow_to_hbo": 0.5 * share,
        "vacancy_months": rng.normal(2.0, 0.1, years),
        "vacancies_unfilled": rng.normal(10.0, 0.5, years),
    }


def lucky(settings: Settings, replication: int) -> Outcomes:
    """Luck of a world without levers, which its movers show and the lever takes away again."""
    word = f"{settings.number(DIAL):.6f}"
    luck = np.random.default_rng([replication, *word.encode()]).normal(0.0, 5.0)
    years = np.ones(settings.integer("years"))
    gain = -luck * bool(settings.mapping("levers"))
    return {
        "wo_to_hbo": (100.0 + luck + gain) * years,
        "hbo_inflow_from_wo": (50.0 + 5.0 * luck) * years,
        "wo_outflow_to_hbo": 10.0 * years,
    }


def priced(settings: Settings, replication: int) -> Outcomes:
    """The rivals, with costs: each lever costs 50,000 to 150,000 euros a year, as distance says."""
    made = rivals(settings, replication)
    count = len(settings.mapping("levers"))
    cost = 1e5 * count * (0.5 + settings.number("model.choice.distance_cost"))
    years = np.ones(settings.integer("years"))
    ends = dict.fromkeys(("lever_cost", "lever_cost_low", "lever_cost_high"), cost * years)
    return {**made, **ends, "lever_days": cost / 360.0 * years, "lever_transfers": 0.0 * years}
