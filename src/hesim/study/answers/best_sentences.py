"""Say in words how likely the best arm is the best one, and which does most for each euro."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from hesim.config.folders import STRUCTURE
from hesim.study.answers.barriers import EVERY
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
    """How likely the arm that loses least is the best one, and the same for each euro."""
    rows = whole_best(made)
    if not rows:
        return []
    first = rows[0]
    over = " of all structures together" if made.parts else ""
    said = (
        f"Over {first['worlds']} worlds{over} {first['title']} loses least: it is best in "
        f"{first['best_percent']:.0f}% of them, and choosing it loses "
        f"{first['expected_regret']:,.1f} {made.unit} on average against the best choice of each "
        "world"
    )
    priced = [row for row in rows if row.get("best_per_euro_percent", 0.0) > 0.0]
    if not priced:
        return [f"{said}."]
    cheap = max(priced, key=lambda row: float(row["best_per_euro_percent"]))
    return [
        f"{said}. For each euro {cheap['title']} does most in "
        f"{cheap['best_per_euro_percent']:.0f}% of them; costs are drawn from their ranges, and "
        "most of these are assumed."
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
