"""Set the inputs in closed form: movers look as the report's tables have it.

Stage A of the calibration. Tables 2.1 and 3.2 to 3.4 say how often movers name each channel, who
enters, what posts offer, and how those who enter differ from those who leave; macro figures how
many staff there are. What makes each of these figures in the model (`model.inputs`) is known; by
how much follows from fixed-point iteration over runs with common random numbers. Inputs say nothing
about how people choose.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.calibration.design import FIRST
from hesim.calibration.observation import names
from hesim.calibration.runs import run_points
from hesim.config.entries import UNCALIBRATED
from hesim.config.folders import read_settings
from hesim.config.points import STRUCTURE
from hesim.config.trees import laid_over, tree_of
from hesim.files import put
from hesim.sources import packaged

if TYPE_CHECKING:
    from hesim.calibration.plan import CalibrationPlan
    from hesim.config import Settings
    from hesim.tables import ReportTables

Floats = NDArray[np.float64]
LEAST_ROUNDS, MOST_ROUNDS = 10, 25
CLOSE = 0.5
"""Mean gap, in percentage points, below which no further round follows. Rounds of four times as
many runs were tried: three of them gained nothing."""
IN_VAIN = 5
"""Rounds that came no nearer, after which no further one follows: some figures may be out of reach
at a point."""
LEAST = 0.0005
"""Share that a figure aims at, at least, in a group that never named it."""
GAIN = {"channels": 1.2, "entrants": 1.0, "offers": 1.0, "staff": 0.8, "growth": 0.6, "posts": 1.0}
"""Part of the gap that a step makes up for. Of channels more than all, as a step between the
sectors takes half of its log-odds from either group. `solve` makes a step larger while an input
goes on in one direction, and smaller when it turns."""
SLOW, ON, BACK, GAIN_MOST = 0.7, 1.5, 0.6, 6.0
WIDEST = {
    "channels": 12.0,
    "entrants": 12.0,
    "offers": 3.0,
    "staff": 3.0,
    "growth": 5.0,
    "posts": 20.0,
}
LOWEST = {"posts": 0.0}
"""Where the range is not as wide below 0 as above."""
PATH = "model.inputs"
TABLE = {"hbo_in": "3.2", "wo_out": "3.2", "wo_in": "3.3", "hbo_out": "3.3"}
OFFERS = {
    "contract": c.CONTRACTS[:3],
    "weekly_hours": c.HOURS_BANDS,
    "experience": c.EXPERIENCE_BANDS,
    "education_level": c.EDUCATION[1:],
}
ROLE_ASKS = "experience"
"""What no input sets in wo: there the role says how much is asked."""
STAFF = {"sex": c.SEXES, "field": c.FIELDS}
SECTORS = ("hbo", "wo")
TURNOVER = {"hbo": 10.0, "wo": 16.0}
"""Per cent of staff that leaves in a year: what a share of movers means in staff. Where the
iteration starts and how far it steps; not where it ends."""


@dataclass(frozen=True)
class Input:
    """One number that makes a published figure.

    Attributes:
        kind: Part of `model.inputs`.
        block: Inputs of one block share their level: they are relative to each other.
        item: Category.
        cell: Name of the cell, or figure, that it makes.
        less: Cell that is taken off (growth), or empty.
    """

    kind: str
    block: str
    item: str
    cell: str
    less: str = ""

    @property
    def path(self) -> str:
        """Path of the setting."""
        return ".".join(filter(None, (PATH, self.kind, self.block, self.item)))


def all_inputs() -> tuple[Input, ...]:
    """List all inputs, in the order of their settings."""
    found = [
        Input("channels", group, x, f"3.4|search_channel|{x}|{group}")
        for group in c.MOVER_GROUPS
        for x in c.CHANNELS
    ]
    for kind, blocks, way in (
        ("entrants", c.ENTRANT_BLOCKS, "in"),
        ("offers", OFFERS, "in"),
        ("staff", STAFF, "out"),
    ):
        for sector in SECTORS:
            for block, items in blocks.items():
                if kind == "offers" and sector == "wo" and block == ROLE_ASKS:
                    continue
                group = f"{sector}_{way}"
                table = "2.1" if block == "prior_situation" else TABLE[group]
                found += [
                    Input(kind, f"{sector}.{block}", x, f"{table}|{block}|{x}|{group}")
                    for x in items
                ]
    for sector in SECTORS:
        into, out = f"{sector}_in", f"{sector}_out"
        found += [
            Input(
                "growth",
                sector,
                x,
                f"{TABLE[into]}|field|{x}|{into}",
                f"{TABLE[out]}|field|{x}|{out}",
            )
            for x in c.FIELDS
        ]
    found += [Input("posts", "", sector, f"outcome|heads_{sector}") for sector in SECTORS]
    return tuple(found)


def inputs_of(settings: Settings) -> dict[str, float]:
    """What settings hold for each input, by path."""
    return {each.path: settings.number(each.path) for each in all_inputs()}


def reported(tables: ReportTables) -> dict[str, float]:
    """What the report says of the cells that inputs make, as shares, by name of the cell.

    Blocks of shares that do not sum to 100 are scaled to it, as the model reads them.
    """
    found = {}
    for each in all_inputs():
        if each.kind == "posts":
            continue
        for name in filter(None, (each.cell, each.less)):
            table, block, item, group = name.split("|")
            percent = tables.percent(table, item, group) if table == "3.4" else None
            if table == "3.4":
                if percent is not None:
                    found[name] = percent / 100.0
            elif item in (shares := tables.shares(table, block, group)):
                found[name] = float(shares[item])
    return found


def gaps(
    shown: Mapping[str, float], tables: ReportTables, given: Mapping[str, float]
) -> dict[str, float]:
    """How far what is shown lies from the report, by path of the input that would mend it.

    Args:
        shown: Shares of cells among simulated movers, by name of the cell; per cent of posts that
            are filled.
        tables: The report's tables. Inputs of cells without a figure are left out.
        given: Inputs that it was shown with, by path.

    Returns:
        Log ratios, of channels log-odds, of growth and posts per cent of staff (a year).
    """
    aims, found = reported(tables), {}
    for each in all_inputs():
        if each.kind == "posts":
            found[each.path] = posts_beyond(shown[each.cell]) - given[each.path]
            continue
        if each.cell not in aims:
            continue
        if each.kind == "growth":
            gap = aims[each.cell] - aims[each.less] - (shown[each.cell] - shown[each.less])
            gap *= TURNOVER[each.block]
        else:
            aim = max(aims[each.cell], LEAST)
            seen = min(max(shown[each.cell], LEAST / 2), 0.999)
            gap = float(np.log(aim / seen))
            if each.kind == "channels":
                gap -= float(np.log((1.0 - aim) / (1.0 - seen)))
        found[each.path] = gap
    return found


def posts_beyond(filled: float) -> float:
    """Posts wanted beyond staff, in per cent of staff, where so many per cent of posts are filled.

    So many more are wanted that staff comes to what the report counts.
    """
    return _within("posts", 100.0 * (100.0 / filled - 1.0))


def with_posts(inputs: Mapping[str, float], shown: Mapping[str, float]) -> dict[str, float]:
    """Inputs with the posts that make staff come out, given what a run showed with others.

    Args:
        inputs: By path.
        shown: Figures of the run, by name.
    """
    found = dict(inputs)
    for each in all_inputs():
        if each.kind == "posts":
            found[each.path] = posts_beyond(shown[each.cell])
    return found


def improved(
    given: Mapping[str, float],
    gap: Mapping[str, float],
    gain: Mapping[str, float],
    aims: Mapping[str, float],
) -> dict[str, float]:
    """Inputs after one step of the iteration.

    Args:
        given: Values by path; those without a gap keep theirs.
        gap: What `gaps` found.
        gain: Part of each gap that the step makes up for, by path.
        aims: What `reported` found.
    """
    after = {path: x + gain[path] * gap[path] if path in gap else x for path, x in given.items()}
    _level(after, aims)
    kinds = {each.path: each.kind for each in all_inputs()}
    return {path: _within(kinds[path], x) for path, x in after.items()}


def _within(kind: str, value: float) -> float:
    """A value of an input, cut at the ends of its kind's range."""
    return float(np.clip(value, LOWEST.get(kind, -WIDEST[kind]), WIDEST[kind]))


def _level(values: dict[str, float], aims: Mapping[str, float]) -> None:
    """Take from each block what only moves all of it: the mean over movers becomes 0."""
    blocks: dict[tuple[str, str], list[Input]] = {}
    for each in all_inputs():
        if each.kind != "channels" and each.cell in aims:
            blocks.setdefault((each.kind, each.block), []).append(each)
    for (kind, _), members in blocks.items():
        weight = np.array([1.0 if kind == "growth" else aims[x.cell] for x in members])
        mean = float(np.average([values[x.path] for x in members], weights=weight))
        for x in members:
            values[x.path] -= mean


def solve(
    plan: CalibrationPlan,
    stage: str,
    point: Floats,
    offset: int,
    runs: int,
    tell: Callable[[str], None],
    changed: Mapping[str, object] | None = None,
    start: Mapping[str, float] | None = None,
) -> dict[str, float]:
    """Find the inputs at a point.

    The round that came nearest counts, gaps measured in what chance moves the figures: steps may
    still go to and fro. A point far from the one that the inputs start from needs more rounds.

    Args:
        plan: The calibration.
        stage: Name of its folders, one a round.
        point: In standard units.
        offset: Added to the replication numbers.
        runs: Runs a round; every round takes the same random numbers.
        tell: Called with words.
        changed: Other settings by path, such as the scale.
        start: Inputs to begin from, by path; those of the plan's settings if None.
    """
    tables = plan.tables
    values, aims = dict(start or inputs_of(plan.base)), reported(tables)
    gain = {each.path: GAIN[each.kind] for each in all_inputs()}
    before: dict[str, float] = {}
    nearest, best, points_off, in_vain = values, np.inf, np.inf, 0
    for round_ in range(MOST_ROUNDS):
        if round_ >= LEAST_ROUNDS and (points_off < CLOSE or in_vain >= IN_VAIN):
            break
        given: dict[str, object] = {**(changed or {}), **values}
        points, first = np.repeat(point[None], runs, axis=0), FIRST["inputs"] + offset
        seen = run_points(plan, f"{stage}_{round_ + 1}", points, first, tell, changed=given)
        shown = dict(zip(names(tables), seen.values.mean(axis=0).tolist(), strict=True))
        off, root = _off(shown, aims, tell)
        in_vain += 1
        if off < best:
            nearest, best, points_off, in_vain = values, off, root, 0
        gap = gaps(shown, tables, values)
        gain = {path: eager(gain[path], gap.get(path, 0.0), before.get(path)) for path in gain}
        values, before = improved(values, gap, gain, aims), gap
    return nearest


def _off(
    shown: Mapping[str, float], aims: Mapping[str, float], tell: Callable[[str], None]
) -> tuple[float, float]:
    """How far off all inputs are; says so, and which one is furthest.

    Returns:
        The mean square of the gaps, in variances of one respondent, and the root of the mean square
        in percentage points.
    """
    wrong = {name: abs(aims[name] - shown[name]) for name in aims}
    square = {
        name: gap**2 / max(aims[name] * (1.0 - aims[name]), LEAST) for name, gap in wrong.items()
    }
    root = 100.0 * float(np.sqrt(np.mean(np.square(list(wrong.values())))))
    far = max(square, key=lambda name: square[name])
    tell(f"inputs: {root:.2f} points off, {far} most: {shown[far]:.2%} of {aims[far]:.2%}")
    return float(np.mean(list(square.values()))), root


def eager(gain: float, gap: float, before: float | None) -> float:
    """Part of a gap to make up for next: more while the last step did little, less when it turned.

    Args:
        gain: Part that the last step made up for.
        gap: What is left.
        before: What was left before that step; None at first.
    """
    if before is None:
        return gain
    if gap * before < 0:
        return gain * BACK
    return min(gain * ON, GAIN_MOST) if abs(gap) > SLOW * abs(before) else gain


def write_default(values: Mapping[str, float], structure: str = STRUCTURE) -> None:
    """Write inputs into the packaged configuration, as in force without a calibration.

    Args:
        values: Inputs by path.
        structure: The one that they were solved for. Those of the usual one stand in the entries
            of `conf/model/inputs.yaml`, those of another one in its own file.
    """
    import yaml

    def text_of(body: Mapping[str, object]) -> str:
        return yaml.safe_dump(body, sort_keys=False, width=98, allow_unicode=True)

    usual = structure == STRUCTURE
    file = packaged() / ("model/inputs.yaml" if usual else f"structure/{structure}.yaml")
    text, body = read_settings(file)
    if usual:
        for name, entry in body.items():
            assert isinstance(entry, dict)
            entry[UNCALIBRATED] = _filled(entry[UNCALIBRATED], f"{PATH}.{name}".split("."), values)
    else:
        rounded = {path: round(value, 3) for path, value in values.items()}
        body = laid_over(body, tree_of(rounded))
    head = [line for line in text.splitlines() if line.startswith("#")]
    parts = [text_of({name: entry}) for name, entry in body.items()]
    put(file, "\n".join(["\n".join(head) + "\n", *parts]).encode())


def _filled(old: object, path: list[str], values: Mapping[str, float]) -> object:
    """New values in the shape of old ones, whose keys stand for the stars of a path."""
    if "*" not in path:
        return round(values[".".join(path)], 3)
    assert isinstance(old, dict)
    star = path.index("*")
    return {
        key: _filled(inside, [*path[:star], key, *path[star + 1 :]], values)
        for key, inside in old.items()
    }
