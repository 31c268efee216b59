"""Lay the answers of several structures beside one another: each by itself, and their range.

No mean effect is taken over structures: the report cannot say how likely each of them is. How
likely an arm is best is told for each structure, and over the worlds of all of them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from hesim.config.folders import STRUCTURE
from hesim.levers.arms import BASELINE
from hesim.study.answers.barriers import EVERY
from hesim.study.answers.best import best_tables, together
from hesim.study.answers.effects import records
from hesim.study.answers.question import Answer
from hesim.study.answers.speaker import Note, Speaker

if TYPE_CHECKING:
    import pandas as pd

    from hesim.study.folder import Study

RANGES = "structures"
"""Name of the table of ranges."""
BY = ["arm", "scenario", "outcome"]


def beside(study: Study, parts: Mapping[str, Answer]) -> Answer:
    """The answers of a study from those of each of its structures.

    Args:
        study: The study.
        parts: What each structure answers, by its name.

    Returns:
        Answers whose tables begin with a column `structure`, and the table `RANGES`.
    """
    first = next(iter(parts.values()))
    made = Answer(study, first.outcome, first.unit, first.better, first.threshold)
    made.parts = dict(parts)
    for name in dict.fromkeys(name for part in parts.values() for name in part.tables):
        frames = {key: part.tables[name] for key, part in parts.items() if name in part.tables}
        made.tables[name] = _stacked(frames)
    _add_together(made)
    made.tables[RANGES] = ranges(made)
    made.best = _best(made)
    for note in dict.fromkeys(note for part in parts.values() for note in part.notes):
        of = [name for name, part in parts.items() if note in part.notes]
        some = len(of) < len(parts)
        made.notes.append(
            Note("{structures}: {note}", structures=partial(_named, of), note=note)
            if some
            else note
        )
    return made


def _named(structures: Sequence[str], say: Speaker) -> str:
    """Structures in a row, in a language."""
    return say.enumeration([say.structure(name) for name in structures])


def _add_together(made: Answer) -> None:
    """Say over the worlds of all structures together how likely each arm is best."""
    import pandas as pd

    known = [part.worlds for part in made.parts.values() if part.worlds is not None]
    made.worlds = together(known) if len(known) == len(made.parts) else None
    if made.worlds is None:
        return
    for name, frame in best_tables(made.worlds, made.threshold).items():
        whole = _stacked({EVERY: frame})
        made.tables[name] = pd.concat([made.tables.get(name), whole], ignore_index=True)


def ranges(made: Answer) -> pd.DataFrame:
    """How far structures lie apart, one row for each arm, scenario and outcome.

    Returns:
        Columns arm, scenario, outcome, unit; one for each structure by its name, the difference
        from the baseline there (of the baseline the level); `lowest` and `highest` of these and
        `apart`, how far they are from each other; `low` and `high`, the outer ends of all 95%
        intervals; `sign_holds`, whether all differences are of one sign; `sure`, whether the
        intervals of all leave zero out on the same side; `rank_STRUCTURE`, 1 for the best arm; and
        `rank_holds`. What is not known of every structure is empty.
    """
    import pandas as pd

    comparison = made.comparison
    if comparison.empty:
        return pd.DataFrame(columns=[*BY, "unit"])
    frame = comparison.assign(rank=_ranks(comparison, made))
    rows = [
        _range(key, {str(row[STRUCTURE]): row for row in records(group)}, tuple(made.parts))
        for key, group in frame.groupby(BY, sort=False)
    ]
    return pd.DataFrame(rows)


def main_ranges(made: Answer) -> pd.DataFrame:
    """Ranges of the arms for the outcome that is asked, in all scenarios, the best arm first."""
    frame = made.tables[RANGES]
    rows = frame[(frame["outcome"] == made.outcome) & (frame["arm"] != BASELINE)]
    if rows.empty:
        return rows
    columns, less = ["lowest", "highest"], made.better == "less"
    order = columns[::-1] if less else columns
    return rows.sort_values(order, ascending=less, kind="stable")


def _stacked(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    import pandas as pd

    named = [frame.assign(**{STRUCTURE: name}) for name, frame in frames.items()]
    whole = pd.concat([frame for frame in named if len(frame)] or named[:1], ignore_index=True)
    return whole[[STRUCTURE, *(column for column in whole if column != STRUCTURE)]]


def _ranks(comparison: pd.DataFrame, made: Answer) -> pd.Series[float]:
    """Rank of each arm among those of its structure, scenario and outcome."""
    if "difference_mean" not in comparison:
        return comparison["level"] * math.nan
    turned = (comparison["outcome"] == made.outcome) & (made.better == "less")
    gain = comparison["difference_mean"].where(~turned, -comparison["difference_mean"])
    of = [comparison[name] for name in (STRUCTURE, "scenario", "outcome")]
    return gain.groupby(of).rank(ascending=False, method="min")


def _range(
    key: Any, rows: Mapping[str, Mapping[str, Any]], structures: tuple[str, ...]
) -> dict[str, Any]:
    arm, scenario, outcome = key
    what = "level" if arm == BASELINE else "difference"
    centre = "level" if arm == BASELINE else "difference_mean"

    def of(column: str) -> list[float]:
        return [float(rows.get(name, {}).get(column, math.nan)) for name in structures]

    means, lows, highs, ranks = of(centre), of(f"{what}_low"), of(f"{what}_high"), of("rank")
    made: dict[str, Any] = {"arm": arm, "scenario": scenario, "outcome": outcome}
    made["unit"] = next(iter(rows.values()))["unit"]
    made |= dict(zip(structures, means, strict=True))
    lowest, highest = _outer(means, min), _outer(means, max)
    made |= {"lowest": lowest, "highest": highest, "apart": highest - lowest}
    made |= {"low": _outer(lows, min), "high": _outer(highs, max)}
    effect = arm != BASELINE and not math.isnan(lowest)
    made["sign_holds"] = (lowest > 0) == (highest > 0) and 0 not in means if effect else None
    sure = min(lows) > 0 or max(highs) < 0
    made["sure"] = sure if effect and not math.isnan(made["low"]) else None
    made |= {f"rank_{name}": rank for name, rank in zip(structures, ranks, strict=True)}
    made["rank_holds"] = len(set(ranks)) == 1 if effect else None
    return made


def _outer(values: list[float], end: Any) -> float:
    """The least or largest value; not known if one of them is not."""
    return math.nan if any(map(math.isnan, values)) else float(end(values))


def _best(made: Answer) -> str:
    """The arm that does best in the structure in which it does worst."""
    rows = main_ranges(made)
    rows = rows[rows["scenario"] == rows["scenario"].iloc[0]] if len(rows) else rows
    known = rows[rows["lowest"].notna()] if len(rows) else rows
    return str(known["arm"].iloc[0]) if len(known) else BASELINE
