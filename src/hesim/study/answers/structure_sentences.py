"""Say what several structures answer: each of them, how far they are apart, what holds in all."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from hesim.config.folders import STRUCTURE
from hesim.levers.arms import BASELINE
from hesim.levers.dates import years_in_words
from hesim.levers.titles import arm_title
from hesim.study.answers.best_sentences import best_sentences
from hesim.study.answers.effects import records
from hesim.study.answers.phrases import change_words, doubt, ends_in_words, enumeration
from hesim.study.answers.question import main_rows
from hesim.study.answers.structures import RANGES, main_ranges
from hesim.study.points import CENTRAL

if TYPE_CHECKING:
    import pandas as pd

    from hesim.study.answers.question import Answer


def structure_sentences(made: Answer) -> list[str]:
    """The answer over all structures: levels, the best arm, and for how many arms what holds."""
    said = _levels(made)
    rows = [row for row in records(main_ranges(made)) if row["scenario"] == CENTRAL]
    if not rows:
        return said
    known = [row for row in rows if not math.isnan(row["lowest"])]
    if not known:
        return [*said, "No arm has a figure in all structures, so none can be compared."]
    ends = [row[key] for row in known for key in ("lowest", "highest", "low", "high")]
    if not any(end for end in ends if not math.isnan(end)):
        zero = "the difference from the baseline is zero throughout, in each structure"
        return [*said, f"No arm changes it in any run: {zero}."]
    said += [_best(made, known), _range(made, known), _what_holds(known)]
    return [*said, *best_sentences(made)]


def range_table(made: Answer) -> pd.DataFrame:
    """What is printed of the ranges: of the outcome that is asked, without empty columns."""
    frame = made.tables[RANGES]
    arms = main_ranges(made)
    shown = arms if len(arms) else frame[frame["outcome"] == made.outcome]
    alone = frame["scenario"].nunique() < 2
    return shown.drop(columns=["outcome", "unit", *["scenario"] * alone]).dropna(axis=1, how="all")


def _levels(made: Answer) -> list[str]:
    """The outcome without levers, in each structure."""
    comparison = made.comparison
    mine = comparison[
        (comparison["outcome"] == made.outcome)
        & (comparison["scenario"] == CENTRAL)
        & (comparison["arm"] == BASELINE)
    ]
    base = {str(row[STRUCTURE]): row for row in records(mine) if not math.isnan(row["level"])}
    name = made.outcome.replace("_", " ")
    if not base:
        return [f"Without levers {name} has no figure, in any run."]
    each = [
        f"{row['level']:,.1f} in {structure}{ends_in_words(row['level_low'], row['level_high'])}, "
        f"{row['grade']}"
        for structure, row in base.items()
    ]
    levels = [row["level"] for row in base.values()]
    apart = f"; {max(levels) - min(levels):,.1f} apart" if len(levels) > 1 else ""
    years = years_in_words(*made.study.years)
    lacking = [structure for structure in made.parts if structure not in base]
    gap = f"; {enumeration(lacking)} has no figure yet" if lacking else ""
    return [
        f"Without levers {name} is, in {made.unit}: {'; '.join(each)}{apart}{gap}; mean of {years}."
    ]


def _best(made: Answer, known: list[dict[str, Any]]) -> str:
    """Which arm does best in each structure."""
    best = {name: part.best for name, part in made.parts.items()}
    if len(known) == 1:
        arm = str(known[0]["arm"])
        return f"The arm {arm_title(arm)} {_in_each(made, arm)}."
    sure = [name for name in best if _any_sure(made, name)]
    if all(math.isnan(row["low"]) for row in known):
        return "No effect has an interval: that takes more replications."
    if not sure:
        return f"The effect of none of {len(known)} arms can be told from zero in any structure."
    if len(set(best.values())) == 1 and len(sure) == len(best):
        arm = next(iter(best.values()))
        does = f"{arm_title(arm)} does best in each structure: it {_in_each(made, arm)}"
        return f"Of {len(known)} arms {does}."
    each = [
        f"{arm_title(arm)} in {name}, where it {_effect(made, name, arm)}"
        if name in sure
        else f"none in {name}, where no effect can be told from zero"
        for name, arm in best.items()
    ]
    return (
        f"Structures disagree on which of {len(known)} arms does best: {'; '.join(each)}. "
        "The report cannot choose between them."
    )


def _any_sure(made: Answer, structure: str) -> bool:
    """Whether the effect of any arm can be told from zero in a structure."""
    rows = main_rows(made.parts[structure].comparison, made.outcome)
    return len(rows) > 0 and bool(rows["difference_distinguishable"].any())


def _range(made: Answer, known: list[dict[str, Any]]) -> str:
    """How wide the answer is for the arm that does best where it does worst."""
    row = next(row for row in known if row["arm"] == made.best)
    ends = (
        ""
        if math.isnan(row["low"])
        else (f"; with all 95% intervals {row['low']:+,.1f} to {row['high']:+,.1f}")
    )
    which = (
        ""
        if len(known) == 1
        else f" of {arm_title(row['arm'])}, which does best where it does worst,"
    )
    return (
        f"The effect{which} ranges from {row['lowest']:+,.1f} to {row['highest']:+,.1f} over the "
        f"structures{ends}; effect sizes: {_grade(made)}. No mean is taken: the report does not "
        "say how likely each structure is."
    )


def _what_holds(known: list[dict[str, Any]]) -> str:
    """For how many arms the sign and the rank are the same in all structures."""
    count = len(known)
    signs, sure = (sum(bool(row[key]) for row in known) for key in ("sign_holds", "sure"))
    if count == 1:
        if not signs:
            return "Its sign does not hold in all structures."
        told = "can" if sure else "cannot"
        return f"Its sign holds in all structures, and {told} be told from zero in each of them."
    ranks = sum(bool(row["rank_holds"]) for row in known)
    return (
        f"The sign is the same in all structures for {signs} of {count} arms, and the rank for "
        f"{ranks}; for {sure} the effect can be told from zero in each structure."
    )


def _grade(made: Answer) -> str:
    """What the effects of the best arm rest on: its levers are the same in all structures."""
    comparison = made.comparison
    return str(comparison[comparison["arm"] == made.best]["grade"].iloc[0])


def _in_each(made: Answer, arm: str) -> str:
    each = [f"{_effect(made, name, arm)} in {name}" for name in made.parts]
    return enumeration(each)


def _effect(made: Answer, structure: str, arm: str) -> str:
    """What an arm does in a structure, with its interval."""
    rows = main_rows(made.parts[structure].comparison, made.outcome)
    row = records(rows[rows["arm"] == arm])[0]
    ends = ends_in_words(row["difference_low"], row["difference_high"])
    return f"{change_words(row['difference_mean'])}{ends}{doubt(row)}"
