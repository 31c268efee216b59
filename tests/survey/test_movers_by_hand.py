"""Who is a mover, of which group, and in which band; staff by margin; all written by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import hand_policy as hand
import numpy as np
import pytest
from hand_ledger import NEVER, HandLedger
from hand_policy import FIRM, HBO_WEST, MONTH, WO_WEST

from hesim import categories as c
from hesim.survey import margins
from hesim.survey.columns import Coded
from hesim.survey.movers import sort_movers

LEFT, JOINED = 24, 30


def rows(ledger: HandLedger, **spell: int) -> dict[str, Any]:
    """The rows of the last spell by group, with further columns of the spell set."""
    at = int(ledger.ledger.used[1]) - 1
    for name, value in spell.items():
        getattr(ledger.ledger, f"m_{name}")[at] = value
    found = sort_movers(ledger.model())
    return {
        c.MOVER_GROUPS[found.group[k]]: SimpleNamespace(
            **{
                name: getattr(found, name)[k].item()
                for name in (
                    "spell",
                    "month",
                    "origin",
                    "destination",
                    "way",
                    "between",
                    "crossing",
                    "known",
                    "surveyed",
                )
            },
            **{name: column[k].item() for name, column in found.band.items()},
        )
        for k in np.flatnonzero(found.spell == at)
    }


def one(origin: str = "wo", target: str = "hbo", joined: str = "2013-07", **facts: int) -> Any:
    """A spell from January 2013 to July 2013, on the rows of its groups."""
    ledger = HandLedger(4)
    ledger.spell("industry", "2011-01", "hbo", "2011-02")
    reason = c.EXIT_REASONS[facts.pop("reason", c.EXIT_REASONS.index("resigned"))]
    ledger.spell(origin, "2013-01", target, joined, reason)
    return rows(ledger, **facts)


@pytest.mark.parametrize(
    ("origin", "target", "groups"),
    [
        ("wo", "hbo", {"wo_out", "hbo_in"}),
        ("hbo", "wo 2", {"hbo_out", "wo_in"}),
        ("wo", "wo 2", {"wo_out", "wo_in"}),
        ("umc", "hbo", {"hbo_in"}),
        ("wo", "industry", {"wo_out"}),
        ("no job", "wo", {"wo_in"}),
        ("umc", "industry", set()),
    ],
)
def test_a_spell_belongs_to_the_groups_of_its_ends(
    origin: str, target: str, groups: set[str]
) -> None:
    found = one(origin, target)
    assert set(found) == groups
    for group, row in found.items():
        assert row.month == (JOINED if group.endswith("_in") else LEFT)
        assert row.between == (-1 if origin == "no job" else 6)
        assert row.spell == 1


def test_spells_of_the_burn_in_are_nobodys() -> None:
    ledger = HandLedger(2)
    ledger.spell("wo", "2010-11", "hbo", "2010-12")
    assert rows(ledger) == {}
    ledger.spell("wo", "2010-11", "hbo", "2011-01")
    assert set(rows(ledger)) == {"hbo_in"}
    assert rows(ledger)["hbo_in"].month == 0
    ledger.spell("wo", "2011-01", "no job", NEVER)
    assert set(rows(ledger)) == {"wo_out"}


@pytest.mark.parametrize(
    ("name", "leaving", "joining"),
    [
        ("education_level", "education_left", "education_joined"),
        ("contract", "from_contract", "to_contract"),
    ],
)
def test_a_leaver_is_as_when_leaving_and_an_entrant_as_when_joining(
    name: str, leaving: str, joining: str
) -> None:
    found = one(**{leaving: 1, joining: 2})
    assert getattr(found["wo_out"], name) == 1
    assert getattr(found["hbo_in"], name) == 2


@pytest.mark.parametrize(
    ("years", "band"),
    [(24.9, 0), (25, 1), (34.9, 1), (35, 2), (54.9, 2), (55, 3), (70, 3)],
)
def test_age_is_that_of_the_month(years: float, band: int) -> None:
    leaving, joining = (round(when - 12 * years) for when in (LEFT, JOINED))
    assert one(born=leaving)["wo_out"].age == band
    assert one(born=joining)["hbo_in"].age == band


@pytest.mark.parametrize(("months", "band"), [(0, 0), (119, 0), (120, 1), (239, 1), (240, 2)])
def test_experience_is_in_years(months: int, band: int) -> None:
    found = one(experience_left=months, experience_joined=0)
    assert (found["wo_out"].experience, found["hbo_in"].experience) == (band, 0)
    found = one(experience_left=0, experience_joined=months)
    assert (found["wo_out"].experience, found["hbo_in"].experience) == (0, band)


@pytest.mark.parametrize(
    ("hours", "band"), [(0, 0), (23, 0), (24, 1), (31, 1), (32, 2), (35, 2), (36, 3), (40, 3)]
)
def test_hours_are_of_the_job_left_or_joined(hours: int, band: int) -> None:
    found = one(from_hours=hours, to_hours=0)
    assert (found["wo_out"].weekly_hours, found["hbo_in"].weekly_hours) == (band, 0)
    found = one(from_hours=0, to_hours=hours)
    assert (found["wo_out"].weekly_hours, found["hbo_in"].weekly_hours) == (0, band)


def test_some_are_asked_of_one_side_alone() -> None:
    found = one(prior=3, reason=6, sex=1, field=4)
    assert (found["wo_out"].prior_situation, found["hbo_in"].prior_situation) == (-1, 3)
    assert (found["wo_out"].exit_reason, found["hbo_in"].exit_reason) == (6, -1)
    assert [row.sex for row in found.values()] == [1, 1]
    assert [row.field for row in found.values()] == [4, 4]


def test_professors_are_no_part_of_the_survey() -> None:
    found = one(from_role=c.PROFESSOR)
    assert (found["wo_out"].surveyed, found["hbo_in"].surveyed) == (False, True)
    found = one(to_role=c.PROFESSOR)
    assert (found["wo_out"].surveyed, found["hbo_in"].surveyed) == (True, False)


@pytest.mark.parametrize("reason", range(len(c.EXIT_REASONS)), ids=c.EXIT_REASONS)
def test_the_job_on_the_other_side_is_known_but_of_the_retired_and_disabled(reason: int) -> None:
    gone = {
        "early_retirement",
        "retirement",
        "disabled_full",
        "disabled_part_lost_job",
        "disabled_part_kept_job",
    }
    found = one(reason=reason)
    assert found["wo_out"].known == (c.EXIT_REASONS[reason] not in gone)
    assert found["hbo_in"].known
    assert not one(target="no job", joined=NEVER, reason=reason)["wo_out"].known
    assert not one(origin="no job", reason=reason)["hbo_in"].known


# Margins


def counted(*people: dict[str, Any], month: int = MONTH) -> margins.Cubes:
    return margins.count(hand.model(hand.people(*people), month=month))


CELL = (c.HBO, c.LECTURER, hand.LAW, hand.EAST)


def test_the_staff_of_institutions_is_counted_by_its_cell() -> None:
    found = counted(
        {},
        {},
        {"employer": HBO_WEST, "field": 5, "role": c.LECTOR},
        {"employer": WO_WEST, "role": c.POSTDOC, "field": 3},
        {"employer": FIRM},
        {"employer": -1},
        {"present": 0},
        {"employer": 5, "role": c.PHD_CANDIDATE},
    )
    assert set(found) == {"age", "contract", "hours", "jobs"}
    for name, cube in found.items():
        assert cube.shape == (2, 9, 6, 4, len(margins.MARGINS[name]))
        assert cube.dtype == np.uint32
        persons = cube.sum(axis=4)
        assert persons[CELL] == 2
        assert persons[c.HBO, c.LECTOR, 5, hand.WEST] == 1
        assert persons[c.WO, c.POSTDOC, 3, hand.WEST] == 1
        assert persons[c.WO, c.PHD_CANDIDATE, hand.LAW, hand.WEST] == 1
        assert persons.sum() == 5


@pytest.mark.parametrize(
    ("name", "facts", "band"),
    [
        # Ages at the end of the month that has just been simulated.
        ("age", {"born": MONTH - 1 - 25 * 12}, 1),
        ("age", {"born": MONTH - 25 * 12}, 0),
        ("age", {"born": MONTH - 1 - 35 * 12}, 2),
        ("age", {"born": MONTH - 35 * 12}, 1),
        ("age", {"born": MONTH - 1 - 55 * 12}, 3),
        ("age", {"born": MONTH - 55 * 12}, 2),
        ("contract", {"contract": c.PERMANENT}, 0),
        ("contract", {"contract": 1}, 1),
        ("contract", {"contract": 2}, 2),
        ("contract", {"contract": c.NO_CONTRACT}, 2),
        ("hours", {"hours": 23}, 0),
        ("hours", {"hours": 24}, 1),
        ("hours", {"hours": 31}, 1),
        ("hours", {"hours": 32}, 2),
        ("hours", {"hours": 35}, 2),
        ("hours", {"hours": 36}, 3),
        ("jobs", {"employer2": -1}, 0),
        ("jobs", {"employer2": 0}, 1),
        ("jobs", {"employer2": FIRM}, 1),
    ],
)
def test_margins_have_the_bands_of_the_tables(name: str, facts: dict[str, Any], band: int) -> None:
    found = counted(facts)[name]
    assert found[CELL].tolist() == [int(k == band) for k in range(found.shape[4])]


def test_a_row_of_margins_is_a_cell_with_somebody_in_it() -> None:
    cubes = {
        3: counted({}, {"contract": 1, "hours": 20}),
        7: counted({"employer": WO_WEST, "role": c.POSTDOC, "field": 4}),
    }
    made = margins.columns(cubes, lambda months: Coded(months, tuple(f"m{k}" for k in range(9))))
    named = {
        name: [column.names[k] for k in column.codes]
        if isinstance(column, Coded)
        else column.tolist()
        for name, column in made.items()
    }
    found = list(zip(*named.values(), strict=True))
    assert list(named) == ["month", "sector", "region", "role", "field", "what", "band", "persons"]
    law, post = ("hbo", "east", "lecturer", "law"), ("wo", "west", "postdoc", "engineering")
    assert found == [
        ("m3", *law, "age", "35_54", 2),
        ("m3", *law, "contract", "permanent", 1),
        ("m3", *law, "contract", "temporary_with_prospect", 1),
        ("m3", *law, "hours", "under_24", 1),
        ("m3", *law, "hours", "36_plus", 1),
        ("m3", *law, "jobs", "one_job", 2),
        ("m7", *post, "age", "35_54", 1),
        ("m7", *post, "contract", "permanent", 1),
        ("m7", *post, "hours", "36_plus", 1),
        ("m7", *post, "jobs", "one_job", 1),
    ]
