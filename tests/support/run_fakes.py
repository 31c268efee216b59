"""Runs of a model that only draws random numbers, for tests of what a run leaves behind."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from hesim import categories as c
from hesim.api import run
from hesim.outcomes.candidates import NO_FATES, CandidateFates
from hesim.outcomes.registry import OUTCOMES
from hesim.tables import read


@dataclass
class Coded:
    codes: np.ndarray
    names: tuple


@dataclass
class Fake:
    number: int
    stocks: dict
    flows: dict
    vacancies: dict
    movers: dict
    survey: list
    outcomes: dict
    margins: dict
    profile: dict = field(default_factory=dict)
    arm: str = "baseline"
    levers: list = field(default_factory=list)
    costs: list = field(default_factory=list)
    doctors: CandidateFates = NO_FATES


def simulate(settings, replication):
    years = settings.integer("years")
    rng = np.random.default_rng([settings.integer("seed"), replication])
    tables = read()

    def pick(names, size):
        return Coded(rng.integers(0, len(names), size).astype(np.int32), names)

    size = 300
    flows = {
        "kind": pick(("move", "hire", "second_job_start"), size),
        "origin_sector": pick(c.SECTORS, size),
        "destination_sector": pick(c.SECTORS, size),
        "crossing": pick(("wo_to_hbo", "hbo_to_wo", ""), size),
        "persons": (rng.pareto(0.7, size) * 8).clip(0, 4000).astype(np.int32),
    }
    keys = ("table", "block", "item", "label_nl", "group", "kind")
    survey = [
        {
            **{k: getattr(cell, k) for k in keys},
            "year": 2011,
            "n": cell.n,
            "note": "",
            "percent": cell.percent,
            "percent_movers": min(100.0, abs((cell.percent or 0) + rng.normal(0, 4))),
        }
        for cell in tables.cells
    ]
    names = OUTCOMES
    outcomes = {name: rng.normal(120, 20, years) for name in names}
    bands = {"age": c.AGE_BANDS, "contract": c.CONTRACTS[:3], "hours": c.HOURS_BANDS}
    keys = [(s, w, b) for s in ("hbo", "wo") for w, each in bands.items() for b in each]
    # A table of two Decembers, of which the second counts.
    margins = {
        k: np.array(v * 2)
        for k, v in zip(("sector", "what", "band"), zip(*keys, strict=True), strict=True)
    }
    margins["month"] = np.repeat(["2011-12", "2012-12"], len(keys))
    margins["persons"] = rng.integers(1000, 9000, 2 * len(keys))
    plain = {"persons": np.arange(3, dtype=np.int32), "month": pick(("2011-01", ""), 3)}
    return Fake(replication, plain, flows, plain, plain, survey, outcomes, margins)


def fails_once(settings, replication):
    if replication == 1:
        raise ValueError("broken on purpose")
    return simulate(settings, replication)


def fails(settings, replication):
    raise ValueError("broken on purpose")


def interrupts(settings, replication):
    if replication == 1:
        raise KeyboardInterrupt
    return simulate(settings, replication)


def go(folder, model=simulate, **overrides):
    return run(
        **{
            "simulate": model,
            "years": 2,
            "replications": 3,
            "workers": 1,
            "figures": False,
            "output": str(folder),
            **overrides,
        }
    )


def files(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
