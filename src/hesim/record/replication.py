"""Put together what one replication leaves behind, as columns."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.levers.arms import BASELINE
from hesim.levers.attendance import Participants
from hesim.levers.dates import month_names
from hesim.model.higher_education import HigherEducation
from hesim.model.items import HEADINGS
from hesim.model.ledger import NOBODY, OUTSIDE_MODEL
from hesim.model.recorder import VACANCY_OUTCOMES
from hesim.outcomes.breakdown import PartOfOutcome, break_down
from hesim.outcomes.candidates import NO_FATES, CandidateFates, fates
from hesim.outcomes.registry import headline
from hesim.outcomes.staff import FULL_WEEK
from hesim.record.reader import REASONS
from hesim.record.watch import Watch
from hesim.record.whereabouts import Lives
from hesim.survey import margins
from hesim.survey.answers import Answers, ask
from hesim.survey.columns import Array, Coded, Columns, coded
from hesim.survey.crossings import CODES, WAYS, job_before
from hesim.survey.movers import Movers, sort_movers
from hesim.survey.questionnaire import hold_survey


@dataclass(frozen=True)
class Replication:
    """What one replication leaves behind.

    Attributes:
        number: Number of the replication.
        stocks: Columns of stocks.parquet.
        flows: Columns of flows.parquet.
        vacancies: Columns of vacancies.parquet.
        movers: Columns of movers.parquet.
        survey: Rows of survey.csv.
        outcomes: Outcomes by year.
        margins: Columns of margins.parquet.
        profile: CPU seconds by event.
        arm: `baseline` or `policy`, or a policy without one mechanism.
        levers: Rows of levers.csv: whom each lever reached, and what it started.
        costs: Rows of costs.csv: what that takes.
        doctors: What becomes of PhD candidates, and who of hbo's lecturers begins as a doctor.
        lives: Where each person was; None unless persons are followed.
        participants: Who took part in each lever in which somebody can, if persons are followed.
        parts: Crossings and staff by year, broken down by region, age, sex, field and role, as
            simulated.
    """

    number: int
    stocks: Columns
    flows: Columns
    vacancies: Columns
    movers: Columns
    survey: list[dict[str, object]]
    outcomes: dict[str, NDArray[np.float64]]
    margins: Columns
    profile: dict[str, float]
    arm: str = BASELINE
    levers: list[dict[str, object]] = field(default_factory=list)
    costs: list[dict[str, object]] = field(default_factory=list)
    doctors: CandidateFates = NO_FATES
    lives: Lives | None = None
    participants: dict[str, Participants] = field(default_factory=dict)
    parts: dict[PartOfOutcome, NDArray[np.float64]] = field(default_factory=dict)


class _Namer:
    """Turns codes of employers and months into named columns."""

    def __init__(self, model: HigherEducation, years: int) -> None:
        e = model.employers
        self.sector = np.append(e.sector, [c.NO_JOB, len(c.SECTORS)]).astype(np.int8)
        self.region = np.append(e.region, [len(c.REGIONS)] * 2).astype(np.int8)
        self.names = (*e.names[: e.institutions], "")
        self.institution = np.append(
            np.minimum(np.arange(e.sector.size), e.institutions), [e.institutions] * 2
        ).astype(np.int16)
        self.last = e.sector.size
        self.months = month_names(model.settings.text("start"), years)

    def at(self, employer: Array) -> NDArray[np.int64]:
        """Row of an employer code: -1 no job, below that outside the model."""
        code = np.asarray(employer, np.int64)
        return np.where(code >= 0, code, np.where(code == -1, self.last, self.last + 1))

    def place(self, employer: Array, prefix: str = "") -> Columns:
        rows = self.at(employer)
        return {
            f"{prefix}sector": coded(self.sector[rows], (*c.SECTORS, "outside_model")),
            f"{prefix}institution": coded(self.institution[rows], self.names),
            f"{prefix}region": coded(self.region[rows], (*c.REGIONS, "")),
        }

    def month(self, month: Array) -> Coded:
        codes = np.asarray(month, np.int32)
        end = len(self.months) - 1
        return coded(np.where((codes < 0) | (codes >= end), end, codes), self.months)


def _stocks(model: HigherEducation, namer: _Namer) -> Columns:
    parts = list(model.recorder.stocks)
    months = np.concatenate([np.full(flat.size, month) for month, flat, _, _ in parts])
    flat = np.concatenate([flat for _, flat, _, _ in parts])
    shape = model.recorder.shape
    # What a cell is called is worked out once a cell, not once a month.
    employer, role, field, sex, education = np.unravel_index(np.arange(np.prod(shape)), shape)
    cells = namer.place(np.where(employer == namer.last, -1, employer)) | {
        "role": coded(role, c.ROLES),
        "field": coded(field, c.FIELDS),
        "sex": coded(sex, c.SEXES),
        "education": coded(education, c.EDUCATION),
    }
    cells.pop("region")
    return {
        "month": namer.month(months),
        **{name: _only(cells[name], flat) for name in cells},
        "persons": np.concatenate([p for _, _, p, _ in parts]).astype(np.int32),
        "fte": (np.concatenate([h for _, _, _, h in parts]) / FULL_WEEK).astype(np.float32),
    }


def _flows(model: HigherEducation, namer: _Namer) -> Columns:
    ledger, used = model.ledger, int(model.ledger.used[0])
    names = [name for name in ledger._fields if name.startswith("f_") and name != "f_spell"]
    recorded = np.flatnonzero(ledger.f_month[:used] >= 0)
    before = job_before(ledger, model.employers, slice(0, used))
    previous = namer.sector[namer.at(before.employer)]
    # One whole number for each row, bits of a column beside one another, sorts much faster than
    # rows do.
    columns = [getattr(ledger, name)[recorded] for name in names]
    columns += [each[recorded] for each in (previous, before.months, before.crossing)]
    widths = [(int(column.max(initial=0)) - OUTSIDE_MODEL).bit_length() for column in columns]
    packed = np.zeros(recorded.size, np.int64)
    for column, width in zip(columns, widths, strict=True):
        packed <<= width
        packed += column
        packed -= OUTSIDE_MODEL
    # By month, as they stand: many short sorts take less than a long one.
    bounds = np.flatnonzero(np.diff(columns[0], prepend=-1, append=-1))
    for first, last in pairwise(bounds):
        packed[first:last].sort()
    begin = np.flatnonzero(np.diff(packed, prepend=-1))
    kinds, persons = packed[begin], np.diff(begin, append=packed.size)
    rows: list[NDArray[np.int64]] = []
    for width in reversed(widths):
        rows.insert(0, (kinds & ((1 << width) - 1)) + OUTSIDE_MODEL)
        kinds >>= width
    month, kind, origin, origin_role, target, target_role, field, reason, left, between, code = rows
    return {
        "month": namer.month(month),
        "kind": coded(kind, c.FLOW_KINDS),
        **namer.place(origin, "origin_"),
        "origin_role": coded(origin_role, c.ROLES),
        **namer.place(target, "destination_"),
        "destination_role": coded(target_role, c.ROLES),
        "field": coded(field, c.FIELDS),
        "reason": coded(reason, REASONS),
        "crossing": coded(code, CODES),
        "previous_sector": coded(left, c.SECTORS),
        "months_between": between.astype(np.int16),
        "persons": persons.astype(np.int32),
    }


def _vacancies(model: HigherEducation, namer: _Namer) -> Columns:
    column = model.recorder.closed()
    waited = column["closed"] - column["opened"]
    still = column["outcome"] == VACANCY_OUTCOMES.index("open")
    full_week = model.rates.jobs.full_week
    source = np.append(namer.sector, len(c.SECTORS) + 1)
    rows = np.where(column["source"] == NOBODY, -1, namer.at(column["source"]))
    return {
        **namer.place(column["employer"]),
        "role": coded(column["role"], c.ROLES),
        "field": coded(column["field"], c.FIELDS),
        "level": coded(column["level"], c.EDUCATION),
        "contract": coded(column["contract"], c.CONTRACTS),
        "hours": column["hours"].astype(np.int8),
        "pay": (model.rates.pay[column["role"]] * column["hours"] / full_week).astype(np.float32),
        "opened": namer.month(column["opened"]),
        "closed": namer.month(np.where(still, -1, column["closed"])),
        "months": waited.astype(np.int16),
        "outcome": coded(column["outcome"], VACANCY_OUTCOMES),
        "source_sector": coded(source[rows], (*c.SECTORS, "outside_model", "")),
    }


def _movers(model: HigherEducation, namer: _Namer, movers: Movers, answers: Answers) -> Columns:
    ledger, kept = model.ledger, np.flatnonzero(movers.month >= 0)
    rows, months = movers.spell[kept], movers.month[kept]
    out: Columns = {
        "month": namer.month(months),
        "person": ledger.m_person[rows],
        "group": coded(movers.group[kept], c.MOVER_GROUPS),
    }
    for prefix, side in (("origin_", "from"), ("destination_", "to")):
        place = namer.place(getattr(ledger, f"m_{side}")[rows], prefix)
        place.pop(f"{prefix}region")
        out |= place
        out[f"{prefix}role"] = coded(getattr(ledger, f"m_{side}_role")[rows], c.ROLES)
    out["crossing"] = coded(movers.crossing[kept], CODES)
    out["way"] = coded(movers.way[kept], WAYS)
    out["months_between"] = movers.between[kept]
    out["reason"] = coded(ledger.m_reason[rows], REASONS)
    before = movers.band["prior_situation"][kept]
    situations = (*c.PRIOR_SITUATIONS, "")
    out["prior_situation"] = coded(np.where(before < 0, len(situations) - 1, before), situations)
    out["age"] = ((months - ledger.m_born[rows]) // 12).astype(np.int8)
    for name, names in (
        ("sex", c.SEXES),
        ("education_level", c.EDUCATION),
        ("field", c.FIELDS),
        ("experience", c.EXPERIENCE_BANDS),
        ("contract", c.CONTRACTS),
        ("weekly_hours", c.HOURS_BANDS),
    ):
        out[name] = coded(movers.band[name][kept], names)
    out["surveyed"] = movers.surveyed[kept]
    for k, column in enumerate(_by_item(answers.channels, rows)):
        out[f"channel_{c.CHANNELS[k]}"] = column
    for side, items, given, headings in (
        ("pull", model.rates.pull_items, answers.pull, answers.pull_headings),
        ("push", model.rates.push_items, answers.push, answers.push_headings),
    ):
        for heading, column in zip(HEADINGS, _by_item(headings, rows), strict=True):
            out[f"{side}_{heading}_overall"] = column
        for (heading, name), column in zip(items.names, _by_item(given, rows), strict=True):
            out[f"{side}_{heading}_{name}"] = column
    return out


def _by_item(given: NDArray[np.bool_], rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Answers of some spells, shape (items, rows): each item's side by side."""
    return np.take(given.T, rows, axis=1)


def _only(column: Array | Coded, rows: NDArray[np.integer]) -> Array | Coded:
    if isinstance(column, Coded):
        return Coded(column.codes[rows], column.names)
    return column[rows]


def results_of(
    model: HigherEducation,
    seen: Watch,
    reached: list[dict[str, object]],
    costs: list[dict[str, object]],
) -> Replication:
    """Hold the survey and put together what a finished world leaves behind.

    Args:
        model: The finished model.
        seen: What was noted as its months passed.
        reached: Rows of levers.csv.
        costs: Rows of costs.csv.

    Returns:
        Everything that the run's files need.
    """
    years = model.settings.integer("years")
    namer = _Namer(model, years)
    movers, answers = sort_movers(model), ask(model)
    survey = hold_survey(model, movers, answers, years)
    return Replication(
        model.replication,
        _stocks(model, namer),
        _flows(model, namer),
        _vacancies(model, namer),
        _movers(model, namer, movers, answers),
        survey,
        headline(model, movers, years),
        margins.columns(seen.staff.counts, namer.month),
        dict(model.profile),
        levers=reached,
        costs=costs,
        doctors=fates(model),
        lives=seen.lives(model),
        parts=break_down(model, movers, years, seen.ages.counts),
    )
