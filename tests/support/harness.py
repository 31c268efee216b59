"""Harnesses of many cases: some run each time, the others with what takes long."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest


def sampled(cases: Iterable[str], often: Callable[[str], object]) -> list[object]:
    """Cases for `parametrize`; those that are not run often get the mark `long`."""
    return [case if often(case) else pytest.param(case, marks=pytest.mark.long) for case in cases]
