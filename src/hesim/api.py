"""Run the model from Python, and read what it left.

`import hesim` shows these names, and those of `lookup`. What brings much is imported when it is
asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, overload

from hesim.charts import draw_all
from hesim.config import Settings
from hesim.config.points import usual_calibration
from hesim.config.short_names import path_of, spelt_out
from hesim.config.writing import override_of
from hesim.record.run_folder import Run, warn_of_shortfall
from hesim.report.run_results import RunResults
from hesim.report.study_results import StudyResults
from hesim.scenario import compose
from hesim.sources import packaged
from hesim.study.branches import Work
from hesim.study.run_launch import launch_run
from hesim.study.run_outputs import RunFailed

if TYPE_CHECKING:
    from hesim.experiments.reproduction import PageResult
    from hesim.record.run_comparison import RunComparison
    from hesim.study.answers.question import Answer
    from hesim.study.console import Show

__all__ = [
    "RunFailed",
    "barriers",
    "compare",
    "dose",
    "load",
    "load_study",
    "reproduce",
    "run",
    "run_study",
    "worth_knowing",
]

OF_BARRIERS = {
    "structures": "study.structures",
    "draws": "study.draws",
    "names": "study.barriers",
    "replications": "study.replications",
}
"""Short names of what is asked of barriers."""
OF_DOSES = {
    "structures": "study.structures",
    "draws": "study.draws",
    "shares": "study.shares",
    "outcome": "study.outcome",
    "replications": "study.replications",
}
"""Short names of what is asked of doses."""
OF_STUDIES = {
    name: f"study.{name}"
    for name in (
        "question",
        "levers",
        "uncertainties",
        "scenarios",
        "structures",
        "design",
        "n",
        "draws",
        "dials",
        "budget",
        "days",
        "replications",
        "outcome",
        "better",
        "threshold",
        "precision",
        "flows",
        "by",
        "participants",
    )
}
"""Short names of what is asked of studies."""


def run(
    *,
    settings: Settings | None = None,
    show: Show = False,
    simulate: Work | None = None,
    **overrides: object,
) -> RunResults:
    """Simulate all replications and write the results.

    Args:
        settings: Composed settings; else they are composed from the overrides.
        show: Print progress and results, or a part of that; see `hesim.study.console.Show`.
        simulate: Another model, called with settings and the replication's number; with workers
            it must stand in a module that they can import.
        **overrides: Settings, as `years=5`, `scale=0.1` or `**{"population.scale": 0.1}`.

    Returns:
        The run: `by_year`, `means`, `flows`, `by("field")`, `compare(other)`, `plot.flows()` and so
        on, with counts at full scale.

    Raises:
        ConfigErrors: settings that cannot hold, or an output folder that exists.
        RunFailed: every replication failed, or the results could not be written.
        KeyboardInterrupt: after the replications that were whole are written.
    """
    if settings is None:
        settings = compose(extra={path_of(key): value for key, value in overrides.items()})
    elif overrides:
        raise TypeError("give settings or overrides, not both")
    return RunResults(launch_run(settings, draw_all, show, simulate).folder)


def run_study(
    overrides: Sequence[str] = (),
    *,
    config: str | Path | None = None,
    show: bool = False,
    simulate: Work | None = None,
    **settings: object,
) -> StudyResults:
    """Simulate a sweep of levers, uncertainties and draws, each beside the baseline.

    Args:
        overrides: As on the command line, such as `+experiment=headline_levers`.
        config: The user's own configuration files.
        show: Print the plan, progress and what came out.
        simulate: Another model that gives outcomes by year; see `hesim.study.launch.start`.
        **settings: `levers`, `uncertainties`, `draws`, `replications`, `outcome` and other settings
            of a study; all else as for `run`, as `scale=0.2` or `workers=2`.

    Returns:
        The study: `effects()`, `by("field")`, `to_xarray()`, `plot` and `query(sql)`.

    Raises:
        ConfigErrors: settings that cannot hold, or an output folder that exists.
        StudyStopped: the engine is gone or the disk is full; `hesim resume` goes on.
        KeyboardInterrupt: after what was whole was written.
    """
    # Imported late: a run needs no engine of studies.
    from hesim.study.launch import start

    given = [override_of(key, value) for key, value in settings.items()]
    words = spelt_out([*overrides, *given], OF_STUDIES)
    study = start(words, config, simulate=simulate, show=show)
    assert study is not None
    return StudyResults(study.folder)


def load(folder: str | Path) -> RunResults:
    """Open the folder of an earlier run; warns (`IncompleteRun`) when replications are missing.

    Args:
        folder: The run's folder. A study is opened by `load_study`.

    Raises:
        NoRun: there is none, or its manifest is damaged.
    """
    made = RunResults(Path(folder))
    warn_of_shortfall(made)
    return made


def load_study(folder: str | Path) -> StudyResults:
    """Open a study folder, whole or under way; warns when runs of the plan are missing.

    Raises:
        NoStudy: there is none.
        Damage: a file of it is not as it was written.
    """
    from hesim.study.folder import warn_of_missing

    study = StudyResults(folder)
    warn_of_missing(study)
    return study


@overload
def compare(first: str | Path | Run, second: str | Path | Run) -> RunComparison: ...


@overload
def compare(first: str | Path | StudyResults) -> Answer: ...


def compare(
    first: str | Path | Run | StudyResults, second: str | Path | Run | None = None
) -> RunComparison | Answer:
    """Compare two runs, or the arms of one study.

    Args:
        first: A run, or a study where nothing else is named.
        second: Another run: the comparison is this one less the first, paired by replication.

    Returns:
        Of two runs their comparison: `by_year` and `means`, with 95% intervals. Of a study its
        answers, which are also written into its folder: `tables` and `figures` by name.

    Raises:
        ConfigErrors: the runs cannot be paired; the message says why.
        Unreadable: a folder holds no run or study, or something in it is damaged.
    """
    if second is None:
        from hesim.report.comparison import compare as answer

        folder = first.folder if isinstance(first, Run | StudyResults) else first
        return answer(folder)
    if isinstance(first, StudyResults):
        raise TypeError("compare a study by itself, or two runs")
    one, other = (each if isinstance(each, Run) else load(each) for each in (first, second))
    return one.compare(other)


def barriers(
    overrides: Sequence[str] = (),
    *,
    config: str | Path | None = None,
    show: Show = False,
    simulate: Work | None = None,
    **settings: object,
) -> Answer:
    """Take apart what stands between wo and hbo, by Shapley values over the model's barriers.

    The answer has the tables `barriers`, `barriers_difference`, `barriers_draws` and
    `barriers_pairs`, a figure of the first, and its study, which holds all runs. Where a draw has
    not all of its runs, it is left out. See docs/barriers.md.

    Args:
        overrides: As for a study.
        config: The user's own configuration files.
        show: Print the plan, progress and the answer.
        simulate: Another model, as for a study.
        **settings: `structures` (all that have a calibration of their own if none is named),
            `draws`, `names` of barriers and `replications` of the study; all else as for `run`, as
            `scale=0.2` or `workers=2`.

    Raises:
        ConfigErrors: settings that cannot hold, or an output folder that exists.
        StudyStopped: the engine is gone or the disk is full; `hesim resume` goes on.
        KeyboardInterrupt: after what was whole was written.
    """
    # Imported late: a run needs neither answers nor what draws them.
    from hesim.report.comparison import compare
    from hesim.study.launch import start

    given = [override_of(key, value) for key, value in settings.items()]
    words = barrier_overrides([*overrides, *given])
    study = start(words, config, simulate=simulate, show=show)
    assert study is not None
    return compare(study.folder, show=show)


def worth_knowing(
    study: str | Path,
    overrides: Sequence[str] = (),
    *,
    output: str | Path | None = None,
    show: bool = False,
) -> Answer:
    """Say what would be worth most to know before one chooses between the arms of a study.

    The answer has the table and the figure `worth_knowing`, or `worth_knowing_net` where costs
    count; both are written too. See docs/studies.md.

    Args:
        study: Folder of a study, whole.
        overrides: `study.outcome=...` and `study.better=...`; `arms=[a,b]`; how many each survey
            asks, as `movers=500`, `asked=500` and `vacancies=500`; `value=50000`, euros that an
            additional one is worth, and `budget=1e6`, euros a year that an arm may cost.
        output: Folder of the table and the figure; `answers` in the study's own unless given.
        show: Print the answer.

    Raises:
        ConfigErrors: overrides that cannot hold, or a study that cannot say it or is not whole.
        Unreadable: the folder holds no study, or something in it is damaged.
    """
    # Imported late: a run needs neither answers nor what draws them.
    from hesim.report.knowing import knowing_report

    return knowing_report(study, overrides, output=output, show=show)


def reproduce(
    *names: str,
    folder: str | Path | None = None,
    show: Show = False,
    **settings: object,
) -> list[PageResult]:
    """Make pages of `experiments/` again, and compare their numbers with what comes out.

    Args:
        *names: Names of pages; all of them if none is named.
        folder: The folder of the pages; that of the checkout unless given.
        show: Print what goes on and what came out, or a part of that.
        **settings: `small=True`, `seed`, `workers` and `output`.

    Returns:
        What came of each page: `reproduced`, `judgements`, `text` and its folder.

    Raises:
        ConfigErrors: names, pages or settings that cannot hold, or Jinja is not installed.
        StudyStopped, KeyboardInterrupt: a study was stopped; the same call goes on.
    """
    # Imported late: a run needs none of it.
    from hesim.experiments.page_file import pages_folder
    from hesim.experiments.reproduction import read_wishes, reproduce_pages

    small, output = settings.pop("small", False), settings.pop("output", None)
    asked = [override_of(key, x) for key, x in settings.items()]
    # A folder is taken as it is, so quotes would be part of its name.
    asked += [] if output is None else [f"output={output}"]
    wishes = read_wishes(asked, bool(small))
    return reproduce_pages(pages_folder(folder), names, wishes, show=show)


def barrier_overrides(lines: Sequence[str]) -> list[str]:
    """What a study of barriers is made from, with short names of settings spelt out."""
    given = spelt_out(lines, OF_BARRIERS)
    named = {line.partition("=")[0] for line in given}
    asked = (
        []
        if {"structure", "calibration", "study.structures"} & named
        else [f"study.structures=[{','.join(calibrated_structures())}]"]
    )
    return ["+experiment=barriers", *asked, *given]


def dose(
    lever: str,
    overrides: Sequence[str] = (),
    *,
    config: str | Path | None = None,
    show: Show = False,
    simulate: Work | None = None,
    **settings: object,
) -> Answer:
    """Follow the effect of a lever over the share that takes part, and what each share takes.

    The answer has the table `dose`, a figure of it, and its study, which holds all runs. See
    docs/effort.md.

    Args:
        lever: Its name.
        overrides: As for a study.
        config: The user's own configuration files.
        show: Print the plan, progress and the answer.
        simulate: Another model, as for a study.
        **settings: `shares`, `outcome`, `structures`, `draws` and `replications` of the study; all
            else as for `run`, as `scale=0.2` or `workers=2`.

    Raises:
        ConfigErrors: settings that cannot hold, or an output folder that exists.
        StudyStopped: the engine is gone or the disk is full; `hesim resume` goes on.
        KeyboardInterrupt: after what was whole was written.
    """
    # Imported late: a run needs neither answers nor what draws them.
    from hesim.report.comparison import compare
    from hesim.study.launch import start

    given = [override_of(key, value) for key, value in settings.items()]
    words = dose_overrides(lever, [*overrides, *given])
    study = start(words, config, simulate=simulate, show=show)
    assert study is not None
    return compare(study.folder, show=show)


def dose_overrides(lever: str, lines: Sequence[str]) -> list[str]:
    """What a dose-response study is made from, with short names of settings spelt out."""
    return ["+experiment=dose", override_of("study.dose", lever), *spelt_out(lines, OF_DOSES)]


def calibrated_structures() -> list[str]:
    """The structures that are shipped with a calibration of their own."""
    names = sorted(file.stem for file in (packaged() / "structure").glob("*.yaml"))
    return [name for name in names if usual_calibration(name) != "none"]
