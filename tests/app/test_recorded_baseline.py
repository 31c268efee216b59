"""The baseline that the page opens with: it is read as it was written, and belongs to the model."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks import recorded_baseline as maker

from hesim.app.answer_words import baseline_sentence
from hesim.app.recorded_baseline import (
    FILE,
    from_text,
    out_of_date,
    recorded_baseline,
    settings_hash,
    to_text,
)
from hesim.app.words import speak
from hesim.outcomes.registry import OUTCOMES
from hesim.outcomes.summary import COLUMNS
from hesim.scenario import compose
from hesim.tables import ReportTables

pytestmark = pytest.mark.once
SMALL = ("population.scale=0.02", "years=2", "burn_in=3")


def test_it_belongs_to_the_calibration_in_force(tables: ReportTables) -> None:
    settings = compose()
    now = maker.hashes(settings, tables)
    said = out_of_date(recorded_baseline(), settings, now["tables"], now["model"], now["results"])
    assert not said, "\n".join(said)


def test_it_is_small_and_whole() -> None:
    found = recorded_baseline()
    assert maker.FILE.name == FILE and maker.FILE.stat().st_size < 300_000
    assert found.facts["scale"] == 1.0 and found.facts["replications"] >= 2
    assert tuple(found.rows[0]) == COLUMNS
    first, last = found.years
    for name in OUTCOMES:
        years = [int(str(row["year"])) for row in found.by_year(name)]
        assert years == list(range(first, last + 1)), name
        values = [row["mean"] for row in found.by_year(name)]
        assert found.mean(name)["mean"] == pytest.approx(np.mean(values), abs=1e-3)
    assert found.flows.shape[0] == found.facts["replications"]


def test_what_is_recorded_is_what_a_run_gives_and_is_read_as_written() -> None:
    made = maker.record_baseline(SMALL, 2)
    again = from_text(to_text(made))
    assert again.rows == made.rows and again.facts == made.facts
    assert again.flows == pytest.approx(made.flows, abs=1e-4)
    # Those who go from wo to hbo by the flows are those of the outcome.
    from hesim.app.measures import ORIGINS
    from hesim.categories import SECTORS
    from hesim.survey.crossings import LATER

    to = SECTORS.index("hbo")
    rows = [ORIGINS.index("wo"), ORIGINS.index(LATER["wo_to_hbo"][0])]
    there = made.flows[:, rows, to].sum(axis=1).mean()
    assert there == pytest.approx(made.mean("wo_to_hbo")["mean"], abs=1e-3)


def test_what_is_out_of_date_is_told_in_words() -> None:
    settings = compose(SMALL)
    tiny = ("population.scale=0.02", "years=1", "burn_in=1")
    baseline = maker.record_baseline(tiny, 2)
    facts = baseline.facts
    right = (str(facts["tables"]), str(facts["model"]), str(facts["results"]))
    assert out_of_date(baseline, compose(tiny), *right) == []
    [told] = out_of_date(baseline, settings, *right)
    assert "settings" in told and "uv run python -m benchmarks.recorded_baseline" in told
    same = compose([*tiny, "replications=5"])
    # New code with the same results is no fault; new results are.
    assert out_of_date(baseline, same, right[0], "other", right[2]) == []
    [told] = out_of_date(baseline, same, right[0], "other", "other")
    assert "the code of the model and its results" in told
    [told] = out_of_date(baseline, same, "other", right[1], right[2])
    assert "tables" in told
    [told] = out_of_date(baseline, compose(("calibration=none",)), *right)
    assert "calibration none" not in told and "none is in force" in told


def test_its_hash_is_of_settings_that_decide_it() -> None:
    usual = settings_hash(compose(SMALL))
    assert settings_hash(compose([*SMALL, "replications=7", "levers=[job_swap]"])) == usual
    assert settings_hash(compose([*SMALL, "seed=2"])) != usual


def test_the_sentence_says_what_it_is() -> None:
    found = recorded_baseline()
    for language, words in (("en", "Without new levers"), ("nl", "Zonder nieuwe maatregelen")):
        said = baseline_sentence(found, speak(language))
        assert said.startswith(words) and str(found.facts["replications"]) in said
        assert str(found.facts["calibration"]) in said
