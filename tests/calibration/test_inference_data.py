"""What ArviZ is handed: groups, units, chains, and nothing that a calibration never saw."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from scipy.stats import truncnorm

from hesim.calibration import inference_data as exported
from hesim.calibration.ensemble import arrays, draws, manifest
from hesim.calibration.fit import Fitted
from hesim.calibration.likelihood import Likelihood
from hesim.calibration.parameters import Parameters
from hesim.calibration.posterior import CHAIN_DRAWS, sample
from hesim.cli import main
from hesim.tables import ReportTables

arviz = pytest.importorskip("arviz", reason="ArviZ is in the extra `analysis`")
pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def blind(tables: ReportTables) -> Any:
    return exported.inference_data("blind", tables)


def test_the_posterior_is_the_shipped_draws_in_the_units_of_settings(blind: Any) -> None:
    shipped = draws("blind")
    assert blind.posterior.sizes["draw"] == len(shipped) == 200
    cost = [draw["model.choice.sector_cost"] for draw in shipped]
    # Settings are shipped with five digits.
    assert blind.posterior["sector_cost"].values[0] == pytest.approx(cost, abs=1e-5)
    setting = blind.posterior["setting"].sel(path="model.choice.sector_cost")
    assert setting.values[0] == pytest.approx(cost)
    assert "one chain" in blind.posterior.attrs["chains"].lower()
    assert "model.choice.sector_cost" in blind.posterior["sector_cost"].attrs["settings"]


def test_the_prior_lies_within_its_bounds_and_has_its_mean(blind: Any) -> None:
    parameters = Parameters(manifest("blind")["plan"]["parameters"])
    assert set(blind.prior.data_vars) == set(parameters.names)
    for each in parameters.all:
        values = blind.prior[each.name].values
        assert values.min() >= each.low - 1e-9 and values.max() <= each.high + 1e-9
    points = exported.prior_points(parameters, 1, 4_000)
    cut = truncnorm(np.maximum(parameters.low, -9), np.minimum(parameters.high, 9))
    error = cut.std() / np.sqrt(4_000)
    assert np.abs((points.mean(axis=0) - cut.mean()) / error).max() < 4
    assert np.abs(points.std(axis=0) / cut.std() - 1).max() < 0.06


def test_what_draws_show_stands_beside_what_was_observed(blind: Any, tables: ReportTables) -> None:
    cell = next(x for x in tables.cells if x.table == "3.5" and x.percent is not None)
    name = "|".join((cell.table, cell.block, cell.item, cell.group))
    assert cell.percent is not None
    observed = blind.observed_data["compared"].sel(figure=name)
    assert float(observed) == pytest.approx(float(cell.percent) / 100)
    at = list(map(str, arrays("blind")["names"])).index(name)
    shown = blind.posterior_predictive["compared"].sel(figure=name).values[0]
    assert shown == pytest.approx(arrays("blind")["shown"][:, at])


def test_held_out_figures_are_observed_by_production_alone(
    blind: Any, tables: ReportTables
) -> None:
    def held_out(made: Any) -> list[str]:
        names = made.observed_data["figure"].values
        flows = ("outcome|wo_to_hbo", "outcome|hbo_to_wo")
        return [str(name) for name in names if str(name).startswith("3.1") or name in flows]

    assert held_out(blind) == []
    assert len(held_out(exported.inference_data("production", tables))) == 37


def test_chains_are_handed_on_where_they_are_stored(
    monkeypatch: pytest.MonkeyPatch, tables: ReportTables
) -> None:
    stored = dict(arrays("blind"))
    rng = np.random.default_rng(3)
    stored["chains"] = rng.normal(size=(4, 30, stored["points"].shape[1])).astype(np.float32)
    stored["chains_log_posterior"] = rng.normal(size=(4, 30)).astype(np.float32)
    monkeypatch.setattr(exported, "arrays", lambda name: stored)
    made = exported.inference_data("blind", tables)
    assert (made.posterior.sizes["chain"], made.posterior.sizes["draw"]) == (4, 30)
    parameters = Parameters(manifest("blind")["plan"]["parameters"])
    expected = parameters.natural(stored["chains"].astype(np.float64))[..., 3]
    assert made.posterior[parameters.names[3]].values == pytest.approx(expected)
    assert made.sample_stats["lp"].shape == (4, 30)
    assert "R-hat" in exported.summary_lines(made)[0]


def test_a_sample_keeps_its_chains_and_their_log_posterior() -> None:
    class Normal:
        parameters = Parameters({f"p{k}": {"prior": [0, 1], "bounds": [-9, 9]} for k in range(2)})

        def log_posterior(self, points: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
            return np.asarray(-0.5 * (points**2).sum(axis=-1))

    size = np.eye(2)
    fitted = Fitted(np.zeros(2), cast(Likelihood, Normal()), size, size)
    found = sample(fitted, walkers=8, steps=400, draws=100, seed=5)
    assert found.chains.shape == (8, CHAIN_DRAWS, 2)
    assert found.log_posterior == pytest.approx(-0.5 * (found.chains**2).sum(axis=-1))
    # The chains are those that the draws were taken from.
    pooled = found.chains.reshape(-1, 2)
    assert np.abs(pooled.mean(axis=0)).max() < 0.35
    assert np.abs(pooled.std(axis=0) - 1).max() < 0.25
    assert np.array_equal(found.chains, sample(fitted, 8, 400, 100, 5).chains)


def test_the_command_writes_a_file_that_arviz_reads(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "new" / "blind.nc"
    assert main(["calibrate", "--export", "blind", f"output={file}"]) == 0
    assert "sector_cost" in capsys.readouterr().out
    read = arviz.from_netcdf(str(file))
    assert {"posterior", "prior", "posterior_predictive", "observed_data"} <= set(read.groups())
    assert read.posterior.attrs["calibration"] == "blind"


def test_bad_words_are_refused_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    there = tmp_path / "there.nc"
    there.write_bytes(b"mine")
    assert main(["calibrate", "--export", "blnd"]) == 2
    assert "blind" in capsys.readouterr().err
    assert main(["calibrate", "--export", f"output={there}"]) == 2
    assert "exists" in capsys.readouterr().err and there.read_bytes() == b"mine"
    assert main(["calibrate", "--export", "stage=fit", f"output={tmp_path / 'x.txt'}"]) == 2
    assert "stage=fit" in capsys.readouterr().err
