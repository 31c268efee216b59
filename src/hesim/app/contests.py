"""Tell the contests of an institution: its vacancies, who applied from where, who won, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from hesim import categories as c
from hesim.app.diary import Diary, applicant_row
from hesim.app.table_html import wide
from hesim.record.places import employer_name
from hesim.story.person import Follower
from hesim.story.ranking import UNSEEN, Applicant, fate_of

if TYPE_CHECKING:
    from hesim.app.scene import Scene
    from hesim.app.words import Words
    from hesim.record.places import Places
    from hesim.record.reader import Record
    from hesim.story.institution import Contest

MONTHS = 12
LISTED = 60
"""Vacancies listed, the latest first."""
LONGEST = 12
"""Applicants listed of a vacancy, the best first."""
LOST = ("refused", "outranked", "other_post")
"""Fates of those who did not get a post, in the order in which they are told."""
MOST_FACTORS = 2
"""Factors named in which those ranked below were behind."""


@dataclass(frozen=True)
class VacancyStory:
    """A vacancy with all who applied for it.

    Attributes:
        contests: The months in which somebody applied, in order; at least one.
    """

    contests: tuple[Contest, ...]

    @property
    def last(self) -> Contest:
        """The last month in which somebody applied."""
        return self.contests[-1]

    @property
    def winner(self) -> Applicant | None:
        """Who got the post, if anybody did."""
        return next((one for one in self.last.applicants if one.taken), None)

    @property
    def applicants(self) -> list[Applicant]:
        """All applications, those of the last month first."""
        return [one for each in reversed(self.contests) for one in each.applicants]

    def fates(self) -> Counter[str]:
        """How many of those who did not get the post met which fate."""
        found = Counter(fate_of(one, x.applicants) for x in self.contests for one in x.applicants)
        del found["hired"]
        return found

    def behind(self) -> list[str]:
        """Factors in which those ranked below had fewer points than who won, the largest first."""
        winner = self.winner
        below = [
            one for one in self.last.applicants if fate_of(one, self.last.applicants) == "outranked"
        ]
        if winner is None or not below:
            return []
        names = {name for one in (winner, *below) for name in one.parts} - {UNSEEN}
        gaps = {
            name: winner.parts.get(name, 0.0)
            - float(np.mean([one.parts.get(name, 0.0) for one in below]))
            for name in names
        }
        # Gaps that nobody would notice say nothing.
        ahead = [name for name in sorted(gaps, key=lambda name: -gaps[name]) if gaps[name] >= 0.05]
        return ahead[:MOST_FACTORS]


def vacancy_stories(contests: Iterable[Contest], start: int, stop: int) -> list[VacancyStory]:
    """Vacancies for which somebody applied from a month up to and without another, latest first."""
    found: dict[int, list[Contest]] = {}
    for one in contests:
        if start <= one.month < stop:
            found.setdefault(one.vacancy, []).append(one)
    stories = [VacancyStory(tuple(mine)) for mine in found.values()]
    return sorted(stories, key=lambda story: -story.last.month)


def vacancy_counts(record: Record, code: int, start: int, stop: int) -> dict[str, int]:
    """Vacancies of an institution from a month up to and without another, as simulated.

    Returns:
        How many were `opened`, `filled` and `withdrawn`, and how many stood `open` at the end.
    """
    v = record.vacancies()
    mine = (v.employer == code) & (v.opened < stop)
    closed = mine & (v.closed >= start) & (v.closed < stop)
    still = mine & ((v.closed < 0) | (v.closed >= stop))
    return {
        "opened": int(np.count_nonzero(mine & (v.opened >= start))),
        "filled": int(np.count_nonzero(closed & v.filled)),
        "withdrawn": int(np.count_nonzero(closed & ~v.filled)),
        "open": int(np.count_nonzero(still)),
    }


def contests_html(record: Record, contests: Sequence[Contest], code: int, scene: Scene) -> str:
    """The vacancies of the last twelve months: a sentence, then each with its applicants.

    Args:
        record: Of the arm that was replayed.
        contests: Months in which somebody applied, by month.
        code: The institution.
        scene: What is looked at.
    """
    words, places = scene.words, scene.snapshot.places
    stop = scene.month
    start = max(0, stop - MONTHS)
    stories = vacancy_stories(contests, start, stop)
    counts = vacancy_counts(record, code, start, stop)
    first, last = (words.month(month, scene.first) for month in (start, stop - 1))
    told = [words("contests_year", first=first, last=last, **counts)]
    everybody = [one for story in stories for one in story.applicants]
    if everybody:
        sectors = _sectors(everybody, places, words)
        told.append(words("contests_applied", count=len(everybody), sectors=sectors))
        fates = sum((story.fates() for story in stories), Counter[str]())
        if fates:
            told.append(words("contests_fates", fates=_fates(fates, words)))
    else:
        told.append(words("contests_none"))
    diary = Diary(Follower(-1), places, (), scene.first, words)
    parts = [f"<p class='hesim-sentence'>{escape(' '.join(told))}</p>"]
    parts.append(f"<p class='hesim-small'>{escape(words('contests_alone'))}</p>")
    parts += [_story(story, diary) for story in stories[:LISTED]]
    rest = len(stories) - LISTED
    if rest > 0:
        parts.append(f"<p>{escape(words('more_contests', count=rest))}</p>")
    return f'<div class="hesim-diary">{"".join(parts)}</div>'


def _sectors(everybody: Sequence[Applicant], places: Places, words: Words) -> str:
    """From where people applied, the most first."""
    found = Counter(
        "none" if one.employer < 0 else c.SECTORS[places.sector[one.employer]] for one in everybody
    )
    return ", ".join(
        words("contest_from_none", count=count)
        if sector == "none"
        else words("contest_from", count=count, sector=words(sector))
        for sector, count in found.most_common()
    )


def _fates(found: Counter[str], words: Words) -> str:
    return "; ".join(words(f"fate_{fate}", count=found[fate]) for fate in LOST if found[fate])


def _story(story: VacancyStory, diary: Diary) -> str:
    """One vacancy: its contest in sentences, and its applicants to fold out."""
    words, last = diary.words, story.last
    winner, everybody = story.winner, story.applicants
    told = words(
        "contest",
        month=words.month(last.month, diary.first),
        role=words(c.ROLES[last.role]),
        field=words(c.FIELDS[last.field]),
        count=len(everybody),
        waited=last.month - last.opened,
        outcome=words("contest_open" if winner is None else "contest_filled"),
    )
    more = [f"{_sectors(everybody, diary.places, words)}."]
    if winner is None:
        more.append(words("contest_nobody"))
    else:
        more.append(words("contest_won", who=_who(winner, diary.places, words)))
    fates = story.fates()
    if fates:
        more.append(words("contest_others", fates=_fates(fates, words)))
    behind = [words(f"points_{name}") for name in story.behind()]
    if behind:
        more.append(words("contest_behind", factors=", ".join(behind)))
    head = "".join(
        f"<th scope='col'>{escape(words(key))}</th>"
        for key in ("place", "who", "points", "why", "what_came")
    )
    rows = "".join(
        applicant_row(
            place, one, False, diary.name(one.employer), fate_of(one, last.applicants), words
        )
        for place, one in enumerate(last.applicants[:LONGEST], 1)
    )
    table = (
        f"<table class='hesim-table'><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    )
    return (
        f"<details><summary>{escape(told)}<br><span class='hesim-small'>"
        f"{escape(' '.join(more))}</span></summary>{wide(table, told)}</details>"
    )


def _who(one: Applicant, places: Places, words: Words) -> str:
    """Who somebody is: role and employer."""
    if one.employer < 0:
        return words("contest_who_jobless")
    sector = c.SECTORS[places.sector[one.employer]]
    inside = f" ({words(sector)})" if one.employer < places.institutions else ""
    named = employer_name(one.employer, places, words) + inside
    return words("contest_who", role=words(c.ROLES[one.role]), employer=named)
