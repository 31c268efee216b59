"""Provide the studies of a page: reused where they are whole, resumed, or made."""

from __future__ import annotations

import copy
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hesim.config.writing import override_of
from hesim.experiments.page_file import StudyEntry
from hesim.record.content import MANIFEST
from hesim.study.console import Console, Show
from hesim.study.effort import effort_of
from hesim.study.folder import Study
from hesim.study.identity import bound_facts, data_of, fact_differences, facts_of
from hesim.study.launch import start
from hesim.study.manifest import read_study_manifest
from hesim.study.plan import plan_study
from hesim.study.resumption import resume
from hesim.study.shares import paths_of_shares

if TYPE_CHECKING:
    from hesim.study.points import StudyPlan

REUSED, RESUMED, MADE = "reused", "resumed", "made"


@dataclass(frozen=True)
class StoredStudy:
    """A study of a page, as it lies on disk.

    Attributes:
        name: Its name.
        folder: Its folder.
        how: `reused`, `resumed` or `made`.
        date: Day on which it was begun.
        seconds: Wall time that it took now; 0 where it was reused.
        seconds_whole: Wall time of all its sessions, on whatever machine.
        former: Where a study went that was made otherwise; None where there was none.
        asked: What it is asked when nothing else is: outcome, direction and threshold.
    """

    name: str
    folder: Path
    how: str
    date: str
    seconds: float
    seconds_whole: float
    former: Path | None
    asked: tuple[str, ...]


def provide_study(
    entry: StudyEntry,
    folder: Path,
    settings: Sequence[str],
    machine: Sequence[str],
    console: Console,
) -> StoredStudy:
    """Bring a study to its end, or take the one that is there.

    A study is reused if it is whole, and was made from the same settings, data and code. One that
    was stopped is taken up again. One that was made otherwise is set aside, and made anew.

    Args:
        entry: The study.
        folder: Where it lies, or will.
        settings: What is set besides what the entry says.
        machine: Settings of the machine, such as `workers=2`; they change no row.
        console: Where it is told what goes on.

    Raises:
        ConfigErrors: settings that cannot hold.
        Unreadable: the study that is there is damaged.
        StudyStopped, KeyboardInterrupt: as for `study.launch.start`; the same command goes on.
    """
    words = [f"+experiment={entry.experiment}", *entry.settings, *settings]
    plan = plan_study(words)
    began = time.perf_counter()
    how, former = MADE, None
    if (folder / MANIFEST).is_file():
        manifest = read_study_manifest(folder)
        changed = plan_differences(manifest, plan)
        if changed:
            former = set_aside(folder, manifest)
            listed = "".join(f"\n  {line}" for line in changed[:5])
            console.alert(
                f"The study {entry.name} that is here was made otherwise; it is now {former}:"
                f"{listed}"
            )
        else:
            how = REUSED if Study(folder).completeness.complete else RESUMED
    # Results of a study are no results of the page: none but what goes on is said.
    show: Show = "progress" if console.progress else "warnings" if console.show else False
    if how == RESUMED:
        console.note(f"The study {entry.name} was stopped; it is taken up again.")
        resume(folder, list(machine), retry_failed=True, show=show)
    elif how == MADE:
        console.note(f"The study {entry.name} is made.")
        folder.parent.mkdir(parents=True, exist_ok=True)
        start([*words, *machine, override_of("output", str(folder))], show=show)
    manifest = read_study_manifest(folder)
    return StoredStudy(
        entry.name,
        folder,
        how,
        str(manifest["created"])[:10],
        0.0 if how == REUSED else time.perf_counter() - began,
        sum(float(one.get("seconds", 0.0)) for one in manifest["sessions"]),
        former,
        tuple(
            f"study.{key}={plan.settings[f'study.{key}']}"
            for key in ("outcome", "better", "threshold")
        ),
    )


def plan_differences(manifest: Mapping[str, Any], plan: StudyPlan) -> list[str]:
    """What a stored study was made from otherwise than a plan says, in words, one line each.

    Shares that pilots found for the sake of equal effort are no difference: they follow from the
    rest.

    Args:
        manifest: Of the stored study.
        plan: What it would be made from now.
    """
    then = copy.deepcopy(bound_facts(manifest["facts"]))
    now = copy.deepcopy(bound_facts(facts_of(plan, data_of(plan.settings)[0])))
    if effort_of(plan.settings) is not None:
        now["plan_sha256"] = then["plan_sha256"]
        paths = paths_of_shares(plan.arms)
        for facts in (then, now):
            for arm in facts["arms"].values():
                _drop(arm, (path.split(".")[1:] for path in paths))
    changed = fact_differences(then, now)
    asked, held = plan.replications, int(manifest["replications"])
    # With a precision a study adds replications by itself.
    if held != asked and (held < asked or plan.settings["study.precision"] is None):
        changed.append(f"study.replications: was {held}, is {asked}")
    return changed


def _drop(arm: dict[str, Any], paths: Iterable[Sequence[str]]) -> None:
    """Take settings out of an arm, where it has them."""
    for *before, last in paths:
        body: Any = arm
        for key in before:
            body = body.get(key) if isinstance(body, dict) else None
        if isinstance(body, dict):
            body.pop(last, None)


def set_aside(folder: Path, manifest: Mapping[str, Any]) -> Path:
    """Give a study another name, by the time at which it was begun, so that nothing is lost."""
    try:
        begun = datetime.fromisoformat(str(manifest["created"])).strftime("%Y-%m-%d_%H-%M-%S")
    except ValueError:
        begun = "former"
    place = folder.with_name(f"{folder.name}_{begun}")
    number = 2
    while place.exists():
        place = folder.with_name(f"{folder.name}_{begun}_{number}")
        number += 1
    folder.rename(place)
    return place
