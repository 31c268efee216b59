"""The search kernel writes what the same loop in C writes (`benchmarks/kernel/search.c`)."""

from __future__ import annotations

import shutil
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hesim.model.higher_education import HigherEducation
from hesim.scenario import compose
from hesim.tables import ReportTables

# The benchmarks are no part of the package; they are run from the checkout.
binding = import_module("benchmarks.kernel.binding")
kernel = import_module("benchmarks.parts.kernel")
part = import_module("benchmarks.part")


STUDIED = "model.search.sources.studied=0.3"


def _both(tables: ReportTables, folder: Path) -> Any:
    world = ("population.scale=0.02", "burn_in=6", STUDIED)
    model = HigherEducation(compose([*world]), tables, 0)
    for _ in range(6):
        model.step()
    _act(model)
    return kernel.both(model, folder)


def _act(model: HigherEducation) -> None:
    """Let a policy act on everything that search reads, so that both kernels must read it."""
    random = np.random.default_rng(1)
    f, p = model.effects.frictions, model.persons
    f.sector_left[:], f.outside_left[:] = random.random((2, f.known.size))
    f.known[:] = 0.5 * random.random(f.known.size)
    f.pool[: model.employers.institutions] = model.employers.region[: model.employers.institutions]
    p.outlook[:], p.side[:] = random.normal(size=(2, p.size))
    p.awareness[:] = 0.5 * random.random(p.size)
    jobless = p.employer < 0
    p.last[jobless] = random.integers(0, 4, np.sum(jobless))
    shown = f._replace(
        promoted=np.vstack([f.promoted, np.full((1, 4), 0.3)]),
        classes=random.integers(0, 2, f.classes.shape).astype(np.uint16),
    )
    model.effects = model.effects._replace(frictions=shown)


def test_numba_and_c_write_the_same_applications(tables: ReportTables, tmp_path: Path) -> None:
    if binding.compiler() is None:
        # Not a silent pass: this is what the part then says.
        assert kernel.measure(part.Options(quick=True)).skipped == binding.NO_COMPILER
        return
    in_numba, in_c = _both(tables, tmp_path)
    written = kernel.agree(in_numba, in_c)
    assert written > 50
    assert np.array_equal(in_numba.out.vacancy[:written], in_c.out.vacancy[:written])


def test_a_difference_is_told_loudly(
    tables: ReportTables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Stands in for the C, so that this needs no compiler.
    monkeypatch.setattr(binding, "build", lambda folder: lambda inputs: 0)
    in_numba, in_c = _both(tables, tmp_path)
    with pytest.raises(RuntimeError, match="and C 0"):
        kernel.agree(in_numba, in_c)
    written = in_numba()
    for column in ("seeker", "vacancy", "utility"):
        for name in in_c.out._fields:
            getattr(in_c.out, name)[:] = getattr(in_numba.out, name)
        monkeypatch.setattr(in_c, "_function", lambda inputs: written)
        assert kernel.agree(in_numba, in_c) == written
        getattr(in_c.out, column)[written - 1] += 1
        with pytest.raises(RuntimeError, match=column[:-1]):
            kernel.agree(in_numba, in_c)


def test_without_a_compiler_the_part_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert kernel.measure(part.Options(quick=True)).skipped == binding.NO_COMPILER
    assert "no C compiler" in binding.NO_COMPILER
    with pytest.raises(RuntimeError, match="no C compiler"):
        binding.build(Path())
