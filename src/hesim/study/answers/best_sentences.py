"""Say in words how likely the best arm is the best one, and which does most for each euro."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from hesim.config.folders import STRUCTURE
from hesim.study.answers.barriers import EVERY
from hesim.study.answers.best import idleness
from hesim.study.answers.effects import records

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


def best_sentences(made: Answer) -> list[str]:
    """How likely the choice that loses least is the best one, and the same for each euro.

    To do nothing is a choice too. Where it loses least, that is said before the best of the arms.
    """
    rows = whole_best(made)
    if not rows or made.worlds is None:
        return []
    first, idle = rows[0], idleness(made.worlds)
    over = f"Over {first['worlds']} worlds" + " of all structures together" * bool(made.parts)
    regret = f"{first['expected_regret']:,.1f} {made.unit}"
    best = f"best in {first['best_percent']:.0f}% of them"
    if idle.expected_regret < first["expected_regret"]:
        said = (
            f"{over} doing nothing loses least: it is best in {idle.best_percent:.0f}% of them, "
            f"and loses {idle.expected_regret:,.1f} {made.unit} on average against the best choice "
            f"of each world. Of the arms {first['title']} loses least, {regret}, and is {best}"
        )
    else:
        said = (
            f"{over} {first['title']} loses least: it is {best}, and choosing it loses {regret} on "
            "average against the best choice of each world"
        )
    priced = [row for row in rows if row.get("best_per_euro_percent", 0.0) > 0.0]
    if not priced:
        return [f"{said}."]
    cheap = max(priced, key=lambda row: float(row["best_per_euro_percent"]))
    more = f"{cheap['title']} does most in {cheap['best_per_euro_percent']:.0f}% of them"
    if idle.best_per_euro_percent > cheap["best_per_euro_percent"]:
        more = f"no arm does any good in {idle.best_per_euro_percent:.0f}% of them, and {more}"
    return [
        f"{said}. For each euro {more}; costs are drawn from their ranges, and most of these are "
        "assumed."
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
