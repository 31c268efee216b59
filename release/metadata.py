"""Write what catalogues and archives read: each file says what pyproject.toml says."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from release.project import ROOT, Description, Project, read_project

CONTACT = re.compile(r"(<!-- contact -->).*?(<!-- /contact -->)", re.DOTALL)
CONTACT_FILES = ("CODE_OF_CONDUCT.md", "SECURITY.md")
"""Texts that name the address of contact between two comments."""
HEAD = "# Written by `uv run poe metadata` from pyproject.toml; change it there.\n"
LONGEST_SUMMARY = 150
"""Letters that publiccode.yml allows for a short description."""


def citation(project: Project) -> dict[str, Any]:
    """What CITATION.cff says, in version 1.2.0 of its format."""
    day = {"date-released": project.released} if project.released else {}
    return {
        "cff-version": "1.2.0",
        "message": f"If you use {project.name}, please cite it as below.",
        "type": "software",
        "title": project.title,
        "abstract": project.english.need,
        "version": project.version,
        **day,
        "license": project.licence,
        "authors": [{"name": project.authors, "email": project.contact}],
        "repository-code": project.urls["Source"],
        "url": project.urls["Homepage"],
        "keywords": list(project.keywords),
    }


def codemeta(project: Project) -> dict[str, Any]:
    """What codemeta.json says, in version 3.0 of its vocabulary."""
    day = {"datePublished": project.released} if project.released else {}
    return {
        "@context": "https://w3id.org/codemeta/3.0",
        "@type": "SoftwareSourceCode",
        "identifier": project.name,
        "name": project.title,
        "description": project.english.need,
        "version": project.version,
        **day,
        "license": f"https://spdx.org/licenses/{project.licence}",
        "author": [{"@type": "Organization", "name": project.authors, "email": project.contact}],
        "url": project.urls["Homepage"],
        "codeRepository": project.urls["Source"],
        "issueTracker": project.urls["Issues"],
        "softwareHelp": project.urls["Documentation"],
        "releaseNotes": project.urls["Changelog"],
        "programmingLanguage": "Python",
        "runtimePlatform": f"Python {project.python}",
        "keywords": list(project.keywords),
        "developmentStatus": "active",
    }


def publiccode(project: Project) -> dict[str, Any]:
    """What publiccode.yml says, in version 0.4 of its standard."""
    day = {"releaseDate": project.released} if project.released else {}
    return {
        "publiccodeYmlVersion": "0.4",
        "name": project.name,
        "url": project.urls["Source"],
        "landingURL": project.urls["Homepage"],
        "softwareVersion": project.version,
        **day,
        "platforms": ["linux", "web"],
        "categories": ["data-analytics", "employee-management", "predictive-analysis"],
        "developmentStatus": "beta" if project.unfinished else "stable",
        "softwareType": "standalone/other",
        "intendedAudience": {"countries": ["nl"], "scope": ["education", "employment"]},
        "description": {
            "en": _described(project.english, project.urls["Documentation"]),
            "nl": _described(project.dutch, project.urls["Documentation"]),
        },
        "legal": {"license": project.licence, "mainCopyrightOwner": project.authors},
        "maintenance": {
            "type": "community",
            "contacts": [{"name": project.authors, "email": project.contact}],
        },
        "localisation": {"localisationReady": True, "availableLanguages": ["en", "nl"]},
    }


def _described(said: Description, documentation: str) -> dict[str, Any]:
    if len(said.summary) > LONGEST_SUMMARY:
        raise ValueError(f"publiccode.yml allows {LONGEST_SUMMARY} letters: {said.summary}")
    return {
        "shortDescription": said.summary,
        "longDescription": said.need,
        "features": list(said.features),
        "documentation": documentation,
    }


def zenodo(project: Project) -> dict[str, Any]:
    """What .zenodo.json says, from which Zenodo takes the metadata of a DOI."""
    day = {"publication_date": project.released} if project.released else {}
    return {
        "title": project.title,
        "description": f"<p>{project.english.need}</p>",
        "upload_type": "software",
        "access_right": "open",
        "license": project.licence,
        "version": project.version,
        **day,
        "creators": [{"name": project.authors}],
        "keywords": list(project.keywords),
        "language": "eng",
    }


def documents(project: Project, root: Path = ROOT) -> dict[str, str]:
    """Files that repeat what pyproject.toml says, by path: what must stand in them.

    Args:
        project: What is said.
        root: Where the texts lie that name the contact.
    """
    return {
        "CITATION.cff": HEAD + _yaml(citation(project)),
        "codemeta.json": _json(codemeta(project)),
        "publiccode.yml": HEAD + _yaml(publiccode(project)),
        ".zenodo.json": _json(zenodo(project)),
        **{
            name: with_contact((root / name).read_text(encoding="utf-8"), project.contact)
            for name in CONTACT_FILES
        },
    }


def with_contact(text: str, contact: str) -> str:
    """A text with the address of contact between its two comments.

    Raises:
        ValueError: the comments do not stand there exactly once.
    """
    if len(CONTACT.findall(text)) != 1:
        raise ValueError("must have one place for the contact, between two comments")
    return CONTACT.sub(lambda found: found[1] + contact + found[2], text)


def write_metadata(root: Path = ROOT) -> list[str]:
    """Write all files that repeat pyproject.toml.

    Args:
        root: Folder of the project.

    Returns:
        Paths of those that were other.
    """
    changed = []
    for name, text in documents(read_project(root), root).items():
        file = root / name
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.write_bytes(text.encode())
            changed.append(name)
    return changed


def _yaml(body: Mapping[str, Any]) -> str:
    return yaml.safe_dump(dict(body), sort_keys=False, allow_unicode=True, width=100)


def _json(body: Mapping[str, Any]) -> str:
    return json.dumps(body, indent=2, ensure_ascii=False) + "\n"
