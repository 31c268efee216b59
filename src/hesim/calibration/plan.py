"""Read what a calibration does, and check it: `conf/calibration/plan/STRUCTURE.yaml`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from hesim.calibration.parameters import Parameters
from hesim.config import ConfigErrors, Problem, Settings
from hesim.config.points import SHIPPED, STRUCTURE, name_of, structure_of
from hesim.config.trees import laid_over
from hesim.input.document import BadDocument, parse
from hesim.input.problems import nearest
from hesim.scenario import compose
from hesim.sources import packaged, source_hashes
from hesim.tables import ReportTables, read
from hesim.tables.schema import DataError

STAGES = (
    "all",
    "inputs",
    "fit",
    "identification",
    "recovery",
    "morris",
    "joints",
    "claims",
    "falsify",
)
NAMES = ("blind", "production")
SCALES = ("scale", "final_scale")
COUNTS = (
    "years",
    "burn_in",
    "seed",
    "design",
    "refine",
    "confirm",
    "draws",
    "walkers",
    "steps",
    "checks",
    "recovery",
    "morris",
)


@dataclass(frozen=True)
class CalibrationPlan:
    """A calibration to be carried out.

    Attributes:
        name: `blind` or `production`; of another structure than the usual one with its name before
            it, as `standing_blind`.
        stage: One of `STAGES`.
        output: Folder of its runs; what is there already is not run again.
        values: Everything of the plan's file, overrides applied.
        parameters: What is fitted.
        base: Settings without any calibration, at the plan's scale and length, on its engine.
        shipped: Folder that the result is written to: the package's, or with tables of one's own
            the output itself.
    """

    name: str
    stage: str
    output: Path
    values: Mapping[str, Any]
    parameters: Parameters
    base: Settings
    shipped: Path

    @property
    def place(self) -> str:
        """How settings name it, once it is there: by name, or by path in the user's folder."""
        return str((self.shipped / self.name).resolve()) if self.own_data else self.name

    @property
    def tables(self) -> ReportTables:
        """The tables that it is fitted to."""
        folder = self.base["data"]
        return tables_of(None if folder is None else str(folder))

    @property
    def own_data(self) -> bool:
        """Whether it is fitted to tables of the user's own."""
        return self.base["data"] is not None

    @property
    def blind(self) -> bool:
        """Whether the held-out tables stay unseen."""
        return self.name == self.blind_name

    @property
    def structure(self) -> str:
        """The structure that is calibrated."""
        return structure_of(self.name)

    @property
    def blind_name(self) -> str:
        """Name of the structure's blind calibration, whose runs production learns from too."""
        return name_of(self.structure, "blind")

    def count(self, key: str) -> int:
        """A whole number of the plan."""
        return int(self.values[key])

    def matter_hash(self) -> str:
        """Hash of the settings that decide what a run of a point gives, of any code.

        Calibration and finding that have it in common are of the same model, also when the code
        was tidied between them.
        """
        return _hash_of(self._matter)

    def fingerprint(self) -> str:
        """Hash of all that decides what a run of a point gives, code included."""
        return _hash_of([*self._matter, source_hashes("calibration/observation.py")])

    @property
    def _matter(self) -> list[Any]:
        scope = {k: self.values[k] for k in ("scale", "years", "burn_in", "seed", "parameters")}
        parts = [self.base.mapping(part) for part in ("model", "population", "survey")]
        if self.structure != STRUCTURE:
            parts.append({"structure": self.structure})
        if self.own_data:
            parts.append({"data": dict(self.tables.hashes)})
        return [scope, parts, self.base.text("start")]


def _hash_of(matter: list[Any]) -> str:
    text = json.dumps(matter, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


BUILDS_ON = "builds_on"
"""Key of a plan's file: the structure whose plan holds all that this one does not say."""
INPUTS = "inputs.json"
"""File, in the output of a calibration to one's own tables, of the inputs to begin from."""


@cache
def tables_of(folder: str | None) -> ReportTables:
    """The packaged tables, with those of a folder in their place."""
    return read(None if folder is None else Path(folder))


def read_calibration_plan(overrides: Sequence[str] = ()) -> CalibrationPlan:
    """Read the packaged plan and lay overrides such as `stage=fit` or `design=100` over it.

    Args:
        overrides: Keys of the plan; `workers`, `engine` and `engine.*` as for a study.

    Raises:
        ConfigErrors: with every override that cannot hold.
    """
    own: dict[str, Any] = {
        "name": "production",
        "structure": STRUCTURE,
        "stage": "all",
        "workers": 1,
        "output": "",
        "data": "",
    }
    plans = {file.stem: file for file in (packaged() / "calibration" / "plan").glob("*.yaml")}
    chosen = [line.partition("=")[2] for line in overrides if line.startswith("structure=")]
    values = _values_of(plans, chosen[-1] if chosen and chosen[-1] in plans else STRUCTURE)
    problems: list[Problem] = []
    machine: list[str] = []
    for line in overrides:
        key, _, text = line.partition("=")
        if key == "engine" or key.startswith("engine."):
            machine.append(line)
        elif key in own or key in COUNTS or key in SCALES:
            try:
                (own if key in own else values)[key] = parse(text)
            except BadDocument as error:
                problems.append(Problem(key, text, error.without_line()))
        else:
            known = (*own, "engine", *SCALES, *COUNTS)
            problems.append(Problem(key, text, "no such key of a calibration", nearest(key, known)))
    problems += _check(own, values, tuple(sorted(plans)))
    given = (
        []
        if problems
        else [
            f"structure={own['structure']}",
            f"population.scale={values['scale']}",
            f"years={values['years']}",
            f"burn_in={values['burn_in']}",
            f"seed={values['seed']}",
            f"workers={own['workers']}",
        ]
    )
    usual = Path("outputs", "calibration")
    if own["structure"] != STRUCTURE:
        usual /= str(own["structure"])
    if own["data"]:
        usual /= Path(str(own["data"])).resolve().name
    folder = Path(str(own["output"] or usual))
    extra: dict[str, object] = {}
    if own["data"]:
        extra["data"] = str(Path(str(own["data"])).resolve())
        if (folder / INPUTS).is_file():
            extra |= json.loads((folder / INPUTS).read_text(encoding="utf-8"))
    try:
        base = compose(["calibration=none", *given, *machine], extra=extra)
        if own["data"]:
            tables_of(str(base["data"]))
    except ConfigErrors as error:
        problems += error.problems
    except DataError as error:
        problems.append(Problem("data", own["data"], str(error)))
    if problems:
        raise ConfigErrors(problems)
    parameters = Parameters(values["parameters"])
    name = name_of(own["structure"], own["name"])
    shipped = folder if own["data"] else SHIPPED
    return CalibrationPlan(name, own["stage"], folder, values, parameters, base, shipped)


def _values_of(plans: Mapping[str, Path], name: str) -> dict[str, Any]:
    """What a structure's plan holds, over that of the structure whose plan it builds on."""
    import yaml

    values: dict[str, Any] = yaml.safe_load(plans[name].read_text(encoding="utf-8"))
    below = values.pop(BUILDS_ON, None)
    return values if below is None else laid_over(_values_of(plans, below), values)


def _check(
    own: Mapping[str, Any], values: Mapping[str, Any], structures: tuple[str, ...]
) -> list[Problem]:
    found = []
    for key, allowed in (("name", NAMES), ("structure", structures), ("stage", STAGES)):
        if own[key] not in allowed:
            words = "must be one of " + ", ".join(allowed)
            found.append(Problem(key, own[key], words, nearest(str(own[key]), allowed)))
    for key in ("workers", *COUNTS):
        value = own[key] if key in own else values[key]
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            found.append(Problem(key, value, "must be a whole number of at least 1"))
    for key in SCALES:
        if not isinstance(values[key], int | float) or not 0.02 <= values[key] <= 1:
            found.append(Problem(key, values[key], "must be a number from 0.02 to 1"))
    return found
