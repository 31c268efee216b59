"""Say in words what the levers are: on the screen and in docs/levers.md."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from hesim.levers.catalogue import Description, Dial
from hesim.levers.registry import (
    GRADES,
    GROUPS,
    MECHANISMS,
    PAYERS,
    TAKING_PART,
    UNITS_OF_COST,
)

if TYPE_CHECKING:
    from hesim.levers.cost import Cost
    from hesim.levers.expectation import Expectation
    from hesim.tables import ReportTables

WIDTH = 96
QUESTION = "question"
"""Colour of the row that is no recommendation but a question of the report."""
FITS = {
    "exact": "the lever is this idea",
    "part": "the lever is part of the idea, or the idea is part of the lever",
    "proxy": "another instrument that acts on the same thing in the model",
    "principle": "nothing that could be switched on",
}
"""How well a lever stands for a recommendation."""
NONE = "none"
"""What recommendations.csv says of ideas that no lever stands for."""


def ideas(tables: ReportTables) -> Counter[str]:
    """How many of the report's recommendations each lever stands for, first or second."""
    first = Counter(row.lever for row in tables.recommendations)
    second = (row.second_lever for row in tables.recommendations)
    return first + Counter(lever for lever in second if lever != NONE)


def listing(
    levers: Sequence[Description], tables: ReportTables, packages: Mapping[str, Sequence[str]]
) -> Iterator[str]:
    """One line for each lever, by group, and one for each ready package."""
    count = ideas(tables)
    yield f"{'lever':24}{'grade':7}{'ideas':>5}  {'reach (who takes part)':32}title"
    for group, title in GROUPS.items():
        mine = [each for each in levers if each.group == group]
        if mine:
            yield f"\n{title}"
        for each in mine:
            yield f"{each.key:24}{each.grade:7}{count[each.key]:5}  {_reach(each):32}{each.title}"
    yield "\nReady packages (levers=NAME)"
    for name, members in packages.items():
        missing = [each.key for each in levers if each.key not in members]
        few = ", ".join(members)
        yield from textwrap.wrap(
            few if len(members) < len(missing) else f"all but {', '.join(missing)}",
            WIDTH,
            initial_indent=f"{name:24}",
            subsequent_indent=" " * 24,
        )
    yield "\ngrades: " + "; ".join(f"{key} {word}" for key, word in GRADES.items())
    yield "Effect sizes are typed in, not found: every range includes zero."


def _reach(lever: Description) -> str:
    reach = lever.settings["reach"]
    assert isinstance(reach, dict)
    what = {"yearly": "of staff a year", "lasting": "of staff", "institutions": "of institutions"}
    roles = reach["roles"]
    of = f", {len(roles)} roles" if roles else ""
    return f"{reach['share']:.0%} {what[lever.taking_part]}{of}"


def explanation(lever: Description, tables: ReportTables) -> Iterator[str]:
    """Everything about one lever."""
    yield f"{lever.key}: {lever.title}  [{GROUPS[lever.group]}]"
    yield ""
    yield from _wrapped("", lever.about)
    yield from _wrapped("Bear in mind: ", lever.must_not)
    if lever.expectation is not None:
        yield from _wrapped("What to expect: ", " ".join(expected(lever.expectation)))
    yield f"Report: {lever.section}"
    yield f"Recommendations it stands for: {ideas(tables)[lever.key]}"
    yield f"Weakest grade: {lever.grade} ({GRADES[lever.grade]})"
    yield f"Who takes part: {TAKING_PART[lever.taking_part]}"
    if lever.contradicts:
        yield f"Contradicts: {', '.join(lever.contradicts)}"
    yield "\nDials"
    for dial in lever.dials:
        yield f"  {dial.name} = {dial.default:g}  [{_range(dial)}]"
        yield from _wrapped("    ", f"{dial.about}; {dial.grade} ({dial.source}); {_acts(dial)}")
        believed = f"{dial.prior.in_words(dial.unit)}. {dial.prior.reason}"
        yield from _wrapped("    ", f"believed: {believed}")
    yield "\nWhat it takes"
    yield from _costs(lever)
    yield "\nDates, reach and strength"
    for name, value in lever.settings.items():
        if isinstance(value, dict):
            for part, inner in value.items():
                yield f"  {name}.{part} = {_shown(inner)}"
        else:
            yield f"  {name} = {_shown(value)}"
    yield f"\nTry: hesim run levers={lever.key} levers.{lever.key}.{lever.dials[0].name}=0"


def expected(entry: Expectation) -> Iterator[str]:
    """Sentences that say what a reader may expect of a lever, and against which evidence."""
    yield " ".join(entry.words.split())
    for what, span in entry.ranges.items():
        yield f"Expected {what}: {span}."
    yield f"Evidence: {' '.join(entry.source.split()).rstrip('.')}."


def _costs(lever: Description) -> Iterator[str]:
    """Each item of a lever's cost."""
    if not lever.costs:
        yield "  No cost is known."
    for item in lever.costs:
        moved = ", a transfer: no resources are used" if item.transfer else ""
        yield (
            f"  {item.name} = {item.whole:,.0f} euros  [{item.low:,.0f} to {item.high:,.0f}] for "
            f"{UNITS_OF_COST[item.per].partition(';')[0]}"
        )
        yield from _wrapped(
            "    ",
            f"{item.about}; {made_of(item)}; paid by {PAYERS[item.pays]}{moved}; prices of "
            f"{item.year}; {item.grade} ({item.source})",
        )


def made_of(item: Cost) -> str:
    """Days and money that a unit of an item of cost is made of."""
    parts = (
        f"{_days(item.days)} of who takes part" * bool(item.days),
        f"{_days(item.hosts)} of others" * bool(item.hosts),
        f"{item.euros:,.0f} euros spent" * bool(item.euros),
    )
    return ", ".join(part for part in parts if part) or "nothing"


def _days(number: float) -> str:
    return f"{number:g} day" if number == 1.0 else f"{number:g} days"


def _acts(dial: Dial) -> str:
    scaled = "" if dial.scaled else "; strength does not scale it"
    return f"acts on {dial.acts}{scaled}"


def _range(dial: Dial) -> str:
    return f"{dial.low:g} to {dial.high:g} {dial.unit}"


def _shown(value: object) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(str(each) for each in value) + "]"
    return "null" if value is None else str(value)


def _wrapped(first: str, text: str) -> list[str]:
    rest = " " * len(first) if not first.strip() else ""
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=rest)


def recommendations(tables: ReportTables) -> Iterator[str]:
    """All ideas of the conference and of chapter 5, with the lever that stands for each."""
    for number, row in enumerate(tables.recommendations, start=1):
        second = f"+ {row.second_lever}" if row.second_lever != NONE else ""
        dose = "" if row.dose is None else f"{row.dose:g}"
        yield (
            f"{number:4} {row.source:6}{row.colour:10}{row.lever:24}{second:26}{row.fit:11}"
            f"{dose:6}{row.idea}"
        )
    asked = sum(row.colour == QUESTION for row in tables.recommendations)
    whole = len(tables.recommendations) - asked
    fits = Counter(row.fit for row in tables.recommendations)
    none = sum(row.lever == NONE for row in tables.recommendations)
    yield f"\n{whole} recommendations, and {asked} question that the report asks itself."
    yield f"{len(tables.recommendations) - none} of them have a lever, {none} have none."
    yield from _wrapped("", "; ".join(f"{fits[fit]} {fit}: {about}" for fit, about in FITS.items()))


def mechanisms() -> Iterator[str]:
    """What a dial can act on, for who writes a lever of their own."""
    for each in MECHANISMS.values():
        bent = " (changes how others act)" if each.modifies else ""
        yield f"{each.name}: {each.about}{bent}"
        for parameter, about in each.parameters.items():
            yield f"    {each.name}.{parameter}: {about}"


def reach_names(tables: ReportTables) -> Iterator[str]:
    """Names that reach.institutions and reach.partnerships take."""
    yield "reach.institutions"
    for institution in tables.institutions:
        yield f"  {institution.name} ({institution.sector}, {institution.region})"
    yield "reach.partnerships"
    for name in dict.fromkeys(each.initiative for each in tables.partnerships):
        yield f"  {name}"
