"""Let the posts that employers want grow, by sector and, at first, by field."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from benchmarks.reference.rates import HBO, KINDS, WO
from hesim import categories as c

if TYPE_CHECKING:
    from benchmarks.reference.market import Cell, Employer
    from hesim.config import Settings

GOLDEN = (math.sqrt(5.0) - 1.0) / 2.0


def head_start(employer: Employer, cell: Cell) -> float:
    """Part of a post that a cell is given before posts are rounded down, fixed for good.

    The fraction of the golden ratio times the cell's number: spread evenly, so that of many cells
    just the share due has one post more, and that no cell goes up and down while its field grows.
    """
    role, field = cell
    number = (employer.number * len(c.ROLES) + role) * len(c.FIELDS) + field + 1
    return (number * GOLDEN) % 1.0


class Demand:
    """How many posts each employer wants in a month."""

    def __init__(self, settings: Settings, employers: list[Employer]) -> None:
        """Read `model.vacancies`, `model.inputs.posts` and `model.inputs.growth`."""
        vacancies = settings.mapping("model.vacancies")
        unfilled: dict[str, float] = settings.mapping("model.inputs.posts")
        self.posts_per_head: dict[int, float] = {
            kind: 1.0 + unfilled[KINDS[kind]] / 100.0 for kind in (HBO, WO)
        }
        self.of_kind = {kind: float(vacancies["growth"][KINDS[kind]]) for kind in (HBO, WO)}
        until = vacancies["growth_until"]
        self.most_years = until - int(settings.text("start")[:4]) if until else math.inf
        in_hbo = 1.0 + vacancies["growth"]["hbo"]
        self.of_lectoren = (in_hbo + vacancies["lector_growth"]) / in_hbo
        self.field_years: float = vacancies["field_years"]
        self.of_field: dict[tuple[int, int], float] = {}
        self.employers = employers
        self.cells: dict[int, list[tuple[Employer, Cell]]] = {
            kind: [(e, cell) for e in employers if e.kind == kind for cell in e.first_target]
            for kind in (HBO, WO)
        }
        self.scale = settings.number("population.scale")
        for kind in (HBO, WO):
            self._read_fields(settings.mapping(f"model.inputs.growth.{KINDS[kind]}"), kind)

    def _read_fields(self, per_cent: dict[str, float], kind: int) -> None:
        """Turn posts gained a year, per cent of all surveyed posts, into growth of each field's."""
        posts = [0.0] * len(c.FIELDS)
        for employer, (role, field), thinned in self.all_posts(kind):
            if role != c.PROFESSOR:
                whole = employer.first_target.get((role, field), 0)
                posts[field] += thinned if self.scale < 1.0 else whole
        for field, name in enumerate(c.FIELDS):
            if posts[field]:
                gained = per_cent[name] / 100.0 * sum(posts)
                self.of_field[kind, field] = gained / posts[field]

    def all_posts(self, kind: int) -> Iterator[tuple[Employer, Cell, float]]:
        """Every cell of the employers of a kind, with its share of a post or its posts."""
        for employer in self.employers:
            if employer.kind == kind:
                for cell, posts in employer.posts.items():
                    yield employer, cell, posts * self.scale

    def grown_years(self, month: int) -> int:
        """Whole years of growth so many months after the first one."""
        return int(max(min(month // 12, self.most_years), 0))

    def field_ratio(self, kind: int, cell: Cell, month: int) -> float:
        """Posts of a cell over those of the first month; professors' follow no field."""
        role, field = cell
        if role == c.PROFESSOR:
            return 1.0
        years = min(month / 12.0, self.field_years)
        ratio = max(1.0 + self.of_field.get((kind, field), 0.0) * years, 0.0)
        return ratio * self.of_lectoren ** self.grown_years(month) if role == c.LECTOR else ratio

    def set_targets(self, month: int) -> None:
        """Tell the employers what they want so many months after the first recorded one.

        Sectors grow by the whole year, fields by the month, and some posts more than there is staff
        stand open all the time.
        """
        for kind, cells in self.cells.items():
            ratio = self.posts_per_head[kind] * (1.0 + self.of_kind[kind]) ** self.grown_years(
                month
            )
            left_over: dict[int, list[tuple[float, int, Employer, Cell]]] = defaultdict(list)
            for number, (employer, cell) in enumerate(cells):
                due = employer.first_target[cell] * ratio * self.field_ratio(kind, cell, month)
                exact = due + head_start(employer, cell)
                employer.target[cell] = math.floor(exact)
                if employer.target[cell]:
                    rest = exact - employer.target[cell]
                    left_over[cell[0]].append((rest, number, employer, cell))
            if self.scale < 1.0:
                first, now = defaultdict[int, float](float), defaultdict[int, float](float)
                for _, cell, thinned in self.all_posts(kind):
                    first[cell[0]] += thinned
                    now[cell[0]] += thinned * ratio * self.field_ratio(kind, cell, month)
                whole: dict[int, int] = defaultdict(int)
                for employer, cell in cells:
                    whole[cell[0]] += employer.first_target[cell]
                for role, rests in left_over.items():
                    self.keep_sum(whole[role] * now[role] / first[role], rests)

    def keep_sum(self, wanted: float, rests: list[tuple[float, int, Employer, Cell]]) -> None:
        """Add or take single posts until a role has those that all of the country's thin to.

        Args:
            wanted: Posts of the role, with a fraction.
            rests: What rounding left of each cell with a post, the number of the cell, and it.
        """
        posts = sum(employer.target[cell] for _, _, employer, cell in rests)
        short = math.floor(wanted + 0.5) - posts
        sign = 1 if short > 0 else -1
        rests.sort(key=lambda one: (-sign * one[0], one[1]))
        for _, _, employer, cell in rests[: abs(short)]:
            employer.target[cell] += sign
