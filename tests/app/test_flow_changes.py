"""The flows of two worlds as one picture of their difference, by hand, in both languages."""

from __future__ import annotations

import re

import numpy as np
import pytest

from hesim.app import measures
from hesim.app.chart_language import chart_in
from hesim.app.flow_plans import by_place, change_rows
from hesim.app.pictures import flow_changes, map_changes, netherlands
from hesim.app.speakers import speaker
from hesim.app.words import Words, speak
from hesim.categories import HBO, SECTORS, WO
from hesim.charts.chart import Chart
from hesim.charts.sankey import PLACES, sankey_chart
from hesim.record.places import read_places
from hesim.tables import ReportTables

pytestmark = pytest.mark.once
LATER = measures.ORIGINS.index("wo_then_no_job")


def _many() -> list[np.ndarray]:
    """Changes of three pairs: 1,010 more go from wo to hbo, about 19 fewer straight back."""
    made = []
    for shift in (-1.0, 0.0, 1.0):
        matrix = np.zeros((len(measures.ORIGINS), len(SECTORS)))
        matrix[WO, HBO] = 1000.0 + shift
        matrix[LATER, HBO] = 10.0
        matrix[HBO, WO] = -19.97 + shift
        matrix[SECTORS.index("industry"), WO] = 5.0 * shift
        # Nobody of hbo or wo takes part in it.
        matrix[SECTORS.index("industry"), SECTORS.index("umc")] = 50.0
        made.append(by_place(matrix))
    return made


def _chart(words: Words) -> Chart:
    say = speaker(words)
    made = sankey_chart(change_rows(_many()), "x", 6, "small", say, yearly=False)
    return chart_in(made, (), words)


def test_changes_are_by_place_with_intervals_over_pairs() -> None:
    rows = {(row["origin"], row["destination"]): row for row in change_rows(_many())}
    assert rows.keys() == {
        ("wo", "hbo"),
        ("wo_then_no_job", "hbo"),
        ("hbo", "wo"),
        ("elsewhere", "wo"),
    }
    there = rows["wo", "hbo"]
    # Standard deviation 1, Student's t of two degrees 4.3027, over the root of three.
    assert there["mean"] == pytest.approx(1000.0)
    assert there["high"] == pytest.approx(1000.0 + 4.3027 / 3**0.5, abs=1e-3)
    assert rows["hbo", "wo"]["low"] == pytest.approx(-19.97 - 4.3027 / 3**0.5, abs=1e-3)
    assert set(PLACES) > {"elsewhere", "wo_then_no_job"}


@pytest.mark.parametrize(
    ("language", "told", "crossing"),
    [
        ("en", "+1,000 [998 to 1,002]", "+1,010, of whom +1,000"),
        ("nl", "+1.000 [998 tot 1.002]", "+1.010, van wie +1.000"),
    ],
)
def test_ribbons_say_their_change_in_the_language_of_the_page(
    language: str, told: str, crossing: str
) -> None:
    words = speak(language)
    chart = _chart(words)
    picture = flow_changes.draw(chart, words)
    assert told in picture.svg and crossing in chart.small
    # 19.97 fewer are 20 fewer, wherever they stand.
    assert "-20 [" in picture.svg and "20.0" not in picture.svg and "20,0" not in picture.svg
    fills = {row[2] for row in picture.rows}
    assert fills == {"more", "fewer", "unsure"}
    # Fewer are hatched too: colour is not needed.
    assert f'fill="url(#{flow_changes.FEWER})"' in picture.svg
    assert picture.header == ("origin", "destination", "change", "mean", "low", "high")


@pytest.mark.parametrize(("language", "to"), [("en", "to"), ("nl", "tot")])
def test_the_map_shows_where_staff_and_moves_change(
    language: str, to: str, tables: ReportTables
) -> None:
    words, places = speak(language), read_places(tables)
    staff = np.full(places.institutions, 900.0)
    more, less = np.zeros(places.institutions), np.zeros(places.institutions)
    more[3], less[3] = 12.0, 12.0
    more[5], less[5] = -40.0, -42.0
    more[7], less[7] = 1.0, -1.0
    moves = [measures.Line(3, 5, (2.0, -2.0)), measures.Line(5, 3, (8.0, 8.0))]
    found = map_changes.MapChange([staff, staff], [more, less], moves)
    at = netherlands.push_apart(places.lon, places.lat, netherlands.radii(staff, 1.0))
    picture = map_changes.draw(places, at, found, 1.0, words, "x", 3)
    assert f"{places.names[3]}: +12 [12 {to} 12]" in picture.svg
    shown = {row[1]: row[3:5] for row in picture.rows if row[0] == "staff"}
    assert shown[places.names[3]] == (12.0, 12.0) and shown[places.names[5]][0] == -41.0
    moved = [row for row in picture.rows if row[0] == "moves"]
    assert [row[3] for row in moved] == [8.0, 0.0]
    change = map_changes.level([more, less], below_zero=True)
    kinds = [map_changes.direction(change, k) for k in (3, 5, 7, 0)]
    assert kinds == ["more", "fewer", "unsure", "unsure"]
    # All circles can be clicked, changed or not; a move that changes nothing is not drawn.
    assert len(re.findall("data-pick=", picture.svg)) == places.institutions
    assert picture.svg.count("→") == 1


def test_largest_lines_are_those_that_change_most_either_way(tables: ReportTables) -> None:
    places = read_places(tables)
    inside = places.institutions
    counted = np.zeros((2, inside**2))
    counted[:, 3 * inside + 5] = -9.0
    counted[:, 5 * inside + 3] = 4.0
    found = measures.largest_lines(counted, places)
    assert [(one.origin, one.target, one.persons) for one in found] == [
        (5, 3, (4.0, 4.0)),
        (3, 5, (-9.0, -9.0)),
    ]
