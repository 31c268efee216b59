"""The pages, one a tab: each draws its pictures for the month and selection looked at."""

from __future__ import annotations

import reacton.ipyvuetify as v
import solara

from hesim.app import gallery
from hesim.app.session import POLICY
from hesim.app.shown import Cards, Shown
from hesim.app.story_tabs import Institution, Person
from hesim.app.visit import Visit

NAMES = ("flows", "outcomes", "staff", "market", "person", "institution")


@solara.component
def Tabs(visit: Visit) -> None:
    """The tabs and the one that is open."""
    visit.watch()
    words, view = visit.words, visit.view.value
    with v.Tabs(
        v_model=NAMES.index(view.tab) if view.tab in NAMES else 0, class_="hesim-tabs",
        on_v_model=lambda k: visit.look(tab=NAMES[k]), show_arrows=True,
    ):  # fmt: skip
        for name in NAMES:
            v.Tab(children=[words(f"tab_{name}")], class_=f"hesim-tab-{name}")
    if visit.session is not None and POLICY in visit.session.arms:
        told = words("policy_banner", grade=visit.grade())
        v.Html(tag="p", class_="hesim-note hesim-change", children=[told])
    if visit.session is None or visit.month == 0:
        told = "wait" if visit.session is None else "press_play"
        v.Html(tag="p", class_="hesim-wait", children=[words(told)])
    else:
        PAGES.get(view.tab, Flows)(visit)


@solara.component
def Flows(visit: Visit) -> None:
    """The map and the ribbons, of each arm."""
    visit.watch()
    with v.Html(tag="div", class_="hesim-two"):
        for picture in gallery.flows(visit):
            Shown(visit, picture, on_pick=visit.pick)


@solara.component
def Outcomes(visit: Visit) -> None:
    """The headline outcomes, and the difference that the policy makes."""
    visit.watch()
    changed = gallery.differences(visit)
    if changed:
        v.Html(tag="h2", children=[visit.words("policy_less_baseline")])
        Cards(visit, changed)
        v.Html(tag="h2", children=[visit.words("levels")])
    Cards(visit, gallery.outcomes(visit))
    if not visit.view.value.chosen.everything:
        v.Html(tag="p", class_="hesim-note", children=[visit.words("not_by_selection")])


@solara.component
def Staff(visit: Visit) -> None:
    """Age, contract, hours, field, role and education of staff."""
    visit.watch()
    pictures = gallery.staff(visit)
    Cards(visit, pictures)
    if len(pictures) < gallery.STAFF_PICTURES:
        v.Html(tag="p", class_="hesim-note", children=[visit.words("margins_unknown")])


@solara.component
def Market(visit: Visit) -> None:
    """Vacancies open, filled, withdrawn, and the time to fill."""
    visit.watch()
    Cards(visit, gallery.market(visit))


PAGES = {
    "flows": Flows,
    "outcomes": Outcomes,
    "staff": Staff,
    "market": Market,
    "person": Person,
    "institution": Institution,
}
