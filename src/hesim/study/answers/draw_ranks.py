"""Say with which fitted parameters the effect of a lever goes, over the draws of a calibration.

The measure is Spearman's rank correlation. It needs no straight line, and one draw far out does
not make it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hesim.study.answers.effects import Tables
from hesim.study.points import CENTRAL

if TYPE_CHECKING:
    import pandas as pd

    from hesim.study.folder import Study

LEAST_DRAWS = 10
"""With fewer draws no correlation can be told from none, once many parameters are looked at."""
ANSWERS = "survey."
"""Settings that change what people answer, and nothing that they do."""
CHANCE = 0.05


def draw_ranks(study: Study, differences: Tables) -> pd.DataFrame | None:
    """Correlate effects with the parameters that draws differ in.

    Args:
        study: The study, of one structure.
        differences: Paired differences, see `effects.paired_differences`.

    Returns:
        One row for each arm and parameter, the strongest first: arm, parameter (path of a setting),
        correlation, its 95% interval `low` and `high`, draws, and `told`: whether it can be told
        from none although so many parameters were looked at (Bonferroni). None where there are too
        few draws, or none differ.
    """
    import pandas as pd

    parameters = _parameters(study)
    rows: list[dict[str, Any]] = []
    for (arm, scenario), table in differences.items():
        if scenario != CENTRAL:
            continue
        effect = _by_draw(table.cells, table.values)
        effect = {draw: value for draw, value in effect.items() if draw in parameters}
        if len(effect) < LEAST_DRAWS or len(set(effect.values())) < 2:
            continue
        changing = setting_values([parameters[draw] for draw in effect])
        for path, values in changing.items():
            found = rank_correlation(values, list(effect.values()))
            low, high = rank_interval(found, len(effect), CHANCE)
            strict = rank_interval(found, len(effect), CHANCE / len(changing))
            rows.append(
                {
                    "arm": arm,
                    "parameter": path,
                    "correlation": found,
                    "low": low,
                    "high": high,
                    "draws": len(effect),
                    "told": strict[0] > 0 or strict[1] < 0,
                }
            )
    rows.sort(key=lambda row: (row["arm"], -abs(row["correlation"])))
    return pd.DataFrame(rows) if rows else None


def rank_correlation(first: Sequence[float], second: Sequence[float]) -> float:
    """Spearman's: the correlation of ranks, of which equal values share the mean."""
    import pandas as pd

    # SciPy says the same, and takes half a second to import.
    ranks = [pd.Series(values).rank().to_numpy() for values in (first, second)]
    return float(np.corrcoef(np.array(ranks))[0, 1])


def rank_interval(correlation: float, count: int, chance: float) -> tuple[float, float]:
    """Interval of a rank correlation by Fisher's transform (Bonett and Wright 2000).

    Args:
        correlation: What was found.
        count: Pairs.
        chance: How often the interval may miss the truth.
    """
    from scipy.special import ndtri

    middle = math.atanh(max(min(correlation, 1.0 - 1e-12), -1.0 + 1e-12))
    half = float(ndtri(1.0 - chance / 2.0)) * math.sqrt((1.0 + correlation**2 / 2.0) / (count - 3))
    return math.tanh(middle - half), math.tanh(middle + half)


def _parameters(study: Study) -> dict[int, Mapping[str, Any]]:
    """Settings of each draw, by its number."""
    rows = study.connect().execute(
        "select d.draw, any_value(p.values) from design d join points p on p.point = d.baseline "
        "where d.draw >= 0 group by d.draw order by d.draw"
    )
    return {int(draw): json.loads(values) for draw, values in rows.fetchall()}


def _by_draw(cells: list[tuple[int, int]], values: NDArray[np.float64]) -> dict[int, float]:
    """Mean effect of each draw, over worlds and replications; draws without a run are left out."""
    found: dict[int, list[float]] = {}
    for (_, draw), row in zip(cells, values, strict=True):
        found.setdefault(draw, []).extend(row[~np.isnan(row)].tolist())
    return {draw: float(np.mean(each)) for draw, each in found.items() if each}


def setting_values(draws: list[Mapping[str, Any]]) -> dict[str, list[float]]:
    """Values of each setting that differs, one for all that go up and down together.

    Args:
        draws: Settings by path of each draw, or of each world.

    Returns:
        Values in the order of the draws, by path. What people answer and is not done is left out,
        and so is what is no number.
    """
    found: dict[str, list[float]] = {}
    orders: set[tuple[int, ...]] = set()
    for path in dict.fromkeys(path for draw in draws for path in draw):
        values = [draw.get(path) for draw in draws]
        if path.startswith(ANSWERS) or not all(isinstance(value, int | float) for value in values):
            continue
        numbers = [float(value) for value in values if isinstance(value, int | float)]
        # Ranks and no order, as worlds that share a draw have the same value.
        ranks = np.unique(numbers, return_inverse=True)[1].ravel()
        up, down = tuple(ranks.tolist()), tuple((ranks.max() - ranks).tolist())
        if len(set(numbers)) > 1 and not {up, down} & orders:
            found[path] = numbers
            orders.add(up)
    return found
