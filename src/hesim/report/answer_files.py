"""Write what a study answers, and describe tables of answers in datapackage.json."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hesim.files import put
from hesim.record.content import MANIFEST
from hesim.record.description import ANSWERS, RUNS, table_named
from hesim.record.manifest import code_facts
from hesim.record.package import ORIGIN, PACKAGE_FILE, hash_of, package_text, resource_of
from hesim.record.run_comparison import RunComparison
from hesim.record.run_folder import Run
from hesim.study.answers.question import Answer
from hesim.study.folder import Study
from hesim.study.origin import origin_of_study

if TYPE_CHECKING:
    import pandas as pd

Resources = list[dict[str, Any]]


def write_answer(made: Answer, work: Path, target: Path) -> None:
    """Write all files aside and then move them, so that a full disk leaves the old ones whole.

    Args:
        made: What the study says, with its figures.
        work: An empty folder on the disk of the target.
        target: Where the files go; it is made if it is not there.

    Raises:
        OSError: they cannot be written.
    """
    from hesim.charts import drawing, style

    contents = {table_file(name): csv_text(table) for name, table in made.tables.items()}
    contents |= {f"{name}.png": style.png(drawing.draw(x)) for name, x in made.figures.items()}
    for name, content in contents.items():
        put(work / name, content)
    asked = {
        "outcome": made.outcome,
        "unit": made.unit,
        "better": made.better,
        "threshold": made.threshold,
    }
    names = list(contents)
    if has_room(target):
        tables = [work / table_file(name) for name in made.tables]
        put(work / PACKAGE_FILE, answer_package(made.study, tables, target, asked))
        names.append(PACKAGE_FILE)
    target.mkdir(exist_ok=True)
    for name in names:
        os.replace(work / name, target / name)


def has_room(target: Path) -> bool:
    """Whether a folder may have a package of answers: that of a run or study has its own."""
    return not (target / MANIFEST).exists()


def answer_package(
    asked_of: Study | Run, tables: Iterable[Path], target: Path, asked: Mapping[str, object]
) -> bytes:
    """What stands in the package of a folder with answers.

    Tables that an earlier question left are described too, as they were when it was asked, if they
    are of the same study or run and as they were written.

    Args:
        asked_of: The study, or the run.
        tables: CSV files of the answer, whole.
        target: Where they lie, or will.
        asked: What was asked: `outcome`, its `unit`, and so on.
    """
    facts, whole, planned = _origin(asked_of)
    by = {
        **asked,
        "runs": whole,
        "planned_runs": planned,
        "answered_by": {"hesim_version": version("hesim"), **code_facts()},
    }
    both = _with_former(_resources(tables, ANSWERS, by), target, facts)
    title = f"Answers of {asked_of.folder.resolve().name}, simulated by hesim"
    return package_text("hesim-answers", title, facts, both)


def write_run_comparison(found: RunComparison, target: Path) -> list[Path]:
    """Write both tables of a comparison of runs, and what they hold.

    Args:
        found: The comparison.
        target: An existing folder.

    Returns:
        The files of the tables.

    Raises:
        OSError: they cannot be written.
    """
    by = f"_by_{found.dimension}" if found.dimension else ""
    yearly = f"comparison{by}_and_year" if by else "comparison_by_year"
    tables = {f"comparison{by}": found.means, yearly: found.by_year}
    files = [target / table_file(name) for name in tables]
    for file, table in zip(files, tables.values(), strict=True):
        put(file, csv_text(table))
    if not has_room(target):
        return files
    title = "Two runs of hesim compared, simulated"
    facts = {"first": _origin_of_run(found.first), "second": _origin_of_run(found.second)}
    both = _with_former(_resources(files, RUNS, None), target, facts)
    put(target / PACKAGE_FILE, package_text("hesim-comparison", title, facts, both))
    return files


def table_file(name: str) -> str:
    """Name of the file of a table."""
    return f"{name}.csv"


def csv_text(table: pd.DataFrame) -> bytes:
    """A table as CSV with Unix line ends; what is not known is an empty cell."""
    return table.to_csv(index=False, lineterminator="\n").encode()


def _resources(
    files: Iterable[Path], place: str, facts: Mapping[str, object] | None
) -> Iterator[dict[str, Any]]:
    for file in files:
        table = table_named(file.stem, place)
        if table is not None:
            yield resource_of(file, table, facts=facts)


def _with_former(
    new: Iterable[dict[str, Any]], target: Path, facts: Mapping[str, object]
) -> Resources:
    """New tables, and those that a package describes already, by their names."""
    found = {str(each["path"]): each for each in (*_former(target, facts), *new)}
    return [found[name] for name in sorted(found)]


def _former(target: Path, facts: Mapping[str, object]) -> Resources:
    """Tables that a package describes already, if it is one of the same study."""
    try:
        package = json.loads((target / PACKAGE_FILE).read_bytes())
        if package[ORIGIN] != dict(facts):
            return []
        return [each for each in package["resources"] if _is_as_written(target, each)]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _is_as_written(target: Path, resource: Mapping[str, Any]) -> bool:
    """Whether a file is still what a package says."""
    file = target / Path(resource["path"]).name
    return file.is_file() and hash_of(file) == resource["hash"]


def _origin(asked_of: Study | Run) -> tuple[Mapping[str, object], int, int]:
    """What made a study or a run, how many of its simulations are whole, and were planned."""
    if isinstance(asked_of, Study):
        found = asked_of.completeness
        origin = origin_of_study(asked_of.manifest, asked_of.folder)
        return origin.texts(), found.whole, found.planned
    counts = asked_of.manifest["replications"]
    whole = len(counts["done"])
    return _origin_of_run(asked_of), whole, int(counts.get("asked", whole))


def _origin_of_run(run: Run) -> dict[str, object]:
    """What made a run, as its own package says; of an older run as far as its manifest goes."""
    try:
        found: dict[str, object] = json.loads((run.folder / PACKAGE_FILE).read_bytes())[ORIGIN]
    except (OSError, ValueError, KeyError, TypeError):
        manifest = run.manifest
        names = ("commit", "code_sha256", "seed")
        found = {name: manifest[name] for name in names if name in manifest}
    return found
