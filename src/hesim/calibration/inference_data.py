"""Hand a calibration to ArviZ: prior, posterior, what the model shows, and what was observed.

Groups of the `InferenceData`:

| Group | What it holds |
|---|---|
| `posterior` | Each fitted parameter in its own units, and `setting`: the settings that they move |
| `prior` | The same parameters, drawn from what was believed before the fit |
| `posterior_predictive` | What a run of each shipped draw showed |
| `observed_data` | What the report says of the same figures, where the fit compared them |
| `sample_stats` | The log posterior of each step, where chains are stored |

What a calibration never saw is left out of `observed_data`: tables 3.1 and 1.1 are looked at by
`hesim validate` alone, which logs the look.
"""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hesim.calibration.ensemble import arrays, finding, manifest
from hesim.calibration.likelihood import Block, blocks
from hesim.calibration.parameters import Parameters
from hesim.calibration.plan import NAMES
from hesim.calibration.stages import figures_of_sectors
from hesim.calibration.targets import key_of
from hesim.calibration.titles import parameter_name
from hesim.files import put
from hesim.input.problems import ConfigErrors, Problem
from hesim.record.manifest import versions
from hesim.sources import extra_command
from hesim.tables import ReportTables

Floats = NDArray[np.float64]
PRIOR_DRAWS = 2_000
NO_CHAINS = (
    "One chain of equally likely draws, thinned from the sampler's chains and weighed by what "
    "their own runs taught. This calibration was made before chains were stored."
)
CHAINS = "The sampler's own chains, thinned; the first 40% of each was thrown away."
FLOW_NAMES = ("wo_to_hbo", "hbo_to_wo")


def inference_data(name: str, tables: ReportTables) -> Any:
    """Everything that a calibration leaves behind, as an `arviz.InferenceData`.

    Args:
        name: A shipped calibration, or the path of one of the user's own.
        tables: The tables that it was fitted to.

    Returns:
        Groups with dimensions `chain` and `draw`; parameters in the units of the settings that
        they set, or without a unit where they shift or multiply settings.

    Raises:
        ConfigErrors: ArviZ is not installed.
        KeyError: there is no such calibration.
    """
    arviz = _arviz()
    body, stored = manifest(name), arrays(name)
    parameters = Parameters(body["plan"]["parameters"])
    blind = Path(name).name.endswith(NAMES[0])
    sectors = figures_of_sectors(body["plan"], tables, blind)
    observed = observed_figures(tables, blocks(tables, sectors, blind=blind), sectors)
    outputs = [str(each) for each in stored["names"]]
    compared = [each for each in outputs if each in observed]
    at = [outputs.index(each) for each in compared]
    chains, log_posterior = chains_of(stored)
    shown = stored["shown"][None].astype(np.float64)
    prior = prior_points(parameters, int(body["plan"]["seed"]), PRIOR_DRAWS)
    posterior = _by_name(parameters, chains)
    coordinates: dict[str, Any] = {"figure": compared, "output": outputs}
    sizes = {"compared": ["figure"], "shown": ["output"], "crossings": ["flow", "year"]}
    if log_posterior is None:
        moved = {path for each in parameters.all for path in each.paths()}
        paths = [str(path) for path in stored["paths"]]
        chosen = [k for k, path in enumerate(paths) if path in moved]
        posterior["setting"] = stored["values"][None][:, :, chosen]
        coordinates["path"] = [paths[k] for k in chosen]
        sizes["setting"] = ["path"]
    coordinates["flow"] = list(FLOW_NAMES)
    coordinates["year"] = np.arange(1, stored["yearly"].shape[-1] + 1)
    made = arviz.from_dict(
        posterior=posterior,
        prior=_by_name(parameters, prior[None]),
        posterior_predictive={
            "compared": shown[:, :, at],
            "shown": shown,
            "crossings": stored["yearly"][None].astype(np.float64),
        },
        observed_data={"compared": np.array([observed[each] for each in compared])},
        sample_stats=None if log_posterior is None else {"lp": log_posterior},
        coords=coordinates,
        dims=sizes,
    )
    _describe(made, name, body, parameters, log_posterior is not None)
    return made


def export(made: Any, file: Path) -> Path:
    """Write what `inference_data` made as NetCDF, whole or not at all.

    Args:
        made: An `arviz.InferenceData`.
        file: Where to; its folder is made.
    """
    # HDF5 locks what it writes, and so does `put`: it is written elsewhere first.
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / file.name
        made.to_netcdf(str(written), engine="h5netcdf")
        file.parent.mkdir(parents=True, exist_ok=True)
        put(file, written.read_bytes())
    return file


def summary_lines(made: Any) -> list[str]:
    """Mean, interval and diagnostics of each parameter, as lines of text.

    R-hat and effective sample sizes need chains: without them they are left out.
    """
    arviz = _arviz()
    chained = made.posterior.sizes["chain"] > 1
    names = [each for each in made.posterior.data_vars if each != "setting"]
    kind = "all" if chained else "stats"
    table = arviz.summary(made, var_names=names, kind=kind, hdi_prob=0.9, round_to="none")
    head = f"{'parameter':22}{'mean':>10}{'90% interval':>24}"
    lines = [head + (f"{'R-hat':>9}{'draws worth':>13}" if chained else "")]
    for parameter, row in table.iterrows():
        between = f"{row['hdi_5%']:.3f} to {row['hdi_95%']:.3f}"
        line = f"{parameter!s:22}{row['mean']:10.3f}{between:>24}"
        if chained:
            line += f"{row['r_hat']:9.3f}{row['ess_bulk']:13.0f}"
        lines.append(line)
    return lines


def observed_figures(
    tables: ReportTables, listed: list[Block], sectors: Mapping[str, tuple[float, float]]
) -> dict[str, float]:
    """What the report says of each output that a fit compares, by the output's name.

    Args:
        tables: The report's tables.
        listed: What is compared.
        sectors: Mean and standard deviation of figures of whole sectors, natural scale.

    Returns:
        Shares from 0 to 1, and figures of sectors on their natural scale.
    """
    cells = {"|".join(key_of(x)): float(x.percent) for x in tables.cells if x.percent is not None}
    compared = {each for block in listed for each in (*block.plus, *block.minus)}
    found = {each: percent / 100.0 for each, percent in cells.items() if each in compared}
    return found | {f"outcome|{each}": mean for each, (mean, _) in sectors.items()}


def chains_of(stored: Mapping[str, NDArray[Any]]) -> tuple[Floats, Floats | None]:
    """Chains of a calibration in standard units, shape (chains, steps, parameters).

    Returns:
        With them the log posterior of each step; None where only draws are stored, which then are
        one chain.
    """
    if "chains" in stored:
        chains = stored["chains"].astype(np.float64)
        return chains, stored["chains_log_posterior"].astype(np.float64)
    return stored["points"][None], None


def prior_points(parameters: Parameters, seed: int, count: int) -> Floats:
    """Draws of the prior within its bounds, in standard units, shape (count, parameters)."""
    rng = np.random.default_rng(seed)
    points = rng.normal(size=(count, parameters.size))
    outside = (points < parameters.low) | (points > parameters.high)
    while outside.any():
        points[outside] = rng.normal(size=int(outside.sum()))
        outside = (points < parameters.low) | (points > parameters.high)
    return points


def _by_name(parameters: Parameters, points: Floats) -> dict[str, NDArray[Any]]:
    """Values on the natural scale by parameter, each of shape (chains, draws)."""
    values = parameters.natural(points)
    return {each: values[..., k] for k, each in enumerate(parameters.names)}


def _describe(
    made: Any, name: str, body: Mapping[str, Any], parameters: Parameters, chained: bool
) -> None:
    """Say in each group where it comes from, and of each parameter what it is."""
    attributes = {
        "calibration": Path(name).name,
        "structure": str(body["structure"]),
        "calibrated": str(body["date"]),
        "commit": str(body.get("commit", "")),
        "fingerprint": str(body["fingerprint"]),
        "inference_library": "hesim",
        "inference_library_version": versions()["hesim"],
        "chains": CHAINS if chained else NO_CHAINS,
    }
    figures = {f"diagnostic_{key}": float(value) for key, value in body["figures"].items()}
    recovery = finding(name, "recovery")
    if recovery is not None:
        figures["diagnostic_coverage_90"] = float(recovery["coverage_90"])
    for group in made.groups():
        made[group].attrs.update(attributes)
    made.posterior.attrs.update(figures)
    for group in ("posterior", "prior"):
        for parameter in parameters.all:
            variable = made[group][parameter.name]
            variable.attrs["long_name"] = parameter_name(parameter.name)
            variable.attrs["description"] = parameter.about
            variable.attrs["settings"] = ", ".join(parameter.paths())


def _arviz() -> Any:
    """ArviZ, or words on how to get it."""
    try:
        with warnings.catch_warnings():
            # It announces its next version to everybody who imports it.
            warnings.simplefilter("ignore", FutureWarning)
            import arviz
    except ImportError as error:
        words = f"needs ArviZ; install it with {extra_command('analysis')}"
        raise ConfigErrors([Problem("hesim calibrate --export", None, words)]) from error
    return arviz
