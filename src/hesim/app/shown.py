"""Show pictures with their downloads."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import reacton.ipyvuetify as v
import solara

from hesim.app.pictures.svg import Picture
from hesim.app.visit import Visit
from hesim.app.widgets import PictureView

_stamps = itertools.count(1)


@solara.component
def Shown(visit: Visit, picture: Picture, on_pick: Callable[[str], None] | None = None) -> None:
    """A picture with its downloads."""
    sheet, set_sheet = solara.use_state({})
    PictureView(
        svg=picture.svg, name=picture.name, title=picture.title,
        words={"download": visit.words("download")}, sheet=sheet,
        event_pick=on_pick or (lambda mark: None),
        event_sheet=lambda _: set_sheet({"text": picture.csv(), "stamp": next(_stamps)}),
    )  # fmt: skip


@solara.component
def Cards(visit: Visit, pictures: list[Picture]) -> None:
    """Small pictures, three in a row."""
    with v.Html(tag="div", class_="hesim-cards"):
        for picture in pictures:
            Shown(visit, picture).key(picture.name)
