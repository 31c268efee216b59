"""A run in Python: the same numbers as on the screen and in the files, at the scale asked for."""

from __future__ import annotations

import json
import re

import pandas as pd
import pytest
from run_fakes import go

import hesim
from hesim.charts import style
from hesim.cli import main
from hesim.config import ConfigErrors
from hesim.outcomes.breakdown import BROKEN_DOWN, DIMENSIONS
from hesim.report.run_results import RunResults
from hesim.survey.crossings import CROSSINGS

YEAR = ["arm", "outcome", "year"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> RunResults:
    folder = tmp_path_factory.mktemp("run") / "run"
    given = {"years": 1, "scale": 0.02, "burn_in": 1, "replications": 2, "workers": 1}
    levers = {"levers": ["meet_and_greet"], "levers.meet_and_greet.start": "2011-01"}
    hesim.run(output=str(folder), **given, **levers)
    return hesim.load(folder)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> RunResults:
    """A run with many joint appointments, so that hours are worked where no head is."""
    folder = tmp_path_factory.mktemp("run") / "run"
    given = {"years": 1, "scale": 0.02, "burn_in": 1, "replications": 2, "workers": 1}
    dials = {"start": "2011-01", "offers": 0.3}
    levers = {f"levers.joint_appointment.{name}": value for name, value in dials.items()}
    hesim.run(output=str(folder), figures=False, levers=["joint_appointment"], **given, **levers)
    return hesim.load(folder)


def test_years_are_whole_and_means_say_theirs(made: RunResults) -> None:
    assert made.by_year["year"].dtype.kind == "i"
    assert set(made.by_year["year"]) == {2011}
    assert set(made.means["from_year"]) == set(made.means["to_year"]) == {2011}
    assert set(made.means["arm"]) == {"baseline", "policy", "difference"}


def test_means_and_comparison_are_the_figures_of_the_screen(tmp_path, capsys) -> None:
    folder = tmp_path / "run"
    from hesim.scenario import compose

    words = ["population.scale=0.02", "years=1", "burn_in=1", "replications=2", "workers=1"]
    words += ["levers=[meet_and_greet]", "levers.meet_and_greet.start=2011-01", "figures=false"]
    made = hesim.run(settings=compose([*words, f"output={folder}"]), show=True)
    lines = {line.split()[0]: line.split() for line in capsys.readouterr().out.splitlines() if line}
    compared = made.of_arm("baseline").compare(made.of_arm("policy")).means.set_index("outcome")
    means = made.means.set_index(["arm", "outcome"])
    for outcome in ("wo_to_hbo", "hbo_to_wo", "turnover_wo", "vacancy_months"):
        shown = [float(word.replace(",", "")) for word in lines[outcome][1:5]]
        row = compared.loc[outcome]
        assert shown == pytest.approx(
            [row["first"], row["second"], row["difference"], row["low"]], abs=0.0051
        )
        assert shown[2] == pytest.approx(means.loc[("difference", outcome), "mean"], abs=0.0051)


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_the_parts_add_up_to_the_whole(made: RunResults, dimension: str) -> None:
    parts = crossings(made.by(dimension)).groupby(["arm", "outcome"])["mean"].sum()
    whole = made.means.set_index(["arm", "outcome"])["mean"]
    assert parts.index.get_level_values("arm").nunique() == 3
    for key, value in parts.items():
        assert value == pytest.approx(whole[key], abs=0.01)
    assert whole["baseline", "wo_to_hbo"] > 0
    yearly = crossings(made.by(dimension, yearly=True)).groupby(YEAR)["mean"].sum()
    of_year = made.by_year.set_index(YEAR)["mean"]
    assert all(value == pytest.approx(of_year[key], abs=0.01) for key, value in yearly.items())


def crossings(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["outcome"].isin(CROSSINGS)]


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_staff_by_category_adds_up_to_the_stock_of_december(shared: RunResults, dimension) -> None:
    parts = shared.by(dimension).groupby(["arm", "outcome"])["mean"].sum()
    yearly = shared.by(dimension, yearly=True).groupby(YEAR)["mean"].sum()
    for arm in ("baseline", "policy"):
        stocks = shared.of_arm(arm).stocks
        december = stocks[stocks["month"] == "2011-12"].groupby("sector", observed=True)
        of_age = shared.of_arm(arm).margins
        of_age = of_age[of_age["what"] == "age"].groupby("sector", observed=True)["persons"].sum()
        for sector in ("hbo", "wo"):
            heads, fte = december[["persons", "fte"]].sum().loc[sector] / 2
            assert parts[arm, f"staff_{sector}"] == pytest.approx(heads, abs=1e-3)
            assert yearly[arm, f"staff_{sector}", 2011] == pytest.approx(heads, abs=1e-3)
            assert heads == pytest.approx(of_age[sector] / 2)
            assert parts[arm, f"fte_{sector}"] == pytest.approx(fte, abs=0.1)
    # Joint appointments put hours into the other sector, and no head.
    assert parts["difference", "fte_wo"] + parts["difference", "fte_hbo"] != 0
    for outcome in ("staff_hbo", "fte_wo", "entrants_hbo"):
        less = parts["policy", outcome] - parts["baseline", outcome]
        assert parts["difference", outcome] == pytest.approx(less, abs=0.01)


def test_the_mean_and_interval_of_staff_by_hand(made: RunResults) -> None:
    rows = made.breakdowns
    rows = rows[(rows["outcome"] == "staff_hbo") & (rows["category"] == "law")]
    one, two = (rows[rows["replication"] == number].set_index("arm")["value"] for number in (0, 1))
    table = made.by("field").set_index(["arm", "outcome", "field"])
    row = table.loc[("baseline", "staff_hbo", "law")]
    mean, half = (one["baseline"] + two["baseline"]) / 2, abs(one["baseline"] - two["baseline"]) / 2
    assert row["mean"] == pytest.approx(mean) and row["unit"] == "persons"
    # Student's t of one degree of freedom.
    assert row["high"] - mean == pytest.approx(12.7062 * half, rel=1e-4)
    share = made.at_scale("model").by("field").set_index(["arm", "outcome", "field"])["mean"]
    assert share["baseline", "staff_hbo", "law"] == pytest.approx(mean * 0.02)
    key = ("baseline", "wo_phd_share", "law")
    assert share[key] == table["mean"][key] > 0


def test_what_cannot_be_broken_down_is_told_in_words(made: RunResults, tmp_path) -> None:
    with pytest.raises(
        ConfigErrors, match="region of the institution; of crossings the one that is left"
    ):
        made.by("colour")
    with pytest.raises(ConfigErrors, match="did not record"):
        go(tmp_path / "own").by("field")


def test_counts_are_at_full_scale_unless_asked_otherwise(made: RunResults) -> None:
    model = made.at_scale("model")
    for table in ("flows", "stocks", "margins"):
        full, simulated = getattr(made, table), getattr(model, table)
        assert full["persons"].sum() == pytest.approx(simulated["persons"].sum() / 0.02)
        assert "divided by population.scale=0.02" in full.attrs["counts"]
        assert "as simulated" in simulated.attrs["counts"]
        assert simulated["persons"].dtype.kind == "i"
    assert set(made.movers["weight"]) == set(made.vacancies["weight"]) == {50.0}
    assert "weight" not in model.movers
    whole = made.by_year.set_index(YEAR)["mean"]["baseline", "wo_to_hbo", 2011]
    flows = made.of_arm("baseline").flows
    crossed = flows[(flows["crossing"] == "wo_to_hbo") & (flows["date"].dt.year == 2011)]
    assert crossed["persons"].sum() / 2 == pytest.approx(whole, abs=1e-3)
    small = model.by_year.set_index(YEAR)["mean"]
    assert small["baseline", "wo_to_hbo", 2011] == pytest.approx(whole * 0.02, abs=1e-3)
    share = ("baseline", "turnover_wo", 2011)
    assert small[share] == made.by_year.set_index(YEAR)["mean"][share]
    with pytest.raises(ConfigErrors, match="full or model"):
        made.at_scale("half")


def test_the_plots_are_the_figures_of_the_folder(made: RunResults) -> None:
    names = {file.stem for file in (made.folder / "figures").glob("*.png")}
    assert names == set(dir(made.plot))
    for name in names:
        image = style.png(getattr(made.plot, name)())
        assert image == (made.folder / "figures" / f"{name}.png").read_bytes(), name


def test_a_run_without_levers_has_no_differences(tmp_path) -> None:
    made = go(tmp_path / "run")
    assert dir(made.plot) == ["cells", "flows", "origin_destination", "stock"]
    with pytest.raises(ConfigErrors, match="no levers"):
        made.plot.differences()


def test_a_notebook_shows_what_was_simulated_with_intervals(made: RunResults) -> None:
    assert "plot.flows()" in repr(made.plot)
    shown = made._repr_html_()
    assert "Simulated 2011, 2 replications at scale 0.02, with meet_and_greet" in shown
    row = made.means.set_index(["arm", "outcome"]).loc[("difference", "wo_to_hbo")]
    assert all(f"{row[name]:,.1f}" in shown for name in ("mean", "low", "high"))
    assert "wo_to_hbo" in shown and "95% interval" in shown
    assert "<" not in str(made) and "persons a year" in str(made)


def test_compare_by_a_dimension_prints_and_writes_the_table_of_a_run(
    made: RunResults, tmp_path, capsys
) -> None:
    assert main(["compare", str(made.folder), "--by", "role", f"output={tmp_path}"]) == 0
    printed = capsys.readouterr().out
    assert "Crossings and staff by role" in printed and "policy less baseline" in printed
    table = made.by("role")
    assert (tmp_path / "by_role.csv").read_text(encoding="utf-8") == table.to_csv(
        index=False, lineterminator="\n"
    )
    assert not (made.folder / "answers").exists()


def test_the_screen_and_files_tell_staff_of_the_table(made: RunResults, tmp_path, capsys) -> None:
    words = ["compare", str(made.folder), "--by", "field", f"output={tmp_path}"]
    assert main(words) == 0
    printed = capsys.readouterr().out
    assert "these are no findings" in printed
    table, yearly = made.by("field"), made.by("field", yearly=True)
    file = (tmp_path / "by_field_and_year.csv").read_text(encoding="utf-8")
    assert file == yearly.to_csv(index=False, lineterminator="\n")
    # One block of text for each outcome, with the rows of the table below its title.
    blocks = {
        found[1]: block.splitlines()[1:]
        for block in printed.split("\n\n")
        if (found := re.search(r"\((\w+)\), .*:$", block.splitlines()[0]))
    }
    assert set(blocks) == set(BROKEN_DOWN)
    for outcome, lines in blocks.items():
        mine = table[table["outcome"] == outcome]
        told = [line.split() for line in lines[1 : 1 + len(mine)]]
        wanted = [[row.arm, row.field, f"{row.mean:,.1f}"] for row in mine.itertuples()]
        assert [line[:3] for line in told] == wanted
    assert main([*words, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert [row["mean"] for row in said["rows"]] == table["mean"].tolist()
    assert [row["mean"] for row in said["by_year"]] == yearly["mean"].tolist()
    assert said["file_by_year"] == str(tmp_path / "by_field_and_year.csv")


@pytest.mark.parametrize("dimension", ["age", "role"])
def test_two_runs_by_category_differ_as_two_arms_do(shared: RunResults, dimension: str) -> None:
    both = shared.of_arm("baseline").compare(shared.of_arm("policy"), by=dimension)
    keys = ["outcome", dimension]
    for mine, table, key in (
        (shared.by(dimension), both.means, keys),
        (shared.by(dimension, yearly=True), both.by_year, [*keys, "year"]),
    ):
        assert (mine[mine["arm"] == "difference"]["mean"] != 0).any()
        arms = {arm: rows.set_index(key) for arm, rows in mine.groupby("arm", observed=True)}
        assert len(table) == len(arms["baseline"])
        for row in table.set_index(key).itertuples():
            less = arms["difference"].loc[row.Index]
            assert [row.difference, row.low, row.high] == less[["mean", "low", "high"]].tolist()
            assert row.first == arms["baseline"].loc[row.Index, "mean"]
            assert row.second == arms["policy"].loc[row.Index, "mean"]
            assert row.unit == less["unit"]


def test_two_runs_are_compared_by_category_on_the_screen(
    made: RunResults, tmp_path, capsys
) -> None:
    words = ["compare", str(made.folder), str(made.folder), "--by", "field"]
    assert main([*words, f"output={tmp_path}"]) == 0
    printed = capsys.readouterr().out
    table = made.compare(made, by="field")
    staff = table.means[table.means["outcome"] == "staff_wo"]
    block = printed[printed.index("staff_wo by field") :].splitlines()[1:7]
    assert [line.split()[:2] for line in block] == [
        [row.field, f"{row.first:,.2f}"] for row in staff.itertuples()
    ]
    for name, frame in (("", table.means), ("_and_year", table.by_year)):
        file = tmp_path / f"comparison_by_field{name}.csv"
        assert file.read_text() == frame.to_csv(index=False, lineterminator="\n")
    assert main([*words, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["by"] == "field"
    for wrong in (["--by", "feild"], ["--by="]):
        assert main([*words[:3], *wrong]) == 2
        assert "results can be broken down by" in capsys.readouterr().err
    assert main(["compare", str(made.folder), str(made.folder)]) == 0
    assert "hbo_to_wo by year" in capsys.readouterr().out


def test_runs_without_parts_are_not_compared_by_category(made: RunResults, tmp_path) -> None:
    own = go(tmp_path / "own")
    with pytest.raises(ConfigErrors, match=r"holds no breakdowns\.parquet"):
        own.compare(own, by="sex")
    with pytest.raises(ConfigErrors, match="did you mean sex"):
        made.compare(made, by="sexe")
