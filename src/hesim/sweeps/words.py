"""Sort what was typed for a sweep: what varies, what stays, and what is for Hydra itself.

Hydra is handed two kinds of words alone: which settings vary, and its own words about sweeper and
launcher. Settings that stay, files of settings and the user's folder never reach it, since Hydra
instantiates what its own configuration names.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hesim.config.defaults import EXPERIMENT
from hesim.input.problems import ConfigErrors, Problem

if TYPE_CHECKING:
    from hesim.config import Settings

FLAGS = ("-m", "--multirun")
"""Words that ask for a sweep."""
KINDS = ("run", "study")
"""What a job can be."""
GROUPS = ("hydra/sweeper", "hydra/launcher", "hydra/sweeper/sampler")
OPTIONS = ("hydra.sweeper.", "hydra.launcher.")
CLOSED = ("params", "search_space", "custom_search_space")
"""Options of sweepers that would let settings in by another door, or call what they name."""
OUTPUT = "output"
MOST_CHECKED = 20
"""Values of one setting that are checked before the first job."""


@dataclass(frozen=True)
class Swept:
    """A setting that varies over the jobs.

    Attributes:
        key: Its path.
        sigil: What stood before it: a plus, or nothing.
        word: Its values as they were typed.
        values: Some of its values, each as it would be typed; the ends of an interval.
    """

    key: str
    sigil: str
    word: str
    values: tuple[str, ...]

    def line(self, value: str) -> str:
        """The override that gives it one value."""
        return f"{self.sigil}{self.key}={value}"


@dataclass(frozen=True)
class SweepPlan:
    """What a sweep does.

    Attributes:
        kind: `run` or `study`.
        fixed: Overrides that all jobs have.
        swept: Settings that vary.
        hydra: Words for Hydra's own sweeper and launcher.
        config: Folder of the user's own settings files.
        output: Folder of the sweep that was asked for.
        better: Whether more or less of the objective is better.
    """

    kind: str
    fixed: tuple[str, ...]
    swept: tuple[Swept, ...]
    hydra: tuple[str, ...]
    config: Path | None
    output: str | None
    better: str

    @property
    def first(self) -> list[str]:
        """Overrides of the first combination."""
        return [*self.fixed, *(each.line(each.values[0]) for each in self.swept)]


def plan_sweep(kind: str | None, words: Sequence[str], config: str | Path | None) -> SweepPlan:
    """Read the words of a sweep, and check the settings of its jobs as far as they are known.

    Args:
        kind: `run` or `study`; None takes a study where `study.*` asks something.
        words: Overrides, in which `key=a,b`, `choice(...)`, `range(...)` or `interval(...)` vary.
        config: Folder of the user's own settings files.

    Raises:
        ConfigErrors: with every problem there is.
    """
    fixed: list[str] = []
    swept: list[Swept] = []
    hydra: list[str] = []
    problems: list[Problem] = []
    for word in words:
        name = word.partition("=")[0].lstrip("+~")
        if name.startswith("hydra"):
            problems += _wrong_for_hydra(word)
            hydra.append(word)
        else:
            found = _swept(word)
            if isinstance(found, Problem):
                problems.append(found)
            elif found is None:
                fixed.append(word)
            else:
                swept.append(found)
    problems += _doubles(fixed, swept)
    if problems:
        raise ConfigErrors(problems)
    folders = [line.partition("=")[2] for line in fixed if line.startswith(f"{OUTPUT}=")]
    fixed = [line for line in fixed if not line.startswith(f"{OUTPUT}=")]
    folder = None if config is None else Path(config)
    made = SweepPlan(
        kind or _kind_of(words),
        tuple(fixed),
        tuple(swept),
        tuple(hydra),
        folder,
        folders[-1].strip("\"'") if folders else None,
        "more",
    )
    return _checked(made)


def _swept(word: str) -> Swept | Problem | None:
    """A setting that varies; None for one that stays, or that only hesim can read."""
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    try:
        override = OverridesParser.create().parse_override(word)
        if not override.is_sweep_override():
            return None
        key, typed = override.key_or_group, word.partition("=")[2]
        sigil = "+" if word.startswith("+") else ""
        if override.is_interval_sweep():
            ends: Any = override.value()
            values: tuple[str, ...] = (str(ends.start), str(ends.end))
        else:
            # Only read as far as they are checked: a range may be long.
            values = tuple(islice(override.sweep_string_iterator(), MOST_CHECKED))
    except (HydraException, ValueError, ZeroDivisionError) as error:
        if "," not in word and "(" not in word:
            return None
        why = (str(error).strip() or "not understood").splitlines()[0]
        return Problem(word, None, f"not understood as values to sweep over ({why})")
    if not values:
        return Problem(key, typed, "has no value")
    return Swept(key, sigil, typed, values)


def _wrong_for_hydra(word: str) -> Iterator[Problem]:
    """Why a word for Hydra itself is refused."""
    name, _, value = word.partition("=")
    name = name.lstrip("+~")
    inside = name.startswith(OPTIONS)
    if name not in GROUPS and not inside:
        allowed = "a sweep takes only hydra/sweeper=, hydra/launcher= and their options"
        yield Problem(word, None, allowed)
    elif inside and name.split(".")[2] in CLOSED:
        yield Problem(
            word, None, "type the settings themselves, as seed=1,2 or years=interval(1,5)"
        )
    elif "_target_" in word or "${" in value:
        yield Problem(word, None, "a sweep calls nothing but Hydra's own sweepers and launchers")


def _doubles(fixed: Sequence[str], swept: Sequence[Swept]) -> Iterator[Problem]:
    """Settings that vary and are given once more, or of which one holds another."""
    names = [each.key for each in swept]
    stays = {line.partition("=")[0].lstrip("+") for line in fixed}
    for number, each in enumerate(swept):
        if each.key in stays or each.key in names[:number]:
            yield Problem(each.key, each.word, "is given twice; a setting varies once")
        for other in names:
            if other.startswith(f"{each.key}."):
                words = f"cannot vary beside {other}, which lies in it"
                yield Problem(each.key, each.word, words)


def _checked(made: SweepPlan) -> SweepPlan:
    """The plan, after a look at each value beside the first ones of all others.

    Raises:
        ConfigErrors: settings that cannot hold.
    """
    problems: dict[str, Problem] = {}
    first = made.first
    try:
        made = replace(made, better=_settings(made, first).text("study.better"))
    except ConfigErrors as error:
        problems |= {str(each): each for each in error.problems}
    for each in made.swept:
        others = [line for line in first if line != each.line(each.values[0])]
        for value in each.values[1:]:
            try:
                _settings(made, [*others, each.line(value)])
            except ConfigErrors as error:
                problems |= {str(one): one for one in error.problems}
    if problems:
        raise ConfigErrors(problems.values())
    return made


def _settings(made: SweepPlan, overrides: Sequence[str]) -> Settings:
    """The settings of one job.

    Raises:
        ConfigErrors: settings that cannot hold.
    """
    if made.kind == "run":
        from hesim.scenario import compose

        return compose(overrides, made.config)
    from hesim.study.plan import plan_study

    return plan_study(overrides, made.config).settings


def _kind_of(words: Sequence[str]) -> str:
    """A study where a study is asked for, else a run."""
    asks = ("levers", "uncertainties", "scenarios", "structures", "barriers", "draws", "dose")
    of_studies = {EXPERIMENT, *(f"study.{name}" for name in asks)}
    names = {word.partition("=")[0].lstrip("+") for word in words}
    return "study" if names & of_studies else "run"
