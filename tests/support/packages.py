"""Check data packages by hand: what the specification forbids, and what is not described."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from pathlib import Path

import pyarrow.parquet as pq


def package_in(folder: Path) -> dict:
    """What datapackage.json of a folder holds."""
    return json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))


def undescribed(package: dict) -> list[str]:
    """Columns of a package without type or description."""
    return [
        f"{each['path']}: {field['name']}"
        for each in package["resources"]
        for field in each["schema"]["fields"]
        if not field.get("description")
    ]


def faults(package: dict, folder: Path) -> list[str]:
    """What the Data Package specification (Frictionless, v1) forbids in a package of tables."""
    found = []
    if not re.fullmatch(r"[a-z0-9._-]+", package.get("name", "")):
        found.append("name")
    if not package.get("resources"):
        found.append("resources")
    for each in package.get("licenses", [{}]):
        if not ({"name", "path"} & set(each)):
            found.append("licenses")
    names = [each["name"] for each in package["resources"]]
    if len(set(names)) != len(names):
        found.append("two resources of one name")
    known = {"string", "integer", "number", "boolean", "date", "any"}
    for each in package["resources"]:
        file = folder / each["path"]
        if Path(each["path"]).is_absolute() or ".." in each["path"] or not file.is_file():
            found.append(f"{each['name']}: path")
            continue
        if not re.fullmatch(r"[a-z0-9._-]+", each["name"]):
            found.append(f"{each['name']}: name")
        if each["bytes"] != file.stat().st_size:
            found.append(f"{each['name']}: bytes")
        if each["hash"] != "sha256:" + hashlib.sha256(file.read_bytes()).hexdigest():
            found.append(f"{each['name']}: hash")
        fields = each["schema"]["fields"]
        found += [f"{each['name']}: {f['name']}" for f in fields if f["type"] not in known]
        if file.suffix == ".csv":
            found += csv_faults(file, fields)
        elif [f["name"] for f in fields] != pq.read_schema(file).names:
            found.append(f"{each['name']}: columns")
    return found


def csv_faults(file: Path, fields: list[dict]) -> list[str]:
    """Cells that are not of the type that the package says."""
    patterns = {
        "string": r".*",
        "integer": r"-?\d+",
        "number": r"-?\d+(\.\d+)?(e-?\d+)?",
        "boolean": r"True|False|true|false",
        "any": r".*",
    }
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return [
        f"{file.name}: {field['name']} = {row[field['name']]}"
        for row in rows
        for field in fields
        if row[field["name"]] and not re.fullmatch(patterns[field["type"]], row[field["name"]])
    ][:5]
