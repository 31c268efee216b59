"""Say what the conditions of posts do: who is out for formal reasons, how many posts stay empty.

`uv run python -m benchmarks.requirements [scale=0.1] [replications=2] [years=4] [WORD=VALUE ...]`,
beside the same world without conditions. Nothing here is of crossings.
"""

from __future__ import annotations

import sys
from collections import defaultdict

import numpy as np

from hesim import categories as c
from hesim.model.higher_education import HigherEducation
from hesim.model.order import ORDER
from hesim.model.requirements import CONDITIONS, Background, unmet
from hesim.scenario import compose
from hesim.tables import read

BURN_IN = 12
SECTORS = {"hbo": c.HBO, "wo": c.WO}
SAMPLE = 400
"""Doctors of wo that are asked each month."""
WITHOUT = [
    f"model.requirements.asked.{name}.{role}=0"
    for name, roles in {
        "practice": ("lecturer", "lector"),
        "certificate": ("lecturer", "lector"),
        "research": ("university_lecturer", "other_academic"),
        "dutch": ("university_lecturer", "other_academic", "professor", "lecturer", "lector"),
    }.items()
    for role in roles
]


def missing(model: HigherEducation, person: int, asks: int) -> int:
    """Conditions that the person in this row does not meet."""
    p = model.persons
    of = Background(*(getattr(p, name)[person] for name in Background._fields))
    met = model.rates.hiring.thresholds
    return int(unmet(np.uint8(asks), of, met, model.streams.requirement))


class Month:
    """What a month adds to the counts."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.pairs: dict[str, dict[tuple[int, int], int]] = defaultdict(dict)
        self.posts: dict[str, set[int]] = defaultdict(set)
        self.doctors: dict[str, list[int]] = defaultdict(list)
        self.ends: dict[str, list[bool]] = defaultdict(list)

    def look(self, model: HigherEducation) -> None:
        """Note who applied, after the ranking."""
        market, v = model.market, model.market.vacancies
        n, sector = market.applied, model.employers.sector
        for a in range(n):
            k = int(market.applications.vacancy[a])
            if k >= market.open_count:
                continue
            for name, code in SECTORS.items():
                if sector[v.employer[k]] == code and v.role[k] != c.PHD_CANDIDATE:
                    i = int(market.applications.seeker[a])
                    pair = (int(model.persons.id[i]), int(v.id[k]))
                    self.pairs[name][pair] = missing(model, i, int(v.asks[k]))
                    self.posts[name].add(int(v.id[k]))
        p = model.persons
        own = np.append(sector, c.NO_JOB)[p.employer]
        of_wo = np.flatnonzero((p.present == 1) & (p.education == c.PHD) & (own == c.WO))
        there = np.arange(market.open_count)
        posts = there[v.role[there] == c.LECTURER]
        if posts.size == 0:
            return
        draw = np.random.default_rng(model.month)
        for i, k in zip(draw.choice(of_wo, SAMPLE), draw.choice(posts, SAMPLE), strict=True):
            self.doctors["all"].append(missing(model, int(i), int(v.asks[k])))
            role = c.ROLES[p.role[i]]
            self.doctors[role].append(self.doctors["all"][-1])


def figures(words: list[str], replication: int, years: int) -> dict[str, float]:
    """All figures of one world."""
    settings = compose([*words, f"years={years}", f"burn_in={BURN_IN}"])
    model, seen = HigherEducation(settings, read(), replication), Month()
    sector = model.employers.sector
    for month in range(BURN_IN + 12 * years):
        for event in ORDER:
            model.carry_out(event.name)
            if event.name == "hiring" and month >= BURN_IN:
                seen.look(model)
                v, count = model.market.vacancies, model.market.open_count
                filled = model.market.held[:count] >= 0
                stale = model.month + 1 - v.opened[:count] >= model.rates.vacancies.withdrawn_after
                for k in np.flatnonzero(filled | stale):
                    for name, code in SECTORS.items():
                        if sector[v.employer[k]] == code and v.role[k] != c.PHD_CANDIDATE:
                            seen.ends[name].append(not filled[k])
        model.state.month += 1
    found = {}
    for name in SECTORS:
        bits = np.array(list(seen.pairs[name].values()))
        found[f"applicants a post, {name}"] = bits.size / len(seen.posts[name])
        found[f"applicants out for formal reasons, {name}, %"] = 100.0 * np.mean(bits != 0)
        out = bits[bits != 0]
        for k, condition in enumerate(CONDITIONS):
            share = np.mean(out >> k & 1) if out.size else 0.0
            found[f"  of those for {condition}, {name}, %"] = 100.0 * float(share)
        found[f"posts withdrawn unfilled, {name}, %"] = 100.0 * float(np.mean(seen.ends[name]))
    for role, of_role in sorted(seen.doctors.items()):
        bits = np.array(of_role)
        found[f"doctors of wo who meet a lecturer's post, {role}, %"] = 100.0 * np.mean(bits == 0)
        if role == "all":
            for k, condition in enumerate(CONDITIONS):
                lacks = 100.0 * float(np.mean(bits >> k & 1))
                found[f"  lack {condition} asked, %"] = lacks
    return found


def main(arguments: list[str]) -> None:
    """Print the figures with conditions and without."""
    given = dict(word.split("=", 1) for word in arguments)
    scale, years = given.pop("scale", "0.1"), int(given.pop("years", 4))
    replications = int(given.pop("replications", 2))
    words = [f"population.scale={scale}"]
    words += [f"{name}={value}" for name, value in given.items()]
    arms = {"with": words, "without": [*words, *WITHOUT]}
    made = {
        arm: [figures(more, k, years) for k in range(replications)] for arm, more in arms.items()
    }
    print(f"{'':60}", *(f"{arm:>16}" for arm in arms))
    for figure in made["with"][0]:
        cells = []
        for runs in made.values():
            values = np.array([run.get(figure, np.nan) for run in runs])
            cells.append(f"{values.mean():.1f} ({np.ptp(values) / 2:.1f})")
        print(f"{figure:60}", *(f"{cell:>16}" for cell in cells))


if __name__ == "__main__":
    main(sys.argv[1:])
