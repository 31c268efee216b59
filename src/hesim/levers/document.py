"""Write docs/levers.md from the levers' files and docstrings: `python -m hesim.levers.document`."""

from __future__ import annotations

import inspect
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from hesim import categories as c
from hesim.levers.catalogue import Description, Dial, catalogue, packages
from hesim.levers.cost import DAY, Cost
from hesim.levers.document_text import COSTS, DIALS, GRADED, HEAD, IDEAS, OWN, PRIORS, TOGETHER
from hesim.levers.expectation import FIGURES
from hesim.levers.printing import FITS, NONE, QUESTION
from hesim.levers.prior import Prior
from hesim.levers.registry import (
    GRADES,
    GROUPS,
    MECHANISMS,
    PAYERS,
    TAKING_PART,
    UNITS_OF_COST,
    Mechanism,
)
from hesim.tables import ReportTables

YEAR = 2014
"""Year of prices that a cost need not name."""


def document_lines() -> Iterator[str]:
    """The document, line by line."""
    from hesim.tables import read

    levers, tables = catalogue(), read()
    yield HEAD.rstrip("\n")
    yield from (f"| `{key}` | {about} |" for key, about in TAKING_PART.items())
    yield from _grades()
    yield from _costs_explained()
    yield TOGETHER.rstrip("\n")
    yield "\n## Ready packages\n\n| Package | Levers |\n|---|---|"
    for name, members in packages().items():
        yield f"| `levers={name}` | {_members(members, levers)} |"
    for group, title in GROUPS.items():
        yield f"\n## {title}"
        for lever in levers:
            if lever.group == group:
                yield from _section(lever, tables)
    yield from _ideas(tables)
    yield OWN.rstrip("\n")
    for each in MECHANISMS.values():
        yield f"| **{each.name}** | {each.about} |"
        yield from _parameters(each)
    yield "\n## Processes of their own\n"
    yield from _processes()


def _grades() -> Iterator[str]:
    yield "\n## Grades\n\nEvery default and every cost says what it rests on, the best first.\n"
    yield "| Grade | Rests on |"
    yield "|---|---|"
    yield from (f"| {grade} | {GRADED[grade]} |" for grade in GRADES)


def _costs_explained() -> Iterator[str]:
    units = "\n".join(f"| `{key}` | {about} |" for key, about in UNITS_OF_COST.items())
    payers = "\n".join(f"| `{key}` | {about} |" for key, about in PAYERS.items())
    figures = "\n".join(f"| `{key}` | {about} |" for key, about in FIGURES.items())
    words = {"{day}": f"{DAY:g}", "{units}": units, "{payers}": payers, "{figures}": figures}
    text = PRIORS.rstrip("\n")
    for name, value in words.items():
        text = text.replace(name, value)
    yield text


def _parameters(mechanism: Mechanism) -> Iterator[str]:
    """Rows of a mechanism's parameters; those that only differ by their own names share a row."""
    alike: dict[str, list[str]] = {}
    for name, about in mechanism.parameters.items():
        whole = re.sub(rf"\b{name}\b", "NAME", about)
        alike.setdefault(whole, []).append(name)
    for about, names in alike.items():
        if len(names) == 1:
            yield f"| `{mechanism.name}.{names[0]}` | {mechanism.parameters[names[0]]} |"
        else:
            listed = ", ".join(f"`{name}`" for name in names)
            yield f"| `{mechanism.name}.NAME` | {about}; NAME is one of {listed} |"


def _members(members: Sequence[str], levers: Sequence[Description]) -> str:
    """The levers of a package; of one with most levers those that it lacks."""
    absent = [lever.key for lever in levers if lever.key not in members]
    if len(absent) < len(members):
        return f"all but {', '.join(f'`{key}`' for key in absent)}"
    return ", ".join(f"`{key}`" for key in members)


def _section(lever: Description, tables: ReportTables) -> Iterator[str]:
    yield f"\n### {lever.key}: {lever.title}\n"
    yield f"{lever.about}\n"
    yield f"*Bear in mind:* {lever.must_not}\n"
    if lever.expectation is not None:
        yield f"*What to expect:* {' '.join(lever.expectation.words.split())}\n"
    yield "| In short | |\n|---|---|"
    yield from (f"| {name} | {text} |" for name, text in _in_brief(lever, tables))
    yield DIALS
    yield from map(_dial, lever.dials)
    if lever.costs:
        yield COSTS
        yield from map(_cost, lever.costs)


def _in_brief(lever: Description, tables: ReportTables) -> Iterator[tuple[str, str]]:
    """Names and texts of the table with which a lever's section begins."""
    reach = lever.settings["reach"]
    assert isinstance(reach, dict)
    yield "Takes part", f"{lever.taking_part}, share {reach['share']:g}: {_roles(reach['roles'])}"
    if lever.expectation is not None:
        for what, span in lever.expectation.ranges.items():
            yield f"Expected {what}", str(span)
        yield "Evidence", " ".join(lever.expectation.source.split())
    yield "Report", f"{lever.section}; {_stands_for(lever.key, tables)}"
    yield "Weakest grade", lever.grade
    if lever.contradicts:
        yield "Contradicts", ", ".join(f"`{key}`" for key in lever.contradicts)


def _stands_for(key: str, tables: ReportTables) -> str:
    """How many recommendations a lever stands for, by fit."""
    fits = Counter(
        row.fit for row in tables.recommendations if key in (row.lever, row.second_lever)
    )
    number = sum(fits.values())
    by_fit = ", ".join(f"{fits[fit]} {fit}" for fit in FITS if fits[fit])
    return f"{number} recommendation{'s' * (number != 1)} ({by_fit})"


def _roles(roles: Sequence[str]) -> str:
    of_hbo_and_wo = {*c.ROLES} - {c.ROLES[c.PROFESSIONAL], c.ROLES[c.JOB_SEEKER]}
    if not roles or set(roles) == of_hbo_and_wo:
        return "all of hbo and wo" if roles else "all"
    return ", ".join(roles)


def _dial(dial: Dial) -> str:
    return (
        f"| `{dial.name}` | {dial.default:g} {dial.unit} | "
        f"{dial.about}{'' if dial.scaled else '; not scaled'} | `{dial.acts}` | "
        f"{dial.low:g} to {dial.high:g} | {_in_short(dial.prior)} | {dial.grade} | "
        f"{_sentence(dial.source)} {dial.prior.reason} |"
    )


def _in_short(prior: Prior) -> str:
    if not prior.is_drawn:
        return "fixed"
    top = f", top {prior.mode:g}" if prior.shape == "triangular" else ""
    return f"{prior.low:g} to {prior.high:g}{top}, {prior.shape}"


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:].rstrip(".") + "."


def _cost(item: Cost) -> str:
    transfer = " (transfer)" * item.transfer
    prices = f" Prices of {item.year}." * (item.year != YEAR)
    return (
        f"| `{item.name}`{transfer}: {item.about} | {item.per} | {item.whole:,.0f} | "
        f"{item.low:,.0f} to {item.high:,.0f} | {_made_of(item)} | {item.pays} | "
        f"{item.grade} | {_sentence(item.source)}{prices} |"
    )


def _made_of(item: Cost) -> str:
    """Days of who takes part, days of others and euros, of a unit of an item of cost."""
    days = f"{item.days:g} + {item.hosts:g} days" * bool(item.days or item.hosts)
    return ", ".join(part for part in (days, f"{item.euros:,.0f} euros" * bool(item.euros)) if part)


def _ideas(tables: ReportTables) -> Iterator[str]:
    """How recommendations became levers, and all of them."""
    rows = tables.recommendations
    fits = Counter(row.fit for row in rows)
    told = "\n".join(f"| {fit} | {about} | {fits[fit]} |" for fit, about in FITS.items())
    count = sum(row.colour != QUESTION for row in rows)
    yield IDEAS.replace("{count}", str(count)).replace("{fits}", told).rstrip("\n")
    for row in rows:
        levers = (f"`{key}`" for key in (row.lever, row.second_lever) if key != NONE)
        dose = "" if row.dose is None else f"{row.dose:g}"
        source = row.source if "." in row.source else f"{row.source} {row.colour}"
        yield f"| {source} | {row.idea} | {' + '.join(levers)} | {row.fit} | {dose} |"


def _processes() -> Iterator[str]:
    from hesim.levers.processes import PROCESSES

    for name, process in PROCESSES.items():
        module = inspect.getmodule(process)
        assert module is not None and module.__file__ is not None
        title, _, text = (module.__doc__ or "").strip().partition("\n")
        yield f"### {name} (`{Path(module.__file__).name}`)\n"
        yield f"{title}\n{text.rstrip()}\n"


if __name__ == "__main__":
    print("\n".join(document_lines()).rstrip())
