"""Score a forecast of the held-out tables 3.1 and 1.1; written before anybody looked at the result.

Table 3.1: mean log score a respondent, over the nine sectors of each group, against three
forecasts without a model. All four forecasts are mixed with the same small uniform part, so that
no sector has chance 0. Table 1.1: whether the mean teaching flow lies in the 90% predictive
interval of one year's flow.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.calibration import targets as t
from hesim.tables import ReportTables

Floats = NDArray[np.float64]
SMOOTHING = 0.01
"""Uniform part of every forecast."""
DESIGN_EFFECT = 1.5
"""Of the survey: respondents count as so many times fewer when intervals are drawn."""
REPEATS, SEED = 4000, 3101
"""Surveys drawn for the intervals, and from which seed."""
RIVALS = ("pooled over groups", "proportional to hires", "random matching")
FLOWS = ("wo_to_hbo", "hbo_to_wo")


class Gain(NamedTuple):
    """How much better the model's forecast is than a rival's, in nats a respondent."""

    rival: str
    mean: float
    low: float
    high: float


class Origins(NamedTuple):
    """Table 3.1 scored.

    Attributes:
        gains: Against each rival, all groups together.
        by_group: The same by group: group, rival, gain.
        score: The model's own mean log score.
        cells: Group, sector, reported share, forecast, 90% interval over draws.
    """

    gains: list[Gain]
    by_group: list[tuple[str, Gain]]
    score: float
    cells: list[tuple[str, str, float, float, float, float]]


class YearlyFlow(NamedTuple):
    """One flow of table 1.1: the report's, and the forecast of a year's flow."""

    flow: str
    reported_mean: float
    reported_years: tuple[float, ...]
    low: float
    middle: float
    high: float
    inside: bool
    years_inside: int
    persistence_error: float
    model_error: float


def smooth(share: Floats) -> Floats:
    """Mix a forecast over sectors with its uniform part."""
    whole = share / share.sum(axis=-1, keepdims=True)
    return np.asarray((1.0 - SMOOTHING) * whole + SMOOTHING / share.shape[-1])


def score_origins(
    tables: ReportTables, names: tuple[str, ...], draws: Floats, leave_out: bool = False
) -> Origins:
    """Score table 3.1.

    Args:
        tables: The report's tables.
        names: Outputs.
        draws: What each draw of the ensemble shows, shape (draws, outputs).
        leave_out: Leave out hbo's entrants from hbo, which the report contradicts itself on.
    """
    at = {name: k for k, name in enumerate(names)}
    sectors = [s for s in c.SECTORS if s != "none"]
    reported, n = _reported(tables, sectors)
    everybody = sum(n[g] * reported[g] for g in c.MOVER_GROUPS)
    gains: dict[str, dict[str, Floats]] = {}
    rng, cells = np.random.default_rng(SEED), []
    model_score, weight = 0.0, {g: n[g] / sum(n.values()) for g in c.MOVER_GROUPS}
    for group in c.MOVER_GROUPS:
        keep = np.array(
            [
                not leave_out or (t.HELD_OUT, "sector", s, group) != t.NOT_REPRODUCIBLE
                for s in sectors
            ]
        )
        own = np.array([draws[:, at["|".join((t.HELD_OUT, "sector", s, group))]] for s in sectors])
        entrants = group.endswith("_in")
        hires = [draws[:, at[f"{'exits' if entrants else 'hires'}|{s}"]].mean() for s in sectors]
        posts = [draws[:, at[f"posts|{s}"]].mean() for s in sectors]
        forecasts = [own.mean(axis=1), everybody, np.array(hires), np.array(posts)]
        logs = [np.log(smooth(np.asarray(f)[keep])) for f in forecasts]
        found = reported[group][keep] / reported[group][keep].sum()
        people = round(n[group] / DESIGN_EFFECT)
        surveys = rng.multinomial(people, found, REPEATS) / people
        model_score += weight[group] * float(found @ logs[0])
        gains[group] = {
            rival: np.concatenate([[found @ (logs[0] - log)], surveys @ (logs[0] - log)])
            for rival, log in zip(RIVALS, logs[1:], strict=True)
        }
        low, high = np.quantile(own, [0.05, 0.95], axis=1)
        for k, sector in enumerate(sectors):
            share = float(reported[group][k])
            cells.append(
                (group, sector, share, float(own[k].mean()), float(low[k]), float(high[k]))
            )

    def summed(rival: str, groups: tuple[str, ...]) -> Gain:
        share = {g: weight[g] / sum(weight[h] for h in groups) for g in groups}
        together = np.sum([share[g] * gains[g][rival] for g in groups], axis=0)
        low, high = np.quantile(together[1:], [0.025, 0.975])
        return Gain(rival, float(together[0]), float(low), float(high))

    return Origins(
        [summed(rival, c.MOVER_GROUPS) for rival in RIVALS],
        [(g, summed(rival, (g,))) for g in c.MOVER_GROUPS for rival in RIVALS],
        model_score,
        cells,
    )


def _reported(tables: ReportTables, sectors: list[str]) -> tuple[dict[str, Floats], dict[str, int]]:
    reported, n = {}, {}
    for group in c.MOVER_GROUPS:
        given = [tables.percent(t.HELD_OUT, s, group) or 0.0 for s in sectors]
        reported[group] = np.array(given) / sum(given)
        n[group] = tables.n(t.HELD_OUT, group)
    return reported, n


def score_flows(tables: ReportTables, yearly: Floats) -> list[YearlyFlow]:
    """Score table 1.1's teaching flows.

    Args:
        tables: The report's tables.
        yearly: Crossings by year at full scale, shape (draws, 2, years).
    """
    found = []
    for k, flow in enumerate(FLOWS):
        given = np.array([float(getattr(x, f"{flow}_teaching")) for x in tables.flows_1_1])
        low, middle, high = np.quantile(yearly[:, k], [0.05, 0.5, 0.95])
        found.append(
            YearlyFlow(
                flow,
                float(given.mean()),
                tuple(given),
                float(low),
                float(middle),
                float(high),
                bool(low <= given.mean() <= high),
                int(((given >= low) & (given <= high)).sum()),
                float(np.abs(np.diff(given)).mean()),
                float(np.abs(given - middle).mean()),
            )
        )
    return found


HBO_LEAVERS = {"hbo", "business_services", "health_welfare"}
WO_LEAVERS = {"wo", "business_services", "research"}


def report_words(names: tuple[str, ...], draws: Floats) -> list[tuple[str, float, str]]:
    """The report's own words that a run's cells can contradict, as chances over the draws.

    Returns:
        Claim, share of draws in which it holds, and what the mean forecast says.
    """
    at = {name: k for k, name in enumerate(names)}
    sectors = [s for s in c.SECTORS if s != "none"]
    found = []
    for group, claimed in (("hbo_out", HBO_LEAVERS), ("wo_out", WO_LEAVERS)):
        own = np.array([draws[:, at["|".join((t.HELD_OUT, "sector", s, group))]] for s in sectors])
        first = np.argsort(-own, axis=0)[:3]
        holds = [{sectors[k] for k in column} == claimed for column in first.T]
        mean = np.argsort(-own.mean(axis=1))[:3]
        words = ", ".join(f"{sectors[k]} {100 * own[k].mean():.0f}%" for k in mean)
        claim = f"most {group.split('_')[0]} leavers go to {', '.join(sorted(claimed))}"
        found.append((claim, float(np.mean(holds)), words))
    return found
