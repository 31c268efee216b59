"""Equal effort: shares that spend a budget, found by pilots."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Mapping, Sequence
from html import escape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import effort_fakes
import numpy as np
import pandas as pd
import pytest
from own_levers import without_costs

from hesim.cli import main
from hesim.config import ConfigErrors
from hesim.report.comparison import compare
from hesim.report.document import write_report
from hesim.study.answers.comparison import answer_study
from hesim.study.answers.equal_effort import effort_sentences, equal_effort
from hesim.study.answers.sentences import sentences, tell
from hesim.study.arms import Arm, compose_study
from hesim.study.effort import (
    FIXED,
    NO_COST,
    NO_DAYS,
    NOTHING,
    TRANSFER,
    Effort,
    scaling_of,
    why_unscaled,
)
from hesim.study.folder import Study
from hesim.study.launch import start
from hesim.study.plan import plan_study
from hesim.study.resumption import resume
from hesim.study.share_search import ArmEffort, Floats, Trial, at_equal_effort, spending
from hesim.study.shares import share_of
from hesim.study.study_outputs import StudyStopped

pytestmark = pytest.mark.once

BUDGET = Effort("euros", 1e6)
Cost = Callable[[float], float]


def arm(*levers: str, **shares: float) -> Arm:
    typed = [f"levers.{lever}.reach.share={share}" for lever, share in shares.items()]
    _, [_, made] = compose_study([f"study.levers=[{'+'.join(levers)}]", *typed])
    return made


def search(made: Arm, cost: Cost, effort: Effort = BUDGET) -> tuple[ArmEffort, list[float]]:
    """Search with pilots whose cost is a function of the factor, without noise."""
    tried: list[float] = []

    def pilots(trials: Sequence[Trial]) -> Mapping[Trial, Floats]:
        tried.extend(trial.factor for trial in trials)
        return {trial: np.full((2, 3), cost(trial.factor)) for trial in trials}

    [found] = at_equal_effort([made], effort, pilots)
    return found, tried


def test_where_costs_are_proportional_the_share_is_exact() -> None:
    lectures = arm("guest_lectures", guest_lectures=0.05)
    found, tried = search(lectures, lambda factor: 3e6 * factor)
    assert found.rows[0]["share"] == pytest.approx(0.05 / 3.0, rel=1e-5)
    assert found.rows[0]["share_usual"] == 0.05
    assert share_of(found.arm.settings["guest_lectures"]) == found.rows[0]["share"]
    assert found.rows[0]["effort"] == pytest.approx(1e6, rel=1e-6)
    assert found.rows[0]["on_budget"] and not found.rows[0]["saturated"]
    # Nobody, as usual, everybody, and one check.
    assert len(tried) == 4


def test_people_who_are_invited_anew_come_as_often_as_a_share_makes() -> None:
    meetings = arm("meet_and_greet", meet_and_greet=0.5)
    monthly = 1.0 - 0.5 ** (1 / 12)

    def cost(factor: float) -> float:
        return 8e6 * (1.0 - (1.0 - min(0.5 * factor, 1.0)) ** (1 / 12)) / monthly

    found, tried = search(meetings, cost)
    wanted = 1.0 - (1.0 - monthly / 8.0) ** 12
    assert found.rows[0]["share"] == pytest.approx(wanted, rel=1e-4)
    assert len(tried) == 4


def test_who_is_certain_to_come_bends_no_line_of_small_shares() -> None:
    meetings = arm("meet_and_greet", meet_and_greet=0.01)

    def cost(factor: float) -> float:
        # A tenth come twice as often as others, until they are certain to.
        chance = 1.0 - (1.0 - min(0.01 * factor, 1.0)) ** (1 / 12)
        return 1e9 * (0.9 * chance + 0.1 * min(2.0 * chance, 1.0))

    found, tried = search(meetings, cost)
    assert found.rows[0]["effort"] == pytest.approx(1e6, rel=1e-4)
    assert found.rows[0]["share"] == pytest.approx(1.0 - (1.0 - 1e-3 / 1.1) ** 12, rel=1e-4)
    assert len(tried) == 5


def test_fixed_costs_are_left_for_what_is_scaled() -> None:
    found, _ = search(arm("guest_lectures", guest_lectures=0.1), lambda factor: 4e5 + 6e6 * factor)
    assert found.rows[0]["share"] == pytest.approx(0.01, rel=1e-5)
    assert found.rows[0]["effort_fixed"] == 4e5


def test_fixed_costs_above_the_budget_are_told_and_the_share_stays() -> None:
    found, _ = search(arm("guest_lectures"), lambda factor: 3e6 + 1e6 * factor)
    [row] = found.rows
    assert row["share"] == row["share_usual"] and row["effort"] == 4e6
    assert "its fixed costs alone are 3,000,000 euros a year, more than the budget" in row["words"]
    assert not row["on_budget"] and not row["saturated"]


def test_what_cannot_spend_the_budget_saturates_at_the_largest_share() -> None:
    found, _ = search(
        arm("guest_lectures", guest_lectures=0.25), lambda factor: 1e5 * min(factor, 4.0)
    )
    [row] = found.rows
    assert row["share"] == 1.0 and row["saturated"] and not row["on_budget"]
    assert row["effort"] == 4e5
    assert row["words"] == "with the largest share it spends 400,000 euros a year, and no more"


def test_costs_that_bend_are_followed_until_they_meet_the_budget() -> None:
    found, tried = search(
        arm("guest_lectures", guest_lectures=0.1),
        lambda factor: 2e5 + 3.8e6 * (1.0 - math.exp(-factor / 2.0)) / (1.0 - math.exp(-5.0)),
    )
    assert found.rows[0]["effort"] == pytest.approx(1e6, rel=0.005)
    wanted = -2.0 * math.log(1.0 - (1.0 - math.exp(-5.0)) * 8.0 / 38.0)
    assert found.rows[0]["share"] == pytest.approx(0.1 * wanted, rel=0.02)
    assert found.rows[0]["on_budget"]
    assert len(tried) > 4


def test_costs_that_jump_come_as_near_as_they_can_and_say_so() -> None:
    found, _ = search(
        arm("discussable_mobility", discussable_mobility=0.5),
        lambda factor: 4e5 * math.floor(4.0 * factor),
    )
    [row] = found.rows
    assert row["effort"] in (8e5, 1.2e6) and not row["on_budget"]
    assert row["words"] == "no share that was tried comes nearer to the budget"


def test_several_levers_are_scaled_by_one_factor_and_stop_one_by_one() -> None:
    both = arm("guest_lectures", "joint_research", guest_lectures=0.1, joint_research=0.5)

    def cost(factor: float) -> float:
        return 1e6 * min(0.1 * factor, 1.0) + 4e5 * min(0.5 * factor, 1.0)

    found, _ = search(both, cost)
    shares = {row["lever"]: row["share"] for row in found.rows}
    assert shares["joint_research"] == 1.0
    assert shares["guest_lectures"] == pytest.approx(0.6, rel=0.01)
    assert {row["lever"]: row["saturated"] for row in found.rows} == {
        "guest_lectures": False,
        "joint_research": True,
    }
    assert all(row["on_budget"] for row in found.rows)
    half, _ = search(both, cost, Effort("euros", 1.5e5))
    given = {row["lever"]: row["share"] / row["share_usual"] for row in half.rows}
    assert given["joint_research"] == pytest.approx(given["guest_lectures"])


def test_where_a_dial_says_how_many_the_share_goes_on_beyond_everybody() -> None:
    found, tried = search(arm("joint_appointment"), lambda factor: 2e5 * factor)
    [row] = found.rows
    assert row["share_usual"] == 1.0 and row["share"] == pytest.approx(5.0)
    assert row["dial"] == "offers" and row["on_budget"] and not row["saturated"]
    body = found.arm.settings["joint_appointment"]
    assert body["reach"]["share"] == 1.0 and body["offers"] == pytest.approx(0.015)
    # Nobody, as usual, many, as many as the dial allows, and one check.
    assert sorted(tried) == [0.0, 1.0, pytest.approx(5.0), 10.0, 100.0]


def test_below_everybody_the_dial_stays() -> None:
    found, _ = search(arm("joint_appointment"), lambda factor: 4e6 * factor)
    body = found.arm.settings["joint_appointment"]
    assert found.rows[0]["share"] == body["reach"]["share"] == pytest.approx(0.25)
    assert body["offers"] == 0.003 and found.rows[0]["dial"] == ""


def test_a_share_beyond_everybody_saturates_where_the_dial_is_at_its_largest() -> None:
    found, _ = search(arm("doctoral_track"), lambda factor: 1e4 * min(factor, 0.05 / 0.0035))
    [row] = found.rows
    assert row["share"] == 14.2857 and row["saturated"] and not row["on_budget"]
    body = found.arm.settings["doctoral_track"]
    assert body["grants"] == 0.05 and body["reach"]["share"] == 1.0
    assert row["words"].startswith("with the largest share it spends 142,857 euros a year")


def test_posts_that_run_out_bend_no_line_of_few_places() -> None:
    found, tried = search(arm("secondment"), lambda factor: 3e5 * min(factor, 15.0))
    assert found.rows[0]["share"] == pytest.approx(10.0 / 3.0, rel=1e-5)
    assert len(tried) == 5 and max(tried) == 200.0


def test_beside_a_lever_that_stops_at_everybody_the_other_goes_on() -> None:
    both = arm("joint_appointment", "joint_research", joint_research=0.5)

    def cost(factor: float) -> float:
        return 2e5 * min(factor, 60.0) + 1e5 * min(factor, 2.0)

    found, _ = search(both, cost)
    shares = {row["lever"]: (row["share"], row["saturated"], row["dial"]) for row in found.rows}
    assert shares["joint_research"] == (1.0, True, "")
    assert shares["joint_appointment"] == (pytest.approx(4.0, rel=0.01), False, "offers")


def test_noise_does_not_move_a_share_off_the_line_through_everybody() -> None:
    rng = np.random.default_rng(1)

    def pilots(trials: Sequence[Trial]) -> Mapping[Trial, Floats]:
        # As many come as chance has it, at 1,000 euros each.
        return {trial: 1000.0 * rng.poisson(40.0 * trial.factor, size=(2, 7)) for trial in trials}

    [found] = at_equal_effort(
        [arm("guest_lectures", guest_lectures=0.01)], Effort("euros", 20e3), pilots
    )
    assert found.rows[0]["share"] == pytest.approx(0.005, rel=0.02)
    assert found.rows[0]["effort_low"] < 20e3 < found.rows[0]["effort_high"]


def test_chance_is_told_from_replications() -> None:
    assert spending(np.full((2, 3), 5.0)) == (5.0, 0.0)
    assert spending(np.array([[1.0, 9.0]])).error == 0.0
    # Apart by 2 in both years: it lasts, so more years do not lessen it.
    assert spending(np.array([[1.0, 4.0], [3.0, 6.0]])).error == pytest.approx(1.0)


def test_a_lucky_pair_of_replications_lets_not_everything_pass() -> None:
    # Alone the two differ by as much as they spend, which no count of visits at 485 euros would.
    def pilots(trials: Sequence[Trial]) -> Mapping[Trial, Floats]:
        return {
            trial: 6e6 * min(trial.factor, 1.0) * np.array([[1.0] * 4, [2.0] * 4])
            for trial in trials
        }

    [found] = at_equal_effort([arm("guest_lectures", guest_lectures=1.0)], BUDGET, pilots)
    assert found.rows[0]["share"] == pytest.approx(1.0 / 9.0, rel=1e-3)
    assert found.rows[0]["effort_high"] - found.rows[0]["effort"] < 1e5


def test_a_lever_that_never_acts_is_not_said_to_have_fixed_costs() -> None:
    found, _ = search(arm("guest_lectures"), lambda factor: 0.0)
    assert found.rows[0]["words"].startswith(NOTHING)
    assert found.rows[0]["share"] == found.rows[0]["share_usual"]


@pytest.mark.parametrize(
    ("lever", "unit", "words"),
    [
        ("abolish_binary", "euros", FIXED),
        ("image_campaign", "euros", FIXED),
        ("phd_premium_share", "euros", ""),
        ("guest_lectures", "days", ""),
        ("meet_and_greet", "euros", ""),
        ("funding_shift", "days", NO_DAYS),
    ],
)
def test_a_lever_is_scaled_if_its_costs_follow_its_share(lever: str, unit: str, words: str) -> None:
    made = arm(lever)
    scaling = scaling_of(made, unit)
    assert scaling.reasons.get(lever, "") == words


def test_levers_without_costs_or_with_transfers_alone_keep_their_share() -> None:
    from dataclasses import replace

    from hesim.levers.catalogue import describe

    about = describe("phd_premium_share", arm("phd_premium_share").settings["phd_premium_share"])
    moved = replace(about, costs=tuple(item for item in about.costs if item.transfer))
    assert moved.costs
    assert why_unscaled(moved, 0.5, "euros") == TRANSFER
    assert why_unscaled(replace(about, costs=()), 0.5, "euros") == NO_COST
    found, tried = search(arm("abolish_binary"), lambda factor: 5e5)
    assert tried == [1.0]
    assert found.rows[0]["words"] == f"{FIXED}, so the share stays as it is"


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (["study.budget=1e6", "study.days=100"], "study.days = 100: cannot be asked beside"),
        (["study.budget=0"], "study.budget = 0: must be a number of at least 1"),
        (["study.days=-1"], "study.days = -1: must be a number of at least 1"),
        (
            ["study.budget=1e6", "study.uncertainties=[levers.job_swap.reach.share:0.1:1]"],
            "cannot vary where study.budget sets it",
        ),
        (
            ["study.days=100", "study.uncertainties=[levers.job_swap.volunteers]"],
            "cannot vary where study.days sets it",
        ),
        (["study.budget=1e6", "study.barriers=[all]"], "cannot be asked beside study.barriers"),
    ],
)
def test_what_does_not_go_together_is_told(asked: list[str], words: str) -> None:
    with pytest.raises(ConfigErrors) as caught:
        plan_study(["study.levers=[job_swap]", *asked])
    assert words in str(caught.value)


def test_other_dials_may_vary_beside_a_budget() -> None:
    asked = ["study.levers=[job_swap]", "study.uncertainties=[levers.job_swap.months:3:24]"]
    assert len(plan_study([*asked, "study.budget=1e6"]).uncertainties) == 1
    free = ["study.levers=[job_swap]", "study.uncertainties=[levers.job_swap.volunteers]"]
    assert len(plan_study(free).uncertainties) == 1


def test_a_budget_needs_levers() -> None:
    with pytest.raises(ConfigErrors, match="needs levers"):
        plan_study(["study.budget=1e6"])


OF_FAKES = (
    "calibration=none",
    "years=4",
    "engine=serial",
    "study.replications=3",
    "study.flows=false",
    "study.levers=[meet_and_greet,job_swap,abolish_binary,meet_and_greet+guest_lectures,"
    "preferred_partner]",
    "study.budget=1e6",
)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("effort") / "study"
    start([*OF_FAKES, f"output={folder}"], simulate=effort_fakes.known_spending)
    return folder


def test_a_study_with_a_budget_spends_it(study: Path) -> None:
    with (study / "effort.csv").open(encoding="utf-8") as file:
        rows = {(row["arm"], row["lever"]): row for row in csv.DictReader(file)}
    made = answer_study(Study(study))
    table = made.tables["equal_effort"].set_index("arm")
    assert table.loc["meet_and_greet", "spending"] == pytest.approx(1e6, rel=1e-3)
    assert table.loc["meet_and_greet+guest_lectures", "spending"] == pytest.approx(1e6, rel=5e-3)
    assert table.loc["preferred_partner", "spending"] == pytest.approx(600_000)
    assert rows["preferred_partner", "preferred_partner"]["saturated"] == "True"
    assert table.loc["job_swap", "spending"] == pytest.approx(1e6, rel=1e-3)
    swap = rows["job_swap", "job_swap"]
    assert float(swap["share"]) == pytest.approx(2.0, rel=1e-3)
    assert (swap["dial"], swap["saturated"]) == ("volunteers", "False")
    assert rows["abolish_binary", "abolish_binary"]["on_budget"] == "False"
    assert not table["on_budget"]["preferred_partner"] and table["on_budget"]["meet_and_greet"]
    arms = Study(study).manifest["facts"]["arms"]
    for (name, lever), row in rows.items():
        assert share_of(arms[name][lever]) == min(float(row["share"]), 1.0)
    volunteers = arms["job_swap"]["job_swap"]["volunteers"]
    assert volunteers == pytest.approx(0.001 * float(swap["share"]))
    both = [rows["meet_and_greet+guest_lectures", lever] for lever in arms[both_name()]]
    assert len({round(float(r["share"]) / float(r["share_usual"]), 4) for r in both}) == 1


def both_name() -> str:
    return "meet_and_greet+guest_lectures"


def test_what_saturates_is_told_on_the_screen_and_in_the_report(study: Path) -> None:
    made = compare(study)
    said: list[str] = []
    tell(made, said.append)
    text = "\n".join(said)
    assert "Arms are compared at equal effort: 1,000,000 euros a year each." in text
    assert (
        "Even with the largest share, less is spent by Partner institutions first (600,000)."
        in text
    )
    assert (
        "A share above 1 offers places to more people: at 2, to twice as many as at 1. "
        "The dial that rises is volunteers of Swaps of jobs."
    ) in text
    assert "No share of these gives that effort: End of the binary system (0)." in text
    page = write_report(study, study.parent / "page.html").read_text(encoding="utf-8")
    for sentence in sentences(made)[-3:]:
        assert escape(sentence) in page
    assert (study / "answers" / "equal_effort.csv").is_file()


def test_resuming_takes_the_same_shares(study: Path, tmp_path: Path) -> None:
    before = Study(study).manifest["facts"]["arms"]
    more = resume(study, ["study.replications=4"], simulate=effort_fakes.known_spending)
    assert more.manifest["facts"]["arms"] == before
    assert more.completeness.complete and more.manifest["replications"] == 4
    again = start([*OF_FAKES, f"output={tmp_path / 'again'}"], simulate=effort_fakes.known_spending)
    assert again is not None
    # The same seed gives the same pilots, and these the same points.
    assert again.manifest["facts"]["plan_sha256"] == more.manifest["facts"]["plan_sha256"]


def test_a_budget_cannot_be_changed_on_resume(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["resume", str(study), "study.budget=2e6"]) == 2
    assert "study.budget: cannot be changed on resume" in capsys.readouterr().err


def test_a_dry_run_says_that_pilots_come_first(capsys: pytest.CaptureFixture[str]) -> None:
    made = start(OF_FAKES, simulate=effort_fakes.broken_spending, dry_run=True, show=True)
    assert made is None
    said = capsys.readouterr().out
    assert "1,000,000 euros a year for each arm; 60 pilot runs at scale 1 come first" in said


def test_a_pilot_that_fails_stops_the_study_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(StudyStopped, match=r"a pilot run failed.*this world fails"):
        start([*OF_FAKES, f"output={tmp_path / 'study'}"], simulate=effort_fakes.broken_spending)
    assert not list(tmp_path.iterdir())


def test_the_model_spends_what_it_is_asked_to(tmp_path: Path) -> None:
    made = start(
        [
            "study.levers=[meet_and_greet,preferred_partner]",
            "levers.meet_and_greet.start=2011-03",
            "levers.preferred_partner.start=2011-03",
            "study.budget=2e7",
            "study.replications=4",
            "population.scale=0.02",
            "years=2",
            "burn_in=0",
            "engine=serial",
            f"output={tmp_path / 'study'}",
        ]
    )
    assert made is not None
    table = answer_study(made).tables["equal_effort"].set_index("arm")
    meetings, partners = table.loc["meet_and_greet"], table.loc["preferred_partner"]
    # Some 41,000 visits a year, of which 6,600 are simulated: chance moves them by some 1.3%.
    assert meetings["spending"] == pytest.approx(2e7, rel=0.04) and meetings["on_budget"]
    # The study has the random numbers of the pilots, and the same scale.
    assert meetings["spending"] == pytest.approx(meetings["effort"], rel=1e-6)
    assert partners["saturated"] and partners["spending"] == partners["effort"] < 2e6


def test_working_days_are_equal_effort_too(tmp_path: Path) -> None:
    words = [word for word in OF_FAKES if not word.startswith("study.budget")]
    made = start(
        [*words, "study.days=2000", f"output={tmp_path / 'study'}"],
        simulate=effort_fakes.known_spending,
    )
    assert made is not None
    table = answer_study(made).tables["equal_effort"].set_index("arm")
    # 400 euros a day.
    assert table.loc["meet_and_greet", "spending"] == pytest.approx(2000.0, rel=1e-3)
    assert set(table["unit"]) == {"working days a year"}


def test_at_equal_effort_no_arm_is_shared_out_over_its_levers(tmp_path: Path) -> None:
    """In an arm of two a lever is smaller than alone, so that they are no parts of it."""
    words = ["calibration=none", "years=4", "engine=serial", "study.replications=2"]
    levers = ["study.levers=[meet_and_greet,job_swap]", "study.design=grid", "study.flows=false"]
    for more, shared in (([], True), (["study.budget=1e6"], False)):
        folder = f"output={tmp_path / str(shared)}"
        fake = effort_fakes.known_spending
        made = start([*words, *levers, *more, folder], simulate=fake)
        assert made is not None
        answer = answer_study(made)
        assert ("lever_shares" in answer.tables) == shared
        assert any("no shares of levers" in note for note in answer.notes) != shared
        said: list[str] = []
        tell(answer, said.append)
        assert shared or "  + Swaps of jobs" in said


def test_an_arm_that_spends_other_than_its_pilots_is_off_budget_and_named() -> None:
    facts = {"unit": "euros a year", "budget": 1e6, "effort": 1e6, "share": 0.5, "dial": ""}
    rows = [
        {**facts, "arm": arm, "lever": arm, "on_budget": True, "saturated": False, "words": ""}
        for arm in ("single_cao", "job_swap", "meet_and_greet")
    ]
    spent = {
        "single_cao": (1.3e6, 0.9e6),
        "job_swap": (1.09e6, 1.08e6),
        "meet_and_greet": (2e6, 2e6),
    }
    comparison = pd.DataFrame(
        {
            "arm": list(spent),
            "outcome": "lever_cost",
            "scenario": "central",
            "difference_mean": [mean for mean, _ in spent.values()],
            "difference_low": [low for _, low in spent.values()],
            "difference_high": [2 * mean - low for mean, low in spent.values()],
        }
    )
    study: Any = SimpleNamespace(manifest={"effort": rows})
    table = equal_effort(study, comparison)
    assert table is not None
    # The first interval holds the budget, the second arm is within a tenth of it.
    assert dict(zip(table["arm"], table["on_budget"], strict=True)) == {
        "single_cao": True,
        "job_swap": True,
        "meet_and_greet": False,
    }
    assert effort_sentences(study, table)[1:] == [
        "Meet & greets of hbo and wo spends 2,000,000, which pilot runs did not tell."
    ]


def test_a_dial_beyond_what_is_credible_is_told() -> None:
    """97.5% of what is believed of the volunteers of swaps lies below 0.00727 (0.0001 to 0.005)."""
    swap = arm("job_swap")
    far, _ = search(swap, lambda factor: 1e6 * factor / 71.0)
    [row] = far.rows
    assert row["dial_value"] == pytest.approx(0.071, rel=0.01) and row["beyond_credible"]
    # Lognormal with these 5% and 95% points: its 97.5% point by hand.
    middle, spread = math.sqrt(0.0001 * 0.005), math.log(50.0) / (2.0 * 1.644854)
    assert row["dial_credible"] == pytest.approx(middle * math.exp(1.959964 * spread), rel=1e-3)
    assert row["words"] == (
        "beyond what is credible: volunteers of Swaps of jobs is 0.071, and 97.5% of what is "
        "believed of it lies below 0.00727"
    )
    assert row["on_budget"]
    near, _ = search(swap, lambda factor: 1e6 * factor / 7.0)
    assert near.rows[0]["dial_value"] == pytest.approx(0.007, rel=0.01)
    assert not near.rows[0]["beyond_credible"] and near.rows[0]["words"] == ""
    below, _ = search(swap, lambda factor: 1e7 * factor)
    assert below.rows[0]["dial_value"] is None and not below.rows[0]["beyond_credible"]


def test_a_dial_beyond_what_is_credible_stands_on_the_screen_in_files_and_in_the_report(
    tmp_path: Path,
) -> None:
    words = ["calibration=none", "years=4", "engine=serial", "study.replications=3"]
    levers = ["study.flows=false", "study.levers=[job_swap]", "study.budget=4e6"]
    said: list[str] = []
    folder = tmp_path / "study"
    made = start(
        [*words, *levers, f"output={folder}"], simulate=effort_fakes.known_spending, show=False
    )
    assert made is not None
    # (4,000,000 - 200,000) / 400,000 = 9.5 times 0.001.
    beyond = (
        "eyond what is credible: volunteers of Swaps of jobs is 0.0095, and 97.5% of what is "
        "believed of it lies below 0.00727"
    )
    answer = compare(folder)
    tell(answer, said.append)
    assert f"B{beyond}." in said
    assert any(line.startswith("Swaps of jobs") and f"b{beyond}" in line for line in said)
    with (folder / "effort.csv").open(encoding="utf-8") as file:
        [row] = csv.DictReader(file)
    assert row["beyond_credible"] == "True" and row["words"] == f"b{beyond}"
    with (folder / "answers" / "equal_effort.csv").open(encoding="utf-8") as file:
        [row] = csv.DictReader(file)
    assert row["beyond_credible"] == "True" and row["on_budget"] == "True"
    assert row["words"] == f"b{beyond}"
    page = write_report(folder, tmp_path / "page.html").read_text(encoding="utf-8")
    assert escape(f"B{beyond}.") in page


def test_the_known_part_of_a_cost_is_told_as_the_least(tmp_path: Path) -> None:
    config = tmp_path / "own"
    without_costs(config, "meet_and_greet")
    words = ["calibration=none", "years=4", "engine=serial", "study.replications=3"]
    levers = [
        "study.flows=false",
        "study.levers=[job_swap,meet_and_greet,job_swap+meet_and_greet]",
        "study.draws=0",
    ]
    said: list[str] = []
    folder = tmp_path / "study"
    known = effort_fakes.known_spending
    made = start([*words, *levers, "study.budget=4e5", f"output={folder}"], config, simulate=known)
    assert made is not None
    answer = compare(folder)
    tell(answer, said.append)
    with (folder / "effort.csv").open(encoding="utf-8") as file:
        least = {(row["arm"], row["lever"]): row["at_least"] for row in csv.DictReader(file)}
    both = "job_swap+meet_and_greet"
    assert {key for key, value in least.items() if value == "True"} == {
        (both, "job_swap"),
        (both, "meet_and_greet"),
    }
    worth = answer.tables["worth"].set_index("arm")
    assert worth["at_least"].to_dict() == {"job_swap": False, both: True, "meet_and_greet": False}
    assert worth.loc["meet_and_greet", "words"] == "no cost of it is known"
    assert math.isnan(worth.loc[both, "cost_high"]) and worth.loc[both, "cost"] > 0
    spent = answer.tables["equal_effort"].set_index("arm")
    assert spent["at_least"].to_dict() == {"job_swap": False, "meet_and_greet": False, both: True}
    text = "\n".join(said)
    assert f"at least {spent.loc[both, 'spending']:,.0f}" in text
    assert f"at least {worth.loc[both, 'cost']:,.0f}" in text
    [line] = [line for line in said if line.startswith("Swaps of jobs") and " to " in line][-1:]
    assert "400,000" in line and "at least" not in line
    sentence = (
        "Swaps of jobs + Meet & greets of hbo and wo costs at least what is told, as no cost of "
        "Meet & greets of hbo and wo is known"
    )
    assert f"Note: {sentence}" in said
    page = write_report(folder, tmp_path / "page.html").read_text(encoding="utf-8")
    assert escape(sentence) in page and "at least" in page
