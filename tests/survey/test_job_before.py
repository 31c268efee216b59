"""The job before, the way and the crossing of each row, on a ledger written by hand."""

from __future__ import annotations

import pytest
from hand_ledger import NEVER, HandLedger

from hesim import categories as c
from hesim.survey.crossings import CODES, WAYS, definition, job_before, of_whom
from hesim.survey.movers import sort_movers


def test_each_flow_knows_the_job_before_up_to_eighteen_months() -> None:
    ledger = HandLedger()
    ledger.spell("wo", "2011-03", "hbo", "2011-03", lost=True)
    ledger.spell("wo", "2011-03", "hbo", "2011-03")
    ledger.spell("hbo", "2011-02", "wo", "2011-11")
    ledger.spell("umc", "2011-05", "hbo", "2011-05")
    ledger.spell("no job", "2011-05", "hbo", "2011-05")
    ledger.spell("hbo", "2011-05", "industry", "2011-07")
    ledger.spell("hbo", "2010-01", "wo", "2012-01")  # in time where the setting is 24 months
    for left, hired in (("2011-01", "2012-07"), ("2011-01", "2012-08")):
        # Hired too late for the survey: the spell of the job lost stays open.
        spell = int(ledger.ledger.used[1])
        ledger.spell("wo 2", left, "no job", NEVER)
        ledger.flow("hire", hired, "no job", "hbo", spell)
    ledger.flow("move", "2011-05", "industry", "umc")  # of outside jobs the survey asks nothing
    ledger.flow("hire", "2011-05", "no job", "wo")
    ledger.flow("second_job_start", "2011-05", "wo", "hbo")
    # Who goes abroad without a job has the last one known, however long ago it was.
    spell = int(ledger.ledger.used[1])
    ledger.spell("wo", "2011-02", "no job", NEVER)
    ledger.flow("departure", "2013-02", "no job", "no job", spell)
    ledger.flow("departure", "2013-02", "wo", "no job")
    expected = [
        # flow, sector of the job before, months between, crossing
        ("separation", "none", -1, ""),
        ("hire", "wo", 0, "wo_to_hbo"),
        ("move", "wo", 0, "wo_to_hbo"),
        ("separation", "none", -1, ""),
        ("hire", "hbo", 9, "hbo_to_wo"),
        ("move", "umc", 0, ""),
        ("hire", "none", -1, ""),
        ("separation", "none", -1, ""),
        ("hire", "hbo", 2, ""),
        ("separation", "none", -1, ""),
        ("hire", "hbo", 24, "hbo_to_wo"),
        ("separation", "none", -1, ""),
        ("hire", "wo", 18, ""),
        ("separation", "none", -1, ""),
        ("hire", "none", -1, ""),
        ("move", "industry", 0, ""),
        ("hire", "none", -1, ""),
        ("second_job_start", "none", -1, ""),
        ("separation", "none", -1, ""),
        ("departure", "wo", 24, ""),
        ("departure", "none", -1, ""),
    ]
    model = ledger.model()
    used = int(model.ledger.used[0])
    found = job_before(model.ledger, model.employers, slice(0, used))
    sector = [*model.employers.sector, c.NO_JOB]
    shown = [
        (
            c.FLOW_KINDS[model.ledger.f_kind[row]],
            c.SECTORS[sector[found.employer[row]]],
            int(found.months[row]),
            CODES[found.crossing[row]],
        )
        for row in range(used)
    ]
    assert shown == expected


def test_each_mover_has_a_way_and_the_months_between() -> None:
    ledger = HandLedger()
    rows = [
        # spell, lost; way, months between, crossing
        (("wo", "2011-03", "hbo", "2011-03"), True, "after_no_job", 0, "wo_to_hbo"),
        (("wo", "2011-03", "hbo", "2011-03"), False, "job_to_job", 0, "wo_to_hbo"),
        (("hbo", "2011-03", "wo", "2012-01"), False, "after_no_job", 10, "hbo_to_wo"),
        (("hbo", "2011-03", "hbo 2", "2011-04"), False, "after_no_job", 1, ""),
        (("wo", "2011-03", "industry", "2011-03"), False, "job_to_job", 0, ""),
        (("wo", "2011-03", "no job", NEVER), False, "", -1, ""),
        (("no job", "2011-03", "hbo", "2011-03"), False, "", -1, ""),
    ]
    for spell, lost, *_ in rows:
        ledger.spell(*spell, lost=lost)
    movers = sort_movers(ledger.model())
    shown = {
        int(spell): (WAYS[way], int(between), CODES[crossing])
        for spell, way, between, crossing in zip(
            movers.spell, movers.way, movers.between, movers.crossing, strict=True
        )
    }
    assert shown == {k: tuple(expected) for k, (_, _, *expected) in enumerate(rows)}


@pytest.mark.parametrize(
    ("months", "words"), [(0, "in the month of the loss"), (1, "1 month after"), (12, "12 months")]
)
def test_the_definition_says_the_months_of_the_settings(months: int, words: str) -> None:
    assert words in definition(months)


def test_the_number_from_job_to_job_follows_that_of_all() -> None:
    assert f"165, {of_whom(112.4)}" == "165, of whom 112 from job to job"
