"""Write docs/levers.md from the levers' files and docstrings: `python -m hesim.levers.document`."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

from hesim.levers.catalogue import Description, catalogue, packages
from hesim.levers.printing import ideas
from hesim.levers.registry import GRADES, GROUPS, MECHANISMS, TAKING_PART

HEAD = """\
# The levers

Generated from `conf/levers/` and the docstrings of `src/hesim/levers/` by
`uv run python -m hesim.levers.document > docs/levers.md`; a test keeps it current.

**Effect sizes are typed in, not found.** Each dial has a default, a range that includes zero and a
grade: {grades}.
What a lever brings about (moves, PhDs in hbo, vacancy times) emerges from the model and carries the
weakest grade that entered. `strength=0` is the baseline exactly.

    hesim levers                                     # all, with grade, reach and number of ideas
    hesim levers single_cao                          # one of them
    hesim run 'levers=[single_cao,meet_and_greet]'   # policy beside baseline, paired
    hesim run levers=awareness levers.meet_and_greet.start=2015-01
    hesim run 'levers=[joint_research]' attribution=true

## What every lever has

| Setting | Meaning |
|---|---|
| `start`, `end` | first and last month, as `2014-01`; `end: null` is the end of the run |
| `ramp` | months over which the dials rise |
| `fade` | share of the effect that is lost each year |
| `strength` | 0 to 1; scales every dial but lengths and limits |
| `reach` | `regions`, `institutions`, `partnerships`, `fields`, `roles` (empty: all) and `share` |
| `cost.days`, `cost.euros` | for each person, or post, reached; 0 euros: no price is known |

`reach.share` is a share of what `taking_part` says:
"""

OWN = """
## A lever of your own

A lever that turns dials of known mechanisms needs a YAML file and no Python. Make a folder with
`levers/my_lever.yaml` and run `hesim run --config FOLDER 'levers=[my_lever]'`. Copy a file of
`conf/levers/`; its first line must be `# @package levers.my_lever`. Every entry of that file is
needed: the words (`title` to `taking_part`), dates, reach, strength and cost, then each dial as
`name: default`, and under `dials:` for each dial what it `acts` on, `min` and `max` (zero
included), `unit`, `grade`, `source`, `about` and, for lengths and limits, `scaled: false`. What
dials can act on stands below; `hesim levers --mechanisms` prints it.

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


def lines() -> Iterator[str]:
    """The document, line by line."""
    from hesim.tables import read

    levers, count = catalogue(), ideas(read())
    grades = ", ".join(f"{key} ({word})" for key, word in GRADES.items())
    yield HEAD.replace("{grades}", grades)
    yield from (f"- `{key}`: {about}" for key, about in TAKING_PART.items())
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
                yield from _section(lever, count[lever.key])
    yield "\n## Processes of their own\n"
    yield from _processes()


def _section(lever: Description, number: int) -> Iterator[str]:
    yield f"\n### {lever.key}: {lever.title}\n"
    yield f"{lever.about}\n"
    yield f"*Not typed in:* {lever.must_not}\n"
    reach = lever.settings["reach"]
    assert isinstance(reach, dict)
    roles = ", ".join(reach["roles"]) or "all"
    yield (
        f"Report: {lever.section}. Stands for {number} recommendations. Weakest grade: "
        f"{lever.grade}. Takes part: {lever.taking_part}, share {reach['share']:g}. Roles: {roles}."
    )
    if lever.contradicts:
        yield f"Contradicts: {', '.join(lever.contradicts)}."
    yield "\n| Dial | Default | Range | Unit | Grade | Acts on | Meaning and source |"
    yield "|---|---|---|---|---|---|---|"
    for dial in lever.dials:
        yield (
            f"| `{dial.name}` | {dial.default:g} | {dial.low:g} to {dial.high:g} | {dial.unit} | "
            f"{dial.grade} | {dial.acts} | {dial.about}; {dial.source} |"
        )


def _processes() -> Iterator[str]:
    from hesim.levers.processes import PROCESSES

    for name, process in PROCESSES.items():
        module = inspect.getmodule(process)
        assert module is not None and module.__file__ is not None
        title, _, text = (module.__doc__ or "").strip().partition("\n")
        yield f"### {name} (`{Path(module.__file__).name}`)\n"
        yield f"{title}\n{text.rstrip()}\n"


if __name__ == "__main__":
    print("\n".join(lines()).rstrip())
