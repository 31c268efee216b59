"""A harness of bad input: each ends in words, with exit code 2, at once, and writes nothing."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path

import processes
import pytest
from harness import sampled
from table_edits import SWAPS, Change, macro, written

from hesim import cli
from hesim.config.entries import values_of
from hesim.model.warming import compile_kernels
from hesim.sources import packaged

pytestmark = pytest.mark.once

Make = Callable[[Path], list[str]]
"""Prepares an empty folder, and gives the words of the command."""

HANGS = int(processes.HANG)
"""Seconds after which a command hangs for certain; they take one or two."""


def put(folder: Path, name: str, content: str | bytes) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def conf(name: str, content: str | bytes, *words: str) -> Make:
    """Check with one settings file."""
    return lambda folder: ["check", "--config", str(put(folder / "c", name, content).name), *words]


def lever(content: str, *words: str) -> Make:
    """Check with a lever of one's own, chosen."""
    return conf("levers/mine.yaml", content, "levers=[mine]", *words)


def table(name: str, change: Callable[[str], str | bytes]) -> Make:
    """Check with one table, changed."""
    source = (files("hesim.tables") / "data" / name).read_text(encoding="utf-8")
    return lambda folder: ["check", "data=" + put(folder / "d", name, change(source)).name]


def data(name: str, content: str | bytes) -> Make:
    return lambda folder: ["check", "data=" + put(folder / "d", name, content).name]


def words(*given: str) -> Make:
    return lambda _: list(given)


def odd(place: str, make: Callable[[Path], object], *given: str) -> Make:
    """Put something odd where a file is looked for."""

    def prepare(folder: Path) -> list[str]:
        (folder / place).parent.mkdir(parents=True)
        make(folder / place)
        return list(given)

    return prepare


def device(file: Path) -> None:
    file.symlink_to("/dev/zero")


CHECK, DATA = ("check", "--config", "c"), ("check", "data=d")


def loop_of_folders(folder: Path) -> list[str]:
    (folder / "c").mkdir()
    (folder / "c" / "model").symlink_to(folder / "c")
    return ["check", "--config", "c"]


def crowded(folder: Path) -> list[str]:
    for number in range(600):
        put(folder / "c" / "model", f"f{number}.yaml", "")
    return ["check", "--config", "c"]


def own_lever(**change: object) -> str:
    """A lever like one of the package, with entries changed or (None) left out."""
    import yaml

    body = yaml.safe_load((packaged() / "levers" / "single_cao.yaml").read_text("utf-8"))
    for name, value in change.items():
        body.pop(name) if value is None else body.update({name: value})
    return "# @package levers.mine\n" + yaml.safe_dump(body, sort_keys=False)


def main(old: str, new: str) -> str:
    """The packaged config.yaml, written as plain settings, with a change."""
    import yaml

    body = yaml.safe_load((packaged() / "config.yaml").read_text("utf-8"))
    text = yaml.safe_dump(values_of(body), sort_keys=False)
    assert old in text
    return text.replace(old, new, 1)


def entry(name: str, old: str, new: str) -> Make:
    """Check with a copy of a packaged file in which an entry is changed."""
    text = (packaged() / name).read_text("utf-8")
    assert old in text
    return conf(name, text.replace(old, new, 1))


LAUGHS = "a0: &a0 [x, x]\n" + "".join(
    f"a{k}: &a{k} [*a{k - 1}, *a{k - 1}, *a{k - 1}]\n" for k in range(1, 30)
)
ROW = "Radboud Universiteit Nijmegen,wo,east,general,Nijmegen,51.820,5.866,17857,count\n"
HEAD = "name,sector,region,profile,town,lat,lon,students_2012,quality\n"


def once(old: str, new: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return change


def contradicts(change: Change, *settings: str, command: str = "check") -> Make:
    """A command with tables in which every cell and every sum is allowed."""
    return lambda folder: [command, "data=" + put_changed(folder / "d", change).name, *settings]


def put_changed(folder: Path, change: Change) -> Path:
    folder.mkdir()
    return written([change], folder)


SETTINGS: dict[str, tuple[Make, str]] = {
    # Settings files: what makes a reader explode, wait or dive.
    "aliases that explode": (conf("config.yaml", LAUGHS), "anchors and aliases"),
    "an alias to itself": (conf("config.yaml", "a: &a [*a]"), "anchors and aliases"),
    "an alias that is harmless": (conf("config.yaml", "a: &a 1\nb: *a"), "write the value out"),
    "a merge key": (conf("config.yaml", "<<: {years: 3}"), "a key must be a plain name"),
    "deep lists": (conf("config.yaml", "a: " + "[" * 100_000), "deeper than 20 levels"),
    "deep mappings": (conf("config.yaml", "{a: " * 50_000), "deeper than 20 levels"),
    "deep blocks": (conf("config.yaml", "- " * 5_000), "deeper than 20 levels"),
    "too large a file": (conf("config.yaml", "# x\n" * 300_000), "too large"),
    "too many values": (conf("config.yaml", "a: [" + "1," * 30_000 + "1]"), "more than 20,000"),
    "a pipe": (odd("c/model/search.yaml", os.mkfifo, *CHECK), "is a pipe"),
    "a device": (odd("c/config.yaml", device, *CHECK), "is a device"),
    "a link to itself": (
        odd("c/config.yaml", lambda f: f.symlink_to(f.name), *CHECK),
        "cannot be read",
    ),
    "a folder in itself": (loop_of_folders, "model"),
    "too many files": (crowded, "more than 500 files"),
    "a tag of Python": (conf("config.yaml", "a: !!python/object/apply:os.getcwd []"), "tags"),
    "a tag": (conf("config.yaml", "years: !!int '3'"), "tags"),
    "two documents": (conf("config.yaml", "years: 1\n---\nyears: 2"), "second document"),
    "text in UTF-16": (conf("config.yaml", "years: 3".encode("utf-16")), "UTF-16"),
    "text of Windows": (conf("config.yaml", "# caf\xe9".encode("cp1252")), "UTF-8"),
    "a NUL": (conf("config.yaml", b"years: 3\0"), "NUL"),
    "a tab": (conf("config.yaml", "\tyears: 3"), "valid YAML"),
    "a list": (conf("config.yaml", "- 1"), "`key: value`"),
    "a word": (conf("config.yaml", "years"), "`key: value`"),
    "a key misspelled": (conf("config.yaml", main("seed:", "sede:")), "did you mean seed?"),
    # Settings files: what could be read in two ways.
    "octal": (conf("model/search.yaml", "attention: 010"), "'010' can be read as several numbers"),
    "hexadecimal": (conf("model/search.yaml", "attention: 0x10"), "several numbers"),
    "binary": (conf("model/search.yaml", "attention: 0b11"), "several numbers"),
    "underscores": (conf("model/search.yaml", "attention: 1_000"), "several numbers"),
    "sexagesimal": (conf("model/search.yaml", "attention: 1:30"), "several numbers"),
    "yes": (conf("config.yaml", main("figures: true", "figures: yes")), "true or false"),
    "off": (conf("config.yaml", "figures: off"), "true or false"),
    "no as a key": (conf("config.yaml", "no: 3"), "must be a name"),
    "a number as a key": (conf("config.yaml", "2011: 3"), "must be a name"),
    "a list as a key": (conf("config.yaml", "? [a]\n: 3"), "plain name"),
    "not a number": (conf("model/search.yaml", "attention: .nan"), "finite"),
    "infinity": (conf("model/search.yaml", "attention: -.inf"), "finite"),
    "too large a number": (conf("model/search.yaml", "attention: 1e999"), "too large a number"),
    "400 digits": (conf("config.yaml", "seed: " + "9" * 400), "400 characters"),
    "5,000 digits": (conf("config.yaml", "seed: " + "9" * 5000), "5000 characters"),
    "a day": (conf("config.yaml", "start: 2011-01-01"), "2014-01"),
    "a key twice": (conf("config.yaml", "years: 1\nyears: 2"), "stands twice"),
    "an interpolation": (conf("config.yaml", "seed: ${years}"), "interpolations"),
    "an interpolation to itself": (conf("config.yaml", "seed: ${seed}"), "interpolations"),
    "the environment": (conf("config.yaml", "data: ${oc.env:HOME}"), "interpolations"),
    "an interpolated key": (conf("config.yaml", "'${oc.env:HOME}': 1"), "plain name"),
    "a mark for what is missing": (conf("config.yaml", "years: ???"), "must be a value"),
    # Settings files: what Hydra would do with them.
    "defaults that are a number": (conf("config.yaml", "defaults: 5"), "must be a list"),
    "defaults that are a mapping": (conf("config.yaml", "defaults: {a: b}"), "must be a list"),
    "defaults of an option": (conf("population/q.yaml", "defaults: 5", "population=q"), "list"),
    "defaults of a lever": (lever("defaults: 5"), "must be a list"),
    "an unknown default": (
        conf("population/q.yaml", "defaults: [defualt]"),
        "did you mean default",
    ),
    "a default outside": (conf("population/q.yaml", "defaults: [../../etc]"), "must be a file of"),
    "a default that is a mapping": (conf("population/q.yaml", "defaults: [{a: 1}]"), "a file of"),
    "a default that is a list": (conf("config.yaml", "defaults: [[x]]"), "a group and a name"),
    "an unknown group": (conf("config.yaml", "defaults: [{populaton: default}]"), "population"),
    "an unknown option": (conf("config.yaml", "defaults: [{population: defalt}]"), "default"),
    "defaults in a circle": (conf("population/q.yaml", "defaults: [q]"), "q > q"),
    "the package in a circle": (conf("model/default.yaml", "defaults: [default]"), "circle"),
    "Hydra's own settings": (conf("config.yaml", "hydra: {searchpath: [file:///]}"), "not read"),
    "a decimal comma": (
        conf("population/q.yaml", "defaults: [default]\nscale: 0,5", "population=q"),
        "did you mean 0.5?",
    ),
    "a default left out": (
        conf("config.yaml", main("- engine: processes\n", "")),
        "lacks engine",
    ),
    "a target": (conf("config.yaml", main("seed:", "_target_: os.getcwd\nseed:")), "_target_"),
    "a copied entry with another range": (
        entry("model/hiring.yaml", "max: 10", "max: 100"),
        "level: max cannot be changed",
    ),
    "a copied entry with another start of the calibration": (
        entry("model/choice.yaml", "uncalibrated: 2.0", "uncalibrated: 9.0"),
        "only a value can",
    ),
    "a copied entry with another name": (
        entry("config.yaml", "\nseed:", "\nsede:"),
        "did you mean seed?",
    ),
    "another package": (conf("population/q.yaml", "# @package model\na: 1"), "the package"),
    "a package of another lever": (lever("# @package levers.other\na: 1"), "levers.mine"),
    "a name with a space": (conf("levers/my lever.yaml", "a: 1"), "the name must be letters"),
    "a name with a point": (conf("population/a.b.yaml", "scale: 1"), "the name must be letters"),
    "levers that are a number": (conf("config.yaml", main("levers: {}", "levers: 5")), "levers"),
    "no folder": (words("check", "--config", "/nope"), "must be a folder"),
    "no folder for levers": (words("levers", "--config", "/nope"), "must be a folder"),
    "no folder for one lever": (words("levers", "single_cao", "--config=/nope"), "a folder"),
    "no folder for config": (words("config", "--config", "/nope"), "must be a folder"),
    "no folder for study": (words("study", "--config", "/nope"), "must be a folder"),
    "settings for tables": (words("tables", "--config", "/nope"), "unknown option"),
    "settings for validate": (words("validate", "--config", "/nope"), "unknown option"),
    "settings for calibrate": (words("calibrate", "--config", "/nope"), "unknown option"),
    "settings for compare": (words("compare", "S", "--config", "/nope"), "unknown option"),
    "settings for report": (words("report", "S", "--config", "/nope"), "unknown option"),
    "a device as a folder": (words("check", "--config", "/dev/zero"), "must be a folder"),
    "too long a folder": (words("check", "--config", "x" * 5000), "must be a folder"),
    "two folders": (words("check", "--config", "a", "--config", "b"), "one folder at a time"),
}

LEVERS: dict[str, tuple[Make, str]] = {
    "without a title": (lever(own_lever(title=None)), "title is missing"),
    "without a start": (lever(own_lever(start=None)), "levers.mine.start: is missing"),
    "without reach": (lever(own_lever(reach=None)), "levers.mine.reach.share: is missing"),
    "with half a reach": (lever(own_lever(reach={"share": 1.0})), "reach.regions: is missing"),
    "with a reach that is a number": (lever(own_lever(reach=5)), "levers.mine.reach"),
    "without a dial's value": (lever(own_lever(budget=None)), "has no value"),
    "with dials that are a number": (lever(own_lever(dials=5)), "must be a mapping"),
    "with a dial that is a number": (lever(own_lever(dials={"budget": 5})), "must be a mapping"),
    "with contradicts that is a number": (lever(own_lever(contradicts=5)), "list of levers"),
    "with an unknown group": (lever(own_lever(group="trems")), "did you mean terms?"),
    "with a title that is a list": (lever(own_lever(title=["a"])), "must be a text"),
    "with a dial that is a text": (lever(own_lever(budget="much")), "levers.mine.budget"),
    "with a decimal comma": (lever(own_lever(), "levers.mine.budget='0,5'"), "0.5"),
    "with a dial that is no number, by force": (
        lever(own_lever(), "levers.mine.budget=nan", "force=true"),
        "finite",
    ),
    "with a range upside down": (
        lever(
            own_lever()
            .replace("    min: 0\n", "    min: -3\n")
            .replace("    max: 1\n", "    max: -5\n")
        ),
        "range must include 0",
    ),
    "that is a list": (lever("# @package levers.mine\n- 1\n"), "`key: value`"),
    "as listed": (
        lambda folder: [
            "levers",
            "--config",
            put(folder / "c", "levers/mine.yaml", own_lever(reach=5, about=None)).name,
        ],
        "about is missing",
    ),
    "by a wrong name": (words("check", "levers=[single_coa]"), "did you mean single_cao?"),
    "by a name with a space": (words("check", "levers=[single cao]"), "no such lever"),
}

OVERRIDES: dict[str, tuple[Make, str]] = {
    "values that do not go together": (
        words("check", "population.hours_of_band=[8,8,8,8]"),
        "which the bands of hours do not give: 8 to 8",
    ),
    "a decimal comma": (words("check", "population.scale=0,5"), "did you mean 0.5?"),
    "a quoted decimal comma": (words("check", "population.scale='0,5'"), "did you mean 0.5?"),
    "a sweep": (words("check", "seed=1,2,3"), "not a sweep"),
    "octal": (words("check", "years=010"), "several numbers"),
    "underscores": (words("check", "years=1_0"), "several numbers"),
    "hexadecimal": (words("check", "seed=0x10"), "several numbers"),
    "a power": (words("check", "years=1e1"), "a whole number"),
    "not a number": (words("check", "population.scale=nan"), "finite"),
    "infinity": (words("check", "population.scale=inf"), "finite"),
    "400 digits": (words("check", "seed=" + "9" * 400), "400 characters"),
    "5,000 digits": (words("check", "seed=" + "9" * 5000), "5000 characters"),
    "5,000 digits in a list": (words("check", "export=[" + "9" * 5000 + "]"), "export"),
    "deep brackets": (words("check", "years=" + "[" * 5000), "deeper than 20 levels"),
    "a very long word": (words("check", "years=" + "x" * 100_000), "characters"),
    "a very long key": (words("check", "y" * 10_000 + "=1"), "no such key"),
    "an interpolation": (words("check", "seed=${years}"), "interpolations"),
    "the environment": (words("check", "data=${oc.env:HOME}"), "data"),
    "an interpolated group": (words("check", "population=${oc.env:HOME}"), "must be one of"),
    "an alias in a band": (
        words("check", "model.inputs.entrants.hbo.age.55_plus=&a [*a]"),
        "anchors",
    ),
    "octal in a band": (words("check", "model.inputs.entrants.hbo.age.55_plus=010"), "numbers"),
    "no value": (words("check", "years="), "a whole number"),
    "no key": (words("check", "=3"), "key=value"),
    "only spaces": (words("check", " "), "not understood"),
    "a line break": (words("check", "years=3\n"), "years"),
    "a path with a NUL": (words("check", "output=a\0b"), "output"),
    "too long a path": (words("check", "output=" + "x" * 300), "output"),
    "an empty output": (words("check", "output="), "output"),
    "an empty data": (words("check", "data="), "data"),
    "a file as data": (words("check", "data=/etc/passwd"), "must be a folder"),
    "an unknown uncertainty": (
        words("study", "study.uncertainties=[model.choice.sector_csot:1:2]"),
        "sector_cost",
    ),
    "an uncertainty of nan": (
        words("study", "study.uncertainties=[model.choice.sector_cost:nan:2]"),
        "finite",
    ),
    "an uncertainty in octal": (
        words("study", "study.uncertainties=['years:010|020']"),
        "several numbers",
    ),
    "an uncertainty upside down": (
        words("study", "study.uncertainties=[model.choice.sector_cost:3:1]"),
        "low end",
    ),
    "a scenario in octal": (words("study", "study.scenarios=['years:010']"), "several numbers"),
    "a scenario that explodes": (words("study", "study.scenarios=['years:&a [*a]']"), "anchors"),
    "a calibration in octal": (words("calibrate", "design=010"), "several numbers"),
    "a calibration that explodes": (words("calibrate", "design=&a [*a]"), "anchors"),
}

TABLES: dict[str, tuple[Make, str]] = {
    "semicolons": (
        table("report_tables.csv", lambda t: t.replace(",", ";")),
        "parted by semicolons",
    ),
    "tabs": (table("institutions.csv", lambda t: t.replace(",", "\t")), "parted by tabs"),
    "decimal commas in quotes": (
        table("macro_2011.csv", once("wo,16,", 'wo,"16,0",')),
        "a decimal point",
    ),
    "decimal commas": (table("macro_2011.csv", once("wo,16,", "wo,16,0,")), "decimal comma"),
    "Windows-1252": (
        table("institutions.csv", lambda t: t.replace("Arnhem", "\xc9").encode("cp1252")),
        "UTF-8",
    ),
    "UTF-16": (table("institutions.csv", lambda t: t.encode("utf-16")), "UTF-16"),
    "a NUL": (table("institutions.csv", lambda t: t + "\0"), "NUL"),
    "a column twice": (
        table("macro_2011.csv", once("quantity,sector", "quantity,quantity")),
        "stands 2 times",
    ),
    "a column misspelled": (
        table("macro_2011.csv", once("quantity,", "quantitty,")),
        "did you mean quantity?",
    ),
    "no header": (table("macro_2011.csv", lambda t: t.partition("\n")[2]), "has no header"),
    "an empty file": (data("macro_2011.csv", ""), "is empty"),
    "a header alone": (table("macro_2011.csv", lambda t: t.partition("\n")[0]), "are missing"),
    "a quote that never ends": (table("macro_2011.csv", once("staff,", '"staff,')), "no CSV"),
    "a short row": (table("macro_2011.csv", lambda t: t + "staff,wo\n"), "must have 6 values"),
    "a row missing": (
        table("macro_2011.csv", once("turnover,wo,16,", "trunover,wo,16,")),
        "turnover wo",
    ),
    "400 digits": (table("macro_2011.csv", once("wo,16,", f"wo,{'9' * 400},")), "a number"),
    "not a number": (table("macro_2011.csv", once("wo,16,", "wo,nan,")), "a number"),
    "turnover above all": (table("macro_2011.csv", once("wo,16,", "wo,1600,")), "0 to 100"),
    "turnover below nothing": (table("macro_2011.csv", once("wo,16,", "wo,-16,")), "0 to 100"),
    "octal": (table("flows_2003_2010.csv", once(",308,", ",0308,")), "a whole number"),
    "half a person": (table("flows_2003_2010.csv", once(",308,", ",308.5,")), "a whole number"),
    "too large a file": (table("macro_2011.csv", lambda t: t + "\n" * 2_000_000), "too large"),
    "too many rows": (table("flows_2003_2010.csv", lambda t: t + "1,1,1,1,1\n" * 30_000), "rows"),
    "one institution": (data("institutions.csv", HEAD + ROW), "at least one institution"),
    "no institution": (data("institutions.csv", HEAD), "at least one institution"),
    "a region without any": (
        table("institutions.csv", lambda t: t.replace(",north,", ",east,")),
        "'north' is missing",
    ),
    "a town in two regions": (
        table("institutions.csv", once("wo,north,general,Groningen", "wo,east,general,Groningen")),
        "Groningen has in a row before",
    ),
    "entrants in the place of leavers": (
        contradicts(SWAPS["entrants and leavers change places"]),
        "of entrants (table 3.3)",
    ),
    "tables that contradict each other, for a calibration": (
        contradicts(macro("turnover", "wo", 5), command="calibrate"),
        "PhD candidates alone",
    ),
    "tables that contradict each other, for a study": (
        contradicts(
            macro("turnover", "wo", 5),
            "study.levers=[single_cao]",
            command="study",
        ),
        "PhD candidates alone",
    ),
    "tables that contradict each other, for the page": (
        contradicts(macro("turnover", "wo", 5), command="view"),
        "PhD candidates alone",
    ),
    "turnover below that of candidates": (
        contradicts(macro("turnover", "wo", 5)),
        "turnover of 5% of staff a year is less than PhD candidates alone who start",
    ),
    "an unknown profile": (table("institutions.csv", once("general", "generl")), "general"),
    "no name": (table("institutions.csv", once("Radboud Universiteit Nijmegen", "")), "a name"),
    "a place abroad": (table("institutions.csv", once("53.219", "5.3")), "50.5 to 53.7"),
    "no students": (table("institutions.csv", once(",27082,", ",0,")), "students"),
    "a share above all": (
        table("report_tables.csv", once("hbo_in,share,6.9", "hbo_in,share,690")),
        "0 to 100",
    ),
    "a share left out": (
        table("report_tables.csv", once("hbo_in,share,6.9", "hbo_in,share,")),
        "has no dash here",
    ),
    "no respondents": (table("report_tables.csv", lambda t: t.replace(",207,", ",0,")), "rows"),
    "a fact that is a word": (
        table("context_facts.csv", once("lectoren,563", "lectoren,many")),
        "for lectoren",
    ),
    "a fact of nothing": (
        table("context_facts.csv", once("lectoren,563", "lectoren,0")),
        "for lectoren",
    ),
    "a fact missing": (table("context_facts.csv", once("lectoren,", "lektoren,")), "lectoren"),
    "a mix that lacks a sector": (
        table("context_facts.csv", once("umc 0.036; ", "")),
        "name and share of each",
    ),
    "a pipe": (odd("d/institutions.csv", os.mkfifo, *DATA), "is a pipe"),
    "a device": (odd("d/institutions.csv", device, "tables", "data=d"), "is a device"),
    "a folder as a table": (odd("d/institutions.csv", Path.mkdir, *DATA), "is a folder"),
    "an empty folder": (odd("d/.hidden", Path.touch, *DATA), "holds none of the tables"),
    "another name": (data("Institutions.CSV", HEAD), "did you mean institutions.csv?"),
    "a spreadsheet": (data("institutions.xlsx", "x"), "replaces no table"),
    "no folder": (words("tables", "data=/nope"), "must be a folder that exists"),
    "an unknown table": (words("tables", "3.6"), "no such table"),
}

STUDIES: dict[str, tuple[Make, str]] = {
    "query without words": (words("query"), "needs a folder"),
    "query with an option misspelled": (words("query", "S", "--cvs"), "did you mean --csv?"),
    "query of no study": (words("query", "S=1", "from results"), "S=1"),
    "report to nowhere": (words("report", "S", "output="), "must be a file"),
    "report to a folder": (words("report", "S", "output=."), "must be a file"),
    "report of a path with an equals sign": (words("report", "./a=b"), "a=b"),
    "report of nothing": (words("report", ""), "name one folder"),
    "compare without a folder": (words("compare"), "name one folder"),
    "compare of a path with an equals sign": (words("compare", "./a=b"), "a=b"),
    "resume of no study": (words("resume", "/nope"), "/nope"),
    "resume with settings": (words("resume", "S", "--config", "x"), "unknown option"),
}

CASES = {
    f"{kind}: {name}": case
    for kind, cases in (
        ("settings", SETTINGS),
        ("a lever", LEVERS),
        ("an override", OVERRIDES),
        ("a table", TABLES),
        ("a study", STUDIES),
    )
    for name, case in cases.items()
}


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    """Compile first: `check` says so when it must, and these tests look at every word."""
    compile_kernels()


@pytest.fixture
def alarm() -> Iterator[None]:
    """End a test that hangs, wherever it is."""

    def ring(number: int, frame: object) -> None:
        raise TimeoutError(f"still at work after {HANGS} seconds")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(HANGS)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def paths(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


FIRST = {(name.partition(":")[0], said): name for name, (_, said) in reversed(CASES.items())}
"""The first case of each kind that leads to each word."""


@pytest.mark.parametrize("name", sampled(CASES, lambda name: name in FIRST.values()))
def test_bad_input_ends_in_words(
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    alarm: None,
) -> None:
    make, said = CASES[name]
    monkeypatch.chdir(tmp_path)
    given = make(tmp_path)
    before = paths(tmp_path)
    assert cli.main(given) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("hesim: ") and "Traceback" not in shown.err
    assert said in shown.err
    # One line a cause, and none that nobody reads to its end.
    assert len(shown.err.splitlines()) <= 30
    assert max(map(len, shown.err.splitlines())) < 1500
    assert paths(tmp_path) == before


def test_there_are_as_many_kinds_as_were_tried() -> None:
    assert len(CASES) >= 150


def test_a_good_file_with_odd_marks_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = (files("hesim.tables") / "data" / "macro_2011.csv").read_text(encoding="utf-8")
    put(tmp_path / "d", "macro_2011.csv", b"\xef\xbb\xbf" + source.replace("\n", "\r\n").encode())
    put(tmp_path / "d", "README.md", "mine")
    put(tmp_path / "d", ".DS_Store", "x")
    assert cli.main(["check", f"data={tmp_path}/d"]) == 0
    base = (packaged() / "study" / "default.yaml").read_text(encoding="utf-8")
    crlf = b"\xef\xbb\xbf" + base.replace("\n", "\r\n").encode()
    put(tmp_path / "c", "study/default.yaml", crlf)
    assert cli.main(["check", "--config", str(tmp_path / "c")]) == 0
    shutil.rmtree(tmp_path / "d")
    assert capsys.readouterr().err == ""


def test_paths_are_taken_as_they_stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a=b", "a b", "a,b", "(a)", "a'b", "a:b", "\N{SNOWMAN}", "010", "{a}", "a#b"):
        assert cli.main(["check", f"output={name}"]) == 0, name
        assert f"output = {name}\n" in capsys.readouterr().out
    assert paths(tmp_path) == set()
