"""The pages, one a tab: each draws its pictures for the month and selection looked at."""

from __future__ import annotations

import logging
from functools import partial

import reacton.ipyvuetify as v
import solara

from hesim.app import gallery
from hesim.app.address import TABS
from hesim.app.answer_tab import AnswerTab
from hesim.app.barriers_tab import BarriersTab
from hesim.app.flow_plans import flows
from hesim.app.gallery import WAYS
from hesim.app.info_tab import InfoTab
from hesim.app.measures import YEAR
from hesim.app.panels import AlertLine, Choice
from hesim.app.participant_tab import ParticipantTab
from hesim.app.picture_card import Cards, Failed
from hesim.app.scene import Scene
from hesim.app.story_tabs import InstitutionTab, PersonTab
from hesim.app.visitor import Visit
from hesim.levers.arms import POLICY

LOG = logging.getLogger(__name__)


@solara.component
def Tabs(visit: Visit) -> None:
    """The tabs and the one that is open."""
    visit.watch()
    words, view = visit.words, visit.view.value
    # A recorded run has its own figures; the answer is about scenarios of a live one.
    names = TABS[1:] if visit.recorded else TABS
    chosen = view.tab if view.tab in names else names[0]
    with v.Tabs(
        v_model=names.index(chosen),
        class_="hesim-tabs",
        on_v_model=lambda k: visit.look(tab=names[k]),
        show_arrows=True,
        height=36,
    ):
        for name in names:
            v.Tab(children=[words(f"tab_{name}")], class_=f"hesim-tab-{name}")
    AlertLine(visit.alerts.get("tab", ""))
    if chosen in AT_ONCE:
        OpenedAtOnce(visit, chosen)
        return
    scene = visit.scene()
    if scene is None:
        told = "wait" if visit.snapshot is None else "press_play"
        v.Html(tag="p", class_="hesim-wait", children=[words(told)])
        return
    if POLICY in scene.snapshot.arms:
        told = words("policy_banner", grade=scene.grade)
        v.Html(tag="p", class_="hesim-note hesim-change", children=[told])
    Opened(visit, scene)


AT_ONCE = {"answer": AnswerTab, "why": BarriersTab, "info": InfoTab}
"""Tabs that need no scene."""


@solara.component
def OpenedAtOnce(visit: Visit, name: str) -> None:
    """A tab that needs no scene; what fails says so in its place."""
    error, forget = solara.use_exception()
    solara.use_effect(forget, [name, visit.view.value.open, visit.view.value.against])
    solara.use_effect(partial(_log, error), [error])
    if error is not None:
        Failed(visit.words, f"tab_{name}")
        return
    AT_ONCE[name](visit)


@solara.component
def Opened(visit: Visit, scene: Scene) -> None:
    """The tab that is open; one that fails says so in its place until something else is chosen."""
    error, forget = solara.use_exception()
    solara.use_effect(forget, [scene.view.tab, scene.view.chosen, scene.view.person])
    solara.use_effect(partial(_log, error), [error])
    if error is not None:
        Failed(scene.words, f"tab_{scene.view.tab}")
        return
    PAGES.get(scene.view.tab, FlowsTab)(visit, scene)


def _log(error: BaseException | None) -> None:
    if error is not None:
        LOG.error("a tab could not be drawn", exc_info=error)


@solara.component
def FlowsTab(visit: Visit, scene: Scene) -> None:
    """The map and the ribbons: what the policy changes, or each world by itself."""
    words = scene.words
    way, set_way = solara.use_state(WAYS[0])
    if POLICY in scene.snapshot.arms:
        told = [words(each) for each in WAYS]
        with v.Html(tag="div", class_="hesim-row hesim-choose"):
            Choice(words("compare_how"), list(WAYS), told, way, set_way, name="hesim-way")
    known_within = visit.served.settings.integer("survey.job_known_within")
    plan = partial(flows, known_within=known_within, way=way)
    Cards(visit, scene, plan, kind="hesim-two", on_pick=visit.pick)


@solara.component
def Outcomes(visit: Visit, scene: Scene) -> None:
    """The headline outcomes, and the difference that the policy makes."""
    if POLICY in scene.snapshot.arms:
        v.Html(tag="h2", children=[scene.words("policy_less_baseline")])
        Cards(visit, scene, gallery.difference_plans)
        v.Html(tag="h2", children=[scene.words("levels")])
    Cards(visit, scene, gallery.outcomes)
    if not scene.view.chosen.everything:
        v.Html(tag="p", class_="hesim-note", children=[scene.words("not_by_selection")])
    elif scene.month < YEAR:
        v.Html(tag="p", class_="hesim-note", children=[scene.words("years_to_come")])


@solara.component
def Staff(visit: Visit, scene: Scene) -> None:
    """Age, contract, hours, field, role and education of staff."""
    Cards(visit, scene, gallery.staff)
    if not gallery.margins_known(scene):
        v.Html(tag="p", class_="hesim-note", children=[scene.words("margins_unknown")])


@solara.component
def MarketTab(visit: Visit, scene: Scene) -> None:
    """Vacancies open, filled, withdrawn, and the time to fill."""
    Cards(visit, scene, gallery.market_plans)


PAGES = {
    "flows": FlowsTab,
    "outcomes": Outcomes,
    "staff": Staff,
    "market": MarketTab,
    "participants": ParticipantTab,
    "person": PersonTab,
    "institution": InstitutionTab,
}
