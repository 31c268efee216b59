"""Name the arms of a policy, and say what settings each of them has.

Without levers there is one arm, the baseline. With levers each world is simulated as `baseline` and
as `policy`; with `attribution=true` also without each of the policy's mechanisms, which tells what
each causes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hesim.levers.dates import years_before
from hesim.levers.lever import switched_off

if TYPE_CHECKING:
    from hesim.config import Settings

BASELINE, POLICY, DIFFERENCE = "baseline", "policy", "difference"
WITHOUT = "without "
"""How the name of an arm begins that lacks one mechanism of the policy."""


def arms_of(settings: Settings) -> dict[str, dict[str, object]]:
    """Arms of a run by name, the baseline first: what each has otherwise, besides the levers."""
    arms: dict[str, dict[str, object]] = {BASELINE: {}}
    if settings.mapping("levers"):
        arms[POLICY] = {}
        if settings.flag("attribution"):
            given = switched_off(settings)
            for name in mechanisms_of(settings):
                arms[WITHOUT + name] = {"without": [*given, name]}
    return arms


def mechanisms_of(settings: Settings) -> tuple[str, ...]:
    """Mechanisms that the levers of a run act on and that do something by themselves."""
    from hesim.levers.policy import read_levers
    from hesim.levers.registry import MECHANISMS

    off = switched_off(settings)
    names = dict.fromkeys(
        name for lever in read_levers(settings) for name in lever.about.mechanisms
    )
    return tuple(name for name in names if not MECHANISMS[name].modifies and name not in off)


def years_before_levers(settings: Settings) -> int:
    """Simulated years before the first lever of a run starts; 0 without levers."""
    bodies = settings.mapping("levers").values()
    return years_before(bodies, settings.text("start"), settings.integer("years"))


def weakest_grade(settings: Settings) -> str:
    """Weakest grade of the dials of a run's levers, in words; empty without levers."""
    from hesim.levers.policy import read_levers
    from hesim.levers.registry import GRADES

    grades = [lever.about.grade for lever in read_levers(settings)]
    return GRADES[max(grades, key=list(GRADES).index)] if grades else ""
