"""Say what would be worth most to know before one chooses between the arms of a study."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hesim.levers.titles import arm_title
from hesim.study.answers.best import CostDifferences, Worlds, together, worlds_of
from hesim.study.answers.effects import Tables
from hesim.study.answers.information import LEAST_WORLDS, Information, partial, perfect
from hesim.study.answers.net_value import Weighing
from hesim.study.answers.survey_values import Held, NotMeasured
from hesim.study.answers.surveys import SETTINGS, SIZES, SURVEYS
from hesim.study.answers.topics import differences_between, groups_of_draws, topics_of
from hesim.study.points import CENTRAL

if TYPE_CHECKING:
    import pandas as pd

    from hesim.study.folder import Study

NOTHING = "doing nothing"
"""The choice that is there beside all arms."""


BY_EFFECT = Weighing()
"""Arms are weighed by their effects alone."""


class NotLearnable(ValueError):
    """A study that cannot say what is worth knowing; the message says why, and what to do."""


@dataclass(frozen=True)
class Knowing:
    """What is worth knowing.

    Attributes:
        table: See `weigh_topics`.
        choices: Names of the arms that are chosen between, besides doing nothing.
        usual: Title of what is best on average, and would be chosen now.
        worlds: Worlds that it rests on.
        notes: What cannot be said, and why.
        weighing: How arms were weighed.
        gain: What the usual choice brings on average, in the unit of the weighing.
        cost: What it costs on average, euros a year, and nothing where it may not be chosen; not a
            number where costs do not count.
        least_value: See `Weighing.least_value`; not a number where costs do not count.
    """

    table: pd.DataFrame
    choices: tuple[str, ...]
    usual: str
    worlds: int
    notes: tuple[str, ...]
    weighing: Weighing
    gain: float
    cost: float
    least_value: float


def weigh_topics(
    studies: Mapping[str, Study],
    effects: Mapping[str, Tables],
    better: str,
    sizes: Mapping[str, int] = SIZES,
    weighing: Weighing = BY_EFFECT,
    costs: Mapping[str, CostDifferences] | None = None,
) -> Knowing:
    """What it is worth to learn each thing that differs between worlds, and to hold each survey.

    Args:
        studies: The part of each structure by its name; a study that asks none by an empty name.
        effects: Paired differences of the outcome of each.
        better: `more` or `less` of the outcome.
        sizes: How many each survey asks, by its name.
        weighing: How arms are weighed; by their effects alone unless given.
        costs: What the levers cost in each structure, where the weighing asks for costs.

    Returns:
        The table has one row each, what is worth most first: key, kind, title, size (how many are
        asked), value with its 95% interval `low` and `high` and standard `error`,
        changes_percent (worlds in which another choice would be made), told (whether the value can
        be told from none) and worlds. The row `perfect` is an upper bound without an interval.

    Raises:
        NotLearnable: no world differs from another, or there are too few, or costs are not known.
    """
    import pandas as pd

    _refuse(next(iter(studies.values())))
    paid = {name: None if costs is None else costs[name] for name in effects}
    parts = {name: worlds_of(tables, paid[name], better) for name, tables in effects.items()}
    known = {name: part for name, part in parts.items() if part is not None}
    asked = together(list(known.values()))
    count = sum(_worlds(tables) for tables in effects.values())
    if asked is None or len(known) < len(parts) or count < LEAST_WORLDS:
        raise NotLearnable(
            f"needs {LEAST_WORLDS} worlds in which all arms are whole, and has {count}: ask for "
            "more draws (study.draws=40), or vary settings by study.design=lhs"
        )
    if weighing.of_costs and np.isnan(asked.spent).any():
        raise NotLearnable("does not hold what its levers cost: an older version of hesim made it")
    payable = weighing.payable(asked)
    open_to = [arm for arm, where in zip(asked.arms, payable, strict=True) if where.any()]
    known = {name: part.of_arms(open_to) for name, part in known.items()}
    whole = asked.of_arms(open_to)
    count = whole.effects.shape[1]
    found = differences_between(studies, known, SETTINGS)
    topics = topics_of(found)
    if not topics:
        raise NotLearnable("has worlds that do not differ in any number, so nothing can be learned")
    choices = weighing.payoffs(whole)
    rows = [
        _row(topic.key, topic.kind, topic.title, partial(choices, topic.known, topic.groups), count)
        for topic in topics
    ]
    notes = _notes_of_costs(asked, weighing)
    draws = groups_of_draws(found)
    holder = Held(studies, effects, paid, known, better, weighing, draws, found.settings)
    for survey in SURVEYS:
        size = sizes[survey.name]
        title = survey.title.format(n=f"{size:,}")
        try:
            rows.append(_row(survey.name, "survey", title, holder.value(survey, size), count, size))
        except NotMeasured as error:
            notes.append(f"{title}: {error}")
    rows.sort(key=lambda row: -float(row["value"]))
    bound = Information(perfect(choices), float("nan"), float("nan"))
    words = "everything, chance included (an upper bound)"
    rows.append(_row("perfect", "bound", words, bound, count))
    if not found.dials:
        notes.append(
            "nothing is said of learning dials, which are as typed: study.dials=prior draws them"
        )
    means = choices.mean(axis=0)
    place = int(means.argmax())
    nothing = place == len(whole.arms)
    where = weighing.payable(whole)
    cost = 0.0 if nothing else float(np.where(where[place], whole.spent[place], 0.0).mean())
    return Knowing(
        pd.DataFrame(rows),
        whole.arms,
        NOTHING if nothing else arm_title(whole.arms[place]),
        count,
        tuple(notes),
        weighing,
        float(means[place]),
        cost,
        weighing.least_value(whole),
    )


def _notes_of_costs(worlds: Worlds, weighing: Weighing) -> list[str]:
    """Which arms a budget bars, everywhere or in some worlds, and which are taken to be free."""
    if not weighing.of_costs:
        return []
    found = []
    payable = weighing.payable(worlds).mean(axis=1)
    for arm, share, spent in zip(worlds.arms, payable, worlds.spent, strict=True):
        if share == 0.0:
            found.append(
                f"{arm_title(arm)} may not be chosen: it costs {spent.mean():,.0f} euros a year, "
                "and in every world more than the budget"
            )
        elif share < 1.0:
            found.append(
                f"{arm_title(arm)} costs more than the budget in {100.0 * (1.0 - share):.0f}% of "
                "the worlds, and may not be chosen there"
            )
        if not spent.any():
            found.append(f"{arm_title(arm)} counts as free: no cost is counted in any world")
    return found


def _worlds(tables: Tables) -> int:
    """Worlds in which all arms have an effect."""
    cells = [set(table.cells) for (_, scenario), table in tables.items() if scenario == CENTRAL]
    return len(set.intersection(*cells)) if cells else 0


def _refuse(study: Study) -> None:
    """Refuse a study whose worlds are no sample, or that has nothing to choose between."""
    asked = study.settings["study"]
    if asked.get("barriers"):
        raise NotLearnable("takes barriers apart: it has no arms to choose between")
    if len(study.arms) < 2:
        raise NotLearnable("has one arm, the baseline: name levers to choose between")
    design = asked["design"]
    if study.uncertainties and design in ("list", "morris"):
        raise NotLearnable(
            f"varies one setting at a time (study.design={design}): its worlds are no sample of "
            "what is believed; use study.design=lhs, or study.draws"
        )


def _row(
    key: str, kind: str, title: str, found: Information, worlds: int, size: int | None = None
) -> dict[str, Any]:
    return {
        "key": key,
        "kind": kind,
        "title": title,
        "size": size,
        "value": found.value,
        "low": found.low,
        "high": found.high,
        "error": found.error,
        "changes_percent": 100.0 * found.changes,
        "told": found.is_told,
        "worlds": worlds,
    }
