"""Write docs/levers.md from the levers' files and docstrings: `python -m hesim.levers.document`."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from hesim import categories as c
from hesim.levers.catalogue import Description, Dial, catalogue, packages
from hesim.levers.cost import DAY, Cost
from hesim.levers.expectation import FIGURES
from hesim.levers.printing import FITS, NONE, QUESTION, expected, made_of
from hesim.levers.prior import Prior
from hesim.levers.registry import (
    GRADES,
    GROUPS,
    MECHANISMS,
    PAYERS,
    TAKING_PART,
    UNITS_OF_COST,
)
from hesim.tables import ReportTables

HEAD = """\
# The levers

Generated from `conf/levers/` and the docstrings of `src/hesim/levers/` by
`uv run python -m hesim.levers.document`, which prints it; a test keeps it current.

**Effect sizes are typed in, not found.** Each dial has a default, a range that includes zero, a
grade, and a distribution of what is believed of it. What a lever brings about (moves, PhDs in hbo,
vacancy times) emerges from the model and carries the weakest grade that entered. `strength=0` is
the baseline exactly.

    hesim levers                                     # all, with grade, reach and number of ideas
    hesim levers single_cao                          # one of them
    hesim levers --recommendations                   # the report's ideas, with the levers for each
    hesim run levers=single_cao,meet_and_greet       # policy beside baseline, paired
    hesim run levers=awareness levers.meet_and_greet.start=2015-01
    hesim run levers=joint_research attribution=true

## What every lever has

| Entry | Meaning |
|---|---|
| `start`, `end` | first and last month, as `2014-01`; `end: null` is the end of the run |
| `ramp` | months over which the dials rise |
| `fade` | share of the effect that is lost each year |
| `strength` | 0 to 1; scales every dial but lengths and limits (`not scaled` below) |
| `reach` | `regions`, `institutions`, `partnerships`, `fields`, `roles` (empty: all) and `share` |
| `costs` | what it takes, item by item; see below |
| `expect` | what a reader may expect of it, and against which evidence; see below |
| each dial | its size; under `dials`: what it acts on, range, unit, grade, source and `prior` |

`reach.share` is a share of what `taking_part` says:
"""

GRADED = {
    "R": "a figure or a rule of the report itself",
    "P": "a public figure of the same instrument in the Netherlands",
    "T": "evidence from elsewhere: another country, another instrument, other people",
    "A": "assumed or reasoned; no figure was found",
}
"""What each grade means, for a reader."""

PRIORS = """
A grade says what a default rests on. How sure it is says its `prior`.

## What is believed of a dial

`prior` is the distribution that a dial has before anybody has measured it, with a sentence for its
reason. A study draws dials from it with `study.dials=prior`, together with the parameters, so that
an interval holds what is not known of either. A run takes the defaults.

| Shape | What its numbers are |
|---|---|
| `lognormal`, `normal`, `beta` | `low` and `high`: one in twenty lies below, one in twenty above |
| `triangular` | `low` and `high` are the ends, `mode` is the top |
| `uniform` | `low` and `high` are the ends |
| `fixed` | not drawn: the dial says what the lever is, not how strong it is |

Whatever lies outside of the dial's range is cut off.

## What a lever takes

`costs` lists items. One unit of an item takes working days of those who take part (`days`), working
days of others (`hosts`) and money that is spent (`euros`). A day is priced at {day} euros: a
lecturer of hbo costs 75,000 euros a year (2014) for 207 days. The whole cost of a unit is the sum
of the three. It lies in the range (`low` to `high`) with a chance of 90%.

A **transfer** moves money from one to another and uses no resources. It is told apart and is in no
sum of costs. `costs.csv` of a run has all items by year, at full scale.

| Counted by `per` | What a unit is |
|---|---|
{units}

| `pays` | Who that is |
|---|---|
{payers}

## What to expect

`expect` says what evidence there is of what the lever brings about. It is no setting: nothing in
the model reads it. `words` tell it and `source` names the evidence. Two ranges may stand beside
them, where something is known or can be reasoned:

| Range | What it is of |
|---|---|
{figures}

A long test runs a small study of the levers that have a range. The persons must lie in theirs. The
95% interval of the crossings must share a part with theirs.
"""

IDEAS = """
## What the report recommends

The conference and chapter 5 hold {count} recommendations, and the report asks one question itself.
Each has the lever that stands for it, if any, and says how well (`fit`) and at which strength
(`dose`). A dose of 0.25 is an idea a quarter the size of the lever, such as a lunch beside a day of
meeting. A second lever stands for what the first leaves out; the idea is both, at that strength.

| Fit | Meaning | Ideas |
|---|---|---|
{fits}

An exact idea has the dose 1 and no second lever. A principle has no lever and no dose.

**No lever stands for a teaching certificate.** The report names no certificate and no course before
a post. It asks for introduction, training and coaching after the step (5.2), which is
`introduction_programme`. What a certificate costs where a hogeschool asks less practice is an item
of `strategic_recruitment`, and posts that ask for one are a setting of the model
(`model.requirements.asked.certificate`).

| Source | Idea | Lever | Second lever | Fit | Dose |
|---|---|---|---|---|---|
"""

OWN = """
## A lever of your own

A lever that turns dials of known mechanisms needs a YAML file and no Python. Make a folder with
`levers/my_lever.yaml` and run `hesim run --config FOLDER levers=my_lever`. Copy a file of
`conf/levers/`; its first line must be `# @package levers.my_lever`. Needed are the words (`title`
to `taking_part`), dates, reach and strength, then each dial as `name: default`, and under `dials:`
for each dial what it `acts` on, `min` and `max` (zero included), `unit`, `grade`, `source`, `about`
and, for lengths and limits, `scaled: false`. What dials can act on stands below;
`hesim levers --mechanisms` prints it.

Three entries may be left out. Without `costs` no cost of the lever is known. Without `expect`
nothing is said of what to expect. Without `prior` a dial may lie anywhere in its range, most likely
at its default.

A file without that first line is a ready package: `defaults:` lists levers, and the rest sets dials
of theirs. A file that does neither is refused.

## Levers that act together

No lever overwrites another. Chances and shares that several levers add are joined as
1 - (1 - a)(1 - b). Factors are multiplied. Points, contacts and utilities are added. Two levers
that keep newcomers each do so for their own months. A vacancy that one lever makes larger and
another smaller becomes larger. Two levers on `terms` are refused, as both would close the same gap.

A lever that acts in no month of a run is no error, but `hesim check`, `hesim run` and `hesim study`
warn of it.

## Mechanisms

| Acts on | Meaning |
|---|---|
"""


def document_lines() -> Iterator[str]:
    """The document, line by line."""
    from hesim.tables import read

    levers, tables = catalogue(), read()
    yield HEAD.rstrip("\n")
    yield ""
    yield from (f"- `{key}`: {about}" for key, about in TAKING_PART.items())
    yield from _grades()
    yield from _costs_explained()
    yield OWN.rstrip("\n")
    for each in MECHANISMS.values():
        yield f"| **{each.name}** | {each.about} |"
        yield from (
            f"| `{each.name}.{name}` | {about} |" for name, about in each.parameters.items()
        )
    yield "\n## Ready packages\n"
    for name, members in packages().items():
        yield f"- `levers={name}`: {', '.join(members)}"
    for group, title in GROUPS.items():
        yield f"\n## {title}"
        for lever in levers:
            if lever.group == group:
                yield from _section(lever, tables)
    yield from _ideas(tables)
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


def _section(lever: Description, tables: ReportTables) -> Iterator[str]:
    yield f"\n### {lever.key}: {lever.title}\n"
    yield f"{lever.about}\n"
    yield f"*Not typed in:* {lever.must_not}\n"
    if lever.expectation is not None:
        first, *more = expected(lever.expectation)
        yield f"*What to expect:* {first}\n"
        if more:
            yield f"{' '.join(more)}\n"
    reach = lever.settings["reach"]
    assert isinstance(reach, dict)
    yield (
        f"Report: {lever.section}. Stands for {_stands_for(lever.key, tables)}. Weakest grade: "
        f"{lever.grade}. Takes part: {lever.taking_part}, share {reach['share']:g}. "
        f"Roles: {_roles(reach['roles'])}."
    )
    if lever.contradicts:
        yield f"Contradicts: {', '.join(lever.contradicts)}."
    yield "\n| Dial | Default | Range | Grade | Acts on | Meaning |"
    yield "|---|---|---|---|---|---|"
    yield from map(_dial, lever.dials)
    yield "\n| Dial | Believed | Because | Evidence of the default |"
    yield "|---|---|---|---|"
    yield from map(_believed, lever.dials)
    if lever.costs:
        yield "\n| Cost | For | Euros | Range | Made of | Paid by | Grade | Evidence |"
        yield "|---|---|---|---|---|---|---|---|"
        yield from map(_cost, lever.costs)


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
        f"| `{dial.name}` | {dial.default:g} {dial.unit} | {dial.low:g} to {dial.high:g} | "
        f"{dial.grade} | `{dial.acts}` | {dial.about}{'' if dial.scaled else '; not scaled'} |"
    )


def _believed(dial: Dial) -> str:
    return (
        f"| `{dial.name}` | {_in_short(dial.prior)} | {dial.prior.reason} | "
        f"{_sentence(dial.source)} |"
    )


def _in_short(prior: Prior) -> str:
    if not prior.is_drawn:
        return "fixed"
    top = f", top {prior.mode:g}" if prior.shape == "triangular" else ""
    return f"{prior.low:g} to {prior.high:g}{top}, {prior.shape}"


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:].rstrip(".") + "."


def _cost(item: Cost) -> str:
    per = UNITS_OF_COST[item.per].partition(";")[0]
    transfer = " (transfer)" * item.transfer
    return (
        f"| `{item.name}`{transfer}: {item.about} | {per} | {item.whole:,.0f} | "
        f"{item.low:,.0f} to {item.high:,.0f} | {made_of(item)} | {PAYERS[item.pays]} | "
        f"{item.grade} | {_sentence(item.source)} Prices of {item.year}. |"
    )


def _ideas(tables: ReportTables) -> Iterator[str]:
    """How recommendations became levers, and all of them."""
    rows = tables.recommendations
    fits = Counter(row.fit for row in rows)
    told = "\n".join(f"| {fit} | {about} | {fits[fit]} |" for fit, about in FITS.items())
    count = sum(row.colour != QUESTION for row in rows)
    yield IDEAS.replace("{count}", str(count)).replace("{fits}", told).rstrip("\n")
    for row in rows:
        levers = (f"`{key}`" if key != NONE else "" for key in (row.lever, row.second_lever))
        dose = "" if row.dose is None else f"{row.dose:g}"
        source = row.source if "." in row.source else f"session {row.source}, {row.colour}"
        yield f"| {source} | {row.idea} | {' | '.join(levers)} | {row.fit} | {dose} |"


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
