"""What the command line and docs/levers.md say of the levers is what they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from hesim.cli import main
from hesim.levers.catalogue import catalogue
from hesim.levers.document import lines
from hesim.tables import read

DOCS = Path(__file__).parents[2] / "docs" / "levers.md"


def test_the_document_is_current() -> None:
    assert DOCS.read_text(encoding="utf-8") == "\n".join(lines()).rstrip() + "\n"


def test_every_recommendation_has_a_lever_or_a_reason() -> None:
    keys = {lever.key for lever in catalogue()}
    named = {row.lever for row in read().recommendations}
    assert named - keys == {"none"}
    assert keys <= named


def test_the_listing_has_all_levers_with_grade_and_ideas(capsys: pytest.CaptureFixture) -> None:
    assert main(["levers"]) == 0
    shown = capsys.readouterr().out
    for lever in catalogue():
        line = next(row for row in shown.splitlines() if row.startswith(f"{lever.key} "))
        ideas = sum(row.lever == lever.key for row in read().recommendations)
        assert line.split()[1:3] == [lever.grade, str(ideas)]


def test_a_lever_is_explained_with_dials_and_what_it_must_not_do(
    capsys: pytest.CaptureFixture,
) -> None:
    assert main(["levers", "joint_research"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    lever = next(each for each in catalogue() if each.key == "joint_research")
    for words in (lever.title, lever.about, lever.must_not, lever.section, "content_met = 0.5"):
        assert words in shown
    assert main(["levers", "awareness"]) == 0
    assert "meet_and_greet" in capsys.readouterr().out


def test_all_ideas_mechanisms_and_places_are_listed(capsys: pytest.CaptureFixture) -> None:
    assert main(["levers", "--recommendations"]) == 0
    shown = capsys.readouterr().out
    for row in read().recommendations:
        assert row.idea in shown
    assert "120 recommendations" in shown
    assert main(["levers", "--mechanisms"]) == 0
    assert "terms.alignment" in capsys.readouterr().out
    assert main(["levers", "--reach"]) == 0
    assert "Universiteit Utrecht (wo, " in capsys.readouterr().out


def test_a_wrong_name_gets_the_nearest_one(capsys: pytest.CaptureFixture) -> None:
    assert main(["levers", "single_coa"]) == 2
    assert "did you mean single_cao?" in capsys.readouterr().err
