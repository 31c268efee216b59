"""What stands between wo and hbo on the page: the recorded study, its words, and its age."""

from __future__ import annotations

import shutil
from pathlib import Path

import barrier_fakes
import pytest
from benchmarks import recorded_barriers as maker

import hesim
from hesim.app import barriers_tab
from hesim.app.decomposition import (
    FILE,
    decomposition_age,
    decomposition_from,
    decomposition_of,
    recorded_decomposition,
    run_apart,
    tables_hash,
    world_hash,
)
from hesim.app.words import speak
from hesim.charts.vega import specifications
from hesim.scenario import compose
from hesim.study.answers.barrier_sentences import barrier_sentences
from hesim.study.barriers import BARRIERS
from hesim.study.folder import Study
from hesim.tables import ReportTables

pytestmark = pytest.mark.once


def test_the_recorded_one_belongs_to_the_calibration_in_force(tables: ReportTables) -> None:
    found = recorded_decomposition()
    structures = {
        name: compose([f"structure={name}", f"calibration={calibration}"])
        for name, calibration in found.calibrations.items()
    }
    hashed = tables_hash(tables.hashes)
    said = decomposition_age(found, structures, compose().text("calibration"), hashed)
    assert not said, "\n".join(said)


def test_the_recorded_one_is_small_and_has_all_barriers_in_both_directions() -> None:
    assert maker.FILE.name == FILE and maker.FILE.stat().st_size < 200_000
    rows = recorded_decomposition().tables["barriers"]
    assert set(rows["direction"]) == {"wo_to_hbo", "hbo_to_wo"}
    assert set(rows["barrier"]) == {one.name for one in BARRIERS}
    for (_, structure), mine in rows.groupby(["direction", "structure"]):
        if structure in recorded_decomposition().calibrations:
            assert mine["contribution"].notna().all()


def test_every_barrier_has_words_in_both_languages() -> None:
    for one in BARRIERS:
        assert speak("en")(f"barrier_{one.name}") == one.title
        assert speak("en")(f"barrier_off_{one.name}") == one.off
        dutch = speak("nl")
        assert dutch(f"barrier_{one.name}") != one.title
        assert dutch(f"barrier_off_{one.name}") != one.off


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study of three barriers, whose contributions are known."""
    folder = tmp_path_factory.mktemp("barriers") / "study"
    hesim.barriers(
        ["engine=serial"],
        names=["familiarity", "status_and_content", "posts"],
        structures=["standing"],
        draws=3,
        output=str(folder),
        simulate=barrier_fakes.known_barriers,
    )
    return folder


def test_a_finished_study_becomes_the_file_of_the_page(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / FILE
    assert maker.main([str(small), "--output", str(file)]) == 0
    found = decomposition_from(file.read_text(encoding="utf-8"))
    made = decomposition_of(Study(small))
    assert dict(found.facts) == dict(made.facts)
    # Eight combinations of three barriers, for three draws and twice more with other seeds.
    assert "40 runs" in capsys.readouterr().out and found.facts["runs"] == 40
    # The same sentences, to the last figure.
    assert barrier_sentences(found.tables) == barrier_sentences(made.tables)
    # Familiarity 300 and status 100, each with half of the 60 that they add together; posts 40.
    rows = made.tables["barriers"]
    mine = rows[rows["direction"] == "wo_to_hbo"].set_index("barrier")["contribution"]
    assert mine.to_dict() == pytest.approx(
        {"familiarity": 330.0, "status_and_content": 130.0, "posts": 40.0}
    )
    with pytest.raises(SystemExit):
        maker.main([str(tmp_path)])


def test_a_study_that_is_not_finished_is_refused(small: Path, tmp_path: Path) -> None:
    copy = tmp_path / "study"
    shutil.copytree(small, copy)
    part = next((copy / "parts").glob("*.results.parquet"))
    part.unlink()
    with pytest.raises(SystemExit):
        maker.main([str(copy), "--output", str(tmp_path / FILE)])
    assert not (tmp_path / FILE).exists()


def test_the_page_says_and_lists_what_the_study_found(small: Path) -> None:
    found = decomposition_of(Study(small))
    for language, way, barrier, share in (
        ("en", "From wo to hbo", "Familiarity", "share of the difference"),
        ("nl", "Van wo naar hbo", "Vertrouwdheid", "aandeel in het verschil"),
    ):
        words = speak(language)
        drawn = barriers_tab.decomposition_chart(found, words)
        assert drawn.panels[0].title == way
        assert drawn.panels[0].x.title.startswith(share) and barrier in drawn.panels[0].y.labels
        assert specifications(drawn)
        html = barriers_tab.barriers_html(found, words)
        assert html.count("<table") == 2 and html.count(f">{barrier}</th>") == 2
        origin = barriers_tab.origin_in_words(found, words, recorded=False)
        assert "40 runs" in origin and str(found.facts["made"]) in origin


def test_a_run_of_other_settings_is_told_apart(small: Path) -> None:
    found = decomposition_of(Study(small))
    facts = found.facts
    [calibration] = found.calibrations.values()
    same = [
        "structure=standing",
        f"calibration={calibration}",
        f"population.scale={facts['scale']}",
        f"years={facts['years']}",
    ]
    assert list(run_apart(found, compose(same), False)) == []
    assert list(run_apart(found, compose(same), True)) == ["barriers_levers"]
    other = [*same, "model.choice.sector_cost=0.123"]
    assert list(run_apart(found, compose(other), False)) == ["barriers_other_settings"]
    other = [*same[:1], "calibration=none", *same[2:3], "years=5"]
    told = ["barriers_other_calibration", "barriers_other_years"]
    assert list(run_apart(found, compose(other), False)) == told
    for language in ("en", "nl"):
        assert all(speak(language).known(key, "") for key in told)


def test_what_is_out_of_date_is_told_in_words(small: Path) -> None:
    found = decomposition_of(Study(small))
    [calibration] = found.calibrations.values()
    settings = compose(["structure=standing", f"calibration={calibration}"])
    right = {"standing": settings}
    tables = found.facts["tables"]
    assert decomposition_age(found, right, calibration, tables) == []
    [told] = decomposition_age(found, right, "another", tables)
    assert "calibration another is in force" in told and "benchmarks.recorded_barriers" in told
    [told] = decomposition_age(found, right, calibration, "another")
    assert "tables" in told
    changed = {"standing": compose(["structure=standing", "model.choice.sector_cost=0.123"])}
    [told] = decomposition_age(found, changed, calibration, tables)
    assert "structure standing" in told
    # The scale makes no other world.
    assert world_hash(settings) == world_hash(compose(["population.scale=0.02"]))
