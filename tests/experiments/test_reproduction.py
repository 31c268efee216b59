"""`hesim reproduce` from end to end, with small studies: made, reused, resumed, compared."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from page_folders import write_page_folder

import hesim
from hesim.cli import main
from hesim.cli.candidates import candidates
from hesim.experiments.page_file import StudyEntry, page_names, pages_folder
from hesim.experiments.stored_study import plan_differences, provide_study
from hesim.study.console import Console
from hesim.study.identity import data_of, facts_of
from hesim.study.plan import plan_study
from hesim.study.shares import arm_with_shares

PAGE = """\
title: Swaps
question: What do swaps do?
budget: 1
studies:
  swaps:
    experiment: sector_costs
    settings:
      - study.uncertainties=[]
      - study.levers=[job_swap]
      - levers.job_swap.start=2011-01
      - study.replications=2
      - study.flows=false
      - study.by=[]
      - population.scale=0.02
      - years=1
      - burn_in=1
      - engine=serial
    small: [study.replications=1]
answers:
  own: {study: swaps, query: "select arm, count(*) as cells from design group by arm order by arm"}
tables:
  effects: swaps.comparison
  cells: own.query
  survey: report.3.5
  written: data.written
figures:
  league: swaps.league
"""
TEMPLATE = """\
{% set sentence %}
Swaps change the moves by {{ quote("effects", arm="job_swap", outcome="wo_to_hbo") }} persons.
{% endset %}
{{ sentence }}
Levels: {{ quote("effects", "level", arm="baseline", outcome="wo_to_hbo") }}, scale
{{ study("swaps").scale }}, {{ value("cells", "cells", arm="job_swap") }} cell,
{{ value("written", "persons", source="hand") }} persons, {{ rows("survey")[0].percent }} percent.
{{ figure("league", "League") }}
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of pages with one page that is written, and its outputs beside it."""
    folder = tmp_path_factory.mktemp("pages")
    page = write_page_folder(folder, "swaps", TEMPLATE, PAGE, {})
    (page.folder / "data").mkdir()
    (page.folder / "data" / "written.csv").write_text("source,persons\nhand,157\n")
    assert main(["reproduce", "swaps", *words(folder), "--write", "--quiet"]) == 0
    return folder


def words(folder: Path) -> list[str]:
    return ["--folder", str(folder), f"output={folder / 'out'}"]


def test_writing_makes_text_numbers_tables_figures_and_gallery(made) -> None:
    place = made / "swaps"
    found = sorted(x.relative_to(place).as_posix() for x in place.rglob("*") if x.is_file())
    assert [name for name in found if not name.startswith("page.")] == [
        "README.md",
        "data/written.csv",
        "figures/league.png",
        "numbers.csv",
        "tables/cells.csv",
        "tables/effects.csv",
        "tables/studies.csv",
        "tables/survey.csv",
        "tables/written.csv",
    ]
    text = (place / "README.md").read_text()
    assert "157 persons" in text and "0.02, 1 cell" in text
    answers = hesim.compare(made / "out" / "swaps").tables["comparison"]
    row = answers[(answers["arm"] == "baseline") & (answers["outcome"] == "wo_to_hbo")].iloc[0]
    assert f"Levels: {row['level']:,.0f} ({row['level_low']:,.0f} to" in text
    assert answers.to_csv(index=False) == (place / "tables" / "effects.csv").read_text()
    assert "[Swaps](swaps/README.md)" in (made / "README.md").read_text()


def test_a_study_is_reused_and_all_numbers_are_the_same(made, capsys) -> None:
    before = {x: x.read_bytes() for x in (made / "swaps").rglob("*") if x.is_file()}
    assert main(["reproduce", "swaps", *words(made)]) == 0
    said = capsys.readouterr().out
    assert "study swaps: reused (begun 20" in said and "budget 1 minutes" in said
    assert "6  same to the digit" in said and "0  outside of it" in said
    assert {x: x.read_bytes() for x in (made / "swaps").rglob("*") if x.is_file()} == before


def test_a_number_that_does_not_come_out_again_is_named(made, capsys, tmp_path) -> None:
    pages = tmp_path / "pages"
    shutil.copytree(made / "swaps", pages / "swaps")
    file = pages / "swaps" / "numbers.csv"
    file.write_text(file.read_text().replace(",157.0,", ",175.0,"))
    arguments = ["reproduce", "swaps", "--folder", str(pages), f"output={made / 'out'}"]
    assert main(arguments) == 1
    assert "outside: written.persons [source=hand]: was 175, is 157" in capsys.readouterr().out
    assert main([*arguments, "--json", "--quiet"]) == 1
    [page] = json.loads(capsys.readouterr().out)["pages"]
    assert page["page"] == "swaps" and not page["reproduced"]
    assert page["studies"][0]["how"] == "reused"
    file.unlink()
    assert main(arguments) == 1
    assert "has none yet to compare them with" in capsys.readouterr().out


def test_the_text_is_written_again_from_the_tables_alone(made, tmp_path, capsys) -> None:
    shutil.copytree(made / "swaps", tmp_path / "swaps")
    former = (tmp_path / "swaps" / "README.md").read_text()
    template = tmp_path / "swaps" / "page.md.jinja"
    template.write_text(template.read_text() + "\nOne more line.\n")
    assert main(["reproduce", "swaps", "--folder", str(tmp_path), "--text"]) == 0
    assert (tmp_path / "swaps" / "README.md").read_text() == f"{former}\nOne more line.\n"
    assert not (tmp_path / "out").exists()


def test_other_random_numbers_are_judged_by_error(made, tmp_path, capsys) -> None:
    found = hesim.reproduce("swaps", folder=made, output=str(tmp_path / "two"), seed=2)
    verdicts = {each.number.partition(" ")[0]: each for each in found[0].judgements}
    assert found[0].studies[0].how == "made"
    assert found[0].folder.is_relative_to(tmp_path / "two")
    assert verdicts["written.persons"].verdict == "same to the digit"
    level = verdicts["effects.level"]
    assert level.verdict == "within Monte Carlo error" and level.former != level.current
    assert level.limit > abs(level.former - level.current)


def test_the_small_version_is_a_list_of_numbers_compared_to_the_digit(made, tmp_path) -> None:
    pages, out = tmp_path / "pages", f"output={tmp_path / 'out'}"
    shutil.copytree(made / "swaps", pages / "swaps")
    arguments = ["reproduce", "--folder", str(pages), out, "--quiet", "--small"]
    assert main([*arguments, "all", "--write"]) == 0
    assert (pages / "swaps" / "small.csv").is_file()
    readme = pages / "swaps" / "README.md"
    assert readme.read_bytes() == (made / "swaps" / "README.md").read_bytes()
    assert main([*arguments, "swaps"]) == 0
    file = pages / "swaps" / "small.csv"
    lines = file.read_text().splitlines(keepends=True)
    [at] = [k for k, line in enumerate(lines) if line.startswith("effects.level")]
    value = lines[at].split(",")[4]
    lines[at] = lines[at].replace(f",{value},", f",{float(value) + 1},", 1)
    file.write_text("".join(lines))
    assert main([*arguments, "swaps"]) == 1


ENTRY = StudyEntry(
    "swaps",
    "sector_costs",
    (
        "study.uncertainties=[]",
        "study.replications=2",
        "study.flows=false",
        "study.by=[]",
        "population.scale=0.02",
        "years=1",
        "burn_in=1",
    ),
)
MACHINE = ("engine=serial",)


def test_a_study_is_made_reused_resumed_or_set_aside(tmp_path, capsys) -> None:
    folder = tmp_path / "root" / "swaps"
    console = Console("warnings")
    first = provide_study(ENTRY, folder, [], MACHINE, console)
    assert (first.how, first.former) == ("made", None) and first.seconds > 0
    assert first.asked == (
        "study.outcome=wo_to_hbo",
        "study.better=more",
        "study.threshold=0.0",
    )
    rows = hesim.load_study(folder).query("from results order by all")
    again = provide_study(ENTRY, folder, [], MACHINE, console)
    assert (again.how, again.seconds, again.date) == ("reused", 0.0, first.date)

    for part in (folder / "parts").iterdir():
        part.unlink()
    assert provide_study(ENTRY, folder, [], MACHINE, console).how == "resumed"
    assert hesim.load_study(folder).query("from results order by all").equals(rows)

    capsys.readouterr()
    other = provide_study(ENTRY, folder, ["seed=2"], MACHINE, console)
    assert other.how == "made" and other.former is not None
    assert hesim.load_study(other.former).query("from results order by all").equals(rows)
    assert "seed: was 1, is 2" in capsys.readouterr().err
    assert provide_study(ENTRY, folder, ["seed=2"], MACHINE, console).how == "reused"


def manifest_of(plan, **changes: object) -> dict[str, object]:
    facts = facts_of(plan, data_of(plan.settings)[0])
    return {"facts": {**facts, **changes}, "replications": plan.replications}


def test_a_plan_is_compared_with_what_a_study_was_made_from() -> None:
    plan = plan_study(["study.levers=[job_swap]", "study.replications=4"])
    assert plan_differences(manifest_of(plan), plan) == []
    code = manifest_of(plan, code={"model/order.py": "other"})
    assert any(line.startswith("code: ") for line in plan_differences(code, plan))
    dial = plan_study(["study.levers=[job_swap]", "levers.job_swap.volunteers=0.1"])
    assert any("volunteers" in line for line in plan_differences(manifest_of(dial), plan))
    more = {**manifest_of(plan), "replications": 8}
    assert plan_differences(more, plan) == ["study.replications: was 8, is 4"]
    # What a study is asked changes no row.
    asked = plan_study(
        ["study.levers=[job_swap]", "study.replications=4", "study.outcome=hbo_to_wo"]
    )
    assert plan_differences(manifest_of(plan), asked) == []
    precise = plan_study(["study.levers=[job_swap]", "study.replications=4", "study.precision=5"])
    assert plan_differences({**manifest_of(precise), "replications": 8}, precise) == []


def test_shares_that_pilots_found_are_no_difference() -> None:
    plan = plan_study(["study.levers=[job_swap]", "study.budget=1e6"])
    scaled = [arm_with_shares(arm, {"job_swap": 3.0}) if arm.settings else arm for arm in plan.arms]
    arms = {arm.name: arm.settings for arm in scaled}
    made = manifest_of(plan, arms=arms, plan_sha256="other")
    assert plan_differences(made, plan) == []
    usual = plan_study(["study.levers=[job_swap]"])
    made = manifest_of(usual, arms=arms, plan_sha256="other")
    assert plan_differences(made, usual)


def test_listing_and_tab_name_the_pages(capsys) -> None:
    assert main(["reproduce"]) == 0
    said = capsys.readouterr().out
    for name in page_names(pages_folder()):
        assert f"\n{name}  " in said
    assert "studies: " in said and "budget " in said
    found = candidates(["reproduce"], "")
    assert {*page_names(pages_folder()), "all"} <= set(found)
    assert "--small" in candidates(["reproduce"], "--s")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["partnership"], "did you mean partnerships?"),
        (["partnerships", "years=2"], "cannot be set, as the page would be another one"),
        (["partnerships", "sed=2"], "did you mean seed?"),
        (["partnerships", "seed=2", "--write"], "cannot be set with --write"),
        (["partnerships", "small=yes"], "must be true or false"),
        (["partnerships", "--smal"], "did you mean --small?"),
        (["--small"], "name a page, or all"),
        (["partnerships", "--text", "--small"], "runs no study"),
        (["partnerships", "--folder", "nowhere"], "must be a folder with pages"),
    ],
)
def test_mistakes_are_told_with_exit_code_2(arguments, said: str, capsys) -> None:
    assert main(["reproduce", *arguments]) == 2
    assert said in capsys.readouterr().err


def test_an_interrupt_leaves_a_study_that_is_taken_up_again(tmp_path, monkeypatch) -> None:
    from hesim.study import launch

    usual = launch.complete_study

    def interrupted(*given: object, **more: object) -> object:
        raise KeyboardInterrupt

    folder = tmp_path / "swaps"
    monkeypatch.setattr(launch, "complete_study", interrupted)
    with pytest.raises(KeyboardInterrupt):
        provide_study(ENTRY, folder, [], MACHINE, Console(False))
    monkeypatch.setattr(launch, "complete_study", usual)
    assert provide_study(ENTRY, folder, [], MACHINE, Console(False)).how == "resumed"
    assert hesim.load_study(folder).completeness.complete


def test_the_small_version_of_a_page_comes_out_again(tmp_path, capsys) -> None:
    """The page `partnerships` with 112 small runs: the one page that is made in every test run."""
    code = main(["reproduce", "partnerships", "--small", f"output={tmp_path}"])
    said = capsys.readouterr()
    assert code == 0, said.out + said.err
