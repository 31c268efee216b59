"""Open the folder of a run and read its files when they are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Run:
    """What a run left behind; each table is read when asked for."""

    folder: Path
    arm: str | None = None

    def of_arm(self, arm: str) -> Run:
        """The same run with the rows of one arm alone: `baseline`, `policy` or `difference`."""
        return Run(self.folder, arm)

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
    def survey(self) -> pd.DataFrame:
        """The report's tables as simulated respondents answered them."""
        return self._csv("survey", {"table": str})

    @cached_property
    def summary(self) -> pd.DataFrame:
        """Outcomes by year with intervals."""
        return self._csv("summary", {"year": str})

    @cached_property
    def levers(self) -> pd.DataFrame:
        """Whom each lever reached by year, and what drives its cost."""
        return self._csv("levers", {})

    @cached_property
    def attribution(self) -> pd.DataFrame:
        """What each mechanism of the policy causes (`attribution=true`)."""
        return self._csv("attribution", {})

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """How the run was made."""
        import json

        text = (self.folder / "manifest.json").read_text(encoding="utf-8")
        content: dict[str, Any] = json.loads(text)
        return content

    @cached_property
    def settings(self) -> dict[str, Any]:
        """The settings as nested dictionaries."""
        import yaml

        text = (self.folder / "config.yaml").read_text(encoding="utf-8")
        content: dict[str, Any] = yaml.safe_load(text)
        return content

    def _parquet(self, name: str) -> pd.DataFrame:
        import pandas as pd

        return self._of(pd.read_parquet(self.folder / f"{name}.parquet"))

    def _csv(self, name: str, types: dict[str, Any]) -> pd.DataFrame:
        import pandas as pd

        return self._of(pd.read_csv(self.folder / f"{name}.csv", dtype=types))

    def _of(self, frame: pd.DataFrame) -> pd.DataFrame:
        if self.arm is None:
            return frame
        return frame[frame["arm"] == self.arm].reset_index(drop=True)


def load(folder: str | Path) -> Run:
    """Open the folder of an earlier run."""
    path = Path(folder)
    if not (path / "manifest.json").is_file():
        raise FileNotFoundError(f"{path} holds no run: there is no manifest.json in it")
    return Run(path)
