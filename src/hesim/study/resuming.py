"""Take a study up again, if it still is the study that it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from hesim.config import ConfigErrors, Problem, compose
from hesim.study import store as folders
from hesim.study.arms import Arm
from hesim.study.identity import code_digest, data_of, differences, facts_of
from hesim.study.opened import Study
from hesim.study.plan import Plan
from hesim.study.running import Work
from hesim.study.session import run_session, running_engine, speaker
from hesim.study.starting import free_name, start

FREE = (
    "replications", "study.replications", "study.precision", "study.most_replications",
    "study.question", "study.outcome", "study.better", "study.threshold",
)  # fmt: skip
"""Settings that may be changed on resume: they add rows or ask otherwise, and change no row."""


class Changed(ValueError):
    """The study was made with other settings, data or code."""


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
        simulate: The other model that it was running_engine with.
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
    say = speaker(show)
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
        target = free_name(place)
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
        with running_engine(plan.settings, orders) as engine:
            return run_session(
                store, plan, engine, float(manifest["seconds_a_run"]), retry, say, show
            )


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
