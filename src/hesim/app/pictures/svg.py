"""Write SVG: a picture with its title, its words for those who cannot see it, and its data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

TEXT, SOFT, LINE, GRID = "#1f2328", "#4a5158", "#6b7280", "#e1e4e8"
"""Colours of words, lesser words (both AA on white), axes and grids."""
FONT = "system-ui, 'Segoe UI', 'DejaVu Sans', Arial, sans-serif"
EDGE = 8.0
"""Pixels that words stay away from the edge of a picture."""
NARROW, WIDE = " ijlftrI.,:;'|!()[]/-", "mwMW%@"
"""Letters that are taken to be 0.42 and 0.98 of their size wide; all others are 0.65."""
TIE = "\u00a0"


@dataclass(frozen=True)
class Picture:
    """One picture.

    Attributes:
        name: Word of the file when downloaded.
        title: What it shows.
        words: What can be seen, for those who cannot see it.
        svg: The picture.
        header: Columns of its data.
        rows: Its data.
    """

    name: str
    title: str
    words: str
    svg: str
    header: tuple[str, ...]
    rows: list[tuple[object, ...]]


class Canvas:
    """Collects the elements of one picture."""

    def __init__(self, width: float, height: float) -> None:
        """An empty picture of this size in pixels."""
        self.width, self.height = width, height
        self.parts: list[str] = []
        self.picked = False

    def add(self, part: str) -> None:
        """Add an element as it is."""
        self.parts.append(part)

    def text(
        self,
        x: float,
        y: float,
        words: object,
        *,
        size: float = 12,
        anchor: str = "start",
        colour: str = TEXT,
        bold: bool = False,
        turn: float | None = None,
    ) -> None:
        """Write words; `anchor` is start, middle or end."""
        weight = ' font-weight="600"' if bold else ""
        turned = "" if turn is None else f' transform="rotate({turn:g} {x:.1f} {y:.1f})"'
        self.add(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" text-anchor="{anchor}" '
            f'fill="{colour}"{weight}{turned}>{escape(str(words))}</text>'
        )

    def paragraph(
        self, y: float, lines: Sequence[str], *, size: float = 12, colour: str = TEXT
    ) -> None:
        """Write lines from `wrap` below one another, the first at `y`; the picture grows by them.

        Args:
            y: Pixel on which the first line stands.
            lines: The lines.
            size: Size of the letters in pixels.
            colour: Colour of the letters.
        """
        for line in lines:
            self.text(EDGE, y, line, size=size, colour=colour)
            self.height = max(self.height, y + 6)
            y += size + 3

    def line(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        colour: str = GRID,
        width: float = 1,
        dash: str = "",
    ) -> None:
        """Draw a straight line."""
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self.add(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" '
            f'stroke-width="{width:g}"{dashed}/>'
        )

    def path(
        self,
        data: str,
        *,
        fill: str = "none",
        stroke: str = "none",
        width: float = 1,
        opacity: float = 1.0,
        dash: str = "",
        hint: str = "",
    ) -> None:
        """Draw a path; a hint shows when the mouse rests on it."""
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        seen = "" if opacity == 1.0 else f' opacity="{opacity:g}"'
        inside = f"<title>{escape(hint)}</title>" if hint else ""
        self.add(
            f'<path d="{data}" fill="{fill}" stroke="{stroke}" stroke-width="{width:.2f}"'
            f"{dashed}{seen}>{inside}</path>"
        )

    def rect(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        fill: str,
        *,
        stroke: str = "none",
        hint: str = "",
        opacity: float = 1.0,
    ) -> None:
        """Draw a rectangle."""
        inside = f"<title>{escape(hint)}</title>" if hint else ""
        seen = "" if opacity == 1.0 else f' opacity="{opacity:g}"'
        self.add(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" '
            f'height="{max(height, 0):.1f}" fill="{fill}" stroke="{stroke}"{seen}>{inside}</rect>'
        )

    def circle(
        self,
        x: float,
        y: float,
        radius: float,
        fill: str,
        *,
        stroke: str = "none",
        width: float = 1,
        hint: str = "",
        pick: str = "",
        opacity: float = 1.0,
    ) -> None:
        """Draw a circle; `pick` is what a click on it tells the page."""
        inside = f"<title>{escape(hint)}</title>" if hint else ""
        told = ""
        if pick:
            name = f' role="button" tabindex="-1" aria-label="{escape(hint)}"'
            told = f' data-pick="{escape(pick)}"{name} style="cursor:pointer"'
            self.picked = True
        seen = "" if opacity == 1.0 else f' opacity="{opacity:g}"'
        self.add(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{fill}" '
            f'stroke="{stroke}" stroke-width="{width:g}"{seen}{told}>{inside}</circle>'
        )

    def picture(
        self,
        name: str,
        title: str,
        words: str,
        header: Sequence[str],
        rows: Iterable[tuple[object, ...]],
    ) -> Picture:
        """The finished picture."""
        body = "".join(self.parts)
        # What stands inside an image is not reached by those who cannot see it.
        role = "group" if self.picked else "img"
        svg = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width:g} '
            f'{self.height:g}" width="{self.width:g}" height="{self.height:g}" role="{role}" '
            f'aria-label="{escape(title)}" font-family="{FONT}">'
            f"<title>{escape(title)}</title><desc>{escape(words)}</desc>"
            f'<rect width="100%" height="100%" fill="#ffffff"/>{body}</svg>'
        )
        return Picture(name, title, words, svg, tuple(header), list(rows))


def write_key(
    canvas: Canvas, y: float, entries: Sequence[tuple[str, str]], hatched: str = ""
) -> float:
    """Write a key, an entry below the other: colour and words.

    Args:
        canvas: Where it is written.
        y: Pixel on which the first entry begins.
        entries: Colour and words of each.
        hatched: Name of a pattern that is laid over the second colour, and is made here.

    Returns:
        The pixel below the last one.
    """
    for k, (colour, text) in enumerate(entries):
        fill = colour
        if hatched and k == 1:
            canvas.add(
                f'<defs><pattern id="{hatched}" width="6" height="6" '
                'patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
                f'<rect width="6" height="6" fill="{colour}"/>'
                '<rect width="2" height="6" fill="#ffffff" fill-opacity="0.7"/></pattern></defs>'
            )
            fill = f"url(#{hatched})"
        canvas.rect(EDGE, y + 16 * k, 16, 11, fill)
        canvas.text(EDGE + 22, y + 16 * k + 10, text)
    return y + 16 * len(entries)


def wrap(text: str, room: float, size: float = 12) -> list[str]:
    """Words in lines that fit a room in pixels.

    A number stays with its interval, and what stands in round brackets together where a line holds
    it.

    Args:
        text: The words.
        room: Pixels of a line.
        size: Size of the letters in pixels.
    """

    def tie(found: re.Match[str]) -> str:
        whole = found.group()
        return whole.replace(" ", TIE) if width_of(whole, size) <= room else whole

    tied = re.sub(r"\S+ \[[^\]]*\]|\([^)]*\)", tie, text)
    lines: list[str] = []
    for word in tied.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, size) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return [line.replace(TIE, " ") for line in lines]


def width_of(text: str, size: float) -> float:
    """Pixels that words take at most, by the letters of DejaVu Sans, the widest of the fonts."""
    letters = text.replace(TIE, " ")
    return size * sum(0.42 if x in NARROW else 0.98 if x in WIDE else 0.65 for x in letters)
