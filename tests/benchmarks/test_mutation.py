"""What the count of mutants leaves out, and how sure its percentage is."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

pytestmark = pytest.mark.once

equivalence = import_module("benchmarks.equivalence")
mutation = import_module("benchmarks.mutation")

CODE = '''
LANE, OTHER = 3, 4
"""Lanes: whom, and when."""
LIMIT = 5
"""Not a lane."""

@compiled(inline="always")
def rule(age: int | None, limit: int = 2) -> int | None:
    both = zip([age], [limit], strict=True)
    if TYPE_CHECKING:
        age = 3 + 4
    wide = (age > 3) & ~(limit < 2) | (age == limit)
    return sorted(both, reverse=True) == [age + limit] & wide

class Shape(Protocol):
    size = 77
'''


@pytest.fixture
def left_out(tmp_path: Path) -> Any:
    (tmp_path / "rule.py").write_text(CODE, encoding="utf-8")

    def ask(text: str, operator: str = "core/NumberReplacer") -> bool:
        row, line = next((k, x) for k, x in enumerate(CODE.splitlines(), 1) if text in x)
        one = SimpleNamespace(
            module_path="rule.py", start_pos=(row, line.index(text)), operator_name=operator
        )
        return bool(equivalence.without_effect(tmp_path, one))

    return ask


@pytest.mark.parametrize(
    "text", ["3, 4", "4", "@compiled", "| None, l", "| None:", "True)", "3 +", "77"]
)
def test_what_cannot_change_anything_is_left_out(left_out: Any, text: str) -> None:
    assert left_out(text)


@pytest.mark.parametrize("text", ["5", "2)", "True) ==", "== [", "+ limit"])
def test_everything_else_counts(left_out: Any, text: str) -> None:
    assert not left_out(text)


def test_truth_values_combine_as_numbers_do(left_out: Any) -> None:
    operator = "core/ReplaceBinaryOperator_{}"
    assert left_out("& ~", operator.format("BitAnd_Mul"))
    assert left_out("| (age", operator.format("BitOr_Add"))
    assert not left_out("& ~", operator.format("BitAnd_Add"))
    assert not left_out("| (age", operator.format("BitOr_Mul"))
    assert not left_out("& wide", operator.format("BitAnd_Mul"))


def test_a_sample_has_an_interval_and_the_whole_has_none() -> None:
    sample = mutation.Score(1000, 20, ("one", "two"))
    assert (sample.noticed, sample.percent) == (18, 90.0)
    assert sample.interval == pytest.approx((69.9, 97.2), abs=0.05)
    assert mutation.Score(20, 20, ("one", "two")).interval == (90.0, 90.0)


def test_every_room_has_its_files() -> None:
    for room in mutation.ROOMS.values():
        for module in room.modules:
            assert (mutation.HERE / "src" / "hesim" / module).exists(), module
        for name in room.tests:
            assert (mutation.HERE / "tests" / name).is_file(), name


def test_an_unknown_room_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        mutation.main(["kitchen"])
    assert ended.value.code == 2
    assert "no room kitchen; there are outcomes, eligibility" in capsys.readouterr().err
