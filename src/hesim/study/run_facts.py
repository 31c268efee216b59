"""Say in what two runs differ, in words: settings, levers, data, code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hesim.study.identity import fact_differences

if TYPE_CHECKING:
    from hesim.record.run_folder import Run

OF_SCREEN = ("check", "export", "figures", "force", "heldout", "order", "profile", "study")
"""Settings that change no table of a run: what is shown or written besides, and of studies."""


def run_differences(first: Run, second: Run) -> tuple[str, ...]:
    """What differs between two runs, in words, one line each; `was` is the first."""
    return differences_of(first.settings, second.settings, first.manifest, second.manifest)


def differences_of(
    settings: Mapping[str, Any],
    settings_now: Mapping[str, Any],
    manifest: Mapping[str, Any],
    manifest_now: Mapping[str, Any],
) -> tuple[str, ...]:
    """What differs between two runs, in words; see `run_differences`.

    Args:
        settings: Settings of the first, nested.
        settings_now: Those of the second.
        manifest: Entries of the first's manifest about data and code.
        manifest_now: Those of the second.
    """
    lines = []
    levers, levers_now = (dict(each.get("levers") or {}) for each in (settings, settings_now))
    if levers.keys() != levers_now.keys():
        lines.append(f"levers: was {_names(levers)}, is {_names(levers_now)}")
    # A lever that only one of them has is told by its name alone.
    both = levers.keys() & levers_now.keys()
    key = "model_sha256" if {"model_sha256"} <= manifest.keys() & manifest_now.keys() else None
    then, now = (
        {
            "settings": {
                **{name: value for name, value in each.items() if name not in OF_SCREEN},
                "levers": {name: one[name] for name in both},
            },
            "data_sha256": of["data_sha256"],
            "code": {
                "the model": of.get(key or "code_sha256"),
                **(of.get("processes_sha256") or {}),
            },
            "plan_sha256": "",
        }
        for each, one, of in (
            (settings, levers, manifest),
            (settings_now, levers_now, manifest_now),
        )
    )
    found = fact_differences(then, now)
    commits = [str(each.get("commit") or "no commit")[:10] for each in (manifest, manifest_now)]
    versions = f" (was at {commits[0]}, is at {commits[1]})" if commits[0] != commits[1] else ""
    return (*lines, *(line + versions * line.startswith("code: the model ") for line in found))


def _names(levers: Mapping[str, object]) -> str:
    return ", ".join(levers) or "none"
