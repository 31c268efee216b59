"""Say in words how likely the best arm is the best one, and which does most for each euro."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from hesim.config.folders import STRUCTURE
from hesim.study.answers.barriers import EVERY
from hesim.study.answers.best import idleness
from hesim.study.answers.effects import records
from hesim.study.answers.speaker import ENGLISH, Speaker

if TYPE_CHECKING:
    import pandas as pd

    from hesim.study.answers.question import Answer


def whole_best(made: Answer) -> list[dict[str, Any]]:
    """Rows of the table `best`: of a study of several structures those over all of them."""
    table = made.tables.get("best")
    if table is None or table.empty:
        return []
    if STRUCTURE in table:
        table = table[table[STRUCTURE] == EVERY]
    return records(table)


def best_sentences(made: Answer, say: Speaker = ENGLISH) -> list[str]:
    """How likely the choice that loses least is the best one, and the same for each euro.

    To do nothing is a choice too. Where it loses least, that is said before the best of the arms.
    """
    rows = whole_best(made)
    if not rows or made.worlds is None:
        return []
    first, idle = rows[0], idleness(made.worlds)
    values = {
        "over": say("Over {count} worlds of all structures together", count=first["worlds"])
        if made.parts
        else say("Over {count} worlds", count=first["worlds"]),
        "arm": say.arm(str(first["arm"])),
        "regret": f"{say.write(first['expected_regret'], ',.1f')} {say.name(made.unit)}",
        "percent": f"{first['best_percent']:.0f}",
    }
    if idle.expected_regret < first["expected_regret"]:
        said = say(
            "{over} doing nothing loses least: it is best in {idle}% of them, and loses "
            "{idle_regret} on average against the best choice of each world. Of the arms {arm} "
            "loses least, {regret}, and is best in {percent}% of them",
            idle=f"{idle.best_percent:.0f}",
            idle_regret=f"{say.write(idle.expected_regret, ',.1f')} {say.name(made.unit)}",
            **values,
        )
    else:
        said = say(
            "{over} {arm} loses least: it is best in {percent}% of them, and choosing it loses "
            "{regret} on average against the best choice of each world",
            **values,
        )
    priced = [row for row in rows if row.get("best_per_euro_percent", 0.0) > 0.0]
    if not priced:
        return [f"{said}."]
    cheap = max(priced, key=lambda row: float(row["best_per_euro_percent"]))
    more = say(
        "{arm} does most in {percent}% of them",
        arm=say.arm(str(cheap["arm"])),
        percent=f"{cheap['best_per_euro_percent']:.0f}",
    )
    if idle.best_per_euro_percent > cheap["best_per_euro_percent"]:
        more = say(
            "no arm does any good in {percent}% of them, and {more}",
            percent=f"{idle.best_per_euro_percent:.0f}",
            more=more,
        )
    return [
        say(
            "{said}. For each euro {more}; costs are drawn from their ranges, and most of these "
            "are assumed.",
            said=said,
            more=more,
        )
    ]


def tell_best(
    made: Answer, say: Callable[[str], None], text: Callable[[pd.DataFrame], str]
) -> None:
    """Print over the worlds of all structures how likely each arm is best.

    Args:
        made: Answers of a study of several structures.
        say: Prints a line.
        text: Makes a table text.
    """
    import pandas as pd

    rows = whole_best(made)
    if rows:
        say("\nHow likely each arm is the best, over the worlds of all structures:")
        say(text(pd.DataFrame(rows).drop(columns=[STRUCTURE])))
