"""The text of a page: made from its tables alone, with no number that is typed in."""

from __future__ import annotations

import builtins
import sys
from pathlib import Path

import pytest
from page_folders import EFFECTS, PAGE, TABLES, TEMPLATE, write_page_folder

from hesim.config import ConfigErrors
from hesim.experiments.gallery_page import gallery_text
from hesim.experiments.numbers import number_lines
from hesim.experiments.page_file import page_names, pages_folder, read_pages
from hesim.experiments.page_text import fill_page, typed_numbers

SENTENCE = "{% set sentence %}It brings something.{% endset %}"


def test_text_sentence_and_numbers_come_from_the_tables(tmp_path) -> None:
    page = write_page_folder(tmp_path)
    made = fill_page(page, page.folder)
    assert made.sentence == "7 (4 to 10) more."
    assert made.text == "# A page\n\n7 (4 to 10) more.\n"
    assert [record.value for record in made.records] == [7.0]
    assert fill_page(page, page.folder, small=True).text.startswith("> **The small version.**")


def test_another_result_changes_the_words(tmp_path) -> None:
    words = 'choice("effects", more="more", less="fewer", none="none", arm="job_swap", **at)'
    template = f'{{% set at = dict(structure="standing") %}}{SENTENCE}It is {{{{ {words} }}}}.'
    page = write_page_folder(tmp_path, template=template)
    assert fill_page(page, page.folder).text == "It is more.\n"
    tables = {**TABLES, "effects": EFFECTS.replace("7.0,4.0,10.0", "7.0,-4.0,18.0")}
    page = write_page_folder(tmp_path, template=template, tables=tables)
    assert fill_page(page, page.folder).text == "It is none.\n"


def test_method_figures_and_commands(tmp_path) -> None:
    template = SENTENCE + '{{ figure("swaps", "words") }}\n{{ method() }}\n{{ again() }}'
    body = PAGE.replace("figures: {}", "figures: {swaps: tiny.league}")
    page = write_page_folder(tmp_path, template=template, page=body)
    text = fill_page(page, page.folder).text
    assert "![words](figures/swaps.png)" in text
    assert "12 runs of 3 arms" in text and "means over 2011 to 2012" in text and "seed 1" in text
    assert "    hesim reproduce swaps seed=2" in text


@pytest.mark.parametrize(
    "text",
    [
        "In 2014 and from 2011 to 2020.",
        "A 95% interval, and 95% intervals.",
        "`study.draws=40` and\n```\nseed=2\n```\nand [here](figures/part_2.png).",
        '{{ quote("effects", digits=1, structure="standing", arm="job_swap") }}',
        '{% if value("effects", arm="job_swap", structure="standing") > 5 %}More.{% endif %}',
        '{% set after = dict(after="12 months") %}',
        "{# 7 is a remark #}",
    ],
)
def test_digits_that_are_no_results_may_stand(tmp_path, text: str) -> None:
    assert typed_numbers(write_page_folder(tmp_path, template=TEMPLATE + text)) == []


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("It brings 7 more.", "7"),
        ("It brings 12,5.", "12"),
        ("It brings {{ 7 }} more.", "7"),
        ('It brings {{ "7 more" }}.', "7 more"),
        ("{% set x = 7 %}", "7"),
        ("{% set x %}7{% endset %}", "7"),
        ("{% macro x() %}about 7{% endmacro %}", "7"),
        ("The year 20145.", "20145"),
        ("95% of all.", "95"),
        ("{{ 3 * 4 }}", "3"),
    ],
)
def test_digits_that_may_be_results_are_found_with_their_line(tmp_path, text, digits) -> None:
    page = write_page_folder(tmp_path, template=f"{TEMPLATE}\n{text}")
    problem = typed_numbers(page)[0]
    assert problem.value == digits
    assert problem.path == "swaps/page.md.jinja, line 6"


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{% if %}", "line 1"),
        (SENTENCE + "\n\n{{ nothing }}", "line 3"),
        (SENTENCE + '{{ quote("effects", arm="job_swop") }}', "did you mean job_swap?"),
        (SENTENCE + "{{ ().__class__.__bases__ }}", "unsafe"),
        ("no sentence", "the gallery shows"),
        (SENTENCE + '{{ figure("leage", "x") }}', "is no figure of this page"),
    ],
)
def test_templates_that_cannot_be_filled_in_say_why(tmp_path, template: str, words: str) -> None:
    page = write_page_folder(tmp_path, template=template)
    with pytest.raises(ConfigErrors) as caught:
        fill_page(page, page.folder)
    assert words in str(caught.value)


def test_a_table_that_is_not_there_says_what_makes_it(tmp_path) -> None:
    page = write_page_folder(tmp_path)
    (page.folder / "tables" / "shares.csv").unlink()
    with pytest.raises(ConfigErrors, match="hesim reproduce swaps --write"):
        fill_page(page, page.folder)


def test_without_jinja_the_extra_is_named(tmp_path, monkeypatch) -> None:
    page = write_page_folder(tmp_path)
    usual = builtins.__import__

    def without(name: str, *rest: object, **more: object) -> object:
        if name.partition(".")[0] == "jinja2":
            raise ModuleNotFoundError(name)
        return usual(name, *rest, **more)

    for name in [each for each in sys.modules if each.partition(".")[0] == "jinja2"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", without)
    for ask in (lambda: fill_page(page, page.folder), lambda: typed_numbers(page)):
        with pytest.raises(ConfigErrors, match="--extra reproduce"):
            ask()


def test_the_gallery_has_a_picture_and_a_sentence_of_each_page_that_is_made(tmp_path) -> None:
    body = PAGE.replace("figures: {}", "figures: {swaps: tiny.league, other: tiny.fan}")
    page = write_page_folder(tmp_path, page=body)
    write_page_folder(tmp_path, "unmade")
    (page.folder / "README.md").write_text("made")
    (tmp_path / "by-hand").mkdir()
    (tmp_path / "by-hand" / "README.md").write_text("old")
    text = gallery_text(tmp_path)
    assert "## [A page](swaps/README.md)\n\n7 (4 to 10) more.\n" in text
    assert "[![What does it do?](swaps/figures/swaps.png)](swaps/README.md)" in text
    assert "other.png" not in text and "unmade" not in text
    assert "[by-hand](by-hand/README.md)" in text


@pytest.mark.parametrize("name", page_names(pages_folder()))
def test_pages_have_no_typed_numbers_and_say_what_their_tables_say(name: str) -> None:
    page = read_pages(pages_folder(), [name])[name]
    assert typed_numbers(page) == []
    assert (page.folder / "small.csv").is_file()
    readme: Path = page.folder / "README.md"
    if readme.is_file():
        made = fill_page(page, page.folder)
        assert readme.read_text(encoding="utf-8") == made.text
        assert (page.folder / "numbers.csv").read_bytes() == number_lines(made.records)
