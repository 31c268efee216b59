"""Start a study or take one up again: plan, pilot, run, and say how it ended."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hesim.config import ConfigErrors, Problem, Settings, compose
from hesim.run.manifest import commit, versions
from hesim.study import store as folders
from hesim.study.arms import Arm
from hesim.study.conducting import conduct, pilot
from hesim.study.engines import Engine, EngineFailed, make_engine
from hesim.study.identity import code_digest, data_of, differences, facts_of
from hesim.study.opened import Study
from hesim.study.plan import Plan, plan_study
from hesim.study.precision import more_replications
from hesim.study.progress import StudyProgress
from hesim.study.running import Work, WrongCode
from hesim.study.screen import say_end, say_estimate, say_plan

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT = Path("outputs") / "studies"
"""Where studies go that were given no folder; under the current folder."""

FREE = (
    "replications", "study.replications", "study.precision", "study.most_replications",
    "study.question", "study.outcome", "study.better", "study.threshold",
)  # fmt: skip
"""Settings that may be changed on resume: they add rows or ask otherwise, and change no row."""

Say = Callable[[str], None]


class StudyStopped(RuntimeError):
    """The study could not go on; what was done is kept, and the message says how to go on."""


class Changed(ValueError):
    """The study was made with other settings, data or code."""


def start(
    overrides: Sequence[str] = (),
    config: str | Path | None = None,
    *,
    simulate: Work | None = None,
    dry_run: bool = False,
    show: bool = False,
) -> Study | None:
    """Plan a study, try two runs of it, and run it.

    Args:
        overrides: As for a run, with `study.*`, `engine=...` and `+experiment=NAME`.
        config: The user's own configuration files.
        simulate: Another model, called with settings and the replication's number, that gives
            outcomes by year; it must stand in a module that workers can import.
        dry_run: Stop after the plan and its estimate; nothing is left behind.
        show: Print the plan, progress and what came out.

    Returns:
        The study; None after a dry run.

    Raises:
        ConfigErrors: settings that cannot hold, or an output folder that exists.
        StudyStopped: the engine is gone or the disk is full; go on with `resume`.
        KeyboardInterrupt: after what was whole was written.
    """
    _refuse_taken(overrides)
    plan = plan_study(overrides, config)
    return start_plan(plan, overrides, simulate=simulate, dry_run=dry_run, show=show)


def start_plan(
    plan: Plan,
    overrides: Sequence[str] = (),
    *,
    simulate: Work | None = None,
    dry_run: bool = False,
    show: bool = False,
) -> Study | None:
    """Run a plan as `start` does.

    Args:
        plan: What to run.
        overrides: What the plan was made from; noted in the manifest.
        simulate: See `start`.
        dry_run: See `start`.
        show: See `start`.
    """
    hashes, content = data_of(plan.settings)
    facts = facts_of(plan, hashes)
    folder = _choose(plan.settings, overrides)
    say = _speaker(show)
    say_plan(plan, say)
    orders = plan.orders(simulate, content, code_digest())
    with _engine(plan.settings, orders) as engine:
        say(f"Trying two runs {engine.where()} (the first compiles the model, once) ...")
        tried = _guarded(lambda: pilot(engine, plan), None)
        say_estimate(plan, tried, engine.workers, say)
        if dry_run:
            say("A dry run: nothing was written.")
            return None
        manifest = {
            "name": folder.name,
            "status": "running",
            "created": _now(),
            "question": plan.settings["study.question"],
            "overrides": list(overrides),
            "replications": plan.replications,
            "commit": commit(),
            "versions": versions(),
            "seconds_a_run": tried.seconds,
            "facts": facts,
            "sessions": [],
        }
        try:
            folders.create(folder, plan, content, manifest)
        except OSError as error:
            raise StudyStopped(f"{folder} cannot be written: {error}") from error
        say(f"Folder: {folder}")
        with closing(folders.Store(folder)) as store:
            for report in tried.reports:
                store.add(report)
            return _run(store, plan, engine, tried.seconds, set(), say, show)


def resume(
    folder: str | Path,
    overrides: Sequence[str] = (),
    *,
    simulate: Work | None = None,
    retry_failed: bool = False,
    force: bool = False,
    show: bool = False,
) -> Study:
    """Take up a study that was stopped, or add replications to one that is complete.

    Args:
        folder: The study's folder.
        overrides: Settings of the engine, of workers and those in `FREE`.
        simulate: The other model that it was started with.
        retry_failed: Try runs that failed again.
        force: With other settings, data or code: fork, that is start a new study beside it.
        show: Print progress and what came out.

    Raises:
        NoStudy: the folder holds none.
        InUse: another process works at it.
        Changed: settings, data or code are others than the study was made with.
        ConfigErrors: overrides that cannot hold.
        StudyStopped, KeyboardInterrupt: as for `start`.
    """
    say = _speaker(show)
    place = Path(folder).expanduser()
    manifest = folders.read_manifest(place)
    free, bound = _sort(overrides)
    then = manifest["facts"]
    plan, content, now = _reopen(place, manifest, free, simulate is not None)
    changed = differences(_without_free(then), _without_free(now)) + [
        f"{line.partition('=')[0]}: cannot be changed on resume" for line in bound
    ]
    if changed:
        listed = "".join(f"\n  {line}" for line in changed[:20])
        if not force:
            raise Changed(
                f"{place} was made with other settings, data or code, so new rows would not "
                f"belong to the old ones:{listed}\n--force starts a new study with what is now"
            )
        say(f"Forking {place}, because of:{listed}")
        again = [*manifest["overrides"], *overrides]
        again = [line for line in again if not line.startswith("output=")]
        target = _free_name(place)
        made = start([*again, f"output={target}"], simulate=simulate, show=show)
        assert made is not None
        made.manifest["forked_from"] = place.name
        folders.write_manifest(made.folder, made.manifest)
        return made
    with closing(folders.Store(place)) as store:
        for words in store.set_aside:
            say(words)
        done, total = len(store.done), plan.runs
        say(f"{done:,} of {total:,} runs are there; {len(store.failed):,} failed before")
        retry = set(store.failed) if retry_failed else set()
        orders = plan.orders(simulate, content, code_digest())
        with _engine(plan.settings, orders) as engine:
            return _run(store, plan, engine, float(manifest["seconds_a_run"]), retry, say, show)


def _run(
    store: folders.Store,
    plan: Plan,
    engine: Engine,
    seconds: float,
    retry: set[int],
    say: Say,
    show: bool,
) -> Study:
    began = time.monotonic()
    session: dict[str, Any] = {"began": _now(), "where": engine.where(), "versions": versions()}
    before = len(store.states) - len(retry)
    sessions = [*store.manifest["sessions"], session]
    store.note(status="running", replications=plan.replications, sessions=sessions)
    progress = StudyProgress(plan.runs, before, show, say)

    def go() -> None:
        conduct(
            store, plan, engine, progress, seconds, retry,
            lambda: more_replications(store, plan),
        )  # fmt: skip

    def end(status: str) -> None:
        session["seconds"] = round(time.monotonic() - began, 2)
        session["runs"] = len(store.states) - before
        store.note(status=status, sessions=sessions, failed=len(store.failed))

    progress.start()
    try:
        _guarded(go, store.folder)
        _guarded(store.settle, store.folder)
        _guarded(lambda: end("incomplete" if store.failed else "complete"), store.folder)
    except KeyboardInterrupt:
        progress.stop()
        end("interrupted")
        say(f"Interrupted after {len(store.done):,} runs; go on with: hesim resume {store.folder}")
        raise
    except StudyStopped:
        try:
            end("stopped")
        except OSError:
            say("the manifest cannot be written either")
        raise
    finally:
        progress.stop()
    made = Study(store.folder)
    say_end(made, say)
    return made


def _guarded(action: Callable[[], Any], folder: Path | None) -> Any:
    """Do something; what stops a study becomes words about how to go on."""
    again = "" if folder is None else f"; what was done is kept; go on with: hesim resume {folder}"
    try:
        return action()
    except (EngineFailed, WrongCode) as error:
        raise StudyStopped(f"{error}{again}") from error
    except OSError as error:
        raise StudyStopped(f"results cannot be written: {error}{again}") from error


class _engine:
    """Start an engine for a `with` block and end it afterwards."""

    def __init__(self, settings: Settings, orders: Any) -> None:
        try:
            self.engine = make_engine(settings, orders)
        except EngineFailed as error:
            raise StudyStopped(str(error)) from error

    def __enter__(self) -> Engine:
        return self.engine

    def __exit__(self, *_: object) -> None:
        self.engine.close()


def _reopen(
    place: Path, manifest: dict[str, Any], free: list[str], other: bool
) -> tuple[Plan, dict[str, bytes], dict[str, Any]]:
    """The plan of a study from its folder, its own data, and the facts as they are now."""
    import yaml

    usual = compose(free)
    text = (place / folders.SETTINGS).read_text(encoding="utf-8")
    try:
        stored = yaml.safe_load(text)
        if not isinstance(stored, dict):
            raise ValueError("it holds no settings")
    except (yaml.YAMLError, ValueError) as error:
        raise ConfigErrors([Problem(str(place / folders.SETTINGS), None, str(error))]) from None
    given = {line.partition("=")[0] for line in free}
    asked = {path: usual[path] for path in FREE if path in given}
    settings = usual.with_settings(stored).with_values(asked)
    content: dict[str, bytes] = {}
    if (place / folders.DATA).is_dir():
        settings = settings.with_values({"data": str(place / folders.DATA)})
    hashes, content = data_of(settings)
    arms = [
        Arm(name, tuple(levers), manifest["facts"]["arms"][name])
        for name, levers in manifest["arm_levers"].items()
    ]
    replications = int(manifest["replications"])
    if "study.replications" in given and settings["study.replications"] is not None:
        replications = settings.integer("study.replications")
    elif "replications" in given:
        replications = settings.integer("replications")
    plan = folders.read_plan(place, settings, arms, replications)
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


def _without_free(facts: Mapping[str, Any]) -> dict[str, Any]:
    settings = {k: v for k, v in facts["settings"].items() if k not in FREE}
    study = settings.get("study", {})
    settings["study"] = {k: v for k, v in study.items() if f"study.{k}" not in FREE}
    return {**facts, "settings": settings}


def _refuse_taken(overrides: Sequence[str]) -> None:
    for line in overrides:
        key, _, value = line.partition("=")
        if key == "output" and (Path(value).expanduser() / folders.MANIFEST).is_file():
            words = f"exists already; go on with `hesim resume {value}`, or name a new folder"
            raise ConfigErrors([Problem("output", value, words)])


def _choose(settings: Settings, overrides: Sequence[str]) -> Path:
    if settings["output"] is not None:
        return Path(settings.text("output")).expanduser().absolute()
    named = [re.match(r"\+?experiment=(.+)", line) for line in overrides]
    name = next((found[1] for found in named if found), "study")
    wanted = DEFAULT.absolute() / f"{name}_{datetime.now():%Y-%m-%d_%H-%M-%S}"
    return wanted if not wanted.exists() else _free_name(wanted)


def _free_name(folder: Path) -> Path:
    number = 2
    while (made := folder.with_name(f"{folder.name}_{number}")).exists():
        number += 1
    return made.absolute()


def _speaker(show: bool) -> Say:
    from hesim.run.screen import Screen

    return Screen(compose(), show).say if show else lambda text: None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


__all__ = ["Changed", "StudyStopped", "resume", "start"]
