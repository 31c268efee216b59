"""What studies and runs tell of those who take part, with the real model, small."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import lever_worlds as worlds
import numpy as np
import pandas as pd
import pytest
from packages import faults, package_in, undescribed

import hesim
from hesim.cli import main
from hesim.execution.replication import simulate_replication
from hesim.execution.simulate import Share, forget_trunk
from hesim.levers.policy import Levers
from hesim.model.higher_education import HigherEducation
from hesim.outcomes.summary import interval
from hesim.record.participant_table import WHOLE_RUN
from hesim.record.participant_words import nobody_lines, overview_lines
from hesim.record.participants import OTHERS, PARTICIPANTS, PERSONS, PREFIX
from hesim.study import twins
from hesim.study.answers.components import split
from hesim.study.folder import Study
from hesim.study.observation import replication_outcomes

ASKED = ("study.participants=true",)
FLAG = "study.participants=true"
KEYS = ("meet_and_greet", "job_swap")
STARTS = (
    *(f"levers.{key}.start='2013-10'" for key in KEYS),
    *(f"levers.{key}.reach.share=1" for key in KEYS),
)
"""From early on and for many, so that a small world changes."""
ORIGIN = object()


@pytest.fixture(autouse=True)
def nothing_on_the_shelf() -> Any:
    forget_trunk()
    twins.forget_baseline()
    yield
    forget_trunk()
    twins.forget_baseline()


def seen(*levers: str, more: tuple[str, ...] = (), share: Share | None = None) -> Any:
    return replication_outcomes(worlds.settings(*levers, more=more), 0, share)


def test_a_study_that_asks_has_the_same_outcomes_and_more() -> None:
    plain = seen(*KEYS, more=STARTS)
    asked = seen(*KEYS, more=(*STARTS, *ASKED))
    further = set(asked) - set(plain)
    assert further and all(name.startswith(f"{PREFIX}.") for name in further)
    assert all(np.array_equal(plain[name], asked[name]) for name in plain)
    assert {name.split(".")[1] for name in further} == set(KEYS)
    base = seen()
    assert seen(more=ASKED).keys() == base.keys()
    assert seen("single_cao", more=ASKED).keys() == base.keys()


def test_participants_and_others_add_up_to_what_the_study_says_of_the_world() -> None:
    base, asked = seen(), seen(*KEYS, more=(*STARTS, *ASKED))
    for outcome in ("wo_to_hbo", "hbo_to_wo"):
        for world, truth in (("baseline", base), ("policy", asked)):
            parts = [
                asked[f"participants.meet_and_greet.{group}.{world}.{outcome}"]
                for group in (PARTICIPANTS, OTHERS)
            ]
            assert sum(parts) == pytest.approx(truth[outcome])
    assert not np.array_equal(base["wo_to_hbo"], asked["wo_to_hbo"])


def test_posts_add_up_to_the_staff_of_the_world() -> None:
    asked = seen(*KEYS, more=(*STARTS, *ASKED))
    model = worlds.world(*KEYS, more=STARTS)
    sector = np.append(model.employers.sector, -1)[model.persons.employer]
    here = model.persons.present == 1
    for code, name in enumerate(("in_hbo", "in_wo")):
        parts = [
            asked[f"participants.job_swap.{group}.policy.{name}"][-1]
            for group in (PARTICIPANTS, OTHERS)
        ]
        assert sum(parts) * 0.02 == pytest.approx(np.count_nonzero(here & (sector == code)))


def test_a_group_simulates_one_baseline_and_gives_the_same_as_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    arms = [("meet_and_greet",), KEYS, ("single_cao",)]
    alone = [seen(*arm, more=ASKED) for arm in (*arms, ())]
    made: list[int] = []
    real = twins.simulate

    def counted(settings: Any, *rest: Any, **more: Any) -> Any:
        made.append(len(settings.mapping("levers")))
        return real(settings, *rest, **more)

    monkeypatch.setattr(twins, "simulate", counted)
    shared = [
        seen(*arm, more=ASKED, share=Share(ORIGIN, "world", more=bool(arm))) for arm in (*arms, ())
    ]
    assert made == [0, 1, 2, 1]
    for one, other in zip(alone, shared, strict=True):
        assert one.keys() == other.keys()
        assert all(np.array_equal(one[name], other[name]) for name in one)
    # The last of a group leaves nothing behind, and another group has another baseline.
    assert twins._shelf.baseline is None
    made.clear()
    seen("meet_and_greet", more=ASKED, share=Share(ORIGIN, "world", True))
    seen("meet_and_greet", more=ASKED, share=Share(object(), "world", True))
    assert made == [0, 1, 0, 1]


def test_to_follow_persons_changes_nothing_of_a_run() -> None:
    own = worlds.settings(*KEYS, more=STARTS)
    plain = simulate_replication(own, worlds.tables(), 0)
    followed = simulate_replication(own, worlds.tables(), 0, follow=True)
    assert worlds.same(plain, followed)
    assert plain.lives is None and plain.participants == {}
    assert followed.lives is not None and set(followed.participants) == set(KEYS)


def test_nobody_is_noted_unless_it_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[Levers] = []
    real = HigherEducation.let_go

    def keep(model: HigherEducation) -> None:
        if isinstance(model.policy, Levers):
            found.append(model.policy)
        real(model)

    monkeypatch.setattr(HigherEducation, "let_go", keep)
    for more in ((), ASKED):
        seen("meet_and_greet", more=more)
    sizes = [policy.participants()["meet_and_greet"].person.size for policy in found]
    assert sizes[0] == 0 < sizes[1]


RUN = [
    "population.scale=0.02",
    "years=3",
    "burn_in=1",
    "start=2013-01",
    "workers=1",
    "engine=serial",
    "levers.meet_and_greet.reach.share=0.5",
]
"""A world in which many take part, so that there is something to tell."""


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder = tmp_path_factory.mktemp("studies") / "asked"
    words = [
        *[word for word in RUN if "workers" not in word],
        "study.levers=[meet_and_greet,single_cao,meet_and_greet+secondment]",
        "study.replications=3",
        FLAG,
        f"output={folder}",
    ]
    assert main(["study", *words]) == 0
    return Study(folder)


def test_a_study_shows_the_table_of_participants(
    study: Study, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", str(study.folder)]) == 0
    said = capsys.readouterr().out
    table = pd.read_csv(study.folder / "answers" / "participants.csv")
    assert (study.folder / "answers" / "participants.png").exists()
    package = package_in(study.folder / "answers")
    assert faults(package, study.folder / "answers") == [] and undescribed(package) == []
    assert "participants.csv" in {each["path"] for each in package["resources"]}
    assert set(table["arm"]) == {"meet_and_greet", "meet_and_greet+secondment"}
    assert (
        "Nobody takes part in One collective labour agreement: it acts through institutions" in said
    )
    assert "For each 100 who took part in Meet & greets of hbo and wo" in said
    row = table[
        (table["arm"] == "meet_and_greet")
        & (table["after"] == "12 months")
        & (table["measure"] == "other_sector")
    ].iloc[0]
    name = "participants.meet_and_greet.12"
    counts = study.query(
        "select r.replication, r.outcome, sum(r.value) as value from results r join design d "
        "using (point) where d.arm = 'meet_and_greet' and starts_with(r.outcome, "
        f"'{name}.') group by all"
    ).pivot(index="replication", columns="outcome", values="value")
    change = counts[f"{name}.policy.other_sector"] - counts[f"{name}.baseline.other_sector"]
    each = (100 * change / counts[f"{name}.policy.{PERSONS}"]).to_numpy()
    found = [row["difference"], row["difference_low"], row["difference_high"]]
    assert found == pytest.approx(interval(each))
    # Of one world a study's intervals are those of a run.
    own = split(each[None, :])
    assert (own.mean, own.low, own.high) == pytest.approx(interval(each))
    assert f"{row['difference']:+,.1f}" in said


def test_the_whole_difference_is_that_of_the_comparison(study: Study) -> None:
    """Per 100 participants and back: one number for one thing."""
    from hesim.study.answers.comparison import answer_study

    made = answer_study(study)
    table, comparison = made.tables["participants"], made.comparison
    rows = study.query(
        "select r.replication, sum(value) as value from results r join design d using (point) "
        "where d.arm = 'meet_and_greet' and outcome in "
        "('participants.meet_and_greet.participants.policy.wo_to_hbo',"
        "'participants.meet_and_greet.others.policy.wo_to_hbo') and year between 2014 and 2015 "
        "group by all"
    )
    arm = comparison[
        (comparison["arm"] == "meet_and_greet") & (comparison["outcome"] == "wo_to_hbo")
    ].iloc[0]
    assert rows["value"].mean() / 2 == pytest.approx(arm["level"])
    whole = table[(table["arm"] == "meet_and_greet") & (table["measure"] == "wo_to_hbo")]
    by = whole[whole["after"] == "whole run"].set_index("group")["difference"]
    assert by[PARTICIPANTS] + by[OTHERS] == pytest.approx(by["everybody"])


def test_a_run_writes_and_tells_of_participants(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "run"
    levers = "levers=[meet_and_greet,single_cao]"
    assert main(["run", levers, *RUN, "replications=2", f"output={folder}"]) == 0
    said = capsys.readouterr().out
    run = hesim.load(folder)
    people, table = run.participants, run.participants_summary
    assert set(people["replication"]) == {0, 1} and set(people["arm"]) == {"policy"}
    assert not people.duplicated(["lever", "replication", "person"]).any()
    assert min(people["month"].astype(str)) >= "2014-01"
    mine = people[people["alike"] & (people["policy_12_place"] != "")]
    row = table[(table["after"] == "12 months") & (table["measure"] == "in_hbo")].iloc[0]
    each = []
    for _, one in mine.groupby("replication"):
        posts = [
            (one[f"{world}_12_place"] == "hbo") | (one[f"{world}_12_second_post"] == "hbo")
            for world in ("baseline", "policy")
        ]
        each.append(100 * (posts[1].sum() - posts[0].sum()) / len(one))
    found = [row["difference"], row["difference_low"], row["difference_high"]]
    assert found == pytest.approx(interval(np.array(each)), abs=1e-3)
    assert "Nobody takes part in single_cao: it acts through institutions" in said
    assert "meet_and_greet: for each 100 who took part" in said
    assert (folder / "figures" / "participants.png").exists()
    assert main(["report", str(folder)]) == 0
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "What taking part did, per 100 participants" in page


def test_levers_without_participants_are_told_apart() -> None:
    personal = {"terms": False, "swap": True, "broker": True, "cao": False, "portal": False}
    assert list(nobody_lines(personal, {"swap"})) == [
        "Nobody takes part in cao, portal and terms: they act through institutions",
        "Nobody took part in broker in any run",
    ]


def _row(group: str, after: str, measure: str, difference: float, **more: object) -> dict[str, Any]:
    ends = {"difference_low": difference - 0.51, "difference_high": difference + 0.49}
    facts = {"group": group, "after": after, "measure": measure, "difference": difference}
    return {**facts, **ends, "persons": 1500.0, "distinguishable": False, **more}


def test_many_levers_have_a_line_each_and_nothing_has_no_sign() -> None:
    rows = [
        _row(PARTICIPANTS, after, measure, value)
        for after, value in (("12 months", 9.0), ("36 months", -0.04))
        for measure in ("wo_to_hbo", "hbo_to_wo")
    ]
    rows[2]["distinguishable"] = True
    rows.append(_row(OTHERS, WHOLE_RUN, "wo_to_hbo", 2.0))
    empty, heads, line, key = overview_lines({"broker": rows})
    assert not empty.startswith("  ") and key == "  * can be told from zero"
    assert "36 months" in heads and "12 months" not in heads
    assert " ".join(line.split()) == (
        "broker +0.0 (-0.6 to 0.5) * +0.0 (-0.6 to 0.5) +2.0 (1.5 to 2.5) 1,500"
    )
