"""The pages of one person and of one institution: whom to follow, and the story."""

from __future__ import annotations

import reacton.ipyvuetify as v
import solara

from hesim.app.address import MOST
from hesim.app.diary import Diary
from hesim.app.institution import chart, passages_html, people_html
from hesim.app.panels import Choice
from hesim.app.pictures import career
from hesim.app.shown import Cards, Shown
from hesim.app.stories import FOLLOWED
from hesim.app.visit import Visit


@solara.component
def Person(visit: Visit) -> None:
    """Choose somebody, and read the story."""
    visit.watch()
    words, view = visit.words, visit.view.value
    role = solara.use_reactive("phd_candidate")
    typed = solara.use_reactive(f"{view.person:x}" if view.person is not None else "")

    def follow() -> None:
        try:
            number = int(typed.value, 16)
        except ValueError:
            number = -1
        if MOST["person"][0] <= number <= MOST["person"][1]:
            visit.follow(number)
        else:
            visit.told("bad_person")

    with v.Html(tag="div", class_="hesim-row hesim-choose"):
        Choice(
            words("role"), list(FOLLOWED), [words(name) for name in FOLLOWED], role.value,
            role.set,
        )  # fmt: skip
        solara.Button(
            words("draw_anybody"), outlined=True, classes=["hesim-draw"],
            on_click=lambda: visit.draw(role.value, crossed=False),
        )  # fmt: skip
        solara.Button(
            words("draw_crosser"), outlined=True, classes=["hesim-crosser"],
            on_click=lambda: visit.draw(role.value, crossed=True),
        )  # fmt: skip
        solara.InputText(words("person_number"), value=typed)
        solara.Button(words("follow"), outlined=True, on_click=follow)
    v.Html(tag="p", class_="hesim-small", children=[words("person_note")])
    if Waiting(visit, "person"):
        return
    found = visit.stories.found.get("person")
    if view.person is None or found is None:
        v.Html(tag="p", class_="hesim-wait", children=[words("choose_person")])
        return
    replays = {arm: one for arm, one in found.items() if one.follower is not None}
    stories = {arm: one.follower for arm, one in replays.items() if one.follower is not None}
    if not stories or visit.session is None:
        return
    one = next(iter(replays.values()))
    places = visit.session.places
    Shown(visit, career.draw(stories, places, one.months, visit.first, words))
    first: dict[int, str] | None = None
    for arm, story in stories.items():
        v.Html(tag="h3", children=[words("diary_of", arm=visit.named(arm))])
        diary = Diary(story, places, one.towns, visit.first, words)
        html = diary.html(first)
        first = diary.months() if first is None else first
        solara.HTML(tag="div", unsafe_innerHTML=html).key(f"{arm}-{story.person}-{one.months}")


def Waiting(visit: Visit, kind: str) -> bool:
    """Say that a story is being replayed, or what went wrong; True while it is."""
    words = visit.words
    if visit.stories.failed:
        solara.Error(visit.stories.failed, dense=True)
    if kind in visit.stories.waiting:
        v.Html(tag="p", class_="hesim-wait", children=[words("replaying")])
        solara.ProgressLinear(True)
        return True
    return False


@solara.component
def Institution(visit: Visit) -> None:
    """Choose an institution, and see its people and vacancies."""
    visit.watch()
    words, view, session = visit.words, visit.view.value, visit.session
    if session is None:
        return
    places = session.places
    numbers = sorted(range(places.institutions), key=lambda k: places.names[k])
    with v.Html(tag="div", class_="hesim-row hesim-choose"):
        Choice(
            words("institution"), [str(k) for k in numbers], [places.names[k] for k in numbers],
            "" if view.institution is None else str(view.institution),
            lambda value: visit.pick(f"institution:{value}"),
        )  # fmt: skip
        solara.Button(
            words("replay_institution"), outlined=True, classes=["hesim-replay"],
            on_click=visit.watch_institution, disabled=view.institution is None,
        )  # fmt: skip
    if view.institution is None or view.institution >= places.institutions:
        v.Html(tag="p", class_="hesim-wait", children=[words("choose_institution")])
        return
    Cards(visit, chart(visit, view.institution))
    solara.HTML(tag="div", unsafe_innerHTML=passages_html(visit, view.institution))
    if Waiting(visit, "institution"):
        return
    found = visit.stories.found.get("institution", {})
    for arm, one in found.items():
        if one.watcher is not None and one.watcher.institution == view.institution:
            v.Html(tag="h3", children=[words("contests_of", arm=words(arm))])
            solara.HTML(tag="div", unsafe_innerHTML=people_html(one.watcher, visit)).key(
                f"{arm}-{view.institution}-{one.months}"
            )
