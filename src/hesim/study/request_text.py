"""Say what somebody set, in the words and files that they gave, and no more than that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from hesim.config.defaults import EXPERIMENT
from hesim.config.folders import CALIBRATION, STRUCTURE
from hesim.config.listing import value_text
from hesim.config.nodes import packaged_node, user_nodes
from hesim.config.points import calibration_in, point, points, usual_calibration
from hesim.config.trees import leaves
from hesim.scenario import scenario_layers
from hesim.study.request import ELSEWHERE, Request

LEVERS = "levers"
OF_LEVERS = (LEVERS, "study.levers", "study.dose")
"""Settings that choose levers: they are what a reader looks for first."""


class Assignment(NamedTuple):
    """Something that the user set.

    Attributes:
        path: Dotted path of the setting, or the name of a group or of a file.
        value: What it was set to, as it was written.
        origin: The user's file that says so; empty for the command line.
        remark: What else is worth knowing of it; empty where nothing is.
    """

    path: str
    value: str
    origin: str = ""
    remark: str = ""

    def line(self) -> str:
        """The assignment in one line."""
        notes = "; ".join(filter(None, (self.origin, self.remark)))
        return f"{self.path} = {self.value}" + (f"  ({notes})" if notes else "")


def assignments(
    request: Request, overrides: Sequence[str], folder: str | Path | None = None
) -> list[Assignment]:
    """Everything that the user set: levers first, then the study, then the rest.

    Args:
        request: What the words and files ask for.
        overrides: The words.
        folder: The user's own configuration files.
    """
    typed = dict(_typed(overrides, request, folder))
    own = [] if folder is None else list(_of_files(request, overrides, Path(folder), set(typed)))
    return sorted([*typed.values(), *own], key=lambda each: _rank(each.path))


def request_lines(request: Request, found: Sequence[Assignment]) -> list[str]:
    """What `hesim check` prints.

    Args:
        request: What was checked.
        found: What the user set.
    """
    head = request_verdict(request)
    if not found:
        return [f"{head}; all are defaults."]
    return [f"{head}. You set:", *(f"  {each.line()}" for each in found)]


def request_verdict(request: Request) -> str:
    """That all is valid, and of a study how large it is; without a full stop."""
    size = request.size()
    return f"The study is valid: {size}" if size else "The settings are valid"


def request_body(request: Request, found: Sequence[Assignment]) -> dict[str, object]:
    """What `hesim check --json` prints, but for warnings: the kind, its size and what was set.

    Args:
        request: What was checked.
        found: What the user set.
    """
    plan = request.plan
    size = None
    if plan is not None:
        size = {"arms": len(plan.arms), "points": len(plan.points), "runs": plan.runs}
    return {
        "valid": True,
        "kind": request.kind,
        "size": size,
        "settings": [each._asdict() for each in found],
    }


def _rank(path: str) -> int:
    if path in OF_LEVERS or path.startswith((f"{LEVERS}.", f"{LEVERS}/")):
        return 0
    return 1 if path == EXPERIMENT or path.startswith("study.") else 2


def _typed(
    overrides: Iterable[str], request: Request, folder: str | Path | None
) -> Iterator[tuple[str, Assignment]]:
    """Each word of the command line by what it sets; of several for one, the last counts."""
    lines = {line.partition("=")[0].lstrip("+"): line.partition("=")[2] for line in overrides}
    known = dict(leaves(request.settings.resolved()))
    for key, value in lines.items():
        word = value[1:-1] if len(value) > 1 and value[0] == value[-1] in "'\"" else value
        if key == CALIBRATION:
            remark = _of_calibration(word)
        elif key == STRUCTURE and CALIBRATION not in lines:
            usual = usual_calibration(word)
            remark = f"with its calibration {usual}, which {_of_calibration(usual)}"
        elif key == EXPERIMENT:
            remark = _of_experiment(word, folder)
        else:
            usual_value = key in known and key not in request.settings.changed()
            remark = "as it is by default" if usual_value else ""
        yield key, Assignment(key, word, remark=remark)


def _of_calibration(name: str) -> str:
    """How many settings a calibration sets."""
    found = name if name in points() else calibration_in(name)
    return "sets nothing" if found is None else f"sets {len(point(found))} settings"


def _of_experiment(name: str, folder: str | Path | None) -> str:
    """How many settings a ready study sets."""
    place = f"{EXPERIMENT}/{name}.yaml"
    own = {} if folder is None else user_nodes(Path(folder))
    node = own[place] if place in own else packaged_node(place)
    return f"sets {sum(1 for _ in leaves(node.tree()))} settings"


def _of_files(
    request: Request, overrides: Sequence[str], folder: Path, typed: set[str]
) -> Iterator[Assignment]:
    """What the user's own files set, where no word sets it otherwise; a lever is one line."""
    levers = {name for body in _levers(request) for name in body}
    # The levers of a study stand in its arms; a calibration is each structure's own there.
    structures = any(line.startswith("study.structures=") for line in overrides)
    plain = [
        line
        for line in overrides
        if request.plan is None
        or not (
            line.startswith(f"{LEVERS}.") or (structures and line.startswith(f"{CALIBRATION}="))
        )
    ]
    made = scenario_layers(plain, folder)
    for place, node in made.own.items():
        group, _, file = place.partition("/")
        name = file.removesuffix(".yaml")
        if group in ELSEWHERE:
            if place in made.places or (group == LEVERS and name in levers):
                count = sum(1 for _ in leaves(node.tree()))
                yield Assignment(place, f"{count} settings", str(folder / place))
        elif place in made.places:
            for path, value in leaves(node.tree()):
                parents = [path[:at] for at, letter in enumerate(path) if letter == "."]
                if not typed & {path, *parents}:
                    yield Assignment(path, value_text(value), str(folder / place))


def _levers(request: Request) -> Iterator[dict[str, object]]:
    """Settings of the levers of each arm."""
    yield request.settings.mapping(LEVERS)
    if request.plan is not None:
        yield from (arm.settings for arm in request.plan.arms)
