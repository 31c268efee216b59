"""Studies of several structures: each by its own calibration, answers beside one another."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import fake_structures
import numpy as np
import pandas as pd
import pytest
import study_fakes

from hesim.app.folder import serve_folder
from hesim.app.study_page import comparison_html
from hesim.app.words import speak
from hesim.calibration.titles import structure_title
from hesim.config import ConfigErrors, Settings
from hesim.config.points import SHIPPED, calibration_in
from hesim.report.comparison import compare
from hesim.report.document import write_report
from hesim.scenario import compose
from hesim.study import resume, start
from hesim.study.answers.comparison import answer_study
from hesim.study.answers.question import Answer
from hesim.study.answers.sentences import sentences
from hesim.study.folder import Study
from hesim.study.observation import replication_outcomes
from hesim.study.plan import plan_study
from hesim.study.points import StudyPlan
from hesim.study.resumption import fork_overrides

pytestmark = pytest.mark.once

NAMES = ("standing", "growing")
ALL = f"study.structures=[{','.join(NAMES)}]"
ARMS = "study.levers=[job_swap,meet_and_greet,single_cao]"


def make(folder: Path, *more: str, simulate: Callable[..., object] | None = None) -> Study:
    common = ["calibration=none", "years=4", "engine=serial", "study.replications=4"]
    work = simulate or fake_structures.by_structure
    made = start([*common, *more, f"output={folder}"], simulate=work)
    assert made is not None
    return made


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder = tmp_path_factory.mktemp("structures") / "whole"
    return make(folder, ALL, ARMS, "study.uncertainties=model.choice.sector_cost:1:3")


@pytest.fixture(scope="module")
def answer(whole: Study) -> Answer:
    return answer_study(whole)


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's folder with a calibration of two structures; the second's draws are the first's."""
    folder = tmp_path_factory.mktemp("fitted")
    for ending in (".json", ".npz"):
        shutil.copy(SHIPPED / f"production{ending}", folder)
        shutil.copy(SHIPPED / f"production{ending}", folder / f"growing_production{ending}")
    with np.load(SHIPPED / "production.npz") as arrays:
        turned = {key: arrays[key] for key in arrays.files}
    turned["values"] = turned["values"][::-1]
    np.savez(folder / "growing_production.npz", **turned)
    return folder


def settings_of(plan: StudyPlan, structure: str, arm: str = "baseline", draw: int = -1) -> object:
    row = next(r for r in plan.rows if (r.structure, r.arm, r.draw) == (structure, arm, draw))
    return plan.branches(None).settings_of(plan.branch(row.point))


def test_each_structure_is_composed_by_itself_with_a_baseline_of_its_own() -> None:
    plan = plan_study([ALL, "calibration=none", ARMS, "population.scale=0.2"])
    assert len(plan.points) == len(plan.rows) == 2 * 4
    for name in NAMES:
        settings = settings_of(plan, name, "job_swap")
        alone = compose([f"structure={name}", "calibration=none", "population.scale=0.2"])
        for part in ("model", "population", "survey", "structure", "calibration"):
            assert settings[part] == alone[part]
        assert list(settings["levers"]) == ["job_swap"]
        mine = [row for row in plan.rows if row.structure == name]
        assert len({row.baseline for row in mine}) == 1
    assert len({row.baseline for row in plan.rows}) == 2
    # No months are shared between worlds of two structures.
    groups = {plan.branch(point.number).group for point in plan.points}
    assert len(groups) == 2


def test_each_structure_takes_the_draws_of_its_own_calibration(
    fitted: Path, tmp_path: Path
) -> None:
    two = "study.structures=[standing,growing]"
    plan = plan_study([two, "study.draws=3", f"calibration={fitted}"])
    assert len(plan.points) == 6
    with np.load(SHIPPED / "production.npz") as arrays:
        paths, values = arrays["paths"], arrays["values"]
    for name, rows in (("standing", values), ("growing", values[::-1])):
        assert settings_of(plan, name, draw=0)["calibration"] == calibration_in(str(fitted), name)
        for draw in range(3):
            settings = settings_of(plan, name, draw=draw)
            assert [settings[str(path)] for path in paths] == pytest.approx(rows[draw].tolist())
    for ending in (".json", ".npz"):
        shutil.copy(fitted / f"production{ending}", tmp_path)
    with pytest.raises(
        ConfigErrors, match=r"growing.*holds no calibration for it.*structure=growing"
    ):
        plan_study([ALL, f"calibration={tmp_path}"])


def test_a_structure_without_a_calibration_is_refused_with_the_way_to_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("hesim.config.points.points", lambda: ("production", "blind"))
    monkeypatch.setattr("hesim.study.structures.points", lambda: ("production", "blind"))
    with pytest.raises(ConfigErrors) as refused:
        plan_study([ALL])
    words = str(refused.value)
    assert "`hesim calibrate structure=growing`" in words
    assert "growing:none" in words and "structure=standing" not in words
    kind = plan_study(["study.structures=standing", "calibration=blind"])
    assert kind.settings["calibration"] == "blind"
    with pytest.raises(ConfigErrors, match=r"growing.*of the kind of blind"):
        plan_study([ALL, "calibration=blind"])


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("study.structures=[growing,standng]", "did you mean standing"),
        ("structure=standing", "is named by study.structures here; leave structure out"),
        ("study.uncertainties=[structure:standing|growing]", "ask structures by study.structures"),
        ("study.scenarios=[calibration:blind]", "ask structures by study.structures"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(more: str, words: str) -> None:
    with pytest.raises(ConfigErrors, match=words):
        plan_study([ALL, "calibration=none", more])


def test_structures_at_other_scales_do_not_stand_beside_one_another(tmp_path: Path) -> None:
    (tmp_path / "structure").mkdir()
    own = "# @package _global_\npopulation: {scale: 0.5}\n"
    (tmp_path / "structure" / "growing.yaml").write_text(own)
    with pytest.raises(ConfigErrors, match=r"has population.scale = 0.5, standing has 1"):
        plan_study([ALL, "calibration=none"], tmp_path)


def test_a_study_of_no_structure_has_the_files_that_it_had(tmp_path: Path, whole: Study) -> None:
    usual = make(tmp_path / "usual", ARMS)
    assert (
        "structures" not in usual.settings["study"] and "structures" not in usual.manifest["facts"]
    )
    assert next(iter(usual.design)) == "arm" and usual.structures == ()
    assert not usual.views["design"].startswith("structure")
    assert whole.settings["study"]["structures"] == list(NAMES)
    assert "structure" not in answer_study(usual).tables["comparison"]


def test_effects_of_each_structure_are_found_again(answer: Answer) -> None:
    frame = answer.tables["comparison"]
    mine = frame[(frame["outcome"] == "wo_to_hbo") & (frame["arm"] != "baseline")]
    assert len(mine) == 6
    for row in mine.to_dict("records"):
        gain = fake_structures.GAINS[row["structure"]][row["arm"]]
        assert row["difference_mean"] == pytest.approx(gain, abs=0.6)
    for name in ("by_year", "robustness", "regret", "pairing", "trade_offs"):
        assert set(answer.tables[name]["structure"]) == set(NAMES), name


def test_ranges_say_how_wide_and_whether_sign_and_rank_hold(answer: Answer) -> None:
    frame = answer.tables["structures"]
    rows = frame[frame["outcome"] == "wo_to_hbo"].set_index("arm")
    swap, cao = rows.loc["job_swap"], rows.loc["single_cao"]
    assert swap["lowest"] == swap["growing"] and swap["highest"] == swap["standing"]
    assert swap["apart"] == pytest.approx(6.0, abs=1e-9)
    assert swap["low"] < swap["lowest"] < swap["highest"] < swap["high"]
    assert swap["sign_holds"] and swap["sure"] and not swap["rank_holds"]
    assert [swap[f"rank_{name}"] for name in NAMES] == [1, 2]
    assert not cao["sign_holds"] and not cao["sure"] and cao["rank_holds"]
    assert rows.loc["baseline", "apart"] == pytest.approx(40.0)
    assert rows.loc["baseline", "sign_holds"] is None
    # The worst of meet and greet is better than the worst of the other two.
    assert answer.best == "meet_and_greet"


def test_sentences_give_each_structure_and_the_range(answer: Answer) -> None:
    words = " ".join(sentences(answer))
    for name in NAMES:
        title = structure_title(name)
        assert f" in {title}, where it raises it by" in words and f" in {title} (95%" in words
    assert "Structures disagree on which of 3 arms does best" in words
    assert "Meet & greets of hbo and wo, which does best where it does worst, ranges from" in words
    assert "The sign is the same in all structures for 2 of 3 arms, and the rank for 1" in words


def test_less_may_be_better(whole: Study) -> None:
    made = answer_study(whole, ["study.better=less"])
    rows = made.tables["structures"].query("outcome == 'wo_to_hbo'").set_index("arm")
    assert rows.loc["single_cao", "rank_growing"] == 1 and made.best == "single_cao"


@pytest.mark.long
def test_files_and_report_name_every_structure(whole: Study, tmp_path: Path) -> None:
    made = compare(whole.folder, output=tmp_path / "answers")
    files = {file.name for file in (tmp_path / "answers").iterdir()}
    assert {"structures.csv", "league.png", "fan_standing.png", "regret_growing.png"} <= files
    frame = pd.read_csv(tmp_path / "answers" / "comparison.csv")
    assert next(iter(frame)) == "structure" and set(frame["structure"]) == set(NAMES)
    chart = made.figures["league"]
    assert chart.form == "structures" and len(chart.table.rows) == 3 * len(NAMES)
    assert len({entry.mark for entry in chart.entries}) == len(NAMES)
    text = write_report(whole.folder, tmp_path / "report.html").read_text()
    for words in (
        "; growing permanent posts in wo",
        "all structures beside one another",
        "Structure: <select",
    ):
        assert words in text
    assert "<td>model.careers.permanence</td>" in text.replace('<th scope="row">', "<td>")


def test_a_question_in_sql_can_tell_structures_apart(whole: Study) -> None:
    frame = whole.query(
        "select structure, avg(difference) as d from differences where arm = 'job_swap' "
        "and outcome = 'wo_to_hbo' group by structure"
    ).set_index("structure")["d"]
    assert frame["standing"] - frame["growing"] == pytest.approx(6.0, abs=1e-9)
    assert whole.views["differences"].startswith("structure, arm")


def test_nothing_is_said_to_be_best_where_no_effect_can_be_told_from_zero(tmp_path: Path) -> None:
    """A lever that does nothing but noise, in each structure."""
    made = make(tmp_path / "noise", ALL, "study.levers=[job_swap,meet_and_greet]", simulate=noisy)
    said = sentences(answer_study(made))
    assert "The effect of none of 2 arms can be told from zero in any structure." in said
    assert not any("does best:" in line for line in said)


def test_what_one_structure_lacks_is_said_and_the_others_are_answered(tmp_path: Path) -> None:
    made = make(tmp_path / "lacking", ALL, "study.levers=job_swap", simulate=without_standing)
    answer = answer_study(made)
    said = " ".join(sentences(answer))
    assert "standing permanent posts in wo has no figure yet" in said and "apart" not in said
    assert "No arm has a figure in all structures, so none can be compared." in said
    assert "standing permanent posts in wo: no run is whole yet" in answer.notes
    rows = answer.tables["structures"].query("outcome == 'wo_to_hbo'").set_index("arm")
    assert np.isnan(rows.loc["job_swap", "standing"]) and np.isnan(rows.loc["job_swap", "apart"])
    assert rows.loc["job_swap", "sign_holds"] is None


def without_standing(settings: Settings, replication: int) -> study_fakes.Outcomes:
    """A model that fails in one structure."""
    if settings.text("structure") == "standing":
        raise ZeroDivisionError("this structure raises")
    return fake_structures.by_structure(settings, replication)


def test_a_study_of_one_structure_says_what_any_study_says(tmp_path: Path) -> None:
    words = ["study.levers=[job_swap,meet_and_greet]", "study.replications=3"]
    named = make(tmp_path / "named", "study.structures=standing:none", *words)
    usual = make(tmp_path / "usual", "structure=standing", *words)
    said = [sentences(answer_study(one)) for one in (named, usual)]
    assert said[0] == said[1]


def noisy(settings: Settings, replication: int) -> study_fakes.Outcomes:
    """Effects that are as often positive as negative."""
    made = study_fakes.effect(settings, replication)
    sign = 1.5 if replication % 2 else -1.0
    return {**made, "wo_to_hbo": made["wo_to_hbo"] + sign * len(settings.mapping("levers"))}


@pytest.mark.long
def test_the_page_shows_a_league_and_a_table_for_each_structure(whole: Study) -> None:
    served, problems = serve_folder(whole.folder, ())
    assert served is not None and not problems
    assert served.settings.text("calibration") == "none"
    answers = served.answers
    assert answers is not None
    assert list(answers.parts) == list(NAMES)
    assert {row["structure"] for row in answers.rows()} == set(NAMES)
    leagues = {name: part.league("wo_to_hbo") for name, part in answers.parts.items()}
    assert leagues["standing"][0]["arm"] == "job_swap"
    assert leagues["growing"][0]["arm"] == "meet_and_greet"
    html = comparison_html(answers.parts["growing"], "job_swap", "baseline", speak("nl"), "growing")
    assert "structuur growing" in html
    pictures, said = answers.figures("wo_to_hbo")
    names = [picture.name for picture in pictures]
    assert names[0] == "league" and "fan_standing" in names
    assert any("Structures disagree" in line for line in said)


def test_replications_can_be_added_and_rows_are_those_of_a_larger_study(tmp_path: Path) -> None:
    larger = make(tmp_path / "larger", ALL, "study.replications=3")
    small = make(tmp_path / "small", ALL, "study.replications=2")
    resume(small.folder, ["study.replications=3"], simulate=fake_structures.by_structure)
    ask = "select point, replication, outcome, year, value from results order by all"
    assert Study(small.folder).query(ask).equals(larger.query(ask))


@pytest.mark.parametrize("name", ["points.parquet", "design.parquet", "config.yaml"])
def test_a_damaged_file_is_made_again(name: str, tmp_path: Path, whole: Study) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(whole.folder, folder)
    before = (folder / name).read_bytes()
    (folder / name).write_bytes(b"")
    resume(folder, simulate=fake_structures.by_structure)
    assert (folder / name).read_bytes() == before
    assert Study(folder).completeness.complete


def test_a_fork_asks_the_same_structures(whole: Study) -> None:
    again = fork_overrides(whole.folder, whole.manifest)
    plan = plan_study(again)
    assert tuple(plan.structures) == NAMES
    assert plan.digest() == whole.manifest["facts"]["plan_sha256"]


@pytest.mark.long
def test_a_precision_holds_in_each_structure(tmp_path: Path) -> None:
    """Of two structures that are as noisy, one mean over both would look precise too soon."""
    made = make(
        tmp_path / "precise",
        "study.structures=[standing,growing]",
        "study.levers=[job_swap]",
        "study.replications=2",
        "study.precision=0.3",
        "study.most_replications=40",
    )
    frame = (
        answer_study(made)
        .tables["comparison"]
        .query("arm == 'job_swap' and outcome == 'wo_to_hbo'")
    )
    width = frame["difference_noise_high"] - frame["difference_noise_low"]
    assert len(width) == 2 and (width <= 0.3).all()


def test_the_estimate_weighs_each_structure_by_its_own_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    overrides = [ALL, "calibration=none", "years=2", "engine=serial", f"output={tmp_path / 's'}"]
    start(overrides, simulate=study_fakes.effect, dry_run=True, show=True)
    said = capsys.readouterr().out
    assert "structures      2, each with draws and a baseline of its own" in said
    assert "growing: not calibrated" in said and "two runs of each structure" in said


@pytest.mark.long
def test_worlds_of_a_study_are_those_of_each_structure_alone(tmp_path: Path) -> None:
    """The model itself, with months that arms of a structure share."""
    world = ["population.scale=0.02", "years=1", "burn_in=2", "calibration=none"]
    dial = "levers.meet_and_greet.start=2011-04"
    asked = ["study.structures=[standing,growing]", "study.levers=meet_and_greet", dial]
    made = start(
        [*world, *asked, "study.replications=1", "engine=serial", f"output={tmp_path / 'study'}"]
    )
    assert made is not None
    rows = made.query(
        "select structure, outcome, value from results join design using (point) "
        "where arm = 'meet_and_greet' order by structure, outcome, year"
    )
    found = []
    for name in ("standing", "growing"):
        alone = replication_outcomes(
            compose([*world, f"structure={name}", "levers=[meet_and_greet]", dial]), 0
        )
        mine = rows[rows["structure"] == name]
        for outcome, values in alone.items():
            assert np.array_equal(mine["value"][mine["outcome"] == outcome], values), outcome
        found.append(list(mine["value"]))
    assert found[0] != found[1]
