"""Draw one person's career as a line: jobs, contracts, searches, applications, turning points."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

from hesim import categories as c
from hesim.app.pictures import svg
from hesim.app.words import Words
from hesim.charts.colours import SECTOR_COLOURS
from hesim.record.places import Places, employer_name
from hesim.story.person import Follower, Happening, State

WIDTH = 930.0
LEFT, RIGHT, TOP, LANE, HIGH = 84.0, 14.0, 44.0, 118.0, 26.0
MARKS: dict[str, tuple[str, str]] = {
    "defended": ("\u2605", "#8a5a00"),
    "made_permanent": ("\u25cf", "#00664b"),
    "contract_renewed": ("\u25cb", "#00664b"),
    "stepped": ("\u25b2", "#1f2328"),
    "left": ("\u2715", "#a33200"),
    "departed": ("\u2715", "#a33200"),
    "joined": ("\u25b6", "#0b57a4"),
    "moved_house": ("\u2302", "#4a5158"),
}
"""Sign and colour of each turning point (signs differ, so that colour is not needed)."""
PARTING = "#a33200"
"""Colour of the line where two lives part."""


def draw(
    stories: Mapping[str, Follower],
    places: Places,
    months: int,
    first: str,
    words: Words,
    parting: int | None = None,
) -> svg.Picture:
    """Draw a lane for each arm.

    Args:
        stories: By arm, the story of the same person.
        places: Employers.
        months: Months replayed.
        first: First recorded month, as `2011-01`.
        words: Language.
        parting: Month from which on the lives differ, if they do.
    """
    height = TOP + LANE * len(stories) + 58
    canvas = svg.Canvas(WIDTH, height)
    step = (WIDTH - LEFT - RIGHT) / max(months, 1)
    _years(canvas, months, first, step, height)
    person = next(iter(stories.values())).person
    title = words("career_of", person=f"{person:x}")
    canvas.text(8, 18, title, size=14, bold=True)
    rows: list[tuple[object, ...]] = []
    told = []
    for lane, (arm, story) in enumerate(stories.items()):
        y = TOP + LANE * lane
        canvas.text(8, y + 24, words(arm), bold=True)
        _jobs(canvas, story, places, y, step, words)
        _searching(canvas, story, y, step, words)
        for one in story.happenings:
            _mark(canvas, one, y, step, first, words)
            rows.append(
                (
                    arm,
                    words.month(one.month, first),
                    one.month,
                    one.event,
                    one.kind,
                    _facts(one, places),
                )
            )
        jobs = [one for one in story.happenings if one.kind in ("joined", "stepped", "left")]
        told.append(
            words("career_words", arm=words(arm), changes=len(jobs), looks=len(story.looks))
        )
    if parting is not None:
        _parting(canvas, parting, step, height, words.month(parting, first))
    _legend(canvas, height, words)
    header = ("arm", "month_name", "month", "event", "what", "facts")
    return canvas.picture(f"person_{person:x}", title, " ".join(told), header, rows)


def _parting(canvas: svg.Canvas, month: int, step: float, height: float, when: str) -> None:
    """A line across all lanes where the lives part."""
    x = LEFT + month * step
    canvas.line(x, TOP - 6, x, height - 46, PARTING, 2, "5 3")
    anchor = "start" if x < WIDTH / 2 else "end"
    shift = 4 if anchor == "start" else -4
    canvas.text(x + shift, height - 46, when, size=12, anchor=anchor, colour=PARTING, bold=True)


def _facts(one: Happening, places: Places) -> str:
    shown = {
        key: places.names[value]
        if key in ("employer", "origin") and isinstance(value, int) and 0 <= value < places.count
        else value
        for key, value in one.facts.items()
    }
    return "; ".join(f"{key}={value}" for key, value in shown.items())


def _years(canvas: svg.Canvas, months: int, first: str, step: float, height: float) -> None:
    year, month = int(first[:4]), int(first[5:7]) - 1
    for k in range(months + 1):
        if (k + month) % 12 == 0:
            x = LEFT + k * step
            canvas.line(x, TOP - 8, x, height - 44)
            if k < months:
                canvas.text(x + 2, TOP - 12, year + (k + month) // 12, size=12, colour=svg.SOFT)


def _jobs(
    canvas: svg.Canvas, story: Follower, places: Places, y: float, step: float, words: Words
) -> None:
    """The jobs as bars: filled for a permanent contract, striped edge for a temporary one."""

    def job(pair: tuple[int, State | None]) -> tuple[float, ...] | None:
        state = pair[1]
        if state is None:
            return None
        return tuple(state[name] for name in ("employer", "role", "contract"))

    for what, group in groupby(story.states, key=job):
        span = list(group)
        if what is None:
            continue
        employer, role, contract = (int(value) for value in what)
        x, width = LEFT + span[0][0] * step, len(span) * step
        sector = c.SECTORS[places.sector[employer]]
        colour = SECTOR_COLOURS[sector]
        lasting = contract == c.PERMANENT
        name = employer_name(employer, places, words)
        hint = f"{name}, {words(c.ROLES[role])}, {words(c.CONTRACTS[contract])}"
        canvas.rect(x, y + 20, width, HIGH, colour, opacity=0.95 if lasting else 0.45, hint=hint)
        canvas.rect(x, y + 20, width, HIGH, "none", stroke=colour)
        room = int(width / 7.4)
        if room >= 4:
            canvas.text(x + 2, y + 14, _short(words(c.ROLES[role]), room), size=12)
            canvas.text(x + 2, y + 59, _short(name, room), size=12, colour=svg.SOFT)


def _short(text: str, room: int) -> str:
    return text if len(text) <= room else text[: max(room - 1, 1)] + "\u2026"


def _searching(canvas: svg.Canvas, story: Follower, y: float, step: float, words: Words) -> None:
    """Months of looking as a line below the bar, applications as strokes on it."""
    for month, look in story.looks:
        x = LEFT + month * step
        canvas.rect(x, y + 66, max(step - 0.4, 0.8), 3, "#b35900")
        applied = sum(one.rank > 0 for one in look.seen)
        if look.seen:
            hint = words("look_hint", passed=look.passed, seen=len(look.seen), applied=applied)
            canvas.rect(
                x,
                y + 70,
                max(step - 0.4, 0.8),
                3 + 4 * min(len(look.seen), 5),
                "#a33200" if applied else "#c9ced4",
                hint=hint,
            )


def _mark(
    canvas: svg.Canvas, one: Happening, y: float, step: float, first: str, words: Words
) -> None:
    sign = MARKS.get(one.kind)
    if sign is None:
        return
    x = LEFT + (one.month + 0.5) * step
    hint = f"{words.month(one.month, first)}: {words('h_' + one.kind)}"
    canvas.add(f"<g><title>{hint}</title>")
    canvas.text(x, y + 38, sign[0], anchor="middle", size=13, colour="#ffffff", bold=True)
    canvas.text(x, y + 38, sign[0], anchor="middle", size=12, colour=sign[1], bold=True)
    canvas.add("</g>")


def _legend(canvas: svg.Canvas, height: float, words: Words) -> None:
    x = 8.0
    for kind in ("joined", "stepped", "made_permanent", "contract_renewed", "defended", "left"):
        sign, colour = MARKS[kind]
        canvas.text(x, height - 24, sign, colour=colour, bold=True)
        label = words("h_" + kind)
        canvas.text(x + 14, height - 24, label, size=12)
        x += 28 + svg.width_of(label, 12)
    canvas.text(8, height - 8, words("career_note"), size=12, colour=svg.SOFT)
