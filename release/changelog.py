"""Read CHANGELOG.md, see what it lacks, and close the section of what is not released yet."""

from __future__ import annotations

import re
from typing import NamedTuple

CHANGELOG = "CHANGELOG.md"
UNRELEASED = "Unreleased"
KINDS = ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security")
"""Headings of Keep a Changelog."""
ANSWER = re.compile(r"Do my numbers change\? (?:Yes|No)\b")
_SECTION = re.compile(r"^## \[([^\]]+)\](?: - (\d{4}-\d\d-\d\d))?$")
_KIND = re.compile(r"^### (.+)$")


class Entry(NamedTuple):
    """One change.

    Attributes:
        version: Section that it stands in: a version, or `Unreleased`.
        kind: Heading above it, as `Fixed`; empty where there is none.
        text: In one line.
    """

    version: str
    kind: str
    text: str


def entries(text: str) -> list[Entry]:
    """All changes that a changelog lists, from the top."""
    found: list[Entry] = []
    version = kind = ""
    for line in text.splitlines():
        if section := _SECTION.match(line):
            version, kind = section[1], ""
        elif heading := _KIND.match(line):
            kind = heading[1]
        elif line.startswith("- ") and version:
            found.append(Entry(version, kind, line[2:].strip()))
        elif line.startswith("  ") and found and found[-1].version == version:
            last = found[-1]
            found[-1] = last._replace(text=f"{last.text} {line.strip()}")
    return found


def changelog_faults(text: str) -> list[str]:
    """What is wrong with a changelog: each line names the entry."""
    wrong = []
    for entry in entries(text):
        start = f"{entry.version}: {entry.text[:50]}"
        if entry.kind not in KINDS:
            wrong.append(f"{start}: must stand under one of {', '.join(KINDS)}")
        if not ANSWER.search(entry.text):
            wrong.append(f'{start}: must say "Do my numbers change? Yes" or "... No"')
    return wrong


def closed(text: str, version: str, day: str) -> str:
    """A changelog in which what was unreleased belongs to a version, below an empty section.

    Args:
        text: As it is.
        version: As `1.0.0`.
        day: Of the release, as 2026-12-01.

    Raises:
        ValueError: nothing is unreleased, or the version has a section already.
    """
    versions = [entry.version for entry in entries(text)]
    if UNRELEASED not in versions:
        raise ValueError(f"{CHANGELOG} lists nothing under [{UNRELEASED}]")
    if version in versions:
        raise ValueError(f"{CHANGELOG} has a section of {version} already")
    head = f"## [{UNRELEASED}]\n"
    return text.replace(head, f"{head}\n## [{version}] - {day}\n", 1)
