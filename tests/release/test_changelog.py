"""What a changelog lists and lacks, and how the section of a release is closed."""

from __future__ import annotations

import pytest
from release.changelog import Entry, changelog_faults, closed, entries

TEXT = """# Changelog

- Not an entry.

## [Unreleased]

### Added

- One thing,
  in two lines. Do my numbers change? No: it is new.

### Fixed

- Another. Do my numbers change? Yes.

## [0.9.0] - 2026-11-01

### Added

- The first. Do my numbers change? No.
"""


def test_entries_are_read_with_version_and_kind() -> None:
    assert entries(TEXT) == [
        Entry(
            "Unreleased", "Added", "One thing, in two lines. Do my numbers change? No: it is new."
        ),
        Entry("Unreleased", "Fixed", "Another. Do my numbers change? Yes."),
        Entry("0.9.0", "Added", "The first. Do my numbers change? No."),
    ]
    assert changelog_faults(TEXT) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("change? Yes.", "change? Perhaps.", "Unreleased: Another"),
        ("Do my numbers change? Yes.", "", 'must say "Do my numbers change?'),
        ("### Fixed", "### Mended", "must stand under one of Added"),
        ("### Fixed\n", "", ""),
    ],
)
def test_what_an_entry_lacks_is_said(old: str, new: str, fault: str) -> None:
    wrong = changelog_faults(TEXT.replace(old, new))
    assert len(wrong) == (1 if fault else 0)
    assert fault in "".join(wrong)


def test_a_release_takes_what_was_unreleased() -> None:
    text = closed(TEXT, "1.0.0", "2026-12-01")
    assert "## [Unreleased]\n\n## [1.0.0] - 2026-12-01\n\n### Added\n" in text
    assert [entry.version for entry in entries(text)] == ["1.0.0", "1.0.0", "0.9.0"]
    with pytest.raises(ValueError, match="nothing under"):
        closed(text, "1.1.0", "2026-12-02")
    with pytest.raises(ValueError, match="already"):
        closed(TEXT, "0.9.0", "2026-12-02")
