"""Name the mechanisms that a dial can act on: `acts: mechanism.parameter` in a lever's file.

A lever of a known mechanism needs a YAML file and no Python. What each mechanism does is in
`people`, `market` and `processes`; parameters without a dial have their null value.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hesim import categories as c


@dataclass(frozen=True)
class Mechanism:
    """Something of the model that policy can change.

    Attributes:
        name: First part of `acts`.
        about: What it does, in one line.
        parameters: Second part of `acts`, with what it means; all are null at 0.
        modifies: It changes how other dials of the same lever, or other levers, act, and does
            nothing by itself.
        personal: Somebody takes part in it; all others act through institutions.
        volume: The parameter that says how many take part, times `reach.share` of who is in reach;
            empty where that share says it alone.
    """

    name: str
    about: str
    parameters: dict[str, str]
    modifies: bool = False
    volume: str = ""
    personal: bool = False


PEOPLE = ("awareness", "contacts", "image", "practice", "satisfaction")
"""Mechanisms of the module `people`: they touch whoever is invited."""
OWN = "process"
"""Mechanism of a process that stands outside of the package: its file says what it does."""

_ALL = (
    Mechanism(
        "awareness",
        "people learn of the other sector of hbo and wo and consider it when they search",
        {"gain": "share of what is not known that an invitation, or a year, teaches"},
        personal=True,
    ),
    Mechanism(
        "contacts",
        "acquaintances in the other sector, who pass vacancies on",
        {"gain": "acquaintances that an invitation, or a year, brings"},
        personal=True,
    ),
    Mechanism(
        "image",
        "how people see jobs of the other sector; fades by `model.search.outlook_decay`",
        {
            "shift": "utility by which an invitation, or a year, changes it for all",
            "spread": "standard deviation of what each person finds, up or down",
        },
        personal=True,
    ),
    Mechanism(
        "practice",
        "experience outside academia, which hbo ranks and asks",
        {"months": "months that an invitation, or a year, adds"},
        personal=True,
    ),
    Mechanism(
        "satisfaction",
        "push items of table 3.5 that taking part meets, by heading",
        {
            name: f"share of those who take part whose push by {name} is met"
            for name in ("work_itself", "people", "working_conditions", "preconditions")
        }
        | {"organisation": "share of those who take part whose push by organisation is met"},
        personal=True,
    ),
    Mechanism(
        "invitation",
        "who comes to what the lever offers",
        {
            "seekers": "how many times more often those who already search come, less one",
            "near_end": "only people within so many months of their contract's end",
        },
        modifies=True,
    ),
    Mechanism(
        "visibility",
        "vacancies in reach are shown to staff of the other sector of hbo and wo, by channel",
        {name: f"further chance to see them by {name}" for name in c.CHANNELS},
    ),
    Mechanism(
        "terms",
        "terms of employment of hbo and wo come together",
        {
            "alignment": "share of the differences in terms and in pay that goes",
            "share": "share of the cost of a step between hbo and wo that is terms",
            "direction": "where pay meets: -1 the lower, 0 the middle, 1 the higher scale",
            "budget": "share of dearer (cheaper) posts that is paid by fewer (more) posts",
        },
    ),
    Mechanism(
        "barrier",
        "what stands between the sectors shrinks",
        {
            "sector": "share of the cost of a step between hbo and wo that goes",
            "outside": "share of the cost of a step between higher education and outside",
            "familiarity": "share of what is not considered of hbo and wo that becomes familiar",
            "requirements": "share by which practice and research count less and are asked less",
        },
    ),
    Mechanism(
        "ranking",
        "employers in reach rank applicants in another way",
        {
            "partner": "points for applicants of a partner institution",
            "crosser": "points for applicants of the other sector of hbo and wo",
            "near": "points for applicants of hbo and wo in the region",
            "phd": "points for a PhD",
            "phd_until": "only while fewer of the staff than this share hold one (0: always)",
            "master": "points for a master",
            "master_until": "only while fewer of the staff than this share hold one or a PhD",
            "experience": "share by which practice and research count less and are asked less",
            "teaching": "share of research records asked that a teaching certificate stands for",
        },
    ),
    Mechanism(
        "offers",
        "new vacancies in reach offer other hours or prospects",
        {
            "full": "share raised to 0.8 of a full week at least",
            "part": "share made as small as small jobs are",
            "prospect": "share of those without prospect of permanence that get it",
        },
    ),
    Mechanism(
        "demand",
        "staff targets change",
        {
            "rise": "relative change of the posts in reach",
            "shift": "share of the wo posts in reach that becomes hbo posts in reach",
        },
    ),
    Mechanism(
        "search",
        "staff in reach start to search sooner",
        {
            "start": "relative rise of the monthly chance to start a search on the job",
            "ahead": "months that they look around earlier before a contract ends",
        },
    ),
    Mechanism(
        "retention",
        "those who came from the other sector of hbo and wo stay longer",
        {
            "early": "share by which fewer of them start to search",
            "months": "months after the step in which that holds",
        },
    ),
    Mechanism(
        "one_employer",
        "institutions of a region are one employer: the better contract is kept",
        {"kept": "share of the institutions in reach that are part of it"},
    ),
    Mechanism(
        "secondment",
        "people work in the other sector for a while; their contract stays",
        {
            "volunteers": "share of the staff in reach that goes in a year",
            "months": "months that a secondment lasts",
            "stay": "share that asks for a vacancy of the host at the end",
            "move_on": "share that starts to search at the end",
            "contacts": "acquaintances that it brings",
            "delay": "months from the wish to the start",
        },
        volume="volunteers",
        personal=True,
    ),
    Mechanism(
        "rules",
        "secondments and joint appointments get simpler",
        {
            "ease": "relative rise of their number",
            "delay": "share of the delay that goes",
        },
        modifies=True,
    ),
    Mechanism(
        "joint_appointment",
        "one person holds part-time posts in both sectors",
        {
            "offers": "share of the staff in reach that is offered one in a year",
            "fte": "share of a full week of the second post",
            "months": "months that it lasts",
        },
        volume="offers",
        personal=True,
    ),
    Mechanism(
        "swap",
        "two persons of the two sectors exchange jobs for a term",
        {
            "volunteers": "share of the staff in reach that would swap, a year",
            "months": "months that a swap lasts",
            "older": "how many times more often people of 55 and over would, less one",
        },
        volume="volunteers",
        personal=True,
    ),
    Mechanism(
        "redeployment",
        "employers of a region pass profiles of displaced staff on",
        {
            "contact": "chance a month that a displaced person is brought to a vacancy",
            "months": "months after the loss of the job in which that holds",
            "redundant": "not 0: not those whose temporary contract ended",
            "inside": "not 0: only to vacancies of hbo and wo",
        },
        personal=True,
    ),
    Mechanism(
        "doctorate",
        "hbo lecturers take a PhD beside their work",
        {
            "grants": "share of the masters in reach that starts in a year",
            "success": "share that completes",
            "months": "mean months that it takes",
            "age_most": "years of age from which nobody starts",
        },
        volume="grants",
        personal=True,
    ),
    Mechanism(
        OWN,
        "a process of one's own does what its file says, see docs/modelling.md; parameters have "
        "the names that it reads",
        {},
        personal=True,
    ),
    Mechanism(
        "support",
        "executives back the levers that it is combined with; nothing by itself",
        {
            "reach": "relative rise of the share that takes part in other levers",
            "ramp": "share of other levers' ramp that goes",
            "durability": "share of other levers' yearly fading that goes",
        },
        modifies=True,
    ),
)

MECHANISMS: dict[str, Mechanism] = {each.name: each for each in _ALL}
"""All mechanisms by name."""

PERSONAL = frozenset(each.name for each in _ALL if each.personal)
"""Mechanisms that somebody takes part in."""


def has_participants(mechanisms: Iterable[str]) -> bool:
    """Whether somebody takes part in a lever that acts on these mechanisms."""
    return not PERSONAL.isdisjoint(mechanisms)


ACTS: tuple[str, ...] = tuple(
    f"{each.name}.{parameter}" for each in _ALL for parameter in each.parameters
)
"""Everything that `acts` of a dial can name."""

GRADES: dict[str, str] = {
    "R": "report",
    "P": "published of the same instrument",
    "T": "transfer evidence",
    "A": "assumed",
}
"""Grades of a dial's default, best first."""

UNITS_OF_COST: dict[str, str] = {
    "participant": "each who comes; each person-year where the same people take part",
    "start": "each person who begins a secondment, joint appointment, swap or doctorate",
    "placement": "each displaced person who is hired through it",
    "doctorate": "each doctorate that is completed because of it",
    "hire": "each hire in reach that it is about",
    "vacancy": "each vacancy in reach that it changes or shows",
    "post_year": "each further post, for a year",
    "fte_year": "each further full-time post of hours, for a year",
    "institution": "each institution that takes part, once",
    "institution_year": "each institution that takes part, a year",
    "pair": "each pair of partners that take part, once",
    "region_year": "each region with institutions that take part, a year",
    "percent_pay_year": "each percent by which hbo's teaching pay rises, a year",
    "lever": "the lever as a whole, once",
    "year": "the lever as a whole, a year",
}
"""What an item of cost is counted by."""

PAYERS: dict[str, str] = {
    "employer": "employers of who takes part",
    "hbo": "hogescholen",
    "wo": "universities",
    "ministry": "the ministry",
    "funder": "funds of the sector",
    "person": "who takes part",
}
"""Who can pay for an item of cost."""

TAKING_PART: dict[str, str] = {
    "yearly": "people are invited anew each year; each invitation is one dose",
    "lasting": "the same people take part as long as it acts; doses are a year's",
    "institutions": "institutions take part, with all their staff and posts in reach",
}
"""What `reach.share` is a share of."""

GROUPS: dict[str, str] = {
    "meeting": "Getting to know each other",
    "vacancies": "Vacancies and selection",
    "exchange": "Working on both sides",
    "terms": "Terms of employment",
    "development": "Development of people",
    "money": "Money and governance",
}
"""Groups in which levers are shown."""
