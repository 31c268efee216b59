"""Read what somebody asks for, a run or a study, and check it without simulating it.

The words are those of `hesim run` and `hesim study`, and so is the code that refuses them: a study
is planned here as it is before it runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hesim.config.defaults import EXPERIMENT
from hesim.config.nodes import packaged_node, user_nodes
from hesim.config.trees import leaves
from hesim.input.problems import ConfigErrors
from hesim.record import folders
from hesim.scenario import compose

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.study.points import StudyPlan

STUDY = "study"
DEFAULTS = "study/default.yaml"
"""The packaged file that says what a study is by default."""
ELSEWHERE = ("experiment", "levers", "calibration")
"""Groups whose files are in force only where they are chosen by name."""


@dataclass(frozen=True)
class Request:
    """What somebody asks for, after everything was checked that can be checked beforehand.

    Attributes:
        settings: The composed config; that of a study has no levers of its own.
        plan: What the study would run; None for a run.
    """

    settings: Settings
    plan: StudyPlan | None

    @property
    def kind(self) -> str:
        """`run` or `study`."""
        return "run" if self.plan is None else STUDY

    def cautions(self) -> list[str]:
        """What is legal and may mislead, or makes no sense, a line each."""
        if self.plan is not None:
            from hesim.study.plan_cautions import plan_cautions

            return plan_cautions(self.plan)
        from hesim.cautions import cautions, of_burn_in, of_replications

        said = [*cautions(self.settings), *of_burn_in(self.settings)]
        if self.settings.mapping("levers"):
            said += of_replications("replications", self.settings.integer("replications"))
        return said

    def size(self) -> str:
        """What would be simulated, in words."""
        if self.plan is None:
            return ""
        arms, points, runs = len(self.plan.arms), len(self.plan.points), self.plan.runs
        several = (
            f"{number:,} {word}{'s' * (number != 1)}"
            for number, word in ((arms, "arm"), (points, "point"), (runs, "run"))
        )
        return ", ".join(several)


def describes_study(overrides: Sequence[str], folder: str | Path | None = None) -> bool:
    """Whether the words, or the user's own files, say anything of a study.

    Args:
        overrides: As for a run or a study.
        folder: The user's own configuration files.
    """
    keys = (line.partition("=")[0].lstrip("+") for line in overrides)
    if any(key in (STUDY, EXPERIMENT) or key.startswith(f"{STUDY}.") for key in keys):
        return True
    if folder is None:
        return False
    # Files that cannot be read are told by whoever composes them.
    with suppress(ConfigErrors):
        usual = dict(leaves(packaged_node(DEFAULTS).tree()))
        for place, node in user_nodes(Path(folder)).items():
            chosen = any(EXPERIMENT in str(each) for each in node.defaults or ())
            own = [
                path
                for path, value in leaves(node.tree())
                if path.startswith(f"{STUDY}.") and usual.get(path) != value
            ]
            if place.partition("/")[0] not in ELSEWHERE and (chosen or own):
                return True
    return False


def read_request(overrides: Sequence[str], folder: str | Path | None = None) -> Request:
    """Compose what is asked for, plan it if it is a study, and see that its folder can be had.

    Nothing is written and nothing is simulated.

    Args:
        overrides: As for a run or a study.
        folder: The user's own configuration files.

    Raises:
        ConfigErrors: with every problem that `hesim run`, or `hesim study`, would tell.
    """
    if not describes_study(overrides, folder):
        settings = compose(overrides, folder)
        folders.refuse_unwritable(folders.folder_of_run(settings))
        return Request(settings, None)
    # Imported late: planning brings libraries that a run's settings do not need.
    from hesim.study.output_folder import chosen_folder, taken
    from hesim.study.plan import plan_study

    problems = taken(overrides)
    try:
        plan = plan_study(overrides, folder)
    except ConfigErrors as error:
        # Settings refuse a folder that exists, in fewer words.
        others = [each for each in error.problems if not (problems and each.path == "output")]
        raise ConfigErrors([*problems, *others]) from error
    folders.refuse_unwritable(chosen_folder(plan.settings, overrides)[0])
    return Request(plan.settings, plan)


def try_request(request: Request) -> None:
    """Try tables and processes of the user's own, and whether a model can be made of the settings.

    A small model lives for a month or three; see `execution.trial`.

    Raises:
        DataError: tables break the rules.
        ConfigErrors: the settings do not go together.
    """
    from hesim.execution.trial import matters, try_model
    from hesim.tables import read

    if request.plan is not None:
        from hesim.study.launch import try_plan

        # Tables of the user's own are tried here, with a model.
        try_plan(request.plan)
    each = {"": request.settings} if request.plan is None else request.plan.each
    for settings in each.values():
        data = settings["data"]
        if request.plan is None or data is None:
            tables = read(None if data is None else Path(str(data)))
            if matters(settings):
                try_model(settings, tables)


def needs_model(request: Request) -> bool:
    """Whether `try_request` makes a model, which may have to be compiled first."""
    from hesim.execution.trial import matters

    if request.plan is None:
        return matters(request.settings)
    from hesim.study.arms import with_all_levers

    plan = request.plan
    return any(matters(with_all_levers(each, plan.arms)) for each in plan.each.values())
