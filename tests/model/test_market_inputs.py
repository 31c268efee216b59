"""Inputs in the market: who outside thinks of a sector, and who staffs it in January 2011."""

from __future__ import annotations

import numpy as np
import pytest

from hesim import categories as c
from hesim.config import Settings
from hesim.model.higher_education import HigherEducation
from hesim.model.rates.market import chance_from_outside, offered
from hesim.population.employers import build_employers, staff_shares
from hesim.population.turnover import solve_turnover
from hesim.scenario import compose
from hesim.survey.movers import sort_movers
from hesim.tables import ReportTables

SECTORS = ("hbo", "wo")
FLAT: dict[str, object] = {
    f"model.inputs.entrants.{sector}.{block}.{name}": 0.0
    for sector in SECTORS
    for block, names in c.ENTRANT_BLOCKS.items()
    for name in names
}


def _plain(*reach: str, **shifts: float) -> Settings:
    """Settings whose entrants have no shifts but some, named SECTOR__BLOCK__NAME."""
    some = {f"model.inputs.entrants.{k.replace('__', '.')}": x for k, x in shifts.items()}
    return compose(["calibration=none", *reach], extra={**FLAT, **some})


def test_without_shifts_only_the_situation_counts() -> None:
    settings = _plain()
    chance = chance_from_outside(settings)
    assert chance.shape == (5, 4, 4, 3, 2, 2)
    reach = settings.mapping("model.search.outside_reach")
    for row, situation in enumerate(c.PRIOR_SITUATIONS):
        for column, sector in enumerate(SECTORS):
            np.testing.assert_allclose(chance[row, ..., column], reach[situation][sector])


def test_a_shift_multiplies_the_odds_of_those_it_names() -> None:
    before = chance_from_outside(_plain())
    after = chance_from_outside(_plain(wo__age__under_25=0.7, wo__sex__male=-0.2))
    odds = (after / (1.0 - after)) / (before / (1.0 - before))
    expected = np.ones(before.shape)
    expected[:, 0, :, :, :, c.WO] *= np.exp(0.7)
    expected[:, :, :, :, 0, c.WO] *= np.exp(-0.2)
    np.testing.assert_allclose(odds, expected)


def test_who_surely_looks_or_never_does_goes_on_so() -> None:
    settings = _plain(
        "model.search.outside_reach.other={hbo: 0, wo: 1}",
        hbo__sex__female=2.0,
        wo__sex__female=-2.0,
    )
    chance = chance_from_outside(settings)
    other = c.PRIOR_SITUATIONS.index("other")
    np.testing.assert_array_equal(chance[other, ..., c.HBO], 0.0)
    np.testing.assert_array_equal(chance[other, ..., c.WO], 1.0)


@pytest.mark.parametrize("sector", SECTORS)
@pytest.mark.parametrize("block", ["sex", "field"])
def test_staff_are_as_leavers_but_for_the_factor(
    sector: str, block: str, tables: ReportTables
) -> None:
    names = c.SEXES if block == "sex" else c.FIELDS
    flat = [f"model.inputs.staff.{sector}.{block}.{name}=0" for name in names]
    plain = staff_shares(compose(["calibration=none", *flat]), tables, sector, block, names)
    leavers = tables.shares("3.3" if sector == "hbo" else "3.2", block, f"{sector}_out")
    np.testing.assert_allclose(plain, [leavers.get(name, 0.0) for name in names])
    flat[1] = f"model.inputs.staff.{sector}.{block}.{names[1]}=0.5"
    more = staff_shares(compose(["calibration=none", *flat]), tables, sector, block, names)
    assert more.sum() == pytest.approx(1.0)
    ratio = more / plain
    assert ratio[1] / ratio[0] == pytest.approx(np.exp(0.5))


@pytest.mark.parametrize("sector", SECTORS)
def test_institutions_have_posts_by_field_as_staff_has(sector: str, tables: ReportTables) -> None:
    settings = compose(["calibration=none"])
    employers = build_employers(settings, tables)
    posts = employers.target[employers.sector == c.SECTORS.index(sector)].sum(axis=(0, 1))
    shares = staff_shares(settings, tables, sector, "field", c.FIELDS)
    np.testing.assert_allclose(posts / posts.sum(), shares, atol=0.002)


def test_offers_are_the_entrants_but_for_the_factor(tables: ReportTables) -> None:
    names = c.CONTRACTS[:3]
    flat, more = (
        compose(
            ["calibration=none"],
            extra={
                f"model.inputs.offers.{sector}.contract.{name}": x if name == names[0] else 0.0
                for sector in SECTORS
                for name in names
            },
        )
        for x in (0.0, 0.4)
    )
    for sector, table in (("hbo", "3.2"), ("wo", "3.3")):
        given = tables.shares(table, "contract", f"{sector}_in")
        plain = offered(flat, tables, sector, "contract", names)
        np.testing.assert_allclose(plain, [given[name] for name in names])
        ratio = offered(more, tables, sector, "contract", names) / plain
        np.testing.assert_allclose(ratio, [np.exp(0.4), 1.0, 1.0])
        # So much more of the slots that come free is offered at once.
        before, after = (solve_turnover(each, tables, sector).at_once for each in (flat, more))
        assert after > before


def test_women_who_think_of_hbo_more_often_enter_it_more_often(tables: ReportTables) -> None:
    def women(shift: float) -> dict[str, float]:
        settings = compose(
            [
                "calibration=none",
                "population.scale=0.05",
                "burn_in=0",
                "years=1",
                f"model.inputs.entrants.hbo.sex.female={shift}",
                f"model.inputs.entrants.hbo.sex.male={-shift}",
            ]
        )
        model = HigherEducation(settings, tables, 0)
        while model.month < 12:
            model.step()
        movers = sort_movers(model)
        came = {s: movers.group == c.MOVER_GROUPS.index(f"{s}_in") for s in SECTORS}
        return {s: float(movers.band["sex"][rows].mean()) for s, rows in came.items()}

    more, fewer = women(1.5), women(-1.5)
    assert more["hbo"] > fewer["hbo"] + 0.15
    # Wo has its own.
    assert abs(more["wo"] - fewer["wo"]) < 0.1


def test_so_many_arrivals_were_disabled_as_is_assumed(tables: ReportTables) -> None:
    share = 0.3
    settings = compose(
        [
            "population.scale=0.05",
            "burn_in=0",
            f"model.careers.disabled_share={share}",
        ]
    )
    model = HigherEducation(settings, tables, 0)
    known = set(model.persons.id[model.persons.present == 1].tolist())
    for _ in range(8):
        model.step()
    p = model.persons
    came = (p.present == 1) & ~np.isin(p.id, list(known))
    disabled = p.prior == c.PRIOR_SITUATIONS.index("disabled")
    other = p.prior == c.PRIOR_SITUATIONS.index("other")
    assert np.count_nonzero(came & (disabled | other)) > 40
    assert np.mean(disabled[came & (disabled | other)]) == pytest.approx(share, abs=0.14)
    assert np.any(came & (p.prior == c.PRIOR_SITUATIONS.index("school_leaver")))


def test_who_lost_a_job_sees_vacancies_as_those_do_who_leave_its_sector(
    tables: ReportTables,
) -> None:
    """Where hbo's leavers hear of nothing, nor do those who lost a job in hbo."""
    deaf = {f"model.inputs.channels.hbo_out.{name}": -12.0 for name in c.CHANNELS}
    settings = compose(["calibration=none", "population.scale=0.3", "burn_in=0"], extra=deaf)
    model = HigherEducation(settings, tables, 0)
    for _ in range(12):
        model.step()
    ledger, used = model.ledger, int(model.ledger.used[1])
    sector = np.append(model.employers.sector, c.NO_JOB)[ledger.m_from[:used]]
    later = ledger.m_joined[:used] > ledger.m_left[:used]
    # Offers from outside come in person: they ask nobody to look.
    later &= np.append(model.employers.sector, c.NO_JOB)[ledger.m_to[:used]] <= c.WO
    found = [np.count_nonzero(later & (sector == code)) for code in (c.HBO, c.WO)]
    lost = np.count_nonzero((sector == c.HBO) & (ledger.m_joined[:used] < 0))
    assert lost > 20 and found[1] > 20
    assert found[0] <= 0.05 * found[1]
