"""Answer a study: every table, its CSV file and its figure, in the folder `answers`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hesim.run.files import put
from hesim.study.answers import effects as e
from hesim.study.answers import showing
from hesim.study.answers.asking import Answers, asked, best_arm
from hesim.study.answers.robustness import trade_offs
from hesim.study.opened import Study, warn_of_missing

FOLDER = "answers"
PARETO = {"wo_to_hbo": "more", "hbo_to_wo": "more", "vacancies_unfilled": "less"}
"""Outcomes whose trade-offs are shown beside the study's own."""


def compare(folder: str | Path, overrides: Sequence[str] = (), *, show: bool = False) -> Answers:
    """Answer a study and write `answers/` in its folder.

    Args:
        folder: The study.
        overrides: `study.outcome`, `study.better` and `study.threshold`, to ask otherwise.
        show: Print the main table.

    Raises:
        NoStudy: the folder holds none, or something in it is damaged.
        ConfigErrors: overrides that cannot hold.
    """
    made = answer(Study(folder), overrides)
    target = made.study.folder / FOLDER
    target.mkdir(exist_ok=True)
    from hesim.figures import style

    for name, table in made.tables.items():
        put(target / f"{name}.csv", table.to_csv(index=False).encode())
    for name, (_, _, figure) in made.figures.items():
        put(target / f"{name}.png", style.png(figure))
    if not show:
        warn_of_missing(made.study)
    else:
        from hesim.study.answers.telling import tell

        tell(made, print)
        print(f"\nTables and figures: {target}")
    return made


def answer(study: Study, overrides: Sequence[str] = ()) -> Answers:
    """Answer a study in memory: tables and figures.

    Raises:
        ConfigErrors: overrides that cannot hold.
    """
    from hesim.outcomes.registry import UNITS

    made = asked(study, overrides, UNITS)
    made.tables["comparison"] = comparison = e.comparison(study, UNITS)
    if comparison.empty:
        made.notes.append("no run is whole yet")
        return made
    small = showing.small_print(study)
    levels = e.levels(study, made.outcome)
    differences = e.paired(levels)
    made.best = best_arm(comparison, made)
    showing.show_league(made, comparison, small)
    showing.show_fans(made, showing.small_print(study, means=False))
    showing.show_sensitivity(made, levels, differences, small)
    if differences:
        showing.show_worlds(made, differences, small)
        showing.show_flows(made, comparison, small)
        wanted = {made.outcome: made.better, **PARETO}
        made.tables["pairing"] = e.pairing(study, made.outcome)
        made.tables["trade_offs"] = trade_offs(comparison, wanted)
    return made
