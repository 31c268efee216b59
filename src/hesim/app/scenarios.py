"""Hold a visitor's named scenarios: which there are, which is open, which it is compared with.

A scenario is a name and its changes of levers. The baseline is fixed and has none. Nothing is
changed in place: every step makes a new strip, so that whoever draws sees one whole state.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from hesim.app.levers import Changes, Choice, opposed_levers, read_choice, write_choice
from hesim.levers.arms import BASELINE

MINE = "mine"
"""Name of the scenario that a visitor begins with; the page shows it in the visitor's language."""
MOST_SCENARIOS = 8
"""Scenarios beside the baseline."""
NAME = re.compile(r"\w[\w .,:&'()+-]{0,39}")
"""What a scenario may be called: letters, digits and a few signs, 40 at most."""

ScenarioText = tuple[str, tuple[tuple[int, str], ...]]
"""A scenario as the address holds it: name, and month and levers of each change."""


class ScenarioRefusal(ValueError):
    """Something that cannot be done with scenarios; args: key of the words, and their values."""

    def __init__(self, key: str, **values: object) -> None:
        """Refuse.

        Args:
            key: Key of the words that say why.
            **values: What stands in their braces.
        """
        super().__init__(key, values)
        self.key, self.values = key, values


@dataclass(frozen=True)
class NamedScenario:
    """One scenario.

    Attributes:
        name: Its name, as the visitor typed it.
        changes: Months from which on other levers are on.
    """

    name: str
    changes: Changes = field(default_factory=dict)


@dataclass(frozen=True)
class ScenarioStrip:
    """The scenarios of one visitor.

    Attributes:
        own: The scenarios beside the baseline, in the order of the strip; never none.
        open: Name of the scenario whose levers the panel changes.
        against: Name of the one that it is compared with.
    """

    own: tuple[NamedScenario, ...] = (NamedScenario(MINE),)
    open: str = MINE
    against: str = BASELINE

    @property
    def names(self) -> tuple[str, ...]:
        """All names, the baseline first."""
        return (BASELINE, *(each.name for each in self.own))

    def changes_of(self, name: str) -> Changes:
        """Changes of levers of a scenario; the baseline has none."""
        return next((each.changes for each in self.own if each.name == name), {})

    def look_at(self, name: str) -> ScenarioStrip:
        """Open a scenario.

        Raises:
            ScenarioRefusal: There is none of that name.
        """
        return replace(self, open=self._known(name))

    def compare_with(self, name: str) -> ScenarioStrip:
        """Compare the open scenario with another.

        Raises:
            ScenarioRefusal: There is none of that name.
        """
        return replace(self, against=self._known(name))

    def add(self, name: str, changes: Changes | None = None) -> ScenarioStrip:
        """Add a scenario behind the others, and open it.

        Args:
            name: What it is called; a number is added where the name is taken.
            changes: Its changes of levers; by default none.

        Raises:
            ScenarioRefusal: The name cannot be, or there are too many scenarios.
        """
        if len(self.own) >= MOST_SCENARIOS:
            raise ScenarioRefusal("too_many_scenarios", most=MOST_SCENARIOS)
        free = self._free(checked_name(name))
        made = NamedScenario(free, from_first_lever(changes or {}))
        return replace(self, own=(*self.own, made), open=free)

    def duplicate(self, name: str, called: str) -> ScenarioStrip:
        """Add a scenario with the levers of another.

        Args:
            name: The other; it may be the baseline.
            called: What the new one is called, as for `add`.

        Raises:
            ScenarioRefusal: As for `add`, or there is no such scenario.
        """
        return self.add(called, self.changes_of(self._known(name)))

    def rename(self, name: str, to: str) -> ScenarioStrip:
        """Give a scenario another name.

        Raises:
            ScenarioRefusal: It is the baseline or there is none, or the new name is taken or
                cannot be.
        """
        if self._known(name) == BASELINE:
            raise ScenarioRefusal("baseline_is_fixed")
        wanted = checked_name(to)
        if wanted.casefold() in {each.casefold() for each in self.names if each != name}:
            raise ScenarioRefusal("name_taken", name=wanted)
        own = tuple(replace(x, name=wanted) if x.name == name else x for x in self.own)
        moved = {name: wanted}
        return ScenarioStrip(
            own, moved.get(self.open, self.open), moved.get(self.against, self.against)
        )

    def delete(self, name: str) -> ScenarioStrip:
        """Take a scenario away; its neighbour is opened. The last leaves an empty one.

        Raises:
            ScenarioRefusal: It is the baseline, or there is none.
        """
        if self._known(name) == BASELINE:
            raise ScenarioRefusal("baseline_is_fixed")
        at = [each.name for each in self.own].index(name)
        own = tuple(each for each in self.own if each.name != name) or (NamedScenario(MINE),)
        beside = own[min(at, len(own) - 1)].name
        return ScenarioStrip(
            own,
            beside if self.open == name else self.open,
            BASELINE if self.against == name else self.against,
        )

    def with_changes(self, changes: Changes) -> ScenarioStrip:
        """The strip whose open scenario has other levers.

        The baseline has none: levers that are switched on while it is open go into the first
        scenario that is empty, or into a new one, which is opened.

        Raises:
            ScenarioRefusal: There are too many scenarios for a new one.
        """
        if self.open == BASELINE:
            if not from_first_lever(changes):
                return self
            empty = next((each.name for each in self.own if not each.changes), None)
            if empty is None:
                return self.add(MINE, changes)
            return self.look_at(empty).with_changes(changes)
        now = from_first_lever(changes)
        own = tuple(replace(x, changes=now) if x.name == self.open else x for x in self.own)
        return replace(self, own=own)

    def texts(self) -> tuple[ScenarioText, ...]:
        """The scenarios as the address holds them."""
        return tuple(
            (one.name, tuple((month, write_choice(x)) for month, x in sorted(one.changes.items())))
            for one in self.own
        )

    def address(self) -> dict[str, object]:
        """What the view holds of the strip."""
        return {"scenarios": self.texts(), "open": self.open, "against": self.against}

    def _known(self, name: str) -> str:
        if name not in self.names:
            raise ScenarioRefusal("no_scenario", name=name[:40])
        return name

    def _free(self, name: str) -> str:
        """The name, with a number behind it where it is taken."""
        taken = {each.casefold() for each in self.names}
        number, free = 2, name
        while free.casefold() in taken:
            free = f"{name[: 39 - len(str(number))]} {number}"
            number += 1
        return free


def from_first_lever(changes: Changes) -> Changes:
    """The changes without those before any lever is on, which change nothing."""
    months = sorted(changes)
    first = next((at for at, month in enumerate(months) if changes[month]), len(months))
    return {month: changes[month] for month in months[first:]}


def checked_name(text: str) -> str:
    """A name without blanks around it.

    Raises:
        ScenarioRefusal: It is empty, too long, or has signs that a name may not have.
    """
    name = " ".join(text.split())
    if not NAME.fullmatch(name):
        raise ScenarioRefusal("bad_name", name=name[:40])
    return name


def safe_name(text: str) -> str:
    """A name that can be, made of any text."""
    plain = re.sub(r"[^\w .,:&'()+-]", " ", text)
    name = " ".join(re.sub(r"^\W+", "", plain).split())[:40].strip()
    return name if NAME.fullmatch(name) else MINE


def read_strip(
    texts: Iterable[ScenarioText], opened: str, against: str
) -> tuple[ScenarioStrip, list[str], list[tuple[str, str]]]:
    """Read the scenarios of an address.

    Args:
        texts: Name, and month and levers of each change, of each scenario.
        opened: Name of the scenario that is open.
        against: Name of the one that it is compared with.

    Returns:
        The strip; what was no lever, no dial or out of range; and levers that contradict each
        other. What is named here is left out of the strip, and so of the address.
    """
    unknown: list[str] = []
    opposed: list[tuple[str, str]] = []
    own = []
    for name, given in texts:
        changes: dict[int, Choice] = {}
        for month, words in given:
            chosen, wrong = read_choice(words)
            unknown += wrong
            pairs = opposed_levers(chosen)
            opposed += pairs
            out = {key for pair in pairs for key in pair}
            chosen = {key: dials for key, dials in chosen.items() if key not in out}
            changes[month] = chosen
        own.append(NamedScenario(name, from_first_lever(changes)))
    strip = ScenarioStrip(tuple(own)) if own else ScenarioStrip()
    return (
        replace(
            strip,
            open=opened if opened in strip.names else strip.own[0].name,
            against=against if against in strip.names else BASELINE,
        ),
        list(dict.fromkeys(unknown)),
        list(dict.fromkeys(opposed)),
    )
