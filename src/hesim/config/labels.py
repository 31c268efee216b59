"""Count the settings by what they rest on, for each structure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from hesim.config.listing import Row
from hesim.config.points import STRUCTURE
from hesim.sources import packaged

FITTED = "fitted"
KINDS = ("data", "derived", FITTED, "prior", "assumed", "setting")
"""In the order in which they are shown."""
ABOUT = {
    "data": "from the report",
    "derived": "from it, by arithmetic or by the inputs of a calibration",
    FITTED: "moved by a parameter of the calibration",
    "prior": "published elsewhere, or chosen with a range and a reason",
    "assumed": "nobody knows",
    "setting": "of the run",
}


def structures() -> list[str]:
    """Names of the structures that a calibration is planned for; the usual one comes first."""
    names = [file.stem for file in (packaged() / "calibration" / "plan").glob("*.yaml")]
    return sorted(names, key=lambda name: (name != STRUCTURE, name))


def label_counts(listed: Sequence[Row], fitted: Collection[str]) -> Counter[str]:
    """Count settings by label; what a calibration fits counts as fitted, whatever its label.

    Args:
        listed: The settings; one row for each number, name or switch.
        fitted: Paths that a parameter of the structure's calibration moves.
    """
    return Counter(FITTED if row.path in fitted else row.label for row in listed if row.label)


def label_table(found: Mapping[str, Counter[str]], parameters: Mapping[str, int]) -> str:
    """The counts as a table, a column for each structure.

    Args:
        found: Counts by structure.
        parameters: Parameters that each structure's calibration fits.
    """
    head = f"{'settings':<12}" + "".join(f"{name:>12}" for name in found)
    lines = [head]
    for kind in KINDS:
        numbers = "".join(f"{of[kind]:>12}" for of in found.values())
        lines.append(f"{kind:<12}{numbers}   {ABOUT[kind]}")
    lines.append(f"{'all':<12}" + "".join(f"{of.total():>12}" for of in found.values()))
    lines.append(f"{'parameters':<12}" + "".join(f"{parameters[name]:>12}" for name in found))
    return "\n".join(lines)
