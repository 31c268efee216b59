"""Ways in which a study's folder comes to harm, and what each is to lead to.

`mended`: readers refuse, `hesim resume` makes the file again. `rows`: readers answer from what is
here and say so, `hesim resume` makes the runs again. `sound`: nothing is wrong. `lost`: all refuse.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

Harm = Callable[[Path, Path], None]
"""Takes the folder to be harmed and that of another study."""


class Case(NamedTuple):
    """A harm, the outcome, and a word that must be said."""

    harm: Harm
    outcome: str
    word: str


def cut(file: Path, share: float = 0.5) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: int(len(content) * share)])


def status(folder: Path, which: int = 1) -> Path:
    return sorted((folder / "parts").glob("*.status.parquet"))[which]


def results(folder: Path, which: int = 1) -> Path:
    return sorted((folder / "parts").glob("*.results.parquet"))[which]


def flip(file: Path) -> None:
    """Flip a bit of a number: the last of the first column's first page."""
    column = pq.read_metadata(file).row_group(0).column(0)
    content = bytearray(file.read_bytes())
    content[column.data_page_offset + column.total_compressed_size - 1] ^= 1
    file.write_bytes(bytes(content))


def dangling(file: Path) -> None:
    if file.is_dir():
        shutil.rmtree(file)
    else:
        file.unlink()
    file.symlink_to("/nowhere/at/all")


def looped(file: Path) -> None:
    file.unlink()
    file.symlink_to(file)


def piped(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def as_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()
    (file / "mine.txt").write_text("mine")


def manifest(folder: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    file = folder / "manifest.json"
    body = json.loads(file.read_text())
    change(body)
    file.write_text(json.dumps(body))


def rewritten(file: Path, change: Callable[[pa.Table], pa.Table], note: bool = True) -> None:
    table = pq.read_table(file)
    kept = table.schema.metadata if note else None
    pq.write_table(change(table).replace_schema_metadata(kept), file)


def noted(file: Path, note: object) -> None:
    table = pq.read_table(file).replace_schema_metadata({b"hesim": json.dumps(note).encode()})
    pq.write_table(table, file)


def of_file(name: str) -> dict[str, Harm]:
    """What can happen to any file."""
    return {
        "missing": lambda f, o: (f / name).unlink(),
        "empty": lambda f, o: (f / name).write_bytes(b""),
        "truncated": lambda f, o: cut(f / name),
        "garbage": lambda f, o: (f / name).write_bytes(os.urandom(900)),
        "zeros": lambda f, o: (f / name).write_bytes(bytes(900)),
        "link to nowhere": lambda f, o: dangling(f / name),
        "link to itself": lambda f, o: looped(f / name),
        "pipe": lambda f, o: piped(f / name),
    }


VARIANTS = (
    " zeros",
    " garbage",
    " link to itself",
    " pipe",
    " a list",
    " a number",
    " text",
    " null",
    " an empty mapping",
    " of numbers",
    " a mapping",
    " a truth value",
    " with an odd note",
    " without sessions",
    " of no number",
    " with a short number",
    " with a user's results",
    " with a hidden file",
    " of Windows",
    " resource fork",
    " folder",
    " without a row",
    " cut at its end",
    " not YAML",
    " numbers for keys",
    " in points a text",
    # What has happened to one file, and need not happen to the others each time.
    "points.parquet empty",
    "points.parquet link to nowhere",
    "design.parquet missing",
    "design.parquet truncated",
    "design.parquet of another study",
    "design.parquet changed",
    "config.yaml missing",
    "config.yaml truncated",
    "config.yaml Latin-1",
    "manifest.json empty",
    "manifest.json link to nowhere",
    "manifest.json UTF-16",
    " and its copy lists",
    " status empty",
    " status truncated",
    " results missing",
    " results empty",
    " results a link to nowhere",
    " conflicted copy of results",
    " emptied",
)
"""Endings of names of cases that are like others: they are run with what takes long."""


def cases() -> dict[str, Case]:
    made: dict[str, Case] = {}
    for name in ("points.parquet", "design.parquet", "config.yaml", "manifest.json"):
        for what, harm in of_file(name).items():
            made[f"{name} {what}"] = Case(harm, "mended", name)
        made[f"{name} a folder"] = Case(lambda f, o, n=name: as_folder(f / n), "lost", name)
    for name in ("points.parquet", "design.parquet"):
        other = {
            "of another study": lambda f, o, n=name: shutil.copy(o / n, f / n),
            "without a column": lambda f, o, n=name: rewritten(
                f / n, lambda t: t.drop_columns(["arm"])
            ),
            "without a row": lambda f, o, n=name: rewritten(f / n, lambda t: t.slice(1)),
            "changed": lambda f, o, n=name: rewritten(
                f / n, lambda t: t.set_column(1, t.column_names[1], t.column(1).take([0] * len(t)))
            ),
            "text": lambda f, o, n=name: (f / n).write_text("number,point\n1,a\n"),
        }
        for what, harm in other.items():
            made[f"{name} {what}"] = Case(harm, "mended", name)
    made |= _of_config()
    made |= _of_manifest()
    made |= _of_parts()
    return made


def _of_config() -> dict[str, Case]:
    def lines(folder: Path) -> None:
        file = folder / "config.yaml"
        file.write_text("".join(file.read_text().splitlines(keepends=True)[:-4]))

    def text(content: str | bytes) -> Harm:
        body = content.encode() if isinstance(content, str) else content
        return lambda f, o: (f / "config.yaml").write_bytes(body)

    def edited(folder: Path) -> None:
        file = folder / "config.yaml"
        file.write_text(file.read_text().replace("years: 2", "years: 3"))

    mended: dict[str, Harm] = {
        "cut between lines": lambda f, o: lines(f),
        "a list": text("- 1\n- 2\n"),
        "a number": text("7\n"),
        "numbers for keys": text("1: 2\n"),
        "nested deeply": text("a: " + "[" * 3000),
        "not YAML": text("a: [1\nb: {"),
        "UTF-16": text("years: 2\n".encode("utf-16")),
        "Latin-1": text("vraag: caf\xe9\n".encode("latin-1")),
    }
    made = {f"config.yaml {k}": Case(v, "mended", "config.yaml") for k, v in mended.items()}
    made["config.yaml edited"] = Case(lambda f, o: edited(f), "lost", "config.yaml")
    made["config.yaml of another study"] = Case(
        lambda f, o: shutil.copy(o / "config.yaml", f / "config.yaml"), "lost", "config.yaml"
    )
    return made


def _of_manifest() -> dict[str, Case]:
    def text(content: str | bytes) -> Harm:
        body = content.encode() if isinstance(content, str) else content
        return lambda f, o: (f / "manifest.json").write_bytes(body)

    def put(key: str, value: object) -> Harm:
        return lambda f, o: manifest(f, lambda body: body.update({key: value}))

    def fact(key: str, value: object) -> Harm:
        return lambda f, o: manifest(f, lambda body: body["facts"].update({key: value}))

    def both(harm: Harm) -> Harm:
        def act(folder: Path, other: Path) -> None:
            harm(folder, other)
            shutil.copy(folder / "manifest.json", folder / "manifest.copy.json")

        return act

    mended: dict[str, Harm] = {
        "a list": text("[]"),
        "a number": text("3"),
        "null": text("null"),
        "a text": text('"manifest"'),
        "an empty mapping": text("{}"),
        "nested deeply": text("[" * 100_000),
        "UTF-16": text('{"a": 1}'.encode("utf-16")),
        "digits without end": text('{"replications": ' + "9" * 6000 + "}"),
        "facts a list": put("facts", []),
        "facts a text": put("facts", "plan_sha256"),
        "replications a text": put("replications", "four"),
        "replications a truth value": put("replications", True),
        "replications nought": put("replications", 0),
        "sessions a text": put("sessions", "one"),
        "sessions of numbers": put("sessions", [1, 2]),
        "overrides a mapping": put("overrides", {}),
        "overrides of numbers": put("overrides", [1]),
        "points a text": put("points", "4"),
        "arms a list": put("arm_levers", []),
        "uncertainties a mapping": put("uncertainties", {}),
        "status a number": put("status", 3),
        "settings a list": fact("settings", []),
        "settings changed": fact("settings", {"years": 50}),
        "arms changed": fact("arms", {"baseline": {"job_swap": {}}}),
        "without facts": lambda f, o: manifest(f, lambda body: body.pop("facts")),
        "without sessions": lambda f, o: manifest(f, lambda body: body.pop("sessions")),
    }
    made = {f"manifest.json {k}": Case(v, "mended", "manifest.json") for k, v in mended.items()}
    lost: dict[str, Harm] = {
        "of a newer version": put("format", 99),
        "of a run": text('{"status": "complete", "replications": {"done": [0]}}'),
        "and its copy truncated": both(lambda f, o: cut(f / "manifest.json")),
        "and its copy lists": both(text("[]")),
        "and its copy without facts": both(
            lambda f, o: manifest(f, lambda body: body.pop("facts"))
        ),
    }
    made |= {f"manifest.json {k}": Case(v, "lost", "") for k, v in lost.items()}
    made["manifest.copy.json missing"] = Case(
        lambda f, o: (f / "manifest.copy.json").unlink(), "sound", ""
    )
    return made


def _of_parts() -> dict[str, Case]:
    def stranger(name: str, content: bytes = b"mine") -> Harm:
        return lambda f, o: (f / "parts" / name).write_bytes(content)

    def copied(name: str) -> Harm:
        return lambda f, o: shutil.copy(status(f), f / "parts" / name)

    def gone(folder: Path) -> None:
        shutil.rmtree(folder / "parts")

    def as_file(folder: Path) -> None:
        gone(folder)
        (folder / "parts").write_text("mine")

    def double(folder: Path) -> None:
        shutil.copy(results(folder), folder / "parts" / "000099.results.parquet")
        shutil.copy(status(folder), folder / "parts" / "000099.status.parquet")

    def foreign(folder: Path, other: Path) -> None:
        for file in (status(other, 0), results(other, 0)):
            end = file.name.split(".", 1)[1]
            shutil.copy(file, folder / "parts" / f"000077.{end}")

    rows: dict[str, Harm] = {
        "status missing": lambda f, o: status(f).unlink(),
        "status empty": lambda f, o: status(f).write_bytes(b""),
        "status truncated": lambda f, o: cut(status(f)),
        "status cut at its end": lambda f, o: cut(status(f), 0.98),
        "status garbage": lambda f, o: status(f).write_bytes(os.urandom(500)),
        "status flipped": lambda f, o: flip(status(f)),
        "status a link to nowhere": lambda f, o: dangling(status(f)),
        "status a link to itself": lambda f, o: looped(status(f)),
        "status a pipe": lambda f, o: piped(status(f)),
        "results a pipe": lambda f, o: piped(results(f)),
        "status a folder": lambda f, o: as_folder(status(f)),
        "status without note": lambda f, o: rewritten(status(f), lambda t: t, note=False),
        "status with a list for a note": lambda f, o: noted(status(f), [1]),
        "status with an odd note": lambda f, o: noted(status(f), {"sha256": 1, "level": "x"}),
        "status without a column": lambda f, o: rewritten(
            status(f), lambda t: t.drop_columns(["status"])
        ),
        "status with another type": lambda f, o: rewritten(
            status(f), lambda t: t.set_column(0, "run", t.column("run").cast(pa.string()))
        ),
        "results missing": lambda f, o: results(f).unlink(),
        "results empty": lambda f, o: results(f).write_bytes(b""),
        "results truncated": lambda f, o: cut(results(f)),
        "results flipped": lambda f, o: flip(results(f)),
        "results garbage": lambda f, o: results(f).write_bytes(os.urandom(500)),
        "results a link to nowhere": lambda f, o: dangling(results(f)),
        "results of another study": lambda f, o: shutil.copy(results(o, 0), results(f)),
        "all gone": lambda f, o: gone(f),
        "emptied": lambda f, o: [each.unlink() for each in (f / "parts").iterdir()] and None,
    }
    made = {f"parts {name}": Case(harm, "rows", "runs are here") for name, harm in rows.items()}
    sound: dict[str, Harm] = {
        "with a resource fork of macOS": copied("._000002.status.parquet"),
        "with an empty resource fork": stranger("._000002.results.parquet", b""),
        "with a conflicted copy": copied("000002 (conflicted copy 2026-01-02).status.parquet"),
        "with a conflicted copy of results": stranger("000002.results (conflicted copy).parquet"),
        "with a copy of Windows": copied("000002 - Copy.status.parquet"),
        "with a status file of no number": copied("x.status.parquet"),
        "with a short number": copied("2.status.parquet"),
        "with a user's notes": stranger("notes.txt"),
        "with a user's results": stranger("results.parquet"),
        "with a hidden file": stranger(".DS_Store"),
        "with a placeholder of iCloud": stranger(".000002.status.parquet.icloud"),
        "with a user's folder": lambda f, o: (f / "parts" / "old").mkdir(),
        "with a folder like a part": lambda f, o: (f / "parts" / "000050.status.parquet").mkdir(),
    }
    made |= {f"parts {name}": Case(harm, "sound", "") for name, harm in sound.items()}
    made["parts twice"] = Case(lambda f, o: double(f), "tidied", "")
    made["parts half written"] = Case(
        stranger("000090.results.parquet.0a1b2c3d.part"), "tidied", ""
    )
    made["parts uncommitted"] = Case(
        lambda f, o: shutil.copy(results(f), f / "parts" / "000090.results.parquet"), "tidied", ""
    )
    made["parts of another study"] = Case(foreign, "foreign", "another study")
    made["parts a file"] = Case(lambda f, o: as_file(f), "lost", "parts")
    made["parts a link to nowhere"] = Case(lambda f, o: dangling(f / "parts"), "lost", "parts")
    return made
