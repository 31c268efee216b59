"""What does not fit, or would be dropped, is grown, combined by a rule, or said in words."""

from __future__ import annotations

import json
import re
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import hesim
from hesim import categories as c
from hesim.cautions import Caution
from hesim.cli import main
from hesim.config import ConfigErrors
from hesim.levers import market
from hesim.levers.market import MOST_CLASSES, MOST_SHOWING, Exposure, act_on_market, promote
from hesim.levers.reach import Area
from hesim.model.board import REGIONS, SECTORS
from hesim.model.higher_education import HigherEducation
from hesim.model.market import Vacancies, empty_vacancies, lengthened, open_vacancies
from hesim.model.policy import no_effects
from hesim.scenario import compose
from hesim.sources import packaged
from hesim.survey import margins
from hesim.tables import ReportTables
from hesim.tables import schema as s
from hesim.tables.checks import MOST_ROWS, check_rows

TINY = ["population.scale=0.02", "burn_in=0", "years=1"]


@pytest.fixture
def model(tables: ReportTables) -> HigherEducation:
    return HigherEducation(compose(TINY), tables, 0)


def test_vacancies_that_find_no_room_get_some(tables: ReportTables) -> None:
    usual, small = (HigherEducation(compose(TINY), tables, 0) for _ in range(2))
    small.market.vacancies = empty_vacancies(3)
    for _ in range(6):
        usual.step()
        small.step()
    assert small.market.open_count == usual.market.open_count > 3
    for mine, theirs in zip(small.market.vacancies, usual.market.vacancies, strict=True):
        assert np.array_equal(mine[: small.market.open_count], theirs[: usual.market.open_count])


def test_vacancies_without_room_are_an_error(model: HigherEducation) -> None:
    v, e = empty_vacancies(2), model.employers
    with pytest.raises(IndexError, match="no room for another vacancy"):
        open_vacancies(
            v,
            0,
            np.ones(e.target.shape, np.int32),
            model.market.ordinals,
            0,
            model.state.places,
            model.rates.vacancies._replace(opening=1.0),
            model.effects.offers,
            model.effects.ranking,
            model.state.slots.columns,
            model.streams,
        )


def test_longer_columns_keep_what_they_hold() -> None:
    v = empty_vacancies(2)
    v.id[:], v.opened[:] = (7, 8), (1, 2)
    assert lengthened(v, 2) is v
    v = lengthened(v, 100)
    assert {getattr(v, name).size for name in Vacancies._fields} == {112}
    assert v.id[:3].tolist() == [7, 8, 0] and v.opened[:3].tolist() == [1, 2, 0]


def area(model: HigherEducation, first: int, last: int) -> Area:
    employers = np.zeros(len(model.employers.names), np.bool_)
    employers[first:last] = True
    cells = np.broadcast_to(employers[:, None, None], model.state.demand.first.shape)
    return Area(employers, cells, np.uint64(1))


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_levers_on_newcomers_each_hold_for_their_own_months(
    model: HigherEducation, order: tuple[int, int]
) -> None:
    effects = no_effects(model.state.demand.first.shape, model.rates.push_items.heading)
    given = (
        (area(model, 0, 10), {"early": 0.5, "months": 24.0}),
        (area(model, 5, 20), {"early": 0.2, "months": 6.0}),
    )
    for which in order:
        where, retention = given[which]
        effects = act_on_market(model, where, {"retention": retention}, effects)
    anchored = effects.drive.anchored
    assert anchored.shape[1] == 24
    # Where one acts, its months; where both do, both for six months and then the longer.
    assert anchored[0].tolist() == [0.5] * 24
    assert anchored[7] == pytest.approx([0.4] * 6 + [0.5] * 18)
    assert anchored[15] == pytest.approx([0.8] * 6 + [1.0] * 18)
    assert anchored[30].tolist() == [1.0] * 24


LEVER = """# @package levers.{name}
title: Another
group: terms
about: For a test.
section: none
must_not: nothing
contradicts: []
taking_part: institutions
start: "2014-01"
end: null
ramp: 0
fade: 0
strength: 1
reach: {{regions: [], institutions: [], partnerships: [], fields: [], roles: [], share: 1}}
dial: 0.5
dials:
  dial: {{min: 0, max: 1, unit: share, grade: A, source: none, about: none, acts: {acts}}}
"""


def test_two_levers_cannot_close_the_same_gap_twice(tmp_path: Path) -> None:
    (tmp_path / "levers").mkdir()
    text = LEVER.format(name="other_cao", acts="terms.alignment")
    (tmp_path / "levers" / "other_cao.yaml").write_text(text, encoding="utf-8")
    compose(["levers=[other_cao]"], tmp_path)
    with pytest.raises(ConfigErrors) as caught:
        compose(["levers=[other_cao,single_cao]"], tmp_path)
    words = str(caught.value)
    assert "other_cao" in words and "single_cao" in words and "same gap twice" in words


@pytest.mark.parametrize(
    "content",
    [
        "",
        "# nothing\n",
        "{}\n",
        "defaults: []\n",
        "defaults: [_self_]\n",
        "# @package levers.empty\n",
    ],
)
def test_a_file_without_a_lever_is_refused(
    content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "levers").mkdir()
    (tmp_path / "levers" / "empty.yaml").write_text(content, encoding="utf-8")
    assert main(["check", "--config", str(tmp_path), "levers=empty"]) == 2
    told = capsys.readouterr().err
    assert "empty.yaml" in told
    assert "holds no lever" in told or "is empty, so it would change nothing" in told


def test_packaged_levers_and_packages_pass_as_files_of_a_user(tmp_path: Path) -> None:
    (tmp_path / "levers").mkdir()
    for file in (packaged() / "levers").glob("*.yaml"):
        (tmp_path / "levers" / file.name).write_bytes(file.read_bytes())
    assert compose(["levers=everything"], tmp_path).mapping("levers")


LATE = "levers.single_cao: it does nothing, as it starts in 2030-01"
"""What is said of a lever that starts after the end of the run."""


def test_a_lever_outside_the_run_is_told_at_check(capsys: pytest.CaptureFixture[str]) -> None:
    given = ["check", "levers=[single_cao]", "years=10"]
    assert main([*given, "levers.single_cao.start='2030-01'"]) == 0
    told = capsys.readouterr().err
    assert LATE in told and "2011-01 to 2020-12" in told
    assert main([*given, "levers.single_cao.start='2020-12'"]) == 0
    # A machine that is new says that it is compiling.
    assert "warning" not in capsys.readouterr().err
    past = ["levers.single_cao.start='2009-01'", "levers.single_cao.end='2010-12'"]
    assert main([*given, *past]) == 0
    assert "it ended in 2010-12" in capsys.readouterr().err


def test_a_lever_outside_the_run_is_told_by_run_and_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [
        *TINY,
        "levers=[single_cao]",
        "levers.single_cao.start='2030-01'",
        "replications=1",
        "figures=false",
        "workers=1",
    ]
    assert main(["run", *given, f"output={tmp_path / 'one'}"]) == 0
    assert LATE in capsys.readouterr().err
    kept = json.loads((tmp_path / "one" / "manifest.json").read_text("utf-8"))["warnings"]
    assert sum(LATE in line for line in kept) == 1
    with pytest.warns(Caution, match=re.escape(LATE)):
        hesim.run(settings=compose([*given, f"output={tmp_path / 'two'}"]))


def test_settings_without_a_caution_are_silent(capsys: pytest.CaptureFixture[str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert main(["check", "levers=[single_cao]", "years=10"]) == 0
    assert capsys.readouterr().err == ""


def test_a_study_tells_of_an_arm_outside_its_years() -> None:
    from hesim.study.plan import plan_study
    from hesim.study.screen import say_plan

    said: list[str] = []
    say_plan(plan_study(["study.levers=[single_cao]", "years=2"]), said.append, said.append)
    assert any(line.startswith("warning: arm single_cao: ") for line in said)


def test_many_combinations_of_levers_that_show_are_told_apart(model: HigherEducation) -> None:
    effects = no_effects(model.state.demand.first.shape, model.rates.push_items.heading)
    rng = np.random.default_rng(1)
    cells = rng.random((9, *model.state.demand.first.shape)) < 0.5
    each = [Exposure(one, np.full(len(c.CHANNELS), 0.1)) for one in cells]
    made = promote(model, each, effects)
    assert made.frictions.classes.max() > 255
    where = np.argwhere(cells.sum(axis=0) == 9)[0]
    sector = model.employers.sector[where[0]]
    found = made.frictions.promoted_by[made.frictions.classes[tuple(where)]]
    audience = c.WO if sector == c.HBO else c.HBO
    assert found[audience] == pytest.approx(1 - 0.9**9)


def test_more_combinations_than_can_be_told_apart_are_an_error(
    model: HigherEducation, monkeypatch: pytest.MonkeyPatch
) -> None:
    effects = no_effects(model.state.demand.first.shape, model.rates.push_items.heading)
    # Each class, sector and region is one number of two bytes on the board.
    assert MOST_CLASSES * SECTORS * REGIONS <= 1 << 16
    cells = np.random.default_rng(1).random((4, *model.state.demand.first.shape)) < 0.5
    each = [Exposure(one, np.full(len(c.CHANNELS), 0.1)) for one in cells]
    with pytest.raises(ValueError, match=f"at most {MOST_SHOWING}"):
        promote(model, each * 16, effects)
    monkeypatch.setattr(market, "MOST_CLASSES", 8)
    with pytest.raises(ValueError, match="at most 8 can be told apart"):
        promote(model, each, effects)


def test_counts_of_staff_hold_more_than_two_bytes(model: HigherEducation) -> None:
    """At scale 4 a cell of staff may hold more than 65,535."""
    assert all(np.iinfo(cube.dtype).max > 4 * 200_000 for cube in margins.count(model).values())


def test_more_institutions_than_identities_can_name_are_refused(tables: ReportTables) -> None:
    some = tables.institutions[0]
    rows = [(k, replace(some, name=f"{k}")) for k in range(MOST_ROWS[s.INSTITUTIONS] + 1)]
    found = check_rows(s.INSTITUTIONS, rows)
    assert [(fault.value, fault.allowed) for fault in found] == [(3001, "at most 3000 rows")]
    assert check_rows(s.INSTITUTIONS, rows[:-1]) == []
