"""Stage A: inputs in closed form make movers look as tables 2.1 and 3.2 to 3.4 have it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import yaml

from hesim import categories as c
from hesim.calibration import inputs as stage
from hesim.calibration import targets as t
from hesim.calibration.inputs import (
    GAIN,
    GAIN_MOST,
    LEAST,
    TURNOVER,
    WIDEST,
    Input,
    all_inputs,
    eager,
    gaps,
    improved,
    inputs_of,
    posts_beyond,
    reported,
    with_posts,
)
from hesim.config.entries import values_of
from hesim.model.rates.market import channel_chances, channel_shift
from hesim.scenario import compose
from hesim.sources import packaged
from hesim.tables import ReportTables

pytestmark = pytest.mark.once

NOTHING = {each.path: 0.0 for each in all_inputs()}
FILLED = {each.cell: 100.0 for each in all_inputs() if each.kind == "posts"}


def _step(
    given: dict[str, float], shown: dict[str, float], tables: ReportTables
) -> dict[str, float]:
    """One step of the iteration at its first gains."""
    gain = {each.path: GAIN[each.kind] for each in all_inputs()}
    return improved(given, gaps(shown, tables, given), gain, reported(tables))


def _logistic(odds: float) -> float:
    return float(1.0 / (1.0 + np.exp(-odds)))


def _met(tables: ReportTables) -> dict[str, float]:
    """What a run shows whose every cell is as reported, and whose posts are all filled."""
    return {name: max(share, LEAST) for name, share in reported(tables).items()} | FILLED


def _made_by(cell: str) -> dict[str, Input]:
    return {each.kind: each for each in all_inputs() if each.cell == cell}


def _leaves(tree: dict[str, object], above: str = "") -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in tree.items():
        path = f"{above}.{key}" if above else str(key)
        found |= _leaves(value, path) if isinstance(value, dict) else {path: value}
    return found


def _world(values: dict[str, float], tables: ReportTables) -> dict[str, float]:
    """Shares in a made-up world: who would come without inputs differs from the report."""
    silent = {"hbo_in": 0.0, "wo_in": 0.0, "hbo_out": 0.3, "wo_out": 0.4}
    shown, weight, aims = {}, {}, reported(tables)
    makers = Counter(x.cell for x in all_inputs() if x.kind != "growth")
    for place, each in enumerate(all_inputs()):
        if each.cell not in aims:
            continue
        value = values[each.path]
        if each.kind == "channels":
            shown[each.cell] = (1.0 - silent[each.block]) * _logistic(-1.0 + 0.7 * value)
        elif each.kind != "growth":
            # Where offers and outsiders both say who gets in, neither does alone.
            usual = (1.0 + 0.5 * np.sin(place)) * max(aims[each.cell], LEAST) ** 0.5
            part = 0.9 / makers[each.cell]
            weight[each.cell] = weight.get(each.cell, usual) * np.exp(part * value)
    blocks: dict[tuple[str, str, str], float] = {}
    for name, x in weight.items():
        table, block, _, group = name.split("|")
        blocks[table, block, group] = blocks.get((table, block, group), 0.0) + x
    for name, x in weight.items():
        table, block, _, group = name.split("|")
        shown[name] = x / blocks[table, block, group]
    for each in all_inputs():
        if each.kind == "growth":
            shown[each.cell] = shown[each.less] + values[each.path] / TURNOVER[each.block]
    return shown | dict.fromkeys(FILLED, 98.0)


def test_inputs_make_the_cells_of_class_input_and_no_others(tables: ReportTables) -> None:
    expected = {
        "|".join(t.key_of(x))
        for x in tables.cells
        if x.table in t.TABLES and x.percent is not None and t.cell_class(x) == "input"
    }
    made = {each.cell for each in all_inputs()} | {each.less for each in all_inputs()} - {""}
    made -= FILLED.keys()
    assert expected <= made
    # What is left over has no figure: channels with a dash, and education nobody was asked.
    assert set(reported(tables)) == expected
    for name in made - expected:
        table, block, item, group = name.split("|")
        if table == "3.4":
            assert tables.percent("3.4", item, group) is None
        else:
            assert (block, item) == ("education_level", "other")
    assert len({each.path for each in all_inputs()}) == len(all_inputs())


def test_growth_takes_entrants_less_leavers(tables: ReportTables) -> None:
    for each in all_inputs():
        assert bool(each.less) == (each.kind == "growth")
        if each.less:
            assert each.cell.endswith(f"{each.block}_in")
            assert each.less.endswith(f"{each.block}_out")
            assert {each.cell, each.less} <= set(reported(tables))


def test_a_step_stops_where_all_is_met(tables: ReportTables) -> None:
    assert _step(NOTHING, _met(tables), tables) == pytest.approx(NOTHING, abs=1e-12)


@pytest.mark.parametrize("kind", ["channels", "entrants", "offers", "staff", "growth"])
def test_a_step_raises_what_is_shown_too_seldom(kind: str, tables: ReportTables) -> None:
    """One cell of each block short by a tenth: its input rises, and above all others' of it."""
    aims = reported(tables)
    for block in {each.block for each in all_inputs() if each.kind == kind}:
        members = [x for x in all_inputs() if (x.kind, x.block) == (kind, block) and x.cell in aims]
        short = max(members, key=lambda x: aims[x.cell])
        shown = _met(tables)
        shown[short.cell] *= 0.9
        after = _step(NOTHING, shown, tables)
        assert after[short.path] > 0.01
        assert max(members, key=lambda x: after[x.path]) == short
        # Only what makes this cell, and the level of its block, has moved.
        touched = {path for path, value in after.items() if abs(value) > 1e-12}
        blocks = {(x.kind, x.block) for x in all_inputs() if short.cell in (x.cell, x.less)}
        assert touched <= {x.path for x in all_inputs() if (x.kind, x.block) in blocks}
        shown[short.cell] *= 1.1 / 0.9
        assert _step(NOTHING, shown, tables)[short.path] < -0.01


def test_growth_falls_where_leavers_are_too_few(tables: ReportTables) -> None:
    law = next(x for x in all_inputs() if x.kind == "growth" and x.item == "law")
    shown = _met(tables)
    shown[law.less] *= 0.8
    after = _step(NOTHING, shown, tables)
    assert after[law.path] < 0.0
    assert after[_made_by(law.less)["staff"].path] > 0.0


def test_what_moves_a_whole_block_is_taken_off(tables: ReportTables) -> None:
    """Inputs are relative to each other; channels have a level of their own."""
    aims = reported(tables)
    raised = {
        x.path: 0.5 if x.kind != "channels" and x.cell in aims else 0.25 for x in all_inputs()
    }
    after = _step(raised, _met(tables), tables)
    for each in all_inputs():
        if each.kind == "posts":
            continue
        kept = each.kind == "channels" or each.cell not in aims
        assert after[each.path] == pytest.approx(0.25 if kept else 0.0, abs=1e-12), each.path


def test_inputs_of_cells_without_a_figure_keep_their_value(tables: ReportTables) -> None:
    aims = reported(tables)
    without = [x.path for x in all_inputs() if x.cell not in aims and x.kind != "posts"]
    assert "model.inputs.entrants.hbo.education_level.other" in without
    given = {path: 0.3 for path in NOTHING}
    shown = {name: 0.5 * share for name, share in _met(tables).items()} | FILLED
    after = _step(given, shown, tables)
    assert {path: after[path] for path in without} == dict.fromkeys(without, 0.3)


def test_no_input_leaves_its_range(tables: ReportTables) -> None:
    values = {x.path: WIDEST[x.kind] * (1 if k % 2 else -1) for k, x in enumerate(all_inputs())}
    shown = {
        name: 0.9 if k % 2 else LEAST / 9 for k, name in enumerate(sorted(reported(tables)))
    } | {name: 1e-3 for name in FILLED}
    after = _step(values, shown, tables)
    for each in all_inputs():
        assert abs(after[each.path]) <= WIDEST[each.kind]


def test_posts_are_as_many_more_than_staff_as_stand_open(tables: ReportTables) -> None:
    """Found in one step, whatever was there before; fewer posts than staff are never wanted."""
    for filled, before in ((98.0, 0.0), (98.0, 5.0), (100.0, 1.0)):
        given = {path: before if ".posts." in path else 0.0 for path in NOTHING}
        after = _step(given, _met(tables) | dict.fromkeys(FILLED, filled), tables)
        for sector in ("hbo", "wo"):
            beyond = after[f"model.inputs.posts.{sector}"]
            assert filled * (1.0 + beyond / 100.0) == pytest.approx(100.0)


def test_a_step_grows_while_it_does_little_and_shrinks_when_it_turns() -> None:
    assert eager(1.0, 0.5, None) == 1.0
    assert eager(1.0, 0.45, 0.5) > 1.0 > eager(1.0, -0.1, 0.5)
    assert eager(1.0, 0.1, 0.5) == 1.0
    assert eager(GAIN_MOST, 0.5, 0.5) == GAIN_MOST


def test_the_iteration_finds_the_shares_of_a_world_that_answers_to_it(tables: ReportTables) -> None:
    values = dict(NOTHING)
    before = _world(values, tables)
    for _ in range(40):
        values = _step(values, _world(values, tables), tables)
    shown = _world(values, tables)
    aims = {name: max(share, LEAST) for name, share in reported(tables).items()}
    assert max(abs(before[name] - aim) for name, aim in aims.items()) > 0.2
    assert {name: shown[name] for name in aims} == pytest.approx(aims, abs=3e-3)
    assert values["model.inputs.posts.wo"] == pytest.approx(100.0 / 0.98 - 100.0)


def test_the_defaults_have_every_input_and_nothing_else() -> None:
    text = (packaged() / "model" / "inputs.yaml").read_text(encoding="utf-8")
    assert text.startswith("# @package model.inputs\n")
    found = _leaves(values_of(yaml.safe_load(text)), "model.inputs")
    assert set(found) == set(NOTHING)
    composed = compose(["calibration=none"])
    assert inputs_of(composed) == found
    assert set(_leaves(composed.mapping("model.inputs"), "model.inputs")) == set(NOTHING)


def test_what_is_written_as_default_reads_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "model").mkdir()
    before = (packaged() / "model" / "inputs.yaml").read_text(encoding="utf-8")
    (tmp_path / "model" / "inputs.yaml").write_text(before, encoding="utf-8")
    monkeypatch.setattr(stage, "packaged", lambda: tmp_path)
    values = {path: round(0.001 * k - 0.07, 3) for k, path in enumerate(NOTHING)}
    stage.write_default(values)
    text = (tmp_path / "model" / "inputs.yaml").read_text(encoding="utf-8")
    # YAML 1.1 reads a bare 25_35 as 2535.
    assert _leaves(values_of(yaml.safe_load(text)), "model.inputs") == values
    stage.write_default(inputs_of(compose(["calibration=none"])))
    again = (tmp_path / "model" / "inputs.yaml").read_text(encoding="utf-8")
    assert again == before, "written again as it was"


def test_settings_keep_their_keys_as_text() -> None:
    changed = {path: 0.25 for path in NOTHING if path.rpartition(".")[2][0].isdigit()}
    settings = compose(["calibration=none"], extra=changed)
    again = _leaves(yaml.safe_load(settings.yaml())["model"]["inputs"], "model.inputs")
    assert again == inputs_of(settings)
    assert changed and changed.items() <= again.items()


def test_a_shift_raises_its_channel_from_and_to_its_group_alone(tables: ReportTables) -> None:
    settings = compose(["calibration=none"])
    nothing = channel_shift(settings)
    moved = {group: odds.copy() for group, odds in nothing.items()}
    fair = c.CHANNELS.index("job_fair")
    moved["wo_out"][fair] += 1.0
    before, after = channel_chances(tables, nothing), channel_chances(tables, moved)
    changed = ~np.isclose(before[:, :, fair], after[:, :, fair])
    # Moves between neither hbo nor wo take the mean of all groups.
    expected = np.zeros((4, 3), bool)
    expected[c.WO], expected[2:, 2] = True, True
    np.testing.assert_array_equal(changed, expected)
    assert (after[:, :, fair] >= before[:, :, fair]).all()


def test_the_school_finds_jobs_for_who_comes_from_it_alone(tables: ReportTables) -> None:
    """Out of hbo or wo the entrants' side says nothing about `internship_school`."""
    nothing = channel_shift(compose(["calibration=none"]))
    moved = {group: odds.copy() for group, odds in nothing.items()}
    school = c.CHANNELS.index("internship_school")
    for group in ("hbo_in", "wo_in"):
        moved[group][school] += 1.0
    before, after = channel_chances(tables, nothing), channel_chances(tables, moved)
    changed = ~np.isclose(before[:, :, school], after[:, :, school])
    expected = np.zeros((4, 3), bool)
    expected[2:] = True
    np.testing.assert_array_equal(changed, expected)


def test_as_many_posts_as_make_staff_come_out() -> None:
    """Where 98 of 100 posts are filled, 2.04 more per cent of them make staff a full 100."""
    posts = [each for each in all_inputs() if each.kind == "posts"]
    shown = {each.cell: 98.0 for each in posts}
    found = with_posts({**NOTHING, posts[0].path: 7.0}, shown)
    assert {x.path: found[x.path] for x in posts} == pytest.approx(
        {x.path: 100.0 / 98.0 * 100.0 - 100.0 for x in posts}
    )
    assert all(found[x.path] == 0.0 for x in all_inputs() if x.kind != "posts")
    # More staff than posts asks for none beyond.
    assert posts_beyond(101.0) == 0.0
