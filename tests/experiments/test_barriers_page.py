"""The page on barriers says what its tables say, shown with the decomposition that is recorded."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest

from hesim.experiments.page_file import read_page
from hesim.experiments.page_text import fill_page
from hesim.sources import packaged

pytest.importorskip("jinja2")
ROOT = packaged().parent
NAMES = {
    "barriers": "barriers",
    "barriers_difference": "difference",
    "barriers_draws": "draws",
    "barriers_pairs": "pairs",
}
STUDY = {
    "study": "barriers",
    "experiment": "barriers",
    "made_from": "abc",
    "seed": 1,
    "scale": 0.1,
    "first_year": 2011,
    "last_year": 2013,
    "means_from": 2012,
    "means_to": 2013,
    "replications": 1,
    "draws": 8,
    "worlds": 256,
    "sampled": False,
    "points": 5120,
    "runs": 5120,
    "arms": 1,
    "structures": "standing, growing",
    "calibrations": "production, growing_production",
}
Rows = list[dict[str, object]]


@pytest.fixture
def tables() -> dict[str, Rows]:
    """The page's tables, from what is recorded for the browser's page."""
    recorded = json.loads((ROOT / "src/hesim/app/recorded_barriers.json").read_text("utf-8"))
    found: dict[str, Rows] = {
        NAMES[name]: [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]
        for name, table in recorded["tables"].items()
    }
    return found | {"studies": [STUDY]}


def text_of(tables: dict[str, Rows], folder: Path) -> str:
    (folder / "tables").mkdir(exist_ok=True)
    for name, rows in tables.items():
        with (folder / "tables" / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    return fill_page(read_page(ROOT / "experiments" / "barriers"), folder).text


def sure(rows: Rows, way: str) -> Rows:
    """Barriers of one direction whose interval lies above zero in both structures, by size."""
    found = [
        row
        for row in rows
        if row["direction"] == way and row["structure"] == "all structures" and row["contribution"]
    ]
    found = [row for row in found if float(str(row["share_percent_low"])) > 0]
    return sorted(found, key=lambda row: -float(str(row["share_percent"])))


def test_the_barriers_that_are_named_are_those_with_intervals_above_zero(tables, tmp_path) -> None:
    text = text_of(tables, tmp_path)
    said = r"From wo to hbo (\d+) of the model's 8 .*: (.*); from hbo to wo (\d+)"
    answer = re.search(said, text)
    assert answer
    there, back = (sure(tables["barriers"], way) for way in ("wo_to_hbo", "hbo_to_wo"))
    assert [int(answer[1]), int(answer[3])] == [len(there), len(back)]
    named = re.findall(r"([a-z ]+) \d+ \(", answer[2])
    assert [each.strip() for each in named] == [str(row["title"]).lower() for row in there]


def test_a_barrier_that_is_no_longer_told_from_nothing_is_no_longer_counted(
    tables, tmp_path
) -> None:
    before = len(sure(tables["barriers"], "wo_to_hbo"))
    weak = sure(tables["barriers"], "wo_to_hbo")[-1]
    weak |= {"share_percent_low": -1.0, "distinguishable": False}
    text = text_of(tables, tmp_path)
    assert f"From wo to hbo {before - 1} of the model's 8" in text
    row = next(line for line in text.splitlines() if line.startswith(f"| {weak['title']} |"))
    assert row.endswith("not told from nothing |")


def test_where_nothing_is_told_from_nothing_the_page_says_so(tables, tmp_path) -> None:
    for row in tables["barriers"]:
        row |= {"share_percent_low": -500.0, "share_percent_high": 500.0, "distinguishable": False}
    for row in tables["pairs"]:
        row |= {"order_known": False, "neither_distinguishable": True}
    text = text_of(tables, tmp_path)
    assert "From wo to hbo none of the model's 8 barriers" in text
    assert text.count("no barrier is told from nothing") == 2
    assert "Goes first" not in text
