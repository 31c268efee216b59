"""Exports: the same bytes each time, and the same values as the tables."""

from __future__ import annotations

import datetime
import time

import openpyxl
import pytest
from run_fakes import go

from hesim.record import spreadsheets


class Later(datetime.datetime):
    """An hour from now is now."""

    @classmethod
    def now(cls, tz=None):
        return super().now(tz) + datetime.timedelta(hours=1)


TABLES = ("stocks", "flows", "vacancies", "movers", "survey", "summary")


def sheet(path):
    rows = list(openpyxl.load_workbook(path).active.iter_rows(values_only=True))
    return list(rows[0]), rows[1:]


def test_two_exports_are_the_same_bytes_whenever_they_are_made(tmp_path, monkeypatch):
    one = go(tmp_path / "one", export="xlsx").folder
    # Zip entries and the workbook's properties hold times in steps of up to two seconds.
    monkeypatch.setattr(time, "time", lambda now=time.time: now() + 3600)
    monkeypatch.setattr(datetime, "datetime", Later)
    two = go(tmp_path / "two", export="xlsx").folder
    for name in TABLES:
        assert (one / f"{name}.xlsx").read_bytes() == (two / f"{name}.xlsx").read_bytes(), name


def test_workbooks_hold_what_the_tables_hold(tmp_path):
    made = go(tmp_path / "run", export=["csv", "xlsx"]).at_scale("model")
    for name in TABLES:
        frame = getattr(made, name)
        columns, rows = sheet(made.folder / f"{name}.xlsx")
        assert columns == list(frame.columns), name
        assert len(rows) == len(frame), name
    columns, rows = sheet(made.folder / "summary.xlsx")
    mean = columns.index("mean")
    assert [row[mean] for row in rows] == pytest.approx(list(made.summary["mean"]))
    assert {row[columns.index("year")] for row in rows} == {"2011", "2012", "all"}
    columns, rows = sheet(made.folder / "flows.xlsx")
    sector = columns.index("origin_sector")
    assert [row[sector] for row in rows] == list(made.flows["origin_sector"])
    columns, rows = sheet(made.folder / "survey.xlsx")
    assert {row[columns.index("table")] for row in rows} >= {"2.1", "3.5"}


def test_without_asking_there_is_no_workbook(tmp_path):
    assert not list(go(tmp_path / "run").folder.glob("*.xlsx"))


def test_a_long_table_goes_on_in_another_sheet(tmp_path, monkeypatch):
    monkeypatch.setattr(spreadsheets, "ROWS", 3)
    rows = [(k, float("nan") if k == 2 else k / 2) for k in range(7)]
    spreadsheets.write_workbook(tmp_path / "long.xlsx", "long", ["k", "half"], rows)
    book = openpyxl.load_workbook(tmp_path / "long.xlsx")
    assert book.sheetnames == ["long", "long 2", "long 3"]
    found = [row for each in book for row in each.iter_rows(min_row=2, values_only=True)]
    assert found == [(k, None if k == 2 else k / 2) for k in range(7)]
    assert all(next(each.iter_rows(values_only=True)) == ("k", "half") for each in book)
