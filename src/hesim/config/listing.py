"""List everything that can be set, with default, range, unit and source."""

from __future__ import annotations

from dataclasses import dataclass

from hesim.config.compose import compose
from hesim.config.folders import packaged
from hesim.config.schema import read_schema
from hesim.config.settings import leaves


@dataclass(frozen=True)
class Row:
    """One setting."""

    path: str
    value: object
    allowed: str
    unit: str
    label: str
    source: str
    about: str


def rows(prefix: str = "", folder: str | None = None) -> list[Row]:
    """Every setting whose path begins with the prefix, in the order of the files."""
    schema = read_schema(packaged())
    listed: list[Row] = []
    for path, value in leaves(compose(folder=folder).resolved()):
        if prefix and path != prefix and not path.startswith(f"{prefix.rstrip('.')}."):
            continue
        meaning = schema.find(path)
        if meaning is None:
            listed.append(Row(path, value, "", "", "", "", ""))
        else:
            listed.append(
                Row(
                    path,
                    value,
                    meaning.range(),
                    meaning.unit,
                    meaning.label,
                    meaning.source,
                    meaning.about,
                )
            )
    return listed


def text_of(listed: list[Row]) -> str:
    """The rows as text, two or three lines each, as wide as their words."""
    lines: list[str] = []
    for row in listed:
        lines.append(f"{row.path} = {_shown(row.value)}" + (f"  [{row.unit}]" if row.unit else ""))
        if row.about:
            lines.append(f"    {row.about}")
        facts = "; ".join(part for part in (row.allowed, row.label, row.source) if part)
        if facts:
            lines.append(f"    {facts}")
    return "\n".join(lines)


def _shown(value: object) -> str:
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)
