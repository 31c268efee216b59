"""Take a study up again, if it still is the study that it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

from hesim.config import ConfigErrors, Problem
from hesim.config.process_files import process_files
from hesim.config.trees import leaves
from hesim.config.writing import override_of
from hesim.execution.engines.choice import make_engine
from hesim.input import userfile
from hesim.process import signals
from hesim.record.content import SETTINGS
from hesim.record.format import FORMAT, format_number
from hesim.scenario import compose
from hesim.study import store as folders
from hesim.study.branches import Work
from hesim.study.console import Console, Show
from hesim.study.folder import Study
from hesim.study.identity import FREE, STRUCTURES, bound_facts, data_of, fact_differences, facts_of
from hesim.study.launch import free_name, start
from hesim.study.manifest import read_study_manifest, write_study_manifest
from hesim.study.outputs import failures
from hesim.study.points import StudyPlan
from hesim.study.repair import repair, stored_arms
from hesim.study.soundness import Edit, sound_settings, stored_settings
from hesim.study.structures import compose_structures, own_values
from hesim.study.study_outputs import attempt, complete_study, writable


class Mismatch(ValueError):
    """The study was made with other settings, data or code."""


def resume(
    folder: str | Path,
    overrides: Sequence[str] = (),
    *,
    simulate: Work | None = None,
    retry_failed: bool = False,
    force: bool = False,
    show: Show = False,
) -> Study:
    """Take up a study that was stopped, or add replications to one that is complete.

    Files that are damaged and can be made again from the others are made again first.

    Args:
        folder: The study's folder.
        overrides: Settings of the engine, of workers and those in `FREE`.
        simulate: The other model that it was run with.
        retry_failed: Try runs that failed again.
        force: With other settings, data or code: fork, that is start a new study beside it.
        show: Print progress and what came out.

    Raises:
        NoStudy: the folder holds none.
        Damage: a file is damaged, and the others do not say what stood in it.
        InUse: another process works at it.
        Mismatch: settings, data or code are others than the study was made with.
        ConfigErrors: overrides that cannot hold.
        StudyStopped, KeyboardInterrupt: as for `start`.
    """
    console = Console(show)
    place = userfile.place(folder)
    with writable(place):
        for words in repair(place):
            console.alert(words)
    manifest = read_study_manifest(place)
    free, bound = _sort(overrides)
    then = manifest["facts"]
    plan, content, now = _reopen(place, manifest, free)
    changed = fact_differences(bound_facts(then), bound_facts(now)) + [
        f"{line.partition('=')[0]}: cannot be changed on resume" for line in bound
    ]
    if format_number(manifest) != FORMAT:
        changed.insert(0, f"format: was {format_number(manifest)}, is {FORMAT}")
    if changed:
        listed = "".join(f"\n  {line}" for line in changed[:20])
        if not force:
            raise Mismatch(
                f"{place} was made with other settings, data or code, so new rows would not "
                f"belong to the old ones:{listed}\n{_former(place, manifest)}"
                "--force starts a new study with what is now"
            )
        console.alert(f"Forking {place}, because of:{listed}")
        again = fork_overrides(place, manifest, overrides)
        again.append(override_of("output", str(free_name(place))))
        own = place / folders.OWN_CONFIG
        made = start(again, own if own.is_dir() else None, simulate=simulate, show=show)
        assert made is not None
        made.manifest["forked_from"] = place.name
        write_study_manifest(made.folder, made.manifest)
        return made
    with ExitStack() as held:
        held.enter_context(signals.interrupts())
        with writable(place):
            store = held.enter_context(closing(folders.Store(place)))
        for words in store.set_aside:
            console.alert(words)
        done, total, failed = len(store.done), plan.runs, failures(store.states)
        console.note(f"{done:,} of {total:,} runs are there; {len(failed):,} failed before")
        retry = set(failed) if retry_failed else set()
        procedure = plan.branches(simulate)
        engine = attempt(lambda: make_engine(plan.settings, procedure, content))
        held.enter_context(closing(engine))
        return complete_study(store, plan, engine, float(manifest["seconds_a_run"]), retry, console)


def fork_overrides(
    folder: Path, manifest: Mapping[str, Any], overrides: Sequence[str] = ()
) -> list[str]:
    """What makes a study like this one from its folder alone, with further overrides.

    What the study was made from is written out where the same words now mean something else:
    settings that were edited, or whose packaged value is another one today.

    Args:
        folder: The study.
        manifest: Its manifest.
        overrides: What is to be otherwise.

    Raises:
        ConfigErrors: the study cannot be composed with this version of hesim.
    """
    given = {line.partition("=")[0] for line in overrides}
    again = [
        line for line in manifest["overrides"] if line.partition("=")[0] not in ("output", "data")
    ]
    data, own = folder / folders.DATA, folder / folders.OWN_CONFIG
    if data.is_dir() and "data" not in given:
        again.append(override_of("data", str(data)))
    composed, _, _, problems = compose_structures(again, own if own.is_dir() else None)
    if problems:
        raise ConfigErrors(problems)
    usual = dict(leaves(composed.resolved()))
    structures = manifest["facts"].get(STRUCTURES, {})
    # What is typed holds in all structures, so what is one structure's own cannot be.
    apart = own_values({name: dict(leaves(one)) for name, one in structures.items()})
    for path, value in leaves(stored_settings(folder)):
        if path in usual and usual[path] != value and path not in given | apart:
            again.append(override_of(path, value))
    count = manifest["replications"]
    asked = composed["study.replications"] or composed["replications"]
    if asked != count and not given & {"replications", "study.replications"}:
        again.append(override_of("study.replications", count))
    return [*again, *overrides]


def _former(folder: Path, manifest: Mapping[str, Any]) -> str:
    """What to do about settings that were edited in the study's folder."""
    try:
        sound_settings(folder, manifest)
    except Edit:
        return f"{folder / SETTINGS} was edited; delete it to have the former settings again\n"
    return ""


def _reopen(
    place: Path, manifest: dict[str, Any], free: list[str]
) -> tuple[StudyPlan, dict[str, bytes], dict[str, Any]]:
    """The plan of a study from its folder, its own data, and the facts as they are now."""
    usual = compose(free)
    given = {line.partition("=")[0] for line in free}
    asked = {path: usual[path] for path in FREE if path in given}
    if (place / folders.DATA).is_dir():
        asked["data"] = str(place / folders.DATA)
    usual = usual.with_processes(process_files(place / folders.OWN_CONFIG))
    settings = usual.with_settings(stored_settings(place)).with_values(asked)
    structures = {
        name: usual.with_settings(stored).with_values(asked)
        for name, stored in manifest["facts"].get(STRUCTURES, {}).items()
    }
    hashes, content = data_of(settings)
    replications = held = int(manifest["replications"])
    for path in ("replications", "study.replications"):
        if path in given and settings[path] is not None:
            replications = settings.integer(path)
            if replications < held:
                words = f"a study cannot shrink: it has {held} replications; name {held} or more"
                raise ConfigErrors([Problem(path, replications, words)])
    arms = stored_arms(manifest)
    plan = folders.stored_plan(place, manifest, settings, arms, replications, structures)
    return plan, content, facts_of(plan, hashes)


def _sort(overrides: Sequence[str]) -> tuple[list[str], list[str]]:
    """Overrides that a resumed study takes, and those that would change its rows."""
    free: list[str] = []
    bound: list[str] = []
    for line in overrides:
        key = line.partition("=")[0]
        machine = key in ("workers", "engine", "force") or key.startswith("engine.")
        (free if machine or key in FREE else bound).append(line)
    return free, bound
