"""Simulate one parameter point and observe it: cells, figures, and how answers go together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.calibration import targets as t
from hesim.calibration.intercepts import offset_names, set_intercepts
from hesim.config import Settings
from hesim.model.items import Items, read_items

if TYPE_CHECKING:
    from hesim.model.higher_education import HigherEducation
    from hesim.survey.movers import Movers
    from hesim.tables import ReportTables

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Observed:
    """What one run shows.

    Attributes:
        values: In the order of `names`: shares of cells (0-1), figures, shares by sector, the
            questionnaire's offsets.
        answers: Covariance of one respondent's answers to the contrasts of table 3.5, hbo's and
            wo's group of both directions: shape (4, contrasts, contrasts); zero between directions.
        asked: Movers behind each of those four groups.
        yearly: Crossings by year at full scale, wo to hbo and hbo to wo, shape (2, years).
    """

    values: Floats
    answers: Floats
    asked: NDArray[np.int64]
    yearly: Floats


def names(tables: ReportTables) -> tuple[str, ...]:
    """Names of `Observed.values`."""
    return (
        *("|".join(key) for key in t.observed_keys(tables)),
        *(f"outcome|{name}" for name in t.OUTCOMES),
        *(f"{flow}|{sector}" for flow in t.FLOWS for sector in t.SECTORS),
        *(f"offset|{side}|{name}" for side, name in offset_names(_items(tables))),
    )


def _items(tables: ReportTables) -> tuple[Items, Items]:
    return read_items(tables, t.DIRECTIONS[0]), read_items(tables, t.DIRECTIONS[1])


def observe_point(settings: Settings, tables: ReportTables, replication: int) -> Observed:
    """Run the model and observe it.

    Args:
        settings: All settings.
        tables: The report's tables.
        replication: Number of the replication: another one gives other random numbers.
    """
    from hesim.execution.simulate import Unwatched, simulate

    model, _ = simulate(settings, tables, replication, Unwatched())
    shown = observe(model)
    model.let_go()
    return shown


def observe(model: HigherEducation) -> Observed:
    """Observe a finished run; the questionnaire's intercepts are this run's own (stage A)."""
    from hesim.outcomes.registry import headline
    from hesim.survey.answers import ask
    from hesim.survey.movers import sort_movers
    from hesim.survey.questionnaire import Answered, is_asked

    movers, years = sort_movers(model), model.settings.integer("years")
    tables = model.tables
    interview = model.settings.integer("survey.interview")
    inside = (movers.month >= 0) & (movers.month < 12 * years)
    found = set_intercepts(model, movers, inside)
    answers = ask(model)
    groups: dict[tuple[str, str], Answered] = {}
    shares, by_key = [], {}
    for cell in tables.cells:
        if cell.table not in t.TABLES or cell.percent is None:
            continue
        group = (cell.table, cell.group)
        if group not in groups:
            rows = np.flatnonzero(is_asked(cell, movers, interview) & inside)
            groups[group] = Answered(model, movers, answers, rows)
        ticked = groups[group].to(cell)
        by_key[t.key_of(cell)] = ticked
        expected = found.agreement.get(t.key_of(cell))
        shares.append((ticked.mean() if ticked.size else 0.0) if expected is None else expected)
    outcomes = headline(model, movers, years)
    offsets = [
        found.offset[x] for x in offset_names((model.rates.pull_items, model.rates.push_items))
    ]
    values = np.concatenate(
        [
            shares,
            _figures(model, movers, inside, outcomes),
            _by_sector(model, movers, inside),
            offsets,
        ]
    )
    scale = model.settings.number("population.scale")
    yearly = np.array([outcomes["wo_to_hbo"], outcomes["hbo_to_wo"]]) / scale
    covariance, asked = _answers(t.contrasts(tables), by_key)
    return Observed(values.astype(np.float64), covariance, asked, yearly)


def _figures(
    model: HigherEducation,
    movers: Movers,
    inside: NDArray[np.bool_],
    outcomes: Mapping[str, Floats],
) -> list[float]:
    from hesim.outcomes.candidates import fate_shares, fates

    group = {name: (movers.group == k) & inside for k, name in enumerate(c.MOVER_GROUPS)}
    a_year = model.settings.number("population.scale") * model.settings.integer("years")
    doctors = group["hbo_in"] & movers.surveyed & (movers.band["education_level"] == c.PHD)
    permanent = (movers.band["contract"] == c.PERMANENT)[group["wo_out"] & movers.surveyed]
    own = {
        "hbo_entrants_phd": np.count_nonzero(doctors) / a_year,
        "hbo_phd_from_wo": np.count_nonzero(doctors & (movers.origin == c.WO)) / a_year,
        "wo_permanent_leavers": 100.0 * float(permanent.mean()) if permanent.size else 0.0,
    }
    for name in ("wo_to_hbo", "hbo_to_wo", "phds_in_hbo_within_5y"):
        scale = model.settings.number("population.scale")
        own[name] = float(outcomes[name].mean()) / scale
    own |= _heads(model) | _new_job_known(model, movers)
    of_candidates = fate_shares(fates(model))
    own |= {name: of_candidates.get(name, 0.0) for name in t.OF_CANDIDATES}
    return [own[n] if n in own else float(outcomes[n].mean()) for n in t.OUTCOMES]


def _new_job_known(model: HigherEducation, movers: Movers) -> dict[str, float]:
    """Percent of leavers, neither retired nor disabled, whose new sector the survey knows.

    Leavers of the last year are left out: they are interviewed after the end of the run.
    """
    from hesim.survey.movers import RETIRED_OR_DISABLED
    from hesim.survey.questionnaire import knows_other_job

    last = 12 * (model.settings.integer("years") - 1)
    asked = movers.surveyed & (movers.month >= 0) & (movers.month < max(last, 1))
    asked &= movers.band["exit_reason"] >= RETIRED_OR_DISABLED
    known = knows_other_job(movers, model.settings.integer("survey.interview"))
    found = {}
    for sector in ("wo", "hbo"):
        mine = asked & (movers.group == c.MOVER_GROUPS.index(f"{sector}_out"))
        told = 1.0 - model.settings.number(f"model.outside.not_told.{sector}")
        share = float(known[mine].mean()) if mine.any() else 0.0
        found[f"new_job_known_{sector}"] = 100.0 * told * share
    return found


def _heads(model: HigherEducation) -> dict[str, float]:
    """Mean staff of the recorded months, in percent of the first month's target."""
    by_cell = int(np.prod(model.recorder.shape[1:]))
    sector = np.append(model.employers.sector, c.NO_JOB)
    target = model.employers.target.reshape(model.employers.sector.size, -1).sum(axis=1)
    wanted = np.bincount(model.employers.sector, weights=target, minlength=c.NO_JOB + 1)
    shown = {}
    for name, code in (("heads_wo", c.WO), ("heads_hbo", c.HBO)):
        mine = np.repeat(sector == code, by_cell)
        heads = [persons[mine[flat]].sum() for _, flat, persons, _ in model.recorder.stocks]
        shown[name] = 100.0 * float(np.mean(heads)) / float(wanted[code])
    return shown


def _by_sector(model: HigherEducation, movers: Movers, inside: NDArray[np.bool_]) -> Floats:
    """Shares by sector of all hires, all exits to another job, and all posts; shape (27,)."""
    ledger, used = model.ledger, int(model.ledger.used[1])
    sector = np.append(model.employers.sector, c.NO_JOB).astype(np.int64)
    joined = (ledger.m_joined[:used] >= 0) & (ledger.m_to[:used] >= 0)
    had = ledger.m_from[:used] >= 0
    hires = np.bincount(sector[ledger.m_to[:used]][joined], minlength=c.NO_JOB + 1)
    exits = np.bincount(sector[ledger.m_from[:used]][joined & had], minlength=c.NO_JOB + 1)
    target = model.employers.target.reshape(model.employers.sector.size, -1).sum(axis=1)
    posts = np.bincount(model.employers.sector, weights=target, minlength=c.NO_JOB + 1)
    parts = [x[: c.NO_JOB] / max(x[: c.NO_JOB].sum(), 1) for x in (hires, exits, posts)]
    return np.concatenate(parts)


def _answers(
    listed: list[t.Contrast], ticked: Mapping[t.Key, NDArray[np.bool_]]
) -> tuple[Floats, NDArray[np.int64]]:
    size = len(listed)
    covariance, asked = np.zeros((4, size, size)), np.zeros(4, np.int64)
    for direction, groups in enumerate(t.DIRECTIONS):
        rows = [k for k, x in enumerate(listed) if x.groups == groups]
        for side in range(2):
            given = np.array([ticked[listed[k].keys[side]] for k in rows], np.float64)
            place = 2 * direction + side
            asked[place] = given.shape[1]
            if asked[place] > 1:
                covariance[place][np.ix_(rows, rows)] = np.cov(given, bias=True)
    return covariance, asked
