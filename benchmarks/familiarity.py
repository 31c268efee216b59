"""Let the model run for long, and say who has worked in hbo and wo by then.

The stock of January 2011 has a drawn past (`population.worked_in_hbo` and `worked_in_wo`). What is
drawn should be what the model itself makes of it, so that familiarity does not drift: these shares
are found by burn-ins, one after the other. They are no data and are fitted to none. After a
calibration they are to be computed anew. With `drift` the command shows familiarity at years 0, 5
and 10 instead.

    uv run python -m benchmarks.familiarity shares calibration=none
    uv run python -m benchmarks.familiarity drift calibration=none
"""

from __future__ import annotations

import sys

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.model.higher_education import HigherEducation
from hesim.population.biography import STUDIED, WORKED
from hesim.scenario import compose
from hesim.tables import read

TURNS, YEARS, LAST = 8, 10, 5
"""Turns of the burn-in, the years of each, and of those the last ones, whose mean is taken."""
FEW = 100
"""Persons and years below which a share is not told."""
ACROSS = ((c.HBO, c.WO), (c.WO, c.HBO), (c.OUTSIDE_KIND, c.HBO), (c.OUTSIDE_KIND, c.WO))
"""Where people are, and the sector that they know or not."""


def kinds(model: HigherEducation) -> NDArray[np.int64]:
    """Kind of each person's employer, outside too for those without a job; -1 for free rows."""
    p = model.persons
    kind = np.minimum(model.employers.sector[p.employer], c.OUTSIDE_KIND).astype(np.int64)
    kind[p.employer < 0] = c.OUTSIDE_KIND
    return np.where(p.present == 1, kind, -1)


def chances(model: HigherEducation, rows: NDArray[np.bool_], other: int) -> NDArray[np.float64]:
    """Chance that each of some persons would think of a sector by what they have lived."""
    p, rates = model.persons, model.rates.search.familiarity
    past = p.past[rows] | rates.near[p.home[rows]]
    told = 1.0 - np.minimum(rates.contact * p.contacts[rows], 1.0)
    return np.asarray(1.0 - (1.0 - rates.insider[past, other]) * told)


def shares(settings: list[str]) -> None:
    """Print the shares who worked in hbo and wo by where they are, education and age band.

    What a run makes of the drawn past is drawn in the next run, until both are alike.
    """
    found: list[str] = []
    for turn in range(TURNS):
        model = HigherEducation(compose([*settings, *found, "burn_in=0"]), read(), 0)
        found = [f"{path}={row}" for path, row in shares_of(model).items()]
        print(f"# turn {turn + 1}")
        print("\n".join(found), flush=True)


def shares_of(model: HigherEducation) -> dict[str, list[float]]:
    """Let a model run; give the shares of its last years by setting, each by age band."""
    size = (c.NO_KIND, len(c.EDUCATION), len(c.AGE_BANDS))
    people, have = np.zeros(size), np.zeros((2, *size))
    for month in range(12 * YEARS):
        model.step()
        if month % 12 == 11 and month >= 12 * (YEARS - LAST):
            p, kind = model.persons, kinds(model)
            age = np.searchsorted(12 * np.array(c.AGE_EDGES), model.month - p.born, side="right")
            here = kind >= 0
            cells = kind[here], p.education[here], age[here]
            np.add.at(people, cells, 1.0)
            for other in (c.HBO, c.WO):
                did = (p.past[here] & WORKED << other > 0).astype(np.float64)
                np.add.at(have[other], cells, did)
    found = {}
    for here, other in ACROSS:
        path = f"population.worked_in_{c.KINDS[other]}.{c.KINDS[here]}"
        for level, name in enumerate(c.EDUCATION):
            row = have[other, here, level] / np.maximum(people[here, level], 1.0)
            # Of too few people the share of all ages is taken.
            mean = have[other, here, level].sum() / max(people[here, level].sum(), 1.0)
            row = np.where(people[here, level] < FEW, mean, row)
            found[f"{path}.{name}"] = np.round(row, 3).tolist()
    return found


def drift(settings: list[str]) -> None:
    """Print who studied, worked and has contacts in the other sector, and would think of it.

    The last column has the education of the first year: doctors become more in hbo by its tables.
    """
    model = HigherEducation(compose([*settings, "burn_in=0"]), read(), 0)
    print("year from    to   studied worked contacts thinks alike")
    first: dict[tuple[int, int], NDArray[np.float64]] = {}
    for year in range(11):
        if year in (0, 5, 10):
            p, kind = model.persons, kinds(model)
            for here, other in ACROSS:
                rows = kind == here
                parts = (p.past[rows] & bit << other > 0 for bit in (STUDIED, WORKED))
                studied, worked = (float(np.mean(part)) for part in parts)
                thinks, education = chances(model, rows, other), p.education[rows]
                share = np.bincount(education, minlength=len(c.EDUCATION)) / education.size
                first.setdefault((here, other), share)
                mean = np.bincount(education, thinks, len(c.EDUCATION)) / education.size
                alike = float(np.sum(first[here, other] * mean / np.maximum(share, 1e-9)))
                print(
                    f"{year:4} {c.KINDS[here]:7} {c.KINDS[other]:4} {studied:7.3f} {worked:6.3f} "
                    f"{p.contacts[rows].mean():8.3f} {thinks.mean():6.4f} {alike:6.4f}"
                )
        for _ in range(12):
            model.step()


if __name__ == "__main__":
    {"shares": shares, "drift": drift}[sys.argv[1]](sys.argv[2:])
