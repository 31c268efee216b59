"""Test that the tables are read, checked, swapped and printed."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from hesim.tables import TABLES, DataError, read
from hesim.tables.printing import print_listing, print_table


def packaged(name: str) -> str:
    return (files("hesim.tables") / "data" / name).read_text(encoding="utf-8")


def test_the_packaged_tables_answer() -> None:
    tables = read()
    assert tables.percent("3.1", "wo", "hbo_in") == 3.5
    assert tables.percent("3.4", "other", "hbo_out") is None
    assert tables.n("3.5", "wo_out") == 103
    assert sum(tables.shares("3.2", "experience", "wo_out").values()) == pytest.approx(1)
    assert tables.macro_value("turnover", "wo") == 16
    assert tables.context_value("lectoren") == 563
    assert len(tables.institutions) == 52
    assert any("experience wo_out sums to 105.0" in note for note in tables.notes)


def test_a_swapped_table_is_followed(tmp_path: Path) -> None:
    text = packaged("report_tables.csv").replace("Wo,hbo_in,share,3.5", "Wo,hbo_in,share,4.5")
    (tmp_path / "report_tables.csv").write_text(text, encoding="utf-8")
    tables = read(folder=tmp_path)
    assert tables.percent("3.1", "wo", "hbo_in") == 4.5
    assert tables.hashes["report_tables.csv"] != read().hashes["report_tables.csv"]
    assert tables.hashes["macro_2011.csv"] == read().hashes["macro_2011.csv"]


def test_all_problems_come_at_once(tmp_path: Path) -> None:
    text = packaged("report_tables.csv")
    text = text.replace("Wo,hbo_in,share,3.5", "Wo,hbo_in,share,350")
    text = text.replace("hbo_in,share,6.9", "hbo_in,share,many")
    (tmp_path / "report_tables.csv").write_text(text, encoding="utf-8")
    towns = packaged("institutions.csv").replace("53.219", "5.3").replace("east", "abroad")
    (tmp_path / "institutions.csv").write_text(towns, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read(folder=tmp_path)
    words = str(caught.value)
    for part in ("350", "many", "5.3", "abroad", "3.1/sector/hbo_in", "row 2, column percent"):
        assert part in words


def test_what_a_table_lacks_is_called_missing(tmp_path: Path) -> None:
    institutions = packaged("institutions.csv").splitlines(keepends=True)
    university = next(line for line in institutions if ",wo," in line)
    (tmp_path / "institutions.csv").write_text(institutions[0] + university, encoding="utf-8")
    macro = packaged("macro_2011.csv").replace("turnover,wo,16,", "trunover,wo,16,")
    (tmp_path / "macro_2011.csv").write_text(macro, encoding="utf-8")
    (tmp_path / "flows_2003_2010.csv").write_text(
        packaged("flows_2003_2010.csv").partition("\n")[0] + "\n", encoding="utf-8"
    )
    with pytest.raises(DataError) as caught:
        read(folder=tmp_path)
    said = str(caught.value)
    assert (
        "institutions.csv, column sector: 'hbo' is missing (at least one institution of each)"
        in said
    )
    assert "'turnover wo" in said and "is missing (needed by the model)" in said
    assert "flows_2003_2010.csv, column year: 'a year' is missing (at least one row)" in said
    assert "'hbo' is not allowed" not in said and "row -" not in said


def test_a_published_figure_is_read_by_name() -> None:
    tables = read()
    assert len(tables.public) == 87
    fact = tables.public_fact("foreign PhDs still in the Netherlands ten years on")
    assert (fact.value, fact.years, fact.use) == ("32", "2013", "prior")
    assert tables.public_value("ho_vacancies_open", "2011") == 700
    with pytest.raises(KeyError, match="name one of the years 2009, 2010, 2011, 2012"):
        tables.public_fact("ho_vacancies_open")
    with pytest.raises(KeyError, match="did you mean ho_vacancies_open"):
        tables.public_fact("ho_vacancies_opem")
    with pytest.raises(KeyError, match="no single number"):
        tables.public_value("PhDs and postdocs who end up outside science")
    assert all(fact.source and fact.confidence for fact in tables.public)


def test_a_published_figure_lies_within_its_range(tmp_path: Path) -> None:
    text = packaged("public_facts.csv").replace("job in hand at the defence,86", "job at hand,86")
    text = text.replace("ho_vacancies_open,700,650,750", "ho_vacancies_open,7000,650,750", 1)
    text = text.replace("postdocs,2146,,", "postdocs,2146,3,2")
    text = text.replace("NL,CBS in FD,medium", "NL,CBS in FD,medum")
    (tmp_path / "public_facts.csv").write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read(folder=tmp_path)
    said = str(caught.value)
    assert "column value: '7000' is not allowed (650 to 750, its own range)" in said
    assert "column low: 3.0 is not allowed (at most 2, the value of high)" in said
    assert "did you mean medium?" in said
    assert "job in hand at the defence" in said and "is missing (needed by the model)" in said


def test_every_table_prints(capsys: pytest.CaptureFixture[str]) -> None:
    print_listing()
    for name in TABLES:
        print_table(name)
    assert "Rijksuniversiteit Groningen" in capsys.readouterr().out
    with pytest.raises(ValueError, match="institutions"):
        print_table("institutoins")
