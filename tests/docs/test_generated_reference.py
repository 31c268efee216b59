"""The reference says what the code says."""

from __future__ import annotations

from pathlib import Path

import pytest
from docs.site import reference
from docs.site.reference import COMMAND, FOLDER, main, reference_pages

import hesim
from hesim.cli import COMMANDS
from hesim.outcomes.registry import OUTCOMES


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return reference_pages()


def test_every_page_is_current(pages: dict[str, str]) -> None:
    for name, text in pages.items():
        assert (FOLDER / name).read_text(encoding="utf-8") == text, f"{name}: run `{COMMAND}`"
    assert {file.name for file in FOLDER.glob("*.md")} == set(pages)


def test_a_setting_stands_with_all_that_is_said_of_it(pages: dict[str, str]) -> None:
    text = pages["settings.md"]
    assert (
        "| `years` | `10` | years | a whole number from 1 to 100 | setting |"
        " simulated years after the burn-in | design | conf/config.yaml |"
    ) in text
    assert "## `model.choice`\n" in text
    costs = next(line for line in text.splitlines() if line.startswith("| `model.choice.sector_c"))
    assert costs.endswith("| the calibration production |")


def test_every_outcome_and_command_has_its_place(pages: dict[str, str]) -> None:
    for name, outcome in OUTCOMES.items():
        assert (
            f"| `{name}` | {outcome.english} | {outcome.dutch} | {outcome.unit} |"
            in (pages["outcomes.md"])
        )
    for command in COMMANDS:
        assert f"\n## hesim {command}\n\n```text\nhesim {command}" in pages["commands.md"]


def test_every_public_name_is_explained(pages: dict[str, str]) -> None:
    for name in set(hesim.__all__) - {"__version__"}:
        assert f"| `hesim.{name}` | " in pages["python.md"]
    assert "|  |" not in pages["python.md"]


def test_a_bar_in_a_cell_does_not_end_it() -> None:
    assert list(reference._table(("A",), [("x | y\nz",)]))[-1] == r"| x \| y z |"


def test_the_pages_are_written(
    tmp_path: Path, pages: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reference, "reference_pages", lambda: pages)
    main(tmp_path)
    assert {file.name: file.read_text(encoding="utf-8") for file in tmp_path.iterdir()} == pages
