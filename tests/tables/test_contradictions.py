"""Tables of one's own: within their schema they run, or the figures that contradict are named."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import Phase, example, given
from hypothesis import settings as profile
from table_edits import EDITS, SWAPS, Change, alone, edited, fact, macro, nobody, single

from hesim.config import Settings
from hesim.execution.trial import try_model
from hesim.input.problems import ConfigErrors
from hesim.model.rates.rates import compute_rates
from hesim.population.conflict import TableAxis, conflict
from hesim.population.employers import build_employers, role_shares
from hesim.population.joint import stock_joint
from hesim.population.raking import RakingError, rake
from hesim.scenario import compose
from hesim.tables.schema import Contradiction

TURNED_AROUND = SWAPS["entrants and leavers change places"]
NO_SHRINKING = (Phase.explicit, Phase.generate)
TINY = ["population.scale=0.02", "burn_in=0", "years=1"]
FIGURE = re.compile(r"\d(\.\d+)?(%|e[+-])|\d+ (lectoren|hours)|nothing that there is")


@pytest.fixture(scope="module")
def world() -> Settings:
    return compose(TINY)


def unknowns(value: object, path: str = "rates") -> Iterator[str]:
    """Paths of numbers that are none."""
    if isinstance(value, tuple):
        names = getattr(value, "_fields", range(len(value)))
        for name, inside in zip(names, value, strict=True):
            yield from unknowns(inside, f"{path}.{name}")
    elif isinstance(value, float | np.ndarray) and np.asarray(value).dtype.kind == "f":
        yield from [path] * bool(np.isnan(value).any())


def contradiction(settings: Settings, changes: list[Change]) -> str | None:
    """Make all numbers of a model; words where figures contradict each other, else None."""
    with TemporaryDirectory() as folder:
        tables = edited(changes, Path(folder))
    try:
        with np.errstate(divide="raise", invalid="raise", over="raise"):
            rates = compute_rates(settings, tables, build_employers(settings, tables), 0)
            for sector in ("hbo", "wo"):
                roles = role_shares(settings, tables, sector)
                joint, _ = stock_joint(settings, tables, sector, roles)
                assert np.isfinite(joint).all()
    except Contradiction as error:
        return str(error)
    assert not list(unknowns(tuple(rates)))
    return None


def names_figures(words: str | None) -> bool:
    """Whether words, if there are any, name figures and no axes of arrays."""
    return words is None or (len(FIGURE.findall(words)) >= 2 and "axes" not in words)


@profile(max_examples=4, phases=NO_SHRINKING)
@example([macro("turnover", "wo", 7.0)])
@example([alone(("2.2", "exit_reason", "hbo_out"), 2)])
@example([macro("turnover", "hbo", 2.8e-274)])
@given(EDITS)
def test_edited_tables_give_numbers_or_words(changes: list[Change]) -> None:
    words = contradiction(compose(TINY), changes)
    assert names_figures(words), words


@pytest.mark.long
@profile(max_examples=300, phases=NO_SHRINKING)
@given(EDITS)
def test_many_edited_tables_give_numbers_or_words(changes: list[Change]) -> None:
    words = contradiction(compose(TINY), changes)
    assert names_figures(words), words


@pytest.mark.long
@pytest.mark.parametrize("change", list(single()), ids=repr)
def test_each_extreme_runs_for_a_year_or_is_put_into_words(
    world: Settings, change: Change, tmp_path: Path
) -> None:
    from hesim.execution.simulate import Unwatched, simulate

    tables = edited([change], tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            try_model(world, tables)
        except ConfigErrors as error:
            assert "no model can be made" not in str(error)
            assert names_figures(str(error)), error
            return
        model, _ = simulate(world, tables, 0, Unwatched())
    assert model.month == 12


def test_swapped_tables_make_a_world() -> None:
    settings = compose(TINY)
    for name, change in SWAPS.items():
        if change is not TURNED_AROUND:
            assert contradiction(settings, [change]) is None, name


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            alone(("3.2", "age", "wo_out"), 0),
            r"age of wo staff .*: 55_plus is 8\d.*%, but goes only with role of wo staff",
        ),
        (
            alone(("2.2", "exit_reason", "wo_out"), 0),
            r"wo_out: .*% name .* \(table 3\.4\), but 100% retired .* \(table 2\.2\)",
        ),
        (
            TURNED_AROUND,
            r"under 25 are 3\.7% of entrants \(table 3\.3\) and 32\.6% of leavers \(table 3\.2\)",
        ),
        (fact("lectoren", 1.0), r"1 lectoren .* 305 fte .* 16 to 38"),
        (macro("turnover", "wo", 3.0), r"wo: turnover of 3% .* candidates .*6\.82%"),
    ],
)
def test_what_contradicts_is_named(change: Change, words: str) -> None:
    found = contradiction(compose(TINY), [change])
    assert found is not None and re.search(words, found), found


def test_a_zero_of_a_survey_is_no_certainty() -> None:
    settings = compose(TINY)
    for item in range(4):
        assert contradiction(settings, [nobody(("2.2", "exit_reason", "hbo_out"), item)]) is None
        assert contradiction(settings, [alone(("3.2", "weekly_hours", "hbo_in"), item)]) is None
        assert contradiction(settings, [alone(("3.3", "weekly_hours", "hbo_out"), item)]) is None


AXES = (TableAxis("role (a)", ("junior", "senior")), TableAxis("age (b)", ("young", "old")))


def test_the_categories_that_want_more_than_there_is_are_named() -> None:
    seed = np.array([[1.0, 1.0], [0.0, 1.0]])
    margins = [((0,), np.array([0.3, 0.7])), ((1,), np.array([0.5, 0.5]))]
    words = "role (a): senior is 70%, but goes only with age (b): old, 50%"
    assert conflict(seed, margins, AXES) == words
    with pytest.raises(RakingError, match=re.escape(words)):
        rake(seed, margins, axes=AXES)
    assert conflict(np.ones((2, 2)), margins, AXES) is None


def test_a_margin_of_two_axes_contradicts_one_of_a_third() -> None:
    # Who is junior and old cannot work full-time, and nearly all are junior, old and full-time.
    seed = np.ones((2, 2, 2))
    seed[0, 1, 1] = 0.0
    both = np.array([[0.05, 0.85], [0.05, 0.05]])
    margins = [((1, 0), both.T), ((2,), np.array([0.2, 0.8]))]
    axes = (*AXES, TableAxis("hours (c)", ("part", "full")))
    words = conflict(seed, margins, axes)
    assert (
        words == "hours (c): full is 80%, but goes only with age (b) and role (a): young junior, "
        "young senior and old senior, 15%"
    )
