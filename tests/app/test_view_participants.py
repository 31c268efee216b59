"""What the page tells of participants: the numbers of the table, in both languages, and live."""

from __future__ import annotations

import math
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from browser import Server, Watched
from playwright.sync_api import Browser, Page, expect

import hesim
from hesim.app import levers
from hesim.app.address import View
from hesim.app.folder import serve_folder
from hesim.app.participant_html import (
    LeverRows,
    by_lever,
    difference_html,
    nobody_html,
    participants_html,
)
from hesim.app.participant_tab import so_far_html
from hesim.app.scene import Scene
from hesim.app.session import Session, attendance_of
from hesim.app.snapshot import Snapshot
from hesim.app.study_answers import StudyAnswers
from hesim.app.words import Words, speak
from hesim.cli import main
from hesim.levers.arms import BASELINE, POLICY
from hesim.record.participant_table import TITLES, WHOLE_RUN
from hesim.record.participant_words import DISPLACED, cell_in_words
from hesim.scenario import compose
from hesim.tables import ReportTables

SMALL = ["population.scale=0.02", "years=4", "burn_in=1", "start=2013-01", "engine=serial"]
MANY = "levers.meet_and_greet.reach.share=0.5"
"""Many take part, so that there is something to tell."""
ENGLISH, DUTCH = speak("en"), speak("nl")
MEET = {"en": "Meet & greets of hbo and wo", "nl": "Meet & greets van hbo en wo"}
OTHERS = {"en": "all other people", "nl": "alle anderen"}
INSTITUTIONS = {
    "en": "act through institutions alone: One collective labour agreement.",
    "nl": "die alleen via instellingen werken: Eén cao.",
}


def study_folder(folder: Path, *more: str) -> Path:
    asked = ["study.levers=[meet_and_greet,single_cao]", "study.replications=2"]
    assert main(["study", *SMALL, MANY, *asked, *more, f"output={folder}"]) == 0
    return folder


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study that asked for participants, with the answers that `hesim compare` wrote."""
    folder = study_folder(tmp_path_factory.mktemp("asked") / "study", "study.participants=true")
    assert main(["compare", str(folder)]) == 0
    return folder


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with two levers, one of which nobody can take part in."""
    folder = tmp_path_factory.mktemp("recorded") / "run"
    more = ["levers=[meet_and_greet,single_cao]", "replications=2", "workers=1", "figures=false"]
    assert main(["run", *SMALL, MANY, *more, f"output={folder}"]) == 0
    return folder


Cells = dict[tuple[str, str], list[str]]
"""What stands beside a measure and a horizon or group: both worlds and the difference."""


def cells_of(table: ElementTree.Element) -> Cells:
    """The numbers of a table by its heads; a head that spans rows counts for all of them."""
    found: Cells = {}
    measure = ""
    for row in table.iterfind("tbody/tr"):
        heads = [head.text or "" for head in row.iterfind("th")]
        measure = heads[0] if len(heads) == 2 else measure
        found[measure, heads[-1]] = [cell.text or "" for cell in row.iterfind("td")]
    return found


def on_page(html: str) -> dict[str, Cells]:
    """The numbers of each lever by its title."""
    root = ElementTree.fromstring(f"<div>{html}</div>")
    found: dict[str, Cells] = {}
    for part in root.iterfind("details"):
        title = part.findtext("summary") or ""
        found[title] = {}
        for table in part.iterfind("table"):
            found[title] |= cells_of(table)
    return found


def wanted(rows: Sequence[Mapping[str, Any]], words: Words) -> Cells:
    """What the page has to show of a lever, written anew from the table."""

    made: Cells = {}
    for row in rows:
        whole = row["after"] == WHOLE_RUN
        if whole and row["measure"] not in DISPLACED:
            continue
        months = str(row["after"]).partition(" ")[0]
        beside = words(f"who_{row['group']}") if whole else words("after_months", months=months)
        ends = row["difference_low"], row["difference_high"]
        shown = words.phrases.estimate(row["difference"], *ends, signed=True)
        shown += " *" if row["distinguishable"] and not math.isnan(ends[0]) else ""
        levels = [words.number(row[world]) for world in ("baseline", "policy")]
        made[words(f"measure_{row['measure']}"), beside] = [*levels, shown]
    return made


@pytest.mark.parametrize("words", [ENGLISH, DUTCH], ids=["en", "nl"])
def test_the_page_of_a_study_has_the_numbers_of_its_table(study: Path, words: Words) -> None:
    answers = StudyAnswers(study)
    rows = answers.participants()
    file = pd.read_csv(study / "answers" / "participants.csv")
    assert rows is not None and len(rows) == len(file) > 30
    html = participants_html(rows, answers.levers(), words)
    [(title, cells)] = on_page(html).items()
    assert title == f"{MEET[words.language]} ({words('rests_assumed')})"
    assert cells == wanted(file.to_dict("records"), words)
    # 10 measures after 12 and 36 months, 6 of three groups over the run; 60 months are too many.
    assert len(cells) == 10 * 2 + 6 * 3
    assert INSTITUTIONS[words.language] in html
    assert [row["difference"] for row in rows] == pytest.approx(list(file["difference"]))


@pytest.mark.parametrize("words", [ENGLISH, DUTCH], ids=["en", "nl"])
def test_the_page_of_a_run_has_the_numbers_of_its_table(recorded: Path, words: Words) -> None:
    served, problems = serve_folder(recorded, [])
    assert served is not None and not problems
    served.prepare()
    recording = served.recording()
    table = hesim.load(recorded).participants_summary
    assert recording.participants is not None
    [(title, cells)] = on_page(
        participants_html(recording.participants, recording.levers, words)
    ).items()
    assert title == f"{MEET[words.language]} ({words('rests_assumed')})"
    assert cells == wanted(table.to_dict("records"), words)


def test_screen_and_page_write_a_difference_alike(study: Path) -> None:
    rows = StudyAnswers(study).participants()
    assert rows
    for row in rows:
        # The screen has a decimal throughout; the page has digits by the size of each number.
        on_screen, on_page = (
            re.findall(r"[-+]?[\d.]+|\*", text.replace(",", ""))
            for text in (cell_in_words(row), difference_html(row, ENGLISH))
        )
        assert len(on_screen) == len(on_page)
        for one, other in zip(on_screen, on_page, strict=True):
            assert one == other or abs(float(one) - float(other)) <= 0.56
    assert {name: ENGLISH(f"measure_{name}") for name in TITLES} == TITLES


def test_who_did_not_ask_is_told_how_to(recorded: Path, tmp_path: Path) -> None:
    plain = StudyAnswers(study_folder(tmp_path / "plain"))
    assert plain.participants() is None
    assert "study.participants=true" in ENGLISH("participants_unasked")
    assert "study.participants=true" in DUTCH("participants_unasked")
    # A run of an older hesim holds no such file; one without levers has nothing to tell.
    older = tmp_path / "run"
    shutil.copytree(recorded, older)
    (older / "participants_summary.csv").unlink()
    served, _ = serve_folder(older, [])
    assert served is not None
    assert served.recording().participants is None


def test_of_institutions_alone_there_is_nothing_to_ask_for(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    asked = ["study.levers=[single_cao]", "study.replications=1"]
    assert main(["study", *SMALL, *asked, f"output={folder}"]) == 0
    answers = StudyAnswers(folder)
    assert answers.participants() == []
    html = participants_html([], answers.levers(), DUTCH)
    assert INSTITUTIONS["nl"] in html and "<table" not in html


def row_of(lever: str, change: float, **more: object) -> dict[str, Any]:
    facts = {"lever": lever, "group": "participants", "after": "36 months", "persons": 1500.0}
    ends = {"difference_low": change - 1, "difference_high": change + 1, "apart_percent": 2.5}
    worlds = {"measure": "wo_to_hbo", "baseline": 1.0, "policy": 1.0 + change}
    return {**facts, **ends, **worlds, "difference": change, "distinguishable": False, **more}


def test_several_levers_have_a_table_of_crossings_first_and_are_folded() -> None:
    rows = [row_of(lever, k, arm=lever, scenario="central") for k, lever in enumerate("abc")]
    rows.append(row_of("a", 7.0, arm="a+b", scenario="shrinking_hbo"))
    html = participants_html(rows, {}, ENGLISH)
    root = ElementTree.fromstring(f"<div>{html}</div>")
    first = root.find("table")
    assert first is not None
    lines = {
        row.findtext("th"): [cell.text for cell in row.iterfind("td")]
        for row in first.iterfind("tbody/tr")
    }
    assert lines["b"] == ["+1 [0 to 2]", "-", "-", "1,500"]
    assert lines["a (with b; scenario shrinking hbo)"][0] == "+7 [6 to 8]"
    assert len(lines) == len(root.findall("details")) == 4
    assert not any(part.get("open") for part in root.iterfind("details"))
    assert [type(group) for group in by_lever(rows[:1], {}, ENGLISH)] == [LeverRows]


def test_numbers_next_to_nothing_have_no_sign_and_unknown_ones_a_dash() -> None:
    assert ENGLISH.number(-0.004) == ENGLISH.signed(0.004) == ENGLISH.signed(-0.0) == "0"
    assert DUTCH.number(12345.67) == "12.346" and DUTCH.signed(math.nan) == "-"
    one = row_of("a", 2.0, difference_low=math.nan, difference_high=math.nan)
    assert difference_html(one, ENGLISH) == "+2"
    assert ENGLISH("no_interval") in participants_html([one], {}, ENGLISH)
    assert ENGLISH("no_interval") not in participants_html([row_of("a", 2.0)], {}, ENGLISH)
    sure = row_of("a", 2.0, distinguishable=True)
    assert difference_html(sure, DUTCH) == "+2 [1 tot 3] *"


def test_levers_without_participants_are_told_apart() -> None:
    known = {key: levers.controls()[key] for key in ("single_cao", "job_swap", "secondment")}
    assert list(nobody_html(known, ["secondment"], ENGLISH)) == [
        "Nobody takes part in levers that act through institutions alone: "
        "One collective labour agreement.",
        "Nobody took part in any run in: Swaps of jobs.",
    ]


@pytest.fixture
def session(tables: ReportTables) -> Iterator[Session]:
    made = Session(compose(["population.scale=0.02", "years=2", "burn_in=3"]), tables)
    yield made
    made.close()


def switch(session: Session, *keys: str) -> None:
    words = levers.overrides({session.month: {key: {} for key in keys}}, session.month, "2011-01")
    session.set_levers(levers.settings_with_levers((), None, {}, words)[1] if keys else ())


def scene_of(snapshot: Snapshot, back: int | None = None) -> Scene:
    return Scene(snapshot, View(back=back), ENGLISH, "2011-01", "assumed effect", lambda _: None)


def so_far(snapshot: Snapshot, back: int | None = None) -> int:
    """How many the tab says have taken part in meet & greets."""
    html = so_far_html(scene_of(snapshot, back), {"meet_and_greet", "single_cao"})
    cell = ElementTree.fromstring(html).find(".//td[@data-lever='meet_and_greet']")
    assert cell is not None and cell.text
    return int(cell.text.replace(",", ""))


def test_a_live_run_says_how_many_have_taken_part_so_far(session: Session) -> None:
    session.step()
    session.publish()
    assert session.snapshot.participants == {}
    switch(session, "meet_and_greet", "single_cao")
    session.publish()
    first = session.snapshot
    assert so_far(first) == 0
    for _ in range(6):
        session.step()
    session.publish()
    months = session.snapshot.participants["meet_and_greet"]
    known = attendance_of(session.model(POLICY)).of("meet_and_greet").person
    assert len(set(known.tolist())) == months.size > 0 and months.min() >= 1
    assert so_far(session.snapshot) == round(months.size / 0.02)
    # Looking back counts up to the end of the month looked at; a snapshot stays as it was.
    early = np.count_nonzero(months <= 2)
    assert so_far(session.snapshot, back=3) == round(early / 0.02) < so_far(session.snapshot)
    assert so_far(first) == 0
    # Who took part has done so when the lever is off again.
    switch(session)
    session.step()
    session.publish()
    assert so_far(session.snapshot) == round(months.size / 0.02)
    html = so_far_html(scene_of(session.snapshot), {"single_cao"})
    assert INSTITUTIONS["en"] in html and "<table" not in html


def test_to_note_participants_changes_nothing_of_a_live_run(session: Session) -> None:
    switch(session, "meet_and_greet")
    other = Session(session.settings, session.tables)
    switch(other, "meet_and_greet")
    attendance_of(other.model(POLICY)).asked = False
    for each in (session, other):
        for _ in range(6):
            each.step()
    assert attendance_of(other.model(POLICY)).of("meet_and_greet").person.size == 0
    for arm in (BASELINE, POLICY):
        mine, yours = (each.model(arm).persons for each in (session, other))
        assert np.array_equal(mine.employer, yours.employer)
        assert np.array_equal(mine.id, yours.id)
    other.close()


def shown_in(page: Page) -> dict[str, Cells]:
    """The numbers that the browser shows, by lever."""
    page.wait_for_selector(".hesim-participants details")
    return on_page(
        page.locator(".hesim-participants > div").last.inner_html().replace('open=""', "")
    )


@pytest.mark.slow
def test_the_browser_shows_participants_of_a_study(
    browser: Browser, opened: list[Watched], study: Path
) -> None:
    rows = pd.read_csv(study / "answers" / "participants.csv").to_dict("records")
    server = Server(str(study))
    try:
        for words in (ENGLISH, DUTCH):
            watched = Watched(browser, server, f"?lang={words.language}")
            opened.append(watched)
            page = watched.page
            expect(page.get_by_role("heading", name=words("participants_title"))).to_be_visible()
            [(title, cells)] = shown_in(page).items()
            assert title.startswith(MEET[words.language]) and cells == wanted(rows, words)
            others = page.get_by_role("rowheader", name=OTHERS[words.language]).first
            expect(others).to_be_visible()
            # The figure stands among those of the study.
            after = {"en": "after 36 months", "nl": "na 36 maanden"}[words.language]
            expect(page.locator(".hesim-swatches").get_by_text(after)).to_be_visible()
            page.goto("about:blank")
    finally:
        assert server.end() == 0


@pytest.mark.slow
def test_the_browser_shows_participants_of_a_recorded_run_on_a_phone_too(
    browser: Browser, opened: list[Watched], recorded: Path
) -> None:
    rows = hesim.load(recorded).participants_summary.to_dict("records")
    server = Server(str(recorded))
    try:
        watched = Watched(browser, server, "?lang=nl")
        opened.append(watched)
        page = watched.page
        page.click(".hesim-tab-participants")
        [(title, cells)] = shown_in(page).items()
        assert title.startswith(MEET["nl"]) and cells == wanted(rows, DUTCH)
        expect(page.get_by_text(INSTITUTIONS["nl"])).to_be_visible()
        page.set_viewport_size({"width": 390, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        page.goto("about:blank")
    finally:
        assert server.end() == 0


@pytest.mark.slow
def test_the_browser_counts_participants_while_the_run_goes_on(
    browser: Browser, opened: list[Watched]
) -> None:
    server = Server("population.scale=0.03", "years=2", "burn_in=3")
    try:
        watched = Watched(browser, server, "?tab=participants&month=2")
        opened.append(watched)
        page = watched.page
        expect(page.get_by_text("No lever is on.")).to_be_visible()
        page.locator("summary", has_text="Getting to know each other").click()
        page.check('input[data-lever="meet_and_greet"]')
        count = page.locator('td[data-lever="meet_and_greet"]')
        expect(count).to_have_text("0")
        before = page.inner_text(".hesim-month")
        page.click(".hesim-step")
        expect(page.locator(".hesim-month")).not_to_have_text(before)
        expect(count).not_to_have_text("0")
        # What it did for them is worked out on demand, with intervals.
        page.click(".hesim-participants-ask")
        [(title, cells)] = shown_in(page).items()
        assert title == f"{MEET['en']} (assumed)"
        assert "[" in cells[TITLES["in_hbo"], "12 months"][-1]
        page.goto("about:blank")
    finally:
        assert server.end() == 0
