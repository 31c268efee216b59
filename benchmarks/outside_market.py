"""Say what the market outside does: pool, flow of competitors, trend, known jobs, PhDs.

`uv run python -m benchmarks.outside_market QUESTION [scale=0.1] [replications=3] [years=4]`, where
QUESTION is `pool` (as many people in reach, half and twice), `flow` (as many competitors, half and
twice) or `base`. Crossings are given as changes in percent only: nothing may be tuned on them.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field

import numpy as np

from hesim import categories as c
from hesim.model.higher_education import HigherEducation
from hesim.model.ledger import DEPARTURE
from hesim.model.order import ORDER
from hesim.population.persons import NEVER
from hesim.scenario import compose
from hesim.survey.movers import RETIRED_OR_DISABLED
from hesim.tables import read

BURN_IN = 24
ASKED = range(3, 19)
"""Months after leaving at which the survey may have asked: in 2012, of those who left in 2011."""
VOLUNTARY = tuple(c.EXIT_REASONS.index(name) for name in ("declined_renewal", "resigned"))
CROSSINGS = {"wo to hbo": (c.WO, c.HBO), "hbo to wo": (c.HBO, c.WO)}


@dataclass
class Fates:
    """What becomes of PhD candidates.

    Attributes:
        cohort: Identities of the candidates of the first recorded month.
        abroad: Identities of those who took a job abroad.
        with_job: Of each defence, in or out of the model's reach, whether there was a job.
    """

    cohort: set[int] = field(default_factory=set)
    abroad: set[int] = field(default_factory=set)
    with_job: list[bool] = field(default_factory=list)


def live(model: HigherEducation, months: int) -> tuple[Fates, list[list[int]]]:
    """Simulate; return fates, and by month the staff of hbo and wo and the people outside."""
    fates, stocks = Fates(), []
    for _ in range(BURN_IN + months):
        p, month = model.persons, model.month
        due = (p.present == 1) & (p.defence == month)
        if month >= 0:
            fates.with_job += (p.employer[due] >= 0).tolist()
        for event in ORDER:
            p = model.persons
            ahead = np.flatnonzero((p.present == 1) & (p.defence < NEVER))
            before = p.id[ahead].tolist(), p.defence[ahead].tolist(), p.employer[ahead].tolist()
            personal = model.market.personal
            far = p.id[personal.seeker[personal.abroad == 1]].tolist()
            model.carry_out(event.name)
            if event.name not in ("careers", "moves"):
                continue
            here = set(model.persons.id[model.persons.present == 1].tolist())
            for person, defence, employer in zip(*before, strict=True):
                if person not in here and 0 <= defence < months:
                    # Who takes a job out of reach goes in `moves`.
                    fates.with_job.append(event.name == "moves" or employer >= 0)
            if event.name == "moves":
                fates.abroad |= set(far) - here
        model.state.month += 1
        p = model.persons
        present = p.present == 1
        if month == 0:
            fates.cohort = set(p.id[present & (p.role == c.PHD_CANDIDATE)].tolist())
        if month >= 0:
            sector = np.append(model.employers.sector, c.NO_JOB)[p.employer]
            staff = [int(np.sum(present & (sector == kind))) for kind in (c.HBO, c.WO)]
            stocks.append([*staff, int(present.sum()) - sum(staff)])
    return fates, stocks


def figures(words: list[str], replication: int, years: int) -> dict[str, float]:
    """All figures of one world."""
    settings = compose([*words, f"years={years}", f"burn_in={BURN_IN}"])
    model = HigherEducation(settings, read(), replication)
    fates, stocks = live(model, 12 * years)
    book, used = model.ledger, int(model.ledger.used[1])
    sector = np.append(model.employers.sector, c.NO_JOB).astype(int)
    old, new = sector[book.m_from[:used]], sector[book.m_to[:used]]
    left, joined = book.m_left[:used].astype(int), book.m_joined[:used].astype(int)
    reason, staff = book.m_reason[:used], np.mean(stocks, axis=0)
    found = {}
    for name, (origin, target) in CROSSINGS.items():
        found[name] = float(np.sum((old == origin) & (new == target) & (joined >= 0)))
    for code, name in ((c.HBO, "hbo"), (c.WO, "wo")):
        leaves = (old == code) & (left >= 0)
        wants = leaves & np.isin(reason, VOLUNTARY)
        found[f"turnover of {name}, %"] = 100.0 * leaves.sum() / years / staff[code]
        found[f"voluntary turnover of {name}, %"] = 100.0 * wants.sum() / years / staff[code]
        asked = leaves & (reason >= RETIRED_OR_DISABLED) & (left < 12 * years - ASKED[-1])
        gap = np.where((new != c.NO_JOB) & (joined >= 0), joined - left, 10**6)[asked]
        known = np.mean([np.mean(gap <= months) for months in ASKED])
        found[f"new job known, {name}, %"] = 100.0 * float(known)
        told = 1.0 - settings.number(f"model.outside.not_told.{name}")
        found[f"new job known and told, {name}, %"] = 100.0 * float(known) * told
    outside = np.array(stocks)[:, 2]
    slope = np.polyfit(np.arange(outside.size) / 12.0, outside, 1)[0]
    found["people outside, trend, % a year"] = 100.0 * slope / outside.mean()
    found["PhDs with a job at the defence, %"] = 100.0 * float(np.mean(fates.with_job))
    gone = len(fates.cohort & fates.abroad) / len(fates.cohort)
    found[f"candidates abroad within {years} years, %"] = 100.0 * gone
    flows = book.f_kind[: book.used[0]] == DEPARTURE
    away = flows & (book.f_to_role[: book.used[0]] == c.PROFESSIONAL)
    found["jobs abroad, % of departures"] = 100.0 * away.sum() / flows.sum()
    return found


def arms(question: str) -> dict[str, list[str]]:
    """Settings of the arms that answer a question."""
    found: dict[str, list[str]] = {"base": []}
    given = compose([])
    for name, factor in (("half", 0.5), ("twice", 2.0)):
        if question == "pool":
            rate = given.number("model.outside.applicant_rate") / factor
            found[name] = [f"model.outside.applicant_rate={rate}"]
        elif question == "flow":
            flows = given.mapping("model.outside.competitors").items()
            found[name] = [f"model.outside.competitors.{kind}={n * factor}" for kind, n in flows]
    return found


def main(arguments: list[str]) -> None:
    """Print the answer."""
    question = arguments[0]
    given = dict(word.split("=", 1) for word in arguments[1:])
    replications, years = int(given.get("replications", 3)), int(given.get("years", 4))
    made = {
        name: [
            figures([*words, f"population.scale={given.get('scale', 0.1)}"], k, years)
            for k in range(replications)
        ]
        for name, words in arms(question).items()
    }
    print(f"{'':40}", *(f"{name:>20}" for name in made))
    for figure in made["base"][0]:
        values = {name: np.array([one[figure] for one in runs]) for name, runs in made.items()}
        cells = []
        for name, mine in values.items():
            error = mine.std(ddof=1) / np.sqrt(mine.size) if mine.size > 1 else np.nan
            if figure not in CROSSINGS:
                cells.append(f"{mine.mean():.2f} ({error:.2f})")
            elif name == "base":
                cells.append("-")
            else:
                base, far = values["base"], mine.mean() / values["base"].mean()
                # Replications have their random numbers in common: ratio of paired totals.
                rest = mine - far * base
                error = rest.std(ddof=1) / np.sqrt(mine.size) / base.mean()
                cells.append(f"{100 * (far - 1):+.1f}% ({100 * error:.1f})")
        print(f"{figure:40}", *(f"{cell:>20}" for cell in cells))


if __name__ == "__main__":
    main(sys.argv[1:])
