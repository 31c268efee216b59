"""Answer a study by region, age, sex, field or role: crossings and staff of each arm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hesim.config.folders import STRUCTURE
from hesim.input.problems import ConfigErrors, Problem
from hesim.outcomes.breakdown import OF_STUDIES, known_dimension, outcome_entry, parts_of
from hesim.study.answers.effects import comparison, comparison_by_year
from hesim.study.observation import dimensions_of

if TYPE_CHECKING:
    import pandas as pd

    from hesim.study.folder import Study


def breakdown(study: Study, dimension: str, yearly: bool = False) -> pd.DataFrame:
    """Crossings and staff of each arm by one dimension, with paired differences and 95% intervals.

    Args:
        study: The study.
        dimension: `region`, `age`, `sex`, `field` or `role`.
        yearly: A row for each year, with a column `year`; else means over the years of means.

    Returns:
        The columns of the table `comparison` of a study, with a column of the dimension's name
        after `outcome`. Crossings are persons a year, staff is persons at the end of a year, both
        at full scale. The categories of an outcome add up to the outcome itself. A study that is
        older than staff by category has crossings alone.

    Raises:
        ConfigErrors: There is no such dimension, or the study did not record it.
    """
    known_dimension(dimension)
    recorded = dimensions_of(study.settings["study"])
    if dimension not in recorded:
        words = (
            "this study did not record it; run it with "
            f"study.by=[{','.join((*recorded, dimension))}]"
        )
        raise ConfigErrors([Problem("by", dimension, words)])
    import pandas as pd

    parts = study.of_structures()
    if parts:
        each = [
            breakdown(one, dimension, yearly).assign(**{STRUCTURE: key})
            for key, one in parts.items()
        ]
        whole = pd.concat(each, ignore_index=True)
        return whole[[STRUCTURE, *(name for name in whole.columns if name != STRUCTURE)]]
    names = {part.name: part for part in parts_of((dimension,), OF_STUDIES)}
    compare = comparison_by_year if yearly else comparison
    found = compare(study, {name: outcome_entry(part.outcome).unit for name, part in names.items()})
    place = list(found.columns).index("outcome") + 1
    order = {name: row for row, name in enumerate(names)}
    arms = {arm: row for row, arm in enumerate(study.arms)}
    in_order = found.assign(
        arm=found["arm"].map(arms), outcome=found["outcome"].map(order)
    ).sort_values([name for name in ("arm", "scenario", "outcome", "year") if name in found])
    found = found.loc[in_order.index].reset_index(drop=True)
    found.insert(place, dimension, [names[name].category for name in found["outcome"]])
    found["outcome"] = [names[name].outcome for name in found["outcome"]]
    return found
