"""Read from pyproject.toml what is said of the project anywhere else."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYPROJECT = "pyproject.toml"
PLACEHOLDER = "example.org"
"""Host of every address that nobody has filled in yet; it is reserved and leads nowhere."""
VERSION_LINE = re.compile(r'^version = "([^"]*)"$', re.MULTILINE)
RELEASED_LINE = re.compile(r'^released = "([^"]*)"$', re.MULTILINE)


@dataclass(frozen=True)
class Description:
    """What the project is, in one language.

    Attributes:
        summary: One line without a point at its end.
        need: Statement of need.
        features: What it lets one do.
    """

    summary: str
    need: str
    features: tuple[str, ...]


@dataclass(frozen=True)
class Project:
    """What pyproject.toml says of the project.

    Attributes:
        name: Of the package.
        title: In full.
        version: As `1.0.0`, or `1.1.0.dev0` between two releases.
        released: Day of the release, as 2026-12-01; empty between two releases.
        licence: SPDX expression.
        authors: Their common name.
        contact: Address of electronic mail.
        python: Versions of Python that it runs on.
        keywords: Words to find it by.
        urls: Addresses by name, as `Source`.
        english: What it is, in English.
        dutch: The same in Dutch.
    """

    name: str
    title: str
    version: str
    released: str
    licence: str
    authors: str
    contact: str
    python: str
    keywords: tuple[str, ...]
    urls: Mapping[str, str]
    english: Description
    dutch: Description

    @property
    def unfinished(self) -> bool:
        """Whether this is the state between two releases."""
        return "dev" in self.version

    def placeholders(self) -> list[str]:
        """Entries of pyproject.toml that are still to be filled in."""
        entries = {f"[project.urls] {name}": url for name, url in self.urls.items()}
        entries["[project] authors, email"] = self.contact
        return [name for name, value in entries.items() if PLACEHOLDER in value]


def read_project(root: Path = ROOT) -> Project:
    """Read the project that lies in a folder.

    Args:
        root: Folder with pyproject.toml.

    Raises:
        KeyError: an entry is not there.
        OSError: the file cannot be read.
    """
    body = tomllib.loads((root / PYPROJECT).read_text(encoding="utf-8"))
    project, more = body["project"], body["tool"]["hesim"]
    [author] = project["authors"]
    own = more["nl"]
    return Project(
        name=project["name"],
        title=more["title"],
        version=project["version"],
        released=more["released"],
        licence=project["license"],
        authors=author["name"],
        contact=author["email"],
        python=project["requires-python"],
        keywords=tuple(project["keywords"]),
        urls=project["urls"],
        english=Description(project["description"], more["need"].strip(), tuple(more["features"])),
        dutch=Description(own["description"], own["need"].strip(), tuple(own["features"])),
    )


def with_version(text: str, version: str, released: str) -> str:
    """The text of pyproject.toml with another version, and the day of its release.

    Args:
        text: As it is.
        version: As `1.0.0`.
        released: As 2026-12-01; empty for none.

    Raises:
        ValueError: one of both lines does not stand there exactly once.
    """
    for line, words in ((VERSION_LINE, "version"), (RELEASED_LINE, "released")):
        if len(line.findall(text)) != 1:
            raise ValueError(f'{PYPROJECT} must have one line {words} = "..."')
    text = VERSION_LINE.sub(f'version = "{version}"', text)
    return RELEASED_LINE.sub(f'released = "{released}"', text)
