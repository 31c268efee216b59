"""Every outcome on small ledgers written by hand, the expected number beside each row."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import hand_policy
import pytest
from hand_ledger import NEVER, HandLedger

from hesim.levers.cost import read_costs
from hesim.levers.policy import Levers
from hesim.outcomes.registry import OUTCOMES, at_full_scale

TESTS: dict[str, Callable[[], None]] = {}
"""The test of each outcome, so that none can be left out."""


def of(*names: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Say which outcomes a test is about."""

    def note(test: Callable[[], None]) -> Callable[[], None]:
        TESTS.update(dict.fromkeys(names, test))
        return test

    return note


LOST = {"lost": True}
SPELLS = (
    # job left, in, next job, in: which crossing, in which year, from job to job
    (("wo", "2011-03", "hbo", "2011-03"), {}, "wo_to_hbo", 0, True),
    (("wo", "2011-03", "hbo", "2011-03"), LOST, "wo_to_hbo", 0, False),  # in the same month
    (("wo 2", "2011-01", "hbo 2", "2011-11"), {}, "wo_to_hbo", 0, False),
    (("wo", "2011-12", "hbo", "2012-01"), {}, "wo_to_hbo", 1, False),  # when joined
    (("wo", "2010-06", "hbo", "2011-01"), {}, "wo_to_hbo", 0, False),  # left before the first month
    (("wo", "2011-01", "hbo", "2012-01"), {}, "wo_to_hbo", 1, False),
    (("wo", "2012-12", "hbo", "2012-12"), {}, "wo_to_hbo", 1, True),
    (("wo", "2012-12", "hbo", "2013-01"), {}, None, 0, False),  # after the last month
    (("hbo", "2011-05", "wo", "2011-05"), {}, "hbo_to_wo", 0, True),
    (("hbo", "2012-05", "wo", "2012-05"), LOST, "hbo_to_wo", 1, False),
    (("hbo", "2012-02", "wo 2", "2012-09"), {}, "hbo_to_wo", 1, False),
    (("hbo", "2012-02", "hbo 2", "2012-03"), {}, None, 0, False),
    (("wo", "2012-02", "wo 2", "2012-02"), {}, None, 0, False),
    (("umc", "2011-05", "hbo", "2011-05"), {}, None, 0, False),
    (("no job", "2011-05", "wo", "2011-05"), {}, None, 0, False),
    (("wo", "2011-05", "no job", NEVER), {}, None, 0, False),
    (("hbo", "2011-05", "industry", "2011-05"), {}, None, 0, False),
)


@of("wo_to_hbo", "hbo_to_wo", "wo_to_hbo_direct", "hbo_to_wo_direct")
def test_crossings_count_in_the_year_of_joining_and_tell_their_way() -> None:
    whole = HandLedger()
    for spell, lost, name, year, direct in SPELLS:
        alone = HandLedger()
        for ledger in (alone, whole):
            ledger.spell(*spell, **lost)
        for each in ("wo_to_hbo", "hbo_to_wo"):
            expected = [int(each == name and k == year) for k in range(2)]
            assert alone.outcome(each) == expected, spell
            straight = [direct * number for number in expected]
            assert alone.outcome(f"{each}_direct") == straight, spell
    assert whole.outcome("wo_to_hbo") == [4, 3]
    assert whole.outcome("wo_to_hbo_direct") == [1, 1]
    assert whole.outcome("hbo_to_wo") == [1, 2]
    assert whole.outcome("hbo_to_wo_direct") == [1, 0]


@of("hbo_inflow_from_wo")
def test_inflow_from_wo_is_a_share_of_all_who_join_hbo() -> None:
    ledger = HandLedger(1)
    for spell, entrant, from_wo in (
        (("wo", "2011-02", "hbo", "2011-04"), 1, 1),
        (("no job", "2011-04", "hbo", "2011-04"), 1, 0),
        (("industry", "2011-04", "hbo 2", "2011-04"), 1, 0),
        (("hbo", "2011-04", "hbo 2", "2011-06"), 1, 0),  # another hogeschool: an entrant too
        (("wo", "2011-04", "industry", "2011-06"), 0, 0),
        (("hbo", "2011-04", "no job", NEVER), 0, 0),
    ):
        ledger.spell(*spell)
        alone = HandLedger(1)
        alone.spell(*spell)
        assert alone.outcome("hbo_inflow_from_wo") == [100 * from_wo / max(entrant, 1)], spell
    assert ledger.outcome("hbo_inflow_from_wo") == [100 * 1 / 4]


@of("wo_outflow_to_hbo")
def test_outflow_to_hbo_is_a_share_of_all_who_leave_wo() -> None:
    ledger = HandLedger()
    for spell, leaver, to_hbo in (
        (("wo", "2011-02", "hbo", "2011-04"), 1, 1),
        (("wo", "2011-12", "hbo", "2012-03"), 1, 1),  # counts when left, not when joined
        (("wo", "2011-02", "no job", NEVER, "retirement"), 1, 0),
        (("wo", "2011-02", "wo 2", "2011-02"), 1, 0),
        (("wo 2", "2011-02", "industry", "2011-02"), 1, 0),
        (("hbo", "2011-02", "hbo 2", "2011-02"), 0, 0),
        (("no job", "2011-02", "hbo", "2011-02"), 0, 0),
    ):
        ledger.spell(*spell)
        alone = HandLedger()
        alone.spell(*spell)
        share = [100 * to_hbo / max(leaver, 1), 0]
        assert alone.outcome("wo_outflow_to_hbo") == share, spell
    assert ledger.outcome("wo_outflow_to_hbo") == [100 * 2 / 5, 0]


@of("turnover_wo", "turnover_hbo")
def test_turnover_is_the_mean_of_entrants_and_leavers_over_mean_staff() -> None:
    ledger = HandLedger()
    for spell in (
        # wo in, out; hbo in, out
        ("wo", "2011-02", "hbo", "2011-02"),  # 0 1 1 0
        ("wo", "2011-03", "wo 2", "2011-03"),  # 1 1 0 0
        ("no job", "2011-04", "wo", "2011-04"),  # 1 0 0 0
        ("industry", "2011-05", "wo", "2011-05"),  # 1 0 0 0
        ("hbo", "2011-06", "no job", NEVER),  # 0 0 0 1
        ("umc", "2011-06", "industry", "2011-06"),  # 0 0 0 0
        ("hbo", "2012-06", "wo", "2012-07"),  # of 2012: 1 0 0 1
    ):
        ledger.spell(*spell)
    for k in range(12):
        # Mean staff of 2011: wo 25, hbo 40; of 2012: wo 50, hbo 20.
        ledger.staff("wo", f"2011-{k + 1:02d}", 20 if k < 6 else 10)
        ledger.staff("wo 2", f"2011-{k + 1:02d}", 10)
        ledger.staff("hbo", f"2011-{k + 1:02d}", 40)
        ledger.staff("umc", f"2011-{k + 1:02d}", 999)
        ledger.staff("no job", f"2011-{k + 1:02d}", 999)
        ledger.staff("wo", f"2012-{k + 1:02d}", 50)
        ledger.staff("hbo 2", f"2012-{k + 1:02d}", 20)
    assert ledger.outcome("turnover_wo") == pytest.approx([100 * (3 + 2) / 2 / 25, 100 * 0.5 / 50])
    assert ledger.outcome("turnover_hbo") == pytest.approx([100 * (1 + 1) / 2 / 40, 100 * 0.5 / 20])


@of("hbo_phd_share")
def test_the_share_of_phds_is_that_of_hbos_staff_in_december() -> None:
    ledger = HandLedger()
    for row in (
        ("hbo", "2011-12", 30, "phd"),
        ("hbo 2", "2011-12", 10, "phd"),
        ("hbo", "2011-12", 100, "master"),
        ("hbo", "2011-12", 60, "hbo_bachelor"),
        ("wo", "2011-12", 500, "phd"),
        ("no job", "2011-12", 500, "phd"),
        ("hbo", "2011-11", 500, "phd"),
        ("hbo", "2012-12", 1, "phd"),
        ("hbo", "2012-12", 3, "other"),
    ):
        ledger.staff(*row)
    assert ledger.outcome("hbo_phd_share") == [100 * 40 / 200, 100 * 1 / 4]


@of("hbo_master_share")
def test_the_share_of_masters_holds_the_phds_and_nobody_below() -> None:
    ledger = HandLedger()
    for row in (
        ("hbo", "2011-12", 30, "phd"),
        ("hbo 2", "2011-12", 100, "master"),
        ("hbo", "2011-12", 60, "hbo_bachelor"),
        ("hbo", "2011-12", 10, "other"),
        ("wo", "2011-12", 500, "master"),
        ("no job", "2011-12", 500, "master"),
        ("hbo", "2011-11", 500, "master"),
        ("hbo", "2012-12", 3, "hbo_bachelor"),
        ("hbo", "2012-12", 1, "master"),
    ):
        ledger.staff(*row)
    assert ledger.outcome("hbo_master_share") == [100 * 130 / 200, 100 * 1 / 4]


@of("phd_completions")
def test_completions_are_defences_of_the_year() -> None:
    ledger = HandLedger()
    for when, persons in (
        ("2010-12", 64),  # before the first month: in no year
        ("2011-01", 1),
        ("2011-12", 2),
        ("2012-01", 4),
        ("2012-12", 8),
        ("2013-01", 16),  # after the last month
    ):
        ledger.defend(when, persons)
    assert ledger.outcome("phd_completions") == [1 + 2, 4 + 8]
    assert HandLedger().outcome("phd_completions") == [0, 0]


WAYS = (
    # spells of one person, with the education when leaving; expected in 2011, 2012
    ((("wo", "2011-02", "hbo", "2011-02", "phd"),), (1, 0)),
    ((("wo", "2011-02", "hbo", "2011-07", "master"),), (0, 0)),  # holds the PhD only on joining
    ((("hbo 2", "2011-02", "hbo", "2011-02", "phd"),), (0, 0)),
    ((("umc", "2011-02", "hbo", "2011-02", "phd"),), (0, 0)),
    ((("wo", "2006-05", "hbo", "2011-05", "phd"),), (1, 0)),  # sixty months later
    ((("wo", "2006-04", "hbo", "2011-05", "phd"),), (0, 0)),  # sixty-one
    ((("wo", "2012-12", "hbo", "2013-01", "phd"),), (0, 0)),  # after the last month
    ((("wo", "2010-02", "hbo", "2010-02", "phd"),), (0, 0)),  # before the first
    # On the way through industry; without a job known in between; with a spell of no job.
    (
        (
            ("wo", "2008-01", "industry", "2008-01", "phd"),
            ("industry", "2012-03", "hbo", "2012-03", "phd"),
        ),
        (0, 1),
    ),
    (
        (("wo", "2008-01", "no job", NEVER, "phd"), ("no job", "2011-03", "hbo", "2011-03", "phd")),
        (1, 0),
    ),
    # Leaves wo twice: the last time before hbo counts.
    (
        (("wo", "2005-01", "wo 2", "2005-01", "phd"), ("wo 2", "2009-01", "hbo", "2012-08", "phd")),
        (0, 1),
    ),
    # Counts once, at the first arrival in time.
    (
        (("wo", "2011-01", "hbo", "2011-01", "phd"), ("hbo", "2012-01", "hbo 2", "2012-01", "phd")),
        (1, 0),
    ),
    # Arrives before leaving wo: no arrival after it.
    (
        (
            ("industry", "2011-01", "hbo", "2011-01", "phd"),
            ("hbo", "2011-06", "wo", "2011-06", "phd"),
            ("wo", "2012-05", "umc", "2012-05", "phd"),
        ),
        (0, 0),
    ),
)


@of("phds_in_hbo_within_5y")
def test_phds_reach_hbo_within_five_years_of_leaving_wo() -> None:
    whole = HandLedger()
    for person, (way, expected) in enumerate(WAYS):
        alone = HandLedger()
        for *spell, education in way:
            for ledger in (alone, whole):
                ledger.spell(*spell, person=person, education=education)
        assert alone.outcome("phds_in_hbo_within_5y") == list(expected), way
    assert whole.outcome("phds_in_hbo_within_5y") == [4, 2]


@of("second_jobs", "joint_appointments", "secondments", "swaps")
@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("second_jobs", "second_job_start"),
        ("joint_appointments", "dual_start"),
        ("secondments", "secondment_start"),
        ("swaps", "swap"),
    ],
)
def test_starts_are_counted_and_ends_and_moves_are_not(name: str, kind: str) -> None:
    ledger = HandLedger()
    for when, expected in (
        ("2010-12", None),  # before the first month
        ("2011-01", 0),
        ("2011-12", 0),
        ("2011-07", 0),
        ("2012-01", 1),
        ("2012-12", 1),
        ("2013-01", None),  # after the last month
    ):
        alone = HandLedger()
        for each in (alone, ledger):
            each.flow(kind, when)
        assert alone.outcome(name) == [int(expected == 0), int(expected == 1)], when
    others = {
        "move",
        "hire",
        "separation",
        "step",
        "entry",
        "departure",
        "second_job_start",
        "second_job_end",
        "dual_start",
        "dual_end",
        "secondment_start",
        "secondment_end",
        "swap",
        "swap_back",
    } - {kind}
    for other in sorted(others):
        ledger.flow(other, "2011-06")
    assert ledger.outcome(name) == [3, 2]


@of("wo_jobless_6m")
def test_jobless_is_who_has_no_job_half_a_year_after_leaving_wo() -> None:
    whole = HandLedger()
    for spell, leaver, jobless in (
        (("wo", "2011-01", "hbo", "2011-01"), 1, 0),
        (("wo", "2011-02", "industry", "2011-08"), 1, 0),  # six months
        (("wo", "2011-02", "industry", "2011-09"), 1, 1),  # seven
        (("wo", "2011-02", "wo 2", "2012-10"), 1, 1),
        (("wo", "2011-02", "no job", NEVER, "dismissed"), 1, 1),
        (("wo 2", "2011-02", "no job", NEVER, "contract_expired"), 1, 1),
        (("wo", "2011-02", "no job", NEVER, "retirement"), 0, 0),
        (("wo", "2011-02", "no job", NEVER, "disabled_full"), 0, 0),
        (("wo", "2011-02", "no job", NEVER, "disabled_part_kept_job"), 0, 0),
        (("hbo", "2011-02", "no job", NEVER), 0, 0),
        (("no job", "2011-02", "wo", "2011-02"), 0, 0),
    ):
        alone = HandLedger()
        for ledger in (alone, whole):
            ledger.spell(*spell)
        assert alone.outcome("wo_jobless_6m") == [100 * jobless / max(leaver, 1), 0], spell
    assert whole.outcome("wo_jobless_6m") == [100 * 4 / 6, 0]


@of("wo_jobless_6m")
def test_who_left_in_the_last_half_year_is_not_asked() -> None:
    for when, expected in (("2012-06", 100), ("2012-07", 0), ("2012-12", 0)):
        ledger = HandLedger()
        ledger.spell("wo", when, "no job", NEVER)
        assert ledger.outcome("wo_jobless_6m") == [0, expected], when


@of("vacancy_months", "vacancies_unfilled")
def test_vacancies_wait_and_are_withdrawn() -> None:
    ledger = HandLedger()
    for row in (
        # months of the filled; of 2011
        ("hbo", "2011-01", "2011-01", "filled"),  # 0
        ("wo", "2011-01", "2011-03", "filled"),  # 2
        ("hbo 2", "2010-11", "2011-03", "filled"),  # 4: open since before the first month
        ("wo 2", "2011-02", "2011-12", "withdrawn"),
        ("umc", "2011-01", "2011-12", "filled"),  # no institution
        ("industry", "2011-01", "2011-09", "withdrawn"),
        # of 2012
        ("wo", "2011-11", "2012-02", "filled"),  # 3: counts when filled
        ("hbo", "2012-03", "2012-04", "filled"),  # 1
        ("wo", "2012-01", "2012-02", "withdrawn"),
        ("wo", "2012-01", "2012-12", "withdrawn"),
        ("hbo", "2012-10", "2012-12", "withdrawn"),
        ("hbo", "2012-01", "2012-12", "open"),  # not closed
    ):
        ledger.vacancy(*row)
    assert ledger.outcome("vacancy_months") == [(0 + 2 + 4) / 3, (3 + 1) / 2]
    assert ledger.outcome("vacancies_unfilled") == [100 * 1 / 4, 100 * 3 / 5]
    late = HandLedger()
    for row in (
        ("hbo", "2011-11", "2012-02", "filled"),  # 3
        ("hbo", "2011-11", "2012-01", "withdrawn"),
        ("wo", "2011-12", "2012-01", "withdrawn"),
    ):
        late.vacancy(*row)
    assert late.outcome("vacancy_months") == [0, 3]
    assert late.outcome("vacancies_unfilled") == [0, 100 * 2 / 3]
    assert HandLedger().outcome("vacancy_months") == [0, 0]
    assert HandLedger().outcome("vacancies_unfilled") == [0, 0]


@of("lever_cost", "lever_cost_low", "lever_cost_high", "lever_days", "lever_transfers")
def test_costs_are_counted_by_year_and_transfers_stand_apart() -> None:
    visit = {
        **dict.fromkeys(("about", "source"), "by hand"),
        **{"per": "participant", "days": 1.0, "hosts": 0.25, "euros": 50.0},
        **{"low": 250.0, "high": 1000.0, "pays": "employer", "grade": "A", "year": 2014},
    }
    premium = {"days": 0.0, "hosts": 0.0, "euros": 300.0, "per": "hire", "pays": "ministry"}
    items, faults = read_costs(
        {"visit": {**visit, "transfer": False}, "premium": {**visit, **premium, "transfer": True}}
    )
    assert not faults
    about: Any = SimpleNamespace(taking_part="yearly", dials=(), costs=items)
    lever, ledger = hand_policy.lever(about=about), HandLedger()
    ledger.policy, ledger.scale = Levers((lever,)), 0.5
    accounts = ledger.policy.accounts
    accounts.note(lever, -1, "invited", 100)  # before the first month
    accounts.note(lever, 3, "invited", 4)  # 1.25 days at 360 euros and 50 euros each: 500
    accounts.note(lever, 12, "invited", 6)
    accounts.note(lever, 23, "hires", 2)
    accounts.note(lever, 24, "invited", 100)  # after the last month
    # As simulated: whoever shows it divides it by the scale.
    assert ledger.outcome("lever_cost") == [4 * 500, 6 * 500]
    assert ledger.outcome("lever_cost_low") == [4 * 250, 6 * 250]
    assert ledger.outcome("lever_cost_high") == [4 * 1000, 6 * 1000]
    assert ledger.outcome("lever_days") == [4 * 1.25, 6 * 1.25]
    assert ledger.outcome("lever_transfers") == [0, 2 * 300]
    # What was spent stays spent when the lever is switched off in mid-run.
    ledger.policy.change(())
    assert ledger.outcome("lever_cost") == [4 * 500, 6 * 500]
    for name in ("lever_cost", "lever_cost_low", "lever_days", "lever_transfers"):
        assert HandLedger().outcome(name) == [0, 0]


def test_no_outcome_is_without_a_hand_written_ledger() -> None:
    assert set(TESTS) == set(OUTCOMES)


KINDS = {
    "wo_to_hbo": "count",
    "hbo_to_wo": "count",
    "wo_to_hbo_direct": "count",
    "hbo_to_wo_direct": "count",
    "hbo_inflow_from_wo": "share",
    "wo_outflow_to_hbo": "share",
    "turnover_wo": "share",
    "turnover_hbo": "share",
    "hbo_phd_share": "share",
    "hbo_master_share": "share",
    "phd_completions": "count",
    "phds_in_hbo_within_5y": "count",
    "second_jobs": "count",
    "joint_appointments": "count",
    "secondments": "count",
    "swaps": "count",
    "lever_cost": "count",
    "lever_cost_low": "count",
    "lever_cost_high": "count",
    "lever_days": "count",
    "lever_transfers": "count",
    "wo_jobless_6m": "share",
    "vacancy_months": "duration",
    "vacancies_unfilled": "share",
}


def test_counts_are_divided_by_the_scale_and_nothing_else_is() -> None:
    assert {name: outcome.kind for name, outcome in OUTCOMES.items()} == KINDS
    import numpy as np

    scaled = at_full_scale({name: np.array([3.0, 5.0]) for name in OUTCOMES}, 0.25)
    for name, kind in KINDS.items():
        assert scaled[name].tolist() == ([12, 20] if kind == "count" else [3, 5]), name


def test_an_entry_says_what_a_reader_needs() -> None:
    for name, outcome in OUTCOMES.items():
        assert outcome.name == name and outcome.english and outcome.dutch and outcome.unit
        assert outcome.unit.startswith("percent") == (outcome.kind == "share"), name
        assert bool(outcome.denominator) == (outcome.kind != "count"), name
        assert not outcome.of_levers or outcome.grade == "assumed", name
