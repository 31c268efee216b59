"""Say in words what taking part did, from the rows of its table: on screen and in reports."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hesim.levers.registry import has_participants
from hesim.record.participant_table import EVERYBODY, TITLES, WHOLE_RUN
from hesim.record.participants import MEASURES, OTHERS, PARTICIPANTS

if TYPE_CHECKING:
    from hesim.levers.lever import Lever
    from hesim.record.run_folder import Run

Row = Mapping[str, Any]
WIDTH = 98
"""Letters in a line of the screen."""
DISPLACED = ("wo_to_hbo", "hbo_to_wo", "in_hbo", "in_wo", "permanent", "no_job")
"""Measures of which it is told how they differ for all other people."""


def nobody_in_words(levers: Sequence[str], personal: bool) -> str:
    """Say why there is nothing to tell of participants of some levers.

    Args:
        levers: What they are called.
        personal: Whether somebody could have taken part.
    """
    names = " and ".join([", ".join(levers[:-1]), levers[-1]] if len(levers) > 1 else levers)
    if personal:
        return f"Nobody took part in {names} in any run"
    acts = "they act" if len(levers) > 1 else "it acts"
    return f"Nobody takes part in {names}: {acts} through institutions"


def cell_in_words(row: Row) -> str:
    """A difference with its interval, and a star where it can be told from zero."""
    low, high = row["difference_low"], row["difference_high"]
    middle = f"{_tenths(row['difference']):+,.1f}"
    if low is None or math.isnan(low):
        return middle
    ends = f"{_tenths(low):,.1f} to {_tenths(high):,.1f}"
    return f"{middle} ({ends}){' *' * bool(row['distinguishable'])}"


def _tenths(value: float) -> float:
    """Rounded, so that what is next to nothing has no sign."""
    return round(float(value), 1) + 0.0


def by_in_words(row: Row) -> str:
    """By how much a measure differs, with its interval, to follow "differs by"."""
    low, high = row["difference_low"], row["difference_high"]
    middle = f"{_tenths(row['difference']):+,.1f}"
    if low is None or math.isnan(low):
        return middle
    if low == high == 0:
        return f"{middle} in every run"
    sure = "" if row["distinguishable"] else "; not distinguishable from zero"
    return f"{middle} (95% interval {_tenths(low):,.1f} to {_tenths(high):,.1f}{sure})"


def horizons_of(rows: Sequence[Row]) -> list[str]:
    """The horizons that participants were followed to, in words."""
    return list(dict.fromkeys(str(row["after"]) for row in rows if row["after"] != WHOLE_RUN))


def longest(rows: Sequence[Row]) -> str:
    """The horizon that is told in a sentence: the middle one, or the longest that is there."""
    found = horizons_of(rows)
    return found[min(1, len(found) - 1)] if found else ""


def participant_sentences(rows: Sequence[Row], subject: str) -> list[str]:
    """Two sentences about one lever: those who took part, and everybody else.

    Args:
        rows: Rows of the lever.
        subject: What the lever is called.
    """
    after = longest(rows)
    said = []
    if after:
        own = {row["measure"]: row for row in rows if row["after"] == after}
        there, back = (by_in_words(own[name]) for name in ("wo_to_hbo", "hbo_to_wo"))
        said.append(
            f"For each 100 who took part in {subject}, crossings from wo to hbo in the first "
            f"{after} differ by {there}, and those from hbo to wo by {back}, from those of the "
            "same persons without levers."
        )
    rest = {row["measure"]: row for row in rows if row["group"] == OTHERS}
    if rest:
        there, back = (by_in_words(rest[name]) for name in ("wo_to_hbo", "hbo_to_wo"))
        said.append(
            f"For each 100 who took part in {subject}, crossings of all other people differ over "
            f"the whole run by {there} from wo to hbo, and by {back} from hbo to wo."
        )
    return said


def participant_lines(rows: Sequence[Row]) -> Iterator[str]:
    """The table of one lever as lines: measures down; horizons, then groups across.

    Args:
        rows: Rows of the lever.
    """
    horizons = horizons_of(rows)
    if horizons:
        heads = [f"{after} later" for after in horizons]
        yield _line("difference from the twins", heads)
        for measure in MEASURES:
            cells = [
                cell_in_words(row)
                for after in horizons
                for row in rows
                if row["after"] == after and row["measure"] == measure
            ]
            yield _line(TITLES[measure], cells)
        first = next(row for row in rows if row["after"] == horizons[0])
        yield (
            f"  {first['persons']:,.0f} persons in a run after {first['after']}; left out: "
            f"{first['apart_percent']:.1f}% whose two worlds differed before they took part"
        )
    groups = (PARTICIPANTS, OTHERS, EVERYBODY)
    if any(row["after"] == WHOLE_RUN for row in rows):
        heads = ["those who took part", "all other people", "both together"]
        yield _line("difference over the whole run", heads)
        for measure in DISPLACED:
            cells = [
                cell_in_words(row)
                for group in groups
                for row in rows
                if row["after"] == WHOLE_RUN and row["group"] == group and row["measure"] == measure
            ]
            yield _line(TITLES[measure], cells)
    yield "  * can be told from zero"


def overview_lines(levers: Mapping[str, Sequence[Row]]) -> Iterator[str]:
    """One line a lever: crossings of those who took part, and of all other people.

    Args:
        levers: Rows of each lever, by what it is called.
    """
    yield "\nFor each 100 who took part, policy less baseline (95% interval):"
    every = [row for rows in levers.values() for row in rows]
    after = longest(every) or WHOLE_RUN
    heads = [f"wo to hbo, {after}", f"hbo to wo, {after}", f"all others, {WHOLE_RUN}"]
    yield _line("crossings, by lever", [*heads, "persons in a run"])
    places = (
        (PARTICIPANTS, after, "wo_to_hbo"),
        (PARTICIPANTS, after, "hbo_to_wo"),
        (OTHERS, WHOLE_RUN, "wo_to_hbo"),
    )
    for name, rows in levers.items():
        found = {(row["group"], row["after"], row["measure"]): row for row in rows}
        cells = [cell_in_words(found[at]) if at in found else "" for at in places]
        most = max(float(row["persons"]) for row in rows)
        yield _line(name, [*cells, f"{most:,.0f}"])
    yield "  * can be told from zero"


def _line(name: str, cells: Sequence[str]) -> str:
    # A long name has a line of its own, so that columns stay below one another.
    first = f"  {name}\n{'':34}" if len(name) > 31 else f"  {name:32}"
    return f"{first}{''.join(f'{cell:26}' for cell in cells)}".rstrip()


def participants_of_run(run: Run, levers: Sequence[Lever]) -> Iterator[str]:
    """What the screen says of participants of a run, lever by lever.

    Args:
        run: The finished run.
        levers: All of its levers.
    """
    frame = run.participants_summary
    told = set(frame["lever"])
    for lever, rows in frame.groupby("lever", sort=False):
        mine: list[Row] = rows.to_dict("records")  # type: ignore[assignment]
        yield f"\n{lever}: for each 100 who took part, policy less baseline (95% interval)"
        yield from participant_lines(mine)
        for sentence in participant_sentences(mine, str(lever)):
            yield from textwrap.wrap(sentence, WIDTH)
    if told and len(levers) > 1:
        yield "Each difference is that of all levers together, for who took part in the one named."
    personal = {lever.key: has_participants(lever.about.mechanisms) for lever in levers}
    yield from nobody_lines(personal, told)


def nobody_lines(personal: Mapping[str, bool], present: Collection[str]) -> Iterator[str]:
    """Say of which levers there is nothing to tell, and why.

    Args:
        personal: Whether somebody can take part, by lever.
        present: Levers of which there are rows.
    """
    for own in (False, True):
        names = sorted(key for key, can in personal.items() if can == own and key not in present)
        if names:
            yield nobody_in_words(names, own)
