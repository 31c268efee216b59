"""A study in Python: effects, parts that add up, arrays and figures."""

from __future__ import annotations

import builtins

import numpy as np
import pyarrow.parquet as pq
import pytest

import hesim
from hesim.cli import main
from hesim.config import ConfigErrors
from hesim.outcomes import breakdown
from hesim.outcomes.staff import HEADS
from hesim.report.study_results import StudyResults
from hesim.study.answers.arrays import NoXarray
from hesim.survey.crossings import CROSSINGS

GIVEN = {
    "levers": ["meet_and_greet"],
    "replications": 2,
    "scale": 0.02,
    "years": 2,
    "burn_in": 1,
    "engine": "serial",
    "levers.meet_and_greet.start": "2011-06",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> StudyResults:
    folder = tmp_path_factory.mktemp("study") / "study"
    return hesim.run_study(output=str(folder), **GIVEN)


def test_effects_are_the_answers_of_the_study(made: StudyResults) -> None:
    effects = made.effects()
    answers = hesim.compare(made).tables["comparison"]
    assert effects.equals(answers)
    assert set(effects["arm"]) == {"baseline", "meet_and_greet"}


@pytest.mark.parametrize("dimension", ["region", "age", "sex", "field", "role"])
def test_the_parts_add_up_to_the_whole(made: StudyResults, dimension: str) -> None:
    keys = ["arm", "outcome"]
    parts = made.by(dimension).groupby(keys)[["level", "difference_mean"]].sum()
    whole = made.effects().set_index(keys)[["level", "difference_mean"]]
    for key, row in parts.iterrows():
        if key[1] in HEADS:
            continue
        assert row["level"] == pytest.approx(whole.loc[key, "level"])
        if key[0] != "baseline":
            assert row["difference_mean"] == pytest.approx(whole.loc[key, "difference_mean"])
    assert whole.loc[("baseline", "wo_to_hbo"), "level"] > 0


def test_staff_by_category_is_the_same_by_each_dimension_and_that_of_a_run(
    made: StudyResults, tmp_path
) -> None:
    run = {key: value for key, value in GIVEN.items() if key != "engine"} | {"workers": 1}
    alone = hesim.run(output=str(tmp_path / "run"), **run)
    arms = {"baseline": "baseline", "meet_and_greet": "policy"}
    for dimension in ("region", "age", "sex", "field", "role"):
        mean = alone.by(dimension).set_index(["arm", "outcome", dimension])
        for row in made.by(dimension).itertuples():
            of_run = mean.loc[(arms[row.arm], row.outcome, getattr(row, dimension))]
            assert row.level == pytest.approx(of_run["mean"], abs=1e-3)
            assert row.unit == of_run["unit"]
        yearly = alone.by(dimension, yearly=True).set_index(["arm", "outcome", dimension, "year"])
        by_year = made.by(dimension, yearly=True)
        assert set(by_year["year"]) == {2011, 2012}
        for row in by_year.itertuples():
            key = (arms[row.arm], row.outcome, getattr(row, dimension), row.year)
            assert row.level == pytest.approx(yearly.loc[key, "mean"], abs=1e-3)
            if row.arm != "baseline":
                less = yearly.loc[("difference", *key[1:]), "mean"]
                assert row.difference_mean == pytest.approx(less, abs=1e-3)
    table = made.by("age")
    stored = made.query(
        "select avg(value) from results join design using (point) where arm = 'baseline' "
        "and outcome like 'by.age.%.staff_wo' group by replication, year"
    )
    level = table[(table["arm"] == "baseline") & (table["outcome"] == "staff_wo")]["level"]
    assert level.sum() == pytest.approx(4 * stored.iloc[:, 0].mean())


def test_compare_by_field_prints_and_writes_the_table(made: StudyResults, tmp_path, capsys) -> None:
    assert main(["compare", str(made.folder), "--by", "field", f"output={tmp_path}"]) == 0
    shown = capsys.readouterr().out
    assert "Crossings and staff by field" in shown and "95% intervals" in shown
    table = made.by("field")
    assert (tmp_path / "by_field.csv").read_text() == table.to_csv(index=False)
    by_year = (tmp_path / "by_field_and_year.csv").read_text()
    assert by_year == made.by("field", yearly=True).to_csv(index=False)
    level = table[(table["arm"] == "baseline") & (table["outcome"] == "wo_to_hbo")]["level"]
    assert all(f"{value:,.1f}" in shown for value in level)
    staff = table[table["outcome"] == "staff_hbo"]
    assert "Staff of hbo at the end of the year (staff_hbo), persons:" in shown
    assert all(f"{value:,.1f}" in shown for value in staff["level"])


@pytest.mark.parametrize("words", [["--by", "feild"], ["--by"], ["--by=", "study.better=less"]])
def test_bad_dimensions_are_told_with_those_that_exist(made: StudyResults, words, capsys) -> None:
    assert main(["compare", str(made.folder), *words]) == 2
    assert "hesim: " in capsys.readouterr().err


def test_a_study_that_kept_no_parts_says_how_to_keep_them(tmp_path) -> None:
    given = {key: value for key, value in GIVEN.items() if not key.startswith("levers")}
    given |= {"years": 1, "replications": 1, "by": ["sex"]}
    study = hesim.run_study(output=str(tmp_path / "study"), **given)
    assert len(study.by("sex"))
    with pytest.raises(ConfigErrors, match=r"study\.by=\[sex,field\]"):
        study.by("field")


def test_a_study_from_before_staff_was_stored_tells_crossings_alone(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(breakdown, "OF_STUDIES", tuple(CROSSINGS))
    given = {key: value for key, value in GIVEN.items() if not key.startswith("levers")}
    study = hesim.run_study(output=str(tmp_path / "study"), **given | {"by": ["sex"], "years": 1})
    for yearly in (False, True):
        assert set(study.by("sex", yearly)["outcome"]) == set(CROSSINGS)
    assert main(["compare", str(study.folder), "--by", "sex"]) == 0


def test_arrays_hold_what_the_results_hold(made: StudyResults) -> None:
    found = made.to_xarray()
    assert found["wo_to_hbo"].dims == ("arm", "scenario", "world", "draw", "replication", "year")
    assert found["year"].dtype.kind == "i" and found["year"].values.tolist() == [2011, 2012]
    assert found["wo_to_hbo"].attrs["units"] == "persons a year"
    rows = made.query(
        "select arm, replication, year, value from design join results using (point) "
        "where outcome = 'wo_to_hbo'"
    )
    for arm, replication, year, value in rows.itertuples(index=False):
        cell = found["wo_to_hbo"].sel(arm=arm, replication=replication, year=year)
        assert cell.values.ravel().tolist() == [value]
    assert not np.isnan(found["hbo_to_wo"]).any()
    assert found["by.field.law.staff_hbo"].attrs["units"] == "persons"
    assert found["by.field.law.wo_to_hbo"].attrs["units"] == "persons a year"
    assert found["flow.hbo.wo"].attrs == {"units": "persons a year"}


def test_without_xarray_it_says_how_to_get_it(made: StudyResults, monkeypatch) -> None:
    plain = builtins.__import__

    def without(name, *rest):
        if name == "xarray":
            raise ImportError(name)
        return plain(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(NoXarray, match="uv sync --extra analysis"):
        made.to_xarray()


def test_plots_and_notebook(made: StudyResults) -> None:
    assert "league" in {name.split("_")[0] for name in dir(made.plot)}
    figure = getattr(made.plot, dir(made.plot)[0])()
    assert type(figure).__name__ == "Figure"
    with pytest.raises(ConfigErrors, match="this study has the figures"):
        made.plot.nothing()
    assert "plot.league()" in repr(made.plot) and " a year" in str(made)
    shown = made._repr_html_()
    assert "hesim study study" in shown and "2 arms" in shown
    row = made.effects().set_index(["arm", "outcome"]).loc[("meet_and_greet", "wo_to_hbo")]
    assert f"{row['difference_mean']:,.1f}" in shown


def test_the_files_of_a_study_say_what_they_hold(made: StudyResults) -> None:
    files = [made.folder / "points.parquet", made.folder / "design.parquet"]
    files += sorted((made.folder / "parts").glob("*.results.parquet"))
    assert len(files) >= 3
    for file in files:
        schema = pq.read_schema(file)
        assert b"simulated" in schema.metadata[b"simulated"]
        assert all(field.metadata[b"description"] for field in schema)
    origin = pq.read_schema(files[0]).metadata
    assert origin[b"population_scale"] == b"0.02"
    assert origin[b"code_sha256"].decode() == made.manifest["sessions"][0]["code_sha256"]
