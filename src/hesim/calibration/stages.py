"""Carry a calibration out, stage by stage; what is on disk already is not run again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hesim.calibration import posterior as after
from hesim.calibration.design import FIRST, spread
from hesim.calibration.emulator import Emulator, learn, moved
from hesim.calibration.fit import Fitted, gauss_newton, maker
from hesim.calibration.inputs import solve
from hesim.calibration.likelihood import Block, Likelihood, blocks
from hesim.calibration.observation import names
from hesim.calibration.parts import Runs, stored_points
from hesim.calibration.plan import CalibrationPlan
from hesim.calibration.runs import run_points
from hesim.tables import ReportTables

Floats = NDArray[np.float64]
FLOW_ERROR = 0.15
"""Declared standard deviation of table 1.1's mean flows: years differ, and so do populations."""
ENOUGH, ROUNDS = 110, 5
"""Effective sample size that ends the rounds of confirmation, and how many there are at most."""
LEAST_ROUNDS = 2
"""How many there are at least: of one round's draws all are shipped, and weights choose none."""
DECIMALS = 5
"""Digits of a setting that is shipped."""
FIRST_INPUTS = 1_000
"""Added to the numbers of runs that the first inputs are solved on."""
CHAIN_SEED = 900
"""Added to the seed for the chains that are shipped, so that no round's draws are repeated."""
NEAR = 4.0
"""Weight of runs near the posterior against those of the first design."""


def round_name(calibration: str, round_: int) -> str:
    """Folder of a round of confirmation."""
    return f"{calibration}_confirm" + (f"_{round_ + 1}" if round_ else "")


@dataclass(frozen=True)
class Confirmed:
    """Draws of the posterior with a run of each.

    Attributes:
        points: In standard units.
        runs: What they showed.
        weights: In the posterior whose emulator has seen these runs, sum 1.
        fitted: Best point of that posterior.
        emulator: That emulator.
    """

    points: Floats
    runs: Runs
    weights: Floats
    fitted: Fitted
    emulator: Emulator


def _rounded(inputs: Mapping[str, float]) -> dict[str, float]:
    return {path: round(value, DECIMALS) for path, value in inputs.items()}


def figures_of_sectors(
    values: Mapping[str, Any], tables: ReportTables, blind: bool
) -> dict[str, tuple[float, float]]:
    """Mean and standard deviation, on their natural scale, of the figures that a fit compares.

    Args:
        values: The calibration's plan.
        tables: The report's tables; table 1.1 is read unless the fit is blind.
        blind: Whether the crossings stay unseen.
    """
    given = {k: (float(v[0]), float(v[1])) for k, v in values["outcomes"].items()}
    if not blind:
        held = values["production_outcomes"]
        given |= {k: (float(v[0]), float(v[1])) for k, v in held.items()}
        for flow in ("wo_to_hbo", "hbo_to_wo"):
            years = [float(getattr(x, f"{flow}_teaching")) for x in tables.flows_1_1]
            mean = float(np.mean(years))
            given[flow] = (mean, FLOW_ERROR * mean)
    return given


class Work:
    """The stages of one calibration, each done when first asked for.

    Attributes:
        plan: What to do.
        tables: The report's tables.
        names: Outputs of a run.
        blocks: What is compared with what.
    """

    def __init__(self, plan: CalibrationPlan, tell: Callable[[str], None]) -> None:
        """Read the tables."""
        self.plan, self.tell = plan, tell
        self.tables: ReportTables = plan.tables
        self.names = names(self.tables)
        self.blocks: list[Block] = blocks(self.tables, self.outcomes(), blind=plan.blind)
        self.offset = 0 if plan.blind else 5_000
        """Production's own stages take random numbers of their own."""

    def outcomes(self) -> dict[str, tuple[float, float]]:
        """Figures of whole sectors that the fit compares; production also sees the crossings."""
        return figures_of_sectors(self.plan.values, self.tables, self.plan.blind)

    @cached_property
    def design(self) -> Runs:
        """Runs spread over the prior; both calibrations share them."""
        points = spread(self.plan.parameters, self.plan.count("design"), self.plan.count("seed"))
        return run_points(self.plan, "design", points, FIRST["design"], self.tell)

    def fit(self, runs: Runs, weights: Floats | None = None) -> tuple[Fitted, Emulator]:
        """Learn an emulator from runs and find its best point."""
        emulator = learn(self.names, runs.points, runs.values, weights)
        make = maker(
            self.plan.parameters,
            emulator,
            self.blocks,
            runs.answers,
            self.plan.values["discrepancy"],
        )
        return gauss_newton(make, self.plan.count("seed")), emulator

    def draw(self, fitted: Fitted, count: int, seed: int) -> after.Sampled:
        """Draw from a posterior, and say how well the chains mixed."""
        plan = self.plan
        found = after.sample(fitted, plan.count("walkers"), plan.count("steps"), count, seed)
        self.tell(
            f"posterior: {found.acceptance:.0%} of moves accepted, chains forget after "
            f"{found.autocorrelation.max():.0f} steps"
        )
        return found

    @cached_property
    def chains(self) -> after.Sampled:
        """Chains of the posterior whose emulator has seen the confirming runs."""
        seed = self.plan.count("seed") + CHAIN_SEED
        return self.draw(self.confirmed.fitted, self.plan.count("draws"), seed)

    @cached_property
    def known(self) -> Runs:
        """Runs that are there before the posterior is known: production takes the blind ones' too.

        What runs show depends on their point and inputs alone, not on what it is compared with.
        """
        known = self.design
        if self.plan.blind:
            return known
        known = self.joined(known, stored_points(self.plan, f"{self.plan.blind_name}_refine"))
        confirmed = stored_points(self.plan, round_name(self.plan.blind_name, 0))
        for round_ in range(1, ROUNDS):
            stage = round_name(self.plan.blind_name, round_)
            if (self.plan.output / stage).is_dir():
                confirmed += stored_points(self.plan, stage)
        return self.joined(known, confirmed)

    def joined(self, before: Runs, more: Runs, emulator: Emulator | None = None) -> Runs:
        """Runs and further ones with other inputs; the former are moved by what those change.

        Args:
            before: Runs with inputs of before.
            more: Runs with other inputs.
            emulator: Learned from the former, if that was done already.
        """
        of = emulator or learn(self.names, before.points, before.values)
        return replace(before, values=moved(before.values, of, more.points, more.values)) + more

    @cached_property
    def start(self) -> tuple[Fitted, Emulator]:
        """Best point and emulator of what is known before the posterior is."""
        return self.fit(self.known)

    @cached_property
    def first_inputs(self) -> dict[str, float]:
        """Inputs at the best point of what is known: the refinement's runs take them.

        With those of the middle of the prior other people would enter than the tables say, and as
        many more or fewer would cross: twice as many in production.
        """
        stage, offset = f"{self.plan.name}_first_inputs", self.offset + FIRST_INPUTS
        point, runs = self.start[0].point, self.plan.count("checks")
        return _rounded(solve(self.plan, stage, point, offset, runs, self.tell))

    @cached_property
    def refined(self) -> Runs:
        """The known runs, with runs at draws of this calibration's own posterior."""
        fitted, emulator = self.start
        points = self.draw(fitted, self.plan.count("refine"), self.plan.count("seed") + 1).points
        first = FIRST["refine"] + self.offset
        stage, inputs = f"{self.plan.name}_refine", self.first_inputs
        more = run_points(self.plan, stage, points, first, self.tell, changed={**inputs})
        return self.joined(self.known, more, emulator)

    @cached_property
    def first(self) -> tuple[Fitted, Emulator]:
        """Best point and emulator of design and refinement."""
        return self.fit(self.refined, self.weights(self.plan.count("refine")))

    def weights(self, near: int) -> Floats:
        """Weights of all runs in a fit: those of the known ones, then of others near its point.

        Args:
            near: Number of the latter.
        """
        far = np.ones(self.known.points.shape[0])
        return np.concatenate([far, np.full(near, NEAR)])

    @cached_property
    def confirmed(self) -> Confirmed:
        """Draws of the posterior, each run with a fresh seed, and weighed.

        Where the runs teach so much that too few draws are left, new ones are drawn from what the
        emulator knows now, and run.
        """
        before, emulator = self.first
        count, seed = self.plan.count("confirm"), self.plan.count("seed")
        known, near = self.refined, self.plan.count("refine")
        rounds: list[tuple[Floats, Likelihood]] = []
        drawn: Runs | None = None
        for round_ in range(ROUNDS):
            points = self.draw(before, count, seed + 2 + round_).points
            stage = round_name(self.plan.name, round_)
            first = FIRST["confirm"] + self.offset + 1000 * round_
            runs = run_points(self.plan, stage, points, first, self.tell, changed={**self.inputs})
            # All rounds have the same inputs.
            known = known + runs if round_ else self.joined(known, runs, emulator)
            near += count
            fitted, emulator = self.fit(known, self.weights(near))
            rounds.append((points, before.likelihood))
            drawn = runs if drawn is None else drawn + runs
            share = after.weigh(rounds, fitted.likelihood)
            size = after.effective(share)
            self.tell(f"round {round_ + 1}: effective sample size {size:.0f} of {share.size}")
            if size >= ENOUGH and round_ + 1 >= LEAST_ROUNDS:
                break
            before = fitted
        assert drawn is not None
        return Confirmed(drawn.points, drawn, share, fitted, emulator)

    def _full(self) -> dict[str, object]:
        """The scale of all runs at the best point, by path."""
        return {"population.scale": float(self.plan.values["final_scale"])}

    @cached_property
    def inputs(self) -> dict[str, float]:
        """Inputs at the best point (stage A), rounded as they are shipped; draws take them too."""
        point, runs = self.first[0].point, self.plan.count("checks")
        stage, full, start = f"{self.plan.name}_inputs", self._full(), self.first_inputs
        return _rounded(solve(self.plan, stage, point, self.offset, runs, self.tell, full, start))

    @cached_property
    def checks(self) -> Runs:
        """Runs at the best point with fresh seeds, at full scale: what every figure rests on."""
        changed: dict[str, object] = {**self._full(), **self.inputs}
        point = self.confirmed.fitted.point
        points = np.repeat(point[None], self.plan.count("checks"), axis=0)
        return run_points(
            self.plan,
            f"{self.plan.name}_checks",
            points,
            FIRST["checks"] + self.offset,
            self.tell,
            changed=changed,
        )
