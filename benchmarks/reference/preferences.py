"""Say what jobs are worth and how push items bite, from table 3.5 and the settings."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.reference.rates import HBO, KINDS, NO_KIND, OUTSIDE, WO, logistic, logit
from hesim import categories as c

if TYPE_CHECKING:
    from benchmarks.reference.market import Employer
    from hesim.config import Settings
    from hesim.tables import ReportTables

HEADINGS = ("work_itself", "people", "working_conditions", "preconditions", "organisation")
PRECONDITIONS = HEADINGS.index("preconditions")
ROLES_OF_KIND = {HBO: c.HBO_ROLES, WO: c.WO_ROLES, OUTSIDE: (c.PROFESSIONAL,)}


@dataclass(frozen=True)
class Item:
    """One item of table 3.5 with the agreement of two groups, weighted by their respondents."""

    heading: int
    name: str
    agreement: float


def pooled_items(tables: ReportTables, groups: tuple[str, str]) -> list[Item]:
    """Pool the items that were asked of either group; headings' own rows (`overall`) left out."""
    items = []
    names = dict.fromkeys((x.block, x.item) for x in tables.cells if x.table == "3.5")
    for block, name in names:
        if name == "overall":
            continue
        asked = [
            (tables.percent("3.5", name, group, block), tables.n("3.5", group, block))
            for group in groups
        ]
        given = [(percent / 100.0, n) for percent, n in asked if percent is not None]
        if given:
            agreement = sum(share * n for share, n in given) / sum(n for _, n in given)
            items.append(Item(HEADINGS.index(block), name, agreement))
    return items


class Preferences:
    """Worth of jobs and chances of push items."""

    def __init__(self, settings: Settings, tables: ReportTables) -> None:
        """Read `model.choice`, `model.push` and table 3.5."""
        self.choice, self.push = settings.mapping("model.choice"), settings.mapping("model.push")
        self.offers = [
            [self.choice["attributes"][role][heading] for heading in HEADINGS] for role in c.ROLES
        ]
        pull = pooled_items(tables, ("hbo_in", "wo_in"))
        self.push_items = pooled_items(tables, ("hbo_out", "wo_out"))
        self.weights = [
            sum(item.agreement for item in pull if item.heading == heading)
            for heading in range(len(HEADINGS))
        ]
        agreement = {item.name: item.agreement for item in pull}
        pay = self.choice["pay"]
        mean_pay = sum(pay[role] for role in c.ROLES[:-1]) / (len(c.ROLES) - 1)
        self.pay_worth = [
            agreement["salary"] * self.choice["pay_weight"] * math.log(pay[role] / mean_pay)
            for role in c.ROLES
        ]
        self.security = [0.0] * 4
        self.security[c.PERMANENT] = agreement["job_security"] + agreement["permanent_post"]
        self.security[c.WITH_PROSPECT] = (
            self.choice["prospect_security"] * agreement["job_security"]
        )
        self.scale: list[float] = [self.choice["scale"][kind] for kind in KINDS[:3]]
        self.distance_cost: float = self.choice["distance_cost"] / 50.0
        self.push_cost: float = self.choice["push_cost"]
        self.ending_gain: float = self.choice["ending_gain"]
        self.jobless_gain: float = self.choice["jobless_gain"]
        self.hours_cost: float = self.choice["hours_cost"] / 38.0
        self.applications: int = self.choice["applications"]
        self.relocation: float = self.choice["relocation"]
        self.relocation_km: float = self.choice["relocation_km"]
        half = self.choice["taste_sd"] * math.sqrt(3.0)
        self.taste_range = (1.0 - half, 1.0 + half)
        self.stay: float = self.choice["stay"]
        cost, risk = self.choice["contract_cost"], self.choice["prospect_risk"]
        self.contract_cost = [0.0, cost * risk, cost]

    def sector_part(self, old: int, new: int) -> float:
        """What another kind of employer asks of who comes from a kind, or from none."""
        if old in (new, NO_KIND):
            return 0.0
        crossing = OUTSIDE not in (old, new)
        cost: float = self.choice["sector_cost" if crossing else "outside_cost"]
        return cost

    def worth(self, role: int, quality: list[float]) -> list[float]:
        """Value of a role by heading with an employer of that quality, before taste."""
        values = [
            weight * (offer + self.choice["employer_sd"] * good)
            for weight, offer, good in zip(self.weights, self.offers[role], quality, strict=True)
        ]
        values[PRECONDITIONS] += self.pay_worth[role]
        return values

    def bites(self, employer: Employer, role: int) -> list[float]:
        """Chance of each push item to bite in a job."""
        roles = ROLES_OF_KIND[employer.kind]
        chances = []
        for item in self.push_items:
            h = item.heading
            mean = sum(self.offers[other][h] for other in roles) / len(roles)
            odds = logit(item.agreement)
            if employer.kind != OUTSIDE:
                odds += self.push["tilt"][KINDS[employer.kind]][HEADINGS[h]]
            odds -= self.push["role_weight"] * (self.offers[role][h] - mean)
            odds -= self.push["employer_weight"] * employer.quality[h]
            chances.append(self.push["prevalence"] * logistic(odds))
        return chances
