"""The pages of one person and of one institution: whom to follow, and the story."""

from __future__ import annotations

from functools import partial

import reacton.ipyvuetify as v
import solara

from hesim.app.address import MOST
from hesim.app.contests import contests_html
from hesim.app.diary import Diary
from hesim.app.gallery import Plan
from hesim.app.institution import chart, passages_html
from hesim.app.panels import Choice
from hesim.app.parted_lives import draw_parted, parting_html, parting_of, stories_part
from hesim.app.picture_card import Cards, Drawn, Written
from hesim.app.pictures import career
from hesim.app.replay import Replay
from hesim.app.scene import Scene
from hesim.app.stories import FOLLOWED
from hesim.app.visitor import Visit
from hesim.levers.arms import BASELINE, POLICY


@solara.component
def PersonTab(visit: Visit, scene: Scene) -> None:
    """Choose somebody, and read the story."""
    visit.watch()
    words, view = scene.words, scene.view
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

    def follow_parted() -> None:
        arms = scene.snapshot.arms
        found = draw_parted(arms[BASELINE].record, arms[POLICY].record, role.value)
        if found is None:
            visit.told("nobody_parted")
        else:
            visit.follow(found)

    with v.Html(tag="div", class_="hesim-row hesim-choose"):
        Choice(
            words("role"),
            list(FOLLOWED),
            [words(name) for name in FOLLOWED],
            role.value,
            role.set,
        )
        solara.Button(
            words("draw_anybody"),
            outlined=True,
            classes=["hesim-draw"],
            on_click=lambda: visit.draw(role.value, crossed=False),
        )
        solara.Button(
            words("draw_crosser"),
            outlined=True,
            classes=["hesim-crosser"],
            on_click=lambda: visit.draw(role.value, crossed=True),
        )
        if POLICY in scene.snapshot.arms:
            solara.Button(
                words("draw_parted"),
                outlined=True,
                classes=["hesim-parted"],
                on_click=follow_parted,
            )
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
    if not stories:
        return
    one = next(iter(replays.values()))
    places = scene.snapshot.places
    parting = None
    if stories_part(stories):
        parting = parting_of(_diaries(scene, replays))
        Written(visit, "career", partial(parting_html, parting, scene.first, words))
    at = None if parting is None else parting.month
    lanes = partial(career.draw, stories, places, one.months, scene.first, words, at)
    # The line is as wide as a career is long: on a small screen it scrolls by itself.
    with (
        v.Html(tag="div", style_="overflow-x:auto"),
        v.Html(tag="div", style_="min-width:760px"),
    ):
        Drawn(visit, Plan("career", lanes))
    but: str | None = None
    for arm, story in stories.items():
        v.Html(tag="h2", children=[words("diary_of", arm=scene.named(arm))])
        key = f"{arm}-{story.person}-{one.months}"
        Written(visit, "diary", partial(_diary, scene, replays, arm, but)).key(key)
        but = but or arm


def _diaries(scene: Scene, replays: dict[str, Replay]) -> dict[str, Diary]:
    """The diary of each arm."""
    return {
        name: Diary(one.follower, scene.snapshot.places, one.towns, scene.first, scene.words)
        for name, one in replays.items()
        if one.follower is not None
    }


def _diary(scene: Scene, replays: dict[str, Replay], arm: str, but: str | None) -> str:
    """One arm's diary; with another arm's story, only what differs from it."""
    diaries = _diaries(scene, replays)
    return diaries[arm].html(None if but is None else diaries[but].months())


def Waiting(visit: Visit, kind: str) -> bool:
    """Say that a story is being replayed, or what went wrong; True while it is."""
    words = visit.words
    if visit.stories.failed:
        solara.Error(visit.stories.failed, dense=True)
    if kind in visit.stories.waiting:
        v.Html(tag="p", class_="hesim-wait", children=[words("replaying")])
        v.ProgressLinear(indeterminate=True, attributes={"aria-label": words("replaying")})
        return True
    return False


@solara.component
def InstitutionTab(visit: Visit, scene: Scene) -> None:
    """Choose an institution, and see its people and vacancies."""
    visit.watch()
    words, view, places = scene.words, scene.view, scene.snapshot.places
    numbers = sorted(range(places.institutions), key=lambda k: places.names[k])
    with v.Html(tag="div", class_="hesim-row hesim-choose"):
        Choice(
            words("institution"),
            [str(k) for k in numbers],
            [places.names[k] for k in numbers],
            "" if view.institution is None else str(view.institution),
            lambda value: visit.pick(f"institution:{value}"),
        )
        solara.Button(
            words("replay_institution"),
            outlined=True,
            classes=["hesim-replay"],
            on_click=visit.watch_institution,
            disabled=view.institution is None,
        )
    if view.institution is None or view.institution >= places.institutions:
        v.Html(tag="p", class_="hesim-wait", children=[words("choose_institution")])
        return
    Cards(visit, scene, partial(chart, code=view.institution))
    Written(visit, "passages", partial(passages_html, scene, view.institution))
    if Waiting(visit, "institution"):
        return
    found = visit.stories.found.get("institution", {})
    for arm, one in found.items():
        if one.watcher is not None and one.watcher.institution == view.institution:
            v.Html(tag="h2", children=[words("contests_of", arm=words(arm))])
            record = scene.snapshot.arms[arm].record
            make = partial(contests_html, record, one.watcher.contests, view.institution, scene)
            Written(visit, "contests", make).key(f"{arm}-{view.institution}-{one.months}")
