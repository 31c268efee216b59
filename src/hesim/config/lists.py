"""Check the lists under `defaults:` in a user's files against one another.

Each list alone is checked by `defaults`. Here it is asked whether a list names something twice,
lacks what the packaged list has, or leads back to its own file, by way of packaged files too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from hesim.config.defaults import MAIN, SELF, WHOLE, Bodies


def lists_of(
    name: str, body: Mapping[str, object], bodies: Bodies, usual: Mapping[str, object]
) -> Iterator[str]:
    """Yield what is wrong with the list of defaults of a user's file, beside others.

    Args:
        name: Its place in the folder, as `levers/mine.yaml`.
        body: What it holds.
        bodies: All files by their place, the user's in the place of packaged ones.
        usual: What the packaged file of the same place holds; empty if there is none.
    """
    given = body.get("defaults")
    if not isinstance(given, list):
        return
    names = [entry if isinstance(entry, str) else _group(entry) for entry in given]
    for entry, times in Counter(names).items():
        if entry and times > 1:
            yield f"defaults: {entry} stands {times} times; it may stand once"
    group, slash, file = name.partition("/")
    if not slash:
        yield from _of_one_name(given)
        return
    listed = usual.get("defaults")
    if group not in WHOLE and isinstance(listed, list):
        lacking = [str(entry) for entry in listed if entry not in given and entry != SELF]
        if lacking:
            yield f"defaults: lacks {', '.join(lacking)}; the list takes the place of the packaged"
    circle = _circle(group, file.removesuffix(".yaml"), bodies)
    if circle:
        yield f"defaults: goes round in a circle: {' > '.join(circle)}"


def _group(entry: object) -> str:
    return str(next(iter(entry))) if isinstance(entry, Mapping) and len(entry) == 1 else ""


def _of_one_name(given: list[object]) -> Iterator[str]:
    """Yield groups of config.yaml for which several options are chosen; levers may be many."""
    for entry in given:
        for group, chosen in entry.items() if isinstance(entry, Mapping) else ():
            if not isinstance(chosen, list):
                continue
            if group != "levers":
                yield f"defaults: {group}: {chosen!r} must be one name, as in {MAIN} of the package"
            for option, times in Counter(map(str, chosen)).items():
                if times > 1 and group == "levers":
                    yield f"defaults: {group}: {option} stands {times} times; it may stand once"


def _circle(group: str, start: str, bodies: Bodies) -> list[str]:
    """Files that lead back to the first one by their defaults; empty when none do."""
    trails = [[start]]
    seen = {start}
    while trails:
        trail = trails.pop()
        given = bodies.get(f"{group}/{trail[-1]}.yaml", {}).get("defaults")
        for entry in given if isinstance(given, list) else ():
            if entry == start:
                return [*trail, start]
            if isinstance(entry, str) and entry not in seen:
                seen.add(entry)
                trails.append([*trail, entry])
    return []
