"""What a page says of itself: read strictly, and everything that is wrong is told at once."""

from __future__ import annotations

import pytest
from page_folders import PAGE, write_page_folder

from hesim.config import ConfigErrors
from hesim.experiments import page_file
from hesim.experiments.page_file import AnswerEntry, FigureEntry, pages_folder, read_pages


def test_a_page_is_read_with_its_usual_answers(tmp_path) -> None:
    body = PAGE.replace(
        "tables:",
        "answers:\n"
        "  back: {study: tiny, ask: [study.outcome=hbo_to_wo]}\n"
        "  roles: {study: tiny, by: role}\n"
        "tables:",
    ).replace("figures: {}", "figures: {fan: back.fan}")
    page = write_page_folder(tmp_path, page=body)
    assert (page.name, page.title, page.budget) == ("swaps", "A page", 1.0)
    assert page.studies["tiny"].small == ("years=1",)
    assert list(page.answers.values()) == [
        AnswerEntry("tiny", "tiny"),
        AnswerEntry("back", "tiny", "ask", ("study.outcome=hbo_to_wo",)),
        AnswerEntry("roles", "tiny", "by", ("role",)),
    ]
    assert page.tables == {"effects": ("tiny", "comparison"), "shares": ("tiny", "best")}
    assert page.figures["fan"] == FigureEntry("fan", "back", "fan")


def test_all_that_is_wrong_is_told_at_once(tmp_path) -> None:
    body = """\
titel: A page
question: ""
budget: 0
studies:
  tiny: {experiment: sector_cost, smal: [years=1]}
answers:
  back: {study: tini, ask: []}
  two: {study: tiny, by: role, query: from results}
tables:
  effects: tinny.comparison
  short: tiny
  studies: tiny.best
figures:
  one: {table: efects, by: arm, series: scenario, title: x}
"""
    with pytest.raises(ConfigErrors) as caught:
        write_page_folder(tmp_path, page=body)
    text = str(caught.value)
    for words in (
        "titel: is not known",
        "did you mean title?",
        "question",
        "minutes above 0",
        "did you mean sector_costs?",
        "did you mean small?",
        "answers.back.study = 'tini'",
        "answers.two: must have one of",
        "tables.effects",
        "must be an answer and a name",
        "is the name of the table of the page's studies",
        "did you mean effects?",
        "figures.one.unit: must be there",
    ):
        assert words in text, words


def test_yaml_that_cannot_be_read_names_the_file(tmp_path) -> None:
    with pytest.raises(ConfigErrors, match=r"swaps/page\.yaml"):
        write_page_folder(tmp_path, page="title: [a")


def test_pages_that_share_a_study_say_the_same_of_it(tmp_path) -> None:
    write_page_folder(tmp_path, "one")
    write_page_folder(tmp_path, "two")
    assert list(read_pages(tmp_path)) == ["one", "two"]
    write_page_folder(tmp_path, "two", page=PAGE.replace("years=1", "years=2"))
    with pytest.raises(ConfigErrors, match="must be as in the page one"):
        read_pages(tmp_path)
    assert list(read_pages(tmp_path, ["two"])) == ["two"]


def test_without_a_checkout_it_is_said_where_the_pages_are(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(page_file, "packaged", lambda: tmp_path / "_conf")
    with pytest.raises(ConfigErrors, match=r"part of the repository of hesim.*--folder"):
        pages_folder()
    assert pages_folder(tmp_path) == tmp_path
    with pytest.raises(ConfigErrors, match="must be a folder"):
        pages_folder(tmp_path / "nowhere")
