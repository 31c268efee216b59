"""A model acts on the levers of its settings, whoever builds it."""

from __future__ import annotations

import pickle
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hesim.app.session import Session, act
from hesim.cli import main
from hesim.config import ConfigErrors, Settings
from hesim.config.layers import layers
from hesim.levers.arms import BASELINE, POLICY
from hesim.levers.policy import Levers, policy_of, read_levers
from hesim.model.higher_education import HigherEducation
from hesim.scenario import compose
from hesim.sources import PACKAGE
from hesim.tables import ReportTables

LEVERS = (
    "population.scale=0.02",
    "burn_in=0",
    "years=1",
    "levers=[abolish_binary,meet_and_greet]",
    "levers.abolish_binary.start='2011-01'",
    "levers.abolish_binary.ramp=0",
    "levers.meet_and_greet.start='2011-01'",
)


@pytest.fixture
def settings() -> Settings:
    return compose(LEVERS)


def ledger(model: HigherEducation, months: int = 9) -> list[np.ndarray]:
    for _ in range(months):
        model.step()
    used = int(model.ledger.used[0])
    return [model.ledger.f_month[:used], model.ledger.f_from[:used], model.ledger.f_to[:used]]


def same(one: list[np.ndarray], other: list[np.ndarray]) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_a_model_of_settings_with_levers_has_them(settings: Settings, tables: ReportTables) -> None:
    model = HigherEducation(settings, tables)
    assert isinstance(model.policy, Levers)
    assert [lever.key for lever in model.policy.levers] == ["abolish_binary", "meet_and_greet"]
    baseline = HigherEducation(settings.with_values({"levers": {}}), tables)
    assert baseline.policy is None
    # Changing the policy by hand, as was needed before, gives the same world.
    by_hand = HigherEducation(settings.with_values({"levers": {}}), tables)
    by_hand.policy = policy_of(settings)
    made = ledger(model)
    assert same(made, ledger(by_hand))
    assert not same(made, ledger(baseline))
    assert np.any(model.persons.awareness[: baseline.persons.size] != baseline.persons.awareness)


def test_levers_cannot_be_forgotten_below_the_room_that_knows_them(
    settings: Settings, tables: ReportTables
) -> None:
    with pytest.raises(ConfigErrors, match="levers"):
        layers(["levers=[single_cao]"])
    with pytest.raises(ValueError, match="composed by"):
        HigherEducation(replace(settings, _make_policy=None), tables)
    travelled = HigherEducation(pickle.loads(pickle.dumps(settings)), tables)
    assert isinstance(travelled.policy, Levers)


def test_each_model_keeps_accounts_of_its_own(settings: Settings, tables: ReportTables) -> None:
    one, other = HigherEducation(settings, tables), HigherEducation(settings, tables)
    assert one.policy is not other.policy


def test_what_is_switched_off_acts_in_no_model(tables: ReportTables) -> None:
    without = compose([*LEVERS, "without=[awareness]"])
    model = HigherEducation(without, tables)
    assert isinstance(model.policy, Levers)
    assert model.policy.without == {"awareness"}
    # The page lets a world have levers later; what is switched off stays off.
    later = HigherEducation(without.with_values({"levers": {}}), tables)
    act(later, read_levers(without))
    assert isinstance(later.policy, Levers)
    assert later.policy.without == {"awareness"}


def test_the_baseline_of_the_page_has_no_levers(settings: Settings, tables: ReportTables) -> None:
    session = Session(settings, tables)
    assert list(session.books) == [BASELINE]
    assert session.model(BASELINE).policy is None
    session.set_levers(read_levers(settings))
    assert isinstance(session.model(POLICY).policy, Levers)
    assert session.model(BASELINE).policy is None
    session.close()


def test_levers_that_the_page_would_drop_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["view", "--no-open", "levers=[single_cao]"]) == 2
    assert "levers = 'single_cao'" in capsys.readouterr().err


@pytest.mark.parametrize("layer", ["model", "population"])
def test_the_model_knows_no_lever(layer: str) -> None:
    for file in Path(PACKAGE / layer).rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"^\s*(from|import) hesim\.levers", text, re.M), file
