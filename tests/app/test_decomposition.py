"""What stands between wo and hbo on the page: the recorded study, its words, and its age."""

from __future__ import annotations

from pathlib import Path

import barrier_fakes
import pytest
from benchmarks import recorded_barriers as maker

from hesim.api import barriers
from hesim.app.decomposition import (
    FILE,
    out_of_date,
    recorded_decomposition,
)
from hesim.app.words import speak
from hesim.scenario import compose
from hesim.sources import digest
from hesim.study.barriers import BARRIERS
from hesim.tables import ReportTables

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study of three barriers, whose contributions are known."""
    folder = tmp_path_factory.mktemp("barriers") / "study"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hesim.study.branches.observe", barrier_fakes.known_barriers)
        barriers(
            structures=["standing"],
            names=["familiarity", "status_and_content", "posts"],
            draws=2,
            scale=0.02,
            years=2,
            workers=1,
            output=str(folder),
        )
    return folder


def test_the_recorded_one_belongs_to_the_calibration_in_force(tables: ReportTables) -> None:
    found = recorded_decomposition()
    structures = {
        name: compose([f"structure={name}", f"calibration={calibration}"])
        for name, calibration in found.calibrations.items()
    }
    hashed = digest({name: one.encode() for name, one in tables.hashes.items()})[:16]
    said = out_of_date(found, structures, compose().text("calibration"), hashed)
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
