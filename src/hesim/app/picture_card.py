"""Show pictures with their downloads."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable
from typing import Any

import reacton.ipyvuetify as v
import solara

from hesim.app.chart_props import chart_props
from hesim.app.facts import download_name
from hesim.app.gallery import Plan
from hesim.app.pictures.svg import Picture
from hesim.app.scene import Scene
from hesim.app.visitor import Visit
from hesim.app.widgets import ChartView, PictureView
from hesim.app.words import Words
from hesim.charts.chart import Chart
from hesim.charts.table_file import Facts, chart_csv, table_csv

LOG = logging.getLogger(__name__)
_stamps = itertools.count(1)


@solara.component
def PictureCard(
    visit: Visit,
    picture: Picture,
    on_pick: Callable[[str], None] | None = None,
    facts: Facts | None = None,
) -> None:
    """A picture with its downloads; of the visitor's run, unless facts of others are given."""
    sheet, set_sheet = solara.use_state({})
    open_table, set_open_table = solara.use_state(False)
    of_run, words = facts or visit.facts(), visit.words
    PictureView(
        svg=picture.svg,
        file=download_name(picture.name, of_run),
        title=picture.title,
        words={
            "download": words("download"),
            "full": words("chart_full"),
            "table": words("chart_table"),
            "picks": words("map_keys"),
        },
        sheet=sheet,
        table=picture_table(picture, words) if open_table else None,
        event_pick=on_pick or (lambda mark: None),
        event_sheet=lambda _: set_sheet(
            {
                "text": table_csv(picture.header, picture.rows, facts or visit.facts()),
                "stamp": next(_stamps),
            }
        ),
        event_table=lambda wanted: set_open_table(wanted is True),
    )


def picture_table(picture: Picture, words: Words) -> dict[str, Any]:
    """The data of a picture as its table shows them: words and numbers of the language.

    Args:
        picture: The picture.
        words: Language.
    """

    def written(cell: object) -> str:
        if cell is None:
            return "-"
        if isinstance(cell, int | float):
            return words.number(cell)
        return words.known(str(cell), str(cell))

    columns = list(zip(*picture.rows, strict=True)) or [()] * len(picture.header)
    return {
        "header": [
            words.known(f"column_{name}", words.known(name, name.replace("_", " ")))
            for name in picture.header
        ],
        "rows": [[written(cell) for cell in row] for row in picture.rows],
        "numbers": [
            any(isinstance(cell, int | float) for cell in column)
            and all(cell is None or isinstance(cell, int | float) for cell in column)
            for column in columns
        ],
    }


@solara.component
def ChartCard(
    visit: Visit, chart: Chart, props: dict[str, Any], facts: Facts | None = None
) -> None:
    """A chart with its key, its table and its downloads.

    Args:
        visit: Who looks.
        chart: The chart.
        props: What the browser draws, from `chart_props`.
        facts: Of which run it is, where it is not the visitor's.
    """
    sheet, set_sheet = solara.use_state({})
    ChartView(
        **props,
        sheet=sheet,
        event_sheet=lambda _: set_sheet(
            {"text": chart_csv(chart, facts or visit.facts()), "stamp": next(_stamps)}
        ),
    )


@solara.component
def Drawn(
    visit: Visit,
    plan: Plan,
    on_pick: Callable[[str], None] | None = None,
    facts: Facts | None = None,
) -> None:
    """A picture made from a plan; one that fails says so in its place, and the rest lives on.

    Args:
        visit: Who looks.
        plan: Makes it.
        on_pick: Called with the mark of what was clicked.
        facts: Of which run it is, where it is not the visitor's.
    """
    try:
        picture = plan.make()
        props = None
        if isinstance(picture, Chart):
            props = chart_props(picture, visit.words, facts or visit.facts())
    except Exception:
        LOG.exception("the picture %s could not be drawn", plan.name)
        Failed(visit.words, plan.name)
        return
    if isinstance(picture, Chart):
        assert props is not None
        ChartCard(visit, picture, props, facts)
    else:
        PictureCard(visit, picture, on_pick, facts)


@solara.component
def Written(visit: Visit, name: str, make: Callable[[], str]) -> None:
    """A text made when it is drawn, as HTML; one that fails says so in its place."""
    try:
        html = make()
    except Exception:
        LOG.exception("the text %s could not be written", name)
        Failed(visit.words, name)
        return
    solara.HTML(tag="div", unsafe_innerHTML=html)


@solara.component
def Failed(words: Words, name: str) -> None:
    """Say that something could not be drawn, and where to read why."""
    with v.Html(tag="figure", class_="hesim-picture hesim-failed", attributes={"role": "alert"}):
        v.Html(tag="strong", children=[words(name)])
        v.Html(tag="p", children=[words("picture_failed")])


@solara.component
def Cards(
    visit: Visit,
    scene: Scene,
    plan: Callable[[Scene], list[Plan]],
    kind: str = "hesim-cards",
    on_pick: Callable[[str], None] | None = None,
) -> None:
    """Pictures beside one another, each on its own.

    Args:
        visit: Who looks.
        scene: What the pictures are made from.
        plan: Says which pictures there are.
        kind: Class of the frame around them; by default small pictures, three in a row.
        on_pick: Called with the mark of what was clicked.
    """
    try:
        plans = plan(scene)
    except Exception:
        LOG.exception("the pictures of a page could not be planned")
        Failed(scene.words, f"tab_{scene.view.tab}")
        return
    with v.Html(tag="div", class_=kind):
        for k, each in enumerate(plans):
            Drawn(visit, each, on_pick).key(f"{k}-{each.name}")
