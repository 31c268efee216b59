"""Make pages anew from their studies, and compare their numbers with those that stand on them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hesim.experiments.gallery_page import GALLERY, gallery_text
from hesim.experiments.judgement import OUTSIDE, Judgement, judge, judgement_lines
from hesim.experiments.numbers import number_lines, read_numbers
from hesim.experiments.page_answers import PageAnswers
from hesim.experiments.page_file import (
    FIGURES,
    NUMBERS,
    README,
    SMALL_NUMBERS,
    TABLES,
    ResearchPage,
    read_pages,
)
from hesim.experiments.page_text import PageText, fill_page, typed_numbers
from hesim.experiments.stored_study import REUSED, StoredStudy, provide_study
from hesim.files import put
from hesim.input import userfile
from hesim.input.problems import ConfigErrors, Problem, nearest
from hesim.record.folders import unusable, workplace
from hesim.study.console import Console, Show

ROOT = Path("outputs") / "reproduce"
"""Where studies and pages go that were given no folder; under the current folder."""
PAGES, SMALL = "pages", "small"
MACHINE = re.compile(r"workers|engine|engine\..+")
"""Settings that change no row."""
TAKEN = ("seed", "workers", "engine", "output", "small")
"""What can be set."""


@dataclass(frozen=True)
class PageResult:
    """What came of one page.

    Attributes:
        page: The page.
        folder: Where it was made: README.md, numbers.csv, tables and figures.
        text: Its text and numbers.
        studies: Its studies, as they were provided.
        former: File with the numbers that it was compared with; None where there is none.
        judgements: What is said of each number.
        small: Whether it is the small version.
    """

    page: ResearchPage
    folder: Path
    text: PageText
    studies: Sequence[StoredStudy]
    former: Path | None
    judgements: Sequence[Judgement]
    small: bool = False

    @property
    def reproduced(self) -> bool:
        """Whether there were numbers to compare with, and none is outside."""
        return self.former is not None and not any(
            each.verdict == OUTSIDE for each in self.judgements
        )


@dataclass
class Wishes:
    """What is asked of a reproduction.

    Attributes:
        small: Whether the small version is meant.
        root: Folder of studies and pages.
        settings: Settings that change results: the seed alone.
        machine: Settings that do not.
    """

    small: bool = False
    root: Path = ROOT
    settings: list[str] = field(default_factory=list)
    machine: list[str] = field(default_factory=list)


def read_wishes(overrides: Sequence[str], small: bool = False) -> Wishes:
    """Read what is set on the command line.

    Args:
        overrides: `seed`, `workers`, `engine`, `output` and `small`.
        small: Whether the small version is asked for already.

    Raises:
        ConfigErrors: something else is set, or has no value.
    """
    made, problems = Wishes(small), list[Problem]()
    output = None
    for line in overrides:
        key, equals, value = line.partition("=")
        if not equals or not value:
            problems.append(Problem(key, value, "needs a value"))
        elif key == "small":
            if value not in ("true", "false"):
                problems.append(Problem(key, value, "must be true or false"))
            made.small = value == "true"
        elif key == "output":
            output = userfile.place(value)
        elif key == "seed":
            made.settings.append(line)
        elif MACHINE.fullmatch(key):
            made.machine.append(line)
        else:
            words = (
                f"cannot be set, as the page would be another one; there are {', '.join(TAKEN)}. "
                "To ask a study otherwise: hesim study +experiment=NAME"
            )
            problems.append(Problem(key, value, words, nearest(key, TAKEN)))
    if problems:
        raise ConfigErrors(problems)
    seeds = [line.replace("=", "_") for line in made.settings[-1:]]
    below = [*([SMALL] if made.small else []), *seeds]
    made.root = ROOT.joinpath(*below) if output is None else output
    return made


def reproduce_pages(
    folder: Path,
    names: Sequence[str],
    wishes: Wishes,
    write: bool = False,
    show: Show = False,
) -> list[PageResult]:
    """Make pages anew, and compare them with what they say.

    Studies that pages share are made once.

    Args:
        folder: The folder of all pages.
        names: Which pages; all where none is named.
        wishes: What is asked.
        write: Write what was made into the folders of the pages.
        show: Print what goes on and what came out, or a part of that.

    Raises:
        ConfigErrors: with everything that is wrong with names, pages and settings.
        Unreadable: a study that is there is damaged.
        StudyStopped, KeyboardInterrupt: a study was stopped; the same command goes on.
    """
    pages = read_pages(folder, names)
    typed = [problem for page in pages.values() for problem in typed_numbers(page)]
    if write and wishes.settings:
        words = "cannot be set with --write: the page has the seed of its studies"
        typed.append(Problem("seed", wishes.settings[-1].partition("=")[2], words))
    if typed:
        raise ConfigErrors(typed)
    console = Console(show)
    studies: dict[str, StoredStudy] = {}
    results = []
    for page in pages.values():
        for entry in page.studies.values():
            if entry.name not in studies:
                settings = [*(entry.small if wishes.small else ()), *wishes.settings]
                place = wishes.root / entry.name
                studies[entry.name] = provide_study(entry, place, settings, wishes.machine, console)
        made = make_page(page, studies, wishes)
        for line in result_lines(made):
            console.say(line)
        if write:
            for line in write_page(made, wishes.small):
                console.say(line)
        results.append(made)
    if write and not wishes.small:
        put(folder / GALLERY, gallery_text(folder).encode())
        console.say(f"Gallery: {folder / GALLERY}")
    return results


def make_page(page: ResearchPage, studies: Mapping[str, StoredStudy], wishes: Wishes) -> PageResult:
    """Make a page from its studies, beside them, and compare its numbers.

    Raises:
        ConfigErrors: the studies or the template do not give what the page asks, or the folder
            cannot be written.
    """
    target = (wishes.root / PAGES / page.name).absolute()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with workplace(target) as lease:
            PageAnswers(page, studies).write(lease.folder)
            text = fill_page(page, lease.folder, wishes.small)
            put(lease.folder / README, text.text.encode())
            put(lease.folder / NUMBERS, number_lines(text.records))
            # Files of a former version of the page would be taken for some of this one.
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(lease.folder, target)
    except OSError as error:
        raise unusable(target, error) from None
    file = page.folder / (SMALL_NUMBERS if wishes.small else NUMBERS)
    former = file if file.is_file() else None
    numbers = read_numbers(file.read_text(encoding="utf-8"), str(file)) if former else []
    exact = wishes.small and not wishes.settings
    found = judge(numbers, text.numbers, exact) if former else []
    mine = [studies[name] for name in page.studies]
    return PageResult(page, target, text, mine, former, found, wishes.small)


def write_page(made: PageResult, small: bool) -> Iterator[str]:
    """Write what was made into the folder of the page, and say what was written.

    The small version is a list of numbers alone.
    """
    page = made.page
    if small:
        put(page.folder / SMALL_NUMBERS, number_lines(made.text.records))
        yield f"Written: {page.folder / SMALL_NUMBERS}"
        return
    for name in (TABLES, FIGURES):
        shutil.rmtree(page.folder / name, ignore_errors=True)
        shutil.copytree(made.folder / name, page.folder / name)
    for name in (README, NUMBERS):
        put(page.folder / name, (made.folder / name).read_bytes())
    yield f"Written: {page.folder}"


def rewrite_texts(folder: Path, names: Sequence[str], show: Show = False) -> None:
    """Write README.md and numbers.csv of pages again from the tables that are there.

    Raises:
        ConfigErrors: with what is wrong with names, pages and templates, or a table is not there.
    """
    console = Console(show)
    for page in read_pages(folder, names).values():
        typed = typed_numbers(page)
        if typed:
            raise ConfigErrors(typed)
        text = fill_page(page, page.folder)
        put(page.folder / README, text.text.encode())
        put(page.folder / NUMBERS, number_lines(text.records))
        console.say(f"Written: {page.folder / README}")
    put(folder / GALLERY, gallery_text(folder).encode())


def result_lines(made: PageResult) -> Iterator[str]:
    """What came of a page: its studies, times and numbers."""
    yield f"\n{made.page.name}: {made.page.question}"
    for study in made.studies:
        took = f"{minutes(study.seconds_whole)} on the machine that made it"
        how = f"{study.how} (begun {study.date}, {took})"
        now = "" if study.how == REUSED else f", {minutes(study.seconds)} now"
        yield f"  study {study.name}: {how}{now}: {study.folder}"
    whole = sum(study.seconds_whole for study in made.studies)
    budget = "" if made.small else f"budget {made.page.budget:g} minutes; "
    yield f"  {budget}its studies took {minutes(whole)}"
    if made.former is None:
        yield (
            f"  {len(made.text.records):,} numbers; the page has none yet to compare them with "
            "(--write writes them)"
        )
    else:
        yield f"  {len(made.judgements):,} numbers, compared with {made.former}:"
        yield from judgement_lines(made.judgements)
    yield f"  the page as it is now: {made.folder / README}"


def minutes(seconds: float) -> str:
    """A time in seconds or minutes, as it is read."""
    return f"{seconds:.0f} seconds" if seconds < 90 else f"{seconds / 60:.1f} minutes"


def result_body(made: PageResult) -> dict[str, object]:
    """What came of a page, for JSON."""
    return {
        "page": made.page.name,
        "reproduced": made.reproduced,
        "folder": made.folder,
        "compared_with": made.former,
        "studies": [
            {"study": each.name, "how": each.how, "folder": each.folder, "seconds": each.seconds}
            for each in made.studies
        ],
        "numbers": made.judgements,
    }


def listing_lines(folder: Path) -> Iterator[str]:
    """All pages: question, studies and budget."""
    pages = read_pages(folder)
    yield f"{len(pages)} pages in {folder}:"
    for page in pages.values():
        yield f"\n{page.name}  {page.title}"
        yield f"  {page.question}"
        named = ", ".join(page.studies)
        yield f"  studies: {named}; budget {page.budget:g} minutes on two processors"
    yield "\nhesim reproduce NAME makes one again, and hesim reproduce all makes all of them."
