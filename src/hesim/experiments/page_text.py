"""Make the text of a page from its template and its tables, and find numbers that are typed in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hesim.experiments.numbers import PageNumber, PageNumbers, TableRow
from hesim.experiments.page_file import FIGURES, ResearchPage
from hesim.experiments.table_rows import page_tables
from hesim.input import userfile
from hesim.input.problems import ConfigErrors, Problem
from hesim.sources import extra_command

if TYPE_CHECKING:
    from jinja2 import Template, nodes

EXTRA = "reproduce"
YEARS = re.compile(r"\b(?:19|20)\d\d\b")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
"""Names of settings, tables and commands stand in code; their digits are no results."""
LINK = re.compile(r"\]\([^)\s]*\)")
INTERVAL = re.compile(r"\b95% intervals?\b")
DIGIT = re.compile(r"\d+")
SENTENCE = "sentence"
"""Name that a template sets: the one sentence by which the page is shown in the gallery."""


@dataclass(frozen=True)
class PageText:
    """A page as it is read, and the numbers on it.

    Attributes:
        text: Markdown.
        sentence: The one sentence of the gallery.
        numbers: What handed the numbers out.
    """

    text: str
    sentence: str
    numbers: PageNumbers

    @property
    def records(self) -> list[PageNumber]:
        """The numbers, in the order in which they were first handed out."""
        return self.numbers.records


def fill_page(page: ResearchPage, folder: Path, small: bool = False) -> PageText:
    """Fill in the template of a page.

    Args:
        page: The page.
        folder: Where its `tables/` lie.
        small: Whether they are those of the small version; the text then says so.

    Raises:
        ConfigErrors: a table is not there, the template asks for what no table has, or it is no
            template; or Jinja is not installed.
    """
    numbers = PageNumbers(page, page_tables(page, folder))
    template = _template(page)
    given = {
        **numbers.names(),
        "page": {"name": page.name, "title": page.title, "question": page.question},
        "method": lambda: "\n".join(method_lines(page, numbers)),
        "again": lambda: "\n".join(again_lines(page)),
        "figure": lambda name, words: figure_line(page, name, words),
    }
    from jinja2 import TemplateError

    try:
        module = template.make_module(given)
    except TemplateError as error:
        raise ConfigErrors([_template_problem(page, error, template)]) from None
    sentence = " ".join(str(getattr(module, SENTENCE, "")).split())
    if not sentence:
        block = f"{{% set {SENTENCE} %}}...{{% endset %}}"
        words = f"must set the one sentence that the gallery shows: {block}"
        raise ConfigErrors([Problem(str(page.template), None, words)])
    body = re.sub(r"\n{3,}", "\n\n", str(module)).strip() + "\n"
    if small:
        note = (
            "> **The small version.** It shows that the page can be made. Its studies are far too "
            "small for its numbers to say anything."
        )
        body = f"{note}\n\n{body}"
    return PageText(body, sentence, numbers)


def method_lines(page: ResearchPage, numbers: PageNumbers) -> Iterator[str]:
    """What each study of a page is: a line each."""
    for name in page.studies:
        facts = numbers.study(name)
        yield f"- {study_words(name, facts)}"


def study_words(name: str, facts: TableRow) -> str:
    """What a study is, in words, from its row in the table of studies."""
    draws, worlds = facts.value("draws"), facts.value("worlds")
    parts = [
        f"{facts.value('runs'):,} runs of {facts.value('arms')} arms, the baseline included",
        f"scale {facts.value('scale'):g}",
        f"{facts.first_year} to {facts.last_year}, means over {facts.means_from} to "
        f"{facts.means_to}",
        f"replications of each point: {facts.value('replications')}",
        f"structures: {facts.structures}",
        f"calibration: {facts.calibrations}",
    ]
    if draws:
        parts.append(f"draws of the calibration: {draws}")
    if worlds > max(1, draws):
        parts.append(f"worlds: {worlds}")
    parts.append(f"seed {facts.value('seed')}")
    return f"Study `{name}` (`conf/experiment/{facts.experiment}.yaml`): {'; '.join(parts)}."


def again_lines(page: ResearchPage) -> Iterator[str]:
    """How a page is made again."""
    yield f"    hesim reproduce {page.name}"
    yield f"    hesim reproduce {page.name} seed=2"
    yield f"    hesim reproduce {page.name} --small"
    yield ""
    yield (
        f"The first command makes the studies, which may take {page.budget:g} minutes on two "
        "processors, and compares each number of this page with what comes out. The second does so "
        "with other random numbers. The third takes less than a minute: it shows that the page can "
        "be made, and its numbers say nothing. `numbers.csv` lists all numbers of this page, and "
        "`tables/` holds the tables that they stand in."
    )


def figure_line(page: ResearchPage, name: str, words: str) -> str:
    """A figure, with words for those who do not see it.

    Raises:
        ConfigErrors: the page has no such figure.
    """
    if name not in page.figures:
        listed = ", ".join(page.figures)
        words = f"is no figure of this page; there are {listed}"
        raise ConfigErrors([Problem(str(page.template), name, words)])
    return f"![{words}]({FIGURES}/{name}.png)"


def typed_numbers(page: ResearchPage) -> list[Problem]:
    """Numbers that stand in a template itself, where only tables may have them.

    Years, code, what links point to, and the words 95% interval may have digits. So may what is
    asked of a table, as `digits=1` or `after="12 months"`, and what a number is compared with.

    Raises:
        ConfigErrors: it is no template; or Jinja is not installed.
    """
    tree = _parsed(page, userfile.text(page.template))
    from jinja2 import nodes

    found: list[tuple[int, str]] = []
    for output in tree.find_all(nodes.Output):
        data = "".join(
            # What is handed out stands for itself, so that code may begin before it.
            node.data if isinstance(node, nodes.TemplateData) else "\0"
            for node in output.nodes
        )
        for pattern in (CODE, LINK, YEARS, INTERVAL):
            data = pattern.sub(lambda cut: "\n" * cut[0].count("\n"), data)
        for line, words in enumerate(data.split("\n")):
            found += [(output.lineno + line, digit) for digit in DIGIT.findall(words)]
    found += [(line, str(value)) for line, value in _constants(tree)]
    words = "is typed into the template; let it come from a table, by quote(...) or value(...)"
    return [
        Problem(f"{page.template.parent.name}/{page.template.name}, line {line}", value, words)
        for line, value in sorted(found)
    ]


def _constants(tree: nodes.Node, free: bool = False) -> Iterator[tuple[int, object]]:
    """Constants with digits that stand for themselves, and their lines."""
    from jinja2 import nodes

    if isinstance(tree, nodes.Const):
        said = str(tree.value)
        for pattern in (CODE, YEARS, INTERVAL):
            said = pattern.sub("", said)
        if not free and not isinstance(tree.value, bool) and DIGIT.search(said):
            yield tree.lineno, tree.value
        return
    asks = (nodes.Call, nodes.Compare, nodes.Getitem, nodes.Filter)
    for child in tree.iter_child_nodes():
        yield from _constants(child, free or isinstance(tree, asks))


def _template(page: ResearchPage) -> Template:
    text = userfile.text(page.template)
    tree = _parsed(page, text)
    return _environment().from_string(tree)


def _parsed(page: ResearchPage, text: str) -> nodes.Template:
    environment = _environment()
    from jinja2 import TemplateError

    try:
        return environment.parse(text)
    except TemplateError as error:
        raise ConfigErrors([_template_problem(page, error)]) from None


def _environment() -> Any:
    try:
        from jinja2 import StrictUndefined
        from jinja2.sandbox import ImmutableSandboxedEnvironment
    except ModuleNotFoundError:
        words = f"needs Jinja, which is not installed; get it by {extra_command(EXTRA)}"
        raise ConfigErrors([Problem("reproduce", None, words)]) from None
    # Markdown is no HTML, so nothing is escaped.
    return ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True
    )


def _template_problem(
    page: ResearchPage, error: Exception, template: Template | None = None
) -> Problem:
    line = getattr(error, "lineno", None)
    trace = error.__traceback__
    while template is not None and trace is not None:
        # Of what goes wrong while it is filled in, only the traceback knows the line.
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = template.get_corresponding_lineno(trace.tb_lineno)
        trace = trace.tb_next
    where = f", line {line}" if line else ""
    return Problem(f"{page.name}/{page.template.name}{where}", None, str(error))
