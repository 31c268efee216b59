"""Open the folder of a run and read its files when they are asked for."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from hesim.input.shells import quoted
from hesim.record.content import (
    MANIFEST,
    SETTINGS,
    Kinds,
    content_of,
    faults,
    folder_fault,
    manifest_of,
    nested_settings,
    typed_command,
    typed_path,
)
from hesim.record.format import Unreadable, too_new
from hesim.record.recipe import CONFIG, DATA

if TYPE_CHECKING:
    import pandas as pd

    from hesim.record.run_comparison import RunComparison

_NEEDED: Kinds = {"status": str, "seed": int, "replications": dict, "data_sha256": dict}
_SETTINGS: Kinds = {"start": str, "years": int, "population": dict}


class NoRun(Unreadable):
    """The folder holds no run, or one of which a file is damaged; the message says what to do."""


class IncompleteRun(UserWarning):
    """Replications of the run are missing, so its figures rest on fewer than were asked for."""


@dataclass(frozen=True)
class Run:
    """What a run left behind; each table is read when asked for.

    A file that is not as it was written raises `NoRun`.
    """

    folder: Path
    arm: str | None = None

    def of_arm(self, arm: str) -> Self:
        """The same run with the rows of one arm alone: `baseline`, `policy` or `difference`."""
        return replace(self, arm=arm)

    @cached_property
    def stocks(self) -> pd.DataFrame:
        """Persons and fte by month and group."""
        return self._parquet("stocks")

    @cached_property
    def flows(self) -> pd.DataFrame:
        """Changes of job by month, origin and destination; `crossing` says who crosses."""
        return self._parquet("flows")

    @cached_property
    def movers(self) -> pd.DataFrame:
        """One row for each move in or out of hbo and wo."""
        return self._parquet("movers")

    @cached_property
    def vacancies(self) -> pd.DataFrame:
        """One row for each vacancy."""
        return self._parquet("vacancies")

    @cached_property
    def margins(self) -> pd.DataFrame:
        """Staff each December by age, contract and hours, each beside role, field and region."""
        return self._parquet("margins")

    @cached_property
    def survey(self) -> pd.DataFrame:
        """The report's tables as simulated respondents answered them."""
        return self._csv("survey", {"table": str})

    @cached_property
    def summary(self) -> pd.DataFrame:
        """Outcomes by year with intervals."""
        return self._csv("summary", {"year": str})

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """Outcomes by arm, replication and year, counts at full scale."""
        return self._parquet("outcomes")

    @cached_property
    def breakdowns(self) -> pd.DataFrame:
        """Crossings and staff by region, age, sex, field and role, by arm, replication and year."""
        return self._parquet("breakdowns")

    @cached_property
    def levers(self) -> pd.DataFrame:
        """Whom each lever reached by year, and what drives its cost."""
        return self._csv("levers", {})

    @cached_property
    def participants(self) -> pd.DataFrame:
        """Who took part in levers, and where each person was in both worlds."""
        return self._parquet("participants")

    @cached_property
    def participants_summary(self) -> pd.DataFrame:
        """What taking part did, for each 100 who took part; no rows where nobody can."""
        import pandas as pd

        from hesim.record.participant_table import COLUMNS

        name = "participants_summary"
        if not (self.folder / f"{name}.csv").exists():
            return pd.DataFrame(columns=list(COLUMNS))
        return self._csv(name, {})

    @cached_property
    def attribution(self) -> pd.DataFrame:
        """What each mechanism of the policy causes (`attribution=true`)."""
        return self._csv("attribution", {})

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """How the run was made."""
        fault = folder_fault(self.folder, "run")
        if fault:
            raise NoRun(fault)
        file = self.folder / MANIFEST
        if not file.exists() and not file.is_symlink():
            raise NoRun(f"{self.folder} holds no run: there is no {MANIFEST} in it")
        try:
            found = manifest_of(content_of(file))
        except ValueError as error:
            raise self._damaged(MANIFEST, str(error)) from None
        if "facts" in found and not isinstance(found.get("replications"), dict):
            raise NoRun(
                f"{self.folder} holds a study: open it by hesim.load_study, or ask "
                f"`hesim compare {quoted(str(self.folder))}`"
            )
        wrong = faults(found, _NEEDED)
        if not wrong and not isinstance(found["replications"].get("done"), list):
            wrong = ["replications.done must be a list"]
        if wrong:
            raise self._damaged(MANIFEST, f"is no manifest of a run: {'; '.join(wrong)}")
        try:
            newer = too_new(found, "run")
        except ValueError as error:
            raise self._damaged(MANIFEST, f"is no manifest of a run: {error}") from None
        if newer:
            raise NoRun(f"{file}: {newer}")
        return found

    @cached_property
    def settings(self) -> dict[str, Any]:
        """The settings as nested dictionaries."""
        try:
            found = nested_settings(self.content(SETTINGS))
        except NoRun:
            raise
        except ValueError as error:
            raise self._damaged(SETTINGS, str(error)) from None
        wrong = faults(found, _SETTINGS)
        if wrong:
            raise self._damaged(SETTINGS, f"does not hold the settings of a run: {wrong[0]}")
        return found

    @property
    def shortfall(self) -> str:
        """What is missing of the run, in words; empty when all replications are whole."""
        asked = self.manifest["replications"].get("asked")
        done = len(self.manifest["replications"]["done"])
        if self.manifest["status"] == "complete" or not isinstance(asked, int):
            return ""
        failed = len(self.manifest["replications"].get("failed") or {})
        why = f"; {failed} failed, why stands in {MANIFEST}" if failed else ""
        return (
            f"{done} of {asked} replications are whole{why}; the run is "
            f"{self.manifest['status']}. To have all of them: {again_command(self.folder)}."
        )

    def compare(self, other: Run, by: str = "") -> RunComparison:
        """What another run gives beside this one: `other` less this run, in pairs where it can be.

        Args:
            other: The run that is compared.
            by: `region`, `age`, `sex`, `field` or `role`, to compare crossings and staff by it.

        Raises:
            ConfigErrors: the runs cannot be compared; the message says why.
        """
        from hesim.record.run_comparison import compare_runs

        return compare_runs(self, other, by)

    def content(self, name: str) -> bytes:
        """The content of one of the run's files.

        Raises:
            NoRun: it is not there, or not as it was written.
        """
        fault = folder_fault(self.folder, "run")
        if fault:
            raise NoRun(fault)
        try:
            content = content_of(self.folder / name)
        except ValueError as error:
            raise self._damaged(name, str(error)) from None
        written = self.manifest.get("files")
        wanted = written.get(name) if isinstance(written, dict) else None
        if wanted is not None and wanted != hashlib.sha256(content).hexdigest():
            raise self._damaged(name, "is not what was written")
        return content

    def _damaged(self, name: str, why: str) -> NoRun:
        words = f"{self.folder / name}: {why}; the run can be made again: "
        return NoRun(words + again_command(self.folder))

    def _parquet(self, name: str) -> pd.DataFrame:
        import pyarrow as pa
        import pyarrow.parquet as pq

        file = f"{name}.parquet"
        try:
            # Dates as pandas keeps them, not as objects of Python.
            table = pq.read_table(io.BytesIO(self.content(file)))
            frame: pd.DataFrame = table.to_pandas(date_as_object=False)
        except (pa.ArrowException, OSError) as error:
            raise self._damaged(file, f"cannot be read: {str(error).splitlines()[0]}") from None
        return self._of(file, frame)

    def _csv(self, name: str, types: dict[str, Any]) -> pd.DataFrame:
        import pandas as pd

        file = f"{name}.csv"
        content = self.content(file)
        try:
            frame = pd.read_csv(io.BytesIO(content), dtype=types)
        except ValueError as error:
            raise self._damaged(file, f"cannot be read: {str(error).splitlines()[0]}") from None
        return self._of(file, frame)

    def _of(self, file: str, frame: pd.DataFrame) -> pd.DataFrame:
        if self.arm is None:
            return frame
        if "arm" not in frame:
            raise self._damaged(file, "has no column arm")
        return frame[frame["arm"] == self.arm].reset_index(drop=True)


def load(folder: str | Path) -> Run:
    """Open the folder of an earlier run; warns (`IncompleteRun`) when replications are missing.

    Raises:
        NoRun: there is none, or its manifest is damaged.
    """
    made = Run(Path(folder))
    warn_of_shortfall(made)
    return made


def warn_of_shortfall(run: Run) -> None:
    """Warn whoever calls the caller when replications of a run are missing."""
    if run.shortfall:
        import warnings

        warnings.warn(run.shortfall, IncompleteRun, stacklevel=3)


def again_command(folder: Path) -> str:
    """The command that makes a run again, as it is typed."""
    if not (folder / CONFIG / SETTINGS).is_file():
        return "`hesim run` with the same settings"
    here = typed_path(folder)
    words = ["hesim", "run", "--config", f"{here}/{CONFIG}"]
    if (folder / DATA).is_dir():
        from hesim.config.writing import override_of

        words.append(override_of("data", f"{here}/{DATA}"))
    return typed_command(*words)
