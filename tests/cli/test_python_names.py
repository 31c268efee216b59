"""`import hesim` shows its names to Tab, to help() and to type checkers, and stays quick."""

from __future__ import annotations

import pkgutil
import pydoc
import subprocess
import sys
from pathlib import Path

import pytest

import hesim
from hesim.config import ConfigErrors

NAMES = {
    "run",
    "reproduce",
    "run_study",
    "load",
    "load_study",
    "compare",
    "list_levers",
    "settings",
    "report_table",
    "validate",
    "Model",
    "barriers",
    "dose",
    "worth_knowing",
}
SCRIPT = """
import hesim
from hesim.report.run_results import RunResults

made: RunResults = hesim.run(years=1, scale=0.02, levers=["single_cao"])
table = made.by("field")
total: float = float(table["mean"].sum())
other = hesim.load("folder").at_scale("model")
compared = made.compare(other)
sentence: str = compared.sentence
figure = made.plot.flows()
study = hesim.run_study(levers=["single_cao"], replications=2)
print(study.effects(), study.by("field"), study.to_xarray())
print(hesim.compare("one", "two").means, hesim.compare("study").tables)
print(hesim.list_levers(), hesim.settings("model"), hesim.report_table("3.5"), hesim.validate())
print(hesim.Model, hesim.barriers, hesim.dose, hesim.worth_knowing, hesim.load_study("x").arms)
"""


def test_tab_and_help_show_all_names() -> None:
    assert set(dir(hesim)) == NAMES | {"__version__"}
    shown = pydoc.plain(pydoc.render_doc(hesim))
    for name in NAMES:
        assert f"`{name}`" in shown, name
        assert f"\n    {name}(" in shown or f"\n    class {name}" in shown or name == "Model", name
        assert getattr(hesim, name).__doc__
    with pytest.raises(AttributeError, match="runn"):
        _ = hesim.runn


def test_no_name_is_that_of_a_package_or_module_below() -> None:
    below = {module.name for module in pkgutil.iter_modules(hesim.__path__)}
    assert not NAMES & below


def test_the_import_brings_nothing_heavy() -> None:
    code = (
        "import sys, hesim; dir(hesim); "
        "print({'numpy', 'pandas', 'mesa', 'hydra', 'numba', 'pyarrow'} & set(sys.modules))"
    )
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert made.stdout.strip() == "set()"


@pytest.mark.once
def test_a_script_of_a_user_passes_strict_type_checks(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    good = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path), str(script)]
    script.write_text(SCRIPT)
    made = subprocess.run(good, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout
    script.write_text(SCRIPT + "wrong: int = hesim.load('folder').by_yaer\n")
    made = subprocess.run(good, capture_output=True, text=True, check=False)
    assert 'has no attribute "by_yaer"' in made.stdout


def test_what_the_model_rests_on_can_be_looked_up() -> None:
    levers = hesim.list_levers()
    assert len(levers) == 34 and {"name", "title", "grade"} <= set(levers.columns)
    rows = hesim.settings("model.choice", ["model.choice.sector_cost=2"])
    row = rows.set_index("path").loc["model.choice.sector_cost"]
    assert row["value"] == 2 and row["origin"] == "the command line"
    with pytest.raises(ConfigErrors, match="did you mean"):
        hesim.settings("model.choise")
    table = hesim.report_table("3.5")
    assert set(table["table"]) == {"3.5"} and table["percent"].notna().any()
    with pytest.raises(ConfigErrors, match=r"must be one of .*3\.5"):
        hesim.report_table("9.9")
    from hesim import mesa
    from hesim.model.higher_education import HigherEducation

    assert hesim.Model is mesa.Model
    assert issubclass(hesim.Model, HigherEducation)
