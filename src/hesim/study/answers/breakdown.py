"""Answer a study by region, age, sex, field or role: crossings of each arm, part by part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hesim.config.folders import STRUCTURE
from hesim.input.problems import ConfigErrors, Problem
from hesim.outcomes.breakdown import known_dimension, parts_of
from hesim.outcomes.registry import UNITS
from hesim.study.answers.effects import comparison
from hesim.study.observation import dimensions_of

if TYPE_CHECKING:
    import pandas as pd

    from hesim.study.folder import Study


def breakdown(study: Study, dimension: str) -> pd.DataFrame:
    """Crossings of each arm by one dimension, with paired differences and 95% intervals.

    Args:
        study: The study.
        dimension: `region`, `age`, `sex`, `field` or `role`.

    Returns:
        The columns of the table `comparison` of a study, with a column of the dimension's name
        after `outcome`. Persons a year at full scale, means from the first lever's start. The
        categories of an outcome add up to the outcome itself.

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
        each = [breakdown(one, dimension).assign(**{STRUCTURE: key}) for key, one in parts.items()]
        whole = pd.concat(each, ignore_index=True)
        return whole[[STRUCTURE, *(name for name in whole.columns if name != STRUCTURE)]]
    names = {part.name: part for part in parts_of((dimension,))}
    found = comparison(study, {name: UNITS[part.outcome] for name, part in names.items()})
    place = list(found.columns).index("outcome") + 1
    found.insert(place, dimension, [names[name].category for name in found["outcome"]])
    found["outcome"] = [names[name].outcome for name in found["outcome"]]
    order = {tuple(part): row for row, part in enumerate(parts_of((dimension,)))}
    rows = [
        (arm, scenario, order[dimension, category, outcome])
        for arm, scenario, outcome, category in zip(
            found["arm"], found["scenario"], found["outcome"], found[dimension], strict=True
        )
    ]
    arms = {arm: row for row, arm in enumerate(study.arms)}
    by_arm = sorted(range(len(rows)), key=lambda k: (arms[rows[k][0]], rows[k][1], rows[k][2]))
    return found.iloc[by_arm].reset_index(drop=True)
