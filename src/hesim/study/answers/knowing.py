"""Ask a study what is worth knowing, as somebody types it; and say the answer in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hesim.config import ConfigErrors, Problem
from hesim.input.problems import nearest
from hesim.levers.arms import BASELINE
from hesim.levers.titles import arm_title
from hesim.outcomes.registry import UNITS
from hesim.study.answers.effects import levels, paired_differences, records
from hesim.study.answers.phrases import listed
from hesim.study.answers.question import ASKED, Answer, blank_answers
from hesim.study.answers.surveys import SIZES
from hesim.study.answers.worth_knowing import Knowing, weigh_topics

if TYPE_CHECKING:
    from hesim.study.folder import Study

TABLE = "worth_knowing"
ARMS = "arms"
"""What arms are chosen between, on the command line."""
LARGEST = 10_000_000
"""People or vacancies that a survey can ask at most."""
TOGETHER = ("group", "lever", "bound")
"""Kinds of rows that hold several things at once."""


def ask_knowing(study: Study, overrides: Sequence[str] = ()) -> tuple[Answer, Knowing]:
    """What is worth knowing for a choice between the arms of a study.

    Args:
        study: The study, whole.
        overrides: `study.outcome` and `study.better`; `arms=[a,b]`, to choose between these alone;
            `movers`, `asked` and `vacancies`, how many each survey asks.

    Returns:
        Answers with the table `worth_knowing`, and what it says.

    Raises:
        ConfigErrors: overrides that cannot hold.
        NotLearnable: the study cannot say it.
    """
    sizes, arms, rest, problems = _read(study, overrides)
    try:
        made = blank_answers(study, rest, UNITS)
    except ConfigErrors as error:
        raise ConfigErrors([*problems, *error.problems]) from None
    if problems:
        raise ConfigErrors(problems)
    studies = study.of_structures() or {"": study}
    effects = {}
    for name, part in studies.items():
        tables = paired_differences(levels(part, made.outcome))
        effects[name] = {key: table for key, table in tables.items() if not arms or key[0] in arms}
    found = weigh_topics(studies, effects, made.better, sizes)
    made.tables[TABLE] = found.table
    made.notes += found.notes
    return made, found


def _read(
    study: Study, overrides: Sequence[str]
) -> tuple[dict[str, int], list[str], list[str], list[Problem]]:
    """Sizes of surveys, arms, what is left of the words, and what is wrong with them."""
    sizes, arms, rest, problems = dict(SIZES), [], [], []
    there = [arm for arm in study.arms if arm != BASELINE]
    known = [*SIZES, ARMS, *(f"study.{name}" for name in ASKED)]
    for line in overrides:
        name, _, value = line.partition("=")
        if name in SIZES:
            if value.isdecimal() and 0 < int(value) <= LARGEST:
                sizes[name] = int(value)
            else:
                allowed = f"must be a whole number from 1 to {LARGEST:,}"
                problems.append(Problem(name, value, allowed))
        elif name == ARMS:
            arms = [each.strip() for each in value.strip("[]").split(",")]
            for each in arms:
                if each not in there:
                    allowed = "must be arms of the study: " + ", ".join(there)
                    problems.append(Problem(ARMS, each, allowed, nearest(each, there)))
        elif name in known:
            rest.append(line)
        else:
            allowed = "must be one of " + ", ".join(known)
            problems.append(Problem(name, value, allowed, nearest(name, known)))
    return sizes, arms, rest, problems


def knowing_sentences(found: Knowing, unit: str) -> list[str]:
    """What would be worth most to know, and which survey would; nothing that is within noise.

    Args:
        found: What is worth knowing.
        unit: Unit of the outcome.
    """
    rows = records(found.table)
    names = listed([*map(arm_title, found.choices), "doing nothing"])
    said = [
        f"Between {names}, {found.usual} does best on average over {found.worlds} worlds, and "
        "would be chosen now."
    ]
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
        f"Knowing everything could bring {bound['value']:,.1f} {unit} at most. What is believed of "
        "parameters and dials decides these values, and most of it is assumed."
    )
    return said


def _worth(row: dict[str, object], unit: str) -> str:
    return (
        f'"{row["title"]}" would be worth most to know: {row["value"]:,.1f} {unit} (95% interval '
        f"{row['low']:,.1f} to {row['high']:,.1f}), as in {row['changes_percent']:.0f} of 100 "
        "worlds another choice would be made"
    )
