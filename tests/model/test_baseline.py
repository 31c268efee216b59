"""The exact baseline: a small run gives the same numbers, to the last one, as the file says.

An optimisation leaves the file as it is; a change of the model rewrites it and says why:
    HESIM_REWRITE_BASELINE=1 uv run pytest tests/model/test_baseline.py
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import numpy as np

from hesim import categories as c
from hesim.model.higher_education import HigherEducation
from hesim.outcomes.registry import headline
from hesim.survey.movers import sort_movers

FILE = Path(__file__).parents[1] / "baseline.json"


def digest(column: np.ndarray) -> str:
    return hashlib.sha256(np.ascontiguousarray(column).tobytes()).hexdigest()[:16]


def fingerprint(model: HigherEducation) -> dict[str, object]:
    """Flows and stocks to read, and a hash of every column to be sure."""
    p, ledger = model.persons, model.ledger
    here = p.present == 1
    # In the order of identities: which slot somebody sits in is nobody's business.
    present = np.flatnonzero(here)[np.argsort(p.id[here])]
    flows, spells = (int(k) for k in ledger.used)
    kinds = np.bincount(ledger.f_kind[:flows], minlength=len(c.FLOW_KINDS))
    reasons = np.bincount(ledger.f_reason[:flows], minlength=len(c.EXIT_REASONS))
    roles = np.bincount(p.role[here], minlength=len(c.ROLES))
    outcomes = headline(model, sort_movers(model), model.settings.integer("years"))
    return {
        "flows": dict(zip(c.FLOW_KINDS, kinds.tolist(), strict=True)),
        "reasons": dict(zip(c.EXIT_REASONS, reasons.tolist(), strict=False)),
        "roles": dict(zip(c.ROLES, roles.tolist(), strict=True)),
        "spells": spells,
        "closed_vacancies": model.recorder.closed()["closed"].size,
        "columns": {name: digest(getattr(p, name)[present]) for name in p.columns._fields},
        "ledger": {
            name: digest(getattr(ledger, name)[: flows if name[0] == "f" else spells])
            for name in ledger._fields[1:]
        },
        "outcomes": {name: values.tolist() for name, values in outcomes.items()},
        "outcome_hashes": {name: digest(values) for name, values in outcomes.items()},
    }


def test_the_baseline_is_exactly_as_recorded(finished: HigherEducation) -> None:
    found = fingerprint(finished)
    if os.environ.get("HESIM_REWRITE_BASELINE"):
        FILE.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    known = json.loads(FILE.read_text(encoding="utf-8"))
    assert list(found) == list(known)
    for part, values in known.items():
        assert found[part] == values, part
