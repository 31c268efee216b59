"""Answers about what does not vary: words, never an index of nothing or a figure that is none."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import study_fakes
from harness import sampled

from hesim.report.figures import add_charts
from hesim.report.study_page import study_page
from hesim.study import start
from hesim.study.answers.comparison import answer_study
from hesim.study.answers.components import varies
from hesim.study.answers.discovery import NoDiscovery, discover
from hesim.study.answers.question import Answer
from hesim.study.answers.robustness import trade_offs
from hesim.study.answers.sentences import sentences, tell
from hesim.study.branches import Work
from hesim.study.folder import Study

pytestmark = pytest.mark.once

TWO = "study.uncertainties=[model.choice.sector_cost:1:3,model.choice.distance_cost:0:1]"
ARM = "study.levers=[job_swap]"
DESIGNS = {
    "list": (),
    "grid": ("study.n=2",),
    "lhs": ("study.n=12",),
    "sobol": ("study.n=8",),
    "morris": ("study.n=4",),
}


def make(folder: Path, work: Work, *more: str) -> Study:
    overrides = ["calibration=none", "years=2", "engine=serial", *more, f"output={folder}"]
    made = start(overrides, simulate=work)
    assert made is not None
    return made


def told(study: Study, *asked: str) -> tuple[str, str, Answer]:
    """What is printed, the whole report, and the answers; warnings are errors."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        made = add_charts(answer_study(study, list(asked)))
        lines: list[str] = []
        tell(made, lines.append)
        alts = [f"{chart.title} {chart.text}" for chart in made.figures.values()]
        page = study_page(study.folder)
    text = "\n".join([*lines, *alts])
    assert not re.search(r"\bnan\b", text, re.IGNORECASE)
    assert not re.search(r"\bnan\b", re.sub(r"<script.*?</script>|base64,[^\"]*", "", page), re.I)
    return text, page, made


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("arms", sampled(["", ARM], lambda arms: not arms))
def test_nothing_varied_is_said(design: str, arms: str, tmp_path: Path) -> None:
    more = [TWO, f"study.design={design}", *DESIGNS[design], "study.replications=2"]
    study = make(tmp_path / "s", study_fakes.constant, *more, *([arms] if arms else []))
    text, page, made = told(study)
    assert "matters most" not in text and "does best" not in text
    assert set(made.tables["sensitivity"]["effect"]) == {"none: all worlds are alike"}
    chart = made.figures["sensitivity"]
    assert "nothing that was varied" in chart.title and "changed nothing" in chart.text
    assert "all 2 settings that were varied changed nothing" in text
    assert "nothing that was varied" in page
    if arms:
        assert (
            "The arm Swaps of jobs changes it in no run" in text and "changes it in no run" in page
        )
    else:
        assert "changed nothing, so none matters more" in " ".join(sentences(made))
        assert "changed nothing, so none matters more" in page


@pytest.mark.parametrize("replications", [1, 2])
def test_a_league_of_arms_that_change_nothing(tmp_path: Path, replications: int) -> None:
    arms = "study.levers=[job_swap,meet_and_greet,job_swap+meet_and_greet]"
    count = f"study.replications={replications}"
    text, page, _ = told(make(tmp_path / "s", study_fakes.constant, arms, count))
    assert "None of the 3 arms changes it in any run" in text
    assert "None of the 3 arms changes it in any run" in page
    assert "does best" not in text


def test_worlds_that_are_alike_give_no_regret(tmp_path: Path) -> None:
    more = [TWO, "study.design=lhs", "study.n=45", "study.levers=[job_swap,meet_and_greet]"]
    study = make(tmp_path / "s", study_fakes.constant, *more, "study.replications=1")
    made = add_charts(answer_study(study))
    assert "robustness" in made.tables and "regret" not in made.figures
    assert any("all arms do alike in all 45 worlds" in note for note in made.notes)
    assert any("it does well in none of 45" in note for note in made.notes)
    text, _, _ = told(study, "study.threshold=-1")
    assert "it does well in all of 45" in text


def test_noise_is_not_told_as_an_effect(tmp_path: Path) -> None:
    arms = "study.levers=[job_swap,meet_and_greet]"
    text, page, _ = told(make(tmp_path / "a", study_fakes.noise, arms, "study.replications=5"))
    assert "The effect of none of 2 arms is distinguishable from zero" in text
    assert "The effect of none of 2 arms is distinguishable from zero" in page
    one = "study.uncertainties=[model.choice.sector_cost:1:3]"
    text, _, _ = told(make(tmp_path / "b", study_fakes.noise, one, "study.replications=5"))
    assert "matters most" not in text and "distinguishable from none" in text


def test_one_replication_gives_no_interval_and_says_so(tmp_path: Path) -> None:
    more = ["study.levers=[job_swap]", "study.replications=1"]
    text, _, _ = told(make(tmp_path / "s", study_fakes.policy, *more))
    assert "without an interval: that takes more replications" in text
    assert "not distinguishable" not in text
    more = [TWO, "study.design=sobol", "study.n=8", "study.replications=1"]
    study = make(tmp_path / "t", study_fakes.policy, *more)
    told(study)
    chart = add_charts(answer_study(study)).figures["sensitivity"]
    assert "sector_cost" in chart.text and "nan" not in chart.small
    assert "one replication does not tell" in chart.small


def test_a_study_in_which_every_run_fails_says_so(tmp_path: Path) -> None:
    study = make(tmp_path / "s", study_fakes.unknown, TWO, "study.levers=[job_swap]")
    text, page, _ = told(study)
    assert "No run of this study is whole yet." in text
    assert "No run of this study is whole yet." in page and "runs that failed" in page


def test_two_arms_are_compared_either_way_round(tmp_path: Path) -> None:
    from hesim.app.study_answers import StudyAnswers

    more = ["study.levers=[job_swap]", "study.replications=3"]
    answers = StudyAnswers(make(tmp_path / "s", study_fakes.policy, *more).folder)

    def of(one: str, other: str) -> dict[str, float]:
        found = next(r for r in answers.compared(one, other) if r["outcome"] == "wo_to_hbo")
        return {key: float(found[key]) for key in ("difference", "low", "high")}

    there, back = of("job_swap", "baseline"), of("baseline", "job_swap")
    assert there["difference"] == pytest.approx(-back["difference"]) != 0
    assert there["low"] == pytest.approx(-back["high"])
    for arm in ("baseline", "job_swap"):
        assert of(arm, arm) == {"difference": 0.0, "low": 0.0, "high": 0.0}


def test_prim_says_which_way_the_worlds_are_alike() -> None:
    worlds = pd.DataFrame({"a": np.linspace(0, 1, 50)})
    with pytest.raises(NoDiscovery, match="it does well in all of 50"):
        discover(worlds, np.ones(50, bool))
    with pytest.raises(NoDiscovery, match="it does well in none of 50"):
        discover(worlds, np.zeros(50, bool))


def test_trade_offs_keep_an_outcome_without_figures() -> None:
    frame = pd.DataFrame(
        {
            "arm": ["a", "a"],
            "scenario": "central",
            "outcome": ["x", "y"],
            "difference_mean": [1.0, np.nan],
        }
    )
    found = trade_offs(frame, {"x": "more", "y": "less"}).set_index("arm")
    assert found.loc["a", "x"] == 1.0 and np.isnan(found.loc["a", "y"])


def test_rounding_is_no_variation() -> None:
    assert not varies([0.1 + 0.2, 0.3]) and not varies([1e6, 1e6 + 1e-6])
    assert varies([0.0, 1e-6]) and varies([1.0, np.nan, 2.0])
    assert not varies([]) and not varies([np.nan])


def test_sankey_of_no_change_draws() -> None:
    from hesim.charts import drawing, style
    from hesim.charts.sankey import sankey_chart

    rows = [{"origin": "wo", "destination": "hbo", "mean": 0.0, "low": 0.0, "high": 0.0}]
    assert style.svg(drawing.draw(sankey_chart(rows, "Change", 12, "small")))


def test_figures_of_what_is_alike_draw() -> None:
    from hesim.charts import drawing, style
    from hesim.charts.league import league_chart

    ends = ("mean", "low", "high", "noise_low", "noise_high")
    zero = {"arm": "a", "grade": "assumed", **{f"difference_{end}": 0.0 for end in ends}}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert style.svg(drawing.draw(league_chart([zero], "Change", "persons", "small")))
