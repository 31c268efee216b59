"""The command `hesim worth-knowing`: what to measure next, for a choice between arms."""

from __future__ import annotations

from hesim.cli.commands import _read
from hesim.cli.places import one_folder
from hesim.cli.printing import JSON, QUIET, print_json
from hesim.cli.studies import answer_body, question_and_place, reports_stops


@reports_stops
def worth_knowing(arguments: list[str]) -> int:
    """Say what is worth knowing before one chooses: table, figure and sentences."""
    words = _read(arguments, flags=(JSON, QUIET), settings=False)
    folder = one_folder(words)
    from hesim.api import worth_knowing as learn

    asked, place = question_and_place(words.overrides)
    # Nothing but the answer is to be said, so that --quiet leaves that out.
    made = learn(folder, asked, output=place, show=not words.flags & {JSON, QUIET})
    if JSON in words.flags:
        print_json(answer_body(folder, made))
    return 0
