"""Say what the report's tables hold: their rows as types, their files and their known faults."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Cell:
    """One percentage of a survey table; `percent` is None where the source has a dash."""

    table: str
    block: str
    item: str
    label_nl: str
    group: str
    kind: str
    percent: float | None
    n: int
    note: str


@dataclass(frozen=True)
class Flow:
    """Persons moving between hbo and wo in one year (table 1.1)."""

    year: int
    wo_to_hbo: int
    wo_to_hbo_teaching: int
    hbo_to_wo: int
    hbo_to_wo_teaching: int


@dataclass(frozen=True)
class Macro:
    """One figure about a whole sector."""

    quantity: str
    sector: str
    value: float
    unit: str
    year: int
    place: str


@dataclass(frozen=True)
class Context:
    """One figure from outside the report; `value` stays text, some hold a list."""

    quantity: str
    value: str
    unit: str
    year: int
    source: str
    use: str


@dataclass(frozen=True)
class PublicFact:
    """One published figure about this labour market, or about one like it.

    `value` stays text: some rows hold two figures, or say in words what has no figure.
    """

    topic: str
    quantity: str
    value: str
    low: float | None
    high: float | None
    unit: str
    population: str
    years: str
    country: str
    source: str
    confidence: str
    use: str


@dataclass(frozen=True)
class InstitutionRow:
    """One university or hogeschool."""

    name: str
    sector: str
    region: str
    profile: str
    town: str
    lat: float
    lon: float
    students: int
    quality: str


@dataclass(frozen=True)
class Partnership:
    """One partnership of the inventory."""

    kind: str
    lead: str
    partners: tuple[str, ...]
    note: str
    initiative: str


@dataclass(frozen=True)
class Recommendation:
    """One recommendation and the lever it became.

    Attributes:
        source: Where it stands: the conference, or a chapter.
        colour: Its group at the conference.
        idea: What is recommended.
        lever: The lever that stands for it, or `none`.
        second_lever: Another lever that stands for part of it, or `none`.
        fit: How well: exact, part, proxy or principle.
        dose: The lever's strength that stands for it; None for a principle.
    """

    source: str
    colour: str
    idea: str
    lever: str
    second_lever: str
    fit: str
    dose: float | None


@dataclass(frozen=True)
class TableInfo:
    """What a table is called, where it comes from and which file holds it."""

    title: str
    source: str
    file: str


REPORT, FLOWS, MACRO = "report_tables.csv", "flows_2003_2010.csv", "macro_2011.csv"
CONTEXT, INSTITUTIONS = "context_facts.csv", "institutions.csv"
PARTNERSHIPS, RECOMMENDATIONS = "initiatives.csv", "recommendations.csv"
TOLD = frozenset({RECOMMENDATIONS})
"""Files that only say what levers are for: no run reads them, so results do not hang on them."""
PUBLIC = "public_facts.csv"

TABLES: dict[str, TableInfo] = {
    "1.1": TableInfo("Moves between hbo and wo, 2003-2010", "report, table 1.1", FLOWS),
    "2.1": TableInfo("Situation before the job", "report, table 2.1", REPORT),
    "2.2": TableInfo("Reasons for leaving", "report, table 2.2", REPORT),
    "3.1": TableInfo("Sectors of origin and destination", "report, table 3.1", REPORT),
    "3.2": TableInfo("Entrants of hbo and leavers of wo", "report, table 3.2", REPORT),
    "3.3": TableInfo("Leavers of hbo and entrants of wo", "report, table 3.3", REPORT),
    "3.4": TableInfo("Search channels", "report, table 3.4", REPORT),
    "3.5": TableInfo("Pull and push factors", "report, table 3.5", REPORT),
    "macro": TableInfo("Staff and turnover by sector", "report, see place", MACRO),
    "institutions": TableInfo("Universities and hogescholen", "see quality", INSTITUTIONS),
    "partnerships": TableInfo("Partnerships of hbo and wo", "report, appendix B", PARTNERSHIPS),
    "recommendations": TableInfo("Recommendations", "report, see source", RECOMMENDATIONS),
    "context": TableInfo("Facts from outside the report", "see source", CONTEXT),
    "public": TableInfo("Published figures with a range", "see source", PUBLIC),
}

PROFILES = ("general", "engineering", "agriculture", "economics_law", "arts", "teaching_care")
"""What an institution can be; `population.profiles` says which fields each has."""

ROWS: dict[str, type] = {
    REPORT: Cell,
    FLOWS: Flow,
    MACRO: Macro,
    CONTEXT: Context,
    INSTITUTIONS: InstitutionRow,
    PARTNERSHIPS: Partnership,
    RECOMMENDATIONS: Recommendation,
    PUBLIC: PublicFact,
}

OFF_SUMS: dict[tuple[str, str, str], str] = {
    ("3.2", "education_level", "hbo_in"): "97.9: the source leaves out another level",
    ("3.2", "education_level", "wo_out"): "95.7: the source leaves out another level",
    ("3.3", "education_level", "hbo_out"): "80.9: the source leaves out another level",
    ("3.3", "education_level", "wo_in"): "87.7: the source leaves out another level",
    ("3.2", "contract", "hbo_in"): "97.5: the source leaves out other contracts",
    ("3.2", "contract", "wo_out"): "95.3: the source leaves out other contracts",
    ("3.3", "contract", "hbo_out"): "97.8: the source leaves out other contracts",
    ("3.3", "contract", "wo_in"): "91.3: the source leaves out other contracts",
    ("3.2", "experience", "wo_out"): "105.0: the source's own fault, it cannot be fitted",
}
"""Blocks of shares that do not sum to 100 in the source; named, never repaired."""


class Contradiction(ValueError):
    """Figures, each allowed by itself, that cannot hold together; the words name them."""


class DataError(ValueError):
    """Files that break the rules; `problems` names every one."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))
