"""Write beside a line across the months, or years, what it is."""

from __future__ import annotations

import textwrap
from typing import Any

from hesim.charts.chart import Panel, Reference
from hesim.charts.vega import look
from hesim.charts.vega.data import milliseconds
from hesim.charts.vega.look import SOFT

LETTERS = 20
"""Letters of a line of the words; longer ones go on below, and end after a second line."""
HIGH = 14
"""Pixels from one line of words to the next."""


def rule_words(panel: Panel, x: Any) -> list[Any]:
    """A layer of words for each line across a panel that says something.

    Args:
        panel: A panel of lines.
        x: Its axis, as Altair's.
    """
    rules = [one for one in panel.references if one.axis == "x" and one.meaning]
    return [_words(one, k, panel, x) for k, one in enumerate(rules)]


def _words(one: Reference, place: int, panel: Panel, x: Any) -> Any:
    import altair as alt

    at = milliseconds(one.low) if panel.x.scale == "time" else one.low
    # When it is stands on the axis; the key has it in words too.
    text = one.meaning.partition(" (")[0]
    lines = textwrap.wrap(text, LETTERS, max_lines=2, placeholder=" \u2026")
    values = [{"at": at, "words": "\n".join(lines)}]
    low, high = panel.x.low, panel.x.high
    late = low is not None and high is not None and one.low > (low + high) / 2
    ground = alt.Chart(alt.InlineData(values=values, format=look.PLAIN))
    mark = ground.mark_text(
        align="right" if late else "left",
        baseline="top",
        dx=-4 if late else 4,
        color=SOFT,
        lineBreak="\n",
        # Words of lines that stand close are not to lie over one another.
        dy=2 * HIGH * (place % 2),
        clip=True,
    )
    where = alt.X(field="at", type=x["type"], scale=x["scale"], axis=x["axis"])
    words = alt.Text(field="words", type="nominal")
    return mark.encode(x=where, y=alt.value(2), text=words)
