"""Say what several structures answer: each of them, how far they are apart, what holds in all."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from hesim.config.folders import STRUCTURE
from hesim.levers.arms import BASELINE
from hesim.study.answers.best_sentences import best_sentences
from hesim.study.answers.effects import records
from hesim.study.answers.phrases import change_words, doubt
from hesim.study.answers.question import main_rows
from hesim.study.answers.speaker import ENGLISH, Speaker
from hesim.study.answers.structures import RANGES, main_ranges
from hesim.study.points import CENTRAL

if TYPE_CHECKING:
    import pandas as pd

    from hesim.study.answers.question import Answer


def structure_sentences(made: Answer, say: Speaker = ENGLISH) -> list[str]:
    """The answer over all structures: levels, the best arm, and for how many arms what holds."""
    said = _levels(made, say)
    rows = [row for row in records(main_ranges(made)) if row["scenario"] == CENTRAL]
    if not rows:
        return said
    known = [row for row in rows if not math.isnan(row["lowest"])]
    if not known:
        return [*said, say("No arm has a figure in all structures, so none can be compared.")]
    ends = [row[key] for row in known for key in ("lowest", "highest", "low", "high")]
    if not any(end for end in ends if not math.isnan(end)):
        zero = (
            "No arm changes it in any run: the difference from the baseline is zero throughout, in "
            "each structure."
        )
        return [*said, say(zero)]
    said += [_best(made, known, say), _range(made, known, say), _what_holds(known, say)]
    return [*said, *best_sentences(made, say)]


def range_table(made: Answer) -> pd.DataFrame:
    """What is printed of the ranges: of the outcome that is asked, without empty columns."""
    frame = made.tables[RANGES]
    arms = main_ranges(made)
    shown = arms if len(arms) else frame[frame["outcome"] == made.outcome]
    alone = frame["scenario"].nunique() < 2
    return shown.drop(columns=["outcome", "unit", *["scenario"] * alone]).dropna(axis=1, how="all")


def _levels(made: Answer, say: Speaker) -> list[str]:
    """The outcome without levers, in each structure."""
    comparison = made.comparison
    mine = comparison[
        (comparison["outcome"] == made.outcome)
        & (comparison["scenario"] == CENTRAL)
        & (comparison["arm"] == BASELINE)
    ]
    base = {str(row[STRUCTURE]): row for row in records(mine) if not math.isnan(row["level"])}
    name = say.outcome(made.outcome)
    if not base:
        return [say("Without levers {name} has no figure, in any run.", name=name)]
    each = [
        say(
            "{level} in {structure}{ends}, {grade}",
            level=say.write(row["level"], ",.1f"),
            structure=say.structure(structure),
            ends=say.ends(row["level_low"], row["level_high"]),
            grade=say.grade(row["grade"]),
        )
        for structure, row in base.items()
    ]
    levels = [row["level"] for row in base.values()]
    gap = say.write(max(levels) - min(levels), ",.1f")
    lacking = [say.structure(structure) for structure in made.parts if structure not in base]
    more = say("; {gap} apart", gap=gap) if len(levels) > 1 else ""
    if lacking:
        more += say("; {structures} has no figure yet", structures=say.enumeration(lacking))
    return [
        say(
            "Without levers {name} is, in {unit}: {levels}{more}; mean of {years}.",
            name=name,
            unit=say.name(made.unit),
            levels="; ".join(each),
            more=more,
            years=say.years(*made.study.years),
        )
    ]


def _best(made: Answer, known: list[dict[str, Any]], say: Speaker) -> str:
    """Which arm does best in each structure."""
    best = {name: part.best for name, part in made.parts.items()}
    if len(known) == 1:
        arm = str(known[0]["arm"])
        return say("The arm {arm} {does}.", arm=say.arm(arm), does=_in_each(made, arm, say))
    sure = [name for name in best if _any_sure(made, name)]
    if all(math.isnan(row["low"]) for row in known):
        return say("No effect has an interval: that takes more replications.")
    count = len(known)
    if not sure:
        return say(
            "The effect of none of {count} arms can be told from zero in any structure.",
            count=count,
        )
    if len(set(best.values())) == 1 and len(sure) == len(best):
        arm = next(iter(best.values()))
        return say(
            "Of {count} arms {arm} does best in each structure: it {does}.",
            count=count,
            arm=say.arm(arm),
            does=_in_each(made, arm, say),
        )
    each = [
        say(
            "{arm} in {structure}, where it {does}",
            arm=say.arm(arm),
            structure=say.structure(name),
            does=_effect(made, name, arm, say),
        )
        if name in sure
        else say(
            "none in {structure}, where no effect can be told from zero",
            structure=say.structure(name),
        )
        for name, arm in best.items()
    ]
    return say(
        "Structures disagree on which of {count} arms does best: {each}. The report cannot choose "
        "between them.",
        count=count,
        each="; ".join(each),
    )


def _any_sure(made: Answer, structure: str) -> bool:
    """Whether the effect of any arm can be told from zero in a structure."""
    rows = main_rows(made.parts[structure].comparison, made.outcome)
    return len(rows) > 0 and bool(rows["difference_distinguishable"].any())


def _range(made: Answer, known: list[dict[str, Any]], say: Speaker) -> str:
    """How wide the answer is for the arm that does best where it does worst."""
    row = next(row for row in known if row["arm"] == made.best)
    numbers = {key: say.write(row[key], "+,.1f") for key in ("low", "high", "lowest", "highest")}
    ends = (
        ""
        if math.isnan(row["low"])
        else say(
            "; with all 95% intervals {low} to {high}", low=numbers["low"], high=numbers["high"]
        )
    )
    which = (
        ""
        if len(known) == 1
        else say(" of {arm}, which does best where it does worst,", arm=say.arm(str(row["arm"])))
    )
    return say(
        "The effect{which} ranges from {lowest} to {highest} over the structures{ends}; effect "
        "sizes: {grade}. No mean is taken: the report does not say how likely each structure is.",
        which=which,
        lowest=numbers["lowest"],
        highest=numbers["highest"],
        ends=ends,
        grade=say.grade(_grade(made)),
    )


def _what_holds(known: list[dict[str, Any]], say: Speaker) -> str:
    """For how many arms the sign and the rank are the same in all structures."""
    count = len(known)
    signs, sure = (sum(bool(row[key]) for row in known) for key in ("sign_holds", "sure"))
    if count == 1:
        if not signs:
            return say("Its sign does not hold in all structures.")
        return (
            say("Its sign holds in all structures, and can be told from zero in each of them.")
            if sure
            else say(
                "Its sign holds in all structures, and cannot be told from zero in each of them."
            )
        )
    ranks = sum(bool(row["rank_holds"]) for row in known)
    return say(
        "The sign is the same in all structures for {signs} of {count} arms, and the rank for "
        "{ranks}; for {sure} the effect can be told from zero in each structure.",
        signs=signs,
        count=count,
        ranks=ranks,
        sure=sure,
    )


def _grade(made: Answer) -> str:
    """What the effects of the best arm rest on: its levers are the same in all structures."""
    comparison = made.comparison
    return str(comparison[comparison["arm"] == made.best]["grade"].iloc[0])


def _in_each(made: Answer, arm: str, say: Speaker) -> str:
    each = [
        say(
            "{does} in {structure}",
            does=_effect(made, name, arm, say),
            structure=say.structure(name),
        )
        for name in made.parts
    ]
    return say.enumeration(each)


def _effect(made: Answer, structure: str, arm: str, say: Speaker) -> str:
    """What an arm does in a structure, with its interval."""
    rows = main_rows(made.parts[structure].comparison, made.outcome)
    row = records(rows[rows["arm"] == arm])[0]
    ends = say.ends(row["difference_low"], row["difference_high"])
    return f"{change_words(row['difference_mean'], say)}{ends}{doubt(row, say)}"
