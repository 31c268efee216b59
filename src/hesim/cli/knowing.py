"""The command `hesim worth-knowing`: what to measure next, for a choice between arms."""

from __future__ import annotations

from hesim.cli.commands import _read
from hesim.cli.studies import one_folder, reports_stops
from hesim.input.problems import ConfigErrors, Problem


@reports_stops
def worth_knowing(arguments: list[str]) -> int:
    """Say what is worth knowing before one chooses: table, figure and sentences."""
    words = _read(arguments, settings=False)
    folder = one_folder(words)
    from hesim.api import worth_knowing as learn

    asked = [line for line in words.overrides if not line.startswith("output=")]
    given = [line.partition("=")[2] for line in words.overrides if line.startswith("output=")]
    if given and not given[-1]:
        raise ConfigErrors([Problem("output", "", "must be a folder")])
    learn(folder, asked, output=given[-1] if given else None, show=True)
    return 0
