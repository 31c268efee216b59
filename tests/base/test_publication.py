"""What several files say of the project comes from pyproject.toml, and is the same in all."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import yaml
from release.changelog import changelog_faults, entries
from release.metadata import CONTACT_FILES, citation, documents, publiccode, with_contact
from release.project import ROOT, read_project

import hesim
from hesim.record.manifest import versions

PROJECT = read_project()
LANGUAGE = re.compile(r"[a-z]{2}")
TYPES = {"markdown", "textarea", "input", "dropdown", "checkboxes"}
"""Parts of a form that an issue is opened with."""


def read_yaml(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", documents(PROJECT))
def test_files_repeat_what_pyproject_says(name: str) -> None:
    due = documents(PROJECT)[name]
    assert (ROOT / name).read_text(encoding="utf-8") == due, "type `uv run poe metadata`"


def test_title_version_need_and_authors_are_the_same_everywhere() -> None:
    cff, public = read_yaml("CITATION.cff"), read_yaml("publiccode.yml")
    meta = json.loads((ROOT / "codemeta.json").read_text(encoding="utf-8"))
    archive = json.loads((ROOT / ".zenodo.json").read_text(encoding="utf-8"))
    need = PROJECT.english.need
    assert cff["title"] == meta["name"] == archive["title"] == PROJECT.title
    assert {cff["version"], meta["version"], archive["version"], public["softwareVersion"]} == {
        PROJECT.version
    }
    assert cff["abstract"] == meta["description"] == need
    assert archive["description"] == f"<p>{need}</p>"
    assert public["description"]["en"]["longDescription"] == need
    [author] = cff["authors"]
    assert author["name"] == meta["author"][0]["name"] == archive["creators"][0]["name"]
    assert author["name"] == "the hesim contributors"


def test_the_version_of_pyproject_is_what_results_name() -> None:
    assert hesim.__version__ == version("hesim") == versions()["hesim"] == PROJECT.version
    assert not re.search(r"^__version__ = ", Path(hesim.__file__).read_text("utf-8"), re.M)


def test_publiccode_has_what_its_standard_asks_for() -> None:
    body = read_yaml("publiccode.yml")
    needed = {
        "publiccodeYmlVersion",
        "name",
        "url",
        "platforms",
        "categories",
        "developmentStatus",
        "softwareType",
        "description",
        "legal",
        "maintenance",
        "localisation",
    }
    assert needed <= set(body)
    assert body["developmentStatus"] in ("concept", "development", "beta", "stable", "obsolete")
    assert body["legal"]["license"] == "Apache-2.0"
    assert body["maintenance"]["type"] == "community" and body["maintenance"]["contacts"]
    assert body["localisation"] == {"localisationReady": True, "availableLanguages": ["en", "nl"]}
    for language, said in body["description"].items():
        assert LANGUAGE.fullmatch(language)
        assert 0 < len(said["shortDescription"]) <= 150
        assert 150 <= len(said["longDescription"]) <= 10_000
        assert 5 <= len(said["features"]) <= 20
    english, dutch = body["description"]["en"], body["description"]["nl"]
    assert len(english["features"]) == len(dutch["features"])


def test_a_release_has_its_day_and_no_other_version_has() -> None:
    between = replace(PROJECT, version="1.1.0.dev0", released="")
    released = replace(PROJECT, version="1.0.0", released="2026-12-01")
    assert "date-released" not in citation(between) and "releaseDate" not in publiccode(between)
    assert citation(released)["date-released"] == publiccode(released)["releaseDate"]
    assert publiccode(released)["developmentStatus"] == "stable"
    assert publiccode(between)["developmentStatus"] == "beta"
    assert bool(PROJECT.released) != PROJECT.unfinished


def test_the_contact_has_one_place_in_each_text() -> None:
    text = "Write to <!-- contact -->old@a<!-- /contact -->."
    assert with_contact(text, r"new\1@b") == r"Write to <!-- contact -->new\1@b<!-- /contact -->."
    for wrong in ("no place", text + text):
        with pytest.raises(ValueError, match="one place"):
            with_contact(wrong, "new@b")
    for name in CONTACT_FILES:
        assert PROJECT.contact in (ROOT / name).read_text(encoding="utf-8")


def test_every_change_says_whether_numbers_change() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert not changelog_faults(text)
    assert len(entries(text)) > 20


def test_the_code_of_conduct_is_the_contributor_covenant_whole() -> None:
    text = (ROOT / "CODE_OF_CONDUCT.md").read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.+)$", text, re.M)
    assert headings == [
        "Contributor Covenant Code of Conduct",
        "Our Pledge",
        "Our Standards",
        "Enforcement Responsibilities",
        "Scope",
        "Enforcement",
        "Enforcement Guidelines",
        "1. Correction",
        "2. Warning",
        "3. Temporary Ban",
        "4. Permanent Ban",
        "Attribution",
    ]
    assert "version 2.1" in text and "INSERT" not in text


def test_forms_of_issues_have_what_a_form_needs() -> None:
    forms = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))
    assert [form.stem for form in forms] == ["config", "idea", "mistake", "question"]
    for form in forms[1:]:
        body = yaml.safe_load(form.read_text(encoding="utf-8"))
        assert body["name"] and body["description"]
        parts = body["body"]
        named = [part["id"] for part in parts if part["type"] != "markdown"]
        assert len(named) == len(set(named)) > 0
        for part in parts:
            assert part["type"] in TYPES
            assert part["type"] == "markdown" or part["attributes"]["label"]
            options = part["attributes"].get("options", ["text"])
            # YAML reads a bare Yes as true.
            assert all(isinstance(option, str) for option in options)
    contributing = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for form in forms[1:]:
        assert f'"{form.stem.capitalize()}"' in contributing


def test_gates_and_hooks_call_the_tasks_of_pyproject() -> None:
    import tomllib

    body = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    tasks = body["tool"]["poe"]["tasks"]
    texts = [ROOT / ".ci" / name for name in ("run", "long", "sdist")]
    texts += [ROOT / ".pre-commit-config.yaml", ROOT / "CONTRIBUTING.md"]
    called = {
        name
        for text in texts
        for name in re.findall(r"\bpoe (?:-q )?([a-z][a-z-]*)", text.read_text(encoding="utf-8"))
    }
    assert called >= {"lint", "types", "test", "test-fast", "test-long", "scores", "properties"}
    assert called <= set(tasks), "a task that nobody defines"
    run = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert not re.search(r"uv run (?:ruff|mypy|pytest)", run), "a command that stands twice"
    assert all("help" in task for task in tasks.values())
    shells = ["bash", "&&", "$", "|"]
    assert not any(word in str(task.get("cmd", "")) for task in tasks.values() for word in shells)


def test_the_container_runs_as_nobody_special_and_holds_no_tools_of_developers() -> None:
    lines = (ROOT / "Containerfile").read_text(encoding="utf-8").splitlines()
    words = [line.split(maxsplit=1) for line in lines if line and not line.startswith(("#", " "))]
    steps = [first for first, *_ in words]
    assert steps.count("FROM") == 2 and steps[0] == "FROM"
    last = len(steps) - 1 - steps[::-1].index("FROM")
    copied = [rest for first, rest in words[last:] if first == "COPY"]
    assert copied == ["--from=build /opt/hesim /opt/hesim"]
    [user] = [rest for first, rest in words[last:] if first == "USER"]
    assert user.isdigit() and int(user) > 0
    assert ["ENTRYPOINT", '["hesim"]'] in words
    [sync] = [rest for first, rest in words if rest.startswith("uv sync")]
    assert "--no-dev" in sync and "--no-editable" in sync
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert not {"src", "conf", "pyproject.toml", "README.md", "LICENSE"} & set(ignored)
