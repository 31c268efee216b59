"""What the command line and docs/levers.md say of the levers is what they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from hesim.cli import main
from hesim.levers.catalogue import catalogue
from hesim.levers.document import document_lines
from hesim.tables import read

DOCS = Path(__file__).parents[2] / "docs" / "levers.md"


def test_the_document_is_current() -> None:
    assert DOCS.read_text(encoding="utf-8") == "\n".join(document_lines()).rstrip() + "\n"


def test_every_recommendation_has_a_lever_or_a_reason() -> None:
    keys, rows = {lever.key for lever in catalogue()}, read().recommendations
    first, second = ({row.lever for row in rows}, {row.second_lever for row in rows})
    assert first - keys == second - keys == {"none"}
    assert keys <= first | second
    assert all(row.lever != row.second_lever or row.lever == "none" for row in rows)


def test_fit_dose_and_levers_of_a_recommendation_agree() -> None:
    for row in read().recommendations:
        principle = row.fit == "principle"
        assert principle == (row.lever == "none") == (row.dose is None), row.idea
        if principle or row.fit == "exact":
            assert row.second_lever == "none", row.idea
        if row.fit == "exact":
            assert row.dose == 1, row.idea
        assert row.dose is None or 0 < row.dose <= 1, row.idea


def test_the_listing_has_all_levers_with_grade_and_ideas(capsys: pytest.CaptureFixture) -> None:
    assert main(["levers"]) == 0
    shown = capsys.readouterr().out
    for lever in catalogue():
        line = next(row for row in shown.splitlines() if row.startswith(f"{lever.key} "))
        rows = read().recommendations
        ideas = sum(lever.key in (row.lever, row.second_lever) for row in rows)
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


def test_priors_and_costs_are_told(capsys: pytest.CaptureFixture) -> None:
    document = "\n".join(document_lines())
    for lever in catalogue():
        assert main(["levers", lever.key]) == 0
        shown = " ".join(capsys.readouterr().out.split())
        part = document.partition(f"### {lever.key}: ")[2].partition("\n##")[0]
        for text in (*(each.prior.reason for each in lever.dials), *(c.about for c in lever.costs)):
            assert " ".join(text.split()) in shown and text in part, (lever.key, text)
        for cost in lever.costs:
            assert f"{cost.name} = {cost.whole:,.0f} euros" in shown
            begin = f"| `{cost.name}`{' (transfer)' * cost.transfer}: {cost.about} |"
            row = next(line for line in part.splitlines() if line.startswith(begin))
            assert f"| {cost.whole:,.0f} | {cost.low:,.0f} to {cost.high:,.0f} |" in row


def test_all_ideas_mechanisms_and_places_are_listed(capsys: pytest.CaptureFixture) -> None:
    assert main(["levers", "--recommendations"]) == 0
    shown = capsys.readouterr().out
    told = shown.splitlines()
    for number, row in enumerate(read().recommendations):
        assert row.idea in told[number]
        second = [] if row.second_lever == "none" else ["+", row.second_lever]
        dose = [] if row.dose is None else [f"{row.dose:g}"]
        expected = [row.lever, *second, row.fit, *dose]
        assert told[number].partition(row.idea)[0].split()[-len(expected) :] == expected
    assert "120 recommendations" in shown
    assert main(["levers", "--mechanisms"]) == 0
    assert "terms.alignment" in capsys.readouterr().out
    assert main(["levers", "--reach"]) == 0
    assert "Universiteit Utrecht (wo, " in capsys.readouterr().out


def test_a_wrong_name_gets_the_nearest_one(capsys: pytest.CaptureFixture) -> None:
    assert main(["levers", "single_coa"]) == 2
    assert "did you mean single_cao?" in capsys.readouterr().err
