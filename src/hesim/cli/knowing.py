"""The command `hesim worth-knowing`: what to measure next, for a choice between arms."""

from __future__ import annotations

from hesim.cli.commands import _read
from hesim.cli.studies import one_folder, question_and_place, reports_stops


@reports_stops
def worth_knowing(arguments: list[str]) -> int:
    """Say what is worth knowing before one chooses: table, figure and sentences."""
    words = _read(arguments, settings=False)
    folder = one_folder(words)
    from hesim.api import worth_knowing as learn

    asked, place = question_and_place(words.overrides)
    learn(folder, asked, output=place, show=True)
    return 0
