"""Tell which mutants cannot change anything, whatever the tests: each kind with its reason.

- types in annotations, and code that only type checkers read, protocols too;
- `*` for `&`, and `+` for `|`, between comparisons: of truth values they are the same;
- whether a function is compiled;
- guards against mistakes in the code itself, which correct code never meets: `strict` of `zip` and
  `frozen` of a dataclass;
- the numbers of lanes, which are labels of random draws: any others are as good.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

GUARDS = ("strict", "frozen")


def without_effect(copy: Path, one: Any) -> bool:
    """Whether a mutation is of a kind that cannot change anything; see the top of this page."""
    row, column = one.start_pos
    return any(
        (first, left) <= (row, column) <= (last, right) and one.operator_name.endswith(operator)
        for first, left, last, right, operator in _unasked(copy / one.module_path)
    )


@cache
def _unasked(path: Path) -> tuple[tuple[int, int, int, int, str], ...]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    # From one column before, where the @ of a decorator stands.
    whole = [
        (node.lineno, node.col_offset - 1, node.end_lineno or 0, node.end_col_offset or 0, "")
        for node in _nodes(tree)
    ]
    between = [
        (left.end_lineno or 0, left.end_col_offset or 0, right.lineno, right.col_offset, operator)
        for left, right, operator in _combinations(tree)
    ]
    return (*whole, *between)


def _nodes(tree: ast.Module) -> Iterator[ast.expr | ast.stmt]:
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign | ast.arg) and node.annotation is not None:
            yield node.annotation
        elif isinstance(node, ast.FunctionDef):
            if node.returns is not None:
                yield node.returns
            yield from (each for each in node.decorator_list if "compiled" in ast.unparse(each))
        elif isinstance(node, ast.ClassDef | ast.If) and _is_for_types_only(node):
            yield node
        elif isinstance(node, ast.Call):
            yield from (each.value for each in node.keywords if each.arg in GUARDS)
    for before, after in pairwise(tree.body):
        text = after.value if isinstance(after, ast.Expr) else None
        if isinstance(text, ast.Constant) and str(text.value).startswith("Lane"):
            yield before


def _is_for_types_only(node: ast.ClassDef | ast.If) -> bool:
    if isinstance(node, ast.If):
        return ast.unparse(node.test) == "TYPE_CHECKING"
    return "Protocol" in map(ast.unparse, node.bases)


def _combinations(tree: ast.Module) -> Iterator[tuple[ast.expr, ast.expr, str]]:
    """Truth values that are combined, and the operator that does the same."""
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp) and _is_truth(node):
            yield node.left, node.right, "_Mul" if isinstance(node.op, ast.BitAnd) else "_Add"


def _is_truth(node: ast.expr) -> bool:
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, ast.Invert) and _is_truth(node.operand)
    if isinstance(node, ast.BinOp):
        both = isinstance(node.op, ast.BitAnd | ast.BitOr)
        return both and _is_truth(node.left) and _is_truth(node.right)
    return isinstance(node, ast.Compare)
