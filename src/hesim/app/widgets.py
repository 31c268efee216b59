"""The page's own browser parts: pictures and charts, controls, keys, and the address bar."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara


@solara.component_vue("picture.vue")
def PictureView(
    svg: str,
    file: str,
    title: str,
    words: dict[str, str],
    sheet: dict[str, Any] | None = None,
    table: dict[str, Any] | None = None,
    event_pick: Callable[[str], None] | None = None,
    event_sheet: Callable[[Any], None] | None = None,
    event_table: Callable[[bool], None] | None = None,
) -> None:
    """Show a picture with its table, full screen, and buttons that download it and its data.

    Its marks are reached by Tab and the arrows, and opened by Enter as by a click.

    Args:
        svg: The picture.
        file: Name of its files, without their ending.
        title: What it shows.
        words: Words of the buttons.
        sheet: Its data as `{"text": CSV, "stamp": number}`, once asked for.
        table: `header`, `rows` and which columns are `numbers`, once asked for.
        event_pick: Called with the mark of what was clicked.
        event_sheet: Called when the data are asked for.
        event_table: Called with whether the table is to be there.
    """


@solara.component_vue("chart.vue")
def ChartView(
    title: str,
    meaning: str,
    grade: str,
    text: str,
    small: list[str],
    swatches: list[dict[str, str]],
    panels: list[dict[str, Any]],
    tables: list[dict[str, dict[str, list[Any]]]],
    columns: list[dict[str, Any]],
    words: dict[str, str],
    language: str,
    months: list[str],
    scripts: dict[str, str],
    file: str,
    origin: str,
    sheet: dict[str, Any] | None = None,
    event_sheet: Callable[[Any], None] | None = None,
) -> None:
    """Show a chart by Vega, with its key, its table and buttons that save it.

    A change of `tables` alone changes the data of the view that stands.

    Args:
        title: What is shown.
        meaning: What the outcome that is shown means; empty for anything else.
        grade: What its figures rest on; stands beside the title.
        text: Words for those who do not see it.
        small: Lines of small print.
        swatches: Its key, see `charts.vega.key.Swatch`.
        panels: `title`, `meaning`, `unit`, `spec`, `family`, `x` (column) and `time` of each panel.
        tables: Data of each panel, by table and column.
        columns: `name`, `title`, `unit`, `kind` and words for `cells` of each column.
        words: Words of the buttons.
        language: How numbers are written.
        months: Short names of the months.
        scripts: Addresses of the scripts that draw.
        file: Name of its files, without their ending.
        origin: Of which run it is; stands below a picture that is saved.
        sheet: Its data as `{"text": CSV, "stamp": number}`, once asked for.
        event_sheet: Called when the data are asked for.
    """


@solara.component_vue("address.vue")
def Address(
    query: str,
    frame: int,
    language: str,
    title: str,
    move: int = 0,
    followed: int = 0,
    event_shown: Callable[[int], None] | None = None,
    event_travel: Callable[[dict[str, Any]], None] | None = None,
) -> None:
    """Keep the browser's address and history, and say which frame it has shown.

    Args:
        query: What stands after the question mark.
        frame: Number of the frame sent.
        language: Language of the page.
        title: Title of the window.
        move: Number of the move to a tab or scenario; the history gets an entry when it rises.
        followed: Number of the last step back or forward that the page has followed.
        event_shown: Called with the number of the frame that was drawn.
        event_travel: Called with `number` and `query` of a step back or forward.
    """


@solara.component_vue("levers.vue")
def LeverControls(
    groups: list[dict[str, Any]],
    packages: list[dict[str, str]],
    chips: list[dict[str, str]],
    alerts: dict[str, str],
    answered: int,
    words: dict[str, str],
    event_change: Callable[[dict[str, Any]], None] | None = None,
) -> None:
    """Switch levers and turn their dials.

    Args:
        groups: Groups with their levers, each with its dials; see `lever_panel.lever_groups`.
        packages: `text` and `value` of each ready package.
        chips: `key` and `label` of each lever that is on.
        alerts: What could not be done, by the control that asked for it; see `LeverDesk`.
        answered: How often the page was asked; a box that was refused shows again what is.
        words: Words around them.
        event_change: Called with what was changed: `key`, and `on`, or `name` and `value`; or
            `package`.
    """


@solara.component_vue("choice.vue")
def ChoiceView(
    label: str,
    items: list[dict[str, str]],
    value: str,
    name: str = "",
    event_choose: Callable[[str], None] | None = None,
) -> None:
    """Choose one of several values, with the browser's own list.

    Args:
        label: What is chosen.
        items: `text` and `value` of each.
        value: The value chosen.
        name: Class of the element.
        event_choose: Called with the value chosen.
    """


@solara.component_vue("skip.vue")
def SkipLink(label: str) -> None:
    """The first link of the page: it leads past the controls.

    Args:
        label: Its words.
    """


@solara.component_vue("keys.vue")
def KeyList(shortcuts: list[dict[str, str]], words: dict[str, str]) -> None:
    """Let single keys press buttons of the page, say which, and let them be switched off.

    Args:
        shortcuts: `key` and what it `does`, of each.
        words: Words around them.
    """


@solara.component_vue("run.vue")
def RunForm(
    fields: list[dict[str, Any]],
    label: str,
    event_apply: Callable[[dict[str, Any]], None] | None = None,
) -> None:
    """Ask for numbers of the run, and begin anew with them.

    Args:
        fields: `name`, `label`, `value`, and `alert` (what is wrong with it) of each number.
        label: Words of the button.
        event_apply: Called with the numbers by name; what is no number is None.
    """
