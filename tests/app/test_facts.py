"""Files of the page say which version of hesim made what they show."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import hesim
from hesim.app.answer_pictures import baseline_facts
from hesim.app.barriers_tab import decomposition_facts
from hesim.app.decomposition import recorded_decomposition
from hesim.app.facts import download_name, version_named, version_of_run
from hesim.app.recorded_baseline import recorded_baseline

pytestmark = pytest.mark.once


def test_a_recorded_run_names_the_version_that_made_it(tmp_path: Path) -> None:
    assert version_of_run(tmp_path / "nothing") == ""
    body = {"format": 2, "versions": {"python": "3.11.7", "hesim": "0.9.1"}}
    (tmp_path / "manifest.json").write_text(json.dumps(body), encoding="utf-8")
    assert version_of_run(tmp_path) == "0.9.1"


@pytest.mark.parametrize("versions", [None, "0.9.1", {}])
def test_a_manifest_without_versions_names_none(versions: object) -> None:
    assert version_named({"versions": versions}) == "" == version_named({})


def test_recorded_answers_name_the_version_that_ships_them() -> None:
    for facts in (
        baseline_facts(recorded_baseline()),
        decomposition_facts(recorded_decomposition()),
    ):
        assert facts["hesim"] == hesim.__version__
        # It stands in the rows of a file, and makes its name no longer.
        assert hesim.__version__ not in download_name("chart", facts)
