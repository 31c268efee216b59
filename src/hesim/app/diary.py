"""Tell one person's story month by month, as HTML: what was seen, weighed, applied for, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from html import escape

from hesim import categories as c
from hesim.app.words import Words
from hesim.charts.colours import SECTOR_COLOURS
from hesim.model.items import HEADINGS
from hesim.record.places import Places, employer_name
from hesim.story.person import Follower, Happening
from hesim.story.ranking import Applicant, fate_of
from hesim.story.search import LUCK, Look, Sighting

FACTORS: dict[str, tuple[tuple[str, ...], str]] = {
    "factor_work": (("work_itself", "people", "working_conditions", "organisation"), "#0072B2"),
    "factor_preconditions": (("preconditions",), "#56B4E9"),
    "factor_security": (("security",), "#009E73"),
    "factor_distance": (("distance",), "#E69F00"),
    "factor_push": (("push", "ending", "side", "no_job"), "#D55E00"),
    "factor_change": (("change", "contract", "hours", "outside"), "#999999"),
    "factor_sector": (("sector", "outlook"), "#CC79A7"),
    "factor_luck": ((LUCK,), "#E3E06A"),
}
"""Groups of factors in which a utility is shown, each with its colour."""
SHOWN = 8
"""Vacancies and applicants shown of one month; the rest is counted."""


class Diary:
    """Writes one person's story."""

    def __init__(
        self, story: Follower, places: Places, towns: tuple[str, ...], first: str, words: Words
    ) -> None:
        """Prepare to write.

        Args:
            story: The story.
            places: Employers.
            towns: Names of the towns by code.
            first: First recorded month, as `2011-01`.
            words: Language.
        """
        self.story, self.places, self.towns = story, places, towns
        self.first, self.words = first, words

    def html(self, but: Mapping[int, str] | None = None) -> str:
        """The whole story.

        Args:
            but: Months of another world's story, as `months` gives them: what is the same there
                is left out.
        """
        months = self.months()
        if not months:
            return f"<p>{escape(self.words('story_empty'))}</p>"
        parts = [self._legend()]
        if but is not None:
            months = {month: text for month, text in months.items() if but.get(month) != text}
            told = self.words("differs" if months else "same_story")
            parts = [f"<p>{escape(told)}</p>"]
        for month in sorted(months):
            when = escape(self.words.month(month, self.first))
            parts.append(f"<section><h3>{when}</h3>{months[month]}</section>")
        return f'<div class="hesim-diary">{"".join(parts)}</div>'

    def months(self) -> dict[int, str]:
        """What happened in each month, as HTML."""
        months: dict[int, list[str]] = defaultdict(list)
        for one in self.story.happenings:
            text = self.sentence(one)
            if text:
                months[one.month].append(f"<p>{text}</p>")
        for month, look in self.story.looks:
            months[month].append(self.search(look))
        return {month: "".join(texts) for month, texts in months.items()}

    def name(self, employer: object) -> str:
        """An employer's name with its sector."""
        code = int(str(employer))
        if code < 0:
            return escape(self.words("none"))
        sector = c.SECTORS[self.places.sector[code]]
        inside = f" ({self.words(sector)})" if code < self.places.institutions else ""
        dot = f'<span class="hesim-dot" style="background:{SECTOR_COLOURS[sector]}"></span>'
        return f"{dot}{escape(self.plain(code) + inside)}"

    def plain(self, employer: int) -> str:
        """An employer's name: an institution's own, or sector and region."""
        return employer_name(employer, self.places, self.words)

    def sentence(self, one: Happening) -> str:
        """What happened, in a sentence; empty for what says nothing to people."""
        words, facts = self.words, one.facts
        shown: dict[str, object] = {}
        for key, names in (
            ("role", c.ROLES),
            ("origin_role", c.ROLES),
            ("contract", c.CONTRACTS),
            ("education", c.EDUCATION),
            ("field", c.FIELDS),
        ):
            if key in facts:
                shown[key] = escape(words(names[int(str(facts[key]))]))
        for key in ("employer", "origin"):
            if key in facts:
                shown[key] = self.name(facts[key])
        if "home" in facts:
            shown["home"] = escape(self.towns[int(str(facts["home"]))])
        if "ends" in facts and int(str(facts["ends"])) < 30000:
            shown["ends"] = words.month(int(str(facts["ends"])), self.first)
        if "born" in facts:
            shown["age"] = (one.month - int(str(facts["born"]))) // 12
        if "items" in facts:
            items = facts["items"]
            assert isinstance(items, list)
            shown["items"] = escape(", ".join(_item(name, words) for name in items) or "-")
        reason = str(facts.get("reason", ""))
        shown["reason"] = f" ({escape(words(reason))})" if reason else ""
        for key in ("hours", "before"):
            shown[key] = facts.get(key, "")
        if one.kind == "search_started":
            shown["why"] = escape(words(f"search_{facts['search']}"))
        if one.kind == "pushed" and not facts["items"]:
            return escape(words("s_not_pushed"))
        jobless = one.kind == "present" and int(str(facts["employer"])) < 0
        template = words.known(f"s_{one.kind}{'_jobless' if jobless else ''}", "")
        return template.format(**{"ends": "-", "home": "", "age": "", **shown}) if template else ""

    def search(self, look: Look) -> str:
        """One month's search: a line, and everything about it to fold out."""
        words = self.words
        applied = sorted((one for one in look.seen if one.rank), key=lambda one: one.rank)
        told = words(
            "look_line",
            passed=look.passed,
            seen=len(look.seen),
            applied=len(applied),
            field=words(c.FIELDS[look.circle]),
        )
        outcome = "; ".join(
            f"{self.plain(one.employer)}: {words('outcome_' + one.outcome)}" for one in applied
        )
        line = f"{escape(told)} <b>{escape(outcome)}</b>"
        if not look.seen:
            return f"<p>{line}</p>"
        head = "".join(
            f"<th>{escape(words(key))}</th>"
            for key in ("vacancy", "seen_by", "utility", "why", "what_came")
        )
        bar = sum(look.present.values())
        rows = "".join(self._sighting(one, look) for one in look.seen[:SHOWN])
        rest = len(look.seen) - SHOWN
        more = f"<p>{escape(words('more_seen', count=rest))}</p>" if rest > 0 else ""
        present = words("present_job", value=words.number(bar))
        considers = ", ".join(words(kind) for kind in look.considered)
        contests = "".join(self._contest(one) for one in applied)
        return (
            f"<details><summary>{line}</summary><p>{escape(present)} "
            f"{escape(words('considers', kinds=considers))}</p>"
            f'<table class="hesim-table"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody>'
            f"</table>{more}{contests}</details>"
        )

    def _sighting(self, one: Sighting, look: Look) -> str:
        words = self.words
        channels = ", ".join(words(f"channel_{name}") for name in one.channels)
        what = (
            f"{self.name(one.employer)}<br>{escape(words(c.ROLES[one.role]))}, "
            f"{escape(words(c.CONTRACTS[one.contract]))}, {one.hours} "
            f"{escape(words('hours_short'))}, {one.km:.0f} km"
        )
        rank = escape(words("application", rank=one.rank)) if one.rank else ""
        gain = one.utility - sum(look.present.values())
        outcome = escape(words(f"outcome_{one.outcome}"))
        return (
            f"<tr><td>{what}</td><td>{escape(channels)}</td>"
            f'<td class="hesim-num">{words.number(one.utility)}<br>'
            f"({words.signed(gain)})</td>"
            f"<td>{self._bar(one, look)}</td><td>{rank} {outcome}</td></tr>"
        )

    def _bar(self, one: Sighting, look: Look) -> str:
        """The difference to the present job by group of factors: right speaks for the vacancy."""
        width, middle, unit = 240.0, 110.0, 14.0
        left, right, pieces, told = middle, middle, [], []
        for name, (factors, colour) in FACTORS.items():
            value = sum(one.parts.get(f, 0.0) - look.present.get(f, 0.0) for f in factors)
            if abs(value) < 0.005:
                continue
            size = min(abs(value) * unit, 110.0)
            x = right if value > 0 else left - size
            right, left = (right + size, left) if value > 0 else (right, left - size)
            label = f"{self.words(name)} {self.words.signed(value)}"
            told.append(label)
            pieces.append(
                f'<rect x="{max(x, 0):.1f}" y="3" width="{size:.1f}" height="14" fill="{colour}" '
                f'stroke="#ffffff"><title>{escape(label)}</title></rect>'
            )
        words = escape(", ".join(told))
        return (
            f'<svg width="{width:g}" height="20" role="img" aria-label="{words}">'
            f'{"".join(pieces)}<line x1="{middle:g}" x2="{middle:g}" y1="0" y2="20" '
            f'stroke="#1f2328"/></svg><div class="hesim-small">{words}</div>'
        )

    def _contest(self, one: Sighting) -> str:
        """Who applied for the same vacancy, in the employer's order."""
        words = self.words
        title = words("ranking_of", count=len(one.applicants))
        head = "".join(
            f"<th>{escape(words(key))}</th>"
            for key in ("place", "who", "points", "why", "what_came")
        )
        rows = []
        for place, each in enumerate(one.applicants, 1):
            me = each.person == self.story.person
            if place > SHOWN and not me:
                continue
            fate = fate_of(each, one.applicants)
            rows.append(applicant_row(place, each, me, self.name(each.employer), fate, words))
        return (
            f"<h4>{self.name(one.employer)}, {escape(words(c.ROLES[one.role]))}: "
            f"{escape(title)}</h4>"
            f'<table class="hesim-table"><thead><tr>{head}</tr></thead>'
            f"<tbody>{''.join(rows)}</tbody></table>"
        )

    def _legend(self) -> str:
        items = "".join(
            f'<span class="hesim-key"><span class="hesim-dot" style="background:{colour}"></span>'
            f"{escape(self.words(name))}</span>"
            for name, (_, colour) in FACTORS.items()
        )
        return f'<p class="hesim-small">{escape(self.words("bar_note"))} {items}</p>'


def applicant_row(
    place: int, one: Applicant, me: bool, employer: str, fate: str, words: Words
) -> str:
    """A row of a ranking: place, who, points, points by factor, what came of it.

    Args:
        place: Place in the ranking.
        one: The applicant.
        me: Whether it is the person followed.
        employer: HTML of the name of the present employer.
        fate: What came of it, see `story.ranking.fate_of`.
        words: Language.
    """
    who = words(
        "applicant",
        age=f"{one.age:.0f}",
        education=words(c.EDUCATION[one.education]),
        role=words(c.ROLES[one.role]),
        practice=words.number(one.practice),
        academic=words.number(one.academic),
    )
    named = f"<b>{escape(words('this_person'))}</b>: " if me else ""
    why = ", ".join(
        f"{words('points_' + name)} {words.signed(value)}" for name, value in one.parts.items()
    )
    strong = ' class="hesim-me"' if me else ""
    return (
        f"<tr{strong}><td>{place}</td><td>{named}{escape(who)}; {employer} "
        f'<span class="hesim-small">{one.person:x}</span></td>'
        f'<td class="hesim-num">{words.number(one.score)}</td><td>{escape(why)}</td>'
        f"<td>{escape(words('applicant_' + fate, wanted=one.wanted))}</td></tr>"
    )


def _item(name: str, words: Words) -> str:
    heading, _, item = name.partition(".")
    short = words.known(f"item_{item}", item.replace("_", " "))
    return short if heading in HEADINGS else name
