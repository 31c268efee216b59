"""Barriers: what is declared, what is planned, and what a study of them answers."""

from __future__ import annotations

import shutil
from pathlib import Path

import barrier_fakes
import numpy as np
import pandas as pd
import pytest

import hesim
from hesim.api import barrier_overrides, calibrated_structures
from hesim.cli import main
from hesim.config import ConfigErrors
from hesim.config.schema import read_schema
from hesim.config.trees import leaves
from hesim.config.writing import override_of
from hesim.model.rates.rates import compute_rates
from hesim.population.employers import build_employers
from hesim.report.comparison import compare
from hesim.report.document import write_report
from hesim.scenario import compose
from hesim.sources import packaged
from hesim.study.answers.barriers import BAR, Games, correlation, pairs_of
from hesim.study.answers.comparison import answer_study
from hesim.study.answers.question import Answer
from hesim.study.answers.sentences import sentences, tell
from hesim.study.barriers import BARRIERS, NAMES, barriers_named, coalition_off
from hesim.study.launch import start
from hesim.study.plan import plan_study
from hesim.study.resumption import resume
from hesim.tables import ReportTables

pytestmark = pytest.mark.once

STRUCTURES = ("standing", "growing")


@pytest.mark.parametrize("structure", STRUCTURES)
def test_every_barrier_sets_what_exists_to_what_is_allowed(structure: str) -> None:
    # Uncalibrated: a calibration may have found a cost of nothing.
    settings = compose([f"structure={structure}", "calibration=none"])
    values, schema = dict(leaves(settings.resolved())), read_schema(packaged())
    for barrier in BARRIERS:
        assert barrier.title and barrier.off.endswith(".")
        assert barrier.paths <= values.keys()
        for path, value in barrier.without(values).items():
            meaning = schema.find(path)
            assert meaning is not None and not list(meaning.problems(path, value)), path
        # Each acts in each structure: something is otherwise without it. Preferences are alike
        # where no calibration has told hbo from wo.
        changed = {p for p, v in barrier.without(values).items() if values[p] != v}
        assert changed or barrier.name == "preferences"


def test_no_two_barriers_act_on_the_same_setting() -> None:
    paths = [path for barrier in BARRIERS for path in barrier.paths]
    assert len(paths) == len(set(paths))


def test_what_is_equal_takes_the_mean_of_the_world_at_hand() -> None:
    values = dict(leaves(compose().resolved()))
    [preferences], _ = barriers_named(["preferences"])
    path = "model.choice.attributes.{}.work_itself"
    for given in (0.1, 0.9):
        made = preferences.without({**values, path.format("lecturer"): given})
        assert made[path.format("lecturer")] == made[path.format("postdoc")]
        others = [p for p in made if p.endswith(".work_itself") and ".attributes." in p]
        mean = np.mean([given if ".lecturer." in p else values[p] for p in others])
        assert made[path.format("lecturer")] == pytest.approx(float(mean))


@pytest.mark.parametrize("structure", STRUCTURES)
def test_inputs_in_closed_form_are_those_of_the_world_with_all_barriers(
    structure: str, tables: ReportTables
) -> None:
    """Only what people and employers do changes, not what the world is fed with."""
    settings = compose([f"structure={structure}", "population.scale=0.02"])
    off = {}
    for barrier in BARRIERS:
        off |= barrier.without(dict(leaves(settings.resolved())))
    employers = build_employers(settings, tables)
    before, after = (
        compute_rates(each, tables, employers, 0) for each in (settings, settings.with_values(off))
    )
    for name in ("careers", "pension", "phd", "jobs", "moves", "slots", "steps", "qualifying"):
        assert _same(getattr(before, name), getattr(after, name)), name
    assert _same(before.vacancies.profiles.hours, after.vacancies.profiles.hours)
    assert _same(before.search.reach, after.search.reach)
    assert not _same(before.search.rounds, after.search.rounds)


def _same(one: object, other: object) -> bool:
    if isinstance(one, np.ndarray):
        return bool(np.array_equal(one, other))
    if isinstance(one, tuple) and isinstance(other, tuple):
        return all(_same(a, b) for a, b in zip(one, other, strict=True))
    return bool(one == other)


def test_a_plan_has_every_combination_and_random_numbers_of_each_draw() -> None:
    plan = plan_study([*OF_FAKES, "study.barriers=[distance,posts]", "study.draws=3"])
    seeds = {}
    for row in plan.rows:
        values = dict(plan.points[row.point].values)
        repeat, coalition = divmod(row.world, 4)
        off = coalition_off(barriers_named(["distance", "posts"])[0], coalition)
        assert plan.worlds[row.world] == {"off": [each.name for each in off]}
        assert ("model.choice.distance_cost" in values) == bool(coalition & 1)
        assert ("model.vacancies.growth.hbo" in values) == bool(coalition & 2)
        seeds.setdefault((row.draw, repeat), set()).add(values.get("seed", 1))
    # Two draws are simulated twice: alike in a draw's coalitions, and nowhere else.
    assert sorted(seeds) == [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0)]
    assert all(len(each) == 1 for each in seeds.values())
    assert len(set.union(*seeds.values())) == len(seeds)
    twice = plan_study([*OF_FAKES, "study.barriers=[distance]", "study.replications=2"])
    assert {row.world for row in twice.rows} == {0, 1}


def test_structures_are_asked_with_what_the_user_set() -> None:
    plan = plan_study(
        [
            "+experiment=barriers",
            "study.draws=0",
            "study.barriers=[distance]",
            "study.structures=[standing,standing:none,standing:blind]",
            "model.search.other_field=0.2",
        ]
    )
    known = dict(leaves(compose(["structure=standing", "calibration=none"]).resolved()))
    blind = dict(leaves(compose(["calibration=blind"]).resolved()))
    assert {row.scenario for row in plan.rows} == {"standing", "standing:none", "standing:blind"}
    worlds = {
        row.scenario: plan.branches().settings_of(plan.branch(row.point))
        for row in plan.rows
        if row.world == 0
    }
    for name, usual in (("standing:none", known), ("standing:blind", blind)):
        for path in ("model.choice.sector_cost", "model.careers.permanence", "calibration"):
            assert worlds[name][path] == usual[path]
        assert worlds[name]["model.search.other_field"] == 0.2
    assert worlds["standing:none"]["structure"] == "standing"


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(ConfigErrors) as caught:
        plan_study(
            [
                "+experiment=barriers",
                "study.barriers=[famliarity]",
                "years=1",
                "study.structures=[standing,standign]",
                "study.levers=[single_cao]",
            ]
        )
    said = str(caught.value)
    for words in (
        "did you mean familiarity?",
        "years = 1",
        "study.structures = 'standign'",
        "study.levers = ['single_cao']: cannot be asked beside study.barriers",
    ):
        assert words in said


OF_FAKES = ("+experiment=barriers", "engine=serial")


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> Answer:
    folder = tmp_path_factory.mktemp("barriers") / "study"
    return hesim.barriers(
        ["engine=serial"],
        names=["familiarity", "status_and_content", "distance", "posts"],
        structures=["standing"],
        draws=4,
        output=str(folder),
        simulate=barrier_fakes.known_barriers,
    )


def contribution(answer: Answer, barrier: str, direction: str = "wo_to_hbo") -> pd.Series:
    table = answer.tables["barriers"].set_index(["direction", "barrier"])
    found: pd.Series = table.loc[(direction, barrier)]
    return found


def test_known_contributions_are_found_again(answer: Answer) -> None:
    half = barrier_fakes.BOTH / 2
    for barrier, value, first, last in (
        ("familiarity", barrier_fakes.FAMILIARITY + half, 300.0, 360.0),
        ("status_and_content", barrier_fakes.STATUS + half, 100.0, 160.0),
        ("distance", 0.0, 0.0, 0.0),
        ("posts", barrier_fakes.POSTS, 40.0, 40.0),
    ):
        row = contribution(answer, barrier)
        assert row["contribution"] == pytest.approx(value)
        assert (row["first"], row["last"]) == pytest.approx((first, last))
        assert row["share_percent"] == pytest.approx(100 * value / 500)
        assert row["distinguishable"] == (value > 0)
        back = contribution(answer, barrier, "hbo_to_wo")
        assert back["contribution"] == pytest.approx(value / 2)


def test_shares_add_up_with_and_without_what_is_only_eased(answer: Answer) -> None:
    rows = answer.tables["barriers"]
    for _, mine in rows.groupby("direction"):
        assert mine["share_percent"].sum() == pytest.approx(100.0)
        assert mine["share_without_partial_percent"].sum() == pytest.approx(100.0)
    assert np.isnan(contribution(answer, "posts")["share_without_partial_percent"])
    assert contribution(answer, "familiarity")["share_without_partial_percent"] == (
        pytest.approx(100 * 330 / 460)
    )
    draws = answer.tables["barriers_draws"]
    assert draws.groupby(["direction", "draw"])["largest"].sum().eq(1).all()
    assert set(draws["draw"]) == {0, 1, 2, 3}


def test_the_answer_says_what_was_found_and_how_it_stands_to_the_bar(answer: Answer) -> None:
    there, back = sentences(answer)
    assert there.startswith("From wo to hbo: without all 4 barriers")
    assert "would cross instead of" in there and "500 more" in there
    assert "familiarity 66%" in there
    assert "No contribution can be told from nothing of distance." in there
    assert "Number of posts cannot be switched off" in there
    # Familiarity has 330 of 500, and of the 460 that come without more posts.
    assert f"above {BAR:g}% in 0 of 4 draws, and in 4 where posts stay as they are." in there
    assert back.startswith("From hbo to wo:") and "250 more" in back


def test_a_study_of_barriers_is_answered_again_by_its_folder(
    answer: Answer, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = answer.study.folder
    files = {file.name for file in (folder / "answers").iterdir()}
    assert {"barriers.png", "barriers.csv", "barriers_pairs.csv"} <= files
    for command in ("barriers", "compare"):
        assert main([command, str(folder)]) == 0
        assert "From wo to hbo, structure standing, persons a year" in capsys.readouterr().out
    again = pd.read_csv(folder / "answers" / "barriers.csv")
    assert set(again["title"]) == {
        "Familiarity",
        "Status and content",
        "Distance",
        "Number of posts",
    }
    page = write_report(folder).read_text(encoding="utf-8")
    assert "What each barrier contributes" in page and sentences(answer)[0] in page


def tables_of(folder: Path, simulate: object, **given: object) -> Answer:
    """The answer of a new study, nothing of it drawn or written."""
    asked: dict[str, object] = {"structures": ["standing"], **given}
    lines = [override_of(key, value) for key, value in asked.items()]
    words = barrier_overrides(["engine=serial", *lines, override_of("output", str(folder))])
    made = start(words, simulate=simulate)
    assert made is not None
    return answer_study(made)


def test_noise_widens_intervals_and_leaves_orders_open(tmp_path: Path) -> None:
    made = tables_of(
        tmp_path / "study",
        barrier_fakes.noisy_barriers,
        names=["familiarity", "status_and_content", "distance", "terms"],
        draws=6,
    )
    row = contribution(made, "familiarity")
    assert row["contribution_low"] < 330 < row["contribution_high"]
    assert row["contribution_noise_low"] > row["contribution_low"]
    pairs = made.tables["barriers_pairs"].set_index(["direction", "barrier", "other"])
    assert pairs.loc[("wo_to_hbo", "familiarity", "terms"), "order_known"]
    assert pairs.loc[("wo_to_hbo", "terms", "distance"), "neither_distinguishable"]
    said: list[str] = []
    tell(made, said.append)
    assert any("not told from nothing" in line for line in said)


def test_a_draw_without_all_its_runs_is_left_out_and_that_is_said(tmp_path: Path) -> None:
    made = tables_of(
        tmp_path / "study",
        barrier_fakes.broken_barriers,
        names=["familiarity"],
        draws=3,
    )
    # Seed 1 is that of draw 0, which has a second one as it is simulated twice.
    assert contribution(made, "familiarity")["repeats"] == 4
    assert contribution(made, "familiarity")["contribution"] == pytest.approx(300.0)
    assert "1 failed" in made.study.completeness.words


def test_two_structures_have_an_interval_from_end_to_end(tmp_path: Path) -> None:
    made = tables_of(
        tmp_path / "study",
        barrier_fakes.noisy_barriers,
        names=["familiarity", "posts"],
        draws=2,
        structures=["standing", "standing:blind"],
    )
    rows = made.tables["barriers"]
    mine = rows[(rows["direction"] == "wo_to_hbo") & (rows["barrier"] == "posts")]
    found = mine.set_index("structure")["contribution_low"]
    assert set(found.index) == {"standing", "standing:blind", "all structures"}
    assert found["all structures"] == min(found["standing"], found["standing:blind"])


def test_what_trades_off_is_seen_in_the_correlation_over_draws() -> None:
    one = np.array([1.0, 2.0, 3.0, 4.0])
    assert correlation(one, 10.0 - one) == pytest.approx(-1.0)
    assert np.isnan(correlation(one, np.ones(4)))
    assert np.isnan(correlation(one[:2], one[:2]))


def test_structures_that_are_calibrated_are_asked_unless_named() -> None:
    unset = next(w for w in barrier_overrides([]) if w.startswith("study.structures=["))
    asked = unset.partition("[")[2].rstrip("]").split(",")
    assert "standing" in asked and set(asked) == set(calibrated_structures())
    for given in ("structures=[standing:blind]", "calibration=blind"):
        words = barrier_overrides([given, "draws=3", "scale=0.2"])
        assert unset not in words
        assert "study.draws=3" in words and "population.scale=0.2" in words


def test_it_is_resumed_and_planned_again_as_any_study(answer: Answer, tmp_path: Path) -> None:
    folder = tmp_path / "study"
    shutil.copytree(answer.study.folder, folder)
    for file in ("design.parquet", "points.parquet"):
        (folder / file).unlink()
    for file in (folder / "parts").iterdir():
        file.unlink()
    resume(folder, simulate=barrier_fakes.known_barriers)
    again = compare(folder)
    pd.testing.assert_frame_equal(again.tables["barriers"], answer.tables["barriers"])


def test_other_studies_have_no_barriers(tmp_path: Path) -> None:
    with pytest.raises(ConfigErrors, match="must be among all, familiarity"):
        hesim.barriers(names=["all", "fame"], output=str(tmp_path / "study"))
    assert not (tmp_path / "study").exists()
    assert barriers_named(["all"])[0] == list(BARRIERS) and NAMES[0] == "familiarity"


def test_two_that_hold_back_trade_off_where_only_their_sum_is_known() -> None:
    [one, other, third], _ = barriers_named(["familiarity", "visibility", "preferences"])
    first = np.array([10.0, 20.0, 30.0, 40.0])
    game = np.zeros((4, 1, 8))
    # The first two add up to 50 in each draw; the third takes off as much as the first adds.
    for coalition in range(8):
        off = [coalition >> k & 1 for k in range(3)]
        game[:, 0, coalition] = off[0] * first + off[1] * (50.0 - first) - off[2] * 0.5 * first
    games = Games("wo_to_hbo", [one, other, third], {"standing": game}, {"standing": [0, 1, 2, 3]})
    found = {(row["barrier"], row["other"]): row for row in pairs_of(games)}
    assert found["familiarity", "visibility"]["trade_off"]
    assert not found["familiarity", "visibility"]["order_known"]
    assert found["familiarity", "preferences"]["correlation"] == pytest.approx(-1.0)
    assert not found["familiarity", "preferences"]["trade_off"]
