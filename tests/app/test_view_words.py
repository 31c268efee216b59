"""The words of the browser page: both languages, levers, packages, numbers, and their room."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hesim import categories as c
from hesim.app import gallery, lever_panel, lever_words, levers, measures
from hesim.app.lever_state import LeverState
from hesim.app.lever_words import arm_heading
from hesim.app.outcomes import FOLLOWED
from hesim.app.pictures import netherlands, sankey, svg
from hesim.app.scenarios import MINE, read_strip
from hesim.app.server_state import Served
from hesim.app.words import speak
from hesim.charts.chart import Chart
from hesim.charts.phrases import Phrases
from hesim.charts.series import MonthAxis, paired_series_chart, series_chart
from hesim.charts.table_file import chart_csv
from hesim.config import ConfigErrors
from hesim.levers.arms import BASELINE
from hesim.record.places import Places, read_places
from hesim.scenario import compose
from hesim.survey.margins import MARGINS
from hesim.tables import ReportTables

pytestmark = pytest.mark.once

SCALE = 0.05


@pytest.fixture(scope="module")
def places(tables: ReportTables) -> Places:
    return read_places(tables)


def test_every_word_is_said_in_both_languages() -> None:
    english, dutch = speak("en"), speak("nl")
    assert english._known.keys() == dutch._known.keys()
    for key, text in english._known.items():
        assert text and dutch._known[key], key
        braces = {part.split("}")[0] for part in text.split("{")[1:]}
        assert braces == {part.split("}")[0] for part in dutch._known[key].split("{")[1:]}, key
    assert english.month(13, "2011-01") == "Feb 2012" and dutch.month(2, "2011-01") == "mrt 2011"


def test_every_lever_and_dial_is_said_in_dutch_and_no_other() -> None:
    dutch = lever_words.dutch()
    assert dutch.keys() == levers.controls().keys()
    for key, lever in levers.controls().items():
        said = dutch[key]
        assert said.keys() == {"title", "about", "dials"}, key
        assert said["dials"].keys() == {dial.name for dial in lever.dials}, key
        for dial in said["dials"].values():
            assert dial.keys() == {"label", "about", "unit"}, key
            assert all(isinstance(text, str) and text for text in dial.values()), key
        # Some titles are the same in both languages; no explanation is.
        assert said["title"] and said["about"] and said["about"] != lever.about, key


def test_the_panel_speaks_the_language_of_the_page() -> None:
    chosen = {"single_cao": {"budget": 0.25}}
    for language, title, label, unit in (
        ("en", "One collective labour agreement", "terms share", "share"),
        ("nl", "Eén cao", "aandeel voorwaarden", "aandeel"),
    ):
        words = speak(language)
        shown = {
            lever["key"]: lever
            for group in lever_panel.lever_groups(chosen, words)
            for lever in group["levers"]
        }
        assert shown.keys() == levers.controls().keys()
        lever = shown["single_cao"]
        dials = {dial["name"]: dial for dial in lever["dials"]}
        assert lever["title"] == title and arm_heading("single_cao", words) == title
        assert dials["terms_share"]["label"] == label and dials["terms_share"]["unit"] == unit
        assert dials["budget"]["value"] == 0.25
        assert title in lever_words.levers_in_words(chosen, words)
    assert "0,25" in lever_words.levers_in_words(chosen, speak("nl"))
    # A lever of the user's own has the title of its file.
    assert lever_words.lever_heading("my_lever", speak("nl"), "Mine") == "Mine"
    assert lever_words.lever_heading("single_cao", speak("nl"), "Mine") == "Mine"


def test_a_ready_package_switches_on_its_levers_and_keeps_those_that_are_on(
    tables: ReportTables,
) -> None:
    served = Served(compose(), tables)
    given = [(3, "meet_and_greet(contacts=3),abolish_binary"), (9, "meet_and_greet(contacts=4)")]
    for language in ("en", "nl"):
        named = {one["value"]: one["text"] for one in lever_panel.ready(speak(language))}
        assert named.keys() - {""} == levers.ready_packages().keys()
        assert all(text and not text.startswith("package") for text in named.values())
    for package, members in levers.ready_packages().items():
        state = LeverState(served, dict, read_strip(((MINE, tuple(given)),), MINE, BASELINE)[0])
        changes = state.asked({"package": package}, 9)
        assert changes is not None and changes[3] == state.changes[3]
        assert changes[9].keys() == {*members, "meet_and_greet"}
        assert changes[9]["meet_and_greet"] == {"contacts": 4.0}
        assert {lever.key for lever in state.levers(9, changes)} == changes[9].keys()
        assert levers.whole({key: {} for key in members}) == package
    # From month 3 on a lever is on that the package contradicts.
    state = LeverState(served, dict, read_strip(((MINE, tuple(given)),), MINE, BASELINE)[0])
    changes = state.asked({"package": "terms"}, 5)
    assert changes is not None
    with pytest.raises(ConfigErrors, match="contradict"):
        state.levers(5, changes)
    assert state.asked({"package": "nothing"}, 5) is None


def _texts(picture: svg.Picture) -> list[tuple[float, float, str, bool, str]]:
    """Pixel, size, anchor, boldness and words of everything written in a picture."""
    found = re.findall(
        r'<text x="([-\d.]+)" y="[-\d.]+" font-size="([\d.]+)" text-anchor="(\w+)"([^>]*)>([^<]*)',
        picture.svg,
    )
    return [
        (float(x), float(size), anchor, "font-weight" in rest, html.unescape(text))
        for x, size, anchor, rest, text in found
    ]


def _pictures(places: Places, language: str) -> list[svg.Picture]:
    """Pictures with intervals, some of which would reach below 0, and a long head."""
    words = speak(language)
    # Tens of thousands of persons at full scale in the longest of ten years.
    matrix = np.linspace(0.0, 500.0, 120).reshape(12, 10)
    many = [matrix, matrix * 0.02, matrix * 0.0]
    staff = np.full(places.institutions, 900.0 * SCALE)
    moves = [measures.Line(0, 20, (3.0, 1.0)), measures.Line(30, 1, (9.0, 2.0))]
    at = netherlands.push_apart(places.lon, places.lat, netherlands.radii(staff, SCALE))
    assumed = words("effect_T")
    months = words("period_in_words", first="mei 2011", last="apr 2013")
    head = f"{words('policy')} ({assumed}), {months}"
    made = [
        netherlands.draw(places, at, [staff, staff * 1.1], moves, SCALE, words, head),
        sankey.draw(many, SCALE, words, head),
    ]
    return made


def _charts(language: str) -> list[Chart]:
    """Charts with intervals, some of which would reach below 0."""
    words, made = speak(language), []
    assumed = words("effect_T")
    lines = [np.full(24, value) for value in (1705.25, 12.5, 0.0)]
    axis = MonthAxis(24, "2011-01", (3,))
    for name in (*FOLLOWED, "phd_completions", "phds_in_hbo_within_5y", "wo_jobless_6m"):
        arms = {"baseline": lines, "policy": lines}
        of = gallery.subject(words, name)
        made.append(series_chart(of, arms, axis, words.phrases, grade=assumed))
        apart = replace(of, name=f"{name}_difference")
        changes = [-line for line in lines]
        made.append(paired_series_chart(apart, changes, axis, words.phrases, assumed))
        nobody = {arm: [np.full(24, np.nan)] for arm in arms}
        made.append(series_chart(of, nobody, axis, words.phrases, grade=assumed))
    for name, bands in (*MARGINS.items(), ("staff_role", c.ROLES[:7]), ("staff_field", c.FIELDS)):
        counted = [np.full((2, len(bands)), value) for value in (3.0, 5.0)]
        both = {"baseline": counted, "policy": [counted[0] * 0.0, counted[1]]}
        made.append(gallery.of_staff(words, name, bands, both, words("margins_of", month="dec")))
    return made


@pytest.mark.parametrize("language", ["en", "nl"])
def test_words_stay_within_the_pictures(places: Places, language: str) -> None:
    from matplotlib import get_data_path
    from PIL import ImageFont

    fonts = Path(get_data_path()) / "fonts" / "ttf"
    plain, strong = (
        ImageFont.truetype(fonts / f"DejaVuSans{kind}.ttf", 100) for kind in ("", "-Bold")
    )
    for picture in _pictures(places, language):
        width, height = map(float, re.findall(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', picture.svg)[0])
        lowest = max(float(y) for y in re.findall(r'<text x="[-\d.]+" y="([\d.]+)"', picture.svg))
        assert lowest <= height - 4, picture.name
        for x, size, anchor, bold, text in _texts(picture):
            long = (strong if bold else plain).getlength(text) * size / 100
            left = x - {"start": 0.0, "middle": long / 2, "end": long}[anchor]
            assert left >= 0 and left + long <= width, (picture.name, text)
            assert bold or long <= svg.width_of(text, size) * 1.02, text


@pytest.mark.parametrize(("language", "word", "other"), [("en", "to", "tot"), ("nl", "tot", "to")])
def test_intervals_of_levels_end_at_zero_in_one_word(
    places: Places, language: str, word: str, other: str
) -> None:
    levels = differences = 0
    drawn = [
        (each.name, each.svg, [dict(zip(each.header, row, strict=True)) for row in each.rows])
        for each in _pictures(places, language)
    ]
    for chart in _charts(language):
        drawn.append((chart.name, f"{chart.small} {chart.text}", chart.table.rows))
    for name, told, rows in drawn:
        assert not re.search(rf"\d {other} \d", told), name
        lows = re.findall(rf"([-\d.,]+) {word} [-\d.,]+", told)
        if name.endswith("_difference"):
            differences += sum(low.startswith("-") for low in lows)
        else:
            levels += len(lows)
            assert not any(low.startswith("-") for low in lows), name
            ends = [row["low"] for row in rows if row.get("low") is not None]
            assert all(float(str(end)) >= 0 for end in ends)
    assert levels > 20 and differences > 5


def test_numbers_have_the_separators_of_the_language_but_data_have_points() -> None:
    english, dutch = speak("en"), speak("nl")
    assert english.number(1705.25) == "1,705" and dutch.number(1705.25) == "1.705"
    assert english.number(0.41) == "0.41" and dutch.number(0.41) == "0,41"
    for value, told, change in (
        (20, "20", "+20"),
        (20.04, "20", "+20"),
        (19.97, "20", "+20"),
        (19.94, "19,9", "+19,9"),
        (1.996, "2", "+2"),
        (-3.26, "-3,3", "-3,3"),
        (-0.001, "0", "0"),
    ):
        assert dutch.number(value) == told and dutch.signed(value) == change, value
    assert dutch.number(float("nan")) == "-" and dutch.written(-1234.5, "+,.1f") == "-1.234,5"
    lines = {"baseline": [np.full(24, 1705.25)]}
    axis = MonthAxis(24, "2011-01")
    charts = [
        series_chart(gallery.subject(words, "wo_to_hbo"), lines, axis, words.phrases)
        for words in (english, dutch)
    ]
    assert "1,705" in charts[0].small and "1.705" in charts[1].small
    assert "1,705" not in charts[1].small + charts[1].text
    for chart in charts:
        assert chart_csv(chart, {"seed": "7"}).splitlines()[1].split(",")[3] == "1705.25"


def test_charts_say_of_their_own_accord_what_the_english_page_says() -> None:
    assert speak("en").phrases == Phrases()
