"""Ask a study what is worth knowing, as somebody types it; and say the answer in a sentence."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hesim.config import ConfigErrors, Problem
from hesim.input.document import with_point
from hesim.input.problems import nearest
from hesim.levers.arms import BASELINE
from hesim.levers.titles import arm_title
from hesim.outcomes.registry import UNITS
from hesim.study.answers.comparison import costs_of
from hesim.study.answers.effects import levels, paired_differences, records
from hesim.study.answers.net_value import EUROS, Weighing
from hesim.study.answers.phrases import enumeration
from hesim.study.answers.question import ASKED, Answer, blank_answers, finite_number
from hesim.study.answers.surveys import SIZES
from hesim.study.answers.worth import OF_COSTS, price_of
from hesim.study.answers.worth_knowing import NOTHING, Knowing, NotLearnable, weigh_topics
from hesim.study.unpriced import left_out_sentences, unpriced_of

if TYPE_CHECKING:
    from hesim.study.folder import Study

TABLE = "worth_knowing"
NET_TABLE = "worth_knowing_net"
"""The table where costs count: beside the other, so that none is taken for the other."""
VALUE, BUDGET = "value", "budget"
"""Euros that an additional one is worth, and euros a year that an arm may cost at most."""
ARMS = "arms"
"""What arms are chosen between, on the command line."""
ALLOWED = {
    VALUE: "must be euros that an additional one is worth, above 0",
    BUDGET: "must be euros a year, from 0 up",
}
"""What the amounts may be."""
LARGEST = 10_000_000
"""People or vacancies that a survey can ask at most."""
TOGETHER = ("group", "lever", "bound")
"""Kinds of rows that hold several things at once."""


@dataclass
class _KnowingRequest:
    """What somebody types about a choice.

    Attributes:
        sizes: How many each survey asks, by its name.
        arms: Names of the arms that are chosen between; all of the study if empty.
        amounts: Euros by `VALUE` and `BUDGET`, of those that are typed.
        rest: What is said of the outcome.
        problems: What is wrong.
    """

    sizes: dict[str, int] = field(default_factory=lambda: dict(SIZES))
    arms: list[str] = field(default_factory=list)
    amounts: dict[str, float] = field(default_factory=dict)
    rest: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def ask_knowing(study: Study, overrides: Sequence[str] = ()) -> tuple[Answer, Knowing]:
    """What is worth knowing for a choice between the arms of a study.

    Args:
        study: The study, whole.
        overrides: `study.outcome` and `study.better`; `arms=[a,b]`, to choose between these alone;
            `movers`, `asked` and `vacancies`, how many each survey asks; `value`, euros that an
            additional one of the outcome is worth; `budget`, euros a year that an arm may cost.

    Returns:
        Answers with the table `worth_knowing`, or `worth_knowing_net` where costs count, and what
        it says.

    Raises:
        ConfigErrors: overrides that cannot hold.
        NotLearnable: the study cannot say it.
    """
    request = _read(study, overrides)
    try:
        made = blank_answers(study, request.rest, UNITS)
    except ConfigErrors as error:
        raise ConfigErrors([*request.problems, *error.problems]) from None
    weighing = Weighing(request.amounts.get(VALUE), request.amounts.get(BUDGET))
    if weighing.value is not None and made.outcome in OF_COSTS:
        words = f"cannot be a cost itself beside {VALUE}: nothing is paid for a cost"
        request.problems.append(Problem("study.outcome", made.outcome, words))
    if request.problems:
        raise ConfigErrors(request.problems)
    asked = request.arms or [arm for arm in study.arms if arm != BASELINE]
    unpriced = {arm: of for arm, of in unpriced_of(study).items() if arm in asked}
    if weighing.of_costs:
        made.notes += left_out_sentences(unpriced)
        asked = [arm for arm in asked if arm not in unpriced]
        if unpriced and not asked:
            raise NotLearnable(f"has no arm to choose: {'; '.join(made.notes)}")
    studies = study.of_structures() or {"": study}
    effects = {}
    for name, part in studies.items():
        tables = paired_differences(levels(part, made.outcome))
        effects[name] = {key: table for key, table in tables.items() if key[0] in asked}
    costs = {name: costs_of(part).of_arms(asked) for name, part in studies.items()}
    paid = costs if weighing.of_costs else None
    found = weigh_topics(studies, effects, made.better, request.sizes, weighing, paid)
    made.unit = weighing.unit(made.unit)
    if weighing.of_costs:
        made.tables[NET_TABLE] = found.table.assign(
            unit=made.unit, value_each=weighing.value, budget=weighing.budget
        )
    else:
        made.tables[TABLE] = found.table
    made.notes += found.notes
    return made, found


def _read(study: Study, overrides: Sequence[str]) -> _KnowingRequest:
    """Read what is typed, with what is wrong about it."""
    request = _KnowingRequest()
    there = [arm for arm in study.arms if arm != BASELINE]
    known = [*SIZES, ARMS, VALUE, BUDGET, *(f"study.{name}" for name in ASKED)]
    for line in overrides:
        name, _, value = line.partition("=")
        if name in SIZES:
            if value.isdecimal() and 0 < int(value) <= LARGEST:
                request.sizes[name] = int(value)
            else:
                allowed = f"must be a whole number from 1 to {LARGEST:,}"
                request.problems.append(Problem(name, value, allowed))
        elif name in ALLOWED:
            amount = finite_number(value)
            if amount is None or amount < 0.0 or (name == VALUE and amount == 0.0):
                request.problems.append(Problem(name, value, ALLOWED[name], with_point(value)))
            else:
                request.amounts[name] = amount
        elif name == ARMS:
            request.arms = [each.strip() for each in value.strip("[]").split(",")]
            for each in request.arms:
                if each not in there:
                    allowed = "must be arms of the study: " + ", ".join(there)
                    request.problems.append(Problem(ARMS, each, allowed, nearest(each, there)))
        elif name in known:
            request.rest.append(line)
        else:
            allowed = "must be one of " + ", ".join(known)
            request.problems.append(Problem(name, value, allowed, nearest(name, known)))
    return request


def knowing_sentences(found: Knowing, made: Answer) -> list[str]:
    """What would be worth most to know, and which survey would; nothing that is within noise.

    Args:
        found: What is worth knowing.
        made: The answer that it stands in.
    """
    rows, unit = records(found.table), made.unit
    names = enumeration([*map(arm_title, found.choices), NOTHING])
    said = [
        f"Between {names}, {found.usual} does best on average over {found.worlds} worlds, and "
        "would be chosen now."
        if found.choices
        else f"The budget leaves nothing to choose but {NOTHING}."
    ]
    said += _of_costs(found, made)
    if not found.choices:
        return said
    alone = [row for row in rows if row["told"] and row["kind"] not in TOGETHER]
    groups = [row for row in rows if row["told"] and row["kind"] in TOGETHER]
    if alone:
        said.append(f"Of single things, {_worth(alone[0], unit)}.")
    else:
        said.append("Of no single thing can it be told that knowing it would change the choice.")
    surveys = [row for row in alone if row["kind"] == "survey"]
    if surveys and surveys[0] is not alone[0]:
        said.append(f"Of the surveys, {_worth(surveys[0], unit)}.")
    elif not surveys and any(row["kind"] == "survey" for row in rows):
        said.append("Of no survey can it be told that it would be worth anything.")
    if groups:
        said.append(f"Of what is known together, {_worth(groups[0], unit)}.")
    bound = next(row for row in rows if row["kind"] == "bound")
    said.append(
        f"Knowing everything could bring {_amount(bound['value'], unit)} {unit} at most. What is "
        "believed of parameters and dials decides these values, and most of it is assumed."
    )
    return said


def conditions(found: Knowing) -> str:
    """At which value and budget the choice is made, as a title ends; nothing without them."""
    weighing = found.weighing
    each = "" if weighing.value is None else f", at {weighing.value:,.0f} euros each"
    most = "" if weighing.budget is None else f", for {weighing.budget:,.0f} euros a year at most"
    return each + most


def _of_costs(found: Knowing, made: Answer) -> list[str]:
    """At which value and budget the choice is made, and what it brings and costs."""
    weighing = found.weighing
    if not weighing.of_costs:
        return []
    assumed = "What levers cost is drawn from its range in each world, and most of it is assumed."
    said = []
    if weighing.value is not None:
        each = price_of(made.outcome, UNITS.get(made.outcome, "persons a year"), made.better)
        said.append(
            f"At {weighing.value:,.0f} euros for {each}, that choice brings {found.gain:,.0f} "
            f"{made.unit} more than it costs, and costs {found.cost:,.0f}."
        )
        if math.isfinite(found.least_value):
            said.append(
                "Some arm brings more than it costs from a value of "
                f"{found.least_value:,.0f} euros on."
            )
    if weighing.budget is not None:
        said.append(
            f"The budget is {weighing.budget:,.0f} euros a year; where an arm costs more, it may "
            "not be chosen."
        )
    return [*said, assumed]


def _worth(row: dict[str, Any], unit: str) -> str:
    value, low, high = (_amount(row[name], unit) for name in ("value", "low", "high"))
    return (
        f'"{row["title"]}" would be worth most to know: {value} {unit} (95% interval '
        f"{low} to {high}), as in {row['changes_percent']:.0f} of 100 "
        "worlds another choice would be made"
    )


def _amount(value: float, unit: str) -> str:
    """A value as it is read: whole euros, and other units to a tenth."""
    return f"{value:,.0f}" if unit == EUROS else f"{value:,.1f}"
