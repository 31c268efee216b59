"""Declare the barriers between wo and hbo: what each is, and what switching it off sets.

A barrier is switched off, or equalised, by settings, in a world of its own from its first month on.
What is solved in closed form (`model.inputs`) stays as in the world with all barriers: people meet
other barriers, but the same inputs. See docs/barriers.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hesim import categories as c
from hesim.input.problems import Problem, nearest
from hesim.model.items import HEADINGS

Values = Mapping[str, Any]
"""Values of settings by path."""

STAFF_ROLES = tuple(c.ROLES[code] for code in (*c.WO_ROLES, *c.HBO_ROLES))
SURELY_SEEN = 12.0
"""Log-odds at which a channel shows every vacancy, the largest that the schema allows."""


@dataclass(frozen=True)
class Change:
    """Settings that change together.

    Attributes:
        sets: Value of each setting by path.
        equal: Groups of paths whose settings all take the mean of the group, of the draw at hand.
        where: Holds only where these settings have these values.
    """

    sets: Values = field(default_factory=dict)
    equal: tuple[tuple[str, ...], ...] = ()
    where: Values = field(default_factory=dict)

    def holds(self, values: Values) -> bool:
        """Whether it applies to a world of these settings."""
        return all(values[path] == value for path, value in self.where.items())


@dataclass(frozen=True)
class Barrier:
    """Something that stands between wo and hbo.

    Attributes:
        name: As in `study.barriers`.
        title: As in tables and figures.
        off: What the world is like without it, in words.
        changes: What switches it off.
        partial: Whether it is only made smaller, since no setting is none of it; then its size
            depends on how much smaller, which is assumed.
    """

    name: str
    title: str
    off: str
    changes: tuple[Change, ...]
    partial: bool = False

    def without(self, values: Values) -> dict[str, Any]:
        """What its settings are without it.

        Args:
            values: All settings of the world with it, by path.
        """
        made: dict[str, Any] = {}
        for change in self.changes:
            if not change.holds(values):
                continue
            made.update(change.sets)
            for group in change.equal:
                mean = sum(float(values[path]) for path in group) / len(group)
                made.update(dict.fromkeys(group, mean))
        return made

    @property
    def paths(self) -> set[str]:
        """All settings that it may change."""
        grouped = (change.equal for change in self.changes)
        listed = {path for groups in grouped for group in groups for path in group}
        return listed.union(*(change.sets for change in self.changes))


def _each(pattern: str, names: Iterable[str]) -> tuple[str, ...]:
    return tuple(pattern.format(name) for name in names)


BARRIERS: tuple[Barrier, ...] = (
    Barrier(
        "familiarity",
        "Familiarity",
        "Whoever works in hbo or wo, or did so last, thinks of the other sector in every search. "
        "It makes no difference to anybody where they studied or worked, or whom they know.",
        (Change({"model.search.sources.anyone": 1.0}),),
    ),
    Barrier(
        "visibility",
        "Visibility",
        "Who looks for a job sees all open vacancies of the field looked at, through at least one "
        "channel.",
        (
            Change(
                dict.fromkeys(
                    _each("model.inputs.channels.{}.internet_ad", c.MOVER_GROUPS), SURELY_SEEN
                )
            ),
            Change({"model.outside.attention": 500.0}),
        ),
    ),
    Barrier(
        "preferences",
        "Preferences",
        "The same things push people in hbo and in wo, and all jobs there offer the same work, "
        "people, conditions and organisation.",
        (
            Change(
                equal=tuple(
                    _each(f"model.push.tilt.{{}}.{heading}", ("hbo", "wo")) for heading in HEADINGS
                )
                + tuple(
                    _each(f"model.choice.attributes.{{}}.{heading}", STAFF_ROLES)
                    for heading in HEADINGS
                )
            ),
        ),
    ),
    Barrier(
        "requirements",
        "Requirements",
        "No employer asks for practice, a research record, a teaching certificate or Dutch, or "
        "minds more education than asked. The degree that a post asks stays.",
        (
            Change(
                {
                    "model.hiring.practice": 0.0,
                    "model.hiring.research": 0.0,
                    "model.hiring.overqualified": 0.0,
                    **dict.fromkeys(
                        (
                            *_each("model.requirements.asked.practice.{}", ("lecturer", "lector")),
                            *_each(
                                "model.requirements.asked.certificate.{}", ("lecturer", "lector")
                            ),
                            *_each(
                                "model.requirements.asked.research.{}",
                                ("university_lecturer", "other_academic"),
                            ),
                            *_each(
                                "model.requirements.asked.dutch.{}",
                                (
                                    "university_lecturer",
                                    "other_academic",
                                    "professor",
                                    "lecturer",
                                    "lector",
                                ),
                            ),
                        ),
                        0.0,
                    ),
                }
            ),
        ),
    ),
    Barrier(
        "terms",
        "Terms",
        "Like work is paid alike in hbo and wo. It costs nothing to give up a permanent post or "
        "to change hours.",
        (
            Change(
                {"model.choice.contract_cost": 0.0, "model.choice.hours_cost": 0.0},
                equal=(
                    _each("model.choice.pay.{}", ("lecturer", "university_lecturer")),
                    _each("model.choice.pay.{}", ("lector", "professor")),
                ),
            ),
        ),
    ),
    Barrier(
        "status_and_content",
        "Status and content",
        "A step between hbo and wo costs nothing by itself: neither in status nor for another "
        "content of work.",
        (Change({"model.choice.sector_cost": 0.0}),),
    ),
    Barrier(
        "distance",
        "Distance",
        "It makes no difference where a post is, in whichever sector: the way to work costs "
        "nothing, and posts in other regions are considered as often as near ones.",
        (Change({"model.choice.distance_cost": 0.0, "model.search.other_region": 1.0}),),
    ),
    Barrier(
        "posts",
        "Number of posts",
        "Each year from the second on as many further posts open in hbo and wo as people leave "
        "there: both grow by their turnover of 2011, 10.0 and 16.8%.",
        (
            Change(
                {
                    "model.vacancies.growth.hbo": 0.10,
                    "model.vacancies.growth.wo": 0.168,
                    "model.vacancies.growth_until": 0,
                }
            ),
        ),
        partial=True,
    ),
)
"""All barriers that the model has, in the order in which they stand on the way to a new job."""

NAMES = tuple(barrier.name for barrier in BARRIERS)
ALL = "all"
"""Stands for all of them in `study.barriers`."""


def barriers_named(names: Sequence[str]) -> tuple[list[Barrier], list[Problem]]:
    """The barriers of `study.barriers`, in the order of `BARRIERS`, and names that are none."""
    chosen = set(NAMES if ALL in names else names)
    problems = [
        Problem("study.barriers", name, f"must be among {ALL}, {', '.join(NAMES)}", close)
        for name in names
        if name not in (*NAMES, ALL)
        for close in [nearest(name, [ALL, *NAMES])]
    ]
    return [barrier for barrier in BARRIERS if barrier.name in chosen], problems


def coalition_off(barriers: Sequence[Barrier], number: int) -> list[Barrier]:
    """The barriers that are switched off in a coalition.

    Args:
        barriers: All that are taken apart.
        number: Number of the coalition: bit k is set where barrier k is off.
    """
    return [barrier for k, barrier in enumerate(barriers) if number >> k & 1]
