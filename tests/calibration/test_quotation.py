"""What may be quoted: each verdict turns where its rule says, and sentences hold the figures."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from hesim.calibration import looks
from hesim.calibration.quotation import quotation_lines, quotation_sentences
from hesim.calibration.uses import (
    CARE,
    DOCTORATES,
    LEVEL,
    NO,
    RANKING,
    RULES,
    SIZE,
    YES,
    read_reason,
    reason_in_words,
    uses,
)


def flow(name: str, low: float, high: float, reported: float) -> dict[str, Any]:
    return {
        "flow": name,
        "low": low,
        "high": high,
        "reported_mean": reported,
        "inside": low <= reported <= high,
    }


def gain(rival: str, low: float, high: float) -> dict[str, Any]:
    return {"rival": rival, "mean": (low + high) / 2, "low": low, "high": high}


GOOD: dict[str, Any] = {
    "name": "production",
    "made": {"date": "2026-11-27"},
    "inputs": {
        "input": {"cells": 122, "within_monte_carlo_error_of_all": 110, "largest_gap": 0.0702}
    },
    "fitted": {
        "deviance_explained": 0.66,
        "contrasts": 56,
        "inside_95": 0.93,
        "verdict": "as a true model would at design effect 1.5",
    },
    "held_out": {
        "calibration": "blind",
        "table_3_1": {
            "gains": [
                gain("pooled over groups", -0.3, -0.1),
                gain("proportional to hires", 0.01, 0.2),
                gain("random matching", 0.5, 0.6),
            ]
        },
        "table_1_1": [flow("wo_to_hbo", 50, 250, 169), flow("hbo_to_wo", 60, 240, 153)],
    },
    "agreement": {
        "calibration": "production",
        "table_1_1": [flow("wo_to_hbo", 115, 228, 169), flow("hbo_to_wo", 78, 145, 153)],
    },
    "certainty": {
        "identification": {"parameters": 20, "told": 10},
        "recovery": {"surveys": 24, "coverage_90": 0.9, "band": [0.88, 0.92]},
        "apart": [],
        "doctors": {
            "share": [11.2, 10.7, 11.7],
            "share_of_sibling": [10.8, 10.1, 11.5],
            "entrants": [660.0, 620.0, 710.0],
            "aim": [600.0, 50.0],
        },
    },
    "bars": [{"name": "1.1: hbo_to_wo", "holds": False}, {"name": "another", "holds": True}],
}


def verdicts_of(change: Callable[[dict[str, Any]], object] | None = None) -> dict[str, str]:
    body = deepcopy(GOOD)
    if change is not None:
        change(body)
    return {row["use"]: row["quote"] for row in uses(body)}


def test_all_is_quoted_where_every_figure_is_good() -> None:
    assert verdicts_of() == {RANKING: YES, SIZE: YES, LEVEL: YES, DOCTORATES: CARE}
    assert set(RULES) == set(verdicts_of())


HIRES = "held_out.table_3_1.gains"
CASES = (
    ("fitted.deviance_explained", 0.499, {RANKING: NO, SIZE: NO}),
    ("fitted.deviance_explained", 0.5, {}),
    ("certainty.recovery.coverage_90", 0.87, {RANKING: NO, SIZE: NO}),
    ("certainty.recovery.coverage_90", 0.88, {}),
    ("certainty.recovery", None, {RANKING: CARE, SIZE: CARE}),
    ("certainty.apart", None, {RANKING: CARE, SIZE: CARE}),
    ("certainty.apart", [{"parameter": "sector_cost"}], {RANKING: CARE, SIZE: CARE}),
    (HIRES, [gain("proportional to hires", 0.0, 0.2)], {RANKING: CARE, SIZE: CARE}),
    ("certainty.identification.told", 9, {SIZE: CARE}),
    ("certainty.identification", None, {SIZE: CARE}),
    ("held_out.table_1_1.1", flow("hbo_to_wo", 2, 95, 153), {LEVEL: NO}),
    ("held_out.table_1_1.1", flow("hbo_to_wo", 10, 310, 153), {LEVEL: CARE}),
    ("held_out.table_1_1.1", flow("hbo_to_wo", 10, 309, 153), {}),
    ("held_out.table_1_1.1", flow("hbo_to_wo", 10, 610, 153), {LEVEL: NO}),
    ("held_out", None, {LEVEL: NO}),
    ("certainty.doctors.entrants", [701.0, 690.0, 710.0], {DOCTORATES: NO}),
    ("certainty.doctors.entrants", [499.0, 490.0, 510.0], {DOCTORATES: NO}),
    ("certainty.doctors.entrants", [700.0, 690.0, 710.0], {}),
    ("certainty.doctors.share_of_sibling", [12.0, 11.8, 12.2], {DOCTORATES: NO}),
    ("certainty.doctors.share_of_sibling", [9.0, 8.0, 10.6], {DOCTORATES: NO}),
    ("certainty.doctors.share_of_sibling", None, {}),
    ("certainty.doctors", None, {DOCTORATES: NO}),
)


@pytest.mark.parametrize(("path", "value", "turned"), CASES)
def test_a_verdict_turns_where_its_rule_says(
    path: str, value: object, turned: dict[str, str]
) -> None:
    def change(body: dict[str, Any]) -> None:
        *parents, last = path.split(".")
        node: Any = body
        for part in parents:
            node = node[part]
        node[int(last) if last.isdigit() else last] = value

    assert verdicts_of(change) == verdicts_of() | turned


def test_a_reason_is_read_from_a_file_as_it_was_written() -> None:
    for row in uses(GOOD) + uses(deepcopy(GOOD) | {"held_out": None}):
        reason = read_reason(json.loads(json.dumps(row["reason"])))
        assert reason_in_words(reason) == row["words"]


def test_sentences_hold_the_figures_and_label_what_was_fitted() -> None:
    told = quotation_sentences(GOOD)
    assert 9 <= len(told) <= 12 and all(line.endswith(".") for line in told)
    text = "\n".join(told)
    for words in (
        "Of 122 inputs 110",
        "7.0 points off",
        "explains 66%",
        "93% lie inside",
        "better than random matching, better than one that knows only how many each sector hires, "
        "and worse than one distribution for all groups",
        "From wo to hbo it forecasts 50 to 250",
        "From hbo to wo it forecasts 60 to 240 persons a year (table 1.1, held out too)",
        "78 to 145 from hbo to wo (report 153, OUTSIDE) is fitted, and no test",
        "10 of the 20 fitted parameters",
        "90.0% of cases",
        "Of 2 bars that were set beforehand 1 are met; missed: 1.1: from hbo to wo",
    ):
        assert words in text, words
    blind = deepcopy(GOOD) | {"name": "blind", "agreement": None}
    assert not any("fitted, and no test" in line for line in quotation_sentences(blind))
    none = deepcopy(GOOD) | {"held_out": None}
    assert any(line.startswith("Nothing was held out") for line in quotation_sentences(none))


def test_the_text_has_sentences_first_and_each_use_once() -> None:
    body = deepcopy(GOOD)
    body |= {"sentences": quotation_sentences(body), "verdicts": uses(body)}
    shown = list(quotation_lines(body))
    assert shown[0] == "How far this can be trusted" and max(map(len, shown)) <= 100
    for use in RULES:
        assert sum(line.lower().startswith(f"- {use.lower()}: ") for line in shown) == 1


def test_the_rules_stand_in_the_page_on_trust() -> None:
    text = (Path(__file__).parents[2] / "docs" / "trace.md").read_text(encoding="utf-8")
    part = text.partition("## What may be quoted")[2].partition("\n## ")[0]
    rows = {line.split("|")[1].strip().lower() for line in part.splitlines() if line[:1] == "|"}
    assert {use.lower() for use in RULES} <= rows


def test_looks_go_to_the_checkout_or_to_the_users_own_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    checkout = tmp_path / "checkout"
    (checkout / "conf").mkdir(parents=True)
    (checkout / "pyproject.toml").write_text('name = "hesim"\n')
    monkeypatch.setattr(looks, "packaged", lambda: checkout / "conf")
    assert looks.log_of_looks() == checkout / "docs" / "holdout-looks.csv"
    # As in a wheel: the settings lie in the package, and nothing says that this is a checkout.
    wheel = tmp_path / "site-packages" / "hesim" / "_conf"
    monkeypatch.setattr(looks, "packaged", lambda: wheel)
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: tmp_path / "mine")
    for number in (1, 2):
        log = looks.log_look("3.1", "a test", f"look {number}")
        assert log == tmp_path / "mine" / "holdout-looks.csv"
    first, *rows = log.read_text(encoding="utf-8").splitlines()
    assert first == "date,commit,table,by,why"
    assert [row.rpartition(",")[2] for row in rows] == ["look 1", "look 2"]
    assert not wheel.exists() and not (checkout / "docs").exists()
