"""Pictures are drawn from snapshots: the run goes on, and what was published stays as it was."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
import processes
import pytest
import reacton
import solara

from hesim.app import flow_plans, gallery, institution, levers, tabs
from hesim.app.address import View
from hesim.app.gallery import Plan
from hesim.app.outcomes import FOLLOWED
from hesim.app.picture_card import Cards, Written
from hesim.app.pictures.svg import Picture
from hesim.app.scene import Scene
from hesim.app.selection import Selection
from hesim.app.session import Session
from hesim.app.snapshot import Snapshot
from hesim.app.visitor import Visit
from hesim.app.words import speak
from hesim.charts.chart import Chart
from hesim.levers.arms import BASELINE, POLICY
from hesim.scenario import compose
from hesim.tables import ReportTables

OVERRIDES = ("population.scale=0.03", "years=2", "burn_in=3")
WORDS = levers.overrides({2: {"single_cao": {}, "job_swap": {}}}, 2, "2011-01")
PAGES: tuple[Callable[[Scene], list[Plan]], ...] = (
    partial(flow_plans.flows, known_within=6),
    gallery.difference_plans,
    gallery.outcomes,
    gallery.staff,
    gallery.market_plans,
    partial(institution.chart, code=3),
)


@pytest.fixture
def session(tables: ReportTables) -> Session:
    """A run with levers on since its third month."""
    made = Session(compose(OVERRIDES), tables)
    for _ in range(2):
        made.step()
    made.set_levers(levers.settings_with_levers(OVERRIDES, None, {}, WORDS)[1])
    made.step()
    made.publish()
    return made


def _scene(snapshot: Snapshot, **looked: object) -> Scene:
    view = View(**looked)  # type: ignore[arg-type]
    return Scene(snapshot, view, speak(view.language), "2011-01", "assumed effect", lambda _: None)


def _drawn(scene: Scene) -> list[Picture | Chart]:
    """All pictures of all pages."""
    made = [plan.make() for page in PAGES for plan in page(scene)]
    assert len(made) > 30
    return made


def test_a_snapshot_says_the_same_when_the_run_is_months_ahead(session: Session) -> None:
    before = session.snapshot
    first = _drawn(_scene(before))
    while not session.over:
        session.step()
    assert session.month == 24 and before.month == 3 and session.snapshot is before
    assert _drawn(_scene(before)) == first
    session.publish()
    assert session.snapshot.month == 24 and before.month == 3
    assert _drawn(_scene(session.snapshot)) != first
    # A later month was computed meanwhile, from what both have in common.
    series = before.arms[POLICY].follower.series(Selection(), before.scale)
    assert {name: series[name].size for name in FOLLOWED} == dict.fromkeys(FOLLOWED, 3)
    assert _drawn(_scene(before)) == first


def test_all_pictures_can_be_drawn_while_the_run_is_stepped(session: Session) -> None:
    wrong: list[Exception] = []
    drawn = threading.Event()

    def play() -> None:
        try:
            while not session.over:
                session.step()
                session.publish()
                # At least one drawing falls into each month.
                drawn.clear()
                assert drawn.wait(processes.HANG)
        except Exception as error:  # noqa: BLE001 - handed to the test
            wrong.append(error)

    player = threading.Thread(target=play)
    player.start()
    choices = (Selection(), Selection(sector="hbo"), Selection(region="west"))
    months = set()
    for turn in range(10_000):
        snapshot = session.snapshot
        for page in PAGES:
            for plan in page(_scene(snapshot, chosen=choices[turn % 3])):
                plan.make()
                drawn.set()
        months.add(snapshot.month)
        if not player.is_alive():
            break
    player.join()
    assert not wrong and session.snapshot.month == 24 and len(months) > 1


def test_a_closed_run_is_neither_stepped_nor_published(session: Session) -> None:
    session.close()
    session.step()
    session.publish()
    session.set_others({BASELINE: []})
    assert not session.snapshot.arms and session.over


def _widgets(root: Any) -> Iterator[Any]:
    """A widget and all that stands in it."""
    if not isinstance(root, str):
        yield root
        for child in getattr(root, "children", None) or []:
            yield from _widgets(child)


class _Visitor:
    """What cards need of a visitor."""

    def __init__(self, language: str) -> None:
        self.words = speak(language)

    def facts(self) -> dict[str, str]:
        return {"seed": "1"}


def _fail(_: object = None) -> Picture:
    raise ValueError("it went wrong here")


@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_picture_that_fails_says_so_in_its_place_and_the_others_live(
    language: str, session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    scene = _scene(session.snapshot, language=language, tab="flows")
    visitor = _Visitor(language)
    good = flow_plans.flows(scene, 6)[0]

    @solara.component
    def page() -> None:
        with solara.Column():
            Cards(visitor, scene, lambda _: [Plan("turnover_wo", _fail), good])  # type: ignore[arg-type]
            Cards(visitor, scene, _fail)  # type: ignore[arg-type]
            Written(visitor, "diary", _fail)  # type: ignore[arg-type]

    with caplog.at_level(logging.ERROR):
        box, context = reacton.render_fixed(page())
    try:
        widgets = list(_widgets(box))
        pictures = [each.svg for each in widgets if hasattr(each, "svg")]
        told = [each for each in widgets if "hesim-failed" in str(getattr(each, "class_", ""))]
    finally:
        context.close()
    words = speak(language)
    drawn = good.make()
    assert isinstance(drawn, Picture) and pictures == [drawn.svg]
    heads = [each.children[0].children[0] for each in told]
    assert heads == [words("turnover_wo"), words("tab_flows"), words("diary")]
    assert all(each.children[1].children == [words("picture_failed")] for each in told)
    # Nothing is swallowed: the log of the server has the traceback.
    tracebacks = [record.exc_text or "" for record in caplog.records]
    assert len(tracebacks) == 3 and all("it went wrong here" in text for text in tracebacks)


def test_a_tab_that_fails_says_so_until_another_is_opened(
    session: Session, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    @solara.component
    def broken(visit: object, scene: Scene) -> None:
        raise ValueError("it went wrong here")

    monkeypatch.setitem(tabs.PAGES, "staff", broken)

    @solara.component
    def page(tab: str) -> None:
        with solara.Column():
            tabs.Opened(_Visitor("en"), _scene(session.snapshot, tab=tab))  # type: ignore[arg-type]

    def failed() -> bool:
        return any("hesim-failed" in str(getattr(each, "class_", "")) for each in _widgets(box))

    with caplog.at_level(logging.ERROR, "hesim"):
        box, context = reacton.render_fixed(page("staff"))
    try:
        assert failed() and "it went wrong here" in caplog.text
        context.render(page("market"))
        assert not failed()
        drawn = [each for each in _widgets(box) if hasattr(each, "swatches")]
        assert len(drawn) == len(gallery.MARKET)
    finally:
        context.close()


def test_a_month_that_fails_stops_the_run_and_is_told(
    session: Session, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = object.__new__(Visit)
    visit.session, visit.closed, visit.problems = session, False, []
    monkeypatch.setattr(Visit, "words", speak("nl"))
    monkeypatch.setattr(session, "step", _fail)
    assert visit._step() is False
    assert visit.problems == [speak("nl")("month_failed")]
    assert "it went wrong here" in caplog.text


def test_people_are_drawn_from_the_month_that_is_seen(session: Session) -> None:
    from hesim.app.stories import draw_person

    record = session.snapshot.arms[BASELINE].record
    p = session.model(BASELINE).persons
    lecturers = {int(each) for each in p.id[(p.present == 1) & (p.role == 5)]}
    while session.month < 12:
        session.step()
    drawn = {draw_person(record, "lecturer", crossed=False) for _ in range(50)}
    assert drawn <= lecturers and np.size(list(drawn)) > 1
