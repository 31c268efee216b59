"""Take effects out of a study: tables of worlds by replications, for each arm and outcome."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hesim.categories import SECTORS
from hesim.levers.arms import BASELINE
from hesim.levers.registry import GRADES
from hesim.study.answers.components import Split, as_row, split
from hesim.survey.crossings import CROSSINGS, LATER

if TYPE_CHECKING:
    import pandas as pd

    from hesim.study.folder import Study

Cell = tuple[int, int]
"""World and draw."""


@dataclass(frozen=True)
class ArmValues:
    """Values of one arm and outcome in one scenario.

    Attributes:
        cells: World and draw of each row.
        values: Shape (cells, replications), not a number where a run is missing; the mean over
            the years from the first lever's start (`Study.years`).
    """

    cells: list[Cell]
    values: NDArray[np.float64]

    def of_worlds(self, worlds: set[int]) -> ArmValues:
        """Only the rows of some worlds."""
        keep = [k for k, (world, _) in enumerate(self.cells) if world in worlds]
        return ArmValues([self.cells[k] for k in keep], self.values[keep])


COMPARISON = (
    "arm",
    "scenario",
    "outcome",
    "unit",
    "level",
    "level_low",
    "level_high",
    "level_sd_noise",
    "grade",
)
"""Columns of a comparison; with arms beside the baseline there are those of differences too."""

Tables = dict[tuple[str, str], ArmValues]
"""By arm and scenario."""


def levels(study: Study, outcome: str) -> Tables:
    """The outcome itself, by arm and scenario: means over the years of means."""
    frame = study.connect().execute(
        "select d.arm, d.scenario, d.world, d.draw, m.replication, m.value from design d join "
        "(select point, replication, avg(value) as value from results where outcome = ? "
        "and year between ? and ? group by all) m using (point)",
        [outcome, *study.years],
    )
    return _tables(frame.df())


def levels_by_year(study: Study, outcome: str) -> dict[int, Tables]:
    """The outcome itself in each year, by arm and scenario."""
    frame = study.connect().execute(
        "select d.arm, d.scenario, d.world, d.draw, r.replication, r.year, r.value from design d "
        "join results r using (point) where r.outcome = ? order by r.year",
        [outcome],
    )
    return {int(year): _tables(rows) for year, rows in frame.df().groupby("year")}


def paired_differences(tables: Tables) -> Tables:
    """Each arm less the baseline of the same scenario, world, draw and replication."""
    made: Tables = {}
    for (arm, scenario), table in tables.items():
        base = tables.get((BASELINE, scenario))
        if arm == BASELINE or base is None:
            continue
        place = {cell: k for k, cell in enumerate(base.cells)}
        cells = [cell for cell in table.cells if cell in place]
        width = min(table.values.shape[1], base.values.shape[1])
        mine = table.values[[table.cells.index(cell) for cell in cells], :width]
        theirs = base.values[[place[cell] for cell in cells], :width]
        made[arm, scenario] = ArmValues(cells, mine - theirs)
    return made


def central_worlds(study: Study) -> set[int] | None:
    """Worlds that the main answer is about: of a list design only the central one."""
    if study.settings["study"]["design"] == "list" and study.uncertainties:
        return {0}
    return None


def comparison(study: Study, outcomes: Mapping[str, str]) -> pd.DataFrame:
    """One row for each arm, scenario and outcome: levels, paired difference and intervals.

    Args:
        study: The study.
        outcomes: Unit of each outcome by its name.
    """
    import pandas as pd

    rows = [
        row
        for outcome, unit in outcomes.items()
        for row in _compared(study, levels(study, outcome), outcome, unit)
    ]
    # A study of which no run is here yet has the columns all the same.
    return pd.DataFrame(rows) if rows else pd.DataFrame(columns=list(COMPARISON))


def comparison_by_year(study: Study, outcomes: Mapping[str, str]) -> pd.DataFrame:
    """The same as `comparison` for each year, with a column `year` after `scenario`.

    Args:
        study: The study.
        outcomes: Unit of each outcome by its name.
    """
    import pandas as pd

    columns = (*COMPARISON[:2], "year", *COMPARISON[2:])
    rows = [
        {"arm": row.pop("arm"), "scenario": row.pop("scenario"), "year": year, **row}
        for outcome, unit in outcomes.items()
        for year, tables in levels_by_year(study, outcome).items()
        for row in _compared(study, tables, outcome, unit)
    ]
    return pd.DataFrame(rows) if rows else pd.DataFrame(columns=list(columns))


def _compared(study: Study, tables: Tables, outcome: str, unit: str) -> Iterator[dict[str, Any]]:
    """A row for each arm and scenario of an outcome: level, paired difference and intervals.

    Args:
        study: The study.
        tables: The outcome itself.
        outcome: Its name.
        unit: Its unit.
    """
    worlds = central_worlds(study)
    if worlds is not None:
        tables = {key: table.of_worlds(worlds) for key, table in tables.items()}
    differences = paired_differences(tables)
    for (arm, scenario), table in tables.items():
        of_arm = split(table.values)
        row: dict[str, Any] = {"arm": arm, "scenario": scenario}
        row |= {"outcome": outcome, "unit": unit}
        row |= {"level": of_arm.mean, "level_low": of_arm.low, "level_high": of_arm.high}
        row["level_sd_noise"] = of_arm.sd_noise
        effect = differences.get((arm, scenario))
        if effect is not None:
            found = split(effect.values)
            row |= {f"difference_{key}": value for key, value in as_row(found).items()}
            row["difference_distinguishable"] = _distinguishable(found)
        row["grade"] = grade(study, arm)
        yield row


def grade(study: Study, arm: str) -> str:
    """What an arm's figures rest on: the weakest grade that entered, in words."""
    if arm == BASELINE:
        return calibration_state(study)
    grades = {
        str(facts.get("grade", "A"))
        for body in study.manifest["facts"]["arms"].get(arm, {}).values()
        for facts in (body.get("dials") or {}).values()
        if isinstance(facts, Mapping)
    }
    return GRADES[max(grades, key=list(GRADES).index)] if grades else "assumed"


def calibration_state(study: Study) -> str:
    """Whether the settings were calibrated, in words; of each structure where there are several."""
    each = study.of_structures()
    if each:
        return "; ".join(f"{name}: {calibration_state(one)}" for name, one in each.items())
    name = study.settings.get("calibration", "none")
    return "not calibrated" if name == "none" else f"{name} calibration"


def by_year(study: Study, outcome: str) -> pd.DataFrame:
    """Differences from the baseline (levels of the baseline) by year, one row a run."""
    worlds = central_worlds(study)
    only = "" if worlds is None else " and d.world = 0"
    frame: pd.DataFrame = (
        study.connect()
        .execute(
            "with r as (select * from results where outcome = $outcome) "
            "select d.arm, d.scenario, r.year, r.value - b.value as value from design d "
            "join r on r.point = d.point join r b on b.point = d.baseline "
            "and b.replication = r.replication and b.year = r.year "
            f"where d.arm <> 'baseline'{only} union all by name "
            "select d.arm, d.scenario, r.year, r.value from design d join r using (point) "
            f"where d.arm = 'baseline'{only}",
            {"outcome": outcome},
        )
        .df()
    )
    return frame


def pairing(study: Study, outcome: str) -> pd.DataFrame:
    """What common random numbers gain, by arm, scenario and year.

    Returns:
        Columns arm, scenario, year and ratio: the variance of the paired difference of the outcome
        summed up to that year, over that of worlds which share no random numbers (the sum of both
        variances). 1 gains nothing.
    """
    frame: pd.DataFrame = (
        study.connect()
        .execute(
            "with summed as (select arm, scenario, world, draw, replication, year, "
            "sum(value) over up_to as mine, sum(baseline_value) over up_to as base "
            "from differences where outcome = ? window up_to as "
            "(partition by arm, scenario, world, draw, replication order by year)) "
            "select arm, scenario, year, var_samp(mine - base) / "
            "nullif(var_samp(mine) + var_samp(base), 0) as ratio from summed where year >= ? "
            "group by all having count(*) > 1 order by arm, scenario, year",
            [outcome, study.years[0]],
        )
        .df()
    )
    return frame


def flow_changes(study: Study, arm: str) -> pd.DataFrame:
    """Mean change of each flow, policy less baseline, persons a year, with its interval.

    Who crosses after a time without a job stands apart from the other hires (`crossings.LATER`), so
    that with those who go from job to job they add up to the outcomes `wo_to_hbo` and `hbo_to_wo`.
    """
    import pandas as pd

    only = "" if central_worlds(study) is None else "and world = 0 "
    frame = (
        study.connect()
        .execute(
            "select outcome, replication, avg(difference) as value from differences "
            f"where arm = ? and scenario = 'central' {only}and (outcome like 'flow.%' "
            "or list_contains(?, outcome)) and year between ? and ? group by all",
            [arm, list(CROSSINGS), *study.years],
        )
        .df()
    )
    wide = _with_later(frame.pivot_table("value", "replication", "outcome"))
    rows = []
    for outcome, values in wide.items():
        found = split(values.to_numpy(np.float64)[None, :])
        _, origin, target = str(outcome).split(".")
        rows.append(
            {
                "origin": origin,
                "destination": target,
                "mean": found.mean,
                "low": found.low,
                "high": found.high,
            }
        )
    return pd.DataFrame(rows, columns=["origin", "destination", "mean", "low", "high"])


def _with_later(wide: pd.DataFrame) -> pd.DataFrame:
    """Take those who cross after a time without a job out of the hires.

    Args:
        wide: Changes by replication; columns are flows and the outcomes that count crossings.
    """
    flows = wide.drop(columns=list(CROSSINGS), errors="ignore")
    if flows.empty:
        return flows
    for name, (left, joined) in CROSSINGS.items():
        start, end = LATER[name]
        hires, direct = f"flow.no_job.{end}", f"flow.{SECTORS[left]}.{SECTORS[joined]}"
        later = wide[name] - wide[direct]
        flows[f"flow.{start}.{end}"] = later
        if hires in flows:
            flows[hires] = flows[hires] - later
    return flows


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame as mappings by column."""
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def _distinguishable(found: Split) -> bool:
    return not math.isnan(found.low) and (found.low > 0 or found.high < 0)


def _tables(frame: pd.DataFrame) -> Tables:
    made: Tables = {}
    for (arm, scenario), group in frame.groupby(["arm", "scenario"], sort=False):
        # Not `pivot_table`: it leaves out what has no figure at all.
        wide = group.pivot(index=["world", "draw"], columns="replication", values="value")
        wide = wide.sort_index().reindex(columns=range(int(wide.columns.max()) + 1))
        cells = [(int(world), int(draw)) for world, draw in wide.index]
        made[str(arm), str(scenario)] = ArmValues(cells, wide.to_numpy(np.float64))
    return made
