"""Make the parts of a report page: text, tables, pictures and the frame around them."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from importlib.resources import files
from typing import Any

STYLE = files("hesim.report").joinpath("page.css").read_text(encoding="utf-8")

SCRIPT = """
addEventListener("beforeprint", () =>
  document.querySelectorAll("details").forEach(each => each.open = true));
"""


def page(title: str, sections: Iterable[str]) -> str:
    """The whole page."""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>\n<body>\n"
        + "\n".join(sections)
        + f"\n<script>{SCRIPT}</script>\n</body></html>\n"
    )


def section(heading: str, *content: str) -> str:
    """A heading with what stands under it."""
    return f"<section><h2>{escape(heading)}</h2>\n" + "\n".join(content) + "</section>"


def paragraph(text: str, kind: str = "") -> str:
    """A paragraph of plain text."""
    return f"<p{_class(kind)}>{escape(text)}</p>"


def code_block(text: str) -> str:
    """Lines to be typed."""
    return f"<pre><code>{escape(text)}</code></pre>"


def fold(heading: str, *content: str) -> str:
    """Content that is shown when asked for, and printed always."""
    return f"<details><summary>{escape(heading)}</summary>\n" + "\n".join(content) + "</details>"


def picture(image: str | bytes, alt: str, caption: str = "", name: str = "") -> str:
    """A figure, SVG text or PNG bytes, inside the page; `name` is its id."""
    kind = "svg+xml" if isinstance(image, str) else "png"
    content = image.encode() if isinstance(image, str) else image
    source = f"data:image/{kind};base64,{base64.b64encode(content).decode()}"
    under = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
    known = f' id="{escape(name, quote=True)}"' if name else ""
    return f'<figure{known}><img src="{source}" alt="{escape(alt, quote=True)}">{under}</figure>'


def table(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str], caption: str = "") -> str:
    """A table of rows.

    Args:
        rows: Values by column.
        columns: Heading of each column that is shown.
        caption: What the table shows.
    """
    if not rows:
        return paragraph("None.", "small")
    numeric = {
        key: all(_is_number(row.get(key)) or row.get(key) in (None, "") for row in rows)
        for key in columns
    }
    head = "".join(f"<th{_class('n' * numeric[k])}>{escape(v)}</th>" for k, v in columns.items())
    body = "".join(
        "<tr>"
        + "".join(
            f"<td{_class('n' * numeric[k])}>{escape(cell_text(row.get(k)))}</td>" for k in columns
        )
        + "</tr>\n"
        for row in rows
    )
    over = f"<caption>{escape(caption)}</caption>" if caption else ""
    return (
        f'<div class="table"><table>{over}<thead><tr>{head}</tr></thead>\n'
        f"<tbody>{body}</tbody></table></div>"
    )


def cell_text(value: Any) -> str:
    """A value as a reader wants it: numbers short, nothing where there is none."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool) or not _is_number(value):
        return str(value)
    if isinstance(value, int) or float(value).is_integer():
        return f"{int(value):,}" if abs(value) >= 10_000 else str(int(value))
    return f"{value:,.2f}" if abs(value) < 1000 else f"{value:,.0f}"


def _is_number(value: Any) -> bool:
    return hasattr(value, "__float__") and not isinstance(value, bool | str)


def _class(name: str) -> str:
    return f' class="{name}"' if name else ""
